"""Large models: wall time and peak of memory; see README.md. Takes long."""

import argparse
import os
import sys
import tempfile

import measure

# levels, spins, task, last time, limit of the peak in GB
TASKS = {
    "steady-20-8": (20, 8, "steady", 10, 10),
    "evolve-20-8": (20, 8, "evolve", 10, 10),
    "evolve-10-10": (10, 10, "evolve", 1, 20),
}
REPORT_EVERY = 60  # seconds


def resident_gigabytes(pid):
    """Resident memory of a process and all that it has started, without pages counted twice."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            pss = sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = file.read().split()
    except OSError:
        return 0
    return pss * 1024 / 1e9 + sum(resident_gigabytes(child) for child in children)


class Progress:
    """Says every minute, on standard error, that a run is still under way."""

    def __init__(self, name):
        self.name = name
        self.next = REPORT_EVERY

    def __call__(self, pid, seconds):
        if seconds < self.next:
            return
        self.next += REPORT_EVERY
        print(f"{self.name}: {seconds:.0f} s, {resident_gigabytes(pid):.1f} GB at present",
              file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", nargs="+", default=list(TASKS), choices=TASKS)
    parser.add_argument("--ranks", type=int, default=min(2, len(os.sched_getaffinity(0))))
    options = parser.parse_args()

    measure.print_conditions("one run each", f"ranks: {options.ranks}")
    measure.print_header(["task", "unknowns", "wall time in s", "peak of memory in GB",
                          "limit in GB", "", "`<n>`"])
    status = 0
    for name in options.tasks:
        levels, spins, task, until, limit = TASKS[name]
        with tempfile.TemporaryDirectory() as folder:
            lindwurm = measure.Lindwurm(folder, options.ranks if options.ranks > 1 else None)
            model = lindwurm.model(levels, spins, task, until=until)
            try:
                usage = measure.run(lindwurm.command(model), while_running=Progress(name))
            except SystemExit as failure:  # the other tasks may still run
                print(f"{name}: {failure}", file=sys.stderr, flush=True)
                status = 1
                continue
            results = lindwurm.results(model)
        number = results[task]["observables"]["n"]
        peak = results["diagnostics"]["peak_memory_bytes"] / 1e9
        title = f"{task} OSB({levels},{spins})" + (f" to t = {until}" if task == "evolve" else "")
        measure.print_row([
            title, results["diagnostics"]["unknowns"], f"{usage.wall:.0f}", f"{peak:.2f}", limit,
            measure.verdict(peak <= limit), f"{number[-1] if task == 'evolve' else number:.10f}",
        ])
    sys.exit(status)


if __name__ == "__main__":
    main()
