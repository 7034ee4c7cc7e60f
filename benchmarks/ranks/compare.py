"""The wall time of an evolution on one rank and on two; see README.md."""

import argparse
import statistics
import sys
import tempfile

import measure

BARS = {(20, 6): 1.7}  # least ratio
AGREEMENT = 1e-6


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levels", type=int, default=20)
    parser.add_argument("--spins", type=int, default=6)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()

    measure.print_conditions(f"OSB({options.levels},{options.spins}), t = 0 to 10",
                             f"medians of {options.runs} alternated runs")
    wall, inside, numbers = {1: [], 2: []}, {1: [], 2: []}, {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.runs):
            for ranks in wall:
                lindwurm = measure.Lindwurm(folder, ranks)
                model = lindwurm.model(options.levels, options.spins, "evolve")
                wall[ranks].append(measure.run(lindwurm.command(model)).wall)
                results = lindwurm.results(model)
                inside[ranks].append(results["diagnostics"]["evolve"]["seconds"])
                numbers[ranks] = results["evolve"]["observables"]["n"][-1]
    if not abs(numbers[1] - numbers[2]) <= AGREEMENT:
        sys.exit(f"the numbers differ: {numbers}")

    measure.print_header(["wall time in s", "1 rank", "2 ranks", "ratio", "bar", ""])
    bar = BARS.get((options.levels, options.spins))
    for name, samples in (("the whole command", wall), ("the evolution", inside)):
        one, two = (statistics.median(samples[ranks]) for ranks in (1, 2))
        measure.print_row([name, f"{one:.2f}", f"{two:.2f}", f"{one / two:.2f}",
                           *measure.against_bar(one / two, bar)])


if __name__ == "__main__":
    main()
