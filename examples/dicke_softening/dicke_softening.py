#!/usr/bin/env python3
"""The Dicke model with one to four two-level systems: how its slowest mode softens.

Sweeps model.toml over the coupling, with and without the terms that do not conserve quanta, and
compares with exact eigenvalues, with two coupled oscillators, with Liouvillians in plain Python and
with the late decay of an evolved observable. Writes modes.csv, linear.csv, weak.csv and
softening.csv, and draws dicke_softening.png.
"""

import cmath
import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
import textbook as tb  # noqa: E402
from checks import Checks  # noqa: E402
from numerics import eigenvalues, exponents  # noqa: E402
from run_model import COARSE, of_kind, read_arguments, run_all, run_model  # noqa: E402
from tables import draw, write_csv  # noqa: E402

MODEL = FOLDER / "model.toml"
OMEGA, KAPPA, GAMMA = 1.0, 1.0, 1.0
CRITICAL = (OMEGA**2 + KAPPA**2 / 4) / (2 * OMEGA)    # for kappa = gamma
SWEEPS = {1: "{from=0.05, to=1.4, points=28}", 2: "{from=0.1, to=1.4, points=14}",
          3: "{from=0.1, to=1.4, points=14}", 4: "{from=0.6, to=1.4, points=5}"}
COARSE_SWEEPS = {1: "[0.6, 0.8, 1.0, 1.2, 1.4]", 2: "[1.0, 1.2, 1.4]", 3: "[1.0, 1.4]"}
LARGEST = {"late": 3, "weak": 3, "quanta": 4}    # N of the other comparisons
COARSE_LARGEST = {"late": 2, "weak": 2, "quanta": 3}
RATIOS = (0.6, 0.8, 1.0, 1.2, 1.4)               # of the table of gaps
WEAK = (0.05, 0.1, 0.2)         # ratios at which deviations from two oscillators are compared
UNEQUAL = 0.6                   # gamma of the comparison with Tavis and Cummings
LATE = (1.2, 1.4)               # ratios of the evolutions
FEW_LEVELS = 8                  # of Liouvillians in plain Python
DENSE = (0.5, 1.0, 1.4)         # their ratios, N = 1
INVERSE = (1.0, 1.4)            # and N = 2


# What is expected.

def two_oscillators(g):
    """Eigenvalues of L for N -> infinity below threshold, where the two-level systems together are
    an oscillator b: d(a, a^dag, b, b^dag)/dt, H = a^dag a + b^dag b + g (a + a^dag)(b + b^dag)."""
    return [-KAPPA / 2 + sign * cmath.sqrt(-OMEGA**2 + 2 * side * g * OMEGA)
            for side in (1, -1) for sign in (1, -1)]


def two_oscillators_by_matrix(g):
    a, b = -1j * OMEGA - KAPPA / 2, -1j * OMEGA - GAMMA / 2
    return eigenvalues([[a, 0, -1j * g, -1j * g], [0, a.conjugate(), 1j * g, 1j * g],
                        [-1j * g, -1j * g, b, 0], [1j * g, 1j * g, 0, b.conjugate()]])


def one_excitation(g, gamma):
    """Tavis and Cummings: d(a, S)/dt between no quantum and one, exact for any N, and the N - 1
    modes of the two-level systems that the oscillator does not see."""
    middle = -1j * OMEGA - (KAPPA + gamma) / 4
    root = cmath.sqrt(((KAPPA - gamma) / 4)**2 - g**2)
    return [middle + root, middle - root], -1j * OMEGA - gamma / 2


def mean_field(ratio):
    """<n>/N for N -> infinity. Below threshold nothing, above it -<sz> = (gc/g)^2."""
    if ratio <= 1:
        return 0.0
    g, polarised = ratio * CRITICAL, 1 / ratio**2
    x = (1 - polarised) * (OMEGA**2 + GAMMA**2 / 4) / (2 * g**2 * polarised)    # <x>^2/N
    return x / 4 * (1 + KAPPA**2 / (4 * OMEGA**2))


def plain(spins, ratio):
    """The textbook's Liouvillian with few levels."""
    sizes = [FEW_LEVELS] + [2] * spins
    a = tb.embed({0: tb.lowering(FEW_LEVELS)}, sizes)
    x = tb.plus(a, tb.dagger(a))
    lowered = [tb.embed({1 + k: tb.SM}, sizes) for k in range(spins)]
    g = ratio * CRITICAL / math.sqrt(spins)
    hamiltonian = tb.plus(
        tb.times(OMEGA, tb.times(tb.dagger(a), a)),
        *(tb.times(OMEGA, tb.times(tb.dagger(s), s)) for s in lowered),
        *(tb.times(g, tb.times(x, tb.plus(s, tb.dagger(s)))) for s in lowered))
    return tb.liouvillian(hamiltonian, [(a, KAPPA)] + [(s, GAMMA) for s in lowered])


# Runs.

def tasks(is_coarse):
    sweeps = COARSE_SWEEPS if is_coarse else SWEEPS
    largest = COARSE_LARGEST if is_coarse else LARGEST
    found = {("late", n, r): single(n, r, **{"evolve.run": "true"})
             for n in (3, 1, 2) if n <= largest["late"] for r in LATE}
    found |= {("sweep", n): (run_model, MODEL, {"N": n, "sweep.ratio": sweeps[n]})
              for n in sorted(sweeps)[::-1]}
    found |= {("weak", n): (run_model, MODEL, {"N": n, "sweep.ratio": str(list(WEAK)),
                                               "levels": 8})
              for n in range(1, largest["weak"] + 1)}
    found |= {("quanta", n, r): single(n, r, counter=0, gamma=UNEQUAL, levels=4,
                                       **{"spectrum.count": 2 * (n + 1) + 2})
              for n in range(1, largest["quanta"] + 1) for r in (0.5, 1.0, 1.4)}
    found |= {("dense", 1, r): single(1, r, levels=FEW_LEVELS) for r in DENSE}
    found |= {("inverse", 2, r): single(2, r, levels=FEW_LEVELS) for r in INVERSE}
    return found


def single(spins, ratio, **more):
    return run_model, MODEL, {"N": spins, "ratio": ratio, **more}


# Comparisons.

def values_of(run):
    return [complex(*value) for value in run["spectrum"]["eigenvalues"]]


def points_of(run):
    """(ratio, [eigenvalues], gap, <n>, top level, is it complete) of a sweep."""
    sweep = run["sweep"]
    for k, ratio in enumerate(sweep["axes"]["ratio"]):
        yield (ratio, [complex(*z) for z in sweep["spectrum"]["eigenvalues"][k]
                       if z[0] is not None],
               sweep["spectrum"]["gap"][k], sweep["steady"]["observables"]["n"][k],
               sweep["diagnostics"]["steady"]["top_levels"]["mode"][k],
               sweep["spectrum"]["complete"][k])


def soft(values):
    """The mode that softens: the smallest eigenvalue of the polaritons; populations lie at -1."""
    return min((z for z in values if abs(z) > 1e-7 and z.imag > -1e-9 and z.real > -0.8), key=abs)


def nearest(values, wanted):
    return min(values, key=lambda z: abs(z - wanted))


def check_quanta(runs, checks):
    """Where quanta are conserved but for losses: polaritons, and N - 1 dark modes."""
    for (spins, ratio), run in of_kind(runs, "quanta").items():
        # gc is that of the model file, with its gamma.
        g = ratio * math.sqrt((OMEGA**2 + KAPPA**2 / 4) * (OMEGA**2 + UNEQUAL**2 / 4)) / (2 * OMEGA)
        polaritons, dark = one_excitation(g, UNEQUAL)
        values = values_of(run)
        for value in polaritons:
            checks.compare("Tavis and Cummings: polaritons", f"N = {spins}, {ratio}",
                           nearest(values, value), value)
        alike = [z for z in values if abs(z - dark) < 1e-8]
        checks.require(f"N = {spins}, {ratio}: dark modes", len(alike) == spins - 1, str(values))
        for z in alike:
            checks.compare("Tavis and Cummings: dark modes", f"N = {spins}", z, dark)
        checks.compare("Tavis and Cummings: gap", f"N = {spins}, {ratio}", run["spectrum"]["gap"],
                       -max(dark.real if spins > 1 else -9, *(z.real for z in polaritons)))


def check_weak(runs, checks):
    """Rows (N, ratio, deviation of the lower polariton from two oscillators, times N over g^2)."""
    rows = []
    for (spins,), run in sorted(of_kind(runs, "weak").items()):
        for ratio, values, *_ in points_of(run):
            g = ratio * CRITICAL
            expected = two_oscillators(g)[0]
            off = nearest(values, expected) - expected
            rows.append((spins, ratio, abs(off), spins * off / g**2))
    for spins in range(2, rows[-1][0] + 1):
        for ratio in WEAK:
            one, more = (next(row[3] for row in rows if row[:2] == (n, ratio)) for n in (1, spins))
            checks.compare("deviation from two oscillators goes as 1/N", f"N = {spins}, {ratio}",
                           more, one, abs(one), tolerance=4 * ratio**2)
    for ratio in (0.3, 0.7, 0.95):
        other = two_oscillators_by_matrix(ratio * CRITICAL)
        for value in two_oscillators(ratio * CRITICAL):
            checks.compare("two oscillators, formula and matrix", f"{ratio}", value,
                           nearest(other, value))
    return rows


def check_plain(runs, checks):
    for (_, ratio), run in of_kind(runs, "dense").items():
        generator = plain(1, ratio)
        every = [z for start in ((0, 0), (0, 1))
                 for z in eigenvalues(tb.dense(generator, tb.component(generator, start)))]
        every.sort(key=lambda z: -z.real)
        values = values_of(run)
        for value in every[:8]:
            checks.compare("plain Python, N = 1: eigenvalues", f"{ratio}",
                           nearest(values, value), value)
    for (_, ratio), run in of_kind(runs, "inverse").items():
        value = soft(values_of(run))
        expected, _ = tb.nearest_eigenvalue(plain(2, ratio), FEW_LEVELS * 4, value)
        checks.compare("plain Python, N = 2: soft mode", f"{ratio}", value, expected)


def check_late(runs, checks):
    """Rows (N, ratio, gap, rate of the decay of <x>)."""
    rows = []
    for (spins, ratio), run in sorted(of_kind(runs, "late").items()):
        times, gap = run["evolve"]["times"], run["spectrum"]["gap"]
        samples = run["evolve"]["observables"]["x"][times.index(20)::2]
        decays = exponents(samples, times[2], 6)
        rate = -nearest([value for value, _ in decays], -gap)
        checks.compare("late decay of <x>", f"N = {spins}, {ratio}", rate, gap, tolerance=1e-6)
        rows.append((spins, ratio, gap, rate.real))
    return rows


def check_softening(runs, checks):
    """The gap falls with N at and above threshold, and with the coupling from there on."""
    gaps = {}
    for (spins,), run in sorted(of_kind(runs, "sweep").items()):
        for ratio, _, gap, _, _, complete in points_of(run):
            checks.require(f"N = {spins}, {ratio}: certified", complete)
            gaps[spins, round(ratio, 6)] = gap
    for ratio in (1.0, 1.2, 1.4):
        for spins in (2, 3, 4):
            if (spins, ratio) in gaps:
                checks.require(f"N = {spins}, {ratio}: the gap falls with N",
                               gaps[spins, ratio] < gaps[spins - 1, ratio])
    return gaps


def write_tables(folder, runs, weak, gaps):
    rows = [(spins, ratio, gap, -soft(values).real, soft(values).imag, n / spins)
            for (spins,), run in sorted(of_kind(runs, "sweep").items())
            for ratio, values, gap, n, _, _ in points_of(run)]
    write_csv(folder / "modes.csv", ["N", "ratio", "gap", "rate", "frequency", "n/N"], rows)
    lines = []
    for k in range(0, 281):
        ratio = k / 200
        value = two_oscillators(ratio * CRITICAL)[0]
        is_below = ratio <= 1
        lines.append((ratio, -value.real if is_below else math.nan,
                      abs(value.imag) if is_below else math.nan, mean_field(ratio)))
    write_csv(folder / "linear.csv", ["ratio", "rate", "frequency", "mean field"], lines)
    write_csv(folder / "weak.csv", ["N", "ratio", "deviation"], [row[:3] for row in weak])
    write_csv(folder / "softening.csv", ["N", "ratio", "gap"],
              [(spins, ratio, gaps[spins, ratio]) for ratio in RATIOS
               for spins in SWEEPS if (spins, ratio) in gaps])


def main():
    arguments = read_arguments(__doc__, COARSE)
    runs = run_all(arguments.lindwurm, tasks(arguments.coarse))
    checks = Checks()
    check_quanta(runs, checks)
    weak = check_weak(runs, checks)
    check_plain(runs, checks)
    late = check_late(runs, checks)
    gaps = check_softening(runs, checks)
    print(f"\n{'N':>2}{'ratio':>7}{'deviation':>12}{'times N/g^2':>28}")
    for spins, ratio, off, scaled in weak:
        print(f"{spins:2}{ratio:7.2f}{off:12.2e}{scaled:28.4f}")
    print(f"\n{'N':>2}{'ratio':>7}{'gap':>14}{'late decay':>14}")
    for spins, ratio, gap, rate in late:
        print(f"{spins:2}{ratio:7.2f}{gap:14.8f}{rate:14.8f}")
    print(f"\n{'ratio':>6}" + "".join(f"{f'N = {spins}':>12}" for spins in SWEEPS))
    for ratio in RATIOS:
        print(f"{ratio:6}" + "".join(f"{gaps.get((spins, ratio), math.nan):12.6f}"
                                     for spins in SWEEPS))
    print("top levels: " + ", ".join(
        f"{max(row[4] for row in points_of(runs['sweep', spins])):.1e}"
        for spins in SWEEPS if ("sweep", spins) in runs))
    checks.print_largest()
    write_tables(arguments.output, runs, weak, gaps)
    draw(FOLDER / "dicke_softening.gp", arguments.output, "modes.csv", "linear.csv",
         "softening.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
