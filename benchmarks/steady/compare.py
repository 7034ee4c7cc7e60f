"""Steady states with Lindwurm against limits and against complex PETSc; see README.md."""

import argparse
import json
import tempfile

import measure

BARS = {(10, 6): (2.3, 200), (20, 6): (40, 600)}  # user time in s, memory above start-up in MB
WITH_PEER = ((10, 5), (10, 6))
AGREEMENT = 1e-7


def model(text):
    levels, spins = text.split(",")
    return int(levels), int(spins)


def lindwurm_program(lindwurm, levels, spins):
    file = lindwurm.model(levels, spins, "steady")

    def number(_):
        return lindwurm.results(file)["steady"]["observables"]["n"]

    return measure.Program("Lindwurm", lindwurm.command(file), number)


def peer_program(options, levels, spins, ilu):
    name = f"PETSc, ILU({ilu})"
    command = [options.complex_gmres, levels, spins, "-pc_factor_levels", ilu]
    limits = measure.Limits(options.time_limit, options.memory_limit)
    return measure.Program(name, command, lambda output: json.loads(output)["n"], limits)


def rows(options, lindwurm, base, levels, spins):
    """One row for each program; `base` has the usage at start-up, of Lindwurm and of PETSc."""
    ours = lindwurm_program(lindwurm, levels, spins)
    peers = []
    if (levels, spins) in WITH_PEER:
        peers = [peer_program(options, levels, spins, ilu) for ilu in options.ilu]
    measured = measure.side_by_side([ours, *peers], options.runs, AGREEMENT)

    def row(program, start):
        its = measured[program.name]
        memory = its.usage.megabytes - start.megabytes
        return its, its.usage.user, memory, [f"OSB({levels},{spins})", program.name]

    its, our_seconds, our_memory, cells = row(ours, base["Lindwurm"])
    cells += [f"{our_seconds:.2f}", f"{our_memory:.1f}", "", ""]
    if (levels, spins) in BARS:
        seconds, memory = BARS[levels, spins]
        is_met = our_seconds <= seconds and our_memory <= memory
        cells += [f"<= {seconds}", f"<= {memory}", measure.verdict(is_met)]
    else:
        cells += [""] * 3
    yield [*cells, f"{its.number:.10f}"]

    for program in peers:
        its, seconds, memory, cells = row(program, base["PETSc"])
        bound = "> " if its.is_stopped else ""
        cells += [f"{bound}{seconds:.2f}", f"{bound}{memory:.1f}"]
        cells += [f"{bound}{seconds / our_seconds:.1f}", f"{bound}{memory / our_memory:.1f}"]
        yield [*cells, "", "", "", "" if its.is_stopped else f"{its.number:.10f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complex-gmres", required=True, help="the program; run.sh gives it")
    parser.add_argument("--models", type=model, nargs="+", metavar="LEVELS,SPINS",
                        default=[(10, 5), (10, 6), (20, 6)])
    parser.add_argument("--ilu", type=int, nargs="*", default=[0, 1], metavar="K",
                        help="levels of fill of the peer's factorisation")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--time-limit", type=float, default=300, metavar="SECONDS",
                        help="of one run of the peer")
    parser.add_argument("--memory-limit", type=float, default=4, metavar="GB",
                        help="of one run of the peer")
    options = parser.parse_args()

    measure.print_conditions("one process each", f"medians of {options.runs} alternated runs")
    with tempfile.TemporaryDirectory() as folder:
        lindwurm = measure.Lindwurm(folder)
        nothing = {"Lindwurm": lindwurm.nothing(), "PETSc": [options.complex_gmres]}
        base = measure.alternate(nothing, options.runs, {"Lindwurm": 2})
        measure.print_start_up(base)
        measure.print_header([
            "model", "program", "user time in s", "memory above start-up in MB",
            "ratio of times", "ratio of memories", "bar in s", "bar in MB", "", "`<n>`",
        ])
        for levels, spins in options.models:
            for cells in rows(options, lindwurm, base, levels, spins):
                measure.print_row(cells)


if __name__ == "__main__":
    main()
