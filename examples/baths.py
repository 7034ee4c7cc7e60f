"""Spectra of baths from the textbook's definitions; shared by the examples' independent sources.

w > 0 is the energy that the system gives to the bath; hbar = k_B = 1.
"""

import cmath
import math

from numerics import legendre, trigamma


def planck(w, temperature):
    return 1 / math.expm1(w / temperature) if temperature > 0 else 0.0


# The rates S(w) of emission (w > 0) and of absorption (w < 0).

class Flat:
    """The same rate at all frequencies."""

    def __init__(self, rate, temperature):
        self.strength = rate
        self.temperature = temperature

    def rate(self, w):
        return self.strength * (planck(abs(w), self.temperature) + (1 if w > 0 else 0))


class OhmicExponential:
    """J(w) = strength w exp(-w/cutoff), with a strength such that 2 pi J(at) = rate."""

    def __init__(self, rate, at, cutoff, temperature):
        self.strength = rate * math.exp(at / cutoff) / (2 * math.pi * at)
        self.cutoff = cutoff
        self.temperature = temperature

    def rate(self, w):
        density = self.strength * abs(w) * math.exp(-abs(w) / self.cutoff)
        return 2 * math.pi * density * (planck(abs(w), self.temperature) + (1 if w > 0 else 0))

    def correlation(self, t):
        """C(t): the integral of J [(n + 1) exp(-iwt) + n exp(iwt)], n a geometric series."""
        vacuum = 1 / (1 / self.cutoff + 1j * t)**2
        if self.temperature == 0:
            return self.strength * vacuum
        thermal = trigamma(1 + self.temperature * (1 / self.cutoff + 1j * t)).real
        return self.strength * (vacuum + 2 * self.temperature**2 * thermal)


RULE = legendre(16)


class CoarseGraining:
    """The coefficients of Cresser and Facer's Eq. 45 for one bath, by quadrature in time.

    With w_m, w_n of this file, minus those of the paper, it is
      gamma_mn = (1/dt) int_0^dt ds int_0^dt ds' C(s - s') exp(i w_n s) exp(-i w_m s'),
    of which the integral over s + s' is elementary.
    """

    def __init__(self, bath, dt, highest=1.5):
        """For frequencies up to `highest`."""
        self.dt = dt
        self.points = []    # (tau, weight * C(tau))
        start = 0.0
        while start < dt:
            length = min(max(0.7 / bath.cutoff, 0.7 * start), 10 / highest, dt - start)
            # The correlation function varies most near tau = 0, the phases everywhere.
            for x, weight in RULE:
                tau = start + length * (1 + x) / 2
                self.points.append((tau, weight * length / 2 * bath.correlation(tau)))
            start += length

    def gammas(self, frequencies):
        """{(m, n): gamma_mn}, Hermitian."""
        count = len(frequencies)
        sums = {(m, n): 0 for m in range(count) for n in range(m + 1)}
        half = {pair: (frequencies[pair[1]] - frequencies[pair[0]]) / 2 for pair in sums}
        for tau, weighted in self.points:
            left = self.dt - tau
            phases = [cmath.exp(1j * w * tau) for w in frequencies]
            for (m, n), h in half.items():
                # int_0^left exp(2ihs) ds
                window = cmath.exp(1j * h * left) * math.sin(h * left) / h if h else left
                sums[m, n] += window * (weighted * phases[n]
                                        + weighted.conjugate() * phases[m].conjugate())
        gammas = {pair: value / self.dt for pair, value in sums.items()}
        gammas.update({(n, m): value.conjugate() for (m, n), value in gammas.items()})
        return gammas
