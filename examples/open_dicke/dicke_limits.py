"""The open Dicke model of infinitely many spins and of few: what the runs are compared with.

H = wc a^dag a + (w0/2) sum_i sz_i + (g/sqrt N)(a + a^dag) sum_i sx_i, kappa D[a], and decay D[sm_i]
+ dephasing D[sz_i] for each spin.
"""

import math
from typing import NamedTuple

from numerics import eigenvalues, runge_kutta, solve
from textbook import (SM, SX, SZ, component, dagger, dense, embed, liouvillian, lowering, plus,
                      times)


class Dicke(NamedTuple):
    decay: float
    dephasing: float
    wc: float = 1.0
    w0: float = 2.0
    kappa: float = 1.0

    @property
    def pull(self):
        """wc^2 + kappa^2/4"""
        return self.wc**2 + self.kappa**2 / 4

    @property
    def coherence(self):
        """The rate at which <sx_i> of a spin by itself decays."""
        return self.decay / 2 + 2 * self.dephasing

    def critical(self):
        """Where spins that are all down become unstable."""
        return math.sqrt((self.w0**2 + self.coherence**2) * self.pull / (self.wc * self.w0)) / 2

    def mean_field(self, g):
        """<n>/N above the threshold, from the stationary mean-field equations
        alpha = -i g sqrt(N) m/(kappa/2 + i wc), sz = -(gc/g)^2, m = <sx_i>."""
        ratio = (self.critical() / g)**2
        if ratio >= 1:
            return 0.0
        if not self.decay:
            return g**2 * (1 - ratio**2) / self.pull
        return self.decay * self.w0 * (1 - ratio) / (4 * self.wc * self.coherence)

    def linear(self, g, sz):
        """d/dt of x_a, p_a, x_b, p_b: b = sum_i sm_i/sqrt(N), x = b + b^dag, p = -i (b - b^dag)."""
        half, rate = self.kappa / 2, self.coherence
        return [[-half, self.wc, 0, 0], [-self.wc, -half, -2 * g, 0],
                [0, 0, -rate, self.w0], [2 * g * sz, 0, -self.w0, -rate]]

    def variances(self, g, sz=-1.0):
        """Symmetrised, of the Gaussian steady state: A V + V A^T + 2 diag(kappa/2, kappa/2,
        coherence, coherence) = 0, since <x_b^2> = <p_b^2> = 1 for spins that know nothing of each
        other."""
        a = self.linear(g, sz)
        noise = [self.kappa, self.kappa, 2 * self.coherence, 2 * self.coherence]
        pairs = [(i, j) for i in range(4) for j in range(i, 4)]
        number = {pair: k for k, pair in enumerate(pairs)}
        rows, right = [], []
        for i, j in pairs:
            row = [0.0] * len(pairs)
            for k in range(4):
                row[number[min(k, j), max(k, j)]] += a[i][k]
                row[number[min(i, k), max(i, k)]] += a[j][k]
            rows.append(row)
            right.append(-noise[i] if i == j else 0.0)
        found = solve(rows, right)
        return {pair: found[k].real for pair, k in number.items()}

    def photons(self, g, sz=-1.0):
        v = self.variances(g, sz)
        return (v[0, 0] + v[1, 1] - 2) / 4

    def holstein_primakoff(self, g):
        """The same without decay and dephasing, in closed form: it does not depend on w0."""
        return self.pull / (8 * self.wc**2) / ((self.critical() / g)**2 - 1)

    def only_dephased(self, g):
        """(<sz_i>, <n>) without decay. No single process fixes <sz_i>: it drifts by d<sz_i>/dt =
        -2 g <x_a p_b>/N until that vanishes."""
        low, high = -min(1.0, (self.critical() / g)**2) * (1 - 1e-9), 0.0
        for _ in range(60):
            middle = (low + high) / 2
            if (self.variances(g, middle)[0, 3] > 0) == (self.variances(g, low)[0, 3] > 0):
                low = middle
            else:
                high = middle
        return middle, self.photons(g, middle)

    def slowest(self, g):
        """Of the eigenvalues below the threshold, with Im >= 0."""
        return max((value for value in eigenvalues(self.linear(g, -1.0)) if value.imag > -1e-9),
                   key=lambda value: value.real)

    # At the critical point the slow mode x obeys dx/dt = -r x - u x^3 + sqrt(D) noise. In units in
    # which <n> = x^2: below, <n> = D/2r; above, <n> = -r/u.

    def slopes(self):
        """A, B, R: <n> = A/(gc - g) below, <n>/N = B (g - gc) above, r = R (gc - g)."""
        gc = self.critical()
        step = 1e-5 * gc
        below = ((self.photons(gc - step) if self.coherence else
                  self.holstein_primakoff(gc - step)) * step)
        above = self.mean_field(gc + step) / step
        return below, above, -self.slowest(gc - step).real / step

    def critical_photons(self):
        """<n>/sqrt(N): the mean of x^2 under exp(-u x^4/2D)."""
        below, above, _ = self.slopes()
        return 2 * math.gamma(0.75) / math.gamma(0.25) * math.sqrt(below * above)

    def critical_gap(self):
        """gap sqrt(N), the lowest rate of dx/dt = -u x^3 + sqrt(D) noise."""
        below, above, rate = self.slopes()
        return quartic_rate() * rate * math.sqrt(2 * below / above)


def quartic_rate():
    """The lowest rate of dy/dt = -y^3 + noise: energy of the first odd state of
    -f''/2 + (y^6/2 - 3 y^2/2) f = E f, found by shooting."""
    def end(energy):
        def derivative(values):
            y, f, slope = values
            return [1.0, slope, (y**6 - 3 * y**2 - 2 * energy) * f]
        return runge_kutta(derivative, [0.0, 0.0, 1.0], [0.0, 3.2], 1500)[-1][1]

    low, high = 0.5, 2.5
    for _ in range(45):
        middle = (low + high) / 2
        if end(middle) > 0:
            low = middle
        else:
            high = middle
    return middle


def extrapolated(values):
    """The limit of f(N) = f + a/N + b/N^2 + ..., from N, 2N, 4N, ..."""
    order = 1
    while len(values) > 1:
        values = [(2**order * b - a) / (2**order - 1) for a, b in zip(values, values[1:])]
        order += 1
    return values[0]


def extrapolated_root(values):
    """The limit of f(N) = f + a/N^(1/2) + b/N + ..., from N, 2N, 4N, ..."""
    order = 1
    while len(values) > 1:
        factor = 2**(order / 2)
        values = [(factor * b - a) / (factor - 1) for a, b in zip(values, values[1:])]
        order += 1
    return values[0]


# Few spins: all 2^N states, or without decay and dephasing the N + 1 of J = N/2.

class Exact:
    """The textbook's Liouvillian of N spins and so many levels, on the elements of even parity."""

    def __init__(self, model, g, count, levels):
        a = lowering(levels)
        if model.decay or model.dephasing:
            sizes = [levels] + [2] * count
            self.sx, self.sz = (plus(*(embed({k: s}, sizes) for k in range(1, count + 1)))
                                for s in (SX, SZ))
            jumps = [(embed({k: s}, sizes), rate) for k in range(1, count + 1)
                     for s, rate in ((SM, model.decay), (SZ, model.dephasing)) if rate]
        else:
            sizes, jumps = [levels, count + 1], []
            down = {(k + 1, k): math.sqrt((count - k) * (k + 1)) for k in range(count)}
            self.sx = embed({1: plus(down, dagger(down))}, sizes)
            self.sz = embed({1: {(k, k): count - 2.0 * k for k in range(count + 1)}}, sizes)
        self.n = embed({0: times(dagger(a), a)}, sizes)
        mode = embed({0: a}, sizes)
        x = plus(mode, dagger(mode))
        hamiltonian = plus(times(model.wc, self.n), times(model.w0 / 2, self.sz),
                           times(g / math.sqrt(count), times(x, self.sx)))
        self.size = levels * math.prod(sizes[1:])
        self.generator = liouvillian(hamiltonian, [(mode, model.kappa), *jumps])

    def sectors(self):
        """L on the elements of even and of odd parity, as rows."""
        even = component(self.generator, (0, 0))
        odd = [(i, j) for i in range(self.size) for j in range(self.size)
               if (i, j) not in set(even)]
        return dense(self.generator, even), dense(self.generator, odd)

    def steady(self):
        """{name: mean} of n, sz and xx = (sum_i sx_i)^2: L rho = 0 with tr rho = 1 in place of the
        first row."""
        places = component(self.generator, (0, 0))
        rows = dense(self.generator, places)
        rows[0] = [1.0 if i == j else 0.0 for i, j in places]
        rho = dict(zip(places, solve(rows, [1.0] + [0.0] * (len(places) - 1))))
        return {name: sum(x * rho.get((j, i), 0) for (i, j), x in operator.items()).real
                for name, operator in (("n", self.n), ("sz", self.sz),
                                       ("xx", times(self.sx, self.sx)))}
