"""Runs the program in a folder of its own."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

CONTRACT = """
title = "Oscillator and damped two-level systems"
[parameters]
N      = 2
omega0 = 1.0
Delta  = [1.0, 1.1]
g      = "0.2/sqrt(N)"
kappa  = 0.05
nth    = 0.5
gamma  = 0.1
nb     = 0.2
[sites]
mode = { kind = "oscillator", levels = 10 }
bath = { kind = "spin", count = "N" }
[hamiltonian]
terms = ["omega0*n(mode)", "Delta/2*sx(bath)", "g*x(mode)*sz(bath)"]
[[dissipator]]
operator = "a(mode)"
rate     = "kappa*(nth+1)"
[[dissipator]]
operator = "ad(mode)"
rate     = "kappa*nth"
[[dissipator]]
operator = "sm_x(bath)"
rate     = "gamma*(nb+1)"
[[dissipator]]
operator = "sp_x(bath)"
rate     = "gamma*nb"
[initial]
mode = "fock(1)"
bath = "down_x"
[observables]
n   = "n(mode)"
sz0 = "sz(bath[0])"
sx0 = "sx(bath[0])"
[evolve]
times  = { from = 0, to = 10, points = 101 }
method = "adams"
rtol   = 1e-8
atol   = 1e-10
[steady]
[spectrum]
count = 6
[output]
file = "oscillator_spins.h5"
"""

# A damped oscillator: quick, and everything about it is known.
DAMPED = """
[parameters]
kappa = 0.2
nth = 0.3
[sites]
m = { kind = "oscillator", levels = 24 }
[hamiltonian]
terms = ["n(m)"]
[[dissipator]]
operator = "a(m)"
rate = "kappa*(nth+1)"
[[dissipator]]
operator = "ad(m)"
rate = "kappa*nth"
[initial]
m = "fock(1)"
[observables]
n = "n(m)"
a = "a(m)"
[evolve]
times = { from = 0, to = 5, points = 11 }
[steady]
[spectrum]
"""


# Settings that every run takes besides its own, as in "liouvillian.storage=matrix-free".
SETTINGS = os.environ.get("LINDWURM_TEST_SETTINGS", "").split()


class ProgramTest(unittest.TestCase):
    """Each test has an empty folder, self.folder."""

    def setUp(self):
        self._temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self._temporary.cleanup)
        self.folder = pathlib.Path(self._temporary.name)

    def write(self, text, name="model.toml"):
        (self.folder / name).write_text(text)
        return name

    def call(self, *arguments, ranks=1):
        command = [os.environ["LINDWURM"], *self.with_settings(arguments)]
        if ranks > 1:
            command = [os.environ["MPIEXEC"], "-n", str(ranks), *command]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    @staticmethod
    def with_settings(arguments):
        """Those of the environment come first, so that a test's own --set has the last word."""
        if not arguments or arguments[0] != "run":
            return list(arguments)
        options = [word for setting in SETTINGS for word in ("--set", setting)]
        return [*arguments[:2], *options, *arguments[2:]]

    def run_model(self, text, *arguments, ranks=1, status=0):
        """The results as JSON of a run that ends with `status`."""
        done = self.call("run", self.write(text), "--json", "out.json", *arguments, ranks=ranks)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return json.loads((self.folder / "out.json").read_text())

    def refuse(self, text, *fragments, arguments=()):
        """Bad input: status 2, one message with all the fragments, and no file touched."""
        name = self.write(text)
        before = sorted(path.name for path in self.folder.iterdir())
        done = self.call("run", name, "-o", "out.h5", "--json", "out.json", *arguments)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        for fragment in fragments:
            self.assertIn(fragment, done.stderr)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), before)
        return done.stderr

    @staticmethod
    def line_of(text, fragment):
        return text[: text.index(fragment)].count("\n") + 1

    @staticmethod
    def numbers(text):
        return [float(word) for word in re.findall(r"-?\d+\.?\d*(?:[eE][-+]?\d+)?", text)]
