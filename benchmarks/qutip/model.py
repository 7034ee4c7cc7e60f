"""OSB(levels, spins), the model of common/osb.py, in QuTiP."""

from math import sqrt

import qutip as qt

OMEGA0, KAPPA, NTH, GAMMA, NB = 1.0, 0.05, 0.5, 0.1, 0.2


class Model:
    def __init__(self, levels, spins):
        g = 0.2 / sqrt(spins)
        delta = [1 + 0.1 * k for k in range(spins)]
        self.identities = [qt.qeye(levels)] + [qt.qeye(2)] * spins

        self.up_x = (qt.basis(2, 0) + qt.basis(2, 1)).unit()
        self.down_x = (qt.basis(2, 0) - qt.basis(2, 1)).unit()
        self.a = a = self.on(0, qt.destroy(levels))
        sx = [self.on(k + 1, qt.sigmax()) for k in range(spins)]
        sz = [self.on(k + 1, qt.sigmaz()) for k in range(spins)]
        n = a.dag() * a
        self.hamiltonian = OMEGA0 * n
        for k in range(spins):
            self.hamiltonian += delta[k] / 2 * sx[k] + g * (a + a.dag()) * sz[k]

        self.observables = {"n": n, "sz0": sz[0], "sx0": sx[0]}
        self.initial = qt.tensor([qt.fock(levels, 1)] + [self.down_x] * spins)

    def jumps(self):
        lower = self.down_x * self.up_x.dag()
        jumps = [sqrt(KAPPA * (NTH + 1)) * self.a, sqrt(KAPPA * NTH) * self.a.dag()]
        for k in range(len(self.identities) - 1):
            jumps.append(sqrt(GAMMA * (NB + 1)) * self.on(k + 1, lower))
            jumps.append(sqrt(GAMMA * NB) * self.on(k + 1, lower.dag()))
        return jumps

    def on(self, site, operator):
        factors = list(self.identities)
        factors[site] = operator
        return qt.tensor(factors)
