#!/usr/bin/env python3
"""The gap of an oscillator with one to six damped two-level systems, against their coupling.

Sweeps model.toml over the coupling for N = 1 to 3, and for N = 4 at a few points (--full: N = 4, 5
and 6 as in larger.csv, some 20 minutes), and compares with a dense Liouvillian in plain Python,
with perturbation theory for weak coupling, and with the late decay of observables. Writes gap.csv,
tracks.csv, content.csv, weak.csv, decay.csv and second_order.csv, and draws
oscillator_spin_gap.png.
"""

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
from tables import draw, read_csv, write_csv  # noqa: E402

MODEL = FOLDER / "model.toml"
LARGER = FOLDER / "larger.csv"
COUPLINGS = {spins: f"{{from=0, to=0.4, points={points}}}"
             for spins, points in ((1, 41), (2, 21), (3, 11))}
COARSE_COUPLINGS = {1: "{from=0, to=0.4, points=11}", 2: "[0, 0.2, 0.4]", 3: "[0]"}
MORE = {4: "{from=0, to=0.4, points=21}", 5: "{from=0, to=0.4, points=21}",
        6: "[0.1, 0.2, 0.3, 0.4]"}       # with --full
SOME = {4: (0.1, 0.3)}                   # without
COARSE_SOME = {4: (0.1,)}
DELTA = (1.0, 1.1, 1.2, 1.3, 1.4, 1.5)
KAPPA, NTH, GAMMA, NB = 0.05, 0.5, 0.1, 0.2
LEVELS = 10
DENSE = (0.02, 0.2)                      # couplings of the dense comparison, N = 1
COARSE_DENSE = (0.2,)
WEAK = (0.001, 0.002, 0.004)             # of that with perturbation theory
WEAK_SPINS = (1, 2)
COARSE_WEAK_SPINS = (1,)
WEAK_LEVELS = 24
CUTOFFS = (8, 10, 12, 14)
COARSE_CUTOFFS = (8, 10)
KNOWN = [0, -0.0747433422, -0.0757581159 + 0.8361883685j, -0.0757581159 - 0.8361883685j,
         -0.0838244394 + 1.2158905738j, -0.0838244394 - 1.2158905738j]
LATE = {"n": (200, 5, 10), "x": (200, 1, 14)}    # from this time on, every so many, exponentials


# What is expected.

def one_spin(coupling):
    """The Liouvillian for N = 1 in the basis of sx, where s- is |down><up| and sz flips."""
    sizes = [LEVELS, 2]
    a = tb.embed({0: tb.lowering(LEVELS)}, sizes)
    s = tb.embed({1: tb.SM}, sizes)
    hamiltonian = tb.plus(
        tb.times(tb.dagger(a), a), tb.times(DELTA[0] / 2, tb.embed({1: tb.SZ}, sizes)),
        tb.times(coupling, tb.times(tb.plus(a, tb.dagger(a)), tb.embed({1: tb.SX}, sizes))))
    return tb.liouvillian(hamiltonian, [
        (a, KAPPA * (NTH + 1)), (tb.dagger(a), KAPPA * NTH),
        (s, GAMMA * (NB + 1)), (tb.dagger(s), GAMMA * NB)])


class DenseSpectrum:
    """All modes of one_spin(), in its two parities."""

    def __init__(self, coupling):
        generator = one_spin(coupling)
        self.sectors = [tb.component(generator, start) for start in ((0, 0), (0, 1))]
        self.matrices = [tb.dense(generator, places) for places in self.sectors]
        self.values = [eigenvalues(matrix) for matrix in self.matrices]

    def rightmost(self, count):
        """(eigenvalue, sector), the slowest first."""
        every = [(value, k) for k, values in enumerate(self.values) for value in values]
        return sorted(every, key=lambda each: (-each[0].real, -each[0].imag))[:count]

    def mode(self, value, sector):
        """Condition number, share by coherence order, and share that is not the identity."""
        matrix, places = self.matrices[sector], self.sectors[sector]
        right = tb.eigenvector(matrix, value)
        left = tb.eigenvector(tb.transposed(matrix), value)
        v = dict(zip(places, right))
        coherence = [0.0] * (LEVELS + 1)
        for (m, n), x in v.items():
            # The spin's upper state, number 0, holds one excitation.
            coherence[abs(m // 2 - m % 2 - n // 2 + n % 2)] += abs(x)**2
        spin, mode = {}, {}
        for (m, n), x in v.items():
            if m // 2 == n // 2:
                spin[m % 2, n % 2] = spin.get((m % 2, n % 2), 0) + x
            if m % 2 == n % 2:
                mode[m // 2, n // 2] = mode.get((m // 2, n // 2), 0) + x
        return {"condition": 1 / abs(sum(x * y for x, y in zip(left, right))),
                "coherence": coherence,
                "mode": 1 - sum(abs(x)**2 for x in spin.values()) / LEVELS,
                "bath[0]": 1 - sum(abs(x)**2 for x in mode.values()) / 2}


class WeakCoupling:
    """Second order in the coupling, of an oscillator without cutoff: a acts on the spins, which
    answer with their susceptibility.

    Of a:            shift = -p sum_k g_k^2 (near - far), near = 1/(W + i (Delta_k - 1)),
    of n - <n>:      twice the real part,      far = 1/(W - i (Delta_k + 1)),
    W = (gamma (1 + 2 nb) - kappa)/2, p = -<sx> = 1/(1 + 2 nb).
    """

    def __init__(self, spins, coupling):
        width = (GAMMA * (1 + 2 * NB) - KAPPA) / 2
        shift = sum(1 / (width + 1j * (delta - 1)) - 1 / (width - 1j * (delta + 1))
                    for delta in DELTA[:spins])
        shift *= -(coupling**2 / spins) / (1 + 2 * NB)
        self.amplitude = -KAPPA / 2 - 1j + shift
        self.quanta = -KAPPA + 2 * shift.real


def cut_off_oscillator():
    """The eigenvalues of the oscillator alone with its cutoff that have the smallest rates: of
    |m><m-1|, and of populations."""
    a = tb.lowering(LEVELS)
    generator = tb.liouvillian(tb.times(tb.dagger(a), a),
                               [(a, KAPPA * (NTH + 1)), (tb.dagger(a), KAPPA * NTH)])
    return (eigenvalues(tb.dense(generator, tb.component(generator, (1, 0))))[0],
            eigenvalues(tb.dense(generator, tb.component(generator, (0, 0))))[1])


# Runs.

def sweep(spins, couplings):
    return run_model, MODEL, {"N": spins, "sweep.G": couplings}


def single(spins, coupling, **more):
    return run_model, MODEL, {"N": spins, "G": coupling, **more}


def tasks(is_full, is_coarse):
    late = (6, 5, 4, 3, 2, 1) if is_full else (2, 1) if is_coarse else (4, 3, 2, 1)
    some = COARSE_SOME if is_coarse else SOME
    couplings = COARSE_COUPLINGS if is_coarse else COUPLINGS
    found = {("late", spins): single(spins, 0.2, **{"evolve.run": "true"}) for spins in late}
    if is_full:
        found |= {("sweep", spins): sweep(spins, MORE[spins]) for spins in sorted(MORE)[::-1]}
    else:
        found |= {("some", spins, g): single(spins, g) for spins in some for g in some[spins]}
    found |= {("sweep", spins): sweep(spins, couplings[spins]) for spins in sorted(couplings)[::-1]}
    found |= {("weak", spins, g): single(spins, g, levels=WEAK_LEVELS)
              for spins in (COARSE_WEAK_SPINS if is_coarse else WEAK_SPINS) for g in WEAK}
    found |= {("dense", g): single(1, g) for g in (COARSE_DENSE if is_coarse else DENSE)}
    found |= {("cutoff", levels): single(2, 0.2, levels=levels)
              for levels in (COARSE_CUTOFFS if is_coarse else CUTOFFS)}
    return found


# Comparisons.

def values_of(run):
    return [complex(*value) for value in run["spectrum"]["eigenvalues"]]


def points_of(run):
    """(G, [eigenvalues], gap, is it complete) of a sweep."""
    table = run["sweep"]["spectrum"]
    for k, g in enumerate(run["sweep"]["axes"]["G"]):
        values = [complex(*value) for value in table["eigenvalues"][k] if value[0] is not None]
        yield g, values, table["gap"][k], table["complete"][k]


def slowest(values):
    """Of the real modes, and of those that turn with Im > 0; without the steady state."""
    still = [z for z in values if abs(z.imag) < 1e-7 and z.real < -1e-7]
    turning = [z for z in values if z.imag > 1e-7]
    return still[0] if still else None, turning[0] if turning else None


def check_dense(runs, checks):
    for (g,), run in of_kind(runs, "dense").items():
        dense = DenseSpectrum(g)
        found = list(zip(values_of(run), run["spectrum"]["modes"]))
        for value, sector in dense.rightmost(8):
            nearest, mode = min(found, key=lambda each: abs(each[0] - value))
            checks.compare("dense, N = 1: eigenvalues", f"G = {g}", nearest, value)
            if abs(value) < 1e-9 or value.imag < -1e-9:
                continue
            expected = dense.mode(value, sector)
            checks.compare("dense, N = 1: condition numbers", f"G = {g}, {value:.4f}",
                           mode["condition"], expected["condition"], expected["condition"],
                           tolerance=1e-6)
            for site in ("mode", "bath[0]"):
                checks.compare("dense, N = 1: content of sites", f"G = {g}, {value:.4f}, {site}",
                               mode["sites"][site], expected[site], tolerance=1e-6)
            for q, share in enumerate(mode["coherence"]):
                checks.compare("dense, N = 1: coherences", f"G = {g}, {value:.4f}, {q}", share,
                               expected["coherence"][q], tolerance=1e-6)


def check_weak(runs, checks):
    """Rows (N, mode, G, deviation): they grow as G^4."""
    rows = []
    for spins in WEAK_SPINS:
        if ("weak", spins, WEAK[0]) not in runs:
            continue
        off = {"amplitude": [], "quanta": []}
        for g in WEAK:
            expected = WeakCoupling(spins, g)
            found = values_of(runs["weak", spins, g])
            for name, numbers in off.items():
                value = getattr(expected, name)
                nearest = min(found, key=lambda z: abs(z - value))
                numbers.append(abs(nearest - value))
                rows.append((spins, name, g, nearest.real, numbers[-1]))
        for name, numbers in off.items():
            power = math.log2(numbers[-1] / numbers[-2])
            print(f"N = {spins}, {name}: deviation from second order "
                  f"{numbers[-1]:.1e} at G = {WEAK[-1]}, exponent {power:.3f}")
            checks.compare("weak coupling: deviation's exponent", f"N = {spins}, {name}", power, 4,
                           tolerance=0.1)
    return rows


def check_uncoupled(runs, checks):
    amplitude, quanta = cut_off_oscillator()
    for spins in COUPLINGS:
        run = runs["sweep", spins]
        _, values, gap, _ = next(points_of(run))
        checks.compare("G = 0: slowest of the oscillator alone", f"N = {spins}", gap,
                       -amplitude.real)
        for value in (amplitude, quanta):
            nearest = min(values, key=lambda z: abs(z - value))
            checks.compare("G = 0: slowest of the oscillator alone", f"N = {spins}", nearest, value)
    # The oscillator's modes beside spins in their steady states: |tr_s v|^2/2 = 1/(1 + <sx>^2).
    p = 1 / (1 + 2 * NB)
    modes = runs["sweep", 1]["sweep"]["spectrum"]["modes"]["1"]
    checks.compare("G = 0: content of sites", "mode", modes["sites"]["mode"][0], 1)
    checks.compare("G = 0: content of sites", "bath", modes["sites"]["bath[0]"][0],
                   p * p / (1 + p * p))


def check_late(runs, checks):
    """Rows (N, observable, eigenvalue, that of the decay): slowest real mode in n, turning in x."""
    rows = []
    for (spins,), run in sorted(of_kind(runs, "late").items()):
        still, turning = slowest(values_of(run))
        for name, value, allowed in (("n", still, 5e-6), ("x", turning, 1e-7)):
            start, stride, count = LATE[name]
            times = run["evolve"]["times"]
            samples = run["evolve"]["observables"][name][times.index(start)::stride]
            decays = exponents(samples, times[stride], count)
            nearest = min(decays, key=lambda each: abs(each[0] - value))[0]
            checks.compare(f"late decay of <{name}>", f"N = {spins}", nearest, value,
                           tolerance=allowed)
            rows.append((spins, name, value, nearest))
    return rows


def check_known(runs, checks):
    run = runs["cutoff", LEVELS]
    for value, expected in zip(values_of(run), KNOWN):
        checks.compare("N = 2, G = 0.2", f"{expected}", value, expected)


def check_certificates(runs, checks):
    for name, run in runs.items():
        if name[0] == "sweep":
            checks.require(f"{name}: certified", all(each[3] for each in points_of(run)))
        else:
            checks.require(f"{name}: certified", run["spectrum"]["complete"])


# Tables.

def gap_rows(runs):
    """(N, G, gap, slowest rate of the real modes, of those that turn, its frequency)."""
    for (spins,), run in sorted(of_kind(runs, "sweep").items()):
        for g, values, gap, _ in points_of(run):
            still, turning = slowest(values)
            yield (spins, g, gap, -still.real if still else math.nan,
                   -turning.real if turning else math.nan,
                   turning.imag if turning else math.nan)


def check_larger(runs, rows, checks):
    """The committed rows for N > 3 with what was run."""
    known = {(int(row["N"]), round(float(row["G"]), 6)): row for row in read_csv(LARGER)}
    for spins, g, gap, *_ in rows:
        if spins in MORE and (spins, round(g, 6)) in known:
            checks.compare("larger.csv", f"N = {spins}, G = {g}", gap,
                           float(known[spins, round(g, 6)]["gap"]))
    some = of_kind(runs, "some")
    if ("late", 4) in runs:
        some[4, 0.2] = runs["late", 4]
    for (spins, g), run in some.items():
        checks.compare("larger.csv", f"N = {spins}, G = {g}", run["spectrum"]["gap"],
                       float(known[spins, g]["gap"]))
    return [(int(row["N"]), *(float(row[key]) for key in list(row)[1:]))
            for row in read_csv(LARGER)]


def content_rows(run):
    """G, then of the lower polariton and of the slowest real mode: rate, frequency, shares of the
    oscillator and of two spins, of coherences of order 0 or 1, condition, overlap."""
    modes = run["sweep"]["spectrum"]["modes"]
    order = sorted(modes, key=int)
    for k, g in enumerate(run["sweep"]["axes"]["G"]):
        row = [g]
        for is_wanted in (lambda z: 0.3 < z.imag < 1.001,
                          lambda z: abs(z.imag) < 1e-7 and z.real < -1e-7):
            name = next(name for name in order if is_wanted(complex(*modes[name]["eigenvalue"][k])))
            mode = modes[name]
            row += [-mode["eigenvalue"][k][0], mode["eigenvalue"][k][1],
                    *(mode["sites"][site][k] for site in ("mode", "bath[0]", "bath[1]")),
                    sum(share or 0 for share in mode["coherence"][k][:2]), mode["condition"][k],
                    mode["overlap"][k]]
        yield row


CONTENT = ("rate", "frequency", "mode", "bath[0]", "bath[1]", "order 0 or 1", "condition",
           "overlap")
HEADER = ["N", "G", "gap", "real", "turning", "frequency"]


def write_tables(folder, runs, rows, weak):
    write_csv(folder / "gap.csv", HEADER, rows)
    write_csv(folder / "tracks.csv", ["G", "rate", "frequency"],
              [(g, -z.real, z.imag) for g, values, *_ in points_of(runs["sweep", 2])
               for z in values if z.imag > -1e-7 and abs(z) > 1e-7])
    write_csv(folder / "content.csv",
              ["G"] + [f"{kind} {what}" for kind in ("polariton", "real") for what in CONTENT],
              content_rows(runs["sweep", 2]))
    write_csv(folder / "weak.csv", ["N", "mode", "G", "Re", "deviation"], weak)
    run = runs["late", 4 if ("late", 4) in runs else 2]    # 2 with --coarse
    still = slowest(values_of(run))[0]
    turning = slowest(values_of(run))[1]
    last = run["evolve"]["observables"]["n"][-1]
    write_csv(folder / "decay.csv", ["t", "n", "x", "real", "turning"],
              [(t, abs(n - last), abs(x), math.exp(still.real * t), math.exp(turning.real * t))
               for t, n, x in zip(run["evolve"]["times"], run["evolve"]["observables"]["n"],
                                  run["evolve"]["observables"]["x"])])
    write_csv(folder / "second_order.csv", ["N", "G", "rate"],
              [(spins, g / 1000, -WeakCoupling(spins, g / 1000).amplitude.real)
               for spins in range(1, 7) for g in range(0, 41)])


def main():
    arguments = read_arguments(__doc__, {"full": "sweeps for 4, 5 and 6 spins, which take some 20 "
                                                 "minutes, and a new larger.csv in the output",
                                         **COARSE})
    runs = run_all(arguments.lindwurm, tasks(arguments.full, arguments.coarse))
    checks = Checks()
    check_known(runs, checks)
    check_certificates(runs, checks)
    check_uncoupled(runs, checks)
    weak = check_weak(runs, checks)
    check_dense(runs, checks)
    late = check_late(runs, checks)
    rows = list(gap_rows(runs))
    if arguments.full:
        write_csv(arguments.output / "larger.csv", HEADER, [row for row in rows if row[0] in MORE])
    larger = check_larger(runs, rows, checks)
    print(f"\n{'N':>2}  {'':10}{'of L':>26}{'of the decay':>30}")
    for spins, name, value, decay in late:
        print(f"{spins:2}  <{name}>      {value:26.8f}{decay:30.8f}")
    for (levels,), run in of_kind(runs, "cutoff").items():
        print(f"levels = {levels}: gap {run['spectrum']['gap']:.10f}")
    checks.print_largest()
    write_tables(arguments.output, runs,
                 [row for row in rows if row[0] not in MORE] + larger, weak)
    draw(FOLDER / "oscillator_spin_gap.gp", arguments.output, "gap.csv", "second_order.csv",
         "tracks.csv", "content.csv", "decay.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
