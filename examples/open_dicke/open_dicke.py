#!/usr/bin/env python3
"""The open Dicke model: the transition, its critical point, decay and dephasing.

Runs model.toml with ensembles of 2 to 32 spins and compares them, extrapolated to infinitely many,
with the Gaussian theory below the threshold, the mean field above and the theory of one slow mode
at the threshold; 1 to 3 spins with the textbook's Liouvillian. Writes transition.csv, critical.csv,
gaps.csv and noise.csv, and draws open_dicke.png.
"""

import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER.parent), str(FOLDER)]
from checks import Checks  # noqa: E402
from dicke_limits import Dicke, Exact, extrapolated, extrapolated_root  # noqa: E402
from numerics import eigenvalues  # noqa: E402
from run_model import COARSE, read_arguments, run_all, run_model  # noqa: E402
from tables import draw, read_csv, write_csv  # noqa: E402

MODEL = FOLDER / "model.toml"
CASES = {"collective": Dicke(0.0, 0.0), "decay": Dicke(0.5, 0.0), "both": Dicke(0.5, 0.1),
         "dephasing": Dicke(0.0, 0.25)}
BELOW = (0.4, 0.6, 0.8)               # g/gc
DEPHASED = (0.6, 1.0)                 # of dephasing alone
ABOVE = 1.4
THREE = (4, 8, 16)                    # spins of an extrapolation
CRITICAL = (2, 4, 8, 16)
CURVES = {2: [k / 5 for k in range(1, 11)], 4: [k / 5 for k in range(1, 9)],
          8: [k / 5 for k in range(1, 8)]}
GAPS = {2: (0.2, 0.4, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.6), 4: (0.2, 0.6, 0.8, 1.0, 1.2, 1.4)}
COARSE_BELOW = (0.4,)
COARSE_DEPHASED = (0.6,)
COARSE_CURVES = {2: (0.4, 1.0, 1.6), 4: (0.4, 1.0, 1.4)}
COARSE_GAPS = {2: (0.6, 1.0), 4: (1.0,)}
GAP_LIMIT = 0.6, THREE                # g/gc and spins of the gap for infinitely many
COARSE_GAP_LIMIT = 0.4, (2, 4, 8)
TOP_LEVEL = 1e-6

# Those of --full, whose numbers are else read from large.csv.
LARGE = {("n", "collective", 1.0): (32,), ("gap", "decay", 1.0): (8, 16)}


# Runs.

def poisson_levels(mean, rest=1e-7):
    """So many that a coherent state of this mean has less than `rest` in the last."""
    share, level = math.exp(-mean), 0
    while share > rest or level < mean:
        level += 1
        share *= mean / level
    return level + 1


def levels(case, f, count):
    """Below, what the Gaussian state needs; above, a coherent state of all spins along x."""
    model = CASES[case]
    if f > 1:
        return poisson_levels((f * model.critical())**2 * count / model.pull) + 2 // count
    if f == 1:
        return {2: 13, 4: 14, 8: 16, 16: 17, 32: 26}[count]
    below = (0.2, 5), (0.4, 7), (0.6, 9), (0.8, 12), (1, 14)
    return next(size for top, size in below if f <= top)


def settings(case, f, count, size=None):
    model = CASES[case]
    return {"N": count, "levels": size or levels(case, f, count), "g": f * model.critical(),
            "decay": model.decay, "dephasing": model.dephasing}


def evolution(model, f):
    """Until exp(-2 rate t) is some 1e-8; below the threshold it is the rate of the slower mode."""
    rate = -model.slowest(f * model.critical()).real if f < 1 else 0.15 if f == 1 else 0.1
    return {"steady.run": "false", "evolve.run": "true",
            "evolve.times": f"[0, {6 / rate:.1f}, {9 / rate:.1f}]"}


SPECTRUM = {"steady.run": "false", "spectrum.run": "true"}


def point(quantity, case, f, count):
    """One run: "n" of the steady state, from an evolution if J is conserved, or the gap."""
    more = SPECTRUM if quantity == "gap" else {}
    if quantity == "n" and (case == "collective" or f > 1 and count > 8 and CASES[case].decay):
        more = evolution(CASES[case], f)
    return run_model, MODEL, {**settings(case, f, count), **more}


def wanted(is_full, is_coarse):
    """The points, [(quantity, case, g/gc, N)], the largest first."""
    below, dephased, curves, gaps, gap_limit = (
        (COARSE_BELOW, COARSE_DEPHASED, COARSE_CURVES, COARSE_GAPS, COARSE_GAP_LIMIT) if is_coarse
        else (BELOW, DEPHASED, CURVES, GAPS, GAP_LIMIT))
    found = {("n", case, f, count) for case in ("collective", "decay", "both")
             for f in below for count in THREE}
    found |= {("n", case, 1.0, count) for case in ("collective", "decay") for count in CRITICAL}
    found |= {("n", "dephasing", f, count) for f in dephased for count in THREE}
    found |= {("n", case, ABOVE, count) for case in ("decay", "both", "dephasing")
              for count in (2, 4, 8)}
    found |= {("n", "collective", ABOVE, count) for count in (2, 4, 8)}
    found |= {("n", "decay", f, count) for count, fs in curves.items() for f in fs}
    found |= {("gap", "decay", f, count) for count, fs in gaps.items() for f in fs}
    found |= {("gap", "decay", gap_limit[0], count) for count in gap_limit[1]}
    if is_full:
        found |= {(*name, count) for name, counts in LARGE.items() for count in counts}
    return sorted(found, key=lambda name: -name[3]**3 * levels(*name[1:])**2)


SMALL = {("both", 0.7, 1, 5), ("both", 1.3, 2, 4), ("decay", 0.9, 2, 4), ("dephasing", 1.1, 2, 4),
         ("collective", 0.8, 1, 5), ("collective", 1.2, 2, 4), ("collective", 1.2, 3, 4)}
SMALL_SPECTRA = {("both", 0.7, 1, 5), ("both", 1.3, 2, 3), ("decay", 1.3, 2, 3)}


def tasks(is_full, is_coarse):
    found = {name: point(*name) for name in wanted(is_full, is_coarse)}
    for case, f, count, size in SMALL:
        found["small", case, f, count, size] = (run_model, MODEL, {
            **settings(case, f, count, size), "diagnostics.top_level": 1,
            **(evolution(CASES[case], f) if case == "collective" else {})})
    for case, f, count, size in SMALL_SPECTRA:
        found["modes", case, f, count, size] = (run_model, MODEL, {
            **settings(case, f, count, size), **SPECTRUM, "spectrum.count": 8})
    return found


def means(run):
    if "steady" in run:
        return run["steady"]["observables"]
    return {name: values[-1] for name, values in run["evolve"]["observables"].items()}


def measure(runs):
    """{(quantity, case, g/gc, N): value}, and "sz" per spin."""
    found = {}
    for name, run in runs.items():
        if name[0] == "gap":
            found[name] = run["spectrum"]["gap"]
            found["frequency", *name[1:]] = abs(run["spectrum"]["eigenvalues"][1][1])
        elif name[0] == "n":
            found[name] = means(run)["n"]
            found["sz", *name[1:]] = means(run)["sz"] / name[3]
    return found


def read_large():
    return {(row["quantity"], row["case"], float(row["g/gc"]), int(row["N"])): float(row["value"])
            for row in read_csv(FOLDER / "large.csv")}


# Comparisons.

def check_soundness(runs, checks):
    """Cutoffs, and evolutions that have ended."""
    for name, run in runs.items():
        if name[0] == "n":
            part = "steady" if "steady" in run else "evolve"
            top = run["diagnostics"][part]["top_levels"]["mode"]
            checks.compare("top level", name, top, 0, tolerance=TOP_LEVEL)
            if part == "evolve":
                before, after = run["evolve"]["observables"]["n"][1:]
                checks.compare("evolutions that have ended", name, after, before, after, 1e-4)
        elif name[0] == "gap":
            checks.require(f"complete, {name}", run["spectrum"]["complete"])


def check_small(runs, checks):
    for name, run in runs.items():
        if name[0] == "small":
            case, f, count, size = name[1:]
            exact = Exact(CASES[case], f * CASES[case].critical(), count, size).steady()
            limit = 1e-6 if case == "collective" else 1e-9
            for observable, value in exact.items():
                checks.compare(f"dense, {'evolution' if case == 'collective' else 'steady state'}",
                               f"{observable} {name}", means(run)[observable], value,
                               tolerance=limit)
        elif name[0] == "modes":
            case, f, count, size = name[1:]
            exact = Exact(CASES[case], f * CASES[case].critical(), count, size)
            dense = [value for sector in exact.sectors() for value in eigenvalues(sector)]
            for value in run["spectrum"]["eigenvalues"]:
                value = complex(*value)
                off = min(abs(value - other) for other in dense)
                checks.compare("dense, eigenvalues", name, off, 0, tolerance=1e-8)
            gap = min(-value.real for value in dense if abs(value) > 1e-9)
            checks.compare("dense, gap", name, run["spectrum"]["gap"], gap)


def check_below(found, checks):
    """Extrapolated in 1/N, with the Gaussian theory."""
    rows = []
    for case in ("collective", "decay", "both"):
        model = CASES[case]
        for f in BELOW:
            if ("n", case, f, THREE[-1]) not in found:
                continue
            g = f * model.critical()
            expected = model.photons(g) if model.coherence else model.holstein_primakoff(g)
            values = [found["n", case, f, count] for count in THREE]
            limit = extrapolated(values)
            checks.compare("below the threshold: n", f"{case}, {f}", limit, expected, expected,
                           0.06 if f == 0.8 else 5e-3)
            rows.append((f"n, {case}, g = {f} gc", *values, limit, expected))
    model = CASES["decay"]
    is_coarse = ("gap", "decay", GAP_LIMIT[0], THREE[-1]) not in found
    f, counts = COARSE_GAP_LIMIT if is_coarse else GAP_LIMIT
    expected = model.slowest(f * model.critical())
    for name, value in (("gap", -expected.real), ("frequency", expected.imag)):
        values = [found[name, "decay", f, count] for count in counts]
        limit = extrapolated(values)
        checks.compare(f"below the threshold: {name}", "decay", limit, value, value, 2e-3)
        listed = [found.get((name, "decay", f, count), math.nan) for count in THREE]
        rows.append((f"{name}, decay, g = {f} gc", *listed, limit, value))
    for f in DEPHASED:
        if ("n", "dephasing", f, THREE[-1]) not in found:
            continue
        sz, n = CASES["dephasing"].only_dephased(f * CASES["dephasing"].critical())
        for name, value in (("n", n), ("sz", sz)):
            values = [found[name, "dephasing", f, count] for count in THREE]
            limit = extrapolated(values)
            checks.compare(f"dephasing alone: {name}", f, limit, value, abs(value),
                           2e-3 if f == 0.6 else 0.01)
            rows.append((f"{name}, dephasing, g = {f} gc", *values, limit, value))
    return rows


def check_above(found, checks):
    """Eight spins are not many: their n/N is near that of the mean field, and no limit is taken."""
    rows = []
    for case in ("collective", "decay", "both"):
        model = CASES[case]
        expected = model.mean_field(ABOVE * model.critical())
        values = [found["n", case, ABOVE, count] / count for count in (2, 4, 8)]
        checks.compare("above the threshold: n/N, N = 8", case, values[-1], expected, expected,
                       0.15)
        rows.append((f"n/N, {case}, g = {ABOVE} gc", *values, expected))
        checks.require(f"photons grow with N, {case}", 8 * values[2] > 1.5 * 4 * values[1])
    alone = [found["n", "dephasing", ABOVE, count] for count in (2, 4, 8)]
    _, limit = CASES["dephasing"].only_dephased(ABOVE * CASES["dephasing"].critical())
    checks.require("no more photons with more spins, dephasing alone",
                   alone[0] > alone[1] > alone[2] > limit, alone)
    rows.append((f"n, dephasing, g = {ABOVE} gc", *alone, limit))
    return rows


def check_critical(found, checks):
    rows = []
    for case in ("collective", "decay"):
        expected = CASES[case].critical_photons()
        counts = [count for count in (*CRITICAL, 32) if ("n", case, 1.0, count) in found]
        values = [found["n", case, 1.0, count] / math.sqrt(count) for count in counts]
        limit = extrapolated_root(values[-3:])
        checks.compare("at the threshold: n/sqrt N", case, limit, expected, expected, 0.03)
        exponents = [0.5 + math.log2(b / a) for a, b in zip(values, values[1:])]
        checks.compare("at the threshold: exponent", case, exponents[-1], 0.5, tolerance=0.05)
        rows.append((case, counts, values, limit, expected, exponents))
    expected = CASES["decay"].critical_gap()
    scaled = [found["gap", "decay", 1.0, count] * math.sqrt(count) for count in (8, 16)]
    checks.compare("at the threshold: gap sqrt N, N = 16", "decay", scaled[1], expected, expected,
                   0.2)
    checks.require("gap sqrt N falls towards its limit", expected < scaled[1] < scaled[0], scaled)
    return rows


# Output.

def by_count(item):
    return item[0][3], item[0][2]


def write_tables(folder, found):
    def rows(quantity, case, scale=1.0):
        return [(count, f, value, value / count**scale)
                for (name, which, f, count), value in sorted(found.items(), key=by_count)
                if (name, which) == (quantity, case)]

    decay = CASES["decay"]
    grid = [k / 100 for k in range(1, 201)]
    write_csv(folder / "transition.csv", ["N", "g/gc", "n", "n/N"],
              rows("n", "decay")
              + [(0, f, 0.0, decay.mean_field(f * decay.critical())) for f in grid])
    write_csv(folder / "gaps.csv", ["N", "g/gc", "gap", "gap sqrt N"],
              rows("gap", "decay", -0.5)
              + [(0, f, -decay.slowest(f * decay.critical()).real, 0.0) for f in grid if f < 1])
    critical = [(case, count, value, CASES[case].critical_photons() * math.sqrt(count))
                for (name, case, f, count), value in sorted(found.items())
                if (name, f) == ("n", 1.0) and case in ("collective", "decay")]
    write_csv(folder / "critical.csv", ["case", "N", "n", "slow mode"], critical)
    noise = [(case, count, value,
              CASES[case].mean_field(ABOVE * CASES[case].critical()) * count if CASES[case].decay
              else CASES[case].only_dephased(ABOVE * CASES[case].critical())[1])
             for (name, case, f, count), value in sorted(found.items())
             if (name, f) == ("n", ABOVE) and case != "collective"]
    write_csv(folder / "noise.csv", ["case", "N", "n", "limit"], noise)


def print_tables(below, above, critical):
    print(f"\n{'':28}{'N = 4':>10}{'8':>10}{'16':>10}{'limit':>10}{'theory':>10}")
    for name, *numbers in below:
        print(f"{name:28}" + "".join(f"{x:10.5f}" for x in numbers))
    print(f"\n{'':28}{'N = 2':>10}{'4':>10}{'8':>10}{'theory':>10}")
    for name, *numbers in above:
        print(f"{name:28}" + "".join(f"{x:10.5f}" for x in numbers))
    for case, counts, values, limit, expected, exponents in critical:
        print(f"\n{case}, g = gc: n/sqrt(N) -> {limit:.4f}, theory {expected:.4f}")
        for count, value, exponent in zip(counts, values, [math.nan, *exponents]):
            print(f"{count:4}{value:10.5f}   exponent {exponent:.3f}")


def main():
    arguments = read_arguments(__doc__, {"full": "run the larger ensembles as well, which takes "
                                                 "long, in place of reading large.csv",
                                         **COARSE})
    runs = run_all(arguments.lindwurm, tasks(arguments.full, arguments.coarse))
    found = {} if arguments.full else read_large()
    found.update(measure(runs))
    checks = Checks()
    check_soundness(runs, checks)
    check_small(runs, checks)
    tables = check_below(found, checks), check_above(found, checks), check_critical(found, checks)
    print_tables(*tables)
    if arguments.full:
        write_csv(arguments.output / "large.csv", ["quantity", "case", "g/gc", "N", "value"],
                  [(*name, count, found[(*name, count)])
                   for name, counts in sorted(LARGE.items()) for count in counts])
    write_tables(arguments.output, found)
    checks.print_largest()
    draw(FOLDER / "open_dicke.gp", arguments.output, "transition.csv", "gaps.csv", "critical.csv",
         "noise.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
