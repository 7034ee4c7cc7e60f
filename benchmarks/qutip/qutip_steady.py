"""qutip_steady.py N OUT.json: the steady state of steady.toml with QuTiP's steadystate."""

import json
import sys

import qutip as qt

from model import Model

model = Model(int(sys.argv[1]))
state = qt.steadystate(model.hamiltonian, model.jumps)
values = {name: float(qt.expect(a, state)) for name, a in model.observables.items()}
with open(sys.argv[2], "w") as file:
    json.dump(values, file)
