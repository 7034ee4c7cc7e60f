"""qutip_evolve.py LEVELS SPINS: the evolution of OSB(levels, spins) with QuTiP's mesolve."""

import json
import sys

import numpy as np
import qutip as qt

from model import Model

model = Model(int(sys.argv[1]), int(sys.argv[2]))
result = qt.mesolve(
    model.hamiltonian,
    qt.ket2dm(model.initial),
    np.linspace(0, 10, 101),
    model.jumps(),
    list(model.observables.values()),
    options=qt.Options(atol=1e-10, rtol=1e-8),
)
values = {name: float(v[-1]) for name, v in zip(model.observables, result.expect)}
print(json.dumps(values))
