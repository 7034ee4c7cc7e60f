#!/usr/bin/env python3
"""An oscillator and N spins, exactly, beside the Born-Markov equation of infinitely many.

Follows the kets of the oscillator and up to 12 spins (with --full 20) by `lindwurm run`, solves the
Born-Markov equation of the same spectral density, and compares both with the exact dynamics of
oscillators in place of infinitely many spins, with closed formulas and with dense matrices. Writes
correlation.csv, evolution.csv, large.csv and measured.csv, and draws finite_spin_bath.png.
"""

import cmath
import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from checks import Checks  # noqa: E402
from numerics import runge_kutta  # noqa: E402
from run_model import (COARSE, model_rates, of_kind, read_arguments, run_all,  # noqa: E402
                       run_model)
from tables import draw, read_csv, write_csv  # noqa: E402

J0 = 0.06
W0 = 1.0
DURATION = 40.0
# The cases: name: (half the band's width, temperature, what the oscillator starts in).
CASES = {"cold": (1.0, 0.0, "fock(1)"),
         "narrow": (0.1, 0.0, "fock(1)"),
         "warm": (1.0, 0.5, "coherent(1)")}
SMALL = (4, 8, 12)
COARSE_SMALL = (4, 8)
LARGE = {"cold": (16, 20), "narrow": (), "warm": (16, 20)}
# Random kets in each of the two parities of the spins. N = 4 is summed over product states.
SAMPLES = {8: 16, 12: 4, 16: 2}
TWENTY = {"mixture.samples": 2, "liouvillian.sectors": "false"}
SUBSTITUTES = 64        # oscillators that stand for infinitely many spins
WINDOWS = {"cold": (0.0, 10.0), "warm": (10.0, 30.0)}    # of the distances between curves
START = [0, 0.02, 0.05, 0.1]


# What lindwurm is asked for.

def spins(count, temperature):
    """Settings of model.toml."""
    start = ("down_x" if temperature == 0 else
             "[" + ", ".join(f'"thermal_x(p_up[{k}])"' for k in range(count)) + "]")
    return {"N": count, "k": list(range(count)), "initial.bath": start}


def exact(case, count, more=()):
    h, temperature, state = CASES[case]
    settings = {**spins(count, temperature), "h": h, "T": temperature, "initial.mode": state}
    if temperature > 0:
        settings.update({"mixture.kind": "product-states"} if count == 4 else
                        TWENTY if count == 20 else {"mixture.samples": SAMPLES[count]})
    return run_model, FOLDER / "model.toml", {**settings, **dict(more)}


def master(case, scheme):
    h, temperature, state = CASES[case]
    return run_model, FOLDER / "master.toml", {
        "h": h, "T": temperature, "initial.mode": state, "bath[0].scheme": scheme}


SAMPLED = (4, 8, 16)    # numbers of spins whose correlation function is drawn


def correlation_tasks():
    model = FOLDER / "spins.toml"
    found = {("correlation", "tilted", start): (run_model, model, {"initial.bath": start})
             for start in ("up", "up_y")}
    for count in SAMPLED:
        _, frequencies, couplings = sampled(1.0, count)
        for start in ("up", "up_y"):
            found["correlation", count, start] = (
                run_model, model, {"N": count, "eps": [0.0] * count, "Delta": frequencies,
                                   "g": couplings, "T": 0.001, "initial.bath": start})
    return found


def tasks(is_full, is_coarse):
    found = {}
    small = COARSE_SMALL if is_coarse else SMALL
    for case in CASES:
        for count in (LARGE[case][::-1] if is_full else ()) + small[::-1]:
            found["exact", case, count] = exact(case, count)
        for scheme in ("redfield", "secular"):
            found["master", case, scheme] = master(case, scheme)
    for seed, sectors in ((1, "true"), (2, "true"), (1, "false")):
        found["phases", seed, sectors] = exact("warm", 4, {
            "mixture.kind": "random-phase", "mixture.samples": 64, "mixture.seed": seed,
            "liouvillian.sectors": sectors})
    found["dense", "two spins"] = exact("warm", 4, {**spins(2, 0.5), "levels": DENSE_LEVELS,
                                                    "evolve.times.to": 6,
                                                    "evolve.times.points": 13})
    for case, (_, _, state) in CASES.items():
        found["start", case] = exact(case, 4, {"initial.mode": state, "levels": 16,
                                               "evolve.times": START})
    for case, (h, temperature, _) in CASES.items():
        found["rates", case] = (model_rates, FOLDER / "master.toml", {"h": h, "T": temperature})
    return {**found, **correlation_tasks()}


# Correlation functions.

def density(h, w):
    return J0 * max(0.0, 1 - ((w - W0) / h)**2)


def sampled(h, count):
    """The spacing dw, the spins' splittings and their couplings."""
    dw = 2 * h / count
    frequencies = [W0 - h + (k + 0.5) * dw for k in range(count)]
    return dw, frequencies, [math.sqrt(density(h, w) * dw) for w in frequencies]


def continuum(h, t):
    """int J(w) exp(-iwt) dw: the correlation function of the whole band at T = 0."""
    x = h * t
    # 4 (sin x - x cos x)/x^3, from its power series near 0.
    shape = (4 / 3 - 2 / 15 * x**2 + x**4 / 210 if abs(x) < 0.02 else
             4 * (math.sin(x) - x * math.cos(x)) / x**3)
    return J0 * h * shape * cmath.exp(-1j * W0 * t)


def with_images(h, count, t, images=4000):
    """Poisson's sum: N spins have the correlation function of the continuum, repeated every
    2 pi/dw and turned by a phase each time; for h = w0 the phase is a change of sign."""
    dw = 2 * h / count
    period, turn = 2 * math.pi / dw, -2 * math.pi * ((W0 - h) / dw + 0.5)
    return sum(cmath.exp(-1j * turn * m) * continuum(h, t + m * period)
               for m in range(-images, images + 1))


def correlation_17(eps, delta, g, temperature, t):
    """Eq. (17), with the constant C0 as printed and with that of <B B> - <B>^2."""
    printed = connected = moving = 0
    for e, d, coupling in zip(eps, delta, g):
        split = math.hypot(e, d)
        tanh = math.tanh(split / (2 * temperature))
        printed += (coupling * e / split)**2
        connected += (coupling * e / split)**2 * (1 - tanh**2)
        moving += (coupling * d / split)**2 * (math.cos(split * t) - 1j * tanh
                                               * math.sin(split * t))
    return printed + moving, connected + moving


def times_matrix(a, b):
    return [[sum(x * b[k][j] for k, x in enumerate(row)) for j in range(2)] for row in a]


def exponential(a):
    """exp of a 2 x 2 matrix: a power series of a/2^s, squared s times."""
    squarings = 8
    term = total = [[1, 0], [0, 1]]
    for k in range(1, 30):
        term = times_matrix(term, [[x / (k * 2**squarings) for x in row] for row in a])
        total = [[x + y for x, y in zip(*rows)] for rows in zip(total, term)]
    for _ in range(squarings):
        total = times_matrix(total, total)
    return total


def mean_and_correlation(eps, delta, temperature, t):
    """<sz> and <sz(t) sz> of one spin, from matrices and nothing else."""
    h = [[eps / 2, delta / 2], [delta / 2, -eps / 2]]
    sz = [[1, 0], [0, -1]]
    gibbs = exponential([[-x / temperature for x in row] for row in h])
    z = gibbs[0][0] + gibbs[1][1]
    forth = exponential([[-1j * t * x for x in row] for row in h])
    back = exponential([[1j * t * x for x in row] for row in h])
    moved = times_matrix(back, times_matrix(sz, forth))
    both = times_matrix(gibbs, times_matrix(moved, sz))
    return (gibbs[0][0] - gibbs[1][1]) / z, (both[0][0] + both[1][1]) / z


TILTED = {"eps": [0.3, -0.5, 0.0, 0.9, 0.2, -0.7], "delta": [1.0, 0.8, 1.3, 0.4, 0.1, 1.7],
          "g": [0.1, 0.2, 0.15, 0.3, 0.25, 0.05], "temperature": 0.5}    # as in spins.toml


def found_correlation(runs, name):
    """(t, C + sum_i g_i^2 <sz_i>^2) as lindwurm's kets have it."""
    real, imaginary = runs[name, "up"]["evolve"], runs[name, "up_y"]["evolve"]
    return [(t, complex(a, b)) for t, a, b in zip(real["times"],
                                                  real["observables"]["real_part"],
                                                  imaginary["observables"]["imaginary_part"])]


def check_correlations(runs, checks):
    one = list(zip(TILTED["eps"], TILTED["delta"], TILTED["g"]))
    for t, found in found_correlation(runs, "tilted"):
        printed, connected = correlation_17(**TILTED, t=t)
        dense = [(g**2, *mean_and_correlation(e, d, TILTED["temperature"], t)) for e, d, g in one]
        disconnected = sum(square * mean**2 for square, mean, _ in dense)
        by_matrices = sum(square * both for square, _, both in dense) - disconnected
        checks.compare("C(t) of 6 spins: lindwurm, (17) with the connected C0", f"t = {t}",
                       found - disconnected, connected, 1, 1e-10)
        checks.compare("C(t) of 6 spins: 2 x 2 matrices, (17) with the connected C0", f"t = {t}",
                       by_matrices, connected, 1, 1e-10)
        checks.compare("C(t) of 6 spins: C0 as printed is off by sum_i g_i^2 <sz_i>^2", f"t = {t}",
                       printed - by_matrices, disconnected, 1, 1e-10)
    checks.require("which is not small", disconnected.real > 0.05, f"{disconnected}")
    for count in SAMPLED:
        for t, found in found_correlation(runs, count):
            checks.compare("C(t) of N spins: the continuum's, repeated every 2 pi/dw",
                           f"N = {count}, t = {t}", found, with_images(1.0, count, t),
                           J0, 1e-6)


# Infinitely many spins: oscillators in their place, of the density J tanh(w/2T) (22).

def substitutes(case):
    """{n, x, purity} at each time; purity only of a coherent state.

    H is quadratic and X(t) = r . z(0) with z = (X, P, q_1, ..., p_1, ...), dr/dt = r A. Two such
    rows give the means and covariances of the oscillator.
    """
    h, temperature, state = CASES[case]
    dw, frequencies, couplings = sampled(h, SUBSTITUTES)
    tanh = [math.tanh(w / (2 * temperature)) if temperature else 1.0 for w in frequencies]
    pull = [math.sqrt(2 * tanh_k) * g for g, tanh_k in zip(couplings, tanh)]    # X sum_k pull_k q_k
    count = SUBSTITUTES

    def derivative(row):
        x, p, q_of, p_of = row[0], row[1], row[2:2 + count], row[2 + count:]
        return [-W0 * p - sum(c * b for c, b in zip(pull, p_of)), W0 * x,
                *(-c * p - w * b for c, w, b in zip(pull, frequencies, p_of)),
                *(w * a for w, a in zip(frequencies, q_of))]

    times = [DURATION * k / 80 for k in range(81)]
    rows = [runge_kutta(derivative, [float(j == k) for j in range(2 * count + 2)], times, 15)
            for k in range(2)]
    variance = 1.5 if state == "fock(1)" else 0.5
    mean = 0.0 if state == "fock(1)" else math.sqrt(2)
    own = [variance] * 2 + [0.5 / tanh_k for tanh_k in tanh] * 2
    found = []
    for x, p in zip(*rows):
        xx, pp, xp = (sum(v * a * b for v, a, b in zip(own, left, right))
                      for left, right in ((x, x), (p, p), (x, p)))
        at = mean * x[0], mean * p[0]
        found.append({"n": (xx + pp + at[0]**2 + at[1]**2 - 1) / 2, "x": math.sqrt(2) * at[0],
                      "purity": (math.nan if state == "fock(1)" else
                                 0.5 / math.sqrt(xx * pp - xp**2))})
    return found


# Two spins, by dense vectors.

DENSE_LEVELS = 7


def two_spins(times):
    """n, x and purity at each time: four products of the spins' eigenstates, by Runge and Kutta."""
    temperature = CASES["warm"][1]
    _, frequencies, couplings = sampled(1.0, 2)
    levels = DENSE_LEVELS
    # Along x the spins' energies are signs, and sz flips them.
    signs = [(a, b) for a in (1, -1) for b in (1, -1)]
    number = {pair: k for k, pair in enumerate(signs)}

    def derivative(psi):
        change = [0j] * len(psi)
        for n in range(levels):
            for k, (a, b) in enumerate(signs):
                energy = n * W0 + (a * frequencies[0] + b * frequencies[1]) / 2
                here = psi[4 * n + k]
                change[4 * n + k] += energy * here
                for g, other in zip(couplings, ((-a, b), (a, -b))):
                    to = number[other]
                    if n + 1 < levels:
                        change[4 * n + 4 + to] += g * math.sqrt((n + 1) / 2) * here
                    if n > 0:
                        change[4 * n - 4 + to] += g * math.sqrt(n / 2) * here
        return [-1j * value for value in change]

    coherent = [math.exp(-0.5) / math.sqrt(math.factorial(n)) for n in range(levels)]
    length = math.sqrt(sum(c * c for c in coherent))
    weights, kets = [], []
    for k, (a, b) in enumerate(signs):
        weights.append(math.exp(-(a * frequencies[0] + b * frequencies[1]) / (2 * temperature)))
        start = [0j] * (4 * levels)
        for n in range(levels):
            start[4 * n + k] = coherent[n] / length
        kets.append(runge_kutta(derivative, start, times, 80))
    total = sum(weights)
    found = []
    for at in zip(*kets):
        rho = [[sum(weight / total * psi[4 * m + s] * psi[4 * n + s].conjugate()
                    for weight, psi in zip(weights, at) for s in range(4))
                for n in range(levels)] for m in range(levels)]
        found.append({"n": sum(n * rho[n][n].real for n in range(levels)),
                      "x": sum(2 * math.sqrt(n + 1) * rho[n + 1][n].real
                               for n in range(levels - 1)),
                      "purity": sum(abs(c)**2 for row in rho for c in row)})
    return found


# Results.

def curve(run, name):
    if name == "purity":
        return run["evolve"]["reduced"]["mode"]["purity"]
    return run["evolve"]["observables"][name]


def errors(run, name):
    found = run["evolve"].get("errors", {}).get(name)
    return found or [0.0] * len(run["evolve"]["times"])


def as_columns(run):
    """What is kept of a run: [(t, n, its error, x, its error, purity)]."""
    return [list(row) for row in zip(run["evolve"]["times"], curve(run, "n"), errors(run, "n"),
                                     curve(run, "x"), errors(run, "x"), curve(run, "purity"))]


HEADER = ["source", "case", "t", "n", "n_error", "x", "x_error", "purity"]


def read_large():
    """{(case, N): columns} of the runs that only --full repeats."""
    found = {}
    for row in read_csv(FOLDER / "large.csv"):
        source, case, *values = row.values()
        found.setdefault((case, int(source)), []).append([float(value) for value in values])
    return found


def distance(columns, reference, t_from, t_to):
    """Mean of |<n> - that of infinitely many spins|, and its standard error at most."""
    rows = [(abs(row[1] - other["n"]), row[2]) for row, other in zip(columns, reference)
            if t_from <= row[0] <= t_to]
    return sum(a for a, _ in rows) / len(rows), sum(b for _, b in rows) / len(rows)


def departure(columns, reference, by=0.1):
    """The first time at which <n> exceeds that of infinitely many spins by so much."""
    return next((row[0] for row, other in zip(columns, reference) if row[1] - other["n"] > by),
                math.inf)


# Comparison.

def check_soundness(runs, checks):
    for name, run in runs.items():
        if name[0] in ("exact", "phases", "start", "dense"):
            found = run["diagnostics"]["evolve"]
            checks.compare("the norm is conserved", f"{name}", found["norm_error"], 0, 1, 1e-10)
            checks.compare("the energy is conserved", f"{name}", found["energy_drift"], 0, 1, 1e-9)


def check_dense(run, checks):
    for k, expected in enumerate(two_spins(run["evolve"]["times"])):
        for name, value in expected.items():
            checks.compare("2 spins at T = 0.5: dense kets, Runge and Kutta",
                           f"{name}, t = {run['evolve']['times'][k]}", curve(run, name)[k], value,
                           1, 1e-7)


def check_phases(runs, products, checks):
    """Means over random phases beside sums over the 16 product states."""
    for (seed, sectors), run in runs.items():
        for name in ("n", "x"):
            pulls = [(a - b) / error for a, b, error
                     in zip(curve(run, name), curve(products, name), errors(run, name))
                     if error > 1e-6]
            checks.require(f"random phases, seed {seed}, sectors {sectors}: {name} within 4 errors",
                           max(map(abs, pulls)) < 4, f"{max(map(abs, pulls))}")
            spread = math.sqrt(sum(pull**2 for pull in pulls) / len(pulls))
            checks.require(f"random phases, seed {seed}, sectors {sectors}: errors of {name} are "
                           "neither too large nor too small", 0.3 < spread < 2, f"{spread}")


def check_starts(runs, checks):
    """d<n>/dt = -<P B>, so that <n>'' = C(0) = sum_i g_i^2 at first, whatever the oscillator does;
    the odd orders vanish with <B> and the states' real kets."""
    for case, run in runs.items():
        h = CASES[case][0]
        _, _, couplings = sampled(h, 4)
        square = sum(g * g for g in couplings)
        n = curve(run, "n")
        for t, value in list(zip(run["evolve"]["times"], n))[1:]:
            checks.compare("short times: <n> grows by C(0) t^2/2, to order t^4",
                           f"{case}, t = {t}", (value - n[0]) / (square * t**2 / 2), 1, t**2, 2.0)


def check_master(rates, checks):
    for case, (bath,) in rates.items():
        temperature = CASES[case][1]
        found = bath["coefficients"]
        tanh = math.tanh(W0 / (2 * temperature)) if temperature else 1.0
        checks.compare_relative("Born-Markov: gamma = (pi/2) J0 tanh(w0/2T)", case,
                                found["gamma"], math.pi / 2 * J0 * tanh)
        checks.compare_relative("Born-Markov: D = (pi/2) J0", case, found["D"], math.pi / 2 * J0)


def measure(found, masters, limits):
    """The numbers that the README states."""
    measured = {}
    for (case, count), columns in sorted(found.items()):
        if case in WINDOWS:
            measured["distance", case, count] = distance(columns, limits[case], *WINDOWS[case])
        if case == "cold":
            measured["recurrence", case, count] = departure(columns, limits[case]), 0.0
        if case == "narrow":
            measured["distance", case, count] = distance(columns, limits[case], 0, DURATION)
    for (case, scheme), run in masters.items():
        window = WINDOWS.get(case, (0, DURATION))
        measured["distance of " + scheme, case, "inf"] = distance(as_columns(run), limits[case],
                                                                  *window)
    return measured


def check_measured(measured, found, limits, checks):
    def of(quantity, case):
        return {count: value for (what, where, count), value in measured.items()
                if (what, where) == (quantity, case)}

    cold, warm, narrow = (of("distance", case) for case in ("cold", "warm", "narrow"))
    for name, values in (("cold", cold), ("warm", warm)):
        for few, many in zip(list(values), list(values)[1:]):
            noise = 2 * (values[few][1] + values[many][1])
            checks.require(f"{name}: closer to infinitely many spins from N = {few} to {many}",
                           values[many][0] < values[few][0] + noise, f"{values}")
    slip, steady = (measured["distance of redfield", case, "inf"][0] for case in ("cold", "warm"))
    checks.require("warm: Born-Markov holds for infinitely many spins", steady < 0.006, f"{steady}")
    for count, (value, _) in cold.items():
        checks.require(f"cold: N = {count} is closer to infinitely many spins than Born-Markov",
                       value < slip / 2, f"{value}, {slip}")
        checks.require(f"cold: distance below 0.1/N, N = {count}", value < 0.1 / count, f"{value}")
    for count, (value, error) in warm.items():
        checks.require(f"warm: distance below 3.5/N, N = {count}", value < 3.5 / count, f"{value}")
        checks.require(f"warm: distance above 1.5/N: saturation, N = {count}",
                       value + 2 * error > 1.5 / count, f"{value}")
    for count, (t, _) in of("recurrence", "cold").items():
        period = math.pi * count    # 2 pi/dw
        if period + 2 < DURATION:
            checks.require(f"cold: N = {count} departs at about 2 pi/dw = {period:.4g}",
                           period - 1 < t < period + 2, f"{t}")
        else:
            checks.require(f"cold: N = {count} departs later than {DURATION}",
                           t > min(DURATION, period - 1), f"{t}")
    by_master = measured["distance of redfield", "narrow", "inf"][0]
    for count, (value, _) in narrow.items():
        checks.require(f"narrow: N = {count} is as good as infinitely many spins", value < 0.02,
                       f"{value}")
        checks.require("narrow: Born-Markov is not", by_master > 10 * value, f"{by_master}")
    # What the exact curve does there and an equation with a fixed rate cannot.
    columns = found["narrow", max(narrow)]
    low = min(columns, key=lambda row: row[1])
    checks.require("narrow: all is given to the spins and comes back",
                   low[1] < 0.01 and columns[-1][1] > 0.12, f"{low}, {columns[-1]}")


# Output.

def write_tables(folder, runs, found, masters, limits, measured):
    rows = []
    for count in SAMPLED:
        rows += [[count, t, c.real, c.imag] for t, c in found_correlation(runs, count)]
    rows += [["continuum", t / 8, continuum(1.0, t / 8).real, continuum(1.0, t / 8).imag]
             for t in range(321)]
    write_csv(folder / "correlation.csv", ["source", "t", "real", "imaginary"], rows)
    rows = []
    for (case, count), columns in sorted(found.items()):
        rows += [[count, case, *row] for row in columns]
    for (case, scheme), run in masters.items():
        rows += [[scheme, case, *row] for row in as_columns(run)]
    for case, at in limits.items():
        rows += [["oscillators", case, DURATION * k / 80, values["n"], 0.0, values["x"], 0.0,
                  values["purity"]] for k, values in enumerate(at)]
    write_csv(folder / "evolution.csv", HEADER, rows)
    # What read_large() reads from the example's own folder.
    write_csv(folder / "large.csv", HEADER,
              [[count, case, *row] for (case, count), columns in sorted(found.items())
               if count not in SMALL for row in columns])
    write_csv(folder / "measured.csv", ["quantity", "case", "N", "value", "error"],
              [[*key, *value] for key, value in measured.items()])


def print_table(measured):
    print(f"\n{'quantity':>21} {'case':>7} {'N':>4} {'value':>9} {'error':>7}")
    for (quantity, case, count), (value, error) in measured.items():
        print(f"{quantity:>21} {case:>7} {count:>4} {value:9.4f} {error:7.4f}")


def main():
    arguments = read_arguments(__doc__, {"full": "run 16 and 20 spins as well, which takes long "
                                                 "and 7 GB, in place of reading large.csv",
                                         **COARSE})
    runs = run_all(arguments.lindwurm, tasks(arguments.full, arguments.coarse))
    masters = of_kind(runs, "master")
    found = {} if arguments.full else read_large()
    found.update({name: as_columns(run) for name, run in of_kind(runs, "exact").items()})
    limits = {case: substitutes(case) for case in CASES}
    measured = measure(found, masters, limits)

    checks = Checks()
    check_correlations(of_kind(runs, "correlation"), checks)
    check_soundness(runs, checks)
    check_dense(runs["dense", "two spins"], checks)
    check_phases(of_kind(runs, "phases"), runs["exact", "warm", 4], checks)
    check_starts({name[1]: run for name, run in runs.items() if name[0] == "start"}, checks)
    check_master({name[1]: run for name, run in runs.items() if name[0] == "rates"}, checks)
    check_measured(measured, found, limits, checks)
    write_tables(arguments.output, of_kind(runs, "correlation"), found, masters, limits, measured)
    print_table(measured)
    checks.print_largest()
    draw(FOLDER / "finite_spin_bath.gp", arguments.output, "correlation.csv", "evolution.csv",
         "measured.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
