"""qutip_trajectories.py LEVELS SPINS COUNT RTOL ATOL: OSB(levels, spins) with QuTiP's mcsolve.

RTOL 0 leaves both tolerances to QuTiP.
"""

import json
import pathlib
import sys

import numpy as np
import qutip as qt

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "qutip"))
from model import Model  # noqa: E402

levels, spins, count = (int(word) for word in sys.argv[1:4])
rtol, atol = (float(word) for word in sys.argv[4:6])
model = Model(levels, spins)
options = qt.Options(num_cpus=1, seeds=list(range(1, count + 1)))
if rtol > 0:
    options.rtol, options.atol = rtol, atol
if count > 0:
    result = qt.mcsolve(
        model.hamiltonian,
        model.initial,
        np.linspace(0, 10, 101),
        model.jumps(),
        list(model.observables.values()),
        ntraj=count,
        options=options,
        progress_bar=None,
    )
    values = {name: float(v[-1]) for name, v in zip(model.observables, result.expect)}
    values["jumps"] = sum(len(times) for times in result.col_times) / count
    print(json.dumps(values))
