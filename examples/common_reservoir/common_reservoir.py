#!/usr/bin/env python3
"""Qubits in one reservoir: super- and subradiance, dark states, and steady states in plenty.

Runs model.toml and pair.toml through lindwurm, for one reservoir and for one of each qubit's own,
and compares with the rate equations of Dicke's ladders and with closed formulas. Writes decay.csv,
pair.csv, stationary.csv and limits.csv, and draws common_reservoir.png.
"""

import json
import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from baths import planck  # noqa: E402
from checks import Checks  # noqa: E402
from numerics import runge_kutta  # noqa: E402
from run_model import (model_rates, of_kind, read_arguments, run_all,  # noqa: E402
                       run_model, series)
from tables import draw, write_csv  # noqa: E402

W0 = 1.0
GAMMA = 0.1                        # of model.toml
STRENGTH, CUTOFF = 0.01, 5.0       # of pair.toml

# nbar = 0, and nbar = 0.5 and 2.
TEMPERATURES = (0.0, 1 / math.log(3), 1 / math.log(1.5))
STATES = ("all up", "one up", "up_x")
NUMBERS = (2, 3, 4)
LARGE = 6                          # for the picture of superradiance
CORRELATIONS = (0.5, 0.95)
PAIRS = [(0.8, 0.0), (0.3, 0.0), (1.0, 0.0), (0.8, 1.5), (1.0, 1.5)]    # c, T
LIMIT_NBARS = (0, 0.1, 0.25, 0.5, 1, 1.5, 2)
STEPS = 40                         # of Runge and Kutta's method, from one output time to the next


def quanta(temperature):
    return planck(W0, temperature)


def temperature_of(nbar):
    return W0 / math.log1p(1 / nbar) if nbar > 0 else 0.0


# What is expected.

class Ladder:
    """Populations of |J, m>, by k = J + m: they fall with the rate gamma (nbar+1) (J+m)(J-m+1).

    One reservoir couples by J- = sum s-_i alone, which leaves J as it is.
    """

    def __init__(self, rungs, populations, nbar):
        self.rungs = rungs                    # 2J
        self.populations = populations        # of k = 0 to 2J; their sum is the weight of this J
        self.nbar = nbar

    def strength(self, k):
        """<J, m|J+ J-|J, m>, from k to k - 1."""
        return k * (self.rungs - k + 1)

    def derivative(self, p):
        change = [0.0] * (self.rungs + 1)
        for k in range(1, self.rungs + 1):
            flow = GAMMA * self.strength(k) * ((self.nbar + 1) * p[k] - self.nbar * p[k - 1])
            change[k] -= flow
            change[k - 1] += flow
        return change

    def at(self, times):
        """Ladders with the populations at these times."""
        return [Ladder(self.rungs, populations, self.nbar) for populations in
                runge_kutta(self.derivative, self.populations, times, STEPS)]

    def limit(self):
        ratio = self.nbar / (self.nbar + 1)
        weights = [ratio**k for k in range(self.rungs + 1)]
        return Ladder(self.rungs, [sum(self.populations) * w / sum(weights) for w in weights],
                      self.nbar)

    def observables(self, qubits):
        half = self.rungs / 2
        return {"excited": sum(p * (k + qubits / 2 - half)
                               for k, p in enumerate(self.populations)),
                "emission": sum(p * self.strength(k) for k, p in enumerate(self.populations)),
                "spin2": sum(self.populations) * half * (half + 1)}


def ladders(qubits, state, nbar):
    """The state's weights on Dicke's states; coherences between them have no part in what follows.

    One qubit up is the symmetric state with the weight 1/M, and with J = M/2 - 1, m = -J the rest.
    """
    if state == "one up":
        symmetric = [0.0] * (qubits + 1)
        symmetric[1] = 1 / qubits
        rest = [0.0] * (qubits - 1)
        rest[0] = 1 - 1 / qubits
        return [Ladder(qubits, symmetric, nbar), Ladder(qubits - 2, rest, nbar)]
    if state == "all up":
        return [Ladder(qubits, [0.0] * qubits + [1.0], nbar)]
    return [Ladder(qubits, [math.comb(qubits, k) / 2**qubits for k in range(qubits + 1)], nbar)]


def total(all_ladders, qubits):
    found = [ladder.observables(qubits) for ladder in all_ladders]
    return {name: sum(each[name] for each in found) for name in found[0]}


def ladder_curve(qubits, state, nbar, times):
    return [total(all_ladders, qubits) for all_ladders in
            zip(*(ladder.at(times) for ladder in ladders(qubits, state, nbar)))]


def ladder_limit(qubits, state, nbar):
    return total([ladder.limit() for ladder in ladders(qubits, state, nbar)], qubits)


def excited_at_first(qubits, state):
    return {"all up": qubits, "one up": 1, "up_x": qubits / 2}[state]


def local_excited(qubits, state, nbar, t):
    """Each qubit by itself."""
    limit = qubits * nbar / (2 * nbar + 1)
    return limit + (excited_at_first(qubits, state) - limit) * math.exp(
        -GAMMA * (2 * nbar + 1) * t)


def multiplicities(qubits):
    """How often J occurs among M spins 1/2, by 2J."""
    return {rungs: math.comb(qubits, (qubits - rungs) // 2) * (rungs + 1)
            // ((qubits + rungs) // 2 + 1) for rungs in range(qubits % 2, qubits + 1, 2)}


def stationary_dimension(qubits):
    """One stationary state for each J, times any operator on the copies of J: sum d_J^2.

    Coherences between dark states of different J oscillate with the difference of their energies.
    """
    return sum(d**2 for d in multiplicities(qubits).values())


def dark_states(qubits):
    """The lowest state of each J."""
    return sum(multiplicities(qubits).values())


def correlated(qubits, c):
    return [[c**abs(i - j) for j in range(qubits)] for i in range(qubits)]


def correlated_curve(qubits, c, times):
    """One qubit up, nbar = 0: the amplitudes of one excitation fall with the matrix gamma_ij/2."""
    matrix = correlated(qubits, c)

    def derivative(amplitudes):
        return [-GAMMA / 2 * sum(m * a for m, a in zip(row, amplitudes)) for row in matrix]

    return [sum(a * a for a in amplitudes) for amplitudes in
            runge_kutta(derivative, [1.0] + [0.0] * (qubits - 1), times, STEPS)]


def pair_rates():
    """gamma = 2 pi J(w0) and Lambda = P int J(v)/(v - w0) dv for Drude's cutoff."""
    density = STRENGTH * W0 * CUTOFF**2 / (CUTOFF**2 + W0**2)
    shift = (density / W0) * (W0 * math.log(CUTOFF / W0) + math.pi * CUTOFF / 2)
    return 2 * math.pi * density, shift


def pair_curve(c, temperature, times):
    """Two qubits, the first one up: triplet and singlet fall with gamma (1 + c), gamma (1 - c), and
    the coherence between them turns with 2 c Lambda."""
    gamma, shift = pair_rates()
    nbar = quanta(temperature)

    def derivative(p):
        up, triplet, singlet, down = p
        flows = []
        for middle, rate in ((triplet, gamma * (1 + c)), (singlet, gamma * (1 - c))):
            flows.append(((nbar + 1) * rate * up - nbar * rate * middle,
                          (nbar + 1) * rate * middle - nbar * rate * down))
        return [-flows[0][0] - flows[1][0], flows[0][0] - flows[0][1],
                flows[1][0] - flows[1][1], flows[0][1] + flows[1][1]]

    curve = []
    for t, populations in zip(times, runge_kutta(derivative, [0.0, 0.5, 0.5, 0.0], times, STEPS)):
        up, triplet, singlet, _ = populations
        both = 2 * up + triplet + singlet
        fading = math.exp(-gamma * (2 * nbar + 1) * t)
        difference = fading * math.cos(2 * c * shift * t)
        curve.append({"first": (both + difference) / 2, "second": (both - difference) / 2,
                      "coherence": complex((triplet - singlet) / 2,
                                           fading * math.sin(2 * c * shift * t) / 2)})
    return curve


# Runs.

def initial(state, qubits):
    if state == "one up":
        return json.dumps(["up"] + ["down"] * (qubits - 1))
    return "up" if state == "all up" else "up_x"


def tasks():
    """All runs, by what they are: a word, and what varies."""
    model, pair = FOLDER / "model.toml", FOLDER / "pair.toml"
    steady = {"evolve.run": "false", "steady.run": "true"}
    found = {("decay", "collective", LARGE, "all up", 0.0): (run_model, model, {"M": LARGE})}
    for scheme in ("collective", "local"):
        for qubits in NUMBERS:
            for state in STATES:
                for temperature in TEMPERATURES:
                    found["decay", scheme, qubits, state, temperature] = (
                        run_model, model, {"M": qubits, "T": temperature, "bath[0].scheme": scheme,
                                           "initial.q": initial(state, qubits)})
    for qubits in (3, 4):
        for c in CORRELATIONS:
            found["correlated", qubits, c] = (
                run_model, model, {"M": qubits, "initial.q": initial("one up", qubits),
                                   "bath[0].correlations": json.dumps(correlated(qubits, c))})
    for c, temperature in PAIRS:
        settings = {"c": c, "T": temperature}
        found["pair", c, temperature] = (run_model, pair, settings)
        found["pair rates", c, temperature] = (model_rates, pair, settings)
    for qubits in NUMBERS:
        for temperature in TEMPERATURES:
            same = {"M": qubits, "T": temperature}
            found["rates", qubits, temperature] = (model_rates, model, same)
            found["spectrum", qubits, temperature] = (
                run_model, model, {**same, "evolve.run": "false", "spectrum.run": "true",
                                   "spectrum.count": min(4**qubits, 48)})
            for state in ("all up", "one up"):
                found["steady", qubits, state, temperature] = (
                    run_model, model, {**same, **steady, "initial.q": initial(state, qubits)}, 3)
    for nbar in LIMIT_NBARS:
        same = {**steady, "M": 4, "T": temperature_of(nbar)}
        for state in ("all up", "one up"):
            found["limit", "collective", state, nbar] = (
                run_model, model, {**same, "initial.q": initial(state, 4)}, 3)
        found["limit", "local", "all up", nbar] = (run_model, model,
                                                   {**same, "bath[0].scheme": "local"})
    return found


# Comparison.

def check_decay(runs, checks):
    for (scheme, qubits, state, temperature), run in of_kind(runs, "decay").items():
        detail = f"{qubits} qubits, {state}, T = {temperature}"
        times = run["evolve"]["times"]
        nbar = quanta(temperature)
        if scheme == "local":
            checks.compare_curve("own reservoirs: <excited>", detail, run, "excited",
                                 [local_excited(qubits, state, nbar, t) for t in times])
            continue
        expected = ladder_curve(qubits, state, nbar, times)
        for name in ("excited", "emission", "spin2"):
            checks.compare_curve(f"one reservoir: <{name}>, {state}", detail, run, name,
                                 [each[name] for each in expected])
        first = run["evolve"]["observables"]["emission"][0]
        checks.compare("one reservoir: emission at t = 0", detail, first,
                       {"all up": qubits, "one up": 1,
                        "up_x": qubits * (qubits + 1) / 4}[state])
        # One qubit up, no quanta: all but the symmetric part is dark.
        if state == "one up" and nbar == 0:
            checks.compare_curve(
                "one reservoir: 1 - 1/M + exp(-M gamma t)/M", detail, run, "excited",
                [1 - 1 / qubits + math.exp(-qubits * GAMMA * t) / qubits for t in times])
    for (qubits, c), run in of_kind(runs, "correlated").items():
        checks.compare_curve("correlated in part: <excited>", f"{qubits} qubits, c = {c}", run,
                             "excited", correlated_curve(qubits, c, run["evolve"]["times"]))


def check_rates(runs, checks):
    for (qubits, temperature), found in of_kind(runs, "rates").items():
        detail = f"{qubits} qubits, T = {temperature}"
        bath = found[0]
        for row in bath["gamma_ij"]:
            for value in row:
                checks.compare("gamma_ij, flat density", detail, value, GAMMA)
        for value in bath["quanta"]:
            checks.compare("quanta", detail, value, quanta(temperature))
        checks.require(f"GKSL, {detail}", bath["gksl"])
    gamma, shift = pair_rates()
    for (c, temperature), found in of_kind(runs, "pair rates").items():
        detail = f"c = {c}, T = {temperature}"
        bath = found[0]
        for i in range(2):
            for j in range(2):
                factor = 1 if i == j else c
                checks.compare("gamma_ij, Drude's density", detail, bath["gamma_ij"][i][j],
                               factor * gamma)
                checks.compare("Lambda_ij, Drude's density", detail, bath["Lambda_ij"][i][j],
                               factor * shift)
    for (c, temperature), run in of_kind(runs, "pair").items():
        expected = pair_curve(c, temperature, run["evolve"]["times"])
        for name in expected[0]:
            checks.compare_curve(f"two qubits with the Lamb shift: <{name}>",
                                 f"c = {c}, T = {temperature}", run, name,
                                 [each[name] for each in expected])


def undamped(run):
    return sum(abs(re) < 1e-9 for re, _ in run["spectrum"]["eigenvalues"])


def check_stationary(runs, checks):
    for (qubits, temperature), run in of_kind(runs, "spectrum").items():
        detail = f"{qubits} qubits, T = {temperature}"
        dimension = stationary_dimension(qubits)
        found = run["spectrum"]["stationary"]
        checks.require(f"eigenvalue 0, {detail}", found == dimension, f"{found}-fold")
        # Without quanta the coherences between all dark states stay; with quanta none of them.
        expected = dark_states(qubits)**2 if temperature == 0 else dimension
        found = undamped(run)
        checks.require(f"undamped modes, {detail}", found == expected,
                       f"{found} where {expected} are expected")
    for (qubits, state, temperature), run in of_kind(runs, "steady").items():
        detail = f"{qubits} qubits, {state}, T = {temperature}"
        steady = run["steady"]
        checks.require(f"not unique, {detail}", steady["unique"] is False)
        checks.require(f"dimension, {detail}",
                       steady["dimension"] == stationary_dimension(qubits)
                       and steady["dimension_exact"],
                       f"{steady['dimension']}, exact: {steady['dimension_exact']}")
        checks.require(f"reported, {detail}", any(
            "unique" in problem for problem in run["diagnostics"]["problems"]))
        expected = ladder_limit(qubits, state, quanta(temperature))
        for name, value in expected.items():
            checks.compare(f"limit of <{name}>", detail, steady["observables"][name], value)
    for (scheme, state, nbar), run in of_kind(runs, "limit").items():
        steady = run["steady"]
        checks.require(f"unique, {scheme}, nbar = {nbar}",
                       steady["unique"] == (scheme == "local"))
        expected = (4 * nbar / (2 * nbar + 1) if scheme == "local"
                    else ladder_limit(4, state, nbar)["excited"])
        checks.compare("limit of <excited>", f"{scheme}, {state}, nbar = {nbar}",
                       steady["observables"]["excited"], expected)
        if scheme == "local":
            checks.compare("own reservoirs: distance from Gibbs's state", f"nbar = {nbar}",
                           steady["gibbs_distance"], 0)


# Output.

def write_tables(folder, runs):
    rows = []
    for (scheme, qubits, state, temperature), run in of_kind(runs, "decay").items():
        nbar = quanta(temperature)
        times = run["evolve"]["times"]
        expected = ([{"excited": local_excited(qubits, state, nbar, t), "emission": math.nan}
                     for t in times] if scheme == "local"
                    else ladder_curve(qubits, state, nbar, times))
        for (t, excited, emission), value in zip(series(run, "excited", "emission"), expected):
            rows.append([scheme, qubits, state, nbar, t, excited, emission, value["excited"],
                         value["emission"]])
    for (qubits, c), run in of_kind(runs, "correlated").items():
        expected = correlated_curve(qubits, c, run["evolve"]["times"])
        for (t, excited, emission), value in zip(series(run, "excited", "emission"), expected):
            rows.append([f"c = {c}", qubits, "one up", 0, t, excited, emission, value, "nan"])
    write_csv(folder / "decay.csv",
              ["scheme", "M", "state", "nbar", "t", "excited", "emission", "excited_expected",
               "emission_expected"], rows)

    rows = []
    for (c, temperature), run in of_kind(runs, "pair").items():
        expected = pair_curve(c, temperature, run["evolve"]["times"])
        for (t, first, second), value in zip(series(run, "first", "second"), expected):
            rows.append([c, temperature, t, first, second, value["first"], value["second"]])
    write_csv(folder / "pair.csv", ["c", "T", "t", "first", "second", "first_expected",
                                    "second_expected"], rows)

    write_csv(folder / "stationary.csv", ["M", "nbar", "dark_states", "dimension", "undamped"],
              ([qubits, f"{quanta(temperature):g}", dark_states(qubits),
                run["spectrum"]["stationary"], undamped(run)]
               for (qubits, temperature), run in of_kind(runs, "spectrum").items()))
    rows = [[scheme, state, nbar, run["steady"]["observables"]["excited"], "nan"]
            for (scheme, state, nbar), run in of_kind(runs, "limit").items()]
    nbars = [k / 40 for k in range(81)]
    for state in ("all up", "one up"):
        rows += [["collective", state, nbar, "nan", ladder_limit(4, state, nbar)["excited"]]
                 for nbar in nbars]
    rows += [["local", "all up", nbar, "nan", 4 * nbar / (2 * nbar + 1)] for nbar in nbars]
    write_csv(folder / "limits.csv", ["scheme", "state", "nbar", "excited", "excited_expected"],
              rows)


def print_tables(runs):
    print(f"\n{'M':>3} {'nbar':>5} {'dark states':>12} {'stationary':>11} {'undamped':>9}")
    for (qubits, temperature), run in of_kind(runs, "spectrum").items():
        print(f"{qubits:3} {quanta(temperature):5.2g} {dark_states(qubits):12} "
              f"{run['spectrum']['stationary']:11} {undamped(run):9}")
    print(f"\n{'M':>3} {'state':>7} {'light at t = 0':>15} {'largest':>10} {'at gamma t':>11} "
          f"{'excited in the end':>19}")
    for qubits in (*NUMBERS, LARGE):
        for state in STATES:
            run = runs.get(("decay", "collective", qubits, state, 0.0))
            if run is None:
                continue
            light = run["evolve"]["observables"]["emission"]
            k = max(range(len(light)), key=lambda k: light[k])
            print(f"{qubits:3} {state:>7} {light[0]:15.6f} {light[k]:10.6f} "
                  f"{GAMMA * run['evolve']['times'][k]:11.2f} "
                  f"{ladder_limit(qubits, state, 0.0)['excited']:19.8f}")


def main():
    arguments = read_arguments(__doc__)
    runs = run_all(arguments.lindwurm, tasks())
    checks = Checks()
    check_decay(runs, checks)
    check_rates(runs, checks)
    check_stationary(runs, checks)
    write_tables(arguments.output, runs)
    print_tables(runs)
    checks.print_largest()
    draw(FOLDER / "common_reservoir.gp", arguments.output, "decay.csv", "pair.csv", "limits.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
