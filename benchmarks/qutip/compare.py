"""Runs Lindwurm and QuTiP by turns on the same model and prints a table; see README.md."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import measure

HERE = pathlib.Path(__file__).resolve().parent
AGREEMENT = {"evolve": 1e-6, "steady": 1e-8}
BARS = {("evolve", 10, 6): 40}  # least ratio of the user times


def programs(options, lindwurm, task, spins):
    model = lindwurm.model(options.levels, spins, task)
    theirs = [options.python, HERE / f"qutip_{task}.py", options.levels, spins]

    def of_lindwurm(_):
        value = lindwurm.results(model)[task]["observables"]["n"]
        return value[-1] if isinstance(value, list) else value

    return [
        measure.Program("Lindwurm", lindwurm.command(model), of_lindwurm),
        measure.Program("QuTiP", theirs, lambda output: json.loads(output)["n"],
                        measure.Limits(options.time_limit, options.memory_limit)),
    ]


def versions(options):
    query = (
        "import platform, qutip, scipy, numpy; print(platform.python_version(), "
        "qutip.__version__, scipy.__version__, numpy.__version__)"
    )
    try:
        python, qutip, scipy, numpy = (
            measure.output_of(options.python, "-c", query).splitlines()[-1].split()
        )
    except (OSError, subprocess.CalledProcessError):
        sys.exit(f"QuTiP is missing for {options.python}. To get it: apt-get install "
                 "python3-qutip, or name a Python that has it with --python")
    return f"QuTiP {qutip}, SciPy {scipy}, NumPy {numpy}, Python {python}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="/usr/bin/python3", help="Python that has QuTiP")
    parser.add_argument("--levels", type=int, default=10)
    parser.add_argument("--spins", type=int, nargs="+", default=[4, 5], metavar="N")
    tasks = list(AGREEMENT)
    parser.add_argument("--tasks", nargs="+", default=tasks, choices=tasks)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--time-limit", type=float, default=300, metavar="SECONDS",
                        help="of one run of QuTiP")
    parser.add_argument("--memory-limit", type=float, default=12, metavar="GB",
                        help="of one run of QuTiP")
    options = parser.parse_args()

    measure.print_conditions(versions(options), "one thread each",
                             f"medians of {options.runs} alternated runs")
    with tempfile.TemporaryDirectory() as folder:
        lindwurm = measure.Lindwurm(folder)
        nothing = {"QuTiP": [options.python, "-c", "import qutip"], "Lindwurm": lindwurm.nothing()}
        base = measure.alternate(nothing, options.runs, {"Lindwurm": 2})
        measure.print_start_up(base)
        base = (base["QuTiP"], base["Lindwurm"])
        header = ["task", "model", "D^2", "user time in s: QuTiP", "Lindwurm", "ratio",
                  "memory above start-up in MB: QuTiP", "Lindwurm", "ratio", "`<n>`", "difference",
                  "bar", ""]
        measure.print_header(header)
        for task in options.tasks:
            for spins in options.spins:
                pair = programs(options, lindwurm, task, spins)
                measured = measure.side_by_side(pair, options.runs, AGREEMENT[task])
                theirs, ours = measured["QuTiP"], measured["Lindwurm"]
                cells = [task, f"OSB({options.levels},{spins})", (options.levels * 2**spins) ** 2]
                cells += measure.versus(theirs, ours, "user")
                cells += measure.versus(theirs, ours, "megabytes", base, 1)
                difference = abs(theirs.number - ours.number)
                cells += [f"{ours.number:.10f}", "" if theirs.is_stopped else f"{difference:.0e}"]
                cells += measure.against_bar(
                    theirs.usage.user / ours.usage.user, BARS.get((task, options.levels, spins))
                )
                measure.print_row(cells)


if __name__ == "__main__":
    main()
