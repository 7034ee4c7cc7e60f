#!/usr/bin/env python3
"""An oscillator in a bath of spins: section II of Phys. Rev. A 77, 022111 (2008).

Computes the coefficients of the master equation (23) with `lindwurm rates` and its evolution with
`lindwurm run`, for a bath of spins and one of oscillators, and compares them with closed formulas,
with integrals and with the solution of the equation for Gaussian states. Writes coefficients.csv,
evolution.csv and measured.csv, and draws figure2.png and evolution.png.
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
from numerics import runge_kutta  # noqa: E402
from run_model import (model_rates, nearest, of_kind, read_arguments, run_all,  # noqa: E402
                       run_model, series)
from tables import draw, write_csv  # noqa: E402

KINDS = ("spin", "bosonic")
NAMES = ("w2", "gamma", "D", "f")


class System(NamedTuple):
    w0: float
    M: float
    gamma0: float
    Lambda: float


SHOWN = System(1, 1, 0.02, 3)
SHOWN_TEMPERATURES = [k / 4 for k in range(21)]
# Elsewhere in parameter space, at temperatures in units of w0.
OTHERS = [System(1, 1, 0.1, 20), System(1.3, 2, 0.01, 5), System(1, 1, 0.02, 0.7)]
OTHER_TEMPERATURES = [0, 0.02, 0.1, 0.5, 2, 10, 100]

ALPHA = 2.0
STATES = ("coherent", "cat")
TEMPERATURES = (0, 1, 4)       # of the evolutions
LEVELS = {("spin", 0): 45, ("spin", 1): 45, ("spin", 4): 60,
          ("bosonic", 0): 45, ("bosonic", 1): 60, ("bosonic", 4): 100}
OBSERVABLES = ("x", "p", "n", "purity")
SURROGATE_TOLERANCE = 1e-10


# The coefficients (24): first as integrals, then where the paper has closed forms.

def principal_value(g, w0):
    """P int_0^inf dw g(w)/(w^2 - w0^2), for g without a scale much below 1e-3 w0.

    With w = w0 e^s the trapezoidal rule converges exponentially, and its points, half a step off
    the pole, take the principal value by themselves.
    """
    h = 0.2
    total = 0.0
    for k in range(-200, 200):
        s = (k + 0.5) * h
        total += (g(w0 * math.exp(s)) - g(w0)) / (2 * w0 * math.sinh(s))
    return total * h


def factors(system, kind, temperature):
    """The functions of w beside cos(w t) and -i sin(w t) in the correlation function (19), (20)."""
    def density(w):
        return (2 * system.M * system.gamma0 / math.pi * w * system.Lambda**2
                / (system.Lambda**2 + w**2))

    def tanh(w):
        return math.tanh(w / (2 * temperature)) if temperature > 0 else 1.0

    if kind == "spin":
        return density, lambda w: density(w) * tanh(w)
    return lambda w: density(w) / tanh(w), density


def integrals(system, kind, temperature):
    """Eqs. (24a-d) without C0: int dt cos(wt) cos(w0 t) = (pi/2) delta(w - w0) for w, w0 > 0,
    int dt cos(wt) sin(w0 t) = P w0/(w0^2 - w^2), int dt sin(wt) cos(w0 t) = P w/(w^2 - w0^2)."""
    w0, mass = system.w0, system.M
    even, odd = factors(system, kind, temperature)
    return {"w2": -2 / mass * principal_value(lambda w: w * odd(w), w0),
            "gamma": math.pi / 2 * odd(w0) / (mass * w0),
            "D": math.pi / 2 * even(w0),
            "f": principal_value(even, w0) / mass}


def closed_forms(system, kind, temperature):
    """Eqs. (26) to (28), and w2 and f where they are independent of temperature."""
    w0, mass, gamma0, cutoff = system
    share = cutoff**2 / (cutoff**2 + w0**2)
    tanh = math.tanh(w0 / (2 * temperature)) if temperature > 0 else 1.0
    f1 = 2 * gamma0 / math.pi * share * math.log(cutoff / w0)
    w2 = -2 * gamma0 * cutoff * share
    if kind == "spin":
        found = {"gamma": gamma0 * share * tanh, "D": mass * gamma0 * w0 * share, "f": f1}
        return found if temperature > 0 else {**found, "w2": w2}
    found = {"gamma": gamma0 * share, "D": mass * gamma0 * w0 * share / tanh, "w2": w2}
    return found if temperature > 0 else {**found, "f": f1}


def lowest_rate(c, system):
    """The lower eigenvalue of the matrix G(w_m) + G(w_n)^* of the two frequencies -w0 and w0.

    With S(w0) = 2 (D + M w0 gamma), S(-w0) = 2 (D - M w0 gamma), Lambda(w0) - Lambda(-w0) =
    -2 M w0 f.
    """
    scale = system.M * system.w0
    return 2 * (c["D"] - math.sqrt(c["D"]**2 + scale**2 * (c["gamma"]**2 + c["f"]**2)))


# The evolution: (23) is quadratic, and its solution from Gaussian states is known.

class Gaussian:
    """The terms c |alpha><beta| of a state and what (23) makes of them.

    Each term is a Gaussian function of phase space; its means <X> and <P> (complex if alpha and
    beta differ) obey
      d<X>/dt = <P>/M,   d<P>/dt = -M (w0^2 + w2) <X> - 2 gamma <P>
    and its covariances, the same for all terms,
      dV_XX/dt = 2 V_XP/M,   dV_PP/dt = -2 M (w0^2 + w2) V_XP - 4 gamma V_PP + 2 D,
      dV_XP/dt = V_PP/M - M (w0^2 + w2) V_XX - 2 gamma V_XP - f.
    """

    def __init__(self, state, alpha, system, coefficients):
        self.system = system
        w0, mass = system.w0, system.M
        ends = [alpha, -alpha] if state == "cat" else [alpha]
        pairs = [(a, b) for a in ends for b in ends]
        weights = [math.exp(-2 * alpha**2) if a != b else 1.0 for a, b in pairs]
        self.weights = [weight / sum(weights) for weight in weights]
        self.values = [0.5 / (mass * w0), 0.0, 0.5 * mass * w0]    # V_XX, V_XP, V_PP
        for a, b in pairs:
            self.values += [(a + b) / math.sqrt(2 * mass * w0),
                            -1j * (a - b) * math.sqrt(mass * w0 / 2)]
        self.spring = mass * (w0**2 + coefficients["w2"])
        self.coefficients = coefficients

    def derivative(self, values):
        mass, spring = self.system.M, self.spring
        gamma, d, f = (self.coefficients[name] for name in ("gamma", "D", "f"))
        xx, xp, pp = values[:3]
        change = [2 * xp / mass, pp / mass - spring * xx - 2 * gamma * xp - f,
                  -2 * spring * xp - 4 * gamma * pp + 2 * d]
        for k in range(3, len(values), 2):
            change += [values[k + 1] / mass, -spring * values[k] - 2 * gamma * values[k + 1]]
        return change

    def observables(self, values):
        """<x>, <p>, <n> and tr rho^2 = int |chi|^2/(2 pi), chi the characteristic function."""
        w0, mass = self.system.w0, self.system.M
        xx, xp, pp = values[:3]
        means = list(zip(values[3::2], values[4::2]))
        terms = list(zip(self.weights, means))
        n = (sum(c * ((pp + p * p) / (2 * mass) + mass * w0**2 * (xx + x * x) / 2)
                 for c, (x, p) in terms) / w0 - 0.5)
        determinant = xx * pp - xp**2
        purity = 0
        for c, (x, p) in terms:
            for d, (y, q) in terms:
                u, v = x - complex(y).conjugate(), p - complex(q).conjugate()
                exponent = (pp * u * u - 2 * xp * u * v + xx * v * v) / (4 * determinant)
                purity += c * d * cmath.exp(-exponent) / (2 * math.sqrt(determinant))
        return {"x": complex(sum(c * x for c, (x, _) in terms)).real * math.sqrt(2 * mass * w0),
                "p": complex(sum(c * p for c, (_, p) in terms)).real * math.sqrt(2 / (mass * w0)),
                "n": complex(n).real, "purity": complex(purity).real}


def solved(state, system, kind, temperature, times):
    """The observables at each time, without lindwurm."""
    gaussian = Gaussian(state, ALPHA, system, integrals(system, kind, temperature))
    return [gaussian.observables(values) for values in
            runge_kutta(gaussian.derivative, gaussian.values, times, 30)]


# Runs.

def tasks():
    """The evolutions, by (state, kind, T); the rates, by (system, kind, T); the surrogates."""
    model, surrogate = FOLDER / "model.toml", FOLDER / "surrogate.toml"
    found = {}
    for kind, temperature in sorted(LEVELS, key=lambda name: -LEVELS[name]):
        for state in STATES:
            found["evolution", state, kind, temperature] = (
                run_model, model, {"bath[0].kind": kind, "T": temperature,
                                   "levels": LEVELS[kind, temperature],
                                   "initial.mode": f"{state}({ALPHA})"})
    for system in [SHOWN, *OTHERS]:
        temperatures = (SHOWN_TEMPERATURES if system == SHOWN else
                        [t * system.w0 for t in OTHER_TEMPERATURES])
        for kind in KINDS:
            for temperature in temperatures:
                found["rates", system, kind, temperature] = (
                    model_rates, model, {**system._asdict(), "bath[0].kind": kind, "T": temperature,
                                         "levels": 5})
        for temperature in (0.1, 1, 4):
            found["surrogate", system, temperature] = (
                model_rates, surrogate, {**system._asdict(), "T": temperature})
    return found


# Comparison.

def check_coefficients(rates, checks):
    for (system, kind, temperature), (bath,) in rates.items():
        detail = f"{kind}, T = {temperature}, {system}"
        found = bath["coefficients"]
        checks.near(f"w0, {detail}", found["w0"], system.w0, 1e-12)
        checks.near(f"M, {detail}", found["mass"], system.M, 1e-12)
        expected = integrals(system, kind, temperature)
        closed = closed_forms(system, kind, temperature)
        for name in NAMES:
            # f passes through zero, so it is measured by gamma0 as well.
            scale = max(abs(expected[name]), system.gamma0 if name == "f" else 0)
            checks.compare(f"{name}, {kind} bath: integral", detail, found[name],
                           expected[name], scale)
            if name in closed:
                checks.compare(f"{name}, {kind} bath: closed form", detail, found[name],
                               closed[name], scale)
        lowest = lowest_rate(expected, system)
        checks.compare_relative("lowest rate", detail, bath["lowest_rate"], lowest)
        checks.require(f"not of GKSL form, {detail}", bath["gksl"] is False)


def check_surrogates(surrogates, checks):
    for (system, temperature), (spins, oscillators) in surrogates.items():
        detail = f"T = {temperature}, {system}"
        for name in ("rates", "shifts"):
            scale = max(map(abs, spins[name]))
            for w, spin, oscillator in zip(spins["frequencies"], spins[name], oscillators[name]):
                checks.compare(f"surrogate: {name}", f"w = {w}, {detail}", oscillator, spin,
                               scale, SURROGATE_TOLERANCE)
        for name in NAMES:
            spin = spins["coefficients"][name]
            checks.compare(f"surrogate: {name}", detail,
                           oscillators["coefficients"][name], spin,
                           max(abs(spin), system.gamma0), SURROGATE_TOLERANCE)


def check_evolutions(evolutions, solutions, checks):
    for (state, kind, temperature), results in evolutions.items():
        for name in OBSERVABLES:
            checks.compare_curve(f"{name}, {state}", f"{kind}, T = {temperature}", results,
                                 name, [expected[name] for expected in
                                        solutions[state, kind, temperature]])


def measure(rates, evolutions):
    """The numbers that the README states: {(quantity, kind, T): value}."""
    found = {}
    for kind in KINDS:
        for temperature in TEMPERATURES:
            for name in NAMES:
                found[name, kind, temperature] = (
                    rates[SHOWN, kind, temperature][0]["coefficients"][name])
            for quantity, state, name, t in (("x(19)", "coherent", "x", 19.0),
                                             ("n(40)", "coherent", "n", 40.0),
                                             ("cat purity(2)", "cat", "purity", 2.0)):
                run = evolutions[state, kind, temperature]["evolve"]
                found[quantity, kind, temperature] = (
                    run["observables"][name][nearest(run["times"], t)])
    return found


def measured_rows(found):
    return [[*key, value] for key, value in found.items()]


def check_measured(found, checks):
    """Compares with expected.csv and asserts what the README concludes."""
    checks.compare_table(FOLDER / "expected.csv", measured_rows(found))
    for cold, warm in zip(TEMPERATURES, TEMPERATURES[1:]):
        change = f"from T = {cold} to {warm}"
        checks.require(f"a bath of spins damps less {change}",
                       found["gamma", "spin", warm] < 0.6 * found["gamma", "spin", cold])
        checks.require(f"a bath of spins spares the coherent amplitude {change}",
                       found["x(19)", "spin", warm] > found["x(19)", "spin", cold])
        checks.require(f"a bath of oscillators takes the cat's coherence sooner {change}",
                       found["cat purity(2)", "bosonic", warm]
                       < found["cat purity(2)", "bosonic", cold] - 0.01)


# Output.

def write_tables(folder, rates, evolutions, found):
    rows = []
    for (system, kind, temperature), (bath,) in rates.items():
        expected = integrals(system, kind, temperature)
        rows.append([*system, kind, temperature]
                    + [bath["coefficients"][name] for name in NAMES]
                    + [expected[name] for name in NAMES])
    write_csv(folder / "coefficients.csv",
              [*System._fields, "kind", "T", *NAMES, *(f"{name}_expected" for name in NAMES)],
              rows)
    # Lines through many temperatures.
    rows = []
    for kind in KINDS:
        for k in range(201):
            temperature = k / 40
            expected = integrals(SHOWN, kind, temperature)
            rows.append([kind, temperature] + [expected[name] for name in NAMES])
    write_csv(folder / "formulas.csv", ["kind", "T", *NAMES], rows)
    rows = []
    for (state, kind, temperature), results in evolutions.items():
        rows += [[state, kind, temperature, *values] for values in series(results, *OBSERVABLES)]
    write_csv(folder / "evolution.csv", ["state", "kind", "T", "t", *OBSERVABLES], rows)
    write_csv(folder / "measured.csv", ["quantity", "kind", "T", "value"],
              measured_rows(found))


def print_table(found):
    quantities = list(dict.fromkeys(quantity for quantity, _, _ in found))
    print(f"\n{'bath':>8} {'T':>3}" + "".join(f" {quantity:>14}" for quantity in quantities))
    for kind in KINDS:
        for temperature in TEMPERATURES:
            print(f"{kind:>8} {temperature:3}" + "".join(
                f" {found[quantity, kind, temperature]:14.8f}" for quantity in quantities))


def main():
    arguments = read_arguments(__doc__)
    runs = run_all(arguments.lindwurm, tasks())
    evolutions, rates, surrogates = (of_kind(runs, kind)
                                     for kind in ("evolution", "rates", "surrogate"))

    solutions = {(state, kind, temperature):
                 solved(state, SHOWN, kind, temperature, results["evolve"]["times"])
                 for (state, kind, temperature), results in evolutions.items()}
    checks = Checks()
    check_coefficients(rates, checks)
    check_surrogates(surrogates, checks)
    check_evolutions(evolutions, solutions, checks)
    found = measure(rates, evolutions)
    write_tables(arguments.output, rates, evolutions, found)
    print_table(found)
    checks.print_largest()
    draw(FOLDER / "figure2.gp", arguments.output, "coefficients.csv", "formulas.csv")
    draw(FOLDER / "evolution.gp", arguments.output, "evolution.csv")
    if not arguments.check:
        return 0
    check_measured(found, checks)
    return checks.exit_status()


if __name__ == "__main__":
    sys.exit(main())
