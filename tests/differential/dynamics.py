"""Linear equations dv/dt = sum_j f_j(t) M_j v, by exponentials or by DOP853 between corners.

Only the unknowns that the start can reach are kept: a set that the matrices never leave. So models
with many levels and few that are reached stay small.
"""

import numpy as np
import scipy.integrate
import scipy.linalg
import scipy.sparse as sparse
import scipy.sparse.csgraph
import scipy.sparse.linalg

from syntax import walk

SAMPLES = 4001  # of each stretch between hints, where corners are looked for


class OracleError(Exception):
    """The oracle does not know the right value."""


class Equation:
    """Constant part and the parts that depend on time."""

    def __init__(self, parts):
        """parts: pairs of a TimeFunction, or a number, and a sparse matrix"""
        self.constant = None
        self.moving = []
        for factor, matrix in parts:
            is_constant = not callable(factor) or not factor.is_time_dependent()
            if is_constant:
                value = factor(0.0) if callable(factor) else factor
                piece = value * matrix
                self.constant = piece if self.constant is None else self.constant + piece
            else:
                self.moving.append((factor, sparse.csr_matrix(matrix)))
        if self.constant is None:
            self.constant = 0 * self.moving[0][1]
        self.constant = sparse.csr_matrix(self.constant)

    @property
    def is_constant(self):
        return not self.moving

    def restricted(self, kept):
        """The same on a few of the unknowns."""
        small = Equation([(1, self.constant[kept][:, kept])])
        small.moving = [(factor, matrix[kept][:, kept]) for factor, matrix in self.moving]
        return small

    def mapped(self, function):
        """The same for other unknowns: each matrix M becomes function(M)."""
        other = Equation([(1, function(self.constant))])
        other.moving = [(factor, function(matrix)) for factor, matrix in self.moving]
        return other

    def pattern(self):
        total = abs(self.constant)
        for _, matrix in self.moving:
            total = total + abs(matrix)
        return total

    def at(self, t):
        total = self.constant
        for factor, matrix in self.moving:
            total = total + factor(t) * matrix
        return total

    def reached(self, start):
        """The unknowns that `start` leads to."""
        graph = sparse.csr_matrix(self.pattern().T)
        graph.eliminate_zeros()
        mark = np.abs(start) > 0
        while True:
            spread = mark | (graph.T @ mark.astype(float) > 0)
            if (spread == mark).all():
                return np.flatnonzero(mark)
            mark = spread


def propagate(equation, start, times, hints=()):
    """v at each of the times, v = start at the first."""
    start = np.asarray(start, dtype=complex)
    kept = equation.reached(start)
    found = np.zeros((len(times), len(start)), dtype=complex)
    if len(kept) == 0:
        return found
    small = equation.restricted(kept)
    solve = _by_exponentials if equation.is_constant else _by_integration
    with np.errstate(over="ignore", invalid="ignore"):
        found[:, kept] = solve(small, start[kept], np.asarray(times, dtype=float), hints)
    if not np.abs(found).max() < 100 * np.linalg.norm(start):
        raise OracleError("the equation is unstable")
    return found


def _by_exponentials(equation, start, times, _):
    matrix = equation.constant
    found = [start]
    known = {}
    for step in np.diff(times):
        if matrix.shape[0] > 300:
            found.append(scipy.sparse.linalg.expm_multiply(matrix * step, found[-1]))
            continue
        key = float(f"{step:.12e}")
        if key not in known:
            known = {key: scipy.linalg.expm(matrix.toarray() * step)}
        found.append(known[key] @ found[-1])
    return np.array(found)


def _by_integration(equation, start, times, hints):
    functions = [factor for factor, _ in equation.moving]
    span = times[-1] - times[0]
    if span == 0:
        return np.array([start] * len(times))
    edges = corners(functions, times[0], times[-1], hints)
    stops = np.unique(np.concatenate([times, edges]))
    stops = stops[(stops >= times[0]) & (stops <= times[-1])]
    dense = equation.constant.shape[0] <= 120
    constant = equation.constant.toarray() if dense else equation.constant
    moving = [(f, m.toarray() if dense else m) for f, m in equation.moving]
    found = {times[0]: start}
    state = start
    for low, high in zip(stops[:-1], stops[1:]):
        # Within the stretch, so that a corner at either end shows this side.
        inset = min(1e-12 * max(abs(low), abs(high), span), (high - low) / 4)

        def derivative(t, v, low=low + inset, high=high - inset):
            s = min(max(t, low), high)
            total = constant @ v
            for factor, matrix in moving:
                total = total + factor(s) * (matrix @ v)
            return total

        solution = scipy.integrate.solve_ivp(
            derivative, (low, high), state, method="DOP853", rtol=1e-11, atol=1e-13
        )
        if not solution.success:
            raise OracleError(f"DOP853: {solution.message}")
        state = solution.y[:, -1]
        found[high] = state
    return np.array([found[t] for t in times])


CORNERED = ("step", "floor", "mod", "abs", "min", "max")


def corners(functions, start, end, hints=()):
    """Times between which no branch of the functions changes; hints are among them."""
    watched = []
    for factor in functions:
        for node in walk(factor.inlined()):
            if node[0] == "fn" and node[1] in CORNERED and factor.is_time_dependent(node):
                watched.append((factor, node))
    marks = sorted({start, end, *(h for h in hints if start < h < end)})
    if not watched:
        return np.array(marks)
    found = list(marks)

    def branches(t):
        return tuple(_branch(factor, node, t) for factor, node in watched)

    for low, high in zip(marks[:-1], marks[1:]):
        grid = np.linspace(low, high, max(11, min(SAMPLES, int(40 * SAMPLES / len(marks)))))
        signatures = [branches(t) for t in grid]
        for a, b, first, last in zip(grid[:-1], grid[1:], signatures[:-1], signatures[1:]):
            while first != last:
                edge, first = _bisect(branches, a, b, first)
                found.append(edge)
                a = edge
    return np.array(sorted(found))


def _branch(factor, node, t):
    values = [complex(factor.value(each, t)).real for each in node[2:]]
    word = node[1]
    if word in ("step", "abs"):
        return values[0] >= 0
    if word == "floor":
        return np.floor(values[0])
    if word == "mod":
        return np.floor(values[0] / values[1])
    return values[0] >= values[1]


def _bisect(branches, low, high, first):
    """The first change of branches after low, and those that follow it."""
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return high, branches(high)
        if branches(middle) == first:
            low = middle
        else:
            high = middle
