#!/usr/bin/env python3
"""A damped Jaynes-Cummings model: all of its eigenvalues, and the points where modes merge.

Sweeps model.toml over the coupling and over the distance from the first exceptional point, and
compares eigenvalues, splittings, condition numbers and decays with closed formulas and with a dense
Liouvillian in plain Python. Writes tracks.csv, gap.csv, distance.csv and decay.csv, and draws
jaynes_cummings_exceptional.png.
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
from run_model import read_arguments, run_all, run_model  # noqa: E402
from tables import draw, write_csv  # noqa: E402

MODEL = FOLDER / "model.toml"
W, KAPPA, LEVELS = 2.0, 1.0, 4
LOSSES = (0.0, 0.2)                    # gamma
DECAYS = (0.1, 0.25, 0.6)              # couplings of the evolutions
NEAREST = 1e-12                        # distances from the exceptional point, down to here
EXCEPTIONAL = 1e5                      # condition number above which a mode is flagged


# What is expected.

class Exact:
    """At zero temperature the environment only takes quanta: L is triangular in the manifolds of k
    quanta, and its eigenvalues are -i (E - E'*), E and E' among those of the effective Hamiltonian

        (k - 1/2) w - i [(2k - 1) kappa + gamma]/4 +- sqrt(k g^2 - (kappa - gamma)^2/16).
    """

    def __init__(self, g, gamma):
        self.g, self.gamma = g, gamma
        self.energies = {(0, "-"): complex(-W / 2)}
        for k in range(1, LEVELS):
            middle = (k - 0.5) * W - 0.25j * ((2 * k - 1) * KAPPA + gamma)
            for sign in "+-":
                self.energies[k, sign] = middle + (1 if sign == "+" else -1) * self.root(k)
        # The cutoff leaves |levels - 1, up> alone.
        self.energies[LEVELS, "-"] = (LEVELS - 0.5) * W - 0.5j * ((LEVELS - 1) * KAPPA + gamma)

    def root(self, k):
        return cmath.sqrt(k * self.g**2 - ((KAPPA - self.gamma) / 4)**2)

    def eigenvalues(self):
        """{(ket, bra): eigenvalue}, of states (k, sign)."""
        return {(ket, bra): -1j * (e - f.conjugate())
                for ket, e in self.energies.items() for bra, f in self.energies.items()}

    def gap(self):
        return (KAPPA + self.gamma) / 4 - abs(self.root(1).imag)

    def dipole(self, t):
        """<s-> from (|up> + |down>)/sqrt 2 without quanta."""
        root, width = self.root(1), (KAPPA - self.gamma) / 4
        turned = cmath.sin(root * t) / root if abs(root * t) > 1e-12 else t
        return 0.5 * cmath.exp(-(1j * W + (KAPPA + self.gamma) / 4) * t) * (
            cmath.cos(root * t) + width * turned)


def merging(side):
    """A mode that merges with another one at the first exceptional point, and one that merges with
    two; the root is real above and imaginary below."""
    return {"coherence": ((1, "+"), (0, "-")),
            "population": ((1, "+"), (1, "+" if side == "below" else "-"))}


class Textbook:
    """Condition numbers of the dense Liouvillian for gamma = 0."""

    def __init__(self, g):
        sizes = [LEVELS, 2]
        a = tb.embed({0: tb.lowering(LEVELS)}, sizes)
        s = tb.embed({1: tb.SM}, sizes)
        exchange = tb.times(tb.dagger(a), s)
        hamiltonian = tb.plus(
            tb.times(W, tb.times(tb.dagger(a), a)), tb.times(W / 2, tb.embed({1: tb.SZ}, sizes)),
            tb.times(g, tb.plus(exchange, tb.dagger(exchange))))
        self.generator = tb.liouvillian(hamiltonian, [(a, KAPPA)])

    def condition(self, kind, value):
        """|0, down> is the state 1, |1, down> the state 3."""
        start = (3, 1) if kind == "coherence" else (3, 3)
        matrix = tb.dense(self.generator, tb.component(self.generator, start))
        right = tb.eigenvector(matrix, value)
        left = tb.eigenvector(tb.transposed(matrix), value)
        return 1 / abs(sum(x * y for x, y in zip(left, right)))


# Runs.

def tasks():
    found = {("couplings", gamma): (run_model, MODEL, {"gamma": gamma}) for gamma in LOSSES}
    for side, sign in (("above", "+"), ("below", "-")):
        found["distance", side] = (run_model, MODEL, {
            "g": f"kappa/4*(1 {sign} delta)",
            "sweep.delta": f"{{from=1e-1, to={NEAREST}, points=12, scale='log'}}"})
    for g in DECAYS:
        found["decay", g] = (run_model, MODEL, {"g": g, "evolve.run": "true"})
    found["point", "at"] = (run_model, MODEL, {"g": 0.25})
    return found


def modes_at(run, k):
    """The modes of one point of a sweep, each as {name: value}."""
    def part(tree):
        return {name: part(each) if isinstance(each, dict) else each[k]
                for name, each in tree.items()}

    return [part(mode) for mode in run["sweep"]["spectrum"]["modes"].values()]


def matched(modes, exact):
    """{(ket, bra): mode}, each mode taken once, the best fits first."""
    expected = exact.eigenvalues()
    pairs = sorted((abs(complex(*mode["eigenvalue"]) - value), label, k)
                   for k, mode in enumerate(modes) for label, value in expected.items())
    found, used = {}, set()
    for _, label, k in pairs:
        if label not in found and k not in used:
            found[label] = modes[k]
            used.add(k)
    return found


def value_of(mode):
    return complex(*mode["eigenvalue"])


# Comparisons.

def compare_all(modes, exact, detail, checks):
    """Every eigenvalue; those that merge to the error that the result states."""
    found, expected = matched(modes, exact), exact.eigenvalues()
    checks.require(f"{detail}: all eigenvalues", len(found) == 4 * LEVELS**2, str(len(found)))
    for label, mode in found.items():
        off = abs(value_of(mode) - expected[label])
        if (mode.get("condition") or math.inf) < 1e4:
            checks.compare("eigenvalues", f"{detail}, {label}", off, 0)
        else:
            checks.compare("eigenvalues that merge, over their stated errors",
                           f"{detail}, {label}", off / (mode["error"] or math.inf), 0, tolerance=1)


def check_couplings(runs, checks):
    """Rows of the tracks: (gamma, k, g, rate, frequency - k w) of coherences with the vacuum."""
    rows, gaps = [], []
    for gamma in LOSSES:
        run = runs["couplings", gamma]
        for k, g in enumerate(run["sweep"]["axes"]["g"]):
            exact, modes = Exact(g, gamma), modes_at(run, k)
            compare_all(modes, exact, f"gamma = {gamma}, g = {g}", checks)
            found = matched(modes, exact)
            for manifold in range(1, LEVELS):
                for sign in "+-":
                    value = value_of(found[(manifold, sign), (0, "-")])
                    rows.append((gamma, manifold, g, -value.real, -value.imag - manifold * W))
            gap = run["sweep"]["spectrum"]["gap"][k]
            is_merging = abs(4 * g / (KAPPA - gamma) - 1) < 1e-9
            checks.compare("gap", f"gamma = {gamma}, g = {g}", gap, exact.gap(),
                           tolerance=1e-6 if is_merging else 1e-8)
            gaps.append((gamma, g, gap))
    return rows, gaps


def check_point(runs, checks):
    modes = runs["point", "at"]["spectrum"]["modes"]
    exact = Exact(0.25, 0.0)
    compare_all(modes, exact, "g = kappa/4", checks)
    found = matched(modes, exact)
    for name, label in merging("at").items():
        mode = found[label]
        checks.require(f"{name}: near_exceptional at g = kappa/4", mode["near_exceptional"],
                       str(mode["condition"]))
        print(f"g = kappa/4, {name}: condition {mode['condition']:.1e}, eigenvalue off by "
              f"{abs(value_of(mode) - exact.eigenvalues()[label]):.1e}, stated error "
              f"{mode['error']:.1e}")


def check_distances(runs, checks):
    """Rows (side, delta, splitting, exact, condition of the coherence, of the population)."""
    rows = []
    for side, sign in (("above", 1), ("below", -1)):
        run = runs["distance", side]
        for k, delta in enumerate(run["sweep"]["axes"]["delta"]):
            exact, modes = Exact(KAPPA / 4 * (1 + sign * delta), 0.0), modes_at(run, k)
            compare_all(modes, exact, f"{side}, delta = {delta}", checks)
            found = matched(modes, exact)
            pair = [value_of(found[(1, each), (0, "-")]) for each in "+-"]
            split, expected = abs(pair[0] - pair[1]), 2 * abs(exact.root(1))
            checks.compare("splitting, relative, times delta", f"{side}, delta = {delta}",
                           split / expected * delta, delta, tolerance=1e-14)
            conditions = []
            for name, label in merging(side).items():
                mode = found[label]
                conditions.append(mode["condition"])
                # The flag goes by the condition in the norm of the balanced matrix, which differs by
                # a small factor from the one that is listed.
                if abs(math.log10(mode["condition"] / EXCEPTIONAL)) > 0.5:
                    checks.require(f"{side}, {name}, delta = {delta}: flag",
                                   mode["near_exceptional"] == (mode["condition"] > EXCEPTIONAL))
                if delta > 1e-5:
                    condition = Textbook(exact.g).condition(name, exact.eigenvalues()[label])
                    checks.compare("condition numbers, relative", f"{side}, {name}, {delta}",
                                   mode["condition"], condition, condition, 1e-6)
            rows.append((side, delta, split, expected, *conditions))
    check_laws(rows, checks)
    return rows


def check_laws(rows, checks):
    """Powers of delta, from 1e-8 to 1e-4."""
    for side in ("above", "below"):
        near, far = [next(row for row in rows if row[0] == side and abs(row[1] / delta - 1) < 0.1)
                     for delta in (1e-8, 1e-4)]
        for name, column, expected in (("splitting", 2, 0.5), ("condition, coherence", 4, -0.5),
                                       ("condition, population", 5, -1.0)):
            power = math.log(far[column] / near[column]) / math.log(far[1] / near[1])
            print(f"{side}: {name} goes with delta to the power {power:.5f}")
            checks.compare(f"power of delta: {name}", side, power, expected, tolerance=2e-3)


def check_decays(runs, checks):
    rows = []
    for g in DECAYS:
        run, exact = runs["decay", g], Exact(g, 0.0)
        times = run["evolve"]["times"]
        for k, (t, value) in enumerate(zip(times, run["evolve"]["observables"]["dipole"])):
            found = complex(*value)
            checks.compare("<s->(t)", f"g = {g}, t = {t}", found, exact.dipole(t))
            if abs(4 * g / KAPPA - 1) > 1e-9:
                checks.compare("<s->(t) from the modes alone", f"g = {g}, t = {t}",
                               complex(*run["spectrum"]["prediction"]["dipole"][k]),
                               exact.dipole(t))
            rows.append((g, t, abs(found), abs(exact.dipole(t))))
    return rows


def write_tables(folder, tracks, gaps, distances, decays):
    write_csv(folder / "tracks.csv", ["gamma", "k", "g", "rate", "frequency"], tracks)
    write_csv(folder / "exact.csv", ["k", "g", "rate +", "frequency +", "rate -", "frequency -"],
              [(k, g / 1000, *(part for sign in "+-"
                               for value in [Exact(g / 1000, 0.0).energies[k, sign] + W / 2]
                               for part in (-value.imag, value.real - k * W)))
               for k in range(1, LEVELS) for g in range(5, 501)])
    write_csv(folder / "gap.csv", ["gamma", "g", "gap"], gaps)
    write_csv(folder / "distance.csv", ["side", "delta", "splitting", "exact", "coherence",
                                        "population"], distances)
    write_csv(folder / "decay.csv", ["g", "t", "dipole", "exact"], decays)


def main():
    arguments = read_arguments(__doc__)
    runs = run_all(arguments.lindwurm, tasks())
    checks = Checks()
    tracks, gaps = check_couplings(runs, checks)
    check_point(runs, checks)
    distances = check_distances(runs, checks)
    decays = check_decays(runs, checks)
    print(f"\n{'side':8}{'delta':>9}{'splitting':>14}{'exact':>14}{'coherence':>12}"
          f"{'population':>12}")
    for side, delta, split, expected, *conditions in distances:
        print(f"{side:8}{delta:9.1e}{split:14.6e}{expected:14.6e}{conditions[0]:12.3e}"
              f"{conditions[1]:12.3e}")
    checks.print_largest()
    write_tables(arguments.output, tracks, gaps, distances, decays)
    draw(FOLDER / "jaynes_cummings_exceptional.gp", arguments.output, "tracks.csv", "exact.csv",
         "gap.csv", "distance.csv", "decay.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
