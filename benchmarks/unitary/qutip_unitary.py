"""qutip_unitary.py LEVELS SPINS: OSB(levels, spins) without damping, with QuTiP's sesolve."""

import json
import pathlib
import sys

import numpy as np
import qutip as qt

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "qutip"))
from model import Model  # noqa: E402

levels, spins = (int(word) for word in sys.argv[1:3])
model = Model(levels, spins)
result = qt.sesolve(
    model.hamiltonian,
    model.initial,
    np.linspace(0, 10, 101),
    list(model.observables.values()),
    options=qt.Options(atol=1e-10, rtol=1e-8, nsteps=100000),
)
values = {name: float(v[-1]) for name, v in zip(model.observables, result.expect)}
print(json.dumps(values))
