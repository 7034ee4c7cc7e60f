#!/usr/bin/env python3
"""Two coupled qubits in one and two baths: Section VI A of Cresser and Facer (2017).

Runs one_bath.toml, two_baths.toml and ohmic_baths.toml through lindwurm, compares with the
closed formulas and with four_levels.py, writes rates.csv, equilibrium.csv and current.csv (the
panels of the picture) and measured.csv, and draws coupled_qubits.png and coupled_qubits.svg.
"""

import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from baths import CoarseGraining, Flat, OhmicExponential, planck  # noqa: E402
from checks import Checks  # noqa: E402
from four_levels import (System, dissipator, local_dissipator, partial_secular,  # noqa: E402
                         secular)
from run_model import (model_rates, read_arguments, run_all, run_model,  # noqa: E402
                       with_scheme)
from tables import draw, write_csv  # noqa: E402

ONE_BATH = FOLDER / "one_bath.toml"
TWO_BATHS = FOLDER / "two_baths.toml"
OHMIC = FOLDER / "ohmic_baths.toml"

WS = 1.0
CUTOFF = 10.0
SCHEMES = ("secular", "partial-secular", "local")

# (Omega, gamma, T)
ONE_BATH_CASES = [(0.01, 0.01, 1.0), (0.1, 0.05, 0.5), (0.3, 0.05, 0.5), (0.4, 0.2, 2.0),
                  (0.6, 0.1, 0.7), (0.05, 0.001, 0.3), (0.005, 0.01, 3.0), (0.05, 0.02, 0.0)]
# (Omega, gamma_h, gamma_c, T_h, T_c)
TWO_BATH_CASES = [(0.01, 0.02, 0.005, 2.0, 0.5), (0.2, 0.02, 0.005, 2.0, 0.5),
                  (0.001, 0.01, 0.01, 2.0, 0.5), (0.02, 0.003, 0.04, 1.0, 0.4),
                  (0.1, 0.02, 0.005, 1.0, 0.0), (0.05, 0.01, 0.03, 0.8, 0.0),
                  (0.03, 0.04, 0.01, 0.7, 0.7)]
# So far from wS and T that n(wS + Omega), n(wS - Omega) and n(wS) are equal to 1e-9.
LIMIT = (1e-5, 2e-5, 0.5e-5, 2.0, 0.5)
STANDARD = TWO_BATH_CASES[0][1:]

# Panel (a): one bath at T = 0.5 with gamma = 0.005.
RATES_OMEGA = 0.005
RATES_DT = [0.02, 0.07, 0.2, 0.7, 2.0, 7.0, 30.0, 100.0, 300.0, 900.0, 2200.0]
# Denser where the coefficients oscillate.
RATES_CURVE = ([10**(k / 30) for k in range(-60, 15)] + [3.1 + 0.1 * k for k in range(400)]
               + [10**(k / 30) for k in range(50, 80)] + [450 + 25 * k for k in range(103)])
RATES_OPPOSITE = 43    # to this dt, the coefficient between frequencies of opposite sign is shown
# Panel (b): distance from the Gibbs state at T = 0.5.
EQUILIBRIUM_T = 0.5
EQUILIBRIUM_OMEGA = [0.003, 0.03, 0.3]
EQUILIBRIUM_GAMMA = [1e-4, 1e-3, 1e-2, 1e-1]
EQUILIBRIUM_CURVE = [10**(k / 20) for k in range(-80, -19)]
# Panel (c): the current.
CURRENT_OMEGA = [3e-4, 1e-3, 3e-3, 0.006, 0.012, 0.03, 0.1, 0.4]
CURRENT_CURVE = [10**(k / 18) for k in range(-72, -6)] + [0.4]
CURRENT_DT = [5, 200, 2000]

SX = {0: [[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]],    # of qubit 1 and qubit 2
      1: [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]}


# The oracle. Energy eigenstates in the order u, +, -, l of Eq. 92.

def qubits(omega):
    r = math.sqrt(0.5)
    return System([WS, omega, -omega, -WS],
                  [[1, 0, 0, 0], [0, r, r, 0], [0, r, -r, 0], [0, 0, 0, 1]])


def ohmic(gamma, temperature):
    return OhmicExponential(gamma, WS, CUTOFF, temperature)


def bath_dissipator(system, qubit, scheme, bath):
    """`bath` is the CoarseGraining of one for the scheme of this name."""
    if scheme == "local":
        return local_dissipator(system, SX[qubit], WS, bath)
    frequencies, operators = system.eigenoperators(SX[qubit])
    if scheme == "coarse-grained":
        return dissipator(operators, bath.gammas(frequencies))
    pairs = secular if scheme == "secular" else partial_secular
    return dissipator(operators, pairs(frequencies, bath))


def currents(omega, scheme, baths):
    """Heat from the hot and from the cold bath, and rho."""
    system = qubits(omega)
    dissipators = [bath_dissipator(system, k, scheme, bath) for k, bath in enumerate(baths)]
    rho = system.steady_state(dissipators)
    return system.heat_currents(dissipators, rho), rho


def trace_distance(rho, populations):
    """From a state that is diagonal in the energies, of a rho that has no coherence but +-."""
    p, q = (rho[k][k].real - populations[k] for k in (1, 2))
    root = math.hypot((p - q) / 2, abs(rho[1][2]))
    outer = sum(abs(rho[k][k].real - populations[k]) for k in (0, 3))
    return (outer + abs((p + q) / 2 + root) + abs((p + q) / 2 - root)) / 2


# The closed formulas of the paper.

def one_bath_state(omega, gamma, temperature):
    """rho of Eqs. 106 to 108 and the populations of e_1 and e_2 of Eq. 109, with e_n for e_1."""
    plus, minus, n = (planck(w, temperature) for w in (WS + omega, WS - omega, WS))
    total = plus + minus + 1
    product = (2 * minus + 1) * (2 * plus + 1)
    p0 = 0.0
    boltzmann = qubits(omega).gibbs(temperature)
    z_ratio = 0.0    # Z(0)/Z(Omega)
    if temperature > 0:
        # 1 - (2n + 1)(n_+ + n_- + 1)/[(2n_- + 1)(2n_+ + 1)] without the cancellation.
        sinh2 = math.sinh(omega / (2 * temperature))**2
        cosh2 = math.cosh(WS / (2 * temperature))**2
        numerator = sinh2 / (cosh2 + sinh2)
        r = 16 * omega**2 / (total * gamma**2) + total
        p0 = numerator / (r - (2 * n + 1)**2 * total / product)
        z_ratio = ((math.cosh(WS / temperature) + 1)
                   / (math.cosh(WS / temperature) + math.cosh(omega / temperature)))
    half = n + 0.5
    shares = [-1 / (4 * total) + half * (plus + minus + 0.5) / product,
              1 / (4 * total) + half * (minus - plus + 0.5) / product,
              1 / (4 * total) + half * (plus - minus + 0.5) / product,
              -1 / (4 * total) - half * (plus + minus + 1.5) / product]
    rho = [[0j] * 4 for _ in range(4)]
    for k in range(4):
        rho[k][k] = boltzmann[k] + p0 * shares[k] + 0j
    rho[1][2] = p0 / 2 * (1 - 4j * omega / (total * gamma))
    rho[2][1] = rho[1][2].conjugate()
    equal = boltzmann[0] + (boltzmann[1] + boltzmann[2]) / 2
    excited = [equal + p0 / 2 * (z_ratio - (-1)**k) for k in (1, 2)]
    return rho, excited, p0


def printed_current(omega, gamma_h, gamma_c, t_h, t_c):
    """Eq. 115, Eq. 118 as it has to be, Eq. 118 as printed."""
    n_h, n_c = planck(WS, t_h), planck(WS, t_c)
    mean = (gamma_h * n_h + gamma_c * n_c) / (gamma_h + gamma_c)
    j = 2 * gamma_c * gamma_h * WS * (n_h - n_c) / ((gamma_h + gamma_c) * (2 * mean + 1))
    widths = (2 * n_h + 1) * gamma_h * (2 * n_c + 1) * gamma_c
    extra = ((2 * n_h + 1) * gamma_h - (2 * n_c + 1) * gamma_c) * (gamma_h - gamma_c) / 4
    return (j, j * 4 * omega**2 / (widths + 4 * omega**2),
            j * 4 * omega**2 / (widths + extra + 4 * omega**2))


# The runs.

def one_bath_settings(omega, gamma, temperature):
    return {"Omega": omega, "gamma": gamma, "T": temperature}


def two_bath_settings(omega, gamma_h, gamma_c, t_h, t_c):
    return {"Omega": omega, "gamma_h": gamma_h, "gamma_c": gamma_c, "T_h": t_h, "T_c": t_c}


def tasks():
    found = {}
    for case in ONE_BATH_CASES:
        for scheme in SCHEMES[:2]:
            found["one", case, scheme] = (
                run_model, ONE_BATH, with_scheme(scheme, 1, one_bath_settings(*case)))
    for case in [*TWO_BATH_CASES, LIMIT]:
        for scheme in SCHEMES:
            found["two", case, scheme] = (
                run_model, TWO_BATHS, with_scheme(scheme, 2, two_bath_settings(*case)))
    for dt in RATES_DT:
        found["rates", dt] = (model_rates, OHMIC, {"Omega": RATES_OMEGA, "dt": dt})
    for omega in EQUILIBRIUM_OMEGA:
        for gamma in EQUILIBRIUM_GAMMA:
            found["equilibrium", omega, gamma] = (
                run_model, ONE_BATH,
                with_scheme("partial-secular", 1, one_bath_settings(omega, gamma, EQUILIBRIUM_T)))
    for omega in CURRENT_OMEGA:
        settings = two_bath_settings(omega, *STANDARD)
        for scheme in SCHEMES:
            found["current", omega, scheme] = (
                run_model, OHMIC, with_scheme(scheme, 2, settings))
        for dt in CURRENT_DT:
            found["current", omega, dt] = (run_model, OHMIC, {**settings, "dt": dt})
    return found


# Comparisons. What the README states goes to `measured`.

def compare_one_bath(runs, checks, measured):
    for case in ONE_BATH_CASES:
        omega, gamma, temperature = case
        rho, excited, p0 = one_bath_state(*case)
        gibbs = qubits(omega).gibbs(temperature)
        system = qubits(omega)
        brute = system.steady_state(
            [bath_dissipator(system, 1, "partial-secular", Flat(gamma, temperature))])
        for scheme in SCHEMES[:2]:
            steady = runs["one", case, scheme]["steady"]
            values = steady["observables"]
            coherence = complex(*values["eg_ge"])
            # |+> and |-> are (|eg> + |ge>)/sqrt 2 and (|eg> - |ge>)/sqrt 2.
            middle = (values["eg"] + values["ge"]) / 2
            found = [values["ee"], middle + coherence.real, middle - coherence.real, values["gg"]]
            across = (values["eg"] - values["ge"]) / 2 - 1j * coherence.imag
            own = [values["ee"] + values["eg"], values["ee"] + values["ge"]]
            name = f"Omega, gamma, T = {case}"
            if scheme == "secular":
                for k in range(4):
                    checks.compare("one bath, secular: populations of the Gibbs state (98)", name,
                                   found[k], gibbs[k], gibbs[k] or 1)
                checks.compare("one bath, secular: no coherence", name, across, 0)
                checks.compare("one bath, secular: gibbs_distance", name,
                               steady["gibbs_distance"], 0)
                checks.compare("one bath, secular: equal reduced states (100)", name, own[0],
                               own[1], own[1] if temperature > 0 else 1)
                measured[f"excited secular {case}"] = own[0]
                continue
            for k in range(4):
                checks.compare("one bath, partial-secular: populations (106)", name, found[k],
                               rho[k][k].real, rho[k][k].real or 1)
                checks.compare("one bath, partial-secular: populations, null vector", name,
                               found[k], brute[k][k].real,
                               brute[k][k].real if temperature > 0 else 1)
            checks.compare("one bath, partial-secular: coherence (107), (108)", name, across,
                           rho[1][2], abs(rho[1][2]) or 1)
            checks.compare("one bath, partial-secular: reduced states (109)", name, own[0],
                           excited[0], excited[0] or 1)
            checks.compare("one bath, partial-secular: reduced states (109)", name, own[1],
                           excited[1], excited[1] or 1)
            checks.compare("one bath, partial-secular: gibbs_distance", name,
                           steady["gibbs_distance"], trace_distance(rho, gibbs))
            measured[f"excited 1 {case}"], measured[f"excited 2 {case}"] = own
            measured[f"coherence {case}"] = 2 * across.real
            measured[f"gibbs distance {case}"] = steady["gibbs_distance"]


def heat_difference(run):
    return run["steady"]["heat"]["hot"] - run["steady"]["heat"]["cold"]


def compare_two_baths(runs, checks, measured):
    for case in [*TWO_BATH_CASES, LIMIT]:
        omega, gamma_h, gamma_c, t_h, t_c = case
        baths = Flat(gamma_h, t_h), Flat(gamma_c, t_c)
        secular_current, right, printed = printed_current(*case)
        name = f"Omega, gamma_h, gamma_c, T_h, T_c = {case}"
        for scheme in SCHEMES:
            run = runs["two", case, scheme]
            j = heat_difference(run)
            (hot, cold), rho = currents(omega, scheme, baths)
            scale = abs(hot - cold) if t_h != t_c else gamma_h * WS
            checks.compare(f"two baths, {scheme}: current, null vector", name, j, hot - cold, scale)
            checks.require(f"{scheme}, {name}: GKSL", run["diagnostics"]["generator"] == "GKSL")
            measured[f"current {scheme} {case}"] = j
            if t_h != t_c:
                checks.compare("two baths: first law", f"{scheme}, {name}",
                               run["steady"]["first_law_defect"], 0)
                if scheme == "local":
                    checks.compare_relative("two baths, local: current (118), corrected", name, j,
                                            right)
                continue
            distance = trace_distance(rho, qubits(omega).gibbs(t_h))
            checks.compare(f"equal temperatures, {scheme}: gibbs_distance", name,
                           run["steady"]["gibbs_distance"], distance)
            checks.require(f"equal temperatures: {scheme} and the Gibbs state",
                           (distance < 1e-9) == (scheme == "secular"), f"{distance:.3g}")
            measured[f"gibbs distance {scheme} {case}"] = run["steady"]["gibbs_distance"]
        measured[f"current (115) {case}"] = secular_current
        measured[f"current (118) {case}"] = right
        measured[f"current (118) printed {case}"] = printed
    secular_current, right, printed = printed_current(*LIMIT)
    checks.compare_relative("Omega, gamma << wS, T, secular: current (115)", "limit",
                            heat_difference(runs["two", LIMIT, "secular"]), secular_current)
    checks.compare_relative("Omega, gamma << wS, T, partial-secular: current (118), corrected",
                            "limit", heat_difference(runs["two", LIMIT, "partial-secular"]), right)
    checks.require("(118) as printed is wrong", abs(printed / right - 1) > 0.2,
                   f"{printed} and {right}")


def rates_bath():
    return ohmic(STANDARD[1], STANDARD[3])


def compare_rates(runs, checks, measured):
    """Eq. 45 in all sixteen elements, and its two limits (49)."""
    frequencies, _ = qubits(RATES_OMEGA).eigenoperators(SX[1])
    bath = rates_bath()
    for dt in RATES_DT:
        found = runs["rates", dt][1]
        gammas = CoarseGraining(bath, dt).gammas(frequencies)
        scale = max(abs(g) for g in gammas.values())
        for m, w in enumerate(frequencies):
            checks.compare_relative("frequencies", f"{w}", found["frequencies"][m], w)
            for n in range(len(frequencies)):
                checks.compare("coarse-grained: gamma_mn(dt), Eq. 45", f"dt = {dt}, {m}, {n}",
                               complex(*found["gamma"][m][n]), gammas[m, n], scale)
        checks.require(f"dt = {dt}: GKSL", found["gksl"])
        single = bath.rate(WS + RATES_OMEGA)
        measured[f"gamma ++ over its limit, dt = {dt}"] = found["rates"][3] / single
        measured[f"gamma +- over its limit, dt = {dt}"] = (
            abs(complex(*found["gamma"][3][2])) / bath.rate(WS))
        measured[f"gamma of opposite signs over gamma ++, dt = {dt}"] = (
            abs(complex(*found["gamma"][2][1])) / found["rates"][3])
    short, long = (measured[f"gamma +- over its limit, dt = {dt}"] for dt in (30.0, 2200.0))
    checks.require("dt << 1/Omega keeps the cross term, dt >> 1/Omega drops it",
                   abs(short - 1) < 0.03 and long < 0.1, f"{short}, {long}")


def compare_equilibrium(runs, checks):
    for omega in EQUILIBRIUM_OMEGA:
        gibbs = qubits(omega).gibbs(EQUILIBRIUM_T)
        for gamma in EQUILIBRIUM_GAMMA:
            rho, _, _ = one_bath_state(omega, gamma, EQUILIBRIUM_T)
            checks.compare("panel (b): gibbs_distance from (106) to (108)",
                           f"Omega = {omega}, gamma = {gamma}",
                           runs["equilibrium", omega, gamma]["steady"]["gibbs_distance"],
                           trace_distance(rho, gibbs))


def current_curve(scheme, grained):
    """J against Omega, over (115), of baths with the ohmic density."""
    unit = printed_current(0.1, *STANDARD)[0]
    gamma_h, gamma_c, t_h, t_c = STANDARD
    baths = grained or (ohmic(gamma_h, t_h), ohmic(gamma_c, t_c))

    def at(omega):
        hot, cold = currents(omega, scheme, baths)[0]
        return (hot - cold) / unit
    return at


def current_curves():
    gamma_h, gamma_c, t_h, t_c = STANDARD
    curves = {scheme: current_curve(scheme, None) for scheme in SCHEMES}
    for dt in CURRENT_DT:
        grained = [CoarseGraining(ohmic(gamma, t), dt) for gamma, t in
                   ((gamma_h, t_h), (gamma_c, t_c))]
        curves[dt] = current_curve("coarse-grained", grained)
    return curves


def compare_current(runs, curves, checks):
    unit = printed_current(0.1, *STANDARD)[0]
    for omega in CURRENT_OMEGA:
        for what, curve in curves.items():
            label = what if what in SCHEMES else "coarse-grained"
            checks.compare_relative(f"panel (c), {label}: current, null vector",
                                    f"{what}, Omega = {omega}",
                                    heat_difference(runs["current", omega, what]) / unit,
                                    curve(omega))
    ends = [heat_difference(runs["current", omega, "secular"]) / unit for omega in (3e-4, 0.012)]
    checks.require("the secular current stays as Omega goes to 0",
                   all(abs(j - 1) < 1e-3 for j in ends), f"{ends}")
    for what, warning in (("secular", "splitting period is not much shorter"),
                          (2000, "dt is not much shorter than the relaxation time")):
        said = runs["current", 0.001, what]["diagnostics"]["warnings"]
        for bath in ("hot", "cold"):
            checks.require(f"{what}, {bath}: a warning",
                           any(f"'{bath}'" in text and warning in text for text in said), f"{said}")


# The tables of the picture.

def rates_rows(runs):
    frequencies, _ = qubits(RATES_OMEGA).eigenoperators(SX[1])
    shown = [frequencies[k] for k in (3, 2, 1)]
    bath = rates_bath()
    for dt in RATES_CURVE:
        gammas = CoarseGraining(bath, dt).gammas(shown)
        values = [abs(gammas[pair]) / STANDARD[1] for pair in ((0, 0), (1, 0), (2, 1))]
        yield ["quadrature", dt, *values[:2], values[2] if dt < RATES_OPPOSITE else math.nan]
    for dt in RATES_DT:
        gamma = runs["rates", dt][1]["gamma"]
        yield ["lindwurm", dt] + [abs(complex(*gamma[m][n])) / STANDARD[1]
                                  for m, n in ((3, 3), (3, 2), (2, 1))]


def equilibrium_rows(runs):
    for omega in EQUILIBRIUM_OMEGA:
        gibbs = qubits(omega).gibbs(EQUILIBRIUM_T)
        for gamma in EQUILIBRIUM_CURVE:
            rho, _, _ = one_bath_state(omega, gamma, EQUILIBRIUM_T)
            yield ["formula", omega, gamma, trace_distance(rho, gibbs)]
        for gamma in EQUILIBRIUM_GAMMA:
            run = runs["equilibrium", omega, gamma]
            yield ["lindwurm", omega, gamma, run["steady"]["gibbs_distance"]]


def current_rows(runs, curves):
    unit = printed_current(0.1, *STANDARD)[0]
    for omega in CURRENT_CURVE:
        yield (["null vector", omega] + [curve(omega) for curve in curves.values()]
               + [printed_current(omega, *STANDARD)[2] / unit])
    for omega in CURRENT_OMEGA:
        yield (["lindwurm", omega] + [heat_difference(runs["current", omega, what]) / unit
                                      for what in curves] + [float("nan")])


def main():
    arguments = read_arguments(__doc__)
    folder = arguments.output
    runs = run_all(arguments.lindwurm, tasks())
    checks, measured, curves = Checks(), {}, current_curves()
    compare_rates(runs, checks, measured)
    compare_one_bath(runs, checks, measured)
    compare_equilibrium(runs, checks)
    compare_two_baths(runs, checks, measured)
    compare_current(runs, curves, checks)
    checks.compare_table(FOLDER / "expected.csv", measured.items())
    checks.print_largest()
    write_csv(folder / "measured.csv", ["quantity", "value"], measured.items())
    write_csv(folder / "rates.csv", ["source", "dt", "equal", "one_sign", "opposite_signs"],
              rates_rows(runs))
    write_csv(folder / "equilibrium.csv", ["source", "Omega", "gamma", "gibbs_distance"],
              equilibrium_rows(runs))
    write_csv(folder / "current.csv",
              ["source", "Omega", *SCHEMES, *(f"dt_{dt}" for dt in CURRENT_DT), "printed_118"],
              current_rows(runs, curves))
    draw(FOLDER / "coupled_qubits.gp", folder, "rates.csv", "equilibrium.csv", "current.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
