#!/usr/bin/env python3
"""Runs model.toml as trajectories and as a density operator, and compares errors, time and memory.

For each run the means are compared with the master equation at all times; standard errors with
deviations and with the number of trajectories; results on several ranks and of continued runs with
those of one run. With --full the costs of large models are measured, else read from cost.csv.
"""

import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from checks import Checks  # noqa: E402
from run_model import of_kind, read_arguments, run_all, run_model  # noqa: E402
from tables import draw, read_csv, write_csv  # noqa: E402

MODEL = FOLDER / "model.toml"
DRIVEN = FOLDER / "driven.toml"
LINDBLAD = {"dynamics.kind": "lindblad"}
REDUCED = {"reduced.sites": "mode"}
THERMAL = {"initial.mode": "thermal(0.3)", "initial.bath": "thermal_x(0.3)"}
STARTS = ("pure", "mixed", "driven")
SEEDS = range(1, 9)
COUNTS = (64, 256, 1024)

# What one jump changes, at most about: the mean over M trajectories is uncertain by this over M
# even where none has jumped yet and the standard error is 0.
JUMP = {"n": 1, "P0": 1, "P2": 1, "coherence": 1, "sx": 2, "sx0": 2, "szsz": 2, "coupling": 0.4,
        "E": 2, "jumps": 0.1, "x": 2, "p": 2, "sz": 2, "excited": 1}
SETTLED = 1.0    # from here on enough trajectories have jumped for errors to be Gaussian

# Spins of the models whose cost to t = 1 is compared, and the trajectories that are run for it.
COSTS = {4: 2000, 6: 2000, 8: 1000, 10: 1000, 12: 100, 14: 20}
MASTER = 10         # spins, up to which the master equation is run as well
LARGE_COUNT = 16    # trajectories of this model that are run in any case


def spins(count, until=1):
    return {"N": count, "k": list(range(count)), "duration": until}


def tasks():
    found = {("master", "pure"): (run_model, MODEL, {**LINDBLAD, **REDUCED}),
             ("master", "mixed"): (run_model, MODEL, {**LINDBLAD, **REDUCED, **THERMAL}),
             ("master", "driven"): (run_model, DRIVEN, LINDBLAD),
             ("driven",): (run_model, DRIVEN),
             ("pure",): (run_model, MODEL, REDUCED),
             ("mixed",): (run_model, MODEL, {**REDUCED, **THERMAL}),
             ("adams",): (run_model, MODEL, {"evolve.method": "adams", "trajectories.count": 20}),
             ("chebyshev",): (run_model, MODEL, {"trajectories.count": 20}),
             ("enough",): (run_model, MODEL, {"trajectories.error": 0.1}),
             ("not enough",): (run_model, MODEL,
                               {"trajectories.error": 0.01, "trajectories.count": 100}, 3)}
    found.update({("seed", count, seed):
                  (run_model, MODEL,
                   {**REDUCED, "trajectories.count": count, "trajectories.seed": seed})
                  for count in COUNTS for seed in SEEDS})
    return found


# Runs whose files or costs matter.

# What scripts/mpi-environment sets: as root, with more ranks than cores, in containers.
RANKS_ANYWHERE = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                  "OMPI_MCA_rmaps_base_oversubscribe": "1",
                  "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
                  "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
                  "OMPI_MCA_smsc": "^cma"}

@dataclass
class Cost:
    seconds: float    # of user time
    megabytes: float
    results: dict


def execute(lindwurm, folder, model, settings, runner=(), more=()):
    """One `lindwurm run`, whose files stay in the folder."""
    words = [*runner, str(lindwurm), "run", str(model), "-o", "run.h5", "--json", "run.json", *more]
    for key, value in settings.items():
        words += ["--set", f"{key}={value}"]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(words, cwd=folder, stdout=log, stderr=log,
                                   env={**RANKS_ANYWHERE, **os.environ})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"exit status {process.returncode} of {' '.join(words)}\n"
                 f"{(folder / 'log').read_text()}")
    results = json.loads((folder / "run.json").read_text())
    return Cost(usage.ru_utime, results["diagnostics"]["peak_memory_bytes"] / 1e6, results)


def same_numbers(lindwurm, folder):
    """{name: `evolve` of the results} of runs of 60 trajectories that should agree in every bit."""
    def run(count, *more, runner=()):
        return execute(lindwurm, folder, MODEL, {"trajectories.count": count}, runner,
                       more).results["evolve"]

    found = {"one rank": run(60)}
    run(20)
    found["20 and 40 more"] = run(60, "--continue")
    launcher = shutil.which("mpirun") or shutil.which("mpiexec")
    if launcher is None:
        print("no mpirun: runs on several ranks are left out")
        return found
    for ranks in (2, 3):
        found[f"{ranks} ranks"] = run(60, runner=(launcher, "-n", str(ranks)))
    run(20)
    found["20, and 40 more on 2 ranks"] = run(60, "--continue", runner=(launcher, "-n", "2"))
    return found


def with_few_observables(folder):
    """model.toml with <n> and <sx0> alone, to compare costs."""
    before, rest = MODEL.read_text().split("[observables]\n")
    after = rest[rest.index("\n["):]
    file = folder / "few.toml"
    file.write_text(before + '[observables]\nn = "n(mode)"\nsx0 = "sx(bath[0])"\n' + after)
    return file


def measure_costs(lindwurm, folder):
    """Rows of cost.csv: spins, kind, trajectories, user seconds, MB, <n>(1), its standard error."""
    rows = []
    model = with_few_observables(folder)
    for count, trajectories in COSTS.items():
        for number in [2, trajectories]:
            run = execute(lindwurm, folder, model,
                          {**spins(count), "trajectories.count": number})
            evolve = run.results["evolve"]
            rows.append([count, "trajectories", number, run.seconds, run.megabytes,
                         evolve["observables"]["n"][-1], evolve["standard_errors"]["n"][-1]])
        if count <= MASTER:
            run = execute(lindwurm, folder, model, {**spins(count), **LINDBLAD})
            rows.append([count, "master", 0, run.seconds, run.megabytes,
                         run.results["evolve"]["observables"]["n"][-1], 0.0])
        print(f"costs of {count} spins measured", flush=True)
    return rows


def read_costs(file):
    return [[int(row["spins"]), row["kind"], int(row["trajectories"])] +
            [float(row[name]) for name in ("seconds", "megabytes", "n", "error")]
            for row in read_csv(file)]


@dataclass
class Model:
    """What a model of so many spins costs, to t = 1."""

    start: float          # user seconds of a run of 2 trajectories
    each: float           # of one more trajectory
    megabytes: float
    scatter: float        # standard error of <n>(1) for one trajectory
    n: float
    error: float
    master: tuple = None  # seconds, megabytes, <n>(1)

    def seconds(self, error):
        """For this standard error of <n>(1)."""
        return self.start + self.each * (self.scatter / error)**2

    def crossing(self):
        """The standard error of <n>(1) that takes as much time as the master equation."""
        return self.scatter / math.sqrt(max(self.master[0] - self.start, 1e-3) / self.each)


def models(rows):
    found = {}
    for count in COSTS:
        few, many = [row for row in rows if row[:2] == [count, "trajectories"]]
        each = (many[3] - few[3]) / (many[2] - few[2])
        found[count] = Model(few[3], each, many[4], many[6] * math.sqrt(many[2]), many[5], many[6])
        for row in rows:
            if row[:2] == [count, "master"]:
                found[count].master = (row[3], row[4], row[5])
    return found


# Comparisons.

def number(value):
    return complex(*value) if isinstance(value, list) else value


def deviations(run, master, name):
    """(t, deviation from the master equation, standard error) at all times."""
    return [(t, abs(number(a) - number(b)), error) for t, a, b, error
            in zip(run["evolve"]["times"], run["evolve"]["observables"][name],
                   master["evolve"]["observables"][name], run["evolve"]["standard_errors"][name])]


def members(run):
    return run["diagnostics"]["evolve"]["ensemble"]["members"]


def check_means(runs, checks):
    """The largest deviation of each observable of each start, in standard errors."""
    found = []
    for start in STARTS:
        run, master = runs[start,], runs["master", start]
        for name in run["evolve"]["observables"]:
            floor = JUMP[name] / members(run)
            largest = 0
            for t, deviation, error in deviations(run, master, name):
                pull = deviation / math.hypot(error, floor)
                largest = max(largest, pull)
                checks.require(f"{start}: {name} at t = {t} within three standard errors",
                               pull < 3, f"{deviation} of {error}")
            found.append([start, name, members(run), largest,
                          max(error for _, _, error in deviations(run, master, name))])
    return found


def check_gauss(runs, checks):
    """Fractions of the points of all seeds that lie within 1, 2, 3 standard errors."""
    pulls = []
    for (count, _), run in of_kind(runs, "seed").items():
        if count != COUNTS[-1]:
            continue
        for name in run["evolve"]["observables"]:
            if name != "coherence":    # two numbers with one error
                pulls += [deviation / error for t, deviation, error
                          in deviations(run, runs["master", "pure"], name) if t >= SETTLED]
    fractions = [sum(pull < k for pull in pulls) / len(pulls) for k in (1, 2, 3)]
    for k, fraction in enumerate(fractions, 1):
        gauss = math.erf(k / math.sqrt(2))
        checks.near(f"fraction within {k} standard errors", fraction, gauss,
                    (0.06, 0.03, 0.01)[k - 1])
    return fractions, len(pulls)


def rms(values):
    return math.sqrt(sum(v * v for v in values) / len(values))


def check_decline(runs, checks):
    """[trajectories, rms deviation, rms standard error] of <n>, over seeds and times; exponents."""
    rows = []
    for count in COUNTS:
        points = [point for (c, _), run in of_kind(runs, "seed").items() if c == count
                  for point in deviations(run, runs["master", "pure"], "n") if point[0] >= SETTLED]
        rows.append([count, rms([p[1] for p in points]), rms([p[2] for p in points])])

    def exponent(column):
        x = [math.log(row[0]) for row in rows]
        y = [math.log(row[column]) for row in rows]
        middle = sum(x) / len(x)
        return (sum((a - middle) * b for a, b in zip(x, y)) / sum((a - middle)**2 for a in x))

    exponents = exponent(1), exponent(2)
    checks.near("deviations fall as one over the root", exponents[0], -0.5, 0.1)
    checks.near("standard errors fall as one over the root", exponents[1], -0.5, 0.02)
    for count, deviation, error in rows:
        checks.near(f"{count} trajectories: deviations beside standard errors",
                    deviation / error, 1, 0.3)
    return rows, exponents


def check_reduced(runs, checks):
    """[trajectories, what, mean over seeds of the difference from the master equation, its error,
    scatter of one run] of the oscillator's purity and entropy at the last time."""
    rows = []
    for count in COUNTS:
        for what in ("purity", "entropy"):
            wanted = runs["master", "pure"]["evolve"]["reduced"]["mode"][what]
            values = [run["evolve"]["reduced"]["mode"][what][-1]
                      for (c, _), run in of_kind(runs, "seed").items() if c == count]
            mean = sum(values) / len(values)
            scatter = math.sqrt(sum((v - mean)**2 for v in values) / (len(values) - 1))
            error = scatter / math.sqrt(len(values))
            checks.near(f"{what} of the oscillator, {count} trajectories", mean, wanted[-1],
                        4 * error + 2 / count)
            rows.append([count, what, mean - wanted[-1], error, scatter])
    for start in STARTS:
        for what in ("purity", "entropy"):
            found = runs[start,]["evolve"]["reduced"]["mode"][what]
            wanted = runs["master", start]["evolve"]["reduced"]["mode"][what]
            for t, a, b in zip(runs[start,]["evolve"]["times"], found, wanted):
                checks.compare(f"{what} of the oscillator, against the density operator's",
                               f"{start}, t = {t}", a, b, 1, 0.04)
    return rows


def integral(times, values):
    """By Simpson's rule; the number of steps is even."""
    h = times[1] - times[0]
    return h / 3 * (values[0] + values[-1] + 4 * sum(values[1:-1:2]) + 2 * sum(values[2:-1:2]))


def check_jumps(runs, checks):
    """Jumps of a trajectory: found, expected as the integral of their rate."""
    rows = []
    for start in STARTS:
        evolve = runs["master", start]["evolve"]
        rate = evolve["observables"].get("jumps")
        if rate is None:    # driven.toml
            rate = [0.2 * n + 0.3 * (1 + math.sin(2 * t)) * up for t, n, up
                    in zip(evolve["times"], evolve["observables"]["n"],
                           evolve["observables"]["excited"])]
        expected = integral(evolve["times"], rate)
        found = runs[start,]["diagnostics"]["evolve"]["ensemble"]["jumps"]
        rows.append([start, found, expected])
        checks.near(f"{start}: jumps of a trajectory", found, expected,
                    4 * math.sqrt(expected / members(runs[start,])))
    return rows


def check_methods(runs, checks):
    a, b = (runs[name,]["evolve"]["observables"] for name in ("adams", "chebyshev"))
    for name in a:
        for k, (x, y) in enumerate(zip(a[name], b[name])):
            checks.compare("the same 20 trajectories by Chebyshev series and by Adams's method",
                           f"{name}, {k}", number(x), number(y), 1, 1e-5)


def check_requests(runs, checks):
    enough = runs["enough",]["diagnostics"]
    found = enough["evolve"]["ensemble"]
    checks.require("a requested error is reached", found["largest_error"] <= 0.1, f"{found}")
    checks.require("with fewer trajectories", found["members"] < 4000, f"{found}")
    checks.require("an error that is not reached is a problem",
                   len(runs["not enough",]["diagnostics"]["problems"]) == 1)
    return found


def check_large(run, known, master, checks):
    """The model whose density operator has 10^8 elements, with a few trajectories."""
    evolve = run.results["evolve"]
    n, error = evolve["observables"]["n"][-1], evolve["standard_errors"]["n"][-1]
    checks.require("10 spins: <n>(1) within four standard errors", abs(n - master[2]) < 4 * error,
                   f"{n} +- {error}")
    checks.near("10 spins: many trajectories", known.n, master[2], 3 * known.error)
    checks.require("10 spins: memory below 100 MB", run.megabytes < 100, f"{run.megabytes}")
    checks.require("10 spins: a fiftieth of the master equation's memory",
                   run.megabytes < master[1] / 50, f"{run.megabytes}")


# Output.

def print_tables(means, gauss, decline, reduced, jumps, costs):
    fractions, points = gauss
    print(f"\nof {points} points " + ", ".join(
        f"{100 * f:.1f} % within {k} SE" for k, f in enumerate(fractions, 1)))
    rows, exponents = decline
    for count, deviation, error in rows:
        print(f"{count:6} trajectories: <n> off by {deviation:.4f}, standard error {error:.4f}")
    print("exponents {:.3f} and {:.3f}".format(*exponents))
    for start in STARTS:
        print(f"{start:>8}: largest deviation in SE: " + ", ".join(
            f"{name} {pull:.1f}" for s, name, _, pull, _ in means if s == start))
    for count, what, difference, error, scatter in reduced:
        print(f"{count:6} trajectories: {what} off by {difference:+.4f} +- {error:.4f}, "
              f"one run scatters by {scatter:.4f}")
    for start, found, expected in jumps:
        print(f"{start:>8}: {found:.3f} jumps of a trajectory, {expected:.3f} expected")
    print(f"\n{'N':>3} {'D':>7} {'ms each':>8} {'MB':>6} {'SE of one':>9} {'master s':>9} "
          f"{'MB':>7} {'crossing':>9} {'trajectories':>12}")
    for count, model in costs.items():
        line = (f"{count:3} {10 * 2**count:7} {1000 * model.each:8.2f} {model.megabytes:6.0f} "
                f"{model.scatter:9.3f}")
        if model.master:
            number_of = (model.scatter / model.crossing())**2
            line += (f" {model.master[0]:9.2f} {model.master[1]:7.0f} {model.crossing():9.4f} "
                     f"{number_of:12.0f}")
        print(line)
    print()


def write_tables(folder, runs, means, decline, reduced, rows, costs):
    curves = []
    for start in STARTS:
        run, master = runs[start,]["evolve"], runs["master", start]["evolve"]
        for name in run["observables"]:
            if name == "coherence":
                continue
            curves += [[start, name, *point] for point
                       in zip(run["times"], run["observables"][name], run["standard_errors"][name],
                              master["observables"][name])]
        for what in ("purity", "entropy"):
            curves += [[start, what, *point] for point
                       in zip(run["times"], run["reduced"]["mode"][what], [0.0] * 101,
                              master["reduced"]["mode"][what])]
    write_csv(folder / "curves.csv", ["start", "quantity", "t", "value", "error", "master"], curves)
    write_csv(folder / "means.csv",
              ["start", "observable", "trajectories", "largest_pull", "error"], means)
    write_csv(folder / "decline.csv", ["trajectories", "deviation", "error"], decline[0])
    write_csv(folder / "reduced.csv",
              ["trajectories", "quantity", "difference", "error", "scatter"], reduced)
    write_csv(folder / "cost.csv",
              ["spins", "kind", "trajectories", "seconds", "megabytes", "n", "error"], rows)
    write_csv(folder / "crossing.csv",
              ["spins", "start", "each", "megabytes", "scatter", "master_seconds",
               "master_megabytes", "crossing"],
              [[count, m.start, m.each, m.megabytes, m.scatter,
                *((m.master[0], m.master[1], m.crossing()) if m.master else ("nan",) * 3)]
               for count, m in costs.items()])


def main():
    arguments = read_arguments(__doc__, {
        "full": "measure the costs of up to 14 spins, which takes 2 minutes and 3.5 GB more, in "
                "place of reading cost.csv"})
    lindwurm = shutil.which(arguments.lindwurm) or arguments.lindwurm
    lindwurm = pathlib.Path(lindwurm).resolve()
    runs = run_all(lindwurm, tasks())
    with tempfile.TemporaryDirectory(prefix="lindwurm-example-") as name:
        folder = pathlib.Path(name)
        same = same_numbers(lindwurm, folder)
        large = execute(lindwurm, folder, with_few_observables(folder),
                        {**spins(MASTER), "trajectories.count": LARGE_COUNT})
        rows = (measure_costs(lindwurm, folder) if arguments.full
                else read_costs(FOLDER / "cost.csv"))
    costs = models(rows)

    checks = Checks()
    means = check_means(runs, checks)
    gauss = check_gauss(runs, checks)
    decline = check_decline(runs, checks)
    reduced = check_reduced(runs, checks)
    jumps = check_jumps(runs, checks)
    check_methods(runs, checks)
    check_requests(runs, checks)
    for name, evolve in same.items():
        checks.require(f"the same bits: {name}", evolve == same["one rank"])
    check_large(large, costs[MASTER], costs[MASTER].master, checks)
    print_tables(means, gauss, decline, reduced, jumps, costs)
    checks.print_largest()
    write_tables(arguments.output, runs, means, decline, reduced, rows, costs)
    draw(FOLDER / "quantum_trajectories.gp", arguments.output, "curves.csv", "decline.csv",
         "crossing.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
