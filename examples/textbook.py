"""Liouvillians from the textbook's definitions, in plain Python: the examples' independent source.

An operator is a dictionary {(row, column): element} of what is not zero, a Liouvillian one of
{(row, column) of L rho: {(row, column) of rho: element}}. hbar = 1.
"""

import math

from numerics import solve


def identity(size):
    return {(k, k): 1.0 for k in range(size)}


def lowering(levels):
    """a of an oscillator that is cut off after so many levels."""
    return {(k - 1, k): math.sqrt(k) for k in range(1, levels)}


SX = {(0, 1): 1.0, (1, 0): 1.0}    # spin up comes first
SZ = {(0, 0): 1.0, (1, 1): -1.0}
SM = {(1, 0): 1.0}                 # |down><up|


def dagger(a):
    return {(j, i): complex(x).conjugate() for (i, j), x in a.items()}


def times(a, b):
    """The product of operators, or of a number and an operator."""
    if not isinstance(a, dict):
        return {place: a * x for place, x in b.items()}
    rows = {}
    for (k, j), y in b.items():
        rows.setdefault(k, []).append((j, y))
    found = {}
    for (i, k), x in a.items():
        for j, y in rows.get(k, ()):
            found[i, j] = found.get((i, j), 0) + x * y
    return found


def plus(*operators):
    found = {}
    for operator in operators:
        for place, x in operator.items():
            found[place] = found.get(place, 0) + x
    return {place: x for place, x in found.items() if x}


def embed(operators, sizes):
    """The product of {site: operator} with the identity on the other sites, the first the slowest."""
    found = {(0, 0): 1.0}
    for site, size in enumerate(sizes):
        factor = operators.get(site, identity(size))
        found = {(i * size + k, j * size + m): x * y
                 for (i, j), x in found.items() for (k, m), y in factor.items()}
    return found


def liouvillian(hamiltonian, jumps):
    """-i [H, .] + sum of rate D[A], D[A] rho = A rho A^dag - {A^dag A, rho}/2, of [(A, rate), ...]."""
    effective = plus(times(-1j, hamiltonian),
                     *(times(-rate / 2, times(dagger(a), a)) for a, rate in jumps))
    size = 1 + max(max(place) for a in [hamiltonian, *(a for a, _ in jumps)] for place in a)
    found = {}

    def add(place, source, value):
        row = found.setdefault(place, {})
        row[source] = row.get(source, 0) + value

    for (i, k), x in effective.items():
        for j in range(size):
            add((i, j), (k, j), x)                          # K rho
            add((j, i), (j, k), complex(x).conjugate())     # rho K^dag
    for a, rate in jumps:
        for (i, k), x in a.items():
            for (j, m), y in a.items():
                add((i, j), (k, m), rate * x * complex(y).conjugate())
    return found


def component(generator, start):
    """The places that L connects with `start`, in either direction, in ascending order."""
    neighbours = {}
    for place, row in generator.items():
        for source, value in row.items():
            if value:
                neighbours.setdefault(place, set()).add(source)
                neighbours.setdefault(source, set()).add(place)
    reached, fresh = {start}, [start]
    while fresh:
        more = neighbours.get(fresh.pop(), set()) - reached
        reached |= more
        fresh += more
    return sorted(reached)


def dense(generator, places):
    """L as rows, on these places."""
    number = {place: k for k, place in enumerate(places)}
    rows = [[0j] * len(places) for _ in places]
    for place, k in number.items():
        for source, value in generator.get(place, {}).items():
            if source in number:
                rows[k][number[source]] = complex(value)
    return rows


def eigenvector(matrix, value, rounds=3):
    """Of the eigenvalue next to `value`, by inverse iteration; of length 1."""
    count = len(matrix)
    shift = value + 1e-9 * (1 + abs(value))
    shifted = [[x - shift if i == j else x for j, x in enumerate(row)]
               for i, row in enumerate(matrix)]
    vector = [complex(1 + 0.3 * math.sin(7 * k), math.cos(3 * k)) for k in range(count)]
    for _ in range(rounds):
        vector = solve(shifted, vector)
        length = math.sqrt(sum(abs(x)**2 for x in vector))
        vector = [x / length for x in vector]
    return vector


def transposed(matrix):
    return [list(column) for column in zip(*matrix)]


class Banded:
    """A - shift for a matrix {row: {column: element}} with elements near its diagonal, factored with
    pivots; rows and columns are numbered from 0."""

    def __init__(self, matrix, shift):
        self.size = len(matrix)
        self.width = max(abs(i - j) for i, row in matrix.items() for j in row)
        # Each row from its first column on, padded so that two rows of a step line up.
        rows = []
        for i in range(self.size):
            row = [0j] * (2 * self.width + 1)
            for j, value in matrix[i].items():
                row[j - i + self.width] += value
            row[self.width] -= shift
            rows.append(row[max(self.width - i, 0):])
        self.rows, self.steps = rows, []
        for k in range(self.size):
            end = min(self.size, k + self.width + 1)
            pivot = max(range(k, end), key=lambda r: abs(rows[r][0]))
            rows[k], rows[pivot] = rows[pivot], rows[k]
            top, factors = rows[k], []
            for r in range(k + 1, end):
                row = rows[r]
                factor = row[0] / top[0]
                factors.append(factor)
                if len(row) < len(top):
                    row = row + [0j] * (len(top) - len(row))
                if factor:
                    rows[r] = [x - factor * y for x, y in zip(row[1:], top[1:])] + row[len(top):]
                else:
                    rows[r] = row[1:]
            self.steps.append((pivot, factors))

    def solve(self, right):
        found = list(right)
        for k, (pivot, factors) in enumerate(self.steps):
            found[k], found[pivot] = found[pivot], found[k]
            for r, factor in enumerate(factors, k + 1):
                found[r] -= factor * found[k]
        for k in reversed(range(self.size)):
            row = self.rows[k]
            known = sum(x * y for x, y in zip(row[1:], found[k + 1:k + len(row)]))
            found[k] = (found[k] - known) / row[0]
        return found


def nearest_eigenvalue(generator, size, value, rounds=4):
    """The eigenvalue of L next to `value`, and its mode as {place: element}; `size` is that of rho,
    and L only joins places that are close to each other."""
    matrix = {i * size + j: {k * size + m: x for (k, m), x in row.items() if k < size and m < size}
              for (i, j), row in generator.items() if i < size and j < size}
    shift = value * (1 + 1e-3) + 1e-12
    factored = Banded(matrix, shift)
    vector = [complex(1 + 0.3 * math.sin(7 * k), math.cos(3 * k)) for k in range(size * size)]
    for _ in range(rounds):
        length = math.sqrt(sum(abs(x)**2 for x in vector))
        vector = [x / length for x in vector]
        after = factored.solve(vector)
        growth = sum(x.conjugate() * y for x, y in zip(vector, after))
        vector = after
    return shift + 1 / growth, {(k // size, k % size): x for k, x in enumerate(vector)}
