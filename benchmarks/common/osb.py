"""The model OSB(levels, spins) as a model file: a damped oscillator and damped spins.

osb.py LEVELS SPINS [--until T] [--tasks evolve steady] [--kind lindblad] prints it. As "unitary" it
is without damping.
"""

import argparse

TASKS = ("evolve", "steady", "spectrum")
KINDS = ("lindblad", "unitary", "trajectories")

MODEL = """\
title = "OSB({levels},{spins}): a damped oscillator and {spins} damped spins"

[parameters]
omega0 = 1.0
Delta = {delta}
g = "0.2/sqrt({spins})"
kappa = 0.05
nth = 0.5
gamma = 0.1
nb = 0.2

[sites]
mode = {{ kind = "oscillator", levels = {levels} }}
bath = {{ kind = "spin", count = {spins} }}

[hamiltonian]
terms = ["omega0*n(mode)", "Delta/2*sx(bath)", "g*x(mode)*sz(bath)"]
{dynamics}
[initial]
mode = "fock(1)"
bath = "down_x"

[observables]
n = "n(mode)"
sz0 = "sz(bath[0])"
sx0 = "sx(bath[0])"

[output]
states = false
"""

DAMPING = """
[[dissipator]]
operator = "a(mode)"
rate = "kappa*(nth+1)"

[[dissipator]]
operator = "ad(mode)"
rate = "kappa*nth"

[[dissipator]]
operator = "sm_x(bath)"
rate = "gamma*(nb+1)"

[[dissipator]]
operator = "sp_x(bath)"
rate = "gamma*nb"
"""

DYNAMICS = """
[dynamics]
kind = "{kind}"
"""

EVOLVE = """
[evolve]
times = {{ from = 0, to = {until}, points = 101 }}
rtol = 1e-8
atol = 1e-10
"""

STEADY = """
[steady]
tolerance = 1e-10
"""

SPECTRUM = """
[spectrum]
count = 6
"""


def splittings(spins):
    return [round(1 + 0.1 * k, 10) for k in range(spins)]


def model_file(levels, spins, tasks=(), until=10, kind="lindblad"):
    dynamics = "" if kind == "lindblad" else DYNAMICS.format(kind=kind)
    if kind != "unitary":
        dynamics = DAMPING + dynamics
    text = MODEL.format(levels=levels, spins=spins, delta=splittings(spins), dynamics=dynamics)
    if "evolve" in tasks:
        text += EVOLVE.format(until=until)
    if "steady" in tasks:
        text += STEADY
    if "spectrum" in tasks:
        text += SPECTRUM
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("levels", type=int)
    parser.add_argument("spins", type=int)
    parser.add_argument("--until", default=10, help="last time of the evolution")
    parser.add_argument("--tasks", nargs="*", default=("evolve", "steady"), choices=TASKS)
    parser.add_argument("--kind", default="lindblad", choices=KINDS, help="of the dynamics")
    options = parser.parse_args()
    print(model_file(options.levels, options.spins, options.tasks, options.until, options.kind),
          end="")


if __name__ == "__main__":
    main()
