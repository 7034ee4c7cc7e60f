#!/usr/bin/env python3
"""Runs model.toml and asserts the numbers of this example's README."""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from checks import Checks  # noqa: E402
from run_model import run_model  # noqa: E402

TOLERANCE = 1e-8
EIGENVALUES = [0, -0.0747433422,
               -0.0757581159 + 0.8361883685j, -0.0757581159 - 0.8361883685j,
               -0.0838244394 + 1.2158905738j, -0.0838244394 - 1.2158905738j]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lindwurm", default="lindwurm", help="the program")
    arguments = parser.parse_args()
    results = run_model(arguments.lindwurm, FOLDER / "model.toml")
    checks = Checks()

    evolve = results["evolve"]
    checks.require("101 times", len(evolve["times"]) == 101, str(len(evolve["times"])))
    checks.near("last time", evolve["times"][-1], 10, 0)
    checks.near("<n>(0)", evolve["observables"]["n"][0], 1, TOLERANCE)
    checks.near("<n>(10)", evolve["observables"]["n"][-1], 0.3379523389, TOLERANCE)

    steady = results["steady"]["observables"]
    checks.near("steady <n>", steady["n"], 0.3641943085, TOLERANCE)
    checks.near("steady <sx0>", steady["sx0"], -0.6297796825, TOLERANCE)

    # Conjugate partners may come in either order.
    found = [complex(*pair) for pair in results["spectrum"]["eigenvalues"]]
    checks.require("6 eigenvalues", len(found) == len(EIGENVALUES), str(found))
    found.sort(key=lambda z: (-round(z.real, 7), -z.imag))
    for number, (value, expected) in enumerate(zip(found, EIGENVALUES)):
        checks.near(f"eigenvalue {number}", value, expected, TOLERANCE)
    return checks.exit_status()


if __name__ == "__main__":
    sys.exit(main())
