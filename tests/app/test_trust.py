"""What is not to be trusted is said, in the result and in the exit status."""

import unittest

from program import CONTRACT, DAMPED, ProgramTest

TWO_SPINS = """
[sites]
q = { kind = "spin", count = 2 }
[hamiltonian]
terms = ["0.5*sz(q[0])", "0.8*sz(q[1])", "0.1*sx(q[k])*sx(q[l])"]
[observables]
z = "sz(q)"
[steady]
[spectrum]
count = 16
"""


class Trust(ProgramTest):
    def test_sound_run(self):
        result = self.run_model(DAMPED)
        self.assertEqual(result["diagnostics"]["problems"], [])
        self.assertEqual(result["diagnostics"]["status"], 0)

    def test_truncation_warns_and_strict_counts_it(self):
        result = self.run_model(DAMPED, "--set", "sites.m.levels=4")
        warnings = result["diagnostics"]["warnings"]
        self.assertTrue(any("top level of 'm'" in text for text in warnings))
        self.assertEqual(result["diagnostics"]["status"], 0)
        result = self.run_model(DAMPED, "--set", "sites.m.levels=4", "--strict", status=3)
        self.assertEqual(result["diagnostics"]["status"], 3)
        quiet = self.run_model(DAMPED, "--set", "sites.m.levels=4", "--strict",
                               "--set", "diagnostics.top_level=0.5")
        self.assertEqual(quiet["diagnostics"]["warnings"], [])

    def test_initial_state_cut_off(self):
        result = self.run_model(DAMPED, "--set", "initial.m=coherent(3)")
        self.assertTrue(any(text.startswith("initial:")
                            for text in result["diagnostics"]["warnings"]))

    def test_steady_state_that_is_not_unique(self):
        result = self.run_model(TWO_SPINS, status=3)
        self.assertFalse(result["steady"]["unique"])
        self.assertEqual(result["steady"]["dimension"], 4)
        self.assertNotIn("observables", result["steady"])
        self.assertEqual(result["spectrum"]["stationary"], 4)
        self.assertEqual(result["spectrum"]["gap"], 0)
        self.assertTrue(any("no gap" in text for text in result["diagnostics"]["warnings"]))

    def test_gap_that_rounding_blurs(self):
        result = self.run_model("""
[sites]
q = { kind = "spin", count = 2 }
[[dissipator]]
operator = "sm(q)"
rate     = "rate"
[parameters]
rate = [1000, 2e-8]
[spectrum]
""")
        self.assertAlmostEqual(result["spectrum"]["gap"], 1e-8, delta=1e-10)
        warnings = result["diagnostics"]["warnings"]
        self.assertTrue(any("rounding blurs" in text for text in warnings), warnings)
        self.assertFalse(any("oscillates" in text for text in warnings), warnings)

    def test_limit_of_the_initial_state(self):
        text = TWO_SPINS + '[initial]\nq = ["up", "down"]\n'
        # Long after, the mean over an evolution without damping is what the projection gives.
        text += "[evolve]\ntimes = { from = 0, to = 400, points = 2001 }\n"
        result = self.run_model(text, status=3)
        series = result["evolve"]["observables"]["z"]
        mean = sum(series) / len(series)
        self.assertAlmostEqual(result["steady"]["observables"]["z"], mean, delta=1e-2)

    def test_solver_that_does_not_converge(self):
        result = self.run_model(CONTRACT, "--set", "steady.solver=gmres",
                                "--set", "steady.max_iterations=3", status=3)
        self.assertFalse(result["steady"]["converged"])
        self.assertTrue(any("not converged" in text
                            for text in result["diagnostics"]["problems"]))
        self.assertGreater(result["steady"]["residual"], 1e-6)

    def test_spectrum_by_slepc_is_never_called_complete(self):
        result = self.run_model(DAMPED, "--set", "spectrum.method=slepc", status=3)
        self.assertFalse(result["spectrum"]["complete"])

    def test_evolution_that_gives_up(self):
        done = self.call("run", self.write(DAMPED), "-o", "out.h5", "--set", "evolve.max_steps=2")
        self.assertEqual(done.returncode, 1)
        self.assertIn("max_steps", done.stderr)
        self.assertFalse((self.folder / "out.h5").exists())

    def test_negative_rate_between_outputs(self):
        done = self.call("run", self.write(DAMPED), "-o", "out.h5",
                         "--set", "evolve.times=[0, 6.283185307179586]",
                         "--set", "dissipator[0].rate=kappa*cos(t)")
        self.assertEqual(done.returncode, 2)
        self.assertIn("dissipator[0].rate", done.stderr)
        self.assertIn("t = 1.6", done.stderr)
        self.assertIn(">= 0", done.stderr)

    def test_equation_that_loses_positivity(self):
        text = """
[sites]
m = { kind = "oscillator", levels = 20 }
[hamiltonian]
terms = ["n(m)"]
[[superoperator]]
term = "-0.5*i*commutator(x(m))*anticommutator(p(m))"
[initial]
m = "fock(0)"
[evolve]
times = { from = 0, to = 1, points = 11 }
[diagnostics]
top_level = 1
"""
        result = self.run_model(text, "--strict", status=3)
        self.assertLess(result["diagnostics"]["evolve"]["lowest_eigenvalue"], -1e-3)
        self.assertTrue(any("not positive" in w for w in result["diagnostics"]["warnings"]))

    def test_model_that_does_not_keep_the_trace(self):
        text = DAMPED + '[[superoperator]]\nterm = "-1e-5*anticommutator(n(m))"\n'
        for parts in ("evolve", "steady", "spectrum"), ("steady",), ("spectrum",), ("evolve",):
            leave_out = [word for part in ("evolve", "steady", "spectrum") if part not in parts
                         for word in ("--set", part + ".run=false")]
            result = self.run_model(text, *leave_out, status=3)
            self.assertTrue(any("trace" in text for text in result["diagnostics"]["problems"]))
            for part in parts:
                self.assertIn(part, result)
        result = self.run_model(text, status=3)
        self.assertIn("trace", result["steady"]["failure"])
        self.assertNotIn("observables", result["steady"])
        self.assertEqual(result["steady"]["dimension"], 0)

    def test_unstable_equation(self):
        text = """
[parameters]
c = 0.2
[sites]
q = { kind = "spin" }
[hamiltonian]
terms = ["0.5*sz(q)"]
[[dissipator]]
operator = "sm(q)"
rate = 0.3
[[superoperator]]
term = "c*commutator(sx(q))*commutator(sx(q))"
[observables]
z = "sz(q)"
[steady]
"""
        result = self.run_model(text, status=3)
        self.assertAlmostEqual(result["steady"]["growth"], 0.5, delta=1e-9)
        self.assertIn("unstable", result["steady"]["failure"])
        self.assertNotIn("observables", result["steady"])
        # z' = -gamma (z + 1) + 4 c z
        result = self.run_model(text, "--set", "c=0.05")
        self.assertAlmostEqual(result["steady"]["observables"]["z"], -3, delta=1e-9)
        self.assertTrue(result["diagnostics"]["steady"]["stability_shown"])

    def test_sector_in_which_all_terms_cancel(self):
        # What is left of L there is rounding: no lost trace, and no rate.
        result = self.run_model("""
[sites]
b = { kind = "ensemble", count = 2 }
[hamiltonian]
terms = ["n_up(b)"]
[[bath]]
name = "cold"
coupling = "sx(b)"
density = { kind = "ohmic-exponential", strength = 0.05, cutoff = 20.5, exponent = 2 }
scheme = "collective"
[initial]
b = "up"
[observables]
z = "sz(b)"
[steady]
""", status=3)  # a singlet is a second stationary state
        self.assertEqual(result["steady"]["dimension"], 2)
        self.assertAlmostEqual(result["steady"]["observables"]["z"], -2, delta=1e-9)

    def test_state_that_grows_like_a_power_of_time(self):
        # The eigenvalue 0 has a Jordan block beside stationary operators.
        result = self.run_model("""
[sites]
q = { kind = "spin", count = 2 }
m = { kind = "oscillator", levels = 2 }
[hamiltonian]
terms = ["-0.78*sx(q)", "0.933*ad(m)*sz(q)*sm_x(q) + dag(0.933*ad(m)*sz(q)*sm_x(q))", "0.781*n(m)"]
[[superoperator]]
term = "-0.09*i*commutator(n_up(q))*anticommutator(sx(q[1]))"
[[bath]]
name = "warm"
coupling = "p(m)"
density = { kind = "ohmic-exponential", strength = 0.01, cutoff = 20.5, exponent = 3 }
scheme = "coarse-grained"
temperature = 0.608
dt = 5
[initial]
q = ["up_x", "down"]
m = "fock(0)"
[observables]
n = "n(m)"
[steady]
""", status=3)
        self.assertTrue(any("no long-time mean" in text
                            for text in result["diagnostics"]["problems"]))
        self.assertNotIn("observables", result["steady"])

    def test_steady_states_tell_their_errors_and_small_gaps(self):
        text = """
[parameters]
slow = 1e-9
fast = 1
[sites]
q = { kind = "spin" }
f = { kind = "spin" }
[hamiltonian]
terms = ["0.5*sz(q)", "2*sx(f)"]
[[dissipator]]
operator = "sm(f)"
rate = "fast"
[[dissipator]]
operator = "sm(q)"
rate = "2*slow"
[[dissipator]]
operator = "sp(q)"
rate = "slow"
[observables]
up = "n_up(q)"
[steady]
[spectrum]
count = 3
"""
        for slow in 1e-6, 1e-9, 1e-11:
            # What rounding makes of the slowest of these is more than 1e-6.
            result = self.run_model(text, "--set", f"slow={slow}", status=3 if slow < 1e-10 else 0)
            steady = result["steady"]
            self.assertTrue(steady["unique"])
            self.assertTrue(steady["dimension_exact"])
            self.assertLess(abs(steady["observables"]["up"] - 1 / 3),
                            steady["errors"]["up"] + 1e-15)
            # The populations' rate; coherences oscillate.
            if "gap" in steady:
                self.assertLess(abs(steady["gap"] - 3 * slow), steady["gap_error"] + 1e-4 * slow)
            self.assertEqual(result["spectrum"]["stationary"], 1)
            self.assertAlmostEqual(result["spectrum"]["gap"] / slow, 1.5, delta=1.6)
        self.assertIn("gap", steady)
        # What the fast rate is known to is no less than the slow one.
        result = self.run_model(text, "--set", "slow=1e-9", "--set", "fast=1e8",
                                "--set", "spectrum.run=false", status=3)
        self.assertNotEqual(result["diagnostics"]["problems"], [])
        result = self.run_model(text, "--set", "steady.resolution=1e-8",
                                "--set", "spectrum.run=false", status=3)
        self.assertFalse(result["steady"]["dimension_exact"] and result["steady"]["unique"])

    def test_state_that_a_gksl_equation_cannot_make(self):
        # A loose tolerance leaves populations below zero.
        text = DAMPED + '[diagnostics]\npositivity = 1e-300\n'
        result = self.run_model(text, "--set", "evolve.method=adams", "--set", "evolve.rtol=1e-3",
                                "--set", "evolve.atol=1e-3", "--set", "steady.run=false",
                                "--set", "spectrum.run=false", status=3)
        self.assertTrue(any("not positive" in text for text in result["diagnostics"]["problems"]))

    def test_time_dependent_model_has_no_steady_state(self):
        done = self.call("run", self.write(DAMPED), "--set", 'hamiltonian.terms=["cos(t)*x(m)"]')
        self.assertEqual(done.returncode, 2)
        self.assertIn("time-dependent", done.stderr)


if __name__ == "__main__":
    unittest.main()
