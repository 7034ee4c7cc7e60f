#!/usr/bin/env python3
"""An oscillator cooled or heated by 1 to 32 damped spins at fixed spectral density.

Runs model.toml with ensembles of N spins at fixed sum_i g_i^2 and compares damping and occupation
with second-order rates, and their limits of large N with linear equations; two classes of spins
(classes.toml) with the same spins one by one (spins.toml); one or two spins with the textbook's
Liouvillian. Writes evolution.csv, size.csv and splitting.csv, and draws spin_bath_oscillator.png.
"""

import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parent), str(FOLDER)]
from bath_limits import (Bath, Exact, Gaussian, born_markov, rate_equation,  # noqa: E402
                         temperature)
from checks import Checks  # noqa: E402
from run_model import of_kind, read_arguments, run_all, run_model  # noqa: E402
from tables import draw, read_csv, write_csv  # noqa: E402

MODEL, CLASSES, SPINS = (FOLDER / name for name in ("model.toml", "classes.toml", "spins.toml"))
G = 0.2                                # where curves are drawn
COUPLINGS = (0.1, 0.2, 0.3)            # of the occupations
COUNTS = (1, 2, 4, 8, 16)
DAMPED = (1, 2, 4, 8)                  # spins whose gap is computed
LARGE = {"n": (32, 64, 100), "damping": (16,)}    # with --full, at this G; else from large.csv
WEAK = (0.02, 0.04, 0.08)               # of one spin
STARTS = {2: (1, 2, 4, 8, 16), 0: (1, 4, 16)}
SPLITTINGS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
SPLITTING_G = 0.1
TOP_LEVEL = 1e-6

STEADY = {"evolve.run": "false"}
EVOLVE = {"steady.run": "false"}
SPECTRUM = {**EVOLVE, **STEADY, "spectrum.run": "true"}
ALL = {"spectrum.run": "true"}


def levels(coupling, count):
    if count < 4:
        return {0.1: 12, 0.2: 18, 0.3: 60}[coupling] if count == 1 else (
            {0.1: 11, 0.2: 12, 0.3: 19}[coupling])
    return {0.1: 10, 0.2: 11, 0.3: 15 if count < 8 else 13}[coupling]


def tasks(is_full):
    found = {}
    for count in (LARGE["n"][::-1] if is_full else ()):
        found["n", G, count] = (run_model, MODEL, {"N": count, "G": G, "levels": 11, **STEADY,
                                                   "steady.restart": 25})
    for count in (LARGE["damping"] if is_full else ()) + DAMPED[::-1]:
        found["damping", G, count] = (run_model, MODEL, {"N": count, "G": G, "levels": 10,
                                                         **SPECTRUM})
    for n, counts in STARTS.items():
        for count in counts[::-1]:
            found["evolution", n, count] = (run_model, MODEL, {
                "N": count, "G": G, "levels": levels(G, count) + n, "initial.mode": f"fock({n})",
                **EVOLVE})
    for coupling in COUPLINGS:
        for count in COUNTS[::-1]:
            found["n", coupling, count] = (run_model, MODEL, {
                "N": count, "G": coupling, "levels": levels(coupling, count), **STEADY})
    for splitting in SPLITTINGS:
        for count in (8, 4):
            found["splitting", splitting, count] = (run_model, MODEL, {
                "N": count, "G": SPLITTING_G, "Delta": splitting, **STEADY,
                "levels": 14 if splitting < 0.6 or splitting > 1.6 else 13})
    for coupling in WEAK:
        found["weak", coupling] = (run_model, MODEL, {"N": 1, "G": coupling, "levels": 10,
                                                      **SPECTRUM})
    for scale in (1.0, 0.5):
        found["classes", scale] = (run_model, CLASSES, {
            "N": "[2, 2]", "G": f"[{0.1 * scale}, {0.15 * scale}]", "levels": 15, **STEADY})
    loose = {"diagnostics.top_level": 1}
    found["same", "ensembles"] = (run_model, CLASSES, {"levels": 3, **ALL, **loose})
    found["same", "spins"] = (run_model, SPINS, {"levels": 3, **ALL, **loose})
    found["same", "ensembles, 6 levels"] = (run_model, CLASSES, {"levels": 6, **loose})
    found["same", "spins, 6 levels"] = (run_model, SPINS, {"levels": 6, **loose})
    for count in (1, 2, 3):
        for kind in ("ensemble", "spin"):
            found["kind", count, kind] = (run_model, MODEL, {
                "N": count, "levels": 5, "sites.bath.kind": kind, **loose})
    for count, size in ((1, 5), (2, 4)):
        found["dense", count, size] = (run_model, MODEL, {
            "N": count, "G": G, "levels": size, **STEADY, **loose})
    found["modes", 1, 4] = (run_model, MODEL, {"N": 1, "G": G, "levels": 4, **SPECTRUM,
                                               "spectrum.count": 6})
    return found


def occupation(run):
    return run["steady"]["observables"]["n"]


def damping(run):
    return 2 * run["spectrum"]["gap"]


def extrapolated(values):
    """The limit of f(N) = f + a/N + b/N^2 + ..., from N, 2N, 4N, ..."""
    order = 1
    while len(values) > 1:
        values = [(2**order * b - a) / (2**order - 1) for a, b in zip(values, values[1:])]
        order += 1
    return values[0]


# Comparisons.

def check_soundness(runs, checks):
    for name, run in runs.items():
        if name[0] in ("n", "evolution", "splitting", "classes"):
            part = "evolve" if name[0] == "evolution" else "steady"
            checks.compare("top level", name, run["diagnostics"][part]["top_levels"]["mode"], 0,
                           tolerance=TOP_LEVEL)
        if name[0] in ("damping", "weak"):
            checks.require(f"complete, {name}", run["spectrum"]["complete"])


def check_same(runs, checks):
    """An ensemble and its spins one by one."""
    pairs = [("same", "ensembles"), ("same", "spins")], [("same", "ensembles, 6 levels"),
                                                          ("same", "spins, 6 levels")]
    for first, second in [*pairs, *([("kind", count, "ensemble"), ("kind", count, "spin")]
                                    for count in (1, 2, 3))]:
        a, b = runs[first], runs[second]
        for name, value in a["steady"]["observables"].items():
            checks.compare("spins one by one: steady state", f"{name} {first}", value,
                           b["steady"]["observables"][name], tolerance=1e-9)
        for name, values in a["evolve"]["observables"].items():
            for x, y in zip(values, b["evolve"]["observables"][name]):
                checks.compare("spins one by one: evolution", f"{name} {first}", x, y,
                               tolerance=1e-9)
        if "spectrum" in a:
            for x, y in zip(a["spectrum"]["eigenvalues"], b["spectrum"]["eigenvalues"]):
                checks.compare("spins one by one: eigenvalues", first, complex(*x), complex(*y),
                               tolerance=1e-9)


def check_dense(runs, checks):
    for count, size in of_kind(runs, "dense"):
        exact = Exact(Bath(G), count, size).steady()
        for name, value in exact.items():
            checks.compare("dense, steady state", f"{name}, N = {count}",
                           runs["dense", count, size]["steady"]["observables"][name], value,
                           tolerance=1e-9)
    dense = Exact(Bath(G), 1, 4).eigenvalues()
    for found in runs["modes", 1, 4]["spectrum"]["eigenvalues"]:
        off = min(abs(complex(*found) - value) for value in dense)
        checks.compare("dense, eigenvalues", found, off, 0, tolerance=1e-9)
    gap = min(-value.real for value in dense if abs(value) > 1e-9)
    checks.compare("dense, gap", "N = 1", runs["modes", 1, 4]["spectrum"]["gap"], gap,
                   tolerance=1e-9)


def check_size(occupations, dampings, checks):
    """Limits of many spins, and that what is left falls as 1/N."""
    rows = []
    for coupling in COUPLINGS:
        expected = Gaussian(Bath(coupling)).occupation()
        values = [occupations[coupling, count] for count in COUNTS]
        limit = extrapolated(values[-3:])
        checks.compare("n, many spins", f"G = {coupling}", limit, expected, expected, 1e-3)
        checks.compare("n, exponent of what is left", f"G = {coupling}",
                       math.log2((values[-2] - expected) / (values[-1] - expected)), 1,
                       tolerance=0.1)
        rows.append((f"n, G = {coupling}", *values, limit, expected,
                     born_markov(Bath(coupling))[1]))
    for count in LARGE["n"]:
        expected = Gaussian(Bath(G)).occupation()
        left = (occupations[G, count] - expected) * count
        checks.compare("N (n - limit), 32 to 100 spins", f"N = {count}", left,
                       (occupations[G, 16] - expected) * 16, left, 0.05)
    expected = Gaussian(Bath(G)).damping()
    values = [dampings[count] for count in (*DAMPED, *LARGE["damping"])]
    limit = extrapolated(values[-3:])
    checks.compare("damping, many spins", f"G = {G}", limit, expected, expected, 1e-3)
    rows.append((f"damping, G = {G}", *values, limit, expected, born_markov(Bath(G))[0]))
    return rows


def check_weak(runs, checks):
    """What second order misses is a share of the damping that falls as G^2."""
    off = [damping(runs["weak", coupling]) / born_markov(Bath(coupling))[0] - 1
           for coupling in WEAK]
    for a, b in zip(off, off[1:]):
        checks.compare("rates: exponent of the deviation", "N = 1", math.log2(b / a), 2,
                       tolerance=0.2)
    baths = Bath(0.1), Bath(0.15, 1.6, 0.6, 0.4)
    expected = born_markov(*baths)[1]
    near, far = (occupation(runs["classes", scale]) for scale in (0.5, 1.0))
    limit = (4 * near - far) / 3
    checks.compare("two classes: n at weak coupling", "N = 2 + 2", limit, expected, expected, 0.01)
    return off, (far, near, limit, expected)


def check_splittings(runs, checks):
    rows = []
    for splitting in SPLITTINGS:
        bath = Bath(SPLITTING_G, splitting)
        values = [occupation(runs["splitting", splitting, count]) for count in (4, 8)]
        limit, expected = extrapolated(values), Gaussian(bath).occupation()
        checks.compare("n against the splitting, many spins", splitting, limit, expected, expected,
                       1e-3)
        second = born_markov(bath)[1]
        rows.append((splitting, values[1], expected, second,
                     splitting / math.log(1 + 1 / bath.nb)))
    return rows


def check_evolutions(runs, checks):
    """n(t) of many spins, extrapolated at each time."""
    times = runs["evolution", 2, 1]["evolve"]["times"]
    limits = {n: Gaussian(Bath(G)).evolution(n, times) for n in STARTS}
    curves = [runs["evolution", 2, count]["evolve"]["observables"]["n"] for count in (4, 8, 16)]
    for k, t in enumerate(times):
        checks.compare("n(t) from two quanta, many spins", f"t = {t}",
                       extrapolated([curve[k] for curve in curves]), limits[2][k], tolerance=3e-3)
    return times, limits


# Output.

def read_large(quantity):
    return {int(row["N"]): float(row["value"]) for row in read_csv(FOLDER / "large.csv")
            if row["quantity"] == quantity}


def write_tables(folder, runs, times, limits, occupations, dampings, splittings):
    rows = []
    for (n, count), run in of_kind(runs, "evolution").items():
        rows += [(n, count, t, value)
                 for t, value in zip(times, run["evolve"]["observables"]["n"])]
    for n, limit in limits.items():
        rows += [(n, "many", t, value) for t, value in zip(times, limit)]
        rows += [(n, "rates", t, value)
                 for t, value in zip(times, rate_equation(Bath(G), n, times))]
    write_csv(folder / "evolution.csv", ["from", "N", "t", "n"], rows)
    rows = [("n", coupling, count, value, Gaussian(Bath(coupling)).occupation(),
             born_markov(Bath(coupling))[1])
            for (coupling, count), value in sorted(occupations.items())]
    rows += [("damping", G, count, value, Gaussian(Bath(G)).damping(), born_markov(Bath(G))[0])
             for count, value in sorted(dampings.items())]
    write_csv(folder / "size.csv", ["quantity", "G", "N", "value", "many", "rates"], rows)
    grid = [0.4 + k / 50 for k in range(91)]
    write_csv(folder / "splitting.csv", ["what", "Delta", "T", "rates", "spins"],
              [("run", splitting, temperature(n), temperature(second), spins)
               for splitting, n, _, second, spins in splittings]
              + [("curve", d, temperature(Gaussian(Bath(SPLITTING_G, d)).occupation()),
                  temperature(born_markov(Bath(SPLITTING_G, d))[1]),
                  d / math.log(1 + 1 / Bath(SPLITTING_G).nb)) for d in grid])


def print_tables(sizes, weak, classes, splittings):
    print(f"\n{'':18}" + "".join(f"{f'N = {count}':>10}" for count in COUNTS)
          + f"{'limit':>10}{'linear':>10}{'rates':>10}")
    for name, *numbers in sizes:
        print(f"{name:18}" + "".join(f"{x:10.5f}" for x in numbers))
    print("\ndamping of one spin over A_down - A_up, less 1: "
          + ", ".join(f"{x:.5f} (G = {coupling})" for coupling, x in zip(WEAK, weak)))
    print("two classes, n: " + "{:.5f}, {:.5f} at half the couplings, extrapolated {:.5f}, "
          "rates {:.5f}".format(*classes))
    print(f"\n{'Delta':>6}{'n, N = 8':>10}{'linear':>10}{'rates':>10}{'T':>8}{'T spins':>9}")
    for splitting, n, expected, second, spins in splittings:
        print(f"{splitting:6.2f}{n:10.5f}{expected:10.5f}{second:10.5f}{temperature(n):8.4f}"
              f"{spins:9.4f}")


def main():
    arguments = read_arguments(__doc__, {"full": "run the largest ensembles as well, which takes "
                                                 "long, in place of reading large.csv"})
    runs = run_all(arguments.lindwurm, tasks(arguments.full))
    occupations = {name: occupation(run) for name, run in of_kind(runs, "n").items()}
    dampings = {count: damping(run) for (_, count), run in of_kind(runs, "damping").items()}
    if arguments.full:
        write_csv(arguments.output / "large.csv", ["quantity", "N", "value"],
                  [("n", count, occupations[G, count]) for count in LARGE["n"]]
                  + [("damping", count, dampings[count]) for count in LARGE["damping"]])
    else:
        occupations.update({(G, count): value for count, value in read_large("n").items()})
        dampings.update(read_large("damping"))
    checks = Checks()
    check_soundness(runs, checks)
    check_same(runs, checks)
    check_dense(runs, checks)
    sizes = check_size(occupations, dampings, checks)
    weak, classes = check_weak(runs, checks)
    splittings = check_splittings(runs, checks)
    times, limits = check_evolutions(runs, checks)
    print_tables(sizes, weak, classes, splittings)
    write_tables(arguments.output, runs, times, limits, occupations, dampings, splittings)
    checks.print_largest()
    draw(FOLDER / "spin_bath_oscillator.gp", arguments.output, "evolution.csv", "size.csv",
         "splitting.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
