"""qutip_steady.py LEVELS SPINS: the steady state of OSB(levels, spins) with QuTiP's steadystate."""

import json
import sys

import qutip as qt

from model import Model

model = Model(int(sys.argv[1]), int(sys.argv[2]))
state = qt.steadystate(model.hamiltonian, model.jumps())
values = {name: float(qt.expect(a, state)) for name, a in model.observables.items()}
print(json.dumps(values))
