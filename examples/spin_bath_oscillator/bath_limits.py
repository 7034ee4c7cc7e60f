"""What an oscillator beside damped spins is compared with: second-order rates, infinitely many
spins, and one or two spins with the textbook's Liouvillian.

H = w0 n + (Delta/2) sum_i sx_i + (G/sqrt N) x sum_i sz_i, and for each spin gamma (nb+1) D[sm_x] +
gamma nb D[sp_x].
"""

import math
from typing import NamedTuple

from numerics import eigenvalues, runge_kutta, solve
from textbook import (SM, SX, SZ, component, dagger, dense, embed, liouvillian, lowering, plus,
                      times)

W0 = 1.0


class Bath(NamedTuple):
    """A class of equal spins."""
    G: float
    Delta: float = 1.0
    gamma: float = 1.0
    nb: float = 0.1

    @property
    def coherence(self):
        return self.gamma * (2 * self.nb + 1) / 2

    @property
    def polarisation(self):
        """p_- - p_+"""
        return 1 / (2 * self.nb + 1)

    def rates(self):
        """A_up, A_down: to second order in G, with Lorentzians at w0 - Delta and w0 + Delta."""
        upper = self.nb / (2 * self.nb + 1)

        def line(w):
            return 2 * self.coherence / (self.coherence**2 + w**2)

        near, far = line(W0 - self.Delta), line(W0 + self.Delta)
        return (self.G**2 * ((1 - upper) * far + upper * near),
                self.G**2 * ((1 - upper) * near + upper * far))


def born_markov(*baths):
    """Damping A_down - A_up and occupation A_up/(A_down - A_up); the rates of classes add up."""
    up, down = (sum(rates) for rates in zip(*(bath.rates() for bath in baths)))
    return down - up, up / (down - up)


def temperature(n):
    return W0 / math.log(1 + 1 / n)


class Gaussian:
    """Infinitely many spins: b = sum_i sm_x,i/sqrt(N) is an oscillator, but for [b, b^dag] =
    p_- - p_+. The equations of x_a, p_a, x_b, p_b are linear, x = b + b^dag, p = -i (b - b^dag)."""

    def __init__(self, bath):
        s, rate = bath.polarisation, bath.coherence
        self.matrix = [[0, W0, 0, 0], [-W0, 0, -2 * bath.G, 0],
                       [0, 0, -rate, bath.Delta], [-2 * bath.G * s, 0, -bath.Delta, -rate]]
        self.noise = [0, 0, 2 * rate, 2 * rate]    # <x_b^2> = <p_b^2> = 1 without the oscillator
        self.pairs = [(i, j) for i in range(4) for j in range(i, 4)]
        self.number = {pair: k for k, pair in enumerate(self.pairs)}
        self.rows = []
        for i, j in self.pairs:
            row = [0.0] * 10
            for k in range(4):
                row[self.number[min(k, j), max(k, j)]] += self.matrix[i][k]
                row[self.number[min(i, k), max(i, k)]] += self.matrix[j][k]
            self.rows.append(row)
        self.drive = [self.noise[i] if i == j else 0.0 for i, j in self.pairs]

    def photons(self, moments):
        return (moments[0].real + moments[self.number[1, 1]].real - 2) / 4

    def occupation(self):
        return self.photons(solve(self.rows, [-x for x in self.drive]))

    def damping(self):
        """Twice the rate of the slower mode."""
        return -2 * eigenvalues(self.matrix)[0].real

    def evolution(self, n, times):
        """<n>, from n quanta and spins in equilibrium without them."""
        start = [0.0] * 10
        for i, value in ((0, 2 * n + 1), (1, 2 * n + 1), (2, 1), (3, 1)):
            start[self.number[i, i]] = float(value)

        def derivative(moments):
            return [sum(a * m for a, m in zip(row, moments) if a) + d
                    for row, d in zip(self.rows, self.drive)]

        return [self.photons(moments) for moments in runge_kutta(derivative, start, times, 40)]


def rate_equation(bath, n, times):
    damping, occupation = born_markov(bath)
    return [occupation + (n - occupation) * math.exp(-damping * t) for t in times]


class Exact:
    """All 2^N states of N spins, and so many levels."""

    def __init__(self, bath, count, levels):
        sizes = [levels] + [2] * count
        a = lowering(levels)
        mode = embed({0: a}, sizes)
        x = plus(mode, dagger(mode))
        down = times(0.5, plus(SZ, times(-1, plus(SM, times(-1, dagger(SM))))))  # (sz + i sy)/2
        self.n = embed({0: times(dagger(a), a)}, sizes)
        self.sx = plus(*(embed({k: SX}, sizes) for k in range(1, count + 1)))
        sz = plus(*(embed({k: SZ}, sizes) for k in range(1, count + 1)))
        hamiltonian = plus(times(W0, self.n), times(bath.Delta / 2, self.sx),
                           times(bath.G / math.sqrt(count), times(x, sz)))
        jumps = [(embed({k: s}, sizes), rate) for k in range(1, count + 1)
                 for s, rate in ((down, bath.gamma * (bath.nb + 1)),
                                 (dagger(down), bath.gamma * bath.nb))]
        self.size = levels * 2**count
        self.generator = liouvillian(hamiltonian, jumps)

    def steady(self):
        places = component(self.generator, (0, 0))
        rows = dense(self.generator, places)
        rows[0] = [1.0 if i == j else 0.0 for i, j in places]
        rho = dict(zip(places, solve(rows, [1.0] + [0.0] * (len(places) - 1))))
        return {name: sum(x * rho.get((j, i), 0) for (i, j), x in operator.items()).real
                for name, operator in (("n", self.n), ("sx", self.sx))}

    def eigenvalues(self):
        places = [(i, j) for i in range(self.size) for j in range(self.size)]
        return eigenvalues(dense(self.generator, places))
