"""Numbers in the model file: exact where they can be, within their range, finite; and those of the
results, which are finite wherever the status is 0."""

import math
import struct
import unittest
from fractions import Fraction

from program import DAMPED, ProgramTest

UNITARY = """
[sites]
m = { kind = "oscillator", levels = 4 }
[dynamics]
kind = "unitary"
[hamiltonian]
terms = ["n(m)"]
[initial]
m = "fock(1)"
[observables]
n = "n(m)"
[evolve]
times = [0, 1]
"""
PICTURE = DAMPED + """
[[phase_space]]
site = "m"
points = 5
"""


def times(text):
    return UNITARY.replace("[0, 1]", text)


class Numbers(ProgramTest):
    def test_even_spacing_is_exact_at_whole_numbers(self):
        for start, end in ((0, 34), (0, 49), (-7, 90), (1, 1000)):
            found = self.run_model(times(f"{{ from = {start}, to = {end}, points = {end - start + 1} }}"))
            self.assertEqual(found["evolve"]["times"], list(range(start, end + 1)))

    def test_even_spacing_is_rounded_once(self):
        found = self.run_model(times("{ from = 0, to = 1, points = 11 }"))
        self.assertEqual(found["evolve"]["times"], [k / 10 for k in range(11)])
        for start, end, n in ((-0.3, 0.3, 6), (0.1, 0.7, 13), (1e-3, 1e5, 97)):
            found = self.run_model(times(f"{{ from = {start}, to = {end}, points = {n + 1} }}"))
            exact = [(Fraction(start) * (n - k) + Fraction(end) * k) / n for k in range(n + 1)]
            self.assertEqual(found["evolve"]["times"], [float(value) for value in exact])

    def test_sweeps_are_spaced_alike(self):
        text = UNITARY.replace("[sites]", "[parameters]\nw = 1\n[sites]").replace('"n(m)"]', '"w*n(m)"]')
        for axis, expected in (
                ("{ from = 0, to = 34, points = 35 }", list(range(35))),
                ("{ from = 5, to = 0, points = 6 }", [5, 4, 3, 2, 1, 0]),
                ("{ from = 1e-4, to = 1e4, points = 9, scale = \"log\" }",
                 [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000, 1e4]),
                ("{ from = 1, to = 1024, points = 11, scale = \"log\" }", [2**k for k in range(11)])):
            found = self.run_model(text + "[sweep]\nw = " + axis)
            self.assertEqual(found["sweep"]["axes"]["w"], expected)

    def test_a_point_of_a_sweep_can_be_an_index(self):
        text = UNITARY.replace('"fock(1)"', '"fock(k)"').replace("levels = 4", "levels = 40")
        text = text.replace("[sites]", "[parameters]\nk = 1\n[sites]")
        found = self.run_model(text + "[sweep]\nk = { from = 0, to = 34, points = 35 }")
        for k, series in enumerate(found["sweep"]["evolve"]["observables"]["n"]):
            self.assertLess(abs(series[0] - k), 1e-12)

    def test_whole_numbers_out_of_range_are_refused(self):
        for key, value in (("steady.restart", 4294967297), ("steady.restart", 6000),
                           ("steady.max_iterations", 4294967297), ("sites.m.levels", 4294967298),
                           ("spectrum.count", 10**12), ("trajectories.seed", 2**63),
                           ("steady.restart", 0), ("steady.restart", 2.5),
                           ("evolve.max_steps", 10**17), ("mixture.samples", 10**20)):
            with self.subTest(key=key, value=value):
                self.refuse(DAMPED, f"--set {key}={value}", arguments=("--set", f"{key}={value}"))

    def test_whole_numbers_beyond_double_precision_are_rounded(self):
        text = UNITARY.replace("[sites]", "[parameters]\nw = 9007199254740993\n[sites]")
        found = self.run_model(text.replace('n = "n(m)"', 'n = "w*n(m)"'))
        self.assertEqual(found["evolve"]["observables"]["n"][0], 2.0**53)
        for value in ("9007199254740993", "9223372036854775807", "-9223372036854775808"):
            self.refuse(DAMPED, f"--set trajectories.seed={value}",
                        arguments=("--set", f"trajectories.seed={value}"))

    def test_numbers_that_name_something_are_real_and_constant(self):
        text = DAMPED.replace("[hamiltonian]", 's = { kind = "spin", count = 2 }\n'
                              'b = { kind = "ensemble", count = 3 }\n[hamiltonian]')
        text = text.replace("[observables]", 's = "up"\nb = "up"\n[observables]').replace("[spectrum]", "")
        for number in ("t", "i", "1 + i", "1 + 0*i*t + t", "log(0)"):
            with self.subTest(number=number):
                self.refuse(text + f'[reduced]\nsites = "s[{number}]"', "reduced.sites", "members 0 to 1")
                self.refuse(text.replace('"n(m)"\na', f'"multiplet(b, 1.5 + {number})"\na'), "observables.n")
                self.refuse(text.replace('b = "up"', f'b = "({number})*up + 0*down"'), "initial.b")

    def test_tolerances_out_of_range_are_refused(self):
        for key in ("evolve.rtol", "evolve.atol", "steady.tolerance", "mixture.neglect",
                    "diagnostics.top_level", "diagnostics.trace", "diagnostics.positivity"):
            for value in ("1e300", "2", "-1", "nan", "inf", "exp(1000)", "i", "t"):
                with self.subTest(key=key, value=value):
                    self.refuse(DAMPED, f"--set {key}={value}: {key}",
                                arguments=("--set", f"{key}={value}"))
        for key in ("evolve.max_step", "diagnostics.energy", "trajectories.error"):
            for value in ("0", "-1", "nan", "inf"):
                with self.subTest(key=key, value=value):
                    self.refuse(DAMPED, key, arguments=("--set", f"{key}={value}"))

    def test_indices_in_paths_are_checked(self):
        for key in ("dissipator[x].rate", "dissipator[].rate", "dissipator[-1].rate",
                    "dissipator[2].rate", "dissipator[0.rate", "dissipator[99999999999999999999].rate",
                    "dissipator[0]rate", "evolve..rtol", ".rtol", "evolve.", "[0]", "m[0]",
                    "evolve.rtol[0]", "dissipator[0x1].rate"):
            with self.subTest(key=key):
                self.refuse(DAMPED, f"--set {key}=1", arguments=("--set", f"{key}=1"))

    def test_times_that_rounding_cannot_tell_apart_are_refused(self):
        text = times("[0, 1, 1.0000000000000002]")
        self.refuse(text, f"model.toml:{self.line_of(text, 'times')}", "evolve.times[2]", "rounding")
        self.refuse(times("{ from = 1e9, to = 1000000000.00001, points = 100000 }"), "points",
                    "too close")
        for at in ("[0, 1e-16]", "[1e-16, 5, 5.0000000000000009]"):
            self.refuse(PICTURE + f"at = {at}", "phase_space", "at", "rounding")
        # Units in which all times are small are as good as others.
        found = self.run_model(times("[0, 1e-16]"))
        self.assertEqual(found["evolve"]["times"], [0, 1e-16])
        for last in ("1e-100", "1e-300", "5e-324"):
            for text in (times(f"[0, {last}]"), DAMPED.replace("{ from = 0, to = 5, points = 11 }", f"[0, {last}]")):
                for value in self.run_model(text)["evolve"]["observables"]["n"]:
                    self.assertAlmostEqual(value, 1, delta=1e-12)

    def test_numbers_that_are_not_finite_are_refused(self):
        for old, new, named in (
                ('terms = ["n(m)"]', 'terms = ["1e308*n(m)*10"]', "(1e+308 * n(m)) * 10"),
                ('terms = ["n(m)"]', 'terms = ["log(0)*n(m)"]', "log(0)"),
                ('terms = ["n(m)"]', "terms = [inf]", "inf"),
                ('n = "n(m)"', 'n = "1e308*n(m)*10"', "(1e+308 * n(m)) * 10"),
                ('n = "n(m)"', 'n = "n(m)*log(0)"', "log(0)"),
                ('n = "n(m)"', 'n = "n(m)*10^400"', "10 ^ 400"),
                ('"kappa*nth"', '"kappa*exp(1000)"', "exp(1000)"),
                ('"kappa*nth"', "inf", "inf"),
                ('"fock(1)"', '"coherent(10^400)"', "10 ^ 400"),
                ('"fock(1)"', '"thermal(log(0))"', "log(0)"),
                ("nth = 0.3", 'nth = "exp(1000)"', "exp(1000)")):
            with self.subTest(new=new):
                text = DAMPED.replace(old, new)
                self.assertNotEqual(text, DAMPED)
                self.refuse(text, f"model.toml:{self.line_of(text, new)}", "finite", named)

    def test_what_the_equation_cannot_hold_is_refused(self):
        """Elements, and squares of them, although each number of the file is finite."""
        bath = '[[bath]]\ncoupling = "x(m)"\ndensity = { kind = "flat", rate = 0.1 }\ntemperature = 1\n'
        for old, new in (('terms = ["n(m)"]', 'terms = ["1e308*n(m)"]'),
                         ('operator = "a(m)"', 'operator = "1e155*a(m)"'),
                         ('operator = "a(m)"', 'operator = "1e308*a(m)"'),
                         ('"kappa*nth"', "1e300"), ('n = "n(m)"', 'n = "1e308*n(m)"'),
                         ("temperature = 1", "temperature = 1e300"), ('"x(m)"', '"1e155*x(m)"')):
            with self.subTest(new=new):
                text = (DAMPED + bath).replace(old, new)
                self.assertNotEqual(text, DAMPED + bath)
                self.assertNotIn("nan", self.refuse(text))
        for product in ("1e308*10", "1e308/0.1", "-1e308*10", "10*1e308*n(m)"):
            text = DAMPED.replace('n = "n(m)"', f'n = "{product}"')
            self.assertNotIn("nan", self.refuse(text, "observables.n", "is not finite"))

    def test_windows_beyond_numbers_are_refused(self):
        for extent in ("1e300", "1e-400", "inf", "0", "-1"):
            self.refuse(PICTURE + f'extent = "{extent}"', "phase_space[0].extent")

    def test_what_is_no_number_is_shown_and_drawn(self):
        found = self.run_model(PICTURE, "-o", "out.h5")
        series = found["evolve"]["observables"]["n"]
        original = (self.folder / "out.h5").read_bytes()
        for values, lost in ((series, 1), (series, len(series)),
                             ([found["steady"]["observables"]["n"]], 1),
                             (found["spectrum"]["eigenvalues"][1], 2),
                             (found["phase_space"]["m"]["values"][0][2], 5)):
            with self.subTest(values=values, lost=lost):
                numbers = struct.pack(f"<{len(values)}d", *values)
                nothing = struct.pack("<d", math.nan) * lost + numbers[8 * lost:]
                self.assertIn(numbers, original)
                (self.folder / "out.h5").write_bytes(original.replace(numbers, nothing))
                for command in (("show", "out.h5"), ("plot", "out.h5", "-o", "out.svg")):
                    done = self.call(*command)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_results_are_finite_and_normalised(self):
        for text in (DAMPED, UNITARY):
            found = self.run_model(text)
            self.check_finite(found)

    def check_finite(self, tree):
        for value in tree.values() if isinstance(tree, dict) else tree:
            if isinstance(value, (dict, list)):
                self.check_finite(value)
            elif isinstance(value, float):
                self.assertTrue(math.isfinite(value))

    def test_a_norm_that_is_lost_is_not_sound(self):
        text = UNITARY.replace("[0, 1]", "[0, 300]\nmethod = \"adams\"\nrtol = 0.01\natol = 0.01\n"
                               "accuracy = 0.9")
        found = self.run_model(text.replace('"n(m)"]', '"n(m)", "x(m)"]'), status=3)
        self.assertIn("norm", found["diagnostics"]["problems"][0])


if __name__ == "__main__":
    unittest.main()
