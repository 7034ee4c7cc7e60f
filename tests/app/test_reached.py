"""A run works in what its start reaches, however large the space is."""

import math
import unittest

from program import ProgramTest

# One excitation that goes from q to all of b and back, and is lost.
STAR = """
[parameters]
N = 15
g = 0.3
gamma = 0.2
[sites]
q = { kind = "spin" }
b = { kind = "spin", count = "N" }
[hamiltonian]
terms = ["g*(sp(q)*sm(b) + sm(q)*sp(b))"]
[[dissipator]]
operator = "sm(q)"
rate = "gamma"
[[dissipator]]
operator = "sm(b)"
rate = "gamma"
[initial]
q = "up"
b = "down"
[observables]
q = "n_up(q)"
all = "n_up(q) + sum(n_up(b))"
[evolve]
times = { from = 0, to = 10, points = 11 }
"""
CORRELATION = """
[[correlation]]
name = "g1"
A = "sp(q)"
B = "sm(q)"
at = [0]
delays = { from = 0, to = 5, points = 6 }
"""
CAVITIES = """
[sites]
c = { kind = "oscillator", levels = 3, count = 8 }
[hamiltonian]
terms = ["1.3*n(c)*(n(c) - 1)", "0.6*ad(c[k])*a(c[l])"]
[[dissipator]]
operator = "a(c)"
rate = 0.01
[initial]
c = ["fock(1)", "fock(0)", "fock(0)", "fock(0)", "fock(0)", "fock(0)", "fock(0)", "fock(0)"]
[observables]
n = "n(c)"
[evolve]
times = { from = 0, to = 10, points = 101 }
"""


def settings(words):
    return [part for word in words for part in ("--set", word)]


class Reached(ProgramTest):
    def check_star(self, result, spins):
        times = result["evolve"]["times"]
        values = result["evolve"]["observables"]
        self.assertEqual(result["diagnostics"]["evolve"]["unknowns"], (spins + 1) ** 2 + 1)
        for k, t in enumerate(times):
            decayed = math.exp(-0.2 * t)
            amplitude = math.cos(0.3 * math.sqrt(spins) * t)
            self.assertAlmostEqual(values["all"][k], decayed, delta=1e-7)
            self.assertAlmostEqual(values["q"][k], decayed * amplitude ** 2, delta=1e-7)

    def test_star(self):
        for spins in (15, 23, 30):
            for ranks in (1, 2, 3) if spins == 15 else (1,):
                self.check_star(self.run_model(STAR, "--set", f"N={spins}", ranks=ranks), spins)
        self.check_star(self.run_model(STAR, "--set", "liouvillian.storage=assembled"), 15)
        done = self.call("check", self.write(STAR), "--set", "N=23")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("577 unknowns", done.stdout)

    def test_correlations(self):
        for spins in (15, 22):
            result = self.run_model(STAR + CORRELATION, "--set", f"N={spins}")
            found = result["correlations"]["g1"]
            for tau, value in zip(found["delays"], found["values"][0], strict=True):
                expected = math.exp(-0.1 * tau) * math.cos(0.3 * math.sqrt(spins) * tau)
                self.assertAlmostEqual(value[0], expected, delta=1e-7)
                self.assertAlmostEqual(value[1], 0, delta=1e-7)

    def test_cavities(self):
        result = self.run_model(CAVITIES)
        self.assertEqual(result["diagnostics"]["evolve"]["unknowns"], 65)
        for t, value in zip(result["evolve"]["times"], result["evolve"]["observables"]["n"],
                            strict=True):
            self.assertAlmostEqual(value, math.exp(-0.01 * t), delta=1e-7)

    def test_steady_state(self):
        result = self.run_model(STAR + "[steady]\n", "--set", "N=4")
        self.assertEqual(result["diagnostics"]["steady"]["unknowns"], 1)
        self.assertTrue(result["steady"]["unique"])
        self.assertAlmostEqual(result["steady"]["observables"]["all"], 0, delta=1e-12)
        # Of spins that decay together some of the excitation stays for ever.
        together = STAR.replace('"sm(q)"', '"sm(q) + sum(sm(b))"').replace('"sm(b)"', '"sz(q)*sz(b)"')
        together = together.replace('rate = "gamma"\n[initial]', "rate = 0\n[initial]")
        result = self.run_model(together + "[steady]\n", "--set", "N=1", "--set", "g=0",
                                status=3)
        self.assertFalse(result["steady"]["unique"])
        self.assertAlmostEqual(result["steady"]["observables"]["all"], 0.5, delta=1e-9)

    def test_what_needs_all_is_refused(self):
        name = self.write(STAR)
        for words in (("liouvillian.sectors=false",), ("initial.b=up_x", "initial.q=up_x")):
            done = self.call("check", name, *settings(words))
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn("fewer levels or", done.stderr)


if __name__ == "__main__":
    unittest.main()
