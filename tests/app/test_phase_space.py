"""Husimi and Wigner functions of runs: where they stand, what they say, how they are drawn."""

import cmath
import math
import unittest

from program import ProgramTest

# alpha(t) = alpha exp(-(i + kappa/2) t): coherent states stay so.
COHERENT = """
[sites]
m = { kind = "oscillator", levels = 20 }
s = { kind = "spin" }
[hamiltonian]
terms = ["n(m)"]
[[dissipator]]
operator = "a(m)"
rate = 0.2
[initial]
m = "coherent(1.2)"
s = "coherent(0.9, 0.4)"
[evolve]
times = [0, 0.5, 1, 2]
rtol = 1e-10
atol = 1e-12
[[phase_space]]
name = "q"
site = "m"
at = [0, 1]
points = 21
extent = 5
[[phase_space]]
site = "s"
points = 5
[[phase_space]]
name = "w"
site = "m"
function = "wigner"
points = 41
extent = 4.5
"""

KETS = """
[sites]
m = { kind = "oscillator", levels = 20 }
[hamiltonian]
terms = ["n(m)"]
[dynamics]
kind = "KIND"
[initial]
m = "coherent(1.2)"
[evolve]
times = [0, 1]
[[phase_space]]
site = "m"
points = 11
extent = 3
"""

DECAY = """
[trajectories]
count = 40
[[dissipator]]
operator = "a(m)"
rate = 0.2
"""

ENSEMBLE = """
[sites]
bath = { kind = "ensemble", count = COUNT, basis = "AXIS" }
[hamiltonian]
terms = ["0.3*sz(bath)", "0.2*sx(bath)"]
[[dissipator]]
operator = "sm(bath)"
rate = 0.1
[[dissipator]]
operator = "sm(bath)"
collective = true
rate = 0.2
[initial]
bath = "coherent(0.7, 0.2)"
[observables]
x = "sx(bath)"
y = "sy(bath)"
z = "sz(bath)"
pairs = "(sum(sx(bath))^2 + sum(sy(bath))^2 + sum(sz(bath))^2)/4"
[evolve]
times = [0, 1.5]
[steady]
[[phase_space]]
site = "bath"
at = [0, 1.5]
points = 31
"""


class PhaseSpace(ProgramTest):
    def assert_husimi(self, part, values, alpha):
        for x, line in zip(part["re_alpha"], values):
            for y, value in zip(part["im_alpha"], line):
                expected = math.exp(-abs(complex(x, y) - alpha) ** 2) / math.pi
                self.assertAlmostEqual(value, expected, delta=1e-7)

    def test_coherent_states(self):
        out = self.run_model(COHERENT)["phase_space"]
        self.assertEqual(out["q"]["times"], [0, 1])
        for t, values in zip([0, 1], out["q"]["values"]):
            self.assert_husimi(out["q"], values, 1.2 * cmath.exp(-(1j + 0.1) * t))
        self.assertEqual(out["w"]["times"], [2])
        alpha = 1.2 * cmath.exp(-(1j + 0.1) * 2)
        for x, line in zip(out["w"]["re_alpha"], out["w"]["values"][0]):
            for y, value in zip(out["w"]["im_alpha"], line):
                expected = 2 / math.pi * math.exp(-2 * abs(complex(x, y) - alpha) ** 2)
                self.assertAlmostEqual(value, expected, delta=1e-7)
        self.assertAlmostEqual(out["w"]["integrals"][0], 1, delta=1e-6)
        for theta, line in zip(out["s"]["theta"], out["s"]["values"][0]):
            for phi, value in zip(out["s"]["phi"], line):
                cosine = math.cos(0.9) * math.cos(theta) + math.sin(0.9) * math.sin(
                    theta
                ) * math.cos(phi - 0.4)
                self.assertAlmostEqual(value, (1 + cosine) / (4 * math.pi), delta=1e-9)

    def test_kets(self):
        unitary = self.run_model(KETS.replace("KIND", "unitary"))["phase_space"]["m"]
        self.assert_husimi(unitary, unitary["values"][0], 1.2 * cmath.exp(-1j))
        # A jump leaves a coherent state as it is: every trajectory is the mean.
        jumps = self.run_model(KETS.replace("KIND", "trajectories") + DECAY)["phase_space"]["m"]
        for x, line in zip(jumps["re_alpha"], jumps["values"][0]):
            for y, value in zip(jumps["im_alpha"], line):
                alpha = 1.2 * cmath.exp(-1j - 0.1)
                expected = math.exp(-abs(complex(x, y) - alpha) ** 2) / math.pi
                self.assertAlmostEqual(value, expected, delta=1e-5)

    # <J.n> = sum_J (J+1) int n Q_J: of one multiplet, and of all at t = 0.
    def test_ensembles(self):
        along_z = self.run_model(ENSEMBLE.replace("COUNT", "6").replace("AXIS", "z"))
        along_x = self.run_model(ENSEMBLE.replace("COUNT", "6").replace("AXIS", "x"), ranks=2)
        part = along_z["phase_space"]["bath"]
        other = along_x["phase_space"]["bath"]
        for one, two in [*zip(part["values"], other["values"]), (part["steady"], other["steady"])]:
            for left, right in zip(one, two):
                for a, b in zip(left, right):
                    self.assertAlmostEqual(a, b, delta=1e-8)
        step = math.pi / 30
        mean = [0.0, 0.0, 0.0]
        for theta, line in zip(part["theta"], part["values"][0]):
            for phi, value in zip(part["phi"][:-1], line[:-1]):
                area = value * math.sin(theta) * step * step
                mean[0] += area * math.sin(theta) * math.cos(phi)
                mean[1] += area * math.sin(theta) * math.sin(phi)
                mean[2] += area * math.cos(theta)
        for name, integral in zip("xyz", mean):
            # sum sigma = 2 J, J = 3
            expected = along_z["evolve"]["observables"][name][0]
            self.assertAlmostEqual(2 * 4 * integral, expected, delta=0.02)

    def test_pictures_and_files(self):
        self.run_model(COHERENT, "-o", "out.h5")
        shown = self.call("show", "out.h5")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("phase space q", shown.stdout)
        drawn = self.call("plot", "out.h5", "-o", "out.svg")
        self.assertEqual(drawn.returncode, 0, drawn.stderr)
        self.assertIn("Q of q, t = 1", (self.folder / "out.svg").read_text())

    def test_a_window_that_is_too_small(self):
        out = self.run_model(COHERENT, "--set", "phase_space[0].extent=1")
        self.assertTrue(
            any("phase_space 'q'" in line for line in out["diagnostics"]["warnings"])
        )

    def test_what_is_refused(self):
        for setting, words in {
            "phase_space[0].at=[0.7]": "nearest of which is 0.5",
            "phase_space[0].site=x": "there is no site 'x'",
            "phase_space[1].function=wigner": "no oscillator",
            "phase_space[1].extent=2": "sphere",
            "phase_space[1].name=q": "already",
            "phase_space[0].points=1": "points",
            "evolve.run=false": "neither",
        }.items():
            done = self.call("run", self.write(COHERENT), "--set", setting)
            self.assertEqual(done.returncode, 2, setting)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
