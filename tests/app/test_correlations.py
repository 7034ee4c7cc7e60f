"""Correlation functions and spectra, from the model file to the results."""

import cmath
import unittest

from program import DAMPED, ProgramTest

KAPPA, NTH = 0.2, 0.3
EMISSION = """
[[correlation]]
name = "emission"
A = "ad(m)"
B = "a(m)"
delays = { from = 0, to = 10, points = 11 }
frequencies = { from = 0, to = 2, points = 21 }
"""
TRANSIENT = """
[[correlation]]
name = "later"
A = "ad(m)"
B = "a(m)"
at = [0, 1.5]
delays = [0, 2]
"""
# Two stationary states.
DEPHASED = """
[sites]
q = { kind = "spin" }
[hamiltonian]
terms = ["sz(q)/2"]
[[dissipator]]
operator = "sz(q)"
rate = 0.1
[initial]
q = "up_x"
[[correlation]]
name = "dipole"
A = "sp(q)"
B = "sm(q)"
delays = [0, 1]
frequencies = [1]
"""


def complexes(pairs):
    return [complex(*pair) for pair in pairs]


def lorentzian(w):
    return NTH * KAPPA / ((w - 1)**2 + KAPPA**2 / 4)


class Correlations(ProgramTest):
    def check_emission(self, found, tolerance=1e-7):
        self.assertEqual(len(found["delays"]), 11)
        for tau, value in zip(found["delays"], complexes(found["values"])):
            expected = NTH * cmath.exp((1j - KAPPA / 2) * tau)
            self.assertLess(abs(value - expected), tolerance)
        for w, value in zip(found["frequencies"], found["spectrum"]):
            self.assertLess(abs(value - lorentzian(w)), 20 * tolerance)

    def test_emission_of_a_thermal_oscillator(self):
        for method in ("auto", "solve", "evolve"):
            for ranks in (1, 2):
                result = self.run_model(DAMPED + EMISSION, "--set", f"correlation[0].method={method}",
                                        ranks=ranks)
                found = result["correlations"]["emission"]
                self.check_emission(found)
                told = result["diagnostics"]["correlations"]["emission"]
                self.assertTrue(told["converged"])
                if method != "auto":
                    self.assertEqual(told["method"], method)
                if method == "solve":
                    self.assertLess(max(found["residuals"]), 1e-9)
                else:
                    self.assertLess(found["tail"], 1e-6)

    def test_the_steady_state_need_not_be_asked_for(self):
        text = (DAMPED + EMISSION).replace("[steady]\n", "").replace("[spectrum]\n", "")
        result = self.run_model(text)
        self.check_emission(result["correlations"]["emission"])
        self.assertIn("steady", result)

    def test_transient(self):
        result = self.run_model(DAMPED + TRANSIENT)
        found = result["correlations"]["later"]
        self.assertEqual(found["times"], [0, 1.5])
        for t, values in zip(found["times"], found["values"]):
            n = NTH + (1 - NTH) * cmath.exp(-KAPPA * t)
            for tau, value in zip(found["delays"], complexes(values)):
                self.assertLess(abs(value - n * cmath.exp((1j - KAPPA / 2) * tau)), 1e-6)

    def test_time_dependent_models_have_transients_alone(self):
        text = DAMPED.replace("[steady]\n", "").replace("[spectrum]\n", "").replace(
            '["n(m)"]', '["n(m)", "0.2*cos(t)*n(m)"]')
        result = self.run_model(text + TRANSIENT)
        value = complex(*result["correlations"]["later"]["values"][0][1])
        phase = 2 + 0.2 * cmath.sin(2)
        self.assertLess(abs(value - cmath.exp(1j * phase - KAPPA)), 1e-5)
        self.refuse(text + EMISSION, "time-dependent")

    def test_files_hold_the_same(self):
        result = self.run_model(DAMPED + EMISSION + TRANSIENT, "-o", "out.h5")
        shown = self.call("show", "out.h5")
        self.assertIn("correlation emission", shown.stdout)
        self.assertIn("correlation later", shown.stdout)
        drawn = self.call("plot", "out.h5", "-o", "out.svg")
        self.assertEqual(drawn.returncode, 0, drawn.stderr)
        picture = (self.folder / "out.svg").read_text()
        for label in ("Re emission", "S emission", "Im later(1.5)"):
            self.assertIn(label, picture)
        self.assertEqual(result["diagnostics"]["status"], 0)

    def test_what_is_not_to_be_trusted_is_said(self):
        result = self.run_model(DEPHASED, status=3)
        self.assertEqual(result["correlations"]["dipole"], {})
        self.assertTrue(any("'dipole'" in text for text in result["diagnostics"]["problems"]))
        hard = ("--set", "correlation[0].max_iterations=2",
                "--set", "liouvillian.preconditioner=none", "--set", "steady.solver=mumps")
        for method, remedy in (("solve", "evolve"), ("evolve", "solve")):
            result = self.run_model(DAMPED + EMISSION, *hard, "--set",
                                    f"correlation[0].method={method}", status=3)
            problems = result["diagnostics"]["problems"]
            self.assertTrue(any("'emission'" in text and remedy in text for text in problems),
                            problems)

    def test_dephasing_in_time(self):
        result = self.run_model(DEPHASED.replace("frequencies = [1]\n", "at = 0\n"))
        values = complexes(result["correlations"]["dipole"]["values"][0])
        # <s+(tau) s-> from |up> + |down>: the dipole turns, and decays at 2 * 0.1.
        self.assertLess(abs(values[1] - 0.5 * cmath.exp(1j - 0.2)), 1e-8)

    def test_bad_input(self):
        text = DAMPED + EMISSION
        for old, new, *fragments in (
                ('A = "ad(m)"', 'A = "ad(k)"', "correlation[0].A", "'m'"),
                ('A = "ad(m)"', 'A = "cos(t)*ad(m)"', "correlation[0].A", "time"),
                ('A = "ad(m)"\n', "", "'A'"),
                ('name = "emission"', 'name = "a/b"', "correlation[0].name"),
                ("delays = { from = 0", "delays = { from = -1", "negative"),
                ("frequencies = { from = 0, to = 2", "frequencies = { from = 3, to = 2", "decrease"),
                ('B = "a(m)"', 'B = "a(m)"\nat = 1', "frequencies", "steady"),
                ('B = "a(m)"', 'B = "a(m)"\nmethod = "solv"', "'solve'"),
                ('B = "a(m)"', 'B = "a(m)"\ntolerance = 0', "positive"),
                ('B = "a(m)"', 'B = "a(m)"\ndelay = 0', "'delays'")):
            self.assertIn(old, text)
            self.refuse(text.replace(old, new, 1), *fragments)
        self.refuse(text + EMISSION, "already")
        self.refuse(DAMPED + TRANSIENT.replace("[0, 1.5]", "[-1, 1.5]"), "before")
        self.refuse(DAMPED + '[[correlation]]\nname = "x"\nA = "n(m)"\nB = "n(m)"\n', "delays")
        kets = '[dynamics]\nkind = "unitary"\n[sites]\nq = { kind = "spin" }\n'
        self.refuse(kets + '[[correlation]]\nname = "x"\nA = "sz(q)"\nB = "sz(q)"\ndelays = [0]\n',
                    "correlation")


if __name__ == "__main__":
    unittest.main()
