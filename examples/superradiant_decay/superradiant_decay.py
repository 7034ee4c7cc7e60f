#!/usr/bin/env python3
"""Superradiant decay of 10 to 200 two-level systems, and how dephasing takes it away.

Runs model.toml without and with processes that act on each system by itself, and compares with rate
equations in the (J,M) basis, with the textbook master equation of two to four, and with the limit
of many. Writes decay.csv, dephasing.csv, peaks.csv and multiplets.csv, and draws
superradiant_decay.png. With --full it runs N = 200 too and compares it with large.csv.
"""

import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
import textbook as tb  # noqa: E402
from checks import Checks  # noqa: E402
from multiplets import Ladders, excited, light  # noqa: E402
from run_model import of_kind, read_arguments, run_all, run_model, series  # noqa: E402
from tables import draw, read_csv, write_csv  # noqa: E402

MODEL = FOLDER / "model.toml"
SIZES = (10, 20, 50, 100)
LARGE = 200
DEPHASING = (0.0, 0.05, 0.1, 0.2, 0.5)    # gphi/(N Gamma), N = 50
FIXED = (5.0, 20.0)                       # gphi/Gamma
SPREAD = 50                               # N of (b) and (d)
DECAY = 0.1                               # gamma/(N Gamma)
FEW = (2, 3, 4)
OF_FEW = {"gamma": 0.3, "gphi": 0.7}
EULER = 0.57721566490153286


# What is expected.

class Symmetric(Ladders):
    """Collective decay alone: down the one ladder J = N/2, at the rates (J+M)(J-M+1)."""

    def __init__(self, spins):
        half = spins / 2
        self.states = [(half, half - n) for n in range(spins + 1)]
        self.rows = [{n: -light(*state)} for n, state in enumerate(self.states)]
        for n in range(spins):
            self.rows[n + 1][n] = light(*self.states[n])


def rate_equation(spins, gamma=0.0, gphi=0.0):
    if gamma or gphi:
        return Ladders(spins, collective=1.0, decay=gamma, dephasing=gphi / 2)
    return Symmetric(spins)


def expected_curves(times, spins, **rates):
    """Excited, light and symmetric at each time."""
    equation = rate_equation(spins, **rates)
    start = equation.observable(lambda j, m: float(m == spins / 2))
    observables = (excited(spins), light, lambda j, m: float(j == spins / 2))
    return equation.evolved(start, [equation.observable(a) for a in observables], times)


def exponential_integral(x):
    """E_1"""
    if x < 1:
        found, term = -EULER - math.log(x), 1.0
        for k in range(1, 40):
            term *= -x / k
            found -= term / k
        return found
    fraction = 0.0
    for k in range(200, 0, -1):
        fraction = k / (1 + k / (x + fraction))
    return math.exp(-x) / (x + fraction)


def of_many(s):
    """Light over N^2 for N without limit, s = N Gamma t - ln N.

    The first photons come like a birth process, xi exp(N Gamma t) of them with xi distributed as
    exp(-xi); then n' = Gamma n (N - n). The mean over xi of u/(1 + u)^2, u = xi exp(s), is this.
    """
    a = math.exp(-s)
    if a > 200:  # u << 1
        return math.exp(s) - 4 * math.exp(2 * s) + 18 * math.exp(3 * s) - 96 * math.exp(4 * s)
    return a * ((1 + a) * math.exp(a) * exponential_integral(a) - 1)


def textbook(spins, times):
    """Excited, light and J(J+1) of the full space of 2^N states, at times from 0 on."""
    def each(a):
        return [tb.embed({k: a}, [2] * spins) for k in range(spins)]

    together = tb.plus(*each(tb.SM))
    half_z = tb.times(0.5, tb.plus(*each(tb.SZ)))
    generator = tb.liouvillian({}, [(together, 1.0)] + [(a, OF_FEW["gamma"]) for a in each(tb.SM)]
                               + [(a, OF_FEW["gphi"] / 2) for a in each(tb.SZ)])
    emitted = tb.times(tb.dagger(together), together)
    number = tb.plus(*each(tb.times(tb.dagger(tb.SM), tb.SM)))
    square = tb.plus(emitted, tb.times(half_z, half_z), tb.times(-1, half_z))
    rho, now = {(0, 0): 1.0}, 0.0
    for t in times:
        rho, now = tb.evolved(generator, rho, t - now), t
        yield tuple(tb.expectation(a, rho).real for a in (number, emitted, square))


# Runs.

def multiplets_of(spins):
    return [spins / 2 - k for k in range(spins // 2 + 1)]


def with_multiplets(spins):
    return {f"observables.J{int(2 * j)}": f"multiplet(atoms, {j:g})" for j in multiplets_of(spins)}


def tasks(full):
    found = {}
    if full:
        for gphi in (0.0, *FIXED):
            found["fixed", LARGE, gphi] = {"N": LARGE, "gphi": gphi}
    for spins in sorted(SIZES, reverse=True):
        for gphi in (0.0, *FIXED):
            found["fixed", spins, gphi] = {"N": spins, "gphi": gphi}
    for ratio in DEPHASING:
        found["spread", ratio] = {"N": SPREAD, "gphi": ratio * SPREAD, **with_multiplets(SPREAD)}
    found["decay", DECAY] = {"N": SPREAD, "gamma": DECAY * SPREAD}
    for spins in FEW:
        found["few", spins] = {"N": spins, **OF_FEW, **with_multiplets(spins),
                               "evolve.times.points": 9, "evolve.times.to": 2}
    return {name: (run_model, MODEL, settings) for name, settings in found.items()}


# Comparisons.

def highest(points):
    """Place and height of the highest point, by the parabola through it and its neighbours."""
    k = max(range(len(points)), key=lambda j: points[j][1])
    if k in (0, len(points) - 1):
        return points[k]
    (x0, y0), (x1, y1), (x2, y2) = points[k - 1:k + 2]
    first, second = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
    bend = (second - first) / (x2 - x0)
    place = (x0 + x1) / 2 - first / (2 * bend)
    return place, y1 + (place - x1) * (first + bend * (place - x0))


def peak(run, spins):
    """Delay, as N Gamma t, and highest light."""
    return highest([(spins * t, value) for t, value in series(run, "light")])


def compare_run(checks, topic, run, spins, **rates):
    times = run["evolve"]["times"]
    excited_, light_, symmetric = expected_curves(times, spins, **rates)
    for k, t in enumerate(times):
        found = {name: run["evolve"]["observables"][name][k]
                 for name in ("excited", "light", "symmetric")}
        detail = f"N = {spins}, {rates}, t = {t}"
        checks.compare(f"{topic}: excited", detail, found["excited"], excited_[k], spins)
        checks.compare(f"{topic}: light", detail, found["light"], light_[k], spins**2)
        checks.compare(f"{topic}: symmetric", detail, found["symmetric"], symmetric[k])


def check_rate_equations(runs, checks, full):
    for (spins, gphi), run in of_kind(runs, "fixed").items():
        if not gphi:
            compare_run(checks, "collective decay alone", run, spins)
        elif spins < 100 or full:
            compare_run(checks, "with dephasing", run, spins, gphi=gphi)
    for (ratio,), run in of_kind(runs, "spread").items():
        if ratio:
            compare_run(checks, "with dephasing", run, SPREAD, gphi=ratio * SPREAD)
    compare_run(checks, "with decay of each", runs["decay", DECAY], SPREAD, gamma=DECAY * SPREAD)


def check_few(runs, checks):
    for (spins,), run in of_kind(runs, "few").items():
        observables = run["evolve"]["observables"]
        for k, expected in enumerate(textbook(spins, run["evolve"]["times"])):
            square = sum(j * (j + 1) * observables[f"J{int(2 * j)}"][k]
                         for j in multiplets_of(spins))
            for name, found, value in zip(("excited", "light", "J(J+1)"),
                                          (observables["excited"][k], observables["light"][k],
                                           square), expected):
                checks.compare(f"textbook master equation: {name}",
                               f"N = {spins}, time {k}", found, value, spins**2)


def peaks(runs):
    """(N, gphi, delay, light) of all runs, N = 200 from the table if it was not run."""
    rows = [(spins, gphi, *peak(run, spins))
            for (spins, gphi), run in of_kind(runs, "fixed").items()]
    if ("fixed", LARGE, 0.0) not in runs:
        for row in read_csv(FOLDER / "large.csv"):
            rows.append((int(row["N"]), *(float(row[name]) for name in ("gphi", "delay", "light"))))
    return sorted(rows, key=lambda row: (row[1], row[0]))


def exponent(rows, gphi):
    """Of the peak, by its last two points."""
    (n, _, _, low), (m, _, _, high) = [row for row in rows if row[1] == gphi][-2:]
    return math.log(high / low) / math.log(m / n)


def check_limit(rows, checks):
    """The peaks of collective decay alone, against the limit of many; what is left goes as ln N/N,
    and so do its constants."""
    place, height = highest([(s / 1000, of_many(s / 1000)) for s in range(-1000, 2000)])
    for spins, gphi, delay, most in rows:
        if gphi == 0:
            small = math.log(spins) / spins
            checks.compare("peak/N^2 against many", f"N = {spins}", most / spins**2, height,
                           tolerance=0.15 * small)
            checks.compare("delay less ln N against many", f"N = {spins}",
                           delay - math.log(spins), place, tolerance=2.5 * small)
    checks.compare("exponent of the peak", "no dephasing", exponent(rows, 0.0), 2, tolerance=0.01)
    return place, height


def check_large(rows, checks, full):
    """The table of N = 200 with what was run, and with the rate equation of collective decay."""
    times = [20 / LARGE * k / 200 for k in range(201)]
    _, curve, _ = expected_curves(times, LARGE)
    known = [(0.0, *highest([(LARGE * t, value) for t, value in zip(times, curve)]))]
    known += [row[1:] for row in rows if full and row[0] == LARGE]
    for row in read_csv(FOLDER / "large.csv"):
        for gphi, delay, most in known:
            if gphi == float(row["gphi"]):
                checks.compare("large.csv: delay", f"gphi = {gphi}", delay, float(row["delay"]))
                checks.compare("large.csv: light", f"gphi = {gphi}", most, float(row["light"]),
                               LARGE**2)


def write_tables(folder, runs, rows):
    write_csv(folder / "decay.csv", ["N", "NGt - ln N", "light/N^2", "expected"],
              [(spins, spins * t - math.log(spins), value / spins**2, wanted / spins**2)
               for (spins, gphi), run in of_kind(runs, "fixed").items() if gphi == 0
               for (t, value), wanted in zip(series(run, "light"), expected_curves(
                   run["evolve"]["times"], spins)[1])])
    write_csv(folder / "many.csv", ["NGt - ln N", "light/N^2"],
              [(s / 50, of_many(s / 50)) for s in range(-250, 550)])
    write_csv(folder / "dephasing.csv", ["gphi/NG", "NGt", "light/N", "expected"],
              [(ratio, SPREAD * t, value / SPREAD, wanted / SPREAD)
               for (ratio,), run in of_kind(runs, "spread").items()
               for (t, value), wanted in zip(series(run, "light"), expected_curves(
                   run["evolve"]["times"], SPREAD, gphi=ratio * SPREAD)[1])])
    write_csv(folder / "peaks.csv", ["N", "gphi", "NG delay", "light"], rows)
    run = runs["spread", 0.1]
    write_csv(folder / "multiplets.csv", ["NGt", "2J/N", "population"],
              [(SPREAD * t, 2 * j / SPREAD, value) for j in multiplets_of(SPREAD)
               for t, value in series(run, f"J{int(2 * j)}")])


def main():
    arguments = read_arguments(__doc__, {"full": "runs N = 200 as well"})
    runs = run_all(arguments.lindwurm, tasks(arguments.full))
    checks = Checks()
    check_rate_equations(runs, checks, arguments.full)
    check_few(runs, checks)
    rows = peaks(runs)
    place, height = check_limit(rows, checks)
    check_large(rows, checks, arguments.full)
    print(f"\n{'N':>4}{'gphi':>6}{'delay':>10}{'- ln N':>9}{'light':>13}{'/N^2':>9}")
    for spins, gphi, delay, most in rows:
        print(f"{spins:4}{gphi:6g}{delay:10.4f}{delay - math.log(spins):9.4f}{most:13.4f}"
              f"{most / spins**2:9.5f}")
    print(f"many{0:6}{place:19.4f}{height:22.5f}")
    for gphi in (0.0, *FIXED):
        print(f"exponent of the peak, gphi = {gphi:g}: {exponent(rows, gphi):.4f}")
    checks.print_largest()
    write_tables(arguments.output, runs, rows)
    draw(FOLDER / "superradiant_decay.gp", arguments.output, "decay.csv", "many.csv",
         "dephasing.csv", "peaks.csv", "multiplets.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
