"""Mixed starts of kets, reduced density matrices and maps: through the program, against density
operators, which know nothing of mixtures."""

import math
import unittest

from program import ProgramTest

FIELD = """
[parameters]
w = [0.8, 1.2]
g = [0.1, 0.2]
[sites]
q = { kind = "spin" }
f = { kind = "oscillator", count = 2, levels = 4 }
[hamiltonian]
terms = ["0.5*sz(q)", "w*n(f)", "g*(sp(q)*a(f) + sm(q)*ad(f))"]
[dynamics]
kind = "unitary"
[initial]
q = "up"
f = "thermal(0.2)"
[mixture]
kind = "product-states"
neglect = 0
[observables]
up = "proj(q, 0)"
a = "a(f[0])"
entropy = "entropy"
purity = "purity"
[[reduced]]
sites = "q"
[[reduced]]
sites = ["f[1]", "q"]
[map]
site = "q"
[evolve]
times = { from = 0, to = 12, points = 25 }
"""
AS_DENSITY_OPERATOR = ("--set", "dynamics.kind=lindblad")


class Mixtures(ProgramTest):
    def compare(self, found, expected, delta):
        for name, series in expected["evolve"]["observables"].items():
            for x, y in zip(found["evolve"]["observables"][name], series, strict=True):
                for u, v in zip(x, y, strict=True) if isinstance(x, list) else [(x, y)]:
                    self.assertAlmostEqual(u, v, delta=delta, msg=name)
        for label, values in expected["evolve"]["reduced"].items():
            for name, series in values.items():
                for x, y in zip(found["evolve"]["reduced"][label][name], series, strict=True):
                    self.assertAlmostEqual(x, y, delta=50 * delta, msg=f"{label} {name}")
        for name in ("a", "b", "D", "determinant", "choi"):
            for x, y in zip(found["map"][name], expected["map"][name], strict=True):
                self.assertAlmostEqual(x, y, delta=delta, msg=name)
        for name in ("gamma_up", "gamma_down"):
            for x, y, d in zip(found["map"][name], expected["map"][name], found["map"]["D"],
                               strict=True):
                self.assertAlmostEqual(x, y, delta=10 * delta / d**2, msg=name)

    def test_kets_and_density_operators_agree(self):
        exact = self.run_model(FIELD, *AS_DENSITY_OPERATOR)
        self.assertEqual(set(exact["evolve"]["reduced"]), {"q", "q+f[1]"})
        for ranks in (1, 2, 3):
            with self.subTest(ranks=ranks):
                kets = self.run_model(FIELD, ranks=ranks)
                self.compare(kets, exact, 1e-9)
                ensemble = kets["diagnostics"]["evolve"]["ensemble"]
                self.assertEqual(ensemble["kind"], "product-states")
                self.assertEqual(ensemble["members"], 16)
                self.assertNotIn("errors", kets["evolve"])
        self.assertGreaterEqual(min(kets["map"]["choi"]), -1e-12)
        self.assertTrue(all(kets["map"]["reliable"]))

    def test_what_is_neglected_bounds_the_error(self):
        exact = self.run_model(FIELD, *AS_DENSITY_OPERATOR)
        for neglect in (0.3, 0.01):
            kets = self.run_model(FIELD, "--set", f"mixture.neglect={neglect}")
            self.assertLessEqual(kets["diagnostics"]["evolve"]["ensemble"]["neglected_weight"],
                                 neglect)
            errors = kets["evolve"]["errors"]
            self.assertEqual(max(errors["purity"]), 0)
            for x, y, error in zip(kets["evolve"]["observables"]["up"],
                                   exact["evolve"]["observables"]["up"], errors["up"],
                                   strict=True):
                self.assertLessEqual(abs(x - y), error)
                self.assertLessEqual(error, neglect)
            for name in ("a", "b"):
                for x, y, error in zip(kets["map"][name], exact["map"][name],
                                       kets["map"]["errors"][name], strict=True):
                    self.assertLessEqual(abs(x - y), error)

    def test_random_phases(self):
        exact = self.run_model(FIELD, *AS_DENSITY_OPERATOR)
        way = ("--set", "mixture.kind=random-phase", "--set", "mixture.samples=64")
        first, second = (self.run_model(FIELD, *way, ranks=ranks) for ranks in (1, 3))
        self.assertEqual(first["evolve"]["observables"], second["evolve"]["observables"])
        self.assertEqual(first["evolve"]["errors"], second["evolve"]["errors"])
        ups = zip(first["evolve"]["observables"]["up"], exact["evolve"]["observables"]["up"],
                  first["evolve"]["errors"]["up"], strict=True)
        for x, y, error in ups:
            self.assertLessEqual(abs(x - y), 4 * error + 1e-9)
        other = self.run_model(FIELD, *way, "--set", "mixture.seed=2")
        self.assertNotEqual(first["evolve"]["observables"], other["evolve"]["observables"])
        short = self.run_model(FIELD, *way, "--set", "mixture.error=1e-9", status=3)
        self.assertIn("mixture.samples", short["diagnostics"]["problems"][0])

    def test_reduced_states_of_a_steady_state(self):
        text = FIELD + """
[[dissipator]]
operator = "a(f)"
rate = 0.3
[steady]
"""
        found = self.run_model(text, *AS_DENSITY_OPERATOR, "--set", "map.run=false")
        reduced = found["steady"]["reduced"]["q"]
        self.assertAlmostEqual(reduced["purity"][0], 1, delta=1e-9)
        self.assertAlmostEqual(reduced["entropy"][0], 0, delta=1e-7)

    def test_no_rates_where_d_vanishes(self):
        quarter = math.pi / 2 / 0.2
        text = FIELD.replace("count = 2, levels = 4", "levels = 4").replace("[0.8, 1.2]", "1")
        text = text.replace("[0.1, 0.2]", "0.2").replace("thermal(0.2)", "fock(0)")
        text = text.replace("a(f[0])", "a(f)").replace('["f[1]", "q"]', '["f", "q"]')
        found = self.run_model(text, "--set", f"evolve.times=[0, 1, {quarter}, 9]")
        self.assertEqual(found["map"]["reliable"], [True, True, False, True])
        self.assertIsNone(found["map"]["gamma_down"][2])
        self.assertIn("map.threshold", found["diagnostics"]["warnings"][-1])

    def test_states_of_members_from_arrays(self):
        along = self.run_model(FIELD.replace("thermal(0.2)", "thermal(w/4)"))
        listed = self.run_model(FIELD.replace('"thermal(0.2)"', '["thermal(0.2)", "thermal(0.3)"]'))
        self.compare(along, listed, 1e-12)
        self.refuse(FIELD.replace('"thermal(0.2)"', '"thermal(w - 1)"'), "initial.f", "negative")
        self.refuse(FIELD.replace("g = [0.1, 0.2]", "g = [0.1, 0.2]\nu = [1, 2, 3]")
                    .replace("thermal(0.2)", "thermal(u)"), "initial.f", "'u' of 3 values")

    def test_bad_input(self):
        for old, new, *words in [
            ('kind = "product-states"', 'kind = "typical"', "mixture.kind", "random-phase"),
            ("neglect = 0", "neglect = 1", "mixture.neglect", "below 1"),
            ("neglect = 0", "samples = 1", "mixture.samples"),
            ("neglect = 0", "error = 0", "mixture.error", "positive"),
            ("neglect = 0", "weight = 0", "mixture.weight"),
            ('sites = "q"', 'sites = "r"', "reduced", "'r'"),
            ('sites = "q"', 'sites = "q[0]"', "single site"),
            ('sites = "q"', 'sites = "f[2]"', "members 0 to 1"),
            ('sites = "q"', 'sites = ["q", "q"]', "twice"),
            ('sites = "q"', "sites = []", "at least one site"),
            ('site = "q"', 'site = "f"', "map.site", "qubit"),
            ('site = "q"', 'site = "q"\nthreshold = 0', "map.threshold", "positive"),
        ]:
            with self.subTest(new=new):
                self.assertIn(old, FIELD)
                self.refuse(FIELD.replace(old, new, 1), *words)
        hot = FIELD.replace("thermal(0.2)", "thermal(20)").replace("levels = 4", "levels = 100")
        self.refuse(hot.replace('sites = ["f[1]", "q"]', 'sites = "f[0]"')
                    .replace("count = 2", "count = 3").replace("w = [0.8, 1.2]", "w = [1, 1, 1]")
                    .replace("g = [0.1, 0.2]", "g = [1, 1, 1]"), "random-phase", "neglect")
        tilted = FIELD.replace('q = "up"', 'q = "thermal_x(0.3)"')
        self.refuse(tilted.replace('kind = "product-states"', 'kind = "random-phase"'),
                    "product-states", "'q'")


if __name__ == "__main__":
    unittest.main()
