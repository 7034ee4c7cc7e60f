"""OSB(levels, spins), the model of common/osb.py, in QuTiP."""

from math import sqrt

import qutip as qt

OMEGA0, KAPPA, NTH, GAMMA, NB = 1.0, 0.05, 0.5, 0.1, 0.2


class Model:
    def __init__(self, levels, spins):
        g = 0.2 / sqrt(spins)
        delta = [1 + 0.1 * k for k in range(spins)]
        self.identities = [qt.qeye(levels)] + [qt.qeye(2)] * spins

        a = self.on(0, qt.destroy(levels))
        sx = [self.on(k + 1, qt.sigmax()) for k in range(spins)]
        sz = [self.on(k + 1, qt.sigmaz()) for k in range(spins)]
        self.n = a.dag() * a
        self.hamiltonian = OMEGA0 * self.n
        for k in range(spins):
            self.hamiltonian += delta[k] / 2 * sx[k] + g * (a + a.dag()) * sz[k]

        up_x = (qt.basis(2, 0) + qt.basis(2, 1)).unit()
        down_x = (qt.basis(2, 0) - qt.basis(2, 1)).unit()
        lower = down_x * up_x.dag()
        self.jumps = [sqrt(KAPPA * (NTH + 1)) * a, sqrt(KAPPA * NTH) * a.dag()]
        for k in range(spins):
            self.jumps.append(sqrt(GAMMA * (NB + 1)) * self.on(k + 1, lower))
            self.jumps.append(sqrt(GAMMA * NB) * self.on(k + 1, lower.dag()))

        self.observables = {"n": self.n, "sz0": sz[0], "sx0": sx[0]}
        self.initial = qt.tensor([qt.fock_dm(levels, 1)] + [qt.ket2dm(down_x)] * spins)

    def on(self, site, operator):
        factors = list(self.identities)
        factors[site] = operator
        return qt.tensor(factors)
