#!/usr/bin/env python3
"""A driven Kerr oscillator: bistability, a gap that closes exponentially, and the Fock cutoff.

Sweeps model.toml over the drive for several sizes, and over the cutoff, and compares the steady
state with that of Drummond and Walls, gaps with inverse iteration in plain Python, their exponent
with the barrier of the classical potential, and with the decay of two metastable states. Writes
steady.csv, exact.csv, smallest.csv, decay.csv and cutoff.csv, and draws kerr_bistability.png.
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
from run_model import COARSE, of_kind, read_arguments, run_all, run_model  # noqa: E402
from tables import draw, write_csv  # noqa: E402

MODEL = FOLDER / "model.toml"
DELTA, KAPPA = 3.0, 1.0
SIZES = (1, 2, 3, 4, 5, 6)          # Nbar
COARSE_SIZES = (4, 5, 6)            # where the exponent is near its limit
COARSE_DRIVES = "{from=1.2, to=1.8, points=7}"
PICTURED = (1, 2, 4, 6)
AROUND = 5                          # drives around the smallest gap
SAME_GAP = {1: (1.2, 1.66, 2.0), 3: (1.54,), 5: (1.507,)}   # gaps in plain Python, at these drives
COARSE_SAME_GAP = {1: (1.66,), 5: (1.507,)}
SLOW = (3, 1.54)                    # Nbar and drive of the metastable states and the cutoffs
BRANCHES = {"dim": 0, "bright": 2}
COARSE_BRANCHES = {"bright": 2}
CUTOFFS = tuple(range(14, 41, 2))
COARSE_CUTOFFS = (14, 18, 22, 26, 30, 32, 34)
LARGE = (12, 1.48)                  # near the end of double precision
TIMES = tuple(0.1 * 1.12**k for k in range(95))


# What is expected.

def hypergeometric(a, b, z):
    """0F2(a, b; z)"""
    term = total = 1
    k = 0
    while abs(term) > 1e-17 * abs(total) or k < 5:
        term *= z / ((a + k) * (b + k) * (k + 1))
        total += term
        k += 1
    return total


def exact_steady_state(size, f):
    """<n> and <ad^2 a^2>: Drummond and Walls, J. Phys. A 13, 725 (1980), for our H:
    <ad^k a^k> = |e^k/(c)_k|^2 0F2(c + k, c* + k; 2 |e|^2)/0F2(c, c*; 2 |e|^2),
    e = 2 F/U, c = -(2 Delta + i kappa)/U."""
    e, c = 2 * f * size**1.5, -(2 * DELTA + 1j * KAPPA) * size
    z = 2 * e**2
    below = hypergeometric(c, c.conjugate(), z).real
    first = hypergeometric(c + 1, c.conjugate() + 1, z).real / below * abs(e / c)**2
    second = (hypergeometric(c + 2, c.conjugate() + 2, z).real / below
              * abs(e**2 / (c * (c + 1)))**2)
    return first, second


def classical(f):
    """The stationary alpha/sqrt(Nbar), few quanta first: (Delta - |alpha|^2 + i kappa/2) alpha = f,
    n ((Delta - n)^2 + kappa^2/4) = f^2."""
    def excess(n):
        return n * ((DELTA - n)**2 + KAPPA**2 / 4) - f**2

    root = math.sqrt(DELTA**2 - 0.75 * KAPPA**2)
    turns = [0.0, (2 * DELTA - root) / 3, (2 * DELTA + root) / 3, 4 * DELTA]
    found = []
    for low, high in zip(turns, turns[1:]):
        if excess(low) * excess(high) > 0:
            continue
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if excess(low) * excess(middle) > 0 else (low, middle)
        found.append(f / (DELTA - low + 0.5j * KAPPA))
    return found


def potential(x, f):
    """ln P/Nbar for large Nbar, of the P function of Drummond and Walls at alpha = sqrt(Nbar) x,
    beta = alpha*."""
    return 2 * abs(x)**2 - 2 * ((2 * DELTA + 1j * KAPPA) * cmath.log(x) + 2 * f / x).real


def barrier():
    """The drive at which both stable states have the same potential, and how far the unstable one
    lies below: (f, barrier)."""
    def heights(f):
        return [potential(x, f) for x in classical(f)]

    low, high = 1.2, 1.8
    for _ in range(60):
        middle = (low + high) / 2
        few, _, many = heights(middle)
        low, high = (middle, high) if few > many else (low, middle)
    few, between, _ = heights(low)
    return low, few - between


def plain_gap(size, f, levels, near):
    """The eigenvalue of the textbook's Liouvillian next to -near."""
    a = tb.lowering(levels)
    up = tb.dagger(a)
    hamiltonian = tb.plus(
        tb.times(-DELTA, tb.times(up, a)), tb.times(f * math.sqrt(size), tb.plus(a, up)),
        tb.times(0.5 / size, tb.times(tb.times(up, up), tb.times(a, a))))
    return -tb.nearest_eigenvalue(tb.liouvillian(hamiltonian, [(a, KAPPA)]), levels, -near)[0]


def levels_of(size):
    return math.floor(10 + 4.5 * size + 9 * math.sqrt(size))


# Runs.

def listed(numbers):
    return "[" + ", ".join(f"{x:.12g}" for x in numbers) + "]"


def coherent(x):
    return f"coherent({x.real:.15g} + i*({x.imag:.15g}))"


def first_tasks(is_coarse):
    size, f = SLOW
    sizes, branches, cutoffs = (
        (COARSE_SIZES, COARSE_BRANCHES, COARSE_CUTOFFS) if is_coarse else
        (SIZES, BRANCHES, CUTOFFS))
    found = {("large", "one"): (run_model, MODEL, {"Nbar": LARGE[0], "f": LARGE[1]}, 3)}
    for n in sizes[::-1]:
        drives = ({"sweep.f": COARSE_DRIVES} if is_coarse else
                  {"sweep.f.points": 25 if n in PICTURED else 13})
        found["sweep", n] = (run_model, MODEL, {"Nbar": n, **drives})
    slow = {"Nbar": size, "f": f}
    for name, branch in branches.items():
        found["evolve", name] = (run_model, MODEL, {
            **slow, "initial.mode": coherent(math.sqrt(size) * classical(f)[branch]),
            "evolve.run": "true", "evolve.times": listed(TIMES)})
    found["cutoff", "all"] = (run_model, MODEL, {**slow, "sweep.levels": listed(cutoffs)})
    return found


def second_tasks(runs, is_coarse):
    """Closer to the smallest gap of each size, and the drives of the comparison in plain Python."""
    found = {}
    for (size,), run in of_kind(runs, "sweep").items():
        place, width = smallest(run)[0], 0.02 / size**0.5
        found["around", size] = (run_model, MODEL, {
            "Nbar": size, "sweep.f": f"{{from={place - width}, to={place + width}, "
                                     f"points={AROUND}}}"})
    for size, drives in (COARSE_SAME_GAP if is_coarse else SAME_GAP).items():
        for f in drives:
            found["plain", size, f] = (run_model, MODEL, {"Nbar": size, "f": f})
    return found


# Comparisons.

def table_of(run):
    """(f or levels, gap, <n>, <ad^2 a^2>, top level, is it complete) of a sweep."""
    sweep = run["sweep"]
    axis = sweep["axes"][sweep["names"][0]]
    steady = sweep["steady"]["observables"]
    return list(zip(axis, sweep["spectrum"]["gap"], steady["n"], steady["pairs"],
                    sweep["diagnostics"]["steady"]["top_levels"]["mode"],
                    sweep["spectrum"]["complete"]))


def smallest(run):
    """Place and value of the smallest gap: the parabola through its logarithm at three points."""
    points = [(row[0], math.log(row[1])) for row in table_of(run)]
    k = min(range(1, len(points) - 1), key=lambda j: points[j][1])
    (x0, y0), (x1, y1), (x2, y2) = points[k - 1:k + 2]
    first, second = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
    bend = (second - first) / (x2 - x0)
    place = (x0 + x1) / 2 - first / (2 * bend)
    return place, math.exp(y1 + (place - x1) * (first + bend * (place - x0)))


def check_steady(runs, checks):
    """What a steady state can be found to: its residual over the gap."""
    for (size,), run in of_kind(runs, "sweep").items():
        for f, gap, n, pairs, _, complete in table_of(run):
            exact, exact_pairs = exact_steady_state(size, f)
            allowed = 1e-8 if gap > 1e-4 else 1e-12 / gap    # a residual is divided by the gap
            topic = "gap > 1e-4" if gap > 1e-4 else "smaller gaps"
            checks.compare(f"<n>, {topic}", f"Nbar = {size}, f = {f}", n, exact, exact, allowed)
            checks.compare(f"g2, {topic}", f"Nbar = {size}, f = {f}", pairs / n**2,
                           exact_pairs / exact**2, exact_pairs / exact**2, allowed)
            checks.require(f"Nbar = {size}, f = {f}: certified", complete)


def check_gaps(runs, checks):
    for (size, f), run in of_kind(runs, "plain").items():
        gap = run["spectrum"]["gap"]
        expected = plain_gap(size, f, levels_of(size), gap)
        checks.compare("gap in plain Python", f"Nbar = {size}, f = {f}", gap, expected)
        checks.compare("the same, relative", f"Nbar = {size}, f = {f}", gap, expected, gap, 1e-6)


def check_exponent(runs, checks):
    """Rows (Nbar, f, smallest gap, exponent from the size before, f for infinite size)."""
    place, height = barrier()
    rows = []
    for (size,), run in sorted(of_kind(runs, "around").items()):
        f, gap = smallest(run)
        step = size - rows[-1][0] if rows else math.nan
        rows.append((size, f, gap,
                     math.log(rows[-1][2] / gap) / step if rows else math.nan,
                     (size * f - rows[-1][0] * rows[-1][1]) / step if rows else math.nan))
    for size, _, _, exponent, limit in rows[1:][-3:]:
        checks.compare("exponent of the gap", f"Nbar = {size}", exponent, height, tolerance=3e-3)
        checks.compare("drive of the smallest gap", f"Nbar = {size}", limit, place, tolerance=2e-3)
    return rows


def check_metastable(runs, checks):
    """The distance from the limit decays with the gap alone, once all else is gone.

    Returns (start, plateau, classical) and the curves."""
    size, f = SLOW
    limit = exact_steady_state(size, f)[0]
    rows, curves = [], []
    branches = classical(f)
    for (name,), run in of_kind(runs, "evolve").items():
        branch = BRANCHES[name]
        gap = run["spectrum"]["gap"]
        curve = list(zip(run["evolve"]["times"], run["evolve"]["observables"]["n"]))
        late = [(t, n - limit) for t, n in curve if 60 < t < 2000]
        for (t0, d0), (t1, d1) in zip(late, late[5:]):
            checks.compare("decay of metastable states, relative", f"{name}, t = {t0}",
                           math.log(d0 / d1) / (t1 - t0), gap, gap, 1e-5)
        t, d = late[0]
        plateau = limit + d * math.exp(gap * t)
        expected = size * abs(branches[branch])**2
        checks.compare("plateaus against classical states", name, plateau, expected, expected, 0.1)
        rows.append((name, plateau, expected))
        curves += [(name, t, n, limit + d * math.exp(-gap * (t - late[0][0]))) for t, n in curve]
    return rows, curves


def check_cutoffs(runs, checks):
    """Rows (levels, gap, its error, error of <n>, top level), errors relative."""
    size, f = SLOW
    most = CUTOFFS[-1] + 4
    table = table_of(runs["cutoff", "all"])
    exact = plain_gap(size, f, most, table[-1][1]).real
    exact_n = exact_steady_state(size, f)[0]
    rows = []
    for levels, gap, n, _, top, complete in table:
        checks.require(f"levels = {levels}: certified", complete)
        if levels in CUTOFFS[::4]:
            checks.compare("gap in plain Python", f"levels = {levels}", gap,
                           plain_gap(size, f, int(levels), gap))
        rows.append((int(levels), gap, abs(gap / exact - 1), abs(n / exact_n - 1), top))
        if top < 1e-6:
            checks.require(f"levels = {levels}: no warning, no error", rows[-1][2] < 1e-3,
                           str(rows[-1]))
    for levels, gap, off, off_n, _ in rows[-3:]:
        checks.compare("converged gap, relative", f"levels = {levels}", off, 0, tolerance=1e-7)
        checks.compare("converged <n>, relative", f"levels = {levels}", off_n, 0, tolerance=1e-8)
    return rows


def check_large(runs, checks):
    """A gap near rounding: what it makes uncertain is told, not guessed."""
    run = runs["large", "one"]
    problems = run["diagnostics"]["problems"]
    for task in ("steady", "spectrum"):
        checks.require(f"large: {task} is not to be trusted",
                       any(text.startswith(task) for text in problems), str(problems))
    checks.require("large: gap", run["steady"].get("gap", 0) < 1e-9, str(run["steady"].get("gap")))


def write_tables(folder, runs, smallest_rows, curves, cutoffs):
    write_csv(folder / "steady.csv", ["Nbar", "f", "n/Nbar", "g2", "gap"],
              [(size, f, n / size, pairs / n**2, gap)
               for (size,), run in sorted(of_kind(runs, "sweep").items())
               for f, gap, n, pairs, _, _ in table_of(run)])
    write_csv(folder / "exact.csv", ["Nbar", "f", "n/Nbar", "g2"],
              [(size, 1 + k / 200, n / size, pairs / n**2) for size in PICTURED
               for k in range(241) for n, pairs in [exact_steady_state(size, 1 + k / 200)]])
    write_csv(folder / "classical.csv", ["n/Nbar", "f"],
              [(n / 100, math.sqrt(n / 100 * ((DELTA - n / 100)**2 + KAPPA**2 / 4)))
               for n in range(0, 421)])
    write_csv(folder / "smallest.csv", ["Nbar", "f", "gap", "exponent", "limit of f"],
              smallest_rows)
    write_csv(folder / "decay.csv", ["start", "t", "n", "slow mode"], curves)
    write_csv(folder / "cutoff.csv", ["levels", "gap", "error", "error of n", "top level"],
              cutoffs)


def main():
    arguments = read_arguments(__doc__, COARSE)
    runs = run_all(arguments.lindwurm, first_tasks(arguments.coarse))
    runs |= run_all(arguments.lindwurm, second_tasks(runs, arguments.coarse))
    checks = Checks()
    check_steady(runs, checks)
    check_gaps(runs, checks)
    smallest_rows = check_exponent(runs, checks)
    plateaus, curves = check_metastable(runs, checks)
    cutoffs = check_cutoffs(runs, checks)
    check_large(runs, checks)
    place, height = barrier()
    print(f"\n{'Nbar':>4}{'f':>10}{'smallest gap':>15}{'exponent':>10}{'f, limit':>10}")
    for size, f, gap, exponent, limit in smallest_rows:
        print(f"{size:4}{f:10.5f}{gap:15.6e}{exponent:10.5f}{limit:10.5f}")
    print(f"expected {'':22}{height:8.5f}{place:10.5f}\n")
    for name, plateau, expected in plateaus:
        print(f"from {name}: <n> stays at {plateau:.4f}, classical {expected:.4f}")
    print(f"\n{'levels':>6}{'gap':>16}{'error':>10}{'of <n>':>10}{'top level':>11}")
    for levels, gap, off, off_n, top in cutoffs:
        print(f"{levels:6}{gap:16.10f}{off:10.1e}{off_n:10.1e}{top:11.1e}")
    checks.print_largest()
    write_tables(arguments.output, runs, smallest_rows, curves, cutoffs)
    draw(FOLDER / "kerr_bistability.gp", arguments.output, "steady.csv", "exact.csv",
         "classical.csv", "smallest.csv", "decay.csv", "cutoff.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
