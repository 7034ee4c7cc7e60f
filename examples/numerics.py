"""Numerical methods in plain Python, for the examples' independent sources."""

import math


def runge_kutta(derivative, values, times, steps):
    """The list of numbers at each of these times, the first of them being `values`.

    The method of fourth order, with so many steps from one time to the next.
    """
    def moved(by, along):
        return [v + by * d for v, d in zip(values, along)]

    found = [values]
    for before, after in zip(times, times[1:]):
        h = (after - before) / steps
        for _ in range(steps):
            k1 = derivative(values)
            k2 = derivative(moved(h / 2, k1))
            k3 = derivative(moved(h / 2, k2))
            k4 = derivative(moved(h, k3))
            values = [v + h / 6 * (a + 2 * b + 2 * c + d)
                      for v, a, b, c, d in zip(values, k1, k2, k3, k4)]
        found.append(values)
    return found


def solve(matrix, right):
    """Gaussian elimination with partial pivoting."""
    rows = [[complex(x) for x in row] + [complex(y)] for row, y in zip(matrix, right)]
    count = len(rows)
    for k in range(count):
        pivot = max(range(k, count), key=lambda r: abs(rows[r][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for r in range(k + 1, count):
            factor = rows[r][k] / rows[k][k]
            if factor:
                rows[r][k:] = [x - factor * y for x, y in zip(rows[r][k:], rows[k][k:])]
    solution = [0j] * count
    for k in reversed(range(count)):
        known = sum(rows[k][j] * solution[j] for j in range(k + 1, count))
        solution[k] = (rows[k][count] - known) / rows[k][k]
    return solution


def legendre(order):
    """Nodes and weights of Gauss and Legendre on [-1, 1]."""
    rule = []
    for k in range(order):
        x = math.cos(math.pi * (k + 0.75) / (order + 0.5))
        for _ in range(100):
            before, here = 1.0, x
            for j in range(2, order + 1):
                before, here = here, ((2 * j - 1) * x * here - (j - 1) * before) / j
            slope = order * (x * here - before) / (x * x - 1)
            x -= here / slope
            if abs(here / slope) < 1e-15:
                break
        rule.append((x, 2 / ((1 - x * x) * slope**2)))
    return rule


def trigamma(z):
    """The sum of 1/(z + k)^2 over k = 0, 1, ...; Re z > 0."""
    total = 0
    while z.real < 14:
        total += 1 / z**2
        z += 1
    u = 1 / z**2
    series = u * (1/6 - u * (1/30 - u * (1/42 - u * (1/30 - u * (5/66 - u * (691/2730))))))
    return total + (1 + series) / z + u / 2
