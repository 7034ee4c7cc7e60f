"""The model file, the results and the subcommands."""

import math
import unittest

from program import CONTRACT, DAMPED, ProgramTest


class Contract(ProgramTest):
    def check_numbers(self, result):
        self.assertAlmostEqual(result["evolve"]["observables"]["n"][-1], 0.3379523389, delta=1e-8)
        self.assertAlmostEqual(result["steady"]["observables"]["n"], 0.3641943085, delta=1e-9)
        self.assertAlmostEqual(result["steady"]["observables"]["sx0"], -0.6297796825, delta=1e-9)
        rightmost = [
            (0, 0),
            (-0.0747433422, 0),
            (-0.0757581159, 0.8361883685),
            (-0.0757581159, -0.8361883685),
            (-0.0838244394, 1.2158905738),
            (-0.0838244394, -1.2158905738),
        ]
        self.assertEqual(len(result["spectrum"]["eigenvalues"]), 6)
        for found, expected in zip(result["spectrum"]["eigenvalues"], rightmost):
            self.assertAlmostEqual(found[0], expected[0], delta=1e-9)
            self.assertAlmostEqual(found[1], expected[1], delta=1e-9)
        self.assertAlmostEqual(result["spectrum"]["gap"], 0.0747433422, delta=1e-9)

    def test_example_on_one_rank(self):
        result = self.run_model(CONTRACT)
        self.check_numbers(result)
        self.assertEqual(len(result["evolve"]["times"]), 101)
        self.assertEqual(list(result["evolve"]["observables"]), ["n", "sz0", "sx0"])
        self.assertLess(result["steady"]["residual"], 1e-11)
        self.assertTrue(all(r < 1e-11 for r in result["spectrum"]["residuals"]))
        diagnostics = result["diagnostics"]
        self.assertLess(diagnostics["evolve"]["trace_error"], 1e-10)
        self.assertIn("mode", diagnostics["evolve"]["top_levels"])
        self.assertIn("lowest_eigenvalue", diagnostics["steady"])
        self.assertGreater(diagnostics["peak_memory_bytes"], 1e7)
        self.assertGreater(diagnostics["evolve"]["steps"], 0)

    def test_example_on_several_ranks(self):
        one = self.run_model(CONTRACT)
        for ranks in (2, 3):
            result = self.run_model(CONTRACT, ranks=ranks)
            self.check_numbers(result)
            self.assertEqual(result["diagnostics"]["ranks"], ranks)
            for name, series in one["evolve"]["observables"].items():
                for a, b in zip(series, result["evolve"]["observables"][name]):
                    self.assertAlmostEqual(a, b, delta=1e-12)

    def test_hdf5_holds_what_was_printed(self):
        printed = self.call("run", self.write(DAMPED), "-o", "out.h5").stdout
        shown = self.call("show", "out.h5")
        self.assertEqual(shown.returncode, 0)
        self.assertIn(shown.stdout, printed)
        self.assertEqual([p.name for p in self.folder.glob("*.partial")], [])

    def test_default_name_of_the_result(self):
        self.run_model(DAMPED)
        self.assertTrue((self.folder / "model.h5").exists())

    def test_overrides(self):
        result = self.run_model(
            DAMPED, "--set", "kappa=0.4", "--set", "evolve.times=[0, 1, 2.5]",
            "--set", "initial.m=fock(2)", "--set", "dissipator[1].rate=kappa*nth")
        self.assertEqual(result["evolve"]["times"], [0, 1, 2.5])
        expected = 0.3 + (2 - 0.3) * math.exp(-0.4 * 2.5)
        self.assertAlmostEqual(result["evolve"]["observables"]["n"][-1], expected, delta=1e-6)

    def test_a_part_can_be_left_out(self):
        result = self.run_model(DAMPED, "--set", "spectrum.run=false", "--set", "steady.run=false")
        self.assertIn("evolve", result)
        self.assertNotIn("spectrum", result)
        self.assertNotIn("steady", result)

    def test_observables_that_are_not_hermitian_are_pairs(self):
        result = self.run_model(DAMPED, "--set", "initial.m=coherent(0.3+0.2*i)",
                                "--set", "evolve.rtol=1e-10")
        re, im = result["evolve"]["observables"]["a"][-1]
        expected = complex(0.3, 0.2) * complex(math.cos(5), -math.sin(5)) * math.exp(-0.1 * 5)
        self.assertAlmostEqual(re, expected.real, delta=1e-7)
        self.assertAlmostEqual(im, expected.imag, delta=1e-7)

    def test_order_of_sites_is_that_of_the_file(self):
        text = """
[sites]
zeta = { kind = "levels", levels = 3 }
alpha = { kind = "spin" }
[hamiltonian]
terms = ["proj(zeta,2)*sz(alpha)"]
"""
        printed = self.call("check", self.write(text)).stdout
        self.assertLess(printed.index("zeta"), printed.index("alpha"))

    def test_check_runs_nothing(self):
        done = self.call("check", self.write(CONTRACT))
        self.assertEqual(done.returncode, 0)
        for fragment in ("D = 40", "D^2 = 1600", "9380 entries of L", "memory"):
            self.assertIn(fragment, done.stdout)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["model.toml"])

    def test_plot(self):
        self.run_model(DAMPED, "-o", "out.h5")
        for name, magic in (("out.png", b"\x89PNG"), ("out.svg", b"<?xml")):
            done = self.call("plot", "out.h5", "-o", name)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((self.folder / name).read_bytes()[: len(magic)], magic)
        self.assertEqual(self.call("plot", "out.h5", "-o", "out.gif").returncode, 2)

    def test_petsc_options_pass_through(self):
        done = self.call("run", self.write(DAMPED), "--set", "steady.solver=gmres",
                         "--set", "spectrum.method=slepc", "--", "-steady_ksp_monitor",
                         "-spectrum_eps_view")
        self.assertIn("KSP Residual norm", done.stdout)
        self.assertIn("EPS Object", done.stdout)
        done = self.call("run", self.write(DAMPED), "--set", "evolve.method=bdf", "--",
                         "-evolve_ksp_view")
        self.assertIn("KSP Object: (evolve_)", done.stdout)

    def test_help_teaches(self):
        done = self.call("--help")
        self.assertEqual(done.returncode, 0)
        for fragment in ("mpirun", "--set", "Exit status", "plot"):
            self.assertIn(fragment, done.stdout)
        self.assertEqual(self.call().returncode, 2)
        self.assertEqual(self.call("walk").returncode, 2)


if __name__ == "__main__":
    unittest.main()
