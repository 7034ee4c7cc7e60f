"""Quantum trajectories beside QuTiP's, and on one rank and on two, by turns; see README.md."""

import argparse
import json
import os
import pathlib
import resource
import statistics
import sys
import tempfile

import measure

HERE = pathlib.Path(__file__).resolve().parent
BAR = 5  # least ratio of the user times for each trajectory, at equal tolerances
RANKS_BAR = 1.9  # least ratio of the wall times of one rank and of two
AGREEMENT = 0.4  # of <n> at the last time: five standard errors of 50 trajectories


def settings(count, method):
    return [f"trajectories.count={count}", f"evolve.method={method}"]


def beside_qutip(options, lindwurm, model):
    ours, theirs = options.trajectories
    qutip = [options.python, HERE / "qutip_trajectories.py", options.levels, options.spins]
    nothing = {"Lindwurm": lindwurm.nothing(), "QuTiP": [*qutip, 0, 0, 0]}
    base = measure.alternate(nothing, options.runs, {"Lindwurm": 2})
    measure.print_start_up(base)

    def of_lindwurm(_):
        return lindwurm.results(model)["evolve"]["observables"]["n"][-1]

    def of_qutip(output):
        return json.loads(output)["n"]

    # The program, its command, its trajectories, where its result is.
    runs = [("Lindwurm, " + method, lindwurm.command(model, *settings(ours, method)), ours,
             of_lindwurm) for method in ("chebyshev", "adams")]
    runs += [("QuTiP, rtol 1e-8", [*qutip, theirs, 1e-8, 1e-10], theirs, of_qutip),
             ("QuTiP, default tolerances", [*qutip, theirs, 0, 0], theirs, of_qutip)]
    programs = [measure.Program(name, command, number) for name, command, _, number in runs]
    measured = measure.side_by_side(programs, options.runs, AGREEMENT)
    each = {name: (measured[name].usage.user - base[name.split(",")[0]].user) / count * 1e3
            for name, _, count, _ in runs}
    fastest = each["Lindwurm, chebyshev"]
    measure.print_header(["program", "ms of user time for each trajectory", "ratio", "`<n>`",
                          "bar", ""])
    for name, *_ in runs:
        ratio = each[name] / fastest
        bar = measure.against_bar(ratio, BAR if name == "QuTiP, rtol 1e-8" else None)
        cells = [name, f"{each[name]:.2f}", f"{ratio:.1f}", f"{measured[name].number:.4f}"]
        measure.print_row([*cells, *bar])


def busy():
    """Seconds for which the machine's cores have worked, and for which this script's runs have."""
    words = pathlib.Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    user, nice, system, _, _, interrupts, soft, steal = map(int, words)
    everything = (user + nice + system + interrupts + soft + steal) / os.sysconf("SC_CLK_TCK")
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    return everything, ours.ru_utime + ours.ru_stime


def on_two_ranks(options, folder):
    wall, inside, found, others = {1: [], 2: []}, {1: [], 2: []}, {}, []
    for _ in range(options.tries):
        pair, other = {}, []
        for ranks in wall:
            lindwurm = measure.Lindwurm(folder, ranks)
            model = lindwurm.model(options.levels, options.spins, "evolve", kind="trajectories")
            command = lindwurm.command(model, f"trajectories.count={options.on_ranks}")
            before = busy()
            usage = measure.run(command)
            machine, ours = (b - a for a, b in zip(before, busy()))
            other.append(max(machine - ours, 0) / usage.wall)
            results = lindwurm.results(model)
            pair[ranks] = usage.wall, results["diagnostics"]["evolve"]["seconds"]
            found[ranks] = results["evolve"]
        if found[1] != found[2]:
            sys.exit("the numbers of one rank and of two differ")
        if max(other) > options.other_work:
            print(f"not counted: other work took {max(other):.2f} cores", flush=True)
            continue
        others.append(max(other))
        for ranks, (whole, part) in pair.items():
            wall[ranks].append(whole)
            inside[ranks].append(part)
        if len(others) == options.runs:
            break
    if not others:
        print("the machine was never idle enough")
        return
    print(f"\n{options.on_ranks} trajectories; {len(others)} pairs of runs, during which other work "
          f"took up to {max(others):.2f} cores.\n", flush=True)
    measure.print_header(["wall time in s", "1 rank", "2 ranks", "ratio", "bar", ""])
    for name, samples in (("the whole command", wall), ("the trajectories", inside)):
        one, two = (statistics.median(samples[ranks]) for ranks in (1, 2))
        measure.print_row([name, f"{one:.2f}", f"{two:.2f}", f"{one / two:.2f}",
                           *measure.against_bar(one / two, RANKS_BAR)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="/usr/bin/python3", help="Python that has QuTiP")
    parser.add_argument("--levels", type=int, default=10)
    parser.add_argument("--spins", type=int, default=6)
    parser.add_argument("--trajectories", type=int, nargs=2, default=[400, 50],
                        metavar=("LINDWURM", "QUTIP"))
    parser.add_argument("--on-ranks", type=int, default=4000, metavar="COUNT",
                        help="trajectories on one rank and on two")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--other-work", type=float, default=0.1, metavar="CORES",
                        help="of other programs, beyond which runs on ranks are not counted")
    parser.add_argument("--tries", type=int, default=20, help="pairs of runs on ranks, at most")
    parser.add_argument("--parts", nargs="+", default=["qutip", "ranks"],
                        choices=["qutip", "ranks"])
    options = parser.parse_args()

    measure.print_conditions("one thread each", f"medians of {options.runs} alternated runs")
    with tempfile.TemporaryDirectory() as folder:
        lindwurm = measure.Lindwurm(folder)
        model = lindwurm.model(options.levels, options.spins, "evolve", kind="trajectories")
        if "qutip" in options.parts:
            beside_qutip(options, lindwurm, model)
        if "ranks" in options.parts:
            on_two_ranks(options, folder)


if __name__ == "__main__":
    main()
