"""Numerical methods in plain Python, for the examples' independent sources."""

import cmath
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


def hessenberg(matrix):
    """The same eigenvalues in a matrix without elements below its first subdiagonal."""
    rows = [[complex(x) for x in row] for row in matrix]
    count = len(rows)
    for k in range(1, count - 1):
        pivot = max(range(k, count), key=lambda r: abs(rows[r][k - 1]))
        if not rows[pivot][k - 1]:
            continue
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for row in rows:
            row[k], row[pivot] = row[pivot], row[k]
        for r in range(k + 1, count):
            factor = rows[r][k - 1] / rows[k][k - 1]
            if not factor:
                continue
            rows[r][k - 1:] = [x - factor * y for x, y in zip(rows[r][k - 1:], rows[k][k - 1:])]
            for row in rows:
                row[k] += factor * row[r]
    return rows


def eigenvalues(matrix):
    """All of them, by the QR method with shifts, the largest real part first."""
    rows = hessenberg(matrix)
    found = []
    end, rounds = len(rows), 0
    while end > 0:
        start = end - 1
        while start > 0 and abs(rows[start][start - 1]) > 1e-16 * (
                abs(rows[start][start]) + abs(rows[start - 1][start - 1])):
            start -= 1
        if start == end - 1:
            found.append(rows[start][start])
            end, rounds = end - 1, 0
            continue
        rounds += 1
        if rounds > 300:
            raise ArithmeticError("the QR method does not converge")
        # Now and then another shift, lest the steps go round in circles.
        shift = nearer_eigenvalue(rows, end) if rounds % 11 else abs(rows[end - 1][end - 2])
        qr_step(rows, start, end, shift)
    return sorted(found, key=lambda z: (-z.real, -z.imag))


def nearer_eigenvalue(rows, end):
    """Of the last 2 x 2 block, the one that is nearer to its last element."""
    a, b = rows[end - 2][end - 2], rows[end - 2][end - 1]
    c, d = rows[end - 1][end - 2], rows[end - 1][end - 1]
    half = (a - d) / 2
    root = (half * half + b * c) ** 0.5
    below = half + root if abs(half + root) > abs(half - root) else half - root
    return d - b * c / below if below else d


def qr_step(rows, start, end, shift):
    """R Q + shift of the block's Q R = block - shift, by plane rotations."""
    for k in range(start, end):
        rows[k][k] -= shift
    rotations = []
    for k in range(start, end - 1):
        x, y = rows[k][k], rows[k + 1][k]
        length = math.hypot(abs(x), abs(y))
        c, s = (x / length, y / length) if length else (1.0, 0.0)
        upper, lower = rows[k][k:end], rows[k + 1][k:end]
        cc, sc = complex(c).conjugate(), complex(s).conjugate()
        rows[k][k:end] = [cc * u + sc * v for u, v in zip(upper, lower)]
        rows[k + 1][k:end] = [c * v - s * u for u, v in zip(upper, lower)]
        rotations.append((c, s, cc, sc))
    for k, (c, s, cc, sc) in enumerate(rotations, start):
        for row in rows[start:min(k + 2, end)]:
            u, v = row[k], row[k + 1]
            row[k], row[k + 1] = c * u + s * v, cc * v - sc * u
    for k in range(start, end):
        rows[k][k] += shift


def exponents(samples, step, count):
    """The lambda_k and c_k of samples = sum_k c_k exp(lambda_k t), t = 0, step, 2 step, ...

    Prony's method: least squares for the recursion that the samples obey.
    """
    rows = [samples[k:k + count] for k in range(len(samples) - count)]
    right = [-s for s in samples[count:]]
    recursion = least_squares(rows, right)
    companion = [[0j] * count for _ in range(count)]
    for k in range(count - 1):
        companion[k][k + 1] = 1
    companion[count - 1] = [-c for c in recursion]
    roots = eigenvalues(companion)
    powers = [[root**k for root in roots] for k in range(len(samples))]
    amplitudes = least_squares(powers, samples)
    return sorted(((cmath.log(root) / step, c) for root, c in zip(roots, amplitudes)),
                  key=lambda each: (-each[0].real, -each[0].imag))


def least_squares(rows, right):
    """By modified Gram and Schmidt, done twice."""
    count = len(rows[0])
    columns = [[complex(row[k]) for row in rows] for k in range(count)]
    upper = [[0j] * count for _ in range(count)]
    rest = [complex(y) for y in right]
    found = [0j] * count

    def dot(a, b):
        return sum(x.conjugate() * y for x, y in zip(a, b))

    for k in range(count):
        for _ in range(2):
            for j in range(k):
                part = dot(columns[j], columns[k])
                upper[j][k] += part
                columns[k] = [x - part * y for x, y in zip(columns[k], columns[j])]
        upper[k][k] = math.sqrt(dot(columns[k], columns[k]).real)
        columns[k] = [x / upper[k][k] for x in columns[k]]
        found[k] = dot(columns[k], rest)
        rest = [x - found[k] * y for x, y in zip(rest, columns[k])]
    for k in reversed(range(count)):
        known = sum(upper[k][j] * found[j] for j in range(k + 1, count))
        found[k] = (found[k] - known) / upper[k][k]
    return found
