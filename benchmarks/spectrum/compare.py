"""Rightmost eigenvalues: beside plain Arnoldi, and against limits; see README.md."""

import argparse
import json
import pathlib
import sys
import tempfile

import measure

HERE = pathlib.Path(__file__).resolve().parent
COUNT = 6
PEER = (10, 4)
RATIO = 20  # least, of the peers' user time over Lindwurm's
# levels, spins: wall time in s, memory above start-up in MB; None where there is no bar
LIMITS = {(10, 6): (60, 300), (20, 6): (None, None)}


def distance(found, expected):
    """The largest distance of eigenvalues from their partners, each taken once."""
    left = [complex(*value) for value in found]
    largest = 0 if len(left) >= len(expected) else float("inf")
    for value in (complex(*value) for value in expected):
        if not left:
            return float("inf")
        nearest = min(left, key=lambda other: abs(other - value))
        left.remove(nearest)
        largest = max(largest, abs(nearest - value))
    return largest


def peer_commands(options, lindwurm, vectors):
    """For each peer its command and what reads its eigenvalues."""
    model = lindwurm.model(*PEER, "spectrum")
    slepc = lindwurm.command(model, "spectrum.method=slepc", "liouvillian.sectors=false")
    slepc += ["--", "-spectrum_eps_ncv", vectors, "-spectrum_eps_max_it", 10**6]
    yield ("SciPy (ARPACK)", [options.python, HERE / "scipy_arnoldi.py", *PEER, vectors], 0,
           lambda output: json.loads(output)["eigenvalues"])
    yield ("SLEPc, Krylov-Schur", slepc, 3,
           lambda _: lindwurm.results(model)["spectrum"]["eigenvalues"])


def peer_rows(options, lindwurm, expected, ours):
    for vectors in options.vectors:
        for name, command, status, read in peer_commands(options, lindwurm, vectors):
            cells = ["OSB({},{})".format(*PEER), f"{name}, {vectors} vectors"]
            try:
                usage = measure.run(command, status, measure.Limits(options.time_limit))
            except measure.Stopped as stopped:
                yield [*cells, f"> {stopped.usage.user:.2f}", "", "", "stopped", "", ""]
                continue
            error = distance(read(usage.output)[:COUNT], expected)
            is_right = error <= 1e-6
            ratio = usage.user / ours
            verdict = measure.against_bar(ratio, RATIO) if is_right else ["", ""]
            yield [*cells, f"{usage.user:.2f}", f"{usage.megabytes:.0f}", f"{ratio:.1f}",
                   f"right, to {error:.0e}" if is_right else "wrong", *verdict]


def compare_with_peers(options, lindwurm):
    model = lindwurm.model(*PEER, "spectrum")
    usage = measure.alternate({"Lindwurm": lindwurm.command(model)}, options.runs)["Lindwurm"]
    spectrum = lindwurm.results(model)["spectrum"]
    if not spectrum["complete"]:
        sys.exit("the spectrum is not shown complete")
    expected = spectrum["eigenvalues"]
    measure.print_header(["model", "program", "user time in s", "peak of memory in MB",
                          "over Lindwurm's time", f"the {COUNT} rightmost eigenvalues", "bar", ""])
    measure.print_row(["OSB({},{})".format(*PEER), "Lindwurm", f"{usage.user:.2f}",
                       f"{usage.megabytes:.0f}", "", "shown complete", "", ""])
    for cells in peer_rows(options, lindwurm, expected, usage.user):
        measure.print_row(cells)
    print(flush=True)


def against_limits(size, ranks, start_up, folder):
    lindwurm = measure.Lindwurm(folder, ranks if ranks > 1 else None)
    model = lindwurm.model(*size, "spectrum")
    usage = measure.run(lindwurm.command(model))
    results = lindwurm.results(model)
    spectrum, diagnostics = results["spectrum"], results["diagnostics"]
    megabytes = diagnostics["peak_memory_bytes"] / 1e6 - ranks * start_up
    seconds, memory = LIMITS[size] if ranks == 1 else (None, None)
    is_met = seconds is None or (usage.wall <= seconds and megabytes <= memory)
    measure.print_row([
        "OSB({},{})".format(*size), ranks, diagnostics["unknowns"], f"{usage.wall:.1f}",
        f"{usage.user:.1f}", f"{megabytes:.0f}", diagnostics["spectrum"]["products"],
        spectrum["complete"], f"{spectrum['gap']:.10f}",
        f"{max(mode['residual'] for mode in spectrum['modes']):.0e}",
        "" if seconds is None else f"{seconds} s, {memory} MB",
        "" if seconds is None else measure.verdict(is_met),
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="/usr/bin/python3", help="Python that has SciPy")
    parser.add_argument("--vectors", type=int, nargs="*", default=[20, 60, 100, 200],
                        help="Arnoldi vectors of the peers")
    parser.add_argument("--time-limit", type=float, default=600, metavar="SECONDS",
                        help="of one run of a peer")
    parser.add_argument("--runs", type=int, default=3, help="of Lindwurm beside the peers")
    parser.add_argument("--large", nargs="*", metavar="LEVELS,SPINS,RANKS",
                        default=["10,6,1", "20,6,1", "20,6,2"])
    options = parser.parse_args()

    measure.print_conditions("one thread each", f"medians of {options.runs} runs beside the peers")
    with tempfile.TemporaryDirectory() as folder:
        lindwurm = measure.Lindwurm(folder)
        start_up = measure.run(lindwurm.nothing(), 2)
        measure.print_start_up({"Lindwurm": start_up})
        if options.vectors:
            compare_with_peers(options, lindwurm)
        if options.large:
            measure.print_header(["model", "ranks", "D^2", "wall time in s", "user time in s",
                                  "memory above start-up in MB", "products", "shown complete",
                                  "gap", "largest residual", "bar", ""])
        for word in options.large:
            levels, spins, ranks = (int(number) for number in word.split(","))
            against_limits((levels, spins), ranks, start_up.megabytes, folder)


if __name__ == "__main__":
    main()
