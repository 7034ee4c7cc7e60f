"""Runs model files through lindwurm and compares numbers; shared by the examples' drivers."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile


def run_model(lindwurm, model, **settings):
    """The results of `lindwurm run MODEL --set key=value ...`, as read from its JSON output.

    A key of a table is written with two underscores: evolve__rtol=1e-8 sets evolve.rtol.
    The words of LINDWURM_TEST_SETTINGS, as in "liouvillian.sectors=false", are set besides, and
    LINDWURM_TEST_RUNNER, as in "mpiexec -n 2", starts the program.
    Raises RuntimeError with the program's own words if it does not exit with status 0.
    """
    with tempfile.TemporaryDirectory(prefix="lindwurm-example-") as folder:
        results = pathlib.Path(folder) / "results.json"
        command = [*os.environ.get("LINDWURM_TEST_RUNNER", "").split(),
                   str(lindwurm), "run", str(model), "-o", str(results.with_suffix(".h5")),
                   "--json", str(results)]
        for setting in os.environ.get("LINDWURM_TEST_SETTINGS", "").split():
            command += ["--set", setting]
        for key, value in settings.items():
            command += ["--set", f"{key.replace('__', '.')}={value}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"exit status {done.returncode} of {' '.join(command)}\n"
                               f"{done.stdout}{done.stderr}")
        return json.loads(results.read_text())


class Checks:
    """Counts comparisons and prints those that fail."""

    def __init__(self):
        self.made = 0
        self.failed = 0

    def require(self, name, holds, detail=""):
        self.made += 1
        if not holds:
            self.failed += 1
            print(f"FAILED  {name}: {detail}", file=sys.stderr)

    def near(self, name, found, expected, tolerance):
        """|found - expected| <= tolerance, for real or complex numbers; nan fails."""
        difference = abs(found - expected)
        self.require(name, difference <= tolerance,
                     f"{found} where {expected} is expected, off by {difference:.3g}, "
                     f"allowed is {tolerance:.1g}")

    def exit_status(self):
        print(f"{self.made - self.failed} of {self.made} checks passed")
        return 1 if self.failed or not self.made else 0
