#!/usr/bin/env python3
"""Figure 3 of Phys. Rev. A 77, 022111 (2008): an oscillator heated by a damped two-level system.

Runs full.toml and adiabatic.toml through lindwurm, measures which approximation the full equation
supports and how many oscillator levels each case needs, writes figure3.csv (the curves) and
measured.csv (every number that the README states), and draws figure3.png and figure3.svg.
"""

import math
import pathlib
import sys
from typing import NamedTuple

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from checks import Checks  # noqa: E402
from run_model import read_arguments, run_all, run_model  # noqa: E402
from tables import draw, write_csv  # noqa: E402

W0 = DELTA = 1.0
SPLITTING = 2 * DELTA     # of the two-level system: Delta stands with sx, not with sx/2
DURATION = 10.0
CONVERGED = 1e-6          # what a change of cutoff may change <N>(t) by
TOLERANCE = 1e-12         # evolve.atol of the model files: populations below it mean nothing
APPROXIMATIONS = ("printed", "splitting", "second order")


class Case(NamedTuple):
    gamma: int
    nbar: int
    needed: int       # the fewest levels with <N>(t) converged to CONVERGED
    levels: int       # of the full equation, as shown
    larger: int       # what these are compared with
    adiabatic: int    # levels of the adiabatic equation


CASES = [
    Case(10, 0, 46, 56, 70, 96),
    Case(10, 1, 25, 32, 40, 36),
    Case(10, 5, 11, 16, 20, 18),
    Case(100, 0, 12, 16, 20, 18),
    Case(100, 1, 7, 10, 14, 12),
    Case(100, 5, 5, 8, 12, 8),
]

# Weaker couplings at the same g^2 t: what is beyond second order in g shrinks.
COUPLINGS = (1.0, 0.5, 0.25)
SCANNED = [(10, 0), (100, 0)]


class Rates:
    """The rates of the three approximations; README.md gives the equations."""

    def __init__(self, gamma, nbar, g=1.0):
        self.g2 = gamma * (2 * nbar + 1) / 2    # decay rate of the two-level system's coherence
        upper = nbar / (2 * nbar + 1)
        lower = 1 - upper

        def spectrum(x):
            return 2 * self.g2 / (self.g2**2 + x**2)

        self.printed = 2 * g**2 / (gamma * (2 * nbar + 1))
        self.splitting = g**2 * self.g2 / (self.g2**2 + SPLITTING**2)
        self.up = g**2 * (lower * spectrum(W0 + SPLITTING) + upper * spectrum(W0 - SPLITTING))
        self.down = g**2 * (lower * spectrum(W0 - SPLITTING) + upper * spectrum(W0 + SPLITTING))

    def curve(self, approximation, times, start=0.0):
        """<N>(t) that starts with <N> = start at times[0]."""
        elapsed = [t - times[0] for t in times]
        if approximation == "second order":
            decay = self.down - self.up
            limit = self.up / decay
            return [start - (limit - start) * math.expm1(-decay * t) for t in elapsed]
        rate = self.printed if approximation == "printed" else self.splitting
        return [start + 2 * rate * t for t in elapsed]


def after_slip(times, rates):
    """Index of the first time at which the initial slip is over: exp(-10) of it is left."""
    return next(k for k, t in enumerate(times) if t >= (10 - 1e-9) / rates.g2)


def deviations(times, full, rates):
    """The largest |<N> - <N>_full| of each approximation once the initial slip is over.

    The approximations hold after the two-level system has adjusted to the oscillator, so each
    starts there, from the full equation's value.
    """
    k = after_slip(times, rates)
    found = {}
    for approximation in APPROXIMATIONS:
        curve = rates.curve(approximation, times[k:], full[k])
        found[approximation] = max(abs(a - b) for a, b in zip(curve, full[k:]))
    return found


def tasks():
    """All runs, by what varies: (what, case, its levels, rate or coupling)."""
    full, adiabatic = FOLDER / "full.toml", FOLDER / "adiabatic.toml"
    found = {}
    for case in CASES:
        same = {"gamma": case.gamma, "nbar": case.nbar}
        for levels in (case.levels, case.larger, case.needed, case.needed - 1):
            found["levels", case, levels] = (run_model, full, {**same, "levels": levels})
        for rate in ("printed", "splitting"):
            found["adiabatic", case, rate] = (
                run_model, adiabatic, {**same, "levels": case.adiabatic, "Gamma": f"Gamma_{rate}"})
        if (case.gamma, case.nbar) in SCANNED:
            for g in COUPLINGS[1:]:
                found["coupling", case, g] = (
                    run_model, full,
                    {**same, "levels": case.levels, "g": g, "duration": DURATION / g**2})
    # The longest first.
    return dict(sorted(found.items(), key=lambda item: -item[1][2]["levels"]))


def curve_of(results, observable="n"):
    return results["evolve"]["observables"][observable]


def difference(first, second):
    return [abs(a - b) for a, b in zip(curve_of(first), curve_of(second))]


def curve_rows(runs):
    """The rows of figure3.csv."""
    for case in CASES:
        full = runs["levels", case, case.levels]
        times = full["evolve"]["times"]
        columns = zip(times, curve_of(full), curve_of(full, "top"),
                      difference(full, runs["levels", case, case.larger]),
                      curve_of(runs["adiabatic", case, "printed"]),
                      curve_of(runs["adiabatic", case, "splitting"]),
                      Rates(case.gamma, case.nbar).curve("second order", times))
        for t, *values in columns:
            yield [case.gamma, case.nbar, f"{t:.6g}", *values]


def measure(runs):
    """Every number that the README states: {(quantity, gamma, nbar, g, t): value}."""
    found = {}
    for case in CASES:
        key = (case.gamma, case.nbar, 1.0)
        rates = Rates(case.gamma, case.nbar)
        full = runs["levels", case, case.levels]
        larger = runs["levels", case, case.larger]
        times = full["evolve"]["times"]
        n = curve_of(full)
        for k in range(0, len(times), 25):
            found["n", *key, times[k]] = n[k]
            found["top level", *key, times[k]] = max(curve_of(full, "top")[:k + 1])
            found["cutoff", *key, times[k]] = max(difference(full, larger)[:k + 1])
        last = times[-1]
        for approximation in APPROXIMATIONS:
            found[f"n {approximation}", *key, last] = rates.curve(approximation, times)[-1]
        k = after_slip(times, rates)
        found["growth after slip", *key, last] = n[-1] - n[k]
        for approximation, value in deviations(times, n, rates).items():
            found[f"deviation {approximation}", *key, last] = value
        found["cutoff needed", *key, last] = max(
            difference(runs["levels", case, case.needed], larger))
        found["cutoff one fewer", *key, last] = max(
            difference(runs["levels", case, case.needed - 1], larger))
        for rate in ("printed", "splitting"):
            closed = rates.curve(rate, times)
            found[f"adiabatic {rate}", *key, last] = max(
                abs(a - b) for a, b in zip(curve_of(runs["adiabatic", case, rate]), closed))
        if (case.gamma, case.nbar) not in SCANNED:
            continue
        for g in COUPLINGS[1:]:
            weak = runs["coupling", case, g]
            times = weak["evolve"]["times"]
            key = (case.gamma, case.nbar, g)
            found["n", *key, times[-1]] = curve_of(weak)[-1]
            rates = Rates(*key)
            for approximation, value in deviations(times, curve_of(weak), rates).items():
                found[f"deviation {approximation}", *key, times[-1]] = value
    return found


def last_of(found):
    """A look into what `measure` found, at the last time."""
    return lambda quantity, gamma, nbar, g=1.0: found[quantity, gamma, nbar, g, DURATION / g**2]


def small(value):
    return f"{value:.0e}" if value >= TOLERANCE else f"<{TOLERANCE:.0e}"


def print_tables(found):
    number = last_of(found)
    print(f"\n{'gamma':>5} {'nbar':>4} {'<N>(10)':>11}   largest deviation after the slip, and its "
          "share of the growth")
    print(f"{'':22}   {'(39) as printed':>18} {'with splitting':>18} {'second order':>18}")
    for case in CASES:
        key = (case.gamma, case.nbar)
        growth = number("growth after slip", *key)
        shares = " ".join(f"{number(f'deviation {a}', *key):10.2e} {fraction:7.3%}"
                          for a in APPROXIMATIONS
                          for fraction in [number(f"deviation {a}", *key) / growth])
        print(f"{case.gamma:5} {case.nbar:4} {number('n', *key):11.7f}   {shares}")
    print("\nThe same at weaker coupling g, up to the same g^2 t = 10")
    for gamma, nbar in SCANNED:
        for g in COUPLINGS:
            values = " ".join(f"{number(f'deviation {a}', gamma, nbar, g):10.2e}        "
                              for a in APPROXIMATIONS)
            print(f"{gamma:5} {nbar:4}    g = {g:<5}   {values}")
    print(f"\nOscillator levels: the fewest that hold <N>(t) within {CONVERGED:g} up to t = 10,\n"
          "the levels shown, and the levels they are compared with. error: the largest change of\n"
          "<N> so far; top: the largest population of the highest level so far")
    quarters = [DURATION * k / 4 for k in range(1, 5)]
    print(f"{'gamma':>5} {'nbar':>4} {'needed':>6} {'error':>7} {'one fewer':>9} | {'shown':>5} "
          f"{'compared':>8}" + "".join(f" | t = {t:<4g} error    top" for t in quarters))
    for case in CASES:
        key = (case.gamma, case.nbar)
        errors = "".join(f" | {small(found['cutoff', *key, 1.0, t]):>12}"
                         f" {small(found['top level', *key, 1.0, t]):>7}" for t in quarters)
        print(f"{case.gamma:5} {case.nbar:4} {case.needed:6} {number('cutoff needed', *key):7.0e} "
              f"{number('cutoff one fewer', *key):9.1e} | {case.levels:5} {case.larger:8}{errors}")
    print()


def measured_rows(found):
    return [[*key[:3], f"{key[3]:g}", f"{key[4]:g}", value] for key, value in found.items()]


def check(found):
    """Compares with expected.csv and asserts what the README concludes."""
    checks = Checks()
    checks.compare_table(FOLDER / "expected.csv", measured_rows(found))
    number = last_of(found)
    for case in CASES:
        key = (case.gamma, case.nbar)
        name = f"gamma = {case.gamma}, nbar = {case.nbar}: "
        for quantity in ("cutoff", "cutoff needed", "adiabatic printed", "adiabatic splitting"):
            value = number(quantity, *key)
            checks.require(name + quantity, value <= CONVERGED, f"{value:.3g}")
        value = number("cutoff one fewer", *key)
        checks.require(name + "one level fewer is too few", value > CONVERGED, f"{value:.3g}")
        printed, splitting, second = (number(f"deviation {a}", *key) for a in APPROXIMATIONS)
        checks.require(name + "(39) as printed is the worst", printed > max(splitting, second),
                       f"{printed:.3g}, {splitting:.3g}, {second:.3g}")
    for gamma, nbar in SCANNED:
        for strong, weak in zip(COUPLINGS, COUPLINGS[1:]):
            ratio = (number("deviation second order", gamma, nbar, strong)
                     / number("deviation second order", gamma, nbar, weak))
            checks.require(f"gamma = {gamma}, g = {weak}: second order gains as g^2",
                           2.5 < ratio < 5, f"a factor of {ratio:.3g} for half the coupling")
            checks.require(f"gamma = {gamma}, g = {weak}: the other two do not gain",
                           all(number(f"deviation {a}", gamma, nbar, weak)
                               > number(f"deviation {a}", gamma, nbar, strong)
                               for a in ("printed", "splitting")))
    return checks.exit_status()


def main():
    arguments = read_arguments(__doc__)
    runs = run_all(arguments.lindwurm, tasks())
    write_csv(arguments.output / "figure3.csv",
              ["gamma", "nbar", "t", "n", "top_level", "cutoff_difference", "n_printed",
               "n_splitting", "n_second_order"], curve_rows(runs))
    found = measure(runs)
    write_csv(arguments.output / "measured.csv", ["quantity", "gamma", "nbar", "g", "t", "value"],
              measured_rows(found))
    print_tables(found)
    draw(FOLDER / "figure3.gp", arguments.output, "figure3.csv")
    return check(found) if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
