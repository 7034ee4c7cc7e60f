#!/usr/bin/env python3
"""Steady-state superradiance: pumped two-level systems that share a lossy cavity.

Runs model.toml, in which the cavity is eliminated, from weak to strong pumps, and cavity.toml; and
compares intensity, linewidth and second-order correlation with rate equations in the (J,M) basis,
equations of moments, cumulants, and the textbook master equation of one to three systems. Writes
pump.csv, line.csv and cavity.csv, and draws steady_superradiance.png. With --full it runs N = 100
too, some minutes, and compares large.csv.
"""

import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
import textbook as tb  # noqa: E402
from checks import Checks  # noqa: E402
from multiplets import Ladders, excited, light, pairs  # noqa: E402
from numerics import solve  # noqa: E402
from run_model import of_kind, read_arguments, run_all, run_model  # noqa: E402
from tables import draw, read_csv, write_csv  # noqa: E402

MODEL = FOLDER / "model.toml"
CAVITY = FOLDER / "cavity.toml"
GAMMA = 0.1                       # in units of the collective decay
SIZES = (10, 20, 40)
LARGE = 100
WEAK = (0.02, 0.05, 0.1, 0.3, 1.0)
STRONG = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0, 1.3, 2.0, 4.0)    # of N
LARGE_PUMPS = (1.0, 10.0, 25.0, 50.0, 75.0, 100.0, 200.0)
OF_LARGE = {"steady.solver": "mumps", "correlation[0].frequencies.points": 11}
FEW_PUMPS = (0.2, 1.0, 5.0)
THERMAL = 100.0                   # of N, of N = 10
IN_CAVITY = 6
RATIOS = (10, 20, 40, 80)         # kappa/(N Gamma)
LEVELS = 5
FEW_RATIO = 4


def pumps(spins):
    return LARGE_PUMPS if spins == LARGE else (*WEAK, *(spins * ratio for ratio in STRONG))


# What is expected.

class RateEquation:
    """The steady state and its spectrum in the basis |J,M>."""

    def __init__(self, spins, w):
        rates = {"collective": 1.0, "decay": GAMMA, "pump": w}
        self.spins = spins
        self.ladders = Ladders(spins, **rates)
        self.populations = self.ladders.stationary()
        self.excited, self.light, self.pairs = (
            sum(map(float.__mul__, self.ladders.observable(a), self.populations))
            for a in (excited(spins), light, pairs))
        self.g2 = self.pairs / self.light**2
        self.coherences = Ladders(spins, k=1, **rates)
        self.weights = [math.sqrt(light(*state)) for state in self.coherences.states]
        self.known = {}

    def width(self):
        """Of a Lorentzian with this light and this S(0)."""
        return 4 * self.light / self.spectrum(0.0)

    def spectrum(self, w):
        """Of S+ and S-: S- rho has the elements |J,M-1><J,M|."""
        if w in self.known:
            return self.known[w]
        population = dict(zip(self.ladders.states, self.populations))
        start = [weight * population[state]
                 for weight, state in zip(self.weights, self.coherences.states)]
        ends = self.coherences.resolvent(1j * w, start)
        self.known[w] = 2 * sum(map(complex.__mul__, map(complex, self.weights), ends)).real
        return self.known[w]


def one_system(w):
    """(excited, spectrum at a frequency)"""
    rate = (w + GAMMA + 1) / 2
    up = w / (2 * rate)
    return up, lambda frequency: 2 * up * rate / (rate**2 + frequency**2)


def two_systems(w):
    """(excited, light) from <sigma_z>, <s+ s-> and <sigma_z sigma_z>, whose equations close."""
    down = GAMMA + 1
    z, c, zz = (x.real for x in solve([[-w - down, -2, 0],
                                       [0.5, -w - down, 0.5],
                                       [2 * (w - down), 4, -2 * (w + down)]], [down - w, 0, 0]))
    return 1 + z, 1 + z + 2 * c


def cumulants(spins, w):
    """(excited, light, width) for many systems: <sigma_z sigma_z> = <sigma_z>^2, and the same in
    the regression of s+ (Meiser et al. 2009)."""
    total_rate, net = w + GAMMA + 1, w - GAMMA - 1
    # d<sigma_z>/dt = 0 gives <s+ s-> of a pair, and with it d<s+ s->/dt = 0 is quadratic in z.
    square = spins - 1 - (spins - 2) * total_rate
    linear = spins - 1 + (spins - 2) * net + total_rate**2
    z = 2 * total_rate * net / (linear + math.sqrt(linear**2 + 4 * square * total_rate * net))
    pair = (net - total_rate * z) / (2 * (spins - 1))
    return (spins * (1 + z) / 2, spins * (1 + z) / 2 + spins * (spins - 1) * pair,
            total_rate - (spins - 1) * z)


def with_cavity(spins, w, levels, kappa):
    """(excited, n, <a^dag a^dag a a>) of the textbook master equation."""
    sizes = [levels] + [2] * spins
    a = tb.embed({0: tb.lowering(levels)}, sizes)
    down = [tb.embed({1 + k: tb.SM}, sizes) for k in range(spins)]
    exchange = tb.times(tb.dagger(a), tb.plus(*down))
    hamiltonian = tb.times(math.sqrt(kappa) / 2, tb.plus(exchange, tb.dagger(exchange)))
    jumps = [(a, kappa)]
    for s in down:
        jumps += [(s, GAMMA), (tb.dagger(s), w)]
    rho = tb.steady_state(tb.liouvillian(hamiltonian, jumps))
    up = tb.plus(*(tb.times(tb.dagger(s), s) for s in down))
    both = tb.times(a, a)
    return [tb.expectation(b, rho).real
            for b in (up, tb.times(tb.dagger(a), a), tb.times(tb.dagger(both), both))]


# Runs.

def expectations(full):
    """{(N, w): RateEquation}"""
    found = {(spins, w): RateEquation(spins, w) for spins in SIZES for w in pumps(spins)}
    found[SIZES[0], THERMAL * SIZES[0]] = RateEquation(SIZES[0], THERMAL * SIZES[0])
    if full:
        found |= {(LARGE, w): RateEquation(LARGE, w) for w in pumps(LARGE)}
    return found


def tasks(expected):
    found = {}
    for (spins, w), equation in sorted(expected.items(), key=lambda item: -item[0][0]):
        found["pump", spins, w] = (run_model, MODEL, {
            "N": spins, "w": w, "span": 2 * equation.width(),
            **(OF_LARGE if spins == LARGE else {})})
    for spins in (1, 2):
        for w in FEW_PUMPS:
            found["few", spins, w] = (run_model, MODEL, {"N": spins, "w": w})
    for spins in (1, 2, 3):
        for w in FEW_PUMPS:
            found["textbook", spins, w] = (run_model, CAVITY, {
                "N": spins, "w": w, "ratio": FEW_RATIO, "levels": LEVELS,
                "diagnostics.top_level": 1})
    for ratio in RATIOS:
        found["ratio", ratio] = (run_model, CAVITY, {"N": IN_CAVITY, "ratio": ratio})
    return found


# Comparisons.

def second_order(run):
    """g2(0)"""
    value, = run["correlations"]["photons"]["values"]
    return value[0] / run["steady"]["observables"]["light"]**2


def spectrum_of(run):
    found = run["correlations"]["emission"]
    return list(zip(found["frequencies"], found["spectrum"]))


def full_width(points):
    """Twice the frequency at which S is half of that at 0: 1/S, which is a parabola for a
    Lorentzian, between two frequencies."""
    half = 2 / points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if 1 / y1 >= half:
            slope = (1 / y1 - 1 / y0) / (x1**2 - x0**2)
            return 2 * math.sqrt(x0**2 + (half - 1 / y0) / slope)
    return math.nan


def check_rate_equations(runs, checks, expected):
    """Spectra of N = 40 and more at some of the frequencies, for a solve takes a while."""
    for (spins, w), run in of_kind(runs, "pump").items():
        equation, detail = expected[spins, w], f"N = {spins}, w = {w}"
        found = run["steady"]["observables"]
        checks.compare("(J,M) rate equation: excited", detail, found["excited"],
                       equation.excited, spins)
        checks.compare_relative("(J,M) rate equation: light", detail, found["light"],
                                equation.light)
        checks.compare_relative("(J,M) rate equation: g2", detail, second_order(run), equation.g2)
        for frequency, value in spectrum_of(run)[::{10: 1, 20: 4, 40: 20, 100: 10}[spins]]:
            checks.compare("(J,M) rate equation: spectrum", f"{detail}, at {frequency}", value,
                           equation.spectrum(frequency), equation.spectrum(0.0))


def check_few(runs, checks):
    for (spins, w), run in of_kind(runs, "few").items():
        found = run["steady"]["observables"]
        if spins == 2:
            for name, value in zip(("excited", "light"), two_systems(w)):
                checks.compare("two systems, moments", f"w = {w}, {name}", found[name], value)
            continue
        up, spectrum = one_system(w)
        checks.compare("one system: excited", f"w = {w}", found["excited"], up)
        checks.compare("one system: g2", f"w = {w}", second_order(run), 0)
        for frequency, value in spectrum_of(run):
            checks.compare("one system: spectrum", f"w = {w}, at {frequency}", value,
                           spectrum(frequency))


def check_many(runs, checks):
    """How far cumulants go, and the limits."""
    for (spins, w), run in of_kind(runs, "pump").items():
        up, much, _ = cumulants(spins, w)
        found = run["steady"]["observables"]
        if spins >= 20:
            checks.compare("cumulants: light/N^2", f"N = {spins}, w = {w}",
                           found["light"] / spins**2, much / spins**2, tolerance=0.015)
        if spins >= 20 and w >= 1:
            checks.compare("cumulants: excited/N", f"N = {spins}, w = {w}",
                           found["excited"] / spins, up / spins, tolerance=0.02)
    strong = runs["pump", SIZES[0], THERMAL * SIZES[0]]
    checks.compare("g2 of independent systems", "N = 10, w = 1000", second_order(strong),
                   2 * (1 - 1 / SIZES[0]), tolerance=0.02)


def check_cavity(runs, checks):
    for (spins, w), run in of_kind(runs, "textbook").items():
        expected = with_cavity(spins, w, LEVELS, FEW_RATIO * spins)
        found = run["steady"]["observables"]
        for name, value in zip(("excited", "n", "pairs"), expected):
            checks.compare("textbook with cavity", f"N = {spins}, w = {w}, {name}", found[name],
                           value)
    rows = []
    without = RateEquation(IN_CAVITY, IN_CAVITY / 2)
    for (ratio,), run in of_kind(runs, "ratio").items():
        found = run["steady"]["observables"]
        kappa = ratio * IN_CAVITY
        gain = IN_CAVITY / 2 * (IN_CAVITY - found["excited"]) - GAMMA * found["excited"]
        checks.compare("kappa n = pump - decay", f"kappa = {kappa}", kappa * found["n"], gain)
        rows.append((ratio, kappa * found["n"], found["pairs"] / found["n"]**2,
                     kappa * found["n"] / without.light - 1,
                     found["pairs"] / found["n"]**2 / without.g2 - 1))
    for column, name in ((3, "light"), (4, "g2")):
        slope = math.log2(rows[-1][column] / rows[-2][column])
        checks.compare("deviation of the cavity against kappa: exponent", name, slope, -1,
                       tolerance=0.1)
    return rows


def read_large():
    return [tuple(map(float, row.values())) for row in read_csv(FOLDER / "large.csv")]


def table(runs):
    """(N, w, excited, light, g2, width), N = 100 from the table if it was not run."""
    rows = []
    for (spins, w), run in of_kind(runs, "pump").items():
        found = run["steady"]["observables"]
        rows.append((spins, w, found["excited"], found["light"], second_order(run),
                     full_width(spectrum_of(run))))
    if not any(row[0] == LARGE for row in rows):
        for w, much, g2, width in read_large():
            # What is pumped and does not decay is light.
            much *= LARGE**2
            rows.append((LARGE, w, (w * LARGE - much) / (w + GAMMA), much, g2, width))
    return sorted(rows)


def check_scaling(rows, checks):
    """At w = N/2, where mean fields give N^2/8."""
    best = [row for row in rows if row[1] == row[0] / 2]
    (n, _, _, low, _, _), (m, _, _, high, _, _) = best[-2:]
    exponent = math.log(high / low) / math.log(m / n)
    checks.compare("light at w = N/2: exponent of N", f"N = {n}, {m}", exponent, 2, tolerance=0.01)
    checks.compare("light/N^2 at w = N/2", f"N = {m}", high / m**2, 1 / 8, tolerance=0.004)
    return best, exponent


def check_large(rows, checks, full):
    """The table of N = 100 with what was run, and at one pump with the rate equation."""
    for w, much, g2, width in read_large():
        if full:
            found = next(row for row in rows if row[:2] == (LARGE, w))
            checks.compare("large.csv", f"w = {w}, light", found[3] / LARGE**2, much)
            checks.compare("large.csv", f"w = {w}, g2", found[4], g2)
            checks.compare("large.csv: width", f"w = {w}", found[5], width, width, 1e-6)
        if w == LARGE / 2:
            equation = RateEquation(LARGE, w)
            checks.compare("large.csv", "light", much, equation.light / LARGE**2)
            checks.compare("large.csv", "g2", g2, equation.g2)


def write_tables(folder, rows, runs, expected, cavity):
    write_csv(folder / "pump.csv",
              ["N", "w", "w/N", "light/N^2", "g2", "width", "light expected", "g2 expected",
               "light by cumulants", "width by cumulants"],
              [(spins, w, w / spins, much / spins**2, g2, width,
                *((expected[spins, w].light / spins**2, expected[spins, w].g2)
                  if (spins, w) in expected else (much / spins**2, g2)),
                cumulants(spins, w)[1] / spins**2, cumulants(spins, w)[2])
               for spins, w, _, much, g2, width in rows if w <= 4 * spins])
    write_csv(folder / "line.csv", ["w/N", "frequency", "S/S(0)", "expected"],
              [(w / SIZES[1], frequency, value / spectrum_of(run)[0][1],
                expected[spins, w].spectrum(frequency) / expected[spins, w].spectrum(0.0))
               for (spins, w), run in of_kind(runs, "pump").items() if spins == SIZES[1]
               and w / spins in (0.1, 0.5, 1.0) for frequency, value in spectrum_of(run)])
    write_csv(folder / "cavity.csv", ["kappa/(N Gamma)", "light", "g2", "light off", "g2 off"],
              cavity)


def main():
    arguments = read_arguments(__doc__, {"full": "runs N = 100 as well"})
    expected = expectations(arguments.full)
    runs = run_all(arguments.lindwurm, tasks(expected))
    checks = Checks()
    check_rate_equations(runs, checks, expected)
    check_few(runs, checks)
    check_many(runs, checks)
    cavity = check_cavity(runs, checks)
    rows = table(runs)
    best, exponent = check_scaling(rows, checks)
    check_large(rows, checks, arguments.full)
    print(f"\n{'N':>4}{'w':>7}{'excited/N':>11}{'light/N^2':>11}{'g2':>9}{'width':>10}")
    for spins, w, up, much, g2, width in rows:
        print(f"{spins:4}{w:7g}{up / spins:11.5f}{much / spins**2:11.5f}{g2:9.4f}{width:10.4f}")
    print(f"\nat w = N/2: {', '.join(f'N = {row[0]}: {row[3] / row[0]**2:.5f}' for row in best)}; "
          f"exponent {exponent:.4f}")
    print(f"\n{'kappa/(N Gamma)':>16}{'kappa n':>10}{'g2':>9}{'off':>10}{'off':>10}")
    for ratio, much, g2, off, off_g2 in cavity:
        print(f"{ratio:16}{much:10.5f}{g2:9.5f}{off:10.5f}{off_g2:10.5f}")
    checks.print_largest()
    write_tables(arguments.output, rows, runs, expected, cavity)
    draw(FOLDER / "steady_superradiance.gp", arguments.output, "pump.csv", "line.csv",
         "cavity.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
