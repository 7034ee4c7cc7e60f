"""Ensembles of equal spins: time and memory against bars and against N; see README.md."""

import argparse
import math
import pathlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

import measure

HERE = pathlib.Path(__file__).resolve().parent


@dataclass(frozen=True)
class Task:
    title: str
    model: str
    settings: tuple
    seconds: float = math.inf  # of user time, at most
    megabytes: float = math.inf  # above start-up, at most
    ranks: int = None
    part: str = "steady"
    numbers: tuple = field(default=())


TASKS = {
    # A tenth of the user time and half of the memory of PsiQuaSP: 21 s and 305 MB.
    "evolve-30": Task("oscillator and 30 spins, t = 0 to 10 at 1e-8", "oscillator",
                      ("N=30", "evolve.run=true"), 2.1, 152.5, part="evolve"),
    "steady-20": Task("oscillator and 20 spins, steady state to 1e-10", "oscillator",
                      ("N=20", "steady.run=true"), 30, 300),
    "steady-60": Task("oscillator and 60 spins, steady state", "oscillator",
                      ("N=60", "steady.run=true")),
    "steady-100": Task("oscillator and 100 spins, steady state, 2 ranks", "oscillator",
                       ("N=100", "steady.run=true"), ranks=2),
    "spins-100": Task("100 spins, steady state and 6 rightmost eigenvalues", "spins",
                      ("N=100", "steady.run=true", "spectrum.run=true"), part="spectrum"),
    "spins-400": Task("400 spins without coherences, steady state", "spins",
                      ("N=400", "steady.run=true", "sites.bath.coherence=0")),
    "gap-20": Task("oscillator and 20 spins, 6 rightmost eigenvalues", "oscillator",
                   ("N=20", "spectrum.run=true"), part="spectrum"),
    "gap-60": Task("oscillator and 60 spins, 6 rightmost eigenvalues", "oscillator",
                   ("N=60", "spectrum.run=true"), part="spectrum"),
}
LONG = ("gap-60",)


def full_elements(n):
    return 36 * 4.0**n


def elements(n):
    return 36 * math.comb(n + 3, 3)


def squared_states(n):
    """(sum of 2J + 1)^2: the unknowns of PIQS, whose L is on all |J,M><J',M'|."""
    states = sum(range(n + 1, 0, -2))
    return 36 * states**2


def command_of(task, folder):
    lindwurm = measure.Lindwurm(folder, task.ranks)
    model = pathlib.Path(folder) / f"{task.model}.toml"
    model.write_text((HERE / model.name).read_text())
    return lindwurm, model, lindwurm.command(model, *task.settings)


def told(task, results):
    if task.part == "spectrum":
        spectrum = results["spectrum"]
        return (f"gap {spectrum['gap']:.10f}, largest residual {max(spectrum['residuals']):.1e}, "
                f"{'certified' if spectrum['certificate']['complete'] else 'not certified'}")
    observables = results[task.part]["observables"]
    name = next(iter(observables))
    value = observables[name]
    return f"`{name}` = {value[-1] if isinstance(value, list) else value:.10f}"


def bar_of(task, user, megabytes):
    if math.isinf(task.seconds):
        return ""
    is_met = user <= task.seconds and megabytes <= task.megabytes
    return f"<= {task.seconds} s, {task.megabytes} MB: {measure.verdict(is_met)}"


def run_tasks(names):
    with tempfile.TemporaryDirectory() as folder:
        lindwurm = measure.Lindwurm(folder)
        start_up = measure.run(lindwurm.nothing(), status=2).megabytes
    print(f"Start-up: {start_up:.0f} MB.\n")
    measure.print_header(["task", "unknowns", "user s", "wall s", "MB above start-up", "bar", ""])
    for name in names:
        task = TASKS[name]
        with tempfile.TemporaryDirectory() as folder:
            lindwurm, model, command = command_of(task, folder)
            usage = measure.run(command)
            results = lindwurm.results(model)
        # With several ranks the result knows what they hold together.
        peak = results["diagnostics"]["peak_memory_bytes"] / 1e6
        above = peak - start_up * (task.ranks or 1)
        measure.print_row([task.title, results["diagnostics"]["unknowns"], f"{usage.user:.2f}",
                           f"{usage.wall:.2f}", f"{above:.0f}", bar_of(task, usage.user, above),
                           told(task, results)])


def scaling(counts, folder):
    """Steady states against N, a table and a picture."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    measure.print_header(["N", "elements", "user s", "MB", "all `\\|J,M><J',M'\\|`", "4^N"])
    for n in counts:
        task = Task("", "oscillator", (f"N={n}", "steady.run=true"))
        with tempfile.TemporaryDirectory() as scratch:
            _, _, command = command_of(task, scratch)
            usage = measure.run(command)
        rows.append((n, elements(n), usage.user, usage.megabytes, squared_states(n),
                     full_elements(n)))
        measure.print_row([n, elements(n), f"{usage.user:.2f}", f"{usage.megabytes:.0f}",
                           squared_states(n), f"{full_elements(n):.3g}"])
    table = folder / "scaling.dat"
    table.write_text("".join(" ".join(f"{x:.8g}" for x in row) + "\n" for row in rows))
    subprocess.run(["gnuplot", "-e", f"folder='{folder}'", str(HERE / "scaling.gp")], check=True)
    print(f"\nwritten to {table} and {folder / 'scaling.png'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", nargs="+", choices=TASKS,
                        default=[name for name in TASKS if name not in LONG])
    parser.add_argument("--scaling", metavar="FOLDER", help="steady states against N instead")
    parser.add_argument("--counts", nargs="+", type=int, default=[2, 5, 10, 20, 30, 40, 60, 80, 100])
    options = parser.parse_args()
    measure.print_conditions("one run each")
    if options.scaling:
        scaling(options.counts, options.scaling)
    else:
        run_tasks(options.tasks)


if __name__ == "__main__":
    sys.exit(main())
