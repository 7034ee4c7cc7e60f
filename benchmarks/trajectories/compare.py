"""Quantum trajectories in Lindwurm and in QuTiP by turns; see README.md."""

import argparse
import json
import pathlib
import tempfile

import measure

HERE = pathlib.Path(__file__).resolve().parent
BAR = 5  # least ratio of the user times for each trajectory, at equal tolerances
AGREEMENT = 0.4  # of <n> at the last time: five standard errors of 50 trajectories


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="benchmark_trajectories; run.sh gives it")
    parser.add_argument("--python", default="/usr/bin/python3", help="Python that has QuTiP")
    parser.add_argument("--levels", type=int, default=10)
    parser.add_argument("--spins", type=int, default=6)
    parser.add_argument("--trajectories", type=int, nargs=2, default=[400, 50],
                        metavar=("LINDWURM", "QUTIP"))
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()

    measure.print_conditions("one thread each", f"medians of {options.runs} alternated runs")
    ours, theirs = options.trajectories
    with tempfile.TemporaryDirectory() as folder:
        model = measure.Lindwurm(folder).model(options.levels, options.spins, "evolve")
        qutip = [options.python, HERE / "qutip_trajectories.py", options.levels, options.spins]
        nothing = {"Lindwurm": [options.program, model, 0], "QuTiP": [*qutip, 0, 0, 0]}
        base = measure.alternate(nothing, options.runs)
        measure.print_start_up(base)

        def number(output):
            return json.loads(output)["n"]

        # The program, its command, its trajectories.
        runs = [
            ("Lindwurm, chebyshev", [options.program, model, ours, "chebyshev"], ours),
            ("Lindwurm, adams", [options.program, model, ours, "adams"], ours),
            ("QuTiP, rtol 1e-8", [*qutip, theirs, 1e-8, 1e-10], theirs),
            ("QuTiP, default tolerances", [*qutip, theirs, 0, 0], theirs),
        ]
        programs = [measure.Program(name, command, number) for name, command, _ in runs]
        measured = measure.side_by_side(programs, options.runs, AGREEMENT)
        each = {
            name: (measured[name].usage.user - base[name.split(",")[0]].user) / count * 1e3
            for name, _, count in runs
        }
        fastest = each["Lindwurm, chebyshev"]
        measure.print_header(["program", "ms of user time for each trajectory", "ratio", "`<n>`",
                              "bar", ""])
        for name, _, _ in runs:
            ratio = each[name] / fastest
            bar = measure.against_bar(ratio, BAR if name == "QuTiP, rtol 1e-8" else None)
            cells = [name, f"{each[name]:.2f}", f"{ratio:.1f}", f"{measured[name].number:.4f}"]
            measure.print_row([*cells, *bar])


if __name__ == "__main__":
    main()
