"""Runs the program on a model file, within limits of time and memory."""

import json
import os
import pathlib
import resource
import subprocess
import tempfile

import model_file

ENVIRONMENT = dict(
    OPENBLAS_NUM_THREADS="1",
    OMP_NUM_THREADS="1",
    OMPI_ALLOW_RUN_AS_ROOT="1",
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
    OMPI_MCA_rmaps_base_oversubscribe="1",
    PRTE_MCA_rmaps_default_mapping_policy=":oversubscribe",
    OMPI_MCA_btl_vader_single_copy_mechanism="none",
    OMPI_MCA_smsc="^cma",
)


class Program:
    def __init__(self, path, mpiexec="mpiexec", seconds=60):
        self.path, self.mpiexec, self.seconds = os.path.abspath(path), mpiexec, seconds

    def run(self, model):
        """(exit status, results or None, text). A negative status is a signal, None a time-out."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "model.toml"
            text, settings = model_file.command_line(model)
            file.write_text(text)
            words = [self.path, "run", file.name, "--json", "out.json", *settings]
            ranks = model.get("ranks", 1)
            if ranks > 1:
                words = [self.mpiexec, "-n", str(ranks), *words]
            try:
                done = subprocess.run(
                    words,
                    cwd=folder,
                    env=os.environ | ENVIRONMENT,
                    preexec_fn=self._limit,
                    timeout=10 * self.seconds,
                    capture_output=True,
                    text=True,
                    errors="replace",
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return None, None, "no end"
            status = done.returncode
            if status in (-9, -24, 137, 152):  # SIGKILL, SIGXCPU
                status = None
            results = None
            output = pathlib.Path(folder) / "out.json"
            if output.exists():
                try:
                    results = json.loads(output.read_text())
                except ValueError as error:
                    return 1, None, f"unreadable results: {error}"
            return status, results, done.stdout + done.stderr

    def _limit(self):
        resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.seconds + 5))
