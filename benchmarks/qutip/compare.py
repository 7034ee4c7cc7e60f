"""Runs Lindwurm and QuTiP by turns on the same model and prints a table; see README.md."""

import argparse
import json
import math
import os
import pathlib
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
AGREEMENT = {"evolve": 1e-6, "steady": 1e-8}

# One thread each, so that user time counts work and not waiting.
ENVIRONMENT = dict(
    os.environ,
    OMP_NUM_THREADS="1",
    OPENBLAS_NUM_THREADS="1",
    OMPI_ALLOW_RUN_AS_ROOT="1",
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
)


class Stopped(Exception):
    """A run beyond the limits; carries what it had used by then."""

    def __init__(self, usage):
        super().__init__("stopped")
        self.seconds, self.megabytes = used(usage)


def used(usage):
    return usage.ru_utime, usage.ru_maxrss * 1024 / 1e6


def measure(command, options, expected_status=0):
    """User seconds and peak megabytes of a command. Raises Stopped beyond the limits."""

    def limit_memory():
        size = int(options.memory_limit * 1e9)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))

    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=HERE, env=ENVIRONMENT, preexec_fn=limit_memory
        )
        stop = time.monotonic() + options.time_limit
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid != 0:
                break
            if time.monotonic() > stop:
                process.send_signal(signal.SIGKILL)
                usage = os.wait4(process.pid, 0)[2]
                process.returncode = -signal.SIGKILL
                raise Stopped(usage)
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != expected_status:
            log.seek(0)
            text = log.read().decode(errors="replace")
            if "MemoryError" in text or "memory" in text.lower():
                raise Stopped(usage)
            sys.exit(f"{' '.join(map(str, command))} failed:\n{text}")
    return used(usage)


def commands(options, folder, task, spins):
    """The two commands, and the files that they write."""
    delta = [round(1 + 0.1 * k, 10) for k in range(spins)]
    ours, theirs = folder / "lindwurm.json", folder / "qutip.json"
    lindwurm = [options.lindwurm, "run", HERE / f"{task}.toml", "--set", f"N={spins}"]
    lindwurm += ["--set", f"Delta={json.dumps(delta)}"]
    lindwurm += ["-o", folder / "lindwurm.h5", "--json", ours]
    qutip = [options.python, HERE / f"qutip_{task}.py", str(spins), theirs]
    return {"lindwurm": (lindwurm, ours), "qutip": (qutip, theirs)}


def number(task, file):
    """<n>: at the last time, or in the steady state."""
    document = json.loads(file.read_text())
    value = document[task]["observables"]["n"] if task in document else document["n"]
    return value[-1] if isinstance(value, list) else value


def compare(options, folder, task, spins):
    samples = {"lindwurm": [], "qutip": []}
    stopped = {}
    numbers = {}
    for _ in range(options.runs):
        for program, (command, file) in commands(options, folder, task, spins).items():
            if program in stopped:
                continue
            try:
                samples[program].append(measure(command, options))
                numbers[program] = number(task, file)
            except Stopped as run:
                if program == "lindwurm":
                    sys.exit(f"Lindwurm went beyond the limits: {task}, N = {spins}")
                stopped[program] = (run.seconds, run.megabytes)
    if len(numbers) == 2:
        difference = abs(numbers["lindwurm"] - numbers["qutip"])
        if not difference <= AGREEMENT[task]:
            sys.exit(f"{task}, N = {spins}: <n> differs by {difference:.1e}: {numbers}")
    else:
        difference = math.nan
    medians = {
        program: tuple(statistics.median(column) for column in zip(*rows))
        for program, rows in samples.items()
        if rows and program not in stopped
    }
    return {**medians, **stopped}, "qutip" in stopped, numbers["lindwurm"], difference


def start_up(options):
    nothing = {
        "lindwurm": ([options.lindwurm, "run", HERE / "nothing.toml"], 2),
        "qutip": ([options.python, "-c", "import qutip"], 0),
    }
    samples = {program: [] for program in nothing}
    for _ in range(options.runs):
        for program, (command, status) in nothing.items():
            samples[program].append(measure(command, options, status))
    return {p: tuple(statistics.median(c) for c in zip(*rows)) for p, rows in samples.items()}


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def conditions(options):
    model = "unknown processor"
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    query = (
        "import platform, qutip, scipy, numpy; print(platform.python_version(), "
        "qutip.__version__, scipy.__version__, numpy.__version__)"
    )
    versions = output_of(options.python, "-c", query).splitlines()[-1]
    python, qutip, scipy, numpy = versions.split()
    lindwurm = output_of(options.lindwurm, "--version").split()[-1]
    return (
        f"{model}, {len(os.sched_getaffinity(0))} cores, "
        f"{platform.freedesktop_os_release()['PRETTY_NAME']}; "
        f"Lindwurm {lindwurm} (one process); QuTiP {qutip}, SciPy {scipy}, NumPy {numpy}, "
        f"Python {python}; one thread each; medians of {options.runs} alternated runs."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lindwurm", default=HERE / "../../build/app/lindwurm", type=pathlib.Path)
    parser.add_argument("--python", default="/usr/bin/python3", help="Python that has QuTiP")
    parser.add_argument("--spins", type=int, nargs="+", default=[4, 5], metavar="N")
    tasks = ["evolve", "steady"]
    parser.add_argument("--tasks", nargs="+", default=tasks, choices=tasks)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--time-limit", type=float, default=300, metavar="SECONDS", help="of one run"
    )
    parser.add_argument("--memory-limit", type=float, default=12, metavar="GB", help="of one run")
    options = parser.parse_args()
    options.lindwurm = options.lindwurm.resolve()

    print(conditions(options))
    base = start_up(options)
    print()
    for program, name in (("qutip", "QuTiP"), ("lindwurm", "Lindwurm")):
        seconds, megabytes = base[program]
        print(f"Start-up of {name}: {seconds:.2f} s user time, {megabytes:.1f} MB.")
    print()
    print("| task | N | D^2 | user time in s: QuTiP | Lindwurm | ratio "
          "| memory above start-up in MB: QuTiP | Lindwurm | ratio | `<n>` | difference |")
    print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        for task in options.tasks:
            for spins in options.spins:
                used_by, is_stopped, value, difference = compare(
                    options, pathlib.Path(name), task, spins
                )
                bound = "> " if is_stopped else ""
                cells = [task, str(spins), str((10 * 2**spins) ** 2)]
                for k, digits in ((0, 2), (1, 1)):
                    theirs, ours = used_by["qutip"][k], used_by["lindwurm"][k]
                    if k == 1:
                        theirs -= base["qutip"][1]
                        ours -= base["lindwurm"][1]
                    cells += [f"{bound}{theirs:.{digits}f}", f"{ours:.{digits}f}"]
                    cells += [f"{bound}{theirs / ours:.1f}"]
                cells += [f"{value:.10f}", "" if is_stopped else f"{difference:.0e}"]
                print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
