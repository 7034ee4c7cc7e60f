#!/usr/bin/env python3
"""The Jaynes-Cummings model with cavity loss: dressed against phenomenological.

Runs model.toml, for several schemes, and phenomenological.toml through lindwurm and compares with
closed formulas for one excitation and for thermal equilibrium. Writes decay.csv, lines.csv and
equilibrium.csv, and draws jaynes_cummings_loss.png.
"""

import cmath
import math
import pathlib
import sys
from typing import NamedTuple

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from checks import Checks  # noqa: E402
from run_model import (model_rates, nearest, of_kind, read_arguments, run_all,  # noqa: E402
                       run_model, series)
from tables import draw, write_csv  # noqa: E402

W0 = 1.0
CUTOFF = 10.0
COLOURED = '{ kind = "ohmic-drude", strength = "strength", cutoff = "cutoff" }'
# As they are called here, by what they set.
EQUATIONS = {"dressed": {"bath[0].scheme": "secular"},
             "grouped": {"bath[0].scheme": "partial-secular", "bath[0].grouping": 0.6},
             "local": {"bath[0].scheme": "local"},
             "phenomenological": {}}


class Case(NamedTuple):
    g: float
    kappa: float
    density: str
    duration: float


BAD_CAVITY = Case(0.004, 0.04, "flat", 300)
STRONG = Case(0.1, 0.02, "flat", 300)
CASES = {"bad cavity": BAD_CAVITY, "bad cavity, coloured": BAD_CAVITY._replace(density="coloured"),
         "intermediate": Case(0.012, 0.04, "flat", 200), "strong": STRONG,
         "strong, coloured": STRONG._replace(density="coloured"),
         "ultrastrong, coloured": Case(0.3, 0.1, "coloured", 100)}
LINES = Case(0.3, 0.1, "coloured", 1000)
LINE_POINTS = 4001

TEMPERATURES = (0.5, 1.0)
COUPLINGS = (0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35)
THERMAL_LEVELS = 14


# What is expected.

def rate(case, w):
    """S(w) at T = 0."""
    if case.density == "flat":
        return case.kappa
    return case.kappa * w / W0 * (1 + (W0 / CUTOFF)**2) / (1 + (w / CUTOFF)**2)


class OneExcitation:
    """The amplitudes of |1,+> and |1,->: c' = -i E c - (1/2) Gamma c.

    The lowering part of x from the first doublet is (|0><1,+| - |0><1,-|)/sqrt 2, so Gamma has
    half of S(w0 +- g) on its diagonal. The dressed equation has nothing beside it: the states decay
    by themselves. Grouped, there is half of -S(w0). With kappa for S everywhere this is D[a].
    """

    def __init__(self, equation, case):
        self.g = case.g
        if equation in ("local", "phenomenological"):
            plus = minus = cross = rate(case, W0)
        else:
            plus, minus = rate(case, W0 + case.g), rate(case, W0 - case.g)
            cross = rate(case, W0) if equation == "grouped" else 0.0
        self.rates = plus / 2, minus / 2
        self.matrix = [[-1j * case.g - plus / 4, cross / 4], [cross / 4, 1j * case.g - minus / 4]]

    def eigenvalues(self):
        (a, b), (_, d) = self.matrix
        root = cmath.sqrt(((a - d) / 2)**2 + b * b)
        return (a + d) / 2 + root, (a + d) / 2 - root

    def amplitudes(self, t):
        """From the atom excited, (|1,+> + |1,->)/sqrt 2, without the phase exp(-i w0 t)."""
        (a, b), (_, d) = self.matrix
        mean, root = (a + d) / 2, cmath.sqrt(((a - d) / 2)**2 + b * b)
        even = cmath.exp(mean * t) * cmath.cosh(root * t)
        odd = cmath.exp(mean * t) * (cmath.sinh(root * t) / root if abs(root * t) > 1e-12 else t)
        start = math.sqrt(0.5)
        return (start * (even + odd * (a - mean + b)), start * (even + odd * (d - mean + b)))

    def observables(self, t):
        plus, minus = self.amplitudes(t)
        return {"plus": abs(plus)**2, "minus": abs(minus)**2,
                "atom": abs(plus + minus)**2 / 2, "photons": abs(plus - minus)**2 / 2}

    def dipole(self, t):
        """<s-> from (|up> + |down>)|0>/sqrt 2."""
        plus, minus = self.amplitudes(t)
        return (plus + minus) / math.sqrt(2) / 2 * cmath.exp(-1j * W0 * t)

    def line(self, w):
        """(1/pi) Re int_0^inf dt 2 <s->(t) exp(i w t): the atom's absorption of weak light."""
        (a, b), (_, d) = self.matrix
        s = -1j * (w - W0)
        determinant = (s - a) * (s - d) - b * b
        return (((s - d) + (s - a) + 2 * b) / (2 * determinant)).real / math.pi


def cavity_and_atom(case, t):
    """The atom's excitation with D[a], in the textbooks' form."""
    omega = cmath.sqrt(case.g**2 - (case.kappa / 4)**2)
    amplitude = math.exp(-case.kappa * t / 4) * (
        cmath.cos(omega * t) + case.kappa / (4 * omega) * cmath.sin(omega * t))
    return abs(amplitude)**2


def independent_decay(case, t):
    """The same with the dressed equation: the two states by themselves, and their beat."""
    plus, minus = rate(case, W0 + case.g) / 2, rate(case, W0 - case.g) / 2
    return (math.exp(-plus * t) + math.exp(-minus * t)
            + 2 * math.exp(-(plus + minus) * t / 2) * math.cos(2 * case.g * t)) / 4


def dressed_levels(g, levels):
    """(number of excitations, energy of the coupling) of all states of the truncated model."""
    found = [(0, 0.0)]
    for k in range(1, levels):
        found += [(k, g * math.sqrt(k)), (k, -g * math.sqrt(k))]
    return [*found, (levels, 0.0)]     # |up, levels - 1> lacks its partner


def gibbs_distance(g, temperature, levels):
    """Between exp(-H/T)/Z and exp(-(H without coupling)/T)/Z: they are diagonal together."""
    states = dressed_levels(g, levels)
    with_coupling = [math.exp(-(W0 * k + shift) / temperature) for k, shift in states]
    without = [math.exp(-W0 * k / temperature) for k, _ in states]
    return sum(abs(p / sum(with_coupling) - q / sum(without))
               for p, q in zip(with_coupling, without)) / 2


# Runs.

def tasks():
    def settings(case, equation):
        same = {"g": case.g, "kappa": case.kappa, "duration": case.duration, **EQUATIONS[equation]}
        if equation == "phenomenological":
            return FOLDER / "phenomenological.toml", same
        if case.density == "coloured":
            same["bath[0].density"] = COLOURED
        return FOLDER / "model.toml", same

    found = {}
    for equation in ("dressed", "grouped", "phenomenological"):
        model, same = settings(LINES, equation)
        found["line", equation] = (run_model, model, {**same, "points": LINE_POINTS,
                                                      "initial.atom": "up_x"})
    for name, case in CASES.items():
        for equation in EQUATIONS:
            model, same = settings(case, equation)
            found["decay", name, equation] = (run_model, model, same)
            found["spectrum", name, equation] = (
                run_model, model, {**same, "levels": 3, "evolve.run": "false",
                                   "spectrum.run": "true", "spectrum.count": 36})
            if equation != "phenomenological":
                found["rates", name, equation] = (model_rates, model, same)
    found["no overlap",] = (model_rates, FOLDER / "model.toml", {"g": 0.1, "kappa": 1e-4})
    for temperature in TEMPERATURES:
        for g in COUPLINGS:
            for equation in ("dressed", "local"):
                found["thermal", equation, temperature, g] = (
                    run_model, FOLDER / "model.toml",
                    {**EQUATIONS[equation], "g": g, "T": temperature, "levels": THERMAL_LEVELS,
                     "diagnostics.top_level": 1, "evolve.run": "false", "steady.run": "true"})
    return found


# Comparison.

def check_decay(runs, checks):
    for (name, equation), run in of_kind(runs, "decay").items():
        case = CASES[name]
        expected = OneExcitation(equation, case)
        times = run["evolve"]["times"]
        values = [expected.observables(t) for t in times]
        for observable in values[0]:
            checks.compare_curve(f"<{observable}>, {equation}", name, run, observable,
                                 [each[observable] for each in values])
        if equation in ("local", "phenomenological"):
            checks.compare_curve("atom with D[a]", f"{name}, {equation}", run, "atom",
                                 [cavity_and_atom(case, t) for t in times])
        if equation == "dressed":
            checks.compare_curve("atom, dressed states by themselves", name, run, "atom",
                                 [independent_decay(case, t) for t in times])
            for sign, label in ((1, "plus"), (-1, "minus")):
                decay = rate(case, W0 + sign * case.g) / 2
                checks.compare_curve("population of |1,+->: exp(-S(w0 +- g) t/2)/2", name, run,
                                     label, [math.exp(-decay * t) / 2 for t in times])
    # Whatever the coupling, one group of frequencies and a flat density are D[a].
    for name, case in CASES.items():
        if case.density == "flat":
            checks.compare_curve("grouped, flat density: D[a]", name,
                                 runs["decay", name, "grouped"], "atom",
                                 [cavity_and_atom(case, t) for t in
                                  runs["decay", name, "grouped"]["evolve"]["times"]])


def check_rates(runs, checks):
    for (name, equation), (bath,) in of_kind(runs, "rates").items():
        case = CASES[name]
        if equation == "local":
            for w, value in zip(bath["frequencies"], bath["rates"]):
                checks.compare("rates, local", name, value, case.kappa if w > 0 else 0.0)
            continue
        for sign in (1, -1):
            w = W0 + sign * case.g
            k = nearest(bath["frequencies"], w)
            checks.compare("first doublet: frequencies", name, bath["frequencies"][k], w)
            checks.compare("first doublet: |<0|x|1,+->|^2 = 1/2", name,
                           bath["squared_norms"][k], 0.5)
            checks.compare("first doublet: S(w0 +- g)", name, bath["rates"][k], rate(case, w))
        # One rate for a pair and others for its members: S(w0 + g) S(w0 - g) < S(w0)^2.
        checks.require(f"GKSL, {equation}, {name}",
                       bath["gksl"] == (equation == "dressed" or case.density == "flat"))
    for name, overlap in (("bad cavity", True), ("no overlap", False)):
        bath = (runs["rates", name, "dressed"] if overlap else runs["no overlap",])[0]
        warned = any("splitting period" in each for each in bath["validity"]["warnings"])
        checks.require(f"a warning where lines overlap, {name}", warned == overlap,
                       bath["validity"])


def check_spectra(runs, checks):
    """The lines of the first doublet are eigenvalues of the Liouvillian."""
    for (name, equation), run in of_kind(runs, "spectrum").items():
        found = [complex(*value) for value in run["spectrum"]["eigenvalues"]]
        for value in OneExcitation(equation, CASES[name]).eigenvalues():
            expected = value - 1j * W0
            checks.compare(f"lines of the first doublet, {equation}", name,
                           found[nearest(found, expected)], expected)


def check_lines(runs, checks):
    for (equation,), run in of_kind(runs, "line").items():
        expected = OneExcitation(equation, LINES)
        checks.compare_curve(f"<s->, {equation}", "lines", run, "dipole",
                             [expected.dipole(t) for t in run["evolve"]["times"]])


def check_equilibrium(runs, checks):
    for (equation, temperature, g), run in of_kind(runs, "thermal").items():
        detail = f"T = {temperature}, g = {g}"
        checks.require(f"unique, {equation}, {detail}", run["steady"]["unique"])
        expected = 0 if equation == "dressed" else gibbs_distance(g, temperature, THERMAL_LEVELS)
        checks.compare(f"distance from Gibbs's state, {equation}", detail,
                       run["steady"]["gibbs_distance"], expected)


# Output.

def transform(run, w):
    """(1/pi) Re int dt 2 <s->(t) exp(i w t) by Simpson's rule."""
    times = run["evolve"]["times"]
    total = 0.0
    for k, (t, value) in enumerate(zip(times, run["evolve"]["observables"]["dipole"])):
        weight = 1 if k in (0, len(times) - 1) else 4 if k % 2 else 2
        total += weight * 2 * (complex(*value) * cmath.exp(1j * w * t)).real
    return total * (times[1] - times[0]) / 3 / math.pi


def write_tables(folder, runs):
    rows = []
    for (name, equation), run in of_kind(runs, "decay").items():
        case, expected = CASES[name], OneExcitation(equation, CASES[name])
        for t, *values in series(run, "atom", "photons", "plus", "minus"):
            rows.append([name, equation, case.g, case.kappa, f"{t:g}", *values,
                         expected.observables(t)["atom"]])
    write_csv(folder / "decay.csv", ["case", "equation", "g", "kappa", "t", "atom", "photons",
                                     "plus", "minus", "atom_expected"], rows)
    rows = []
    for (equation,), run in of_kind(runs, "line").items():
        expected = OneExcitation(equation, LINES)
        for k in range(401):
            w = 0.5 + k / 400
            rows.append([equation, w, transform(run, w) if k % 8 == 0 else "nan", expected.line(w)])
    write_csv(folder / "lines.csv", ["equation", "w", "line", "line_expected"], rows)
    rows = [[equation, temperature, g, run["steady"]["gibbs_distance"], "nan"]
            for (equation, temperature, g), run in of_kind(runs, "thermal").items()]
    for temperature in TEMPERATURES:
        for k in range(81):
            g = k / 200
            rows.append(["local", temperature, g, "nan",
                         gibbs_distance(g, temperature, THERMAL_LEVELS)])
    write_csv(folder / "equilibrium.csv", ["equation", "T", "g", "distance", "distance_expected"],
              rows)


def print_tables(runs):
    shown = [equation for equation in EQUATIONS if equation != "local"]
    print(f"\n{'atom excited at t':<22} {'g':>6} {'kappa':>6} {'S(w0+g)/2':>11} {'S(w0-g)/2':>11} "
          f"{'t':>4}" + "".join(f" {equation:>16}" for equation in shown))
    for name, case in CASES.items():
        t = case.duration / 4
        print(f"{name:<22} {case.g:6g} {case.kappa:6g} {rate(case, W0 + case.g) / 2:11.8f} "
              f"{rate(case, W0 - case.g) / 2:11.8f} {t:4g}", end="")
        for equation in shown:
            run = runs["decay", name, equation]["evolve"]
            print(f" {run['observables']['atom'][nearest(run['times'], t)]:16.10f}", end="")
        print()
    print("\ndistance from Gibbs's state")
    for temperature in TEMPERATURES:
        for g in (0.01, 0.1, 0.3):
            print(f"  T = {temperature:<3g} g = {g:<4g}", end="")
            for equation in ("dressed", "local"):
                steady = runs["thermal", equation, temperature, g]["steady"]
                print(f"  {equation} {steady['gibbs_distance']:.10f}", end="")
            print()


def main():
    arguments = read_arguments(__doc__)
    runs = run_all(arguments.lindwurm, tasks())
    checks = Checks()
    for check in (check_decay, check_rates, check_spectra, check_lines, check_equilibrium):
        check(runs, checks)
    write_tables(arguments.output, runs)
    print_tables(runs)
    checks.print_largest()
    draw(FOLDER / "jaynes_cummings_loss.gp", arguments.output, "decay.csv", "lines.csv",
         "equilibrium.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
