"""Quantum trajectories through the program, against density operators of the same model file."""

import math
import unittest

from program import ProgramTest

CAVITY = """
[sites]
c = { kind = "oscillator", levels = 4 }
s = { kind = "spin" }
[hamiltonian]
terms = ["n(c)", "0.5*sz(s)", "0.3*(ad(c)*sm(s) + a(c)*sp(s))"]
[[dissipator]]
operator = "a(c)"
rate = 0.2
[dynamics]
kind = "trajectories"
[trajectories]
count = 300
seed = 4
[initial]
c = "thermal(0.1)"
s = "up"
[observables]
n = "n(c)"
a = "a(c)"
[reduced]
sites = "s"
[evolve]
times = { from = 0, to = 8, points = 17 }
"""


class Trajectories(ProgramTest):
    def check_means(self, found, exact):
        for name, series in exact["evolve"]["observables"].items():
            rows = zip(found["evolve"]["observables"][name], series,
                       found["evolve"]["standard_errors"][name], strict=True)
            for x, y, error in rows:
                apart = abs(complex(*x) - complex(*y)) if isinstance(x, list) else abs(x - y)
                self.assertLessEqual(apart, 4.5 * error + 1e-9, name)

    def test_nobody_in_a_rare_state(self):
        """Decay to t = 8: n_up = exp(-8), which no trajectory of 500 shows."""
        found = self.run_model("""
[sites]
q = { kind = "spin" }
[[dissipator]]
operator = "sm(q)"
rate = 1
[dynamics]
kind = "trajectories"
[trajectories]
count = 500
[initial]
q = "up"
[observables]
up = "n_up(q)"
minus = "sm(q)"
[evolve]
times = [0, 8]
""")["evolve"]
        self.assertEqual(found["errors"]["up"][0], 0)
        self.assertLess(abs(found["observables"]["up"][1] - math.exp(-8)), found["errors"]["up"][1])
        self.assertLess(found["errors"]["up"][1], 0.025)
        self.assertGreater(found["errors"]["minus"][1], 0.001)

    def test_means_on_any_number_of_ranks(self):
        exact = self.run_model(CAVITY, "--set", "dynamics.kind=lindblad")
        alone = self.run_model(CAVITY)
        self.check_means(alone, exact)
        ensemble = alone["diagnostics"]["evolve"]["ensemble"]
        self.assertEqual((ensemble["kind"], ensemble["members"]), ("trajectories", 300))
        self.assertEqual(alone["diagnostics"]["generator"], "GKSL")
        self.assertAlmostEqual(alone["evolve"]["reduced"]["s"]["entropy"][-1],
                               exact["evolve"]["reduced"]["s"]["entropy"][-1], delta=0.1)
        for ranks in (2, 3):
            together = self.run_model(CAVITY, ranks=ranks)
            self.assertEqual(together["evolve"], alone["evolve"])
        whole = self.run_model(CAVITY, "--set", "liouvillian.sectors=false")
        for x, y in zip(whole["evolve"]["observables"]["n"], alone["evolve"]["observables"]["n"],
                        strict=True):
            self.assertAlmostEqual(x, y, delta=1e-6)

    def test_time_dependent_rates_with_adams(self):
        text = CAVITY.replace("rate = 0.2", 'rate = "0.2*(1 + sin(t))"')
        exact = self.run_model(text, "--set", "dynamics.kind=lindblad")
        found = self.run_model(text)
        self.assertEqual(found["diagnostics"]["evolve"]["method"], "adams")
        self.check_means(found, exact)

    def test_a_bath(self):
        text = CAVITY.replace('[[dissipator]]\noperator = "a(c)"\nrate = 0.2\n', """
[[bath]]
name = "field"
coupling = "x(c)"
temperature = 0.5
scheme = "secular"
lamb_shift = true
density = { kind = "ohmic-drude", strength = 0.02, cutoff = 5 }
""")
        exact = self.run_model(text, "--set", "dynamics.kind=lindblad")
        self.check_means(self.run_model(text), exact)
        self.refuse(text.replace("secular", "redfield"), "dynamics.kind", "GKSL")

    def test_continued(self):
        whole = self.run_model(CAVITY)
        self.run_model(CAVITY, "-o", "part.h5", "--set", "trajectories.count=100")
        part = self.run_model(CAVITY, "-o", "part.h5", "--continue", ranks=2)
        self.assertEqual(part["evolve"], whole["evolve"])
        self.assertEqual(part["diagnostics"]["evolve"]["ensemble"]["members"], 300)
        shown = self.call("show", "part.h5")
        self.assertIn("trajectories: 300 kets", shown.stdout)
        for words, message in [
            (("--set", "evolve.rtol=1e-6"), "another model"),
            (("--set", "trajectories.seed=9"), "another model"),
            (("--set", "dynamics.kind=lindblad"), "dynamics.kind"),
            (("--set", "trajectories.count=300"), "raise it"),
            (("-o", "missing.h5"), "no such file"),
        ]:
            done = self.call("run", "model.toml", "-o", "part.h5", "--continue", *words)
            if "missing.h5" in words:
                done = self.call("run", "model.toml", "-o", "missing.h5", "--continue")
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn(message, done.stderr)
        self.run_model(CAVITY, "-o", "other.h5", "--set", "dynamics.kind=lindblad")
        done = self.call("run", "model.toml", "-o", "other.h5", "--continue")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no quantum trajectories", done.stderr)

    def test_a_requested_error(self):
        enough = self.run_model(CAVITY, "--set", "trajectories.count=20000", "--set",
                                "trajectories.error=0.03")
        ensemble = enough["diagnostics"]["evolve"]["ensemble"]
        self.assertLess(ensemble["members"], 5000)
        self.assertLessEqual(ensemble["largest_error"], 0.03)
        short = self.run_model(CAVITY, "--set", "trajectories.error=0.001", status=3)
        self.assertIn("trajectories.count", short["diagnostics"]["problems"][0])

    def test_bad_input(self):
        for old, new, *words in [
            ("count = 300", "count = 1", "trajectories.count"),
            ("count = 300", "error = 0", "trajectories.error", "positive"),
            ("count = 300", "number = 10", "trajectories.number"),
            ("seed = 4", "seed = -1", "trajectories.seed"),
            ("[reduced]", "[map]\nsite = \"s\"\n[reduced]", "map", "lindblad"),
            ("[reduced]", "[steady]\n[reduced]", "steady", "lindblad"),
            ("[reduced]", "[spectrum]\n[reduced]", "spectrum", "lindblad"),
            ('n = "n(c)"', 'n = "purity"', "observables.n", "[reduced]"),
            ("[reduced]", '[[superoperator]]\nterm = "0.1*dissipator(sm(s))"\n[reduced]',
             "superoperator", "lindblad"),
            ("rate = 0.2", "rate = -0.2", "rate"),
            ("points = 17 }", 'points = 17 }\nmethod = "bdf"', "evolve.method"),
        ]:
            with self.subTest(new=new):
                self.assertIn(old, CAVITY)
                self.refuse(CAVITY.replace(old, new, 1), *words)


if __name__ == "__main__":
    unittest.main()
