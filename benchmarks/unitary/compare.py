"""A ket in Lindwurm and in QuTiP by turns; see README.md."""

import argparse
import json
import pathlib
import tempfile

import measure

HERE = pathlib.Path(__file__).resolve().parent
BARS = {(12, 16): 5}  # least ratio of the user times
AGREEMENT = 1e-5  # of <n> at the last time


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="/usr/bin/python3", help="Python that has QuTiP")
    parser.add_argument("--levels", type=int, default=12)
    parser.add_argument("--spins", type=int, default=16)
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    size = (options.levels, options.spins)

    measure.print_conditions("one thread each", f"medians of {options.runs} alternated runs")
    with tempfile.TemporaryDirectory() as folder:
        lindwurm = measure.Lindwurm(folder)
        nothing = {"QuTiP": [options.python, "-c", "import qutip"], "Lindwurm": lindwurm.nothing()}
        base = measure.alternate(nothing, options.runs, {"Lindwurm": 2})
        measure.print_start_up(base)
        model = lindwurm.model(*size, "evolve", kind="unitary")
        theirs = [options.python, HERE / "qutip_unitary.py", *size]

        def last_n(_):
            return lindwurm.results(model)["evolve"]["observables"]["n"][-1]

        programs = [
            measure.Program("Lindwurm", lindwurm.command(model), last_n),
            measure.Program("QuTiP", theirs, lambda output: json.loads(output)["n"]),
        ]
        measured = measure.side_by_side(programs, options.runs, AGREEMENT)
        theirs, ours = measured["QuTiP"], measured["Lindwurm"]
        measure.print_header(["model", "D", "user time in s: QuTiP", "Lindwurm", "ratio",
                              "memory above start-up in MB: QuTiP", "Lindwurm", "ratio", "`<n>`",
                              "difference", "bar", ""])
        measure.print_row([
            "OSB({},{})".format(*size), size[0] * 2 ** size[1],
            *measure.versus(theirs, ours, "user"),
            *measure.versus(theirs, ours, "megabytes", (base["QuTiP"], base["Lindwurm"]), 1),
            f"{ours.number:.10f}", f"{abs(theirs.number - ours.number):.0e}",
            *measure.against_bar(theirs.usage.user / ours.usage.user, BARS.get(size)),
        ])


if __name__ == "__main__":
    main()
