#!/usr/bin/env python3
"""A qubit that tunnels between two baths: Section VI B of Cresser and Facer (2017).

Runs tunnelling_qubit.toml, localised.toml and coarse_grained.toml through lindwurm, compares with
the closed formulas and with four_levels.py, writes current.csv and jump.csv (the panels of the
picture) and measured.csv, and draws tunnelling_qubit.png and tunnelling_qubit.svg.
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

DERIVED = FOLDER / "tunnelling_qubit.toml"
LOCALISED = FOLDER / "localised.toml"
COARSE_GRAINED = FOLDER / "coarse_grained.toml"

WS = 1.0
CUTOFF = 10.0
SCHEMES = {"secular": secular, "partial-secular": partial_secular}
SIDES = ("left", "right")

# (Omega, gamma, T_l, T_r)
CASES = [(0.01, 0.01, 2.0, 0.5), (0.001, 0.01, 2.0, 0.5), (0.1, 0.02, 1.0, 0.3),
         (0.3, 0.05, 0.5, 2.0), (0.05, 0.02, 1.0, 0.0), (0.03, 0.01, 0.0, 0.7),
         (0.02, 0.01, 0.8, 0.8), (0.2, 0.05, 0.4, 0.4)]
# So far from wS and T that the n at all Bohr frequencies are equal to 1e-9.
LIMIT = (1e-5, 1e-5, 2.0, 0.5)
LOCALISED_CASES = [(0.01, 0.01, 2.0, 0.5), (0.2, 0.05, 1.0, 0.3), (0.002, 0.02, 0.4, 3.0)]

# Panel (a): the current.
STANDARD = (0.01, 2.0, 0.5)
CURRENT_OMEGA = [1e-4, 3e-4, 1e-3, 3e-3, 0.007, 0.014, 0.03, 0.07, 0.15, 0.3]
CURRENT_CURVE = [10**(k / 18) for k in range(-72, -6)] + [0.4]
# Panel (b): where the qubit is after it has emitted into the left bath.
JUMP_OMEGA = 0.01
JUMP_DT = [4.0, 10.0, 30.0, 60.0, 100.0, 200.0, 300.0, 460.0, 1000.0, 2700.0]
JUMP_CURVE = [10**(k / 18) for k in range(9, 42)] + [220 + 40 * k for k in range(71)]

# P_l sx and P_r sx in the product basis el, er, gl, gr.
COUPLINGS = [[[0, 0, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]],
             [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 1, 0, 0]]]
E_PLUS, E_MINUS, G_PLUS, G_MINUS = range(4)


# The oracle. Energy eigenstates in the order e+, e-, g+, g- of Eq. 121.

def qubit(omega):
    r = math.sqrt(0.5)
    return System([(WS + omega) / 2, (WS - omega) / 2, (-WS + omega) / 2, (-WS - omega) / 2],
                  [[r, r, 0, 0], [r, -r, 0, 0], [0, 0, r, r], [0, 0, r, -r]])


def equation(omega, scheme, baths):
    """System, frequencies, for each bath its eigenoperators and gamma_mn, and the dissipators.

    The baths are CoarseGrainings if the scheme is coarse-grained.
    """
    system = qubit(omega)
    operators, rates = [], []
    for coupling, bath in zip(COUPLINGS, baths):
        frequencies, own = system.eigenoperators(coupling)
        operators.append(own)
        rates.append(SCHEMES[scheme](frequencies, bath) if scheme in SCHEMES
                     else bath.gammas(frequencies))
    dissipators = [dissipator(x, gamma) for x, gamma in zip(operators, rates)]
    return system, frequencies, operators, rates, dissipators


def localised_dissipators(system, case):
    """Eq. 142 for each bath."""
    _, gamma, *temperatures = case
    return [local_dissipator(system, coupling, WS, Flat(gamma, t))
            for coupling, t in zip(COUPLINGS, temperatures)]


def after_emission(frequencies, operators, rates, rho):
    """The state of the well, in the basis +, -, after the qubit has ended in g by an emission.

    The jump terms of Eq. 44 with w_m, w_n > 0, normalised.
    """
    jump = [[0j] * 2 for _ in range(2)]
    for (m, n), gamma in rates.items():
        if frequencies[m] < 0 or frequencies[n] < 0:
            continue
        for (a, c), x in operators[m].items():
            for (b, d), y in operators[n].items():
                jump[a - G_PLUS][b - G_PLUS] += gamma * x * complex(y).conjugate() * rho[c][d]
    trace = (jump[0][0] + jump[1][1]).real
    return [[element / trace for element in row] for row in jump]


def in_left_well(well):
    return 0.5 + well[0][1].real


# What lindwurm gives.

def density_matrix(run):
    """In the basis of the energies, from the observables; e and g have no coherence."""
    values = run["steady"]["observables"]
    rho = [[0j] * 4 for _ in range(4)]
    for k, state in ((E_PLUS, "e"), (G_PLUS, "g")):
        left = values[f"{state}l_{state}l"]
        right = values[f"{state}r_{state}r"]
        coherence = complex(*values[f"{state}l_{state}r"])
        rho[k][k] = (left + right) / 2 + coherence.real + 0j
        rho[k + 1][k + 1] = (left + right) / 2 - coherence.real + 0j
        rho[k][k + 1] = (left - right) / 2 - 1j * coherence.imag
        rho[k + 1][k] = rho[k][k + 1].conjugate()
    return rho


def coefficients(rates, side):
    """gamma_mn of `lindwurm rates`."""
    found = rates[side]
    if "gamma" not in found:
        return {(m, m): rate for m, rate in enumerate(found["rates"])}
    return {(m, n): complex(*value) for m, row in enumerate(found["gamma"])
            for n, value in enumerate(row) if value != [0, 0]}


def heat_difference(run):
    return run["steady"]["heat"]["left"] - run["steady"]["heat"]["right"]


# The closed formulas of the paper.

def printed_current(omega, gamma, t_l, t_r, rho):
    """Eq. 144; without the coherences it is Eq. 139."""
    def difference(w):
        return planck(w, t_l) - planck(w, t_r)

    def mean(w):
        return (planck(w, t_l) + planck(w, t_r)) / 2

    upper, lower = WS + omega, WS - omega
    upper_mean, lower_mean = WS + omega / 2, WS - omega / 2
    population = [rho[k][k].real for k in range(4)]
    at_ws = WS * difference(WS)
    return gamma * (
        (upper * difference(upper) + at_ws) * (population[G_MINUS] - population[E_PLUS]) / 4
        + (at_ws + lower * difference(lower)) * (population[G_PLUS] - population[E_MINUS]) / 4
        + (upper_mean * mean(upper_mean) + lower_mean * mean(lower_mean))
        * rho[G_PLUS][G_MINUS].real
        - (upper_mean * (mean(upper_mean) + 1) + lower_mean * (mean(lower_mean) + 1))
        * rho[E_PLUS][E_MINUS].real)


def limits(omega, gamma, t_l, t_r):
    """Eq. 140 and Eq. 145 with Omega-tilde^2 = 2 Omega^2/gamma^2."""
    n_l, n_r = planck(WS, t_l), planck(WS, t_r)
    j = WS * gamma * (n_l - n_r) / (2 * (n_l + n_r + 1))
    tilde = 2 * omega**2 / gamma**2
    return j, j * tilde / (1 + (2 * n_l + 1) * (2 * n_r + 1) + tilde)


# The runs.

def settings_of(omega, gamma, t_l, t_r):
    return {"Omega": omega, "gamma": gamma, "T_l": t_l, "T_r": t_r}


def tasks():
    found = {}
    for case in [*CASES, LIMIT]:
        for scheme in SCHEMES:
            settings = with_scheme(scheme, 2, settings_of(*case))
            found["run", case, scheme] = (run_model, DERIVED, settings)
            found["rates", case, scheme] = (model_rates, DERIVED, settings)
    for case in LOCALISED_CASES:
        found["localised", case] = (run_model, LOCALISED, settings_of(*case))
    for omega in CURRENT_OMEGA:
        for scheme in SCHEMES:
            found["current", omega, scheme] = (
                run_model, DERIVED, with_scheme(scheme, 2, settings_of(omega, *STANDARD)))
    for dt in JUMP_DT:
        settings = {**settings_of(JUMP_OMEGA, *STANDARD), "dt": dt}
        found["jump", dt] = (run_model, COARSE_GRAINED, settings)
        found["jump rates", dt] = (model_rates, COARSE_GRAINED, settings)
    return found


# Comparisons. What the README states goes to `measured`.

def compare_state(topic, name, found, expected, checks):
    for a in range(4):
        for b in range(4):
            checks.compare(topic, f"{name}, {a}, {b}", found[a][b], expected[a][b])


def compare_jumps(runs, case, scheme, rho, solved, checks, measured):
    system, frequencies, operators, rates, _ = solved
    expected_rho = system.steady_state(solved[4])
    for side, temperature in enumerate(case[2:]):
        printed = coefficients(runs["rates", case, scheme], side)
        for pair in set(rates[side]) | set(printed):
            checks.compare(f"{scheme}: gamma_mn, (130) and (141)", f"{case}, {pair}",
                           printed.get(pair, 0), rates[side].get(pair, 0),
                           max(abs(g) for g in rates[side].values()))
        well = after_emission(frequencies, operators[side], printed, rho)
        expected = after_emission(frequencies, operators[side], rates[side], expected_rho)
        for a in range(2):
            for b in range(2):
                checks.compare(f"{scheme}: well after an emission", f"{case}, {SIDES[side]}",
                               well[a][b], expected[a][b])
        left = in_left_well(well)
        measured[f"in l after emission to {SIDES[side]} {scheme} {case}"] = left
        measured[f"in - after emission to {SIDES[side]} {scheme} {case}"] = well[1][1].real
        if scheme == "secular":
            checks.compare_relative("secular: l and r are equally likely after an emission",
                                    f"{case}", left, 0.5)
            # n falls with w, so the emission that ends in + is the faster one.
            bias = 0.5 - well[1][1].real
            checks.require(f"{case}: a bias towards +, none at T = 0",
                           bias > 1e-8 if temperature > 0 else abs(bias) < 1e-12, f"{bias}")
        if case == LIMIT:
            target = 0.5 if scheme == "secular" else 1.0 - side
            checks.compare(f"Omega, gamma << wS, T, {scheme}: state after an emission, "
                           f"{'(137)' if scheme == 'secular' else '(143)'}, to 1e-5", SIDES[side],
                           abs(well[0][0] - 0.5) + abs(well[0][1] - (target - 0.5)), 0, 1, 1e-5)


def compare_cases(runs, checks, measured):
    for case in [*CASES, LIMIT]:
        omega, gamma, t_l, t_r = case
        baths = Flat(gamma, t_l), Flat(gamma, t_r)
        for scheme in SCHEMES:
            run = runs["run", case, scheme]
            rho = density_matrix(run)
            solved = equation(omega, scheme, baths)
            system, dissipators = solved[0], solved[4]
            expected = system.steady_state(dissipators)
            name = f"{scheme}, Omega, gamma, T_l, T_r = {case}"
            compare_state(f"{scheme}: density matrix, null vector", name, rho, expected, checks)
            left, right = system.heat_currents(dissipators, expected)
            j = heat_difference(run)
            scale = abs(left - right) if t_l != t_r else gamma * WS
            checks.compare(f"{scheme}: current, null vector", name, j, left - right, scale)
            formula = "(139)" if scheme == "secular" else "(144)"
            if scheme == "secular":
                for a, b in ((E_PLUS, E_MINUS), (G_PLUS, G_MINUS)):
                    checks.compare("secular: no coherence", name, rho[a][b], 0)
            checks.compare(f"{scheme}: current {formula}", name, j, printed_current(*case, rho),
                           scale)
            checks.require(f"{name}: GKSL", run["diagnostics"]["generator"] == "GKSL")
            measured[f"current {scheme} {case}"] = j
            if t_l == t_r:
                for k, weight in enumerate(system.gibbs(t_l)):
                    checks.compare_relative(
                        f"equal temperatures, {scheme}: Boltzmann populations (134)", name,
                        rho[k][k].real, weight)
                checks.compare(f"equal temperatures, {scheme}: gibbs_distance", name,
                               run["steady"]["gibbs_distance"], 0)
            else:
                checks.compare("first law", name, run["steady"]["first_law_defect"], 0)
            compare_jumps(runs, case, scheme, rho, solved, checks, measured)
        measured[f"current (140) {case}"], measured[f"current (145) {case}"] = limits(*case)
    for scheme, current in zip(SCHEMES, limits(*LIMIT)):
        checks.compare_relative(f"Omega, gamma << wS, T, {scheme}: current "
                                f"{'(140)' if scheme == 'secular' else '(145)'}", "limit",
                                heat_difference(runs["run", LIMIT, scheme]), current)


def compare_localised(runs, checks):
    for case in LOCALISED_CASES:
        system = qubit(case[0])
        dissipators = localised_dissipators(system, case)
        rho = density_matrix(runs["localised", case])
        compare_state("localised jumps (142): density matrix, null vector", f"{case}", rho,
                      system.steady_state(dissipators), checks)
        left, right = system.heat_currents(dissipators, rho)
        checks.compare_relative("localised jumps (142): current (145)", f"{case}", left - right,
                                limits(*case)[1])


def current_of(omega, scheme):
    gamma, t_l, t_r = STANDARD
    system, _, _, _, dissipators = equation(omega, scheme, (Flat(gamma, t_l), Flat(gamma, t_r)))
    left, right = system.heat_currents(dissipators, system.steady_state(dissipators))
    return (left - right) / limits(omega, *STANDARD)[0]


def expected_wells(dt):
    """By the oracle: the state of the well after emission into the left, into the right bath."""
    gamma, *temperatures = STANDARD
    baths = [CoarseGraining(OhmicExponential(gamma, WS, CUTOFF, t), dt) for t in temperatures]
    system, frequencies, operators, rates, dissipators = equation(JUMP_OMEGA, "coarse-grained",
                                                                  baths)
    rho = system.steady_state(dissipators)
    return [after_emission(frequencies, operators[k], rates[k], rho) for k in range(2)]


def found_wells(runs, dt):
    """By lindwurm."""
    rho = density_matrix(runs["jump", dt])
    return [after_emission(*qubit(JUMP_OMEGA).eigenoperators(coupling),
                           coefficients(runs["jump rates", dt], k), rho)
            for k, coupling in enumerate(COUPLINGS)]


def compare_curves(runs, checks, measured):
    for omega in CURRENT_OMEGA:
        unit = limits(omega, *STANDARD)[0]
        for scheme in SCHEMES:
            j = heat_difference(runs["current", omega, scheme]) / unit
            checks.compare_relative(f"panel (a), {scheme}: current, null vector",
                                    f"Omega = {omega}", j, current_of(omega, scheme))
            if omega == CURRENT_OMEGA[0]:
                measured[f"current {scheme} over (140) at Omega = {omega}"] = j
                checks.require("only the secular current flows without tunnelling",
                               abs(j - 1) < 1e-3 if scheme == "secular" else j < 1e-3, f"{j}")
    for dt in JUMP_DT:
        for side, found, expected in zip(SIDES, found_wells(runs, dt), expected_wells(dt)):
            checks.compare("panel (b): in l after an emission, null vector", f"{side}, dt = {dt}",
                           in_left_well(found), in_left_well(expected))
            measured[f"in l after emission to {side}, dt = {dt}"] = in_left_well(found)
            # w (n + 1) rises with w.
            checks.require(f"{side}, dt = {dt}: an ohmic density turns the bias towards -",
                           found[1][1].real > 0.5, f"{found[1][1].real}")


def main():
    arguments = read_arguments(__doc__)
    folder = arguments.output
    runs = run_all(arguments.lindwurm, tasks())
    checks, measured = Checks(), {}
    compare_cases(runs, checks, measured)
    compare_localised(runs, checks)
    compare_curves(runs, checks, measured)
    checks.compare_table(FOLDER / "expected.csv", measured.items())
    checks.print_largest()
    write_csv(folder / "measured.csv", ["quantity", "value"], measured.items())
    write_csv(folder / "current.csv", ["source", "Omega", *SCHEMES, "formula_145"],
              [["null vector", omega, *(current_of(omega, scheme) for scheme in SCHEMES),
                limits(omega, *STANDARD)[1] / limits(omega, *STANDARD)[0]]
               for omega in CURRENT_CURVE]
              + [["lindwurm", omega,
                  *(heat_difference(runs["current", omega, scheme]) / limits(omega, *STANDARD)[0]
                    for scheme in SCHEMES), math.nan] for omega in CURRENT_OMEGA])
    write_csv(folder / "jump.csv", ["source", "dt", *SIDES],
              [["null vector", dt, *map(in_left_well, expected_wells(dt))] for dt in JUMP_CURVE]
              + [["lindwurm", dt, *map(in_left_well, found_wells(runs, dt))] for dt in JUMP_DT])
    draw(FOLDER / "tunnelling_qubit.gp", folder, "current.csv", "jump.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
