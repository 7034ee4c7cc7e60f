"""Compares ways to compute one product L R and prints a table; see README.md."""

import argparse
import os
import re
import statistics
import tempfile

import measure

MODEL = (20, 6)  # what the bars are for
BARS = (
    ("complex AIJ", "matrix-free", 15, True),
    ("packed AIJ", "matrix-free", 7, True),
    ("matrix-free", "copy of R", 6, False),
)


def milliseconds(output):
    """The lines `name  milliseconds  ...` of a program that times products."""
    lines = re.findall(r"^(\S.*?) {2,}(\d+\.\d+)", output, re.MULTILINE)
    return {name: float(time) for name, time in lines}


def medians(samples):
    return {name: statistics.median(s[name] for s in samples) for name in samples[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complex-aij", required=True, help="the program; run.sh gives it")
    parser.add_argument("--levels", type=int, default=MODEL[0])
    parser.add_argument("--spins", type=int, default=MODEL[1])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    levels, spins = options.levels, options.spins

    measure.print_conditions(f"OSB({levels},{spins})", "one process",
                             f"medians of {options.runs} alternated runs")
    with tempfile.TemporaryDirectory() as folder:
        model = measure.Lindwurm(folder).model(levels, spins)
        product = [os.environ["BENCHMARK_PRODUCT"], model]
        complex_aij = [options.complex_aij, levels, spins]
        spaces = {"whole space": [*product, "--no-sectors"], "parity sector": product}
        samples = {space: [] for space in spaces}
        for _ in range(options.runs):
            # Without sectors in either case: the usual matrix knows of none.
            usual = milliseconds(measure.run(complex_aij).output)
            for space, command in spaces.items():
                samples[space].append({**milliseconds(measure.run(command).output), **usual})
    times = {space: medians(s) for space, s in samples.items()}

    measure.print_header(["time in ms", *times])
    for name in ("copy of R", "matrix-free", "packed AIJ", "complex AIJ"):
        measure.print_row([name, *(f"{t[name]:.2f}" for t in times.values())])
    print()
    measure.print_header(["ratio", *times, "bar", ""])
    for slow, fast, bar, is_at_least in BARS:
        ratios = [t[slow] / t[fast] for t in times.values()]
        cells = [f"{slow} / {fast}", *(f"{ratio:.1f}" for ratio in ratios), "", ""]
        if (levels, spins) == MODEL:
            is_met = ratios[0] >= bar if is_at_least else ratios[0] <= bar
            cells[-2:] = [f"{'>=' if is_at_least else '<='} {bar}", measure.verdict(is_met)]
        measure.print_row(cells)


if __name__ == "__main__":
    main()
