"""The errors of cutoffs: what a run with more levels shows, against closed forms."""

import math
import unittest

from program import ProgramTest

SQUEEZED = """
[sites]
m = { kind = "oscillator", levels = 8 }
[hamiltonian]
terms = ["2*(a(m)^2 + ad(m)^2)"]
[[dissipator]]
operator = "a(m)^2"
rate = 1
[initial]
m = "fock(0)"
[observables]
n = "n(m)"
[evolve]
times = [0, 5]
"""

# alpha = -i F/(i w + kappa/2); the steady state is coherent.
DRIVEN = """
[parameters]
w = 0.5
F = 2.5
kappa = 1
[sites]
m = { kind = "oscillator", levels = 20 }
[hamiltonian]
terms = ["w*n(m)", "F*x(m)"]
[[dissipator]]
operator = "a(m)"
rate = "kappa"
[initial]
m = "fock(0)"
[observables]
n = "n(m)"
"""

EXCURSION = """
[sites]
m = { kind = "oscillator", levels = 6 }
q = { kind = "spin" }
[hamiltonian]
terms = ["3*exp(-(t - 5)^2)*x(m)", "0.3*n(m)*sz(q)"]
[[dissipator]]
operator = "a(m)"
rate = 1
[initial]
m = "fock(0)"
q = "up_x"
[observables]
x = "sx(q)"
[evolve]
times = [0, 60]
"""

DECAY = """
[sites]
m = { kind = "oscillator", levels = 6 }
[hamiltonian]
terms = ["0.5*n(m)"]
[[dissipator]]
operator = "a(m)"
rate = 1
[initial]
m = "fock(5)"
[observables]
n = "n(m)"
[evolve]
times = [0, 1]
[steady]
"""


def driven(t):
    """<n> of the driven oscillator from the vacuum."""
    rate = complex(0.5, 0.5)  # kappa/2 + i w
    alpha = -2.5j / rate * (1 - complex(math.exp(-0.5 * t) * math.cos(0.5 * t),
                                        -math.exp(-0.5 * t) * math.sin(0.5 * t)))
    return abs(alpha) ** 2


class Cutoffs(ProgramTest):
    def check(self, value, right, error):
        """The stated error is the true one to a factor 2, or the value is said to be far off."""
        true = abs(value - right)
        if true > 0.1 * max(1, abs(right)):
            self.assertGreater(error, 0.01 * max(1, abs(value)))
            return
        self.assertLess(true, 2 * error + 1e-7)
        self.assertLess(error, 30 * true + 1e-7)

    def test_parity_that_keeps_the_top_level_empty(self):
        # Exact: a cat state, <n> = 4 tanh(4).
        right = 4 * math.tanh(4)
        for levels, status in (8, 3), (10, 3), (16, 0), (40, 0):
            result = self.run_model(SQUEEZED, "--set", f"sites.m.levels={levels}", status=status)
            evolve = result["evolve"]
            self.check(evolve["observables"]["n"][-1], right, evolve["cutoff_errors"]["n"][-1])
        self.assertEqual(result["diagnostics"]["warnings"], [])

    def test_evolution_of_a_driven_oscillator(self):
        text = DRIVEN + "[evolve]\ntimes = [0, 1, 2, 4]\n"
        for levels in 8, 20, 40:
            result = self.run_model(text, "--set", f"sites.m.levels={levels}",
                                    status=0 if levels > 20 else 3)
            evolve = result["evolve"]
            for t, n, error in zip(evolve["times"], evolve["observables"]["n"],
                                   evolve["cutoff_errors"]["n"]):
                self.check(n, driven(t), error)

    def test_steady_state_and_gap_of_a_driven_oscillator(self):
        text = DRIVEN + "[steady]\n[spectrum]\ncount = 4\n"
        right = abs(2.5 / complex(0.5, 0.5)) ** 2
        result = self.run_model(text, status=3)
        steady, spectrum = result["steady"], result["spectrum"]
        self.check(steady["observables"]["n"], right, steady["cutoff_errors"]["n"])
        self.check(spectrum["gap"], 0.5, spectrum["gap_cutoff_error"])
        self.assertTrue(any(text.startswith("spectrum: the cutoff")
                            for text in result["diagnostics"]["problems"]))
        result = self.run_model(text, "--set", "F=0.2")
        self.assertAlmostEqual(result["spectrum"]["gap"], 0.5, delta=1e-6)
        self.assertLess(result["spectrum"]["gap_cutoff_error"], 1e-6)

    def test_pulse_between_outputs_that_fills_the_top_level(self):
        result = self.run_model(EXCURSION, status=3)
        self.assertGreater(result["evolve"]["cutoff_errors"]["x"][-1], 0.1)
        result = self.run_model(EXCURSION, "--set", "sites.m.levels=30",
                                "--set", "diagnostics.cutoff=true")
        self.assertLess(result["evolve"]["cutoff_errors"]["x"][-1], 1e-5)

    def test_cutoff_that_nothing_reaches_is_exact(self):
        result = self.run_model(DECAY, "--strict")
        self.assertEqual(result["diagnostics"]["evolve"]["cutoff"], "exact")
        self.assertLess(result["evolve"]["cutoff_errors"]["n"][-1], 1e-12)
        self.assertAlmostEqual(result["evolve"]["observables"]["n"][-1], 5 * math.exp(-1),
                               delta=1e-9)

    def test_observable_that_reaches_beyond_the_cutoff(self):
        # <a a^dag> = n + 1, and a^dag gives nothing on the top level.
        result = self.run_model(DECAY.replace('n = "n(m)"', 'n = "a(m)*ad(m)"'), status=3)
        evolve = result["evolve"]
        self.assertAlmostEqual(evolve["cutoff_errors"]["n"][0], 6, delta=1e-9)
        self.assertEqual(result["diagnostics"]["evolve"]["cutoff"], "exact")

    def test_term_that_steps_over_all_levels(self):
        text = SQUEEZED.replace('terms = ["2*(a(m)^2 + ad(m)^2)"]',
                                'terms = ["n(m)", "0.02*(a(m)^8 + ad(m)^8)", "0.2*n(m)^4"]')
        result = self.run_model(text, "--set", "sites.m.levels=3", "--set", "dissipator[0].rate=0")
        self.assertEqual(result["evolve"]["observables"]["n"][-1], 0)
        self.assertGreater(result["evolve"]["cutoff_errors"]["n"][-1], 1e-4)
        self.assertTrue(result["diagnostics"]["warnings"])

    def test_squeezed_vacuum(self):
        # <n> = sinh(1.5)^2 without loss
        text = SQUEEZED.replace('"2*(a(m)^2 + ad(m)^2)"', '"0.75*i*(a(m)^2 - ad(m)^2)"')
        text = text.replace("times = [0, 5]", "times = [0, 1]")
        for levels, status in (16, 3), (120, 0):
            result = self.run_model(text, "--set", f"sites.m.levels={levels}", "--set",
                                    "dissipator[0].rate=0", "--set", "diagnostics.cutoff=true",
                                    status=status)
            evolve = result["evolve"]
            self.check(evolve["observables"]["n"][-1], math.sinh(1.5) ** 2,
                       evolve["cutoff_errors"]["n"][-1])

    def test_switch(self):
        result = self.run_model(SQUEEZED, "--set", "diagnostics.cutoff=false")
        self.assertNotIn("cutoff_errors", result["evolve"])
        self.refuse(SQUEEZED, "diagnostics.cutoff", arguments=("--set", "diagnostics.cutoff=some"))


if __name__ == "__main__":
    unittest.main()
