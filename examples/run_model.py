"""The command line of the examples' drivers, and their runs of lindwurm, many side by side."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor


# A switch of the examples whose whole runs take longer than the test suite should.
COARSE = {"coarse": "fewer points and sizes, as in the test suite"}


def read_arguments(description, switches=None):
    """The command line of a driver with tables and pictures; their folder is made.

    `switches` are more of them, {name: help}.
    """
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--lindwurm", default="lindwurm", help="the program [lindwurm]")
    parser.add_argument("--output", type=pathlib.Path, default=pathlib.Path("."),
                        help="folder for the tables and pictures [.]")
    parser.add_argument("--check", action="store_true",
                        help="assert the numbers; exit status 1 if one deviates")
    for name, text in (switches or {}).items():
        parser.add_argument(f"--{name}", action="store_true", help=text)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    return arguments


def answer(lindwurm, command, model, settings, status, runner=()):
    with tempfile.TemporaryDirectory(prefix="lindwurm-example-") as folder:
        results = pathlib.Path(folder) / "results.json"
        words = [*runner, str(lindwurm), command, str(model), "--json", str(results)]
        if command == "run":
            words += ["-o", str(results.with_suffix(".h5"))]
        for setting in settings:
            words += ["--set", setting]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != status:
            raise RuntimeError(f"exit status {done.returncode}, not {status}, of "
                               f"{' '.join(words)}\n{done.stdout}{done.stderr}")
        return json.loads(results.read_text())


def as_words(settings):
    return [f"{key}={value}" for key, value in (settings or {}).items()]


def run_model(lindwurm, model, settings=None, status=0):
    """The results of `lindwurm run MODEL --set key=value ...`, as read from its JSON output.

    The words of LINDWURM_TEST_SETTINGS, as in "liouvillian.sectors=false", are set besides, and
    LINDWURM_TEST_RUNNER, as in "mpiexec -n 2", starts the program.
    Raises RuntimeError with the program's own words if it does not exit with `status`.
    """
    more = os.environ.get("LINDWURM_TEST_SETTINGS", "").split()
    return answer(lindwurm, "run", model, more + as_words(settings), status,
                  os.environ.get("LINDWURM_TEST_RUNNER", "").split())


def model_rates(lindwurm, model, settings=None):
    """The baths of `lindwurm rates MODEL --set key=value ...`, likewise."""
    return answer(lindwurm, "rates", model, as_words(settings), 0)["baths"]


def run_all(lindwurm, tasks):
    """{name: results} of {name: (run_model or model_rates, model, settings, ...)}.

    As many run side by side as there are cores, or as LINDWURM_TEST_WORKERS says. The first ones
    start first. If one fails, the driver ends with the program's own words.
    """
    start = time.monotonic()
    try:
        workers = int(os.environ.get("LINDWURM_TEST_WORKERS", os.cpu_count() or 1))
        with ThreadPoolExecutor(max_workers=workers) as pool:
            futures = {name: pool.submit(function, lindwurm, *rest)
                       for name, (function, *rest) in tasks.items()}
            runs = {name: future.result() for name, future in futures.items()}
    except (RuntimeError, OSError) as error:
        sys.exit(str(error))
    print(f"{len(runs)} runs in {time.monotonic() - start:.0f} s")
    return runs


def with_scheme(scheme, baths, settings):
    """The settings, with this scheme for all of so many baths."""
    return {**settings, **{f"bath[{k}].scheme": scheme for k in range(baths)}}


def of_kind(runs, kind):
    """Those whose name begins with this word, by the rest of their names."""
    return {name[1:]: run for name, run in runs.items() if name[0] == kind}


def series(run, *names):
    """(t, value, ...) of these observables, at each output time."""
    observables = run["evolve"]["observables"]
    return zip(run["evolve"]["times"], *(observables[name] for name in names))


def nearest(values, wanted):
    """Index of the nearest value."""
    return min(range(len(values)), key=lambda k: abs(values[k] - wanted))
