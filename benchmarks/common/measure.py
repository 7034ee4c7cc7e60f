"""Runs programs and measures them: times, peaks of memory, medians, tables."""

import json
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
from dataclasses import dataclass
from typing import Callable

import osb

LINDWURM = os.environ.get("LINDWURM", "lindwurm")  # common/prepare.sh sets it
POLL = 0.01  # seconds


@dataclass
class Usage:
    """What a run took. `megabytes` is the peak of its largest process."""

    user: float
    wall: float
    megabytes: float
    output: str = ""


class Stopped(Exception):
    """A run beyond the limits; carries what it had used by then."""

    def __init__(self, usage):
        super().__init__("stopped")
        self.usage = usage


@dataclass(frozen=True)
class Limits:
    seconds: float = float("inf")
    gigabytes: float = float("inf")

    def apply(self):
        if self.gigabytes < float("inf"):
            size = int(self.gigabytes * 1e9)
            resource.setrlimit(resource.RLIMIT_AS, (size, size))


def run(command, status=0, limits=Limits(), while_running=lambda pid, seconds: None):
    """The Usage of a command. Raises Stopped beyond the limits, ends the script if it fails."""
    command = [str(word) for word in command]
    with tempfile.TemporaryFile() as log, tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        # In a folder of its own, where its default output files do no harm.
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen(
                command, stdout=log, stderr=errors, cwd=folder, preexec_fn=limits.apply
            )
            is_stopped = False
            while True:
                pid, wait_status, rusage = os.wait4(process.pid, os.WNOHANG)
                wall = time.monotonic() - start
                if pid != 0:
                    break
                if wall > limits.seconds and not is_stopped:
                    process.send_signal(signal.SIGKILL)
                    is_stopped = True
                while_running(process.pid, wall)
                time.sleep(POLL)
        process.returncode = os.waitstatus_to_exitcode(wait_status)
        log.seek(0)
        errors.seek(0)
        output = log.read().decode(errors="replace")
        complaints = errors.read().decode(errors="replace")
    usage = Usage(rusage.ru_utime, wall, rusage.ru_maxrss * 1024 / 1e6, output)
    if is_stopped:
        raise Stopped(usage)
    if process.returncode != status:
        text = output + complaints
        if limits.gigabytes < float("inf") and "memory" in text.lower():
            raise Stopped(usage)
        sys.exit(f"{' '.join(command)}: exit status {process.returncode}\n{text}")
    return usage


def median(usages):
    return Usage(
        *(statistics.median(getattr(u, name) for u in usages)
          for name in ("user", "wall", "megabytes"))
    )


def alternate(commands, runs, status=None):
    """The median Usage of each of several commands, run by turns."""
    status = status or {}
    samples = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            samples[name].append(run(command, status.get(name, 0)))
    return {name: median(usages) for name, usages in samples.items()}


class Lindwurm:
    """Runs of the built program on models that are generated in `folder`."""

    def __init__(self, folder, ranks=None):
        self.folder = pathlib.Path(folder)
        self.launcher = [] if ranks is None else ["mpirun", "--quiet", "-n", ranks]

    def model(self, levels, spins, *tasks, until=10, kind="lindblad"):
        file = self.folder / f"osb-{levels}-{spins}-{'-'.join([*tasks, kind])}.toml"
        file.write_text(osb.model_file(levels, spins, tasks, until, kind))
        return file

    def command(self, model, *settings):
        """`settings` are words as in "evolve.method=adams"."""
        files = ["-o", model.with_suffix(".h5"), "--json", model.with_suffix(".json")]
        overrides = [word for setting in settings for word in ("--set", setting)]
        return [*self.launcher, LINDWURM, "run", model, *files, *overrides]

    def nothing(self):
        """Starts MPI, PETSc and SLEPc, reads a model and finds no task in it: exit status 2."""
        return self.command(self.model(10, 2))

    @staticmethod
    def results(model):
        return json.loads(model.with_suffix(".json").read_text())


@dataclass
class Program:
    """One of two that are compared: what runs, and the number it finds."""

    name: str
    command: list
    number: Callable[[str], float]  # of the run's output
    limits: Limits = Limits()


@dataclass
class Measured:
    usage: Usage
    number: float = float("nan")
    is_stopped: bool = False


def side_by_side(programs, runs, agreement):
    """Measured for each program, run by turns; ends the script if their numbers differ.

    A run beyond its limits is not repeated.
    """
    samples = {program.name: [] for program in programs}
    measured = {}
    for _ in range(runs):
        for program in programs:
            if program.name in measured:
                continue
            try:
                samples[program.name].append(run(program.command, limits=program.limits))
            except Stopped as stopped:
                measured[program.name] = Measured(stopped.usage, is_stopped=True)
    for program in programs:
        if program.name not in measured:
            usages = samples[program.name]
            measured[program.name] = Measured(median(usages), program.number(usages[-1].output))
    numbers = {name: m.number for name, m in measured.items() if not m.is_stopped}
    if numbers and not max(numbers.values()) - min(numbers.values()) <= agreement:
        sys.exit(f"the programs differ: {numbers}")
    return measured


def versus(theirs, ours, attribute, base=None, digits=2):
    """Three cells: their number, ours, the ratio; less what `base` = (theirs, ours) has of it."""
    low = (getattr(base[0], attribute), getattr(base[1], attribute)) if base else (0, 0)
    left = getattr(theirs.usage, attribute) - low[0]
    right = getattr(ours.usage, attribute) - low[1]
    bound = "> " if theirs.is_stopped else ""
    return [f"{bound}{left:.{digits}f}", f"{right:.{digits}f}", f"{bound}{left / right:.1f}"]


def print_row(cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def print_header(names):
    print_row(names)
    print("|" + "---|" * len(names), flush=True)


def verdict(is_met):
    return "met" if is_met else "not met"


def against_bar(ratio, bar):
    """Two cells: the least ratio that is wanted, and whether it is reached; empty without one."""
    return ["", ""] if bar is None else [f">= {bar}", verdict(ratio >= bar)]


def print_start_up(usages):
    for name, usage in usages.items():
        print(f"Start-up of {name}: {usage.user:.2f} s user time, {usage.megabytes:.1f} MB.")
    print(flush=True)


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def print_conditions(*more):
    """The machine, the programs' versions, how runs are taken."""
    model = "unknown processor"
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    lindwurm = output_of(LINDWURM, "--version").split()[-1]
    parts = [f"{model}, {len(os.sched_getaffinity(0))} cores, {system}", f"Lindwurm {lindwurm}"]
    print("; ".join([*parts, *more]) + ".\n", flush=True)
