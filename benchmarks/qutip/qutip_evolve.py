"""qutip_evolve.py N OUT.json: the evolution of evolve.toml with QuTiP's mesolve."""

import json
import sys

import numpy as np
import qutip as qt

from model import Model

model = Model(int(sys.argv[1]))
result = qt.mesolve(
    model.hamiltonian,
    model.initial,
    np.linspace(0, 10, 101),
    model.jumps,
    list(model.observables.values()),
    options=qt.Options(atol=1e-10, rtol=1e-8),
)
values = {name: float(v[-1]) for name, v in zip(model.observables, result.expect)}
with open(sys.argv[2], "w") as file:
    json.dump(values, file)
