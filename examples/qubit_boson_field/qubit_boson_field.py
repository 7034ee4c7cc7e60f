#!/usr/bin/env python3
"""A qubit in a boson field under the rotating-wave approximation, exactly.

Finds by `lindwurm run` the map and the rates of a qubit in an empty field of up to 60 modes and in
a thermal one, and compares them with Volterra's equation of the continuum, with closed formulas,
with sector propagators of its own and with the Born-Markov equation. Writes vacuum.csv,
lorentzian.csv, thermal.csv, vacuum_modes.csv, thermal_modes.csv, finer.csv and measured.csv, and
draws qubit_boson_field.png.
"""

import cmath
import math
import pathlib
import sys
from itertools import product
from operator import mul

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from checks import Checks  # noqa: E402
from numerics import legendre  # noqa: E402
from run_model import model_rates, nearest, read_arguments, run_all, run_model  # noqa: E402
from tables import draw, read_csv, write_csv  # noqa: E402

W0 = 1.0
H = 0.4
VACUUM_J0, THERMAL_J0 = 0.02, 0.012
TEMPERATURE = 0.4
BOLTZMANN = 1 / (1 + math.exp(W0 / TEMPERATURE))
MODES = 8
VACUUM_MODES = (10, 20, 40)
LAMBDA, GAMMA0, CUTOFF, LORENTZIAN_MODES = 0.05, 0.5, 0.65, 60
WEAK = (1, 4, 16)                   # J0 is divided by these
SINGLE = {"h": 0.1, "levels": 20}   # of a single mode, in resonance
SMALL = {"K": 3, "levels": 4}       # of the comparisons with propagators of the sectors
NUMBERS = ("a", "b", "D", "gamma_up", "gamma_down")


# The modes, in the frame that rotates with w0: (detuning, coupling).

def parabola(j0, count):
    dw = 2 * H / count
    detunings = [-H + (k + 0.5) * dw for k in range(count)]
    return [(d, math.sqrt(j0 * (1 - (d / H)**2) * dw)) for d in detunings]


def lorentzian():
    dw = 2 * CUTOFF / LORENTZIAN_MODES
    detunings = [-CUTOFF + (k + 0.5) * dw for k in range(LORENTZIAN_MODES)]
    density = GAMMA0 * LAMBDA**2 / (2 * math.pi)
    return [(d, math.sqrt(density / (d * d + LAMBDA**2) * dw)) for d in detunings]


def planck(w):
    return 1 / math.expm1(w / TEMPERATURE)


def thermal_weights(detuning, levels):
    """Populations of a mode's levels, as they are normalised below the cutoff."""
    ratio = math.exp(-(W0 + detuning) / TEMPERATURE)
    weights = [ratio**n for n in range(levels)]
    return [weight / sum(weights) for weight in weights]


# One excitation: closed formulas.

class OneExcitation:
    """The qubit, up, and empty modes: c(t), from the roots of z = sum_k g_k^2/(z - d_k)."""

    def __init__(self, modes):
        self.modes = modes
        reach = 1 + max(abs(d) for d, _ in modes)
        edges = [-reach, *(d for d, _ in modes), reach]
        self.roots = [self.root(low, high) for low, high in zip(edges, edges[1:])]
        self.weights = [1 / (1 + sum((g / (z - d))**2 for d, g in modes)) for z in self.roots]

    def root(self, low, high):
        while True:
            middle = (low + high) / 2
            if not low < middle < high:
                return middle
            if middle > sum(g * g / (middle - d) for d, g in self.modes):
                high = middle
            else:
                low = middle

    def amplitude(self, t):
        return sum(r * cmath.exp(-1j * z * t) for z, r in zip(self.roots, self.weights))

    def slope(self, t):
        return sum(-1j * z * r * cmath.exp(-1j * z * t) for z, r in zip(self.roots, self.weights))

    def mode(self, k, t):
        d, g = self.modes[k]
        return sum(r * g / (z - d) * cmath.exp(-1j * z * t)
                   for z, r in zip(self.roots, self.weights))


def volterra(kernel, duration, step):
    """{t: c} of c(t) = 1 - int_0^t F(t - s) c(s) ds with a real F(t) = int_0^t f, F(0) = 0: this is
    c' = -int_0^t f(t - s) c(s) ds, c(0) = 1. By the trapezoidal rule, extrapolated."""
    def solution(parts):
        count = round(duration / step) * parts
        h = step / parts
        values = [kernel(h * k) for k in range(count, -1, -1)]    # F(duration), ..., F(0)
        c = [1.0]
        for n in range(1, count + 1):
            # F(t_n), ..., F(t_1) beside c_0, ..., c_(n-1)
            whole = sum(map(mul, values[count - n:count], c))
            c.append(1 - h * (whole - values[count - n] / 2))
        return c[::parts]

    return {step * k: (one - 20 * two + 64 * four) / 45
            for k, (one, two, four) in enumerate(zip(*map(solution, (1, 2, 4))))}


RULE = legendre(24)


def kernel_of_modes(modes):
    return lambda t: sum(g * g * math.sin(d * t) / d for d, g in modes)


def kernel_of_continuum(t):
    """F(t) = int J(d) sin(dt)/d over the band, by quadrature in four pieces."""
    total = 0.0
    pieces = 4
    for piece in range(pieces):
        for x, weight in RULE:
            d = H * (piece + (1 + x) / 2) / pieces
            total += weight * VACUUM_J0 * (1 - (d / H)**2) * math.sin(d * t) / d
    return total * H / pieces    # both halves of the band, of which each is H/2 of [-1, 1]


def damped(t):
    """c(t) of the whole Lorentzian."""
    d = math.sqrt(2 * GAMMA0 * LAMBDA - LAMBDA**2)
    return math.exp(-LAMBDA * t / 2) * (math.cos(d * t / 2) + LAMBDA / d * math.sin(d * t / 2))


def damped_zeros(until):
    """The times at which it vanishes: (2/d) (n pi - arctan(d/lambda))."""
    d = math.sqrt(2 * GAMMA0 * LAMBDA - LAMBDA**2)
    times = [2 / d * (n * math.pi - math.atan(d / LAMBDA)) for n in range(1, 100)]
    return [t for t in times if t < until]


def zeros(amplitude, near):
    """Those of the sampled Lorentzian, whose c(t) is real, by the secant method."""
    found = []
    for t in near:
        before, here = t - 0.1, t
        for _ in range(50):
            left, right = amplitude(before).real, amplitude(here).real
            if right == left or abs(here - before) < 1e-13:
                break
            before, here = here, here - right * (here - before) / (right - left)
        found.append(here)
    return found


LORENTZIAN = OneExcitation(lorentzian())
ZEROS = zeros(LORENTZIAN.amplitude, damped_zeros(160))
LORENTZIAN_TIMES = sorted([t for t in (0.5 * k for k in range(321))
                           if min(abs(t - zero) for zero in ZEROS) > 0.1] + ZEROS)
THRESHOLDS = {"vacuum": 1e-6, "lorentzian": 1e-9}    # of |D|, in the model files


# Sectors: propagators of the script, in plain Python.

class Sectors:
    """The map of a qubit and a few modes, thermal at first, from exp(-iHt) in each sector."""

    def __init__(self, modes, levels):
        self.modes = modes
        self.weights = [thermal_weights(d, levels) for d, _ in modes]
        blocks = {}
        for q in (0, 1):
            for ns in product(range(levels), repeat=len(modes)):
                blocks.setdefault(q + sum(ns), []).append((q, *ns))
        self.blocks = list(blocks.values())
        self.hamiltonians = [self.hamiltonian(block) for block in self.blocks]

    def hamiltonian(self, block):
        """Its rows as {column: element}."""
        number = {state: k for k, state in enumerate(block)}
        rows = [{} for _ in block]
        for state, k in number.items():
            q, *ns = state
            rows[k][k] = sum(d * n for (d, _), n in zip(self.modes, ns))
            for m, (_, g) in enumerate(self.modes):
                other = (0, *ns[:m], ns[m] + 1, *ns[m + 1:])
                if q == 1 and other in number:
                    element = g * math.sqrt(ns[m] + 1)
                    rows[k][number[other]] = rows[number[other]][k] = element
        return rows

    def at(self, step, count):
        """[{a, b, D, gamma_up, gamma_down, determinant, choi, n0, ...}] at step, 2 step, ..."""
        ups = [[[complex(j == k) for j in range(len(h))] for k in range(len(h))]
               for h in self.hamiltonians]
        steps = [exponential(h, step) for h in self.hamiltonians]
        found = []
        for _ in range(count):
            ups = [[[sum(map(mul, row, column)) for column in zip(*u)] for row in e]
                   for e, u in zip(steps, ups)]
            found.append(self.read(ups))
        return found

    def read(self, propagators):
        a = b = a_slope = b_slope = 0.0
        numbers = [0.0] * len(self.modes)
        element = {}
        for block, h, u in zip(self.blocks, self.hamiltonians, propagators):
            for j, start in enumerate(block):
                weight = math.prod(w[n] for w, n in zip(self.weights, start[1:]))
                for i, end in enumerate(block):
                    element[end, start] = u[i][j]
                    chance = weight * abs(u[i][j])**2
                    if start[0]:
                        numbers = [s + chance * n for s, n in zip(numbers, end[1:])]
                    if end[0]:
                        change = sum(x * u[k][j] for k, x in h[i].items())
                        slope = weight * 2 * (u[i][j].conjugate() * -1j * change).real
                        if start[0]:
                            a, a_slope = a + chance, a_slope + slope
                        else:
                            b, b_slope = b + chance, b_slope + slope
        c = 0
        for (end, start), value in element.items():
            low = (0, *end[1:]), (0, *start[1:])
            if start[0] and end[0] and low in element:
                weight = math.prod(w[n] for w, n in zip(self.weights, start[1:]))
                c += weight * value * element[low].conjugate()
        d, d_slope = a - b, a_slope - b_slope
        gamma_up = b_slope - b * d_slope / d
        middle, half = (a + 1 - b) / 2, (a - 1 + b) / 2
        choi = min(b, 1 - a, middle - math.hypot(half, abs(c)))
        return {"a": a, "b": b, "D": d, "gamma_up": gamma_up,
                "gamma_down": -d_slope / d - gamma_up, "determinant": d * abs(c)**2, "choi": choi,
                **{f"n{k}": n for k, n in enumerate(numbers)}}


def exponential(rows, t):
    """exp(-iHt) by its power series, for small Ht."""
    size = len(rows)
    total = term = [[complex(j == k) for j in range(size)] for k in range(size)]
    for order in range(1, 60):
        factor = -1j * t / order
        term = [[factor * sum(x * term[k][j] for k, x in row.items()) for j in range(size)]
                for row in rows]
        total = [[x + y for x, y in zip(*pair)] for pair in zip(total, term)]
        if max(abs(x) for row in term for x in row) < 1e-18:
            break
    return total


def jaynes_cummings(detuning, g, levels, t):
    """a and b with a single mode, which is thermal at first: sums over n."""
    weights = thermal_weights(detuning, levels)

    def flipped(n):    # up, n <-> down, n + 1
        square = detuning**2 + 4 * g * g * (n + 1)
        return 4 * g * g * (n + 1) / square * math.sin(math.sqrt(square) * t / 2)**2

    return (1 - sum(weights[n] * flipped(n) for n in range(levels - 1)),
            sum(weights[n] * flipped(n - 1) for n in range(1, levels)))


# Rates to second order in g.

def second_order(modes, occupations, t):
    """gamma_up and gamma_down of the time-local equation, for thermal modes {<ad a>, <a ad>}."""
    up = down = 0.0
    for (d, g), (below, above) in zip(modes, occupations):
        window = 2 * g * g * (math.sin(d * t) / d if d else t)
        up += window * below
        down += window * above
    return up, down


def occupations_of(modes, levels):
    """<ad a> and <a ad> below the cutoff."""
    found = []
    for d, _ in modes:
        weights = thermal_weights(d, levels)
        found.append((sum(n * p for n, p in enumerate(weights)),
                      sum((n + 1) * p for n, p in enumerate(weights[:-1]))))
    return found


# What lindwurm is asked for.

def counted(count):
    return {"K": count, "k": list(range(count))}


def thermal_field(count):
    words = ", ".join(f'"thermal(nbar[{k}])"' for k in range(count))
    return {**counted(count), "initial.field": f"[{words}]", **each_mode(count)}


def each_mode(count):
    return {f"observables.n{k}": f'"n(field[{k}])"' for k in range(count)}


ALL_STATES = {"mixture.neglect": 0}
SMALL_TIMES = {"evolve.times.to": 40, "evolve.times.points": 41}
WEAK_TIMES = {"evolve.times.to": 6, "evolve.times.points": 13}


def tasks(is_full):
    model = FOLDER / "model.toml"
    small = {**thermal_field(SMALL["K"]), "levels": SMALL["levels"], **SMALL_TIMES}
    found = {}
    if is_full:
        found["thermal", "finer"] = (run_model, model,
                                     {**thermal_field(MODES), "mixture.neglect": 3e-3})
    found["thermal", "product"] = run_model, model, thermal_field(MODES)
    found["thermal", "phases"] = (run_model, model, {
        **thermal_field(MODES), "mixture.kind": "random-phase", "mixture.samples": 8,
        "mixture.neglect": 1e-3, "evolve.times.points": 41})
    for kind, more in (("product", ALL_STATES), ("density", {"dynamics.kind": "lindblad"})):
        found["small", kind] = run_model, model, {**small, **more}
    for part in WEAK:
        found["weak", part] = (run_model, model, {**small, **WEAK_TIMES, **ALL_STATES,
                                                  "J0": THERMAL_J0 / part})
    found["single", "mode"] = run_model, model, {
        **thermal_field(1), **SINGLE, **ALL_STATES}
    for count in VACUUM_MODES:
        found["vacuum", count] = (run_model, FOLDER / "vacuum.toml",
                                  {**counted(count), **each_mode(count)})
    found["lorentzian", "map"] = (run_model, FOLDER / "lorentzian.toml",
                                  {"evolve.times": LORENTZIAN_TIMES})
    found["master", "map"] = run_model, FOLDER / "master.toml"
    found["rates", "master"] = model_rates, FOLDER / "master.toml"
    return found


# Comparison.

def check_soundness(runs, checks):
    for name, run in runs.items():
        if name[0] in ("master", "rates"):
            continue
        found = run["diagnostics"]["evolve"]
        if "norm_error" in found:
            checks.compare("the norm is conserved", f"{name}", found["norm_error"], 0, 1, 1e-10)
            checks.compare("the energy is conserved", f"{name}", found["energy_drift"], 0, 1, 1e-10)
        least = min(run["map"]["choi"])
        checks.require(f"{name}: the map is completely positive", least >= -1e-10, f"{least}")
        checks.compare("populations and coherences do not mix", f"{name}", run["map"]["mixing"], 0,
                       1, 1e-10)


def check_one_excitation(run, field, threshold, checks, topic):
    """All of the map, with the closed formulas of the same modes."""
    found = run["map"]
    for k, t in enumerate(run["evolve"]["times"]):
        c, slope = field.amplitude(t), field.slope(t)
        chance = abs(c)**2
        checks.compare(f"{topic}: a", f"t = {t}", found["a"][k], chance, 1, 1e-12)
        checks.compare(f"{topic}: b = 0", f"t = {t}", found["b"][k], 0, 1, 1e-12)
        checks.compare(f"{topic}: determinant |c|^4", f"t = {t}", found["determinant"][k],
                       chance**2, 1, 1e-12)
        if abs(chance / threshold - 1) > 1e-3:
            checks.require(f"{topic}: reliable where |D| > {threshold}, t = {t}",
                           found["reliable"][k] == (chance > threshold), f"D = {chance}")
        if found["reliable"][k]:
            checks.compare(f"{topic}: gamma_down = -2 Re c'/c, times D", f"t = {t}",
                           found["gamma_down"][k] * chance,
                           -2 * (slope * c.conjugate()).real, 1, 1e-12)
            checks.compare(f"{topic}: gamma_up = 0, times D", f"t = {t}",
                           found["gamma_up"][k] * chance, 0, 1, 1e-12)


def check_vacuum(runs, continuum, checks):
    for count, run in runs.items():
        modes = parabola(VACUUM_J0, count)
        field = OneExcitation(modes)
        check_one_excitation(run, field, THRESHOLDS["vacuum"], checks, "vacuum, secular equation")
        for t in (5, 50, 200, 400):
            for k in range(0, count, 3):
                checks.compare("vacuum, secular equation: mode populations",
                               f"K = {count}, k = {k}, t = {t}",
                               run["evolve"]["observables"][f"n{k}"][
                                   nearest(run["evolve"]["times"], t)],
                               abs(field.mode(k, t))**2, 1, 1e-12)
        times = run["evolve"]["times"]
        for t, c in volterra(kernel_of_modes(modes), 100.0, 0.2).items():
            if t == round(t):
                checks.compare("vacuum: Volterra's equation of the same modes",
                               f"K = {count}, t = {t}", run["map"]["a"][nearest(times, t)], c * c,
                               1, 1e-11)
        # 2 pi/dw, at which the modes are in phase again.
        period = math.pi * count / H
        for t, c in continuum.items():
            if t == round(t) and t < 0.8 * period:
                checks.compare("vacuum: Volterra's equation of the continuum, up to 0.8 2pi/dw",
                               f"K = {count}, t = {t}", run["map"]["a"][nearest(times, t)], c * c,
                               1, 2e-3)


def check_lorentzian(run, checks):
    times, found = run["evolve"]["times"], run["map"]
    check_one_excitation(run, LORENTZIAN, THRESHOLDS["lorentzian"], checks,
                         "Lorentzian, secular equation")
    for t, d in zip(times, found["D"]):
        checks.compare("Lorentzian: closed form of the continuum", f"t = {t}", d, damped(t)**2, 1,
                       2e-3)
    for t, expected in zip(ZEROS, damped_zeros(160)):
        checks.compare("Lorentzian: times at which D = 0, lambda t", f"{t}", LAMBDA * t,
                       LAMBDA * expected, 1, 2e-3)
        k = nearest(times, t)
        checks.require(f"Lorentzian: no rates at t = {t}",
                       not found["reliable"][k] and found["D"][k] < 1e-12
                       and found["gamma_down"][k] is None, f"{found['D'][k]}")
        for j in (k - 1, k + 1):
            # c vanishes linearly, so that gamma_down = -2 c'/c is 2/(t0 - t) nearby.
            pole = found["gamma_down"][j] * (t - times[j])
            checks.compare("Lorentzian: gamma_down = 2/(t0 - t) at the zeros", f"t0 = {t}",
                           pole, 2, 1, 0.1)


def check_small(runs, checks):
    modes = parabola(THERMAL_J0, SMALL["K"])
    expected = Sectors(modes, SMALL["levels"]).at(1.0, 40)
    for kind, run in runs.items():
        for t, values in enumerate(expected, 1):
            for name, value in values.items():
                source = run["evolve"]["observables"] if name[0] == "n" else run["map"]
                topic = {"product": "product states", "density": "density operators"}[kind]
                checks.compare(f"3 thermal modes: {topic}, propagators of the sectors",
                               f"{name}, t = {t}", source[name][t], value,
                               max(1.0, abs(value)), 1e-9)


def check_single(run, checks):
    g = math.sqrt(THERMAL_J0 * 2 * SINGLE["h"])    # at w0, where J = J0; dw is the whole band
    for k, t in enumerate(run["evolve"]["times"]):
        a, b = jaynes_cummings(0.0, g, SINGLE["levels"], t)
        checks.compare("1 thermal mode: sums of Jaynes and Cummings", f"a, t = {t}",
                       run["map"]["a"][k], a, 1, 1e-9)
        checks.compare("1 thermal mode: sums of Jaynes and Cummings", f"b, t = {t}",
                       run["map"]["b"][k], b, 1, 1e-9)


def weak_deviations(runs):
    """{part of J0: largest |gamma_down - second order| over the largest gamma_down}."""
    found = {}
    for part, run in runs.items():
        modes = parabola(THERMAL_J0 / part, SMALL["K"])
        occupations = occupations_of(modes, SMALL["levels"])
        pairs = [(rate, second_order(modes, occupations, t)[1])
                 for t, rate in zip(run["evolve"]["times"], run["map"]["gamma_down"])]
        found[part] = max(abs(x - y) for x, y in pairs) / max(y for _, y in pairs)
    return found


def check_master(run, rates, checks):
    down = 2 * math.pi * THERMAL_J0 * (planck(W0) + 1)
    up = 2 * math.pi * THERMAL_J0 * planck(W0)
    found = run["map"]
    (bath,) = rates
    for found_rate, rate in zip(bath["rates"], (up, down)):
        checks.compare_relative("Born-Markov: rates of the bath", f"{rate}", found_rate, rate)
    for k, t in enumerate(run["evolve"]["times"]):
        checks.compare("Born-Markov: 2 pi J0 (n + 1), 2 pi J0 n", f"down, {t}",
                       found["gamma_down"][k], down)
        checks.compare("Born-Markov: 2 pi J0 (n + 1), 2 pi J0 n", f"up, {t}",
                       found["gamma_up"][k], up)
        fade = math.exp(-(up + down) * t)
        checks.compare("Born-Markov: b", f"t = {t}", found["b"][k], BOLTZMANN * (1 - fade))
        checks.compare("Born-Markov: D", f"t = {t}", found["D"][k], fade)


# Thermal field.

COLUMNS = ["t", *NUMBERS, "a_error", "b_error", "determinant", "choi",
           *(f"n{k}" for k in range(MODES))]


def as_rows(run):
    found, observables = run["map"], run["evolve"]["observables"]
    columns = [run["evolve"]["times"], *(found[name] for name in NUMBERS), found["errors"]["a"],
               found["errors"]["b"], found["determinant"], found["choi"],
               *(observables[f"n{k}"] for k in range(MODES))]
    return [dict(zip(COLUMNS, (math.nan if x is None else x for x in row)))
            for row in zip(*columns)]


def read_finer():
    return [{name: float(value) for name, value in row.items()}
            for row in read_csv(FOLDER / "finer.csv")]


def pole_rate(j0):
    """The decay of D from the pole of 1/(z - int J(d)/(z - d)) below the band, z = -i rate/2."""
    half = math.pi * j0
    for _ in range(200):
        half = j0 * ((1 + (half / H)**2) * (2 * math.atan(half / H) + math.pi) + 2 * half / H)
    return 2 * half


def measure(finer, phases, weak, vacuum, continuum):
    """The numbers that the README states."""
    last = min((row for row in finer if row["t"] < math.pi * MODES / H), key=lambda row: row["D"])
    late = [row for row in finer if 10 <= row["t"] <= 30]
    measured = {
        "time of the least D before 2 pi/dw": last["t"],
        "a at this time": last["a"], "b at this time": last["b"],
        "D at this time": last["D"], "Boltzmann": BOLTZMANN,
        "gamma_down, t = 10 to 30": sum(row["gamma_down"] for row in late) / len(late),
        "gamma_up, t = 10 to 30": sum(row["gamma_up"] for row in late) / len(late),
        "gamma_down, Born-Markov": 2 * math.pi * THERMAL_J0 * (planck(W0) + 1),
        "gamma_up, Born-Markov": 2 * math.pi * THERMAL_J0 * planck(W0),
        "D at t = 80": finer[-1]["D"]}
    d = vacuum[VACUUM_MODES[-1]]["map"]["D"]
    measured["vacuum: rate of D, t = 10 to 40"] = math.log(d[10] / d[40]) / 30
    measured["vacuum: rate of D, the pole"] = pole_rate(VACUUM_J0)
    measured["vacuum: rate of D, Born-Markov"] = 2 * math.pi * VACUUM_J0
    by_time = {row["t"]: row for row in finer}
    for name in ("a", "b"):
        pulls = [(row[name] - by_time[row["t"]][name]) / (row[name + "_error"])
                 for row in phases if row["t"] > 0]
        measured[f"random phases, {name}: rms deviation over error"] = math.sqrt(
            sum(x * x for x in pulls) / len(pulls))
        measured[f"random phases, {name}: largest deviation over error"] = max(map(abs, pulls))
        measured[f"random phases, {name}: largest error"] = max(row[name + "_error"]
                                                                for row in phases)
    for part, value in weak.items():
        measured[f"gamma_down off second order, J0/{part}"] = value
    for count, run in vacuum.items():
        period = math.pi * count / H
        measured[f"vacuum, K = {count}: off the continuum before 0.8 2pi/dw"] = max(
            abs(run["map"]["a"][round(t)] - c * c) for t, c in continuum.items()
            if t == round(t) and t < 0.8 * period)
    return measured


# {t: (a, b)} of the 8 thermal modes, from a dense diagonalisation by NumPy of all sectors with up
# to 6 excitations, which hold 0.99875 of the weight for a and 0.99972 of it for b.
DENSE = {8: (0.6679915847, 0.0300643353), 20: (0.2398786954, 0.0646155111),
         56: (0.0800569888, 0.0771507470), 80: (0.6315249675, 0.0320990678)}


def check_thermal(rows, finer, measured, checks):
    for row in finer:
        for name, value in zip(("a", "b"), DENSE.get(row["t"], ())):
            checks.compare("8 modes: dense diagonalisation up to 6 excitations",
                           f"{name}, t = {row['t']}", row[name], value, 1, 1.5e-3)
    for row, better in zip(rows, finer):
        for name in ("a", "b"):
            allowed = row[name + "_error"] + better[name + "_error"]
            checks.compare("8 modes: weights left out, 0.01 and 0.003", f"{name}, t = {row['t']}",
                           row[name], better[name], 1, allowed)
    for name in ("a", "b"):
        checks.near(f"8 modes: {name} at the least D is Boltzmann's",
                    measured[f"{name} at this time"], BOLTZMANN, 0.004)
        checks.require("random phases: within 5 errors",
                       measured[f"random phases, {name}: largest deviation over error"] < 5)
        checks.require("random phases: their errors are right", 0.3 < measured[
            f"random phases, {name}: rms deviation over error"] < 2)
    for name in ("up", "down"):
        expected = measured[f"gamma_{name}, Born-Markov"]
        checks.near(f"8 modes: gamma_{name}", measured[f"gamma_{name}, t = 10 to 30"], expected,
                    0.25 * expected)
    checks.near("vacuum: the rate is that of the pole", measured["vacuum: rate of D, t = 10 to 40"],
                measured["vacuum: rate of D, the pole"], 0.003)
    for big, small in zip(WEAK, WEAK[1:]):
        ratio = (measured[f"gamma_down off second order, J0/{big}"]
                 / measured[f"gamma_down off second order, J0/{small}"])
        checks.near("3 modes: what second order leaves out falls as J0", ratio, 4, 0.5)
    checks.require("8 modes: D comes back", measured["D at t = 80"] > 0.5)
    until = measured["time of the least D before 2 pi/dw"]
    falling = [row["D"] for row in finer if row["t"] <= until]
    checks.require("8 modes: D falls until then",
                   len(falling) > 50 and all(x > y for x, y in zip(falling, falling[1:])))
    checks.require("8 modes: D nearly vanishes before", measured["D at this time"] < 0.01)


# Output.

def write_tables(folder, runs, continuum, rows, finer):
    table = []
    for count in VACUUM_MODES:
        run = runs["vacuum", count]
        table += [[count, t, a] for t, a in zip(run["evolve"]["times"], run["map"]["a"])]
    table += [["continuum", t, c * c] for t, c in continuum.items()]
    write_csv(folder / "vacuum.csv", ["source", "t", "a"], table)

    run = runs["lorentzian", "map"]
    found = run["map"]
    write_csv(folder / "lorentzian.csv", ["t", "D", "D_continuum", "gamma_down"],
              [[t, d, damped(t)**2, math.nan if rate is None else rate] for t, d, rate
               in zip(run["evolve"]["times"], found["D"], found["gamma_down"])])

    modes = parabola(THERMAL_J0, MODES)
    occupations = [(planck(W0 + d), planck(W0 + d) + 1) for d, _ in modes]
    table = []
    for source, several in (("product-states", finer), ("coarse", rows[0]),
                            ("random-phase", rows[1][::2])):
        table += [[source, *(row[name] for name in COLUMNS[:8])] for row in several]
    for row in finer:
        up, down = second_order(modes, occupations, row["t"])
        table.append(["second order", row["t"], *[math.nan] * 3, up, down, 0.0, 0.0])
    run = runs["master", "map"]
    table += [["Born-Markov", *values, 0.0, 0.0] for values
              in zip(run["evolve"]["times"], *(run["map"][name] for name in NUMBERS))]
    write_csv(folder / "thermal.csv", ["source", *COLUMNS[:8]], table)
    write_csv(folder / "finer.csv", COLUMNS, [list(row.values()) for row in finer])

    run = runs["vacuum", VACUUM_MODES[-1]]
    for field, j0, count, curves in (
            ("vacuum", VACUUM_J0, VACUUM_MODES[-1],
             [(t, [run["evolve"]["observables"][f"n{k}"][j] for k in range(VACUUM_MODES[-1])])
              for j, t in enumerate(run["evolve"]["times"]) if j % 2 == 0]),
            ("thermal", THERMAL_J0, MODES,
             [(row["t"], [row[f"n{k}"] - finer[0][f"n{k}"] for k in range(MODES)])
              for row in finer])):
        write_csv(folder / f"{field}_modes.csv", ["t", "w", "change", "density"],
                  [[t, W0 + d, n, n * count / (2 * H)] for t, numbers in curves
                   for (d, _), n in zip(parabola(j0, count), numbers)])


def main():
    arguments = read_arguments(__doc__, {
        "full": "leave out less of the field's weight, which takes minutes, in place of reading "
                "finer.csv"})
    runs = run_all(arguments.lindwurm, tasks(arguments.full))
    finer = as_rows(runs["thermal", "finer"]) if arguments.full else read_finer()
    product_rows, phase_rows = (as_rows(runs["thermal", kind]) for kind in ("product", "phases"))
    continuum = volterra(kernel_of_continuum, 400.0, 0.5)
    weak = weak_deviations({name[1]: run for name, run in runs.items() if name[0] == "weak"})
    vacuum = {name[1]: run for name, run in runs.items() if name[0] == "vacuum"}
    measured = measure(finer, phase_rows, weak, vacuum, continuum)

    checks = Checks()
    check_soundness(runs, checks)
    check_vacuum(vacuum, continuum, checks)
    check_lorentzian(runs["lorentzian", "map"], checks)
    check_small({name[1]: run for name, run in runs.items() if name[0] == "small"}, checks)
    check_single(runs["single", "mode"], checks)
    check_master(runs["master", "map"], runs["rates", "master"], checks)
    check_thermal(product_rows, finer, measured, checks)
    write_tables(arguments.output, runs, continuum, (product_rows, phase_rows), finer)
    write_csv(arguments.output / "measured.csv", ["quantity", "value"], measured.items())
    for name, value in measured.items():
        print(f"{value:12.5f}  {name}")
    checks.print_largest()
    draw(FOLDER / "qubit_boson_field.gp", arguments.output, "vacuum.csv", "lorentzian.csv",
         "thermal.csv", "vacuum_modes.csv", "thermal_modes.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
