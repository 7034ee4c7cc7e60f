"""Sweeps: every point against a run of its own, groups of ranks, failures, going on after a kill."""

import json
import math
import os
import signal
import subprocess
import time
import unittest

from program import ProgramTest

CAVITY = """
title = "Driven cavity with a spin"
[parameters]
g = 0.2
kappa = 0.3
chi = "0.1*cos(t)"
[sites]
c = { kind = "oscillator", levels = 5 }
s = { kind = "spin" }
[hamiltonian]
terms = ["g*(ad(c)*sm(s) + a(c)*sp(s))", "0.1*x(c)"]
[[dissipator]]
operator = "a(c)"
rate = "kappa"
[[dissipator]]
operator = "sm(s)"
rate = 0.05
[initial]
c = "fock(0)"
s = "down"
[observables]
n = "n(c)"
a = "a(c)"
[evolve]
times = { from = 0, to = 2, points = 3 }
[steady]
[spectrum]
count = 4
[diagnostics]
top_level = 1
"""

GRID = CAVITY + """
[sweep]
g = { from = 0.1, to = 0.4, points = 4 }
kappa = [0.2, 0.5, 1]
"""

BATH = """
[parameters]
w = 1
[sites]
s = { kind = "spin" }
[hamiltonian]
terms = ["w/2*sz(s)"]
[[bath]]
name = "field"
coupling = "sx(s)"
temperature = 0.5
scheme = "secular"
density = { kind = "ohmic-drude", strength = 0.02, cutoff = 5 }
[sweep]
w = [0.5, 1.0, 2.0]
"""

# Points of some hundredths of a second each.
SLOW = """
[parameters]
g = 0.1
[sites]
c = { kind = "oscillator", levels = 10 }
s = { kind = "spin", count = 3 }
[hamiltonian]
terms = ["n(c)", "0.5*sx(s)", "g*x(c)*sz(s)"]
[[dissipator]]
operator = "a(c)"
rate = 0.2
[[dissipator]]
operator = "sm_x(s)"
rate = 0.2
[observables]
n = "n(c)"
[steady]
[diagnostics]
top_level = 1
[sweep]
g = { from = 0.05, to = 0.3, points = 150 }
"""


def flat(tree, path=""):
    """The leaves of a tree by their paths. Objects in a list are named by their places."""
    for name, value in tree.items():
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            value = {str(place): item for place, item in enumerate(value)}
        if isinstance(value, dict):
            yield from flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


class Sweeps(ProgramTest):
    def assert_close(self, found, expected, delta, message):
        """The same numbers, `found` having gaps behind what `expected` has."""
        if isinstance(expected, list):
            for x, y in zip(found, expected):
                self.assert_close(x, y, delta, message)
            self.assertGreaterEqual(len(found), len(expected), message)
            for x in found[len(expected):]:
                self.assertTrue(x is None or all(y is None for y in x), message)
        elif isinstance(expected, (bool, str)):
            self.assertEqual(found, expected, message)
        else:
            self.assertAlmostEqual(found, expected, delta=delta, msg=message)

    def assert_point(self, sweep, place, single):
        """A point of the grid is what a run of its own gives."""
        for task in ("evolve", "steady", "spectrum"):
            for path, expected in flat(single[task]):
                if path.endswith(("residual", "residuals", "sectors")):
                    continue
                leaf = sweep[task]
                for name in path.split("."):
                    leaf = leaf[name]
                for index in place:
                    leaf = leaf[index]
                self.assert_close(leaf, expected, 1e-9, f"{task}.{path} at {place}")

    def assert_same_sweep(self, found, expected):
        for path, value in flat(expected):
            if "seconds" in path or path.startswith(("diagnostics", "rates")) or "residual" in path:
                continue
            leaf = found
            for name in path.split("."):
                leaf = leaf[name]
            self.assert_close(leaf, value, 1e-9, path)

    def test_grid_against_single_runs(self):
        sweep = self.run_model(GRID)["sweep"]
        self.assertEqual(sweep["names"], ["g", "kappa"])
        self.assertEqual(sweep["axes"]["kappa"], [0.2, 0.5, 1])
        self.assert_close(sweep["axes"]["g"], [0.1, 0.2, 0.3, 0.4], 1e-15, "g")
        self.assertEqual(sweep["status"], [[0] * 3] * 4)
        self.assertEqual(sweep["problems"], [[""] * 3] * 4)
        for j, k in ((0, 0), (1, 2), (3, 1), (2, 0)):
            g, kappa = sweep["axes"]["g"][j], sweep["axes"]["kappa"][k]
            single = self.run_model(GRID, "--set", f"g={g!r}", "--set", f"kappa={kappa!r}")
            self.assertNotIn("sweep", single)
            self.assert_point(sweep, (j, k), single)

    def test_ranks_and_groups(self):
        fewer = ("--set", "sweep.g.points=2")
        alone = self.run_model(GRID, *fewer)
        for ranks, groups in ((2, None), (3, None), (3, 1), (3, 2)):
            words = fewer if groups is None else (*fewer, "--groups", str(groups))
            together = self.run_model(GRID, *words, ranks=ranks)
            self.assertEqual(together["diagnostics"]["groups"], groups or ranks)
            self.assert_same_sweep(together["sweep"], alone["sweep"])
        one = self.run_model(CAVITY + "[sweep]\ng = [0.3]\n", ranks=3)
        self.assertEqual(one["diagnostics"]["groups"], 1)

    def test_other_keys_and_logarithms(self):
        text = CAVITY + '[sweep]\n"sites.c.levels" = { from = 2, to = 6, points = 3 }\n'
        found = self.run_model(text)["sweep"]
        self.assertEqual(found["axes"]["sites.c.levels"], [2, 4, 6])
        self.assertEqual(found["diagnostics"]["dimension"], [4, 8, 12])
        for k, levels in enumerate((2, 4, 6)):
            self.assert_point(found, (k,), self.run_model(text, "--set", f"sites.c.levels={levels}"))
        # The override of what is not varied holds at all points, that of the grid changes it.
        text = CAVITY + '[sweep]\nkappa = { from = 0.01, to = 1, points = 5, scale = "log" }\n'
        found = self.run_model(text, "--set", "g=0.1", "--set", "sweep.kappa.points=3",
                               "--set", "diagnostics.cutoff=false")["sweep"]
        self.assert_close(found["axes"]["kappa"], [0.01, 0.1, 1], 1e-15, "kappa")
        self.assertEqual(found["scales"], ["log"])
        single = self.run_model(text, "--set", "g=0.1", "--set", "kappa=0.1",
                                "--set", "diagnostics.cutoff=false")
        self.assert_point(found, (1,), single)
        quoted = 'sweep."sites.c.levels"=[3, 4]'
        found = self.run_model(CAVITY, "--set", quoted, "--set", "g=0.3")["sweep"]
        self.assertEqual(found["axes"]["sites.c.levels"], [3, 4])

    def test_rates_of_a_bath(self):
        found = self.run_model(BATH)["sweep"]["rates"]["field"]
        self.write(BATH)
        for k, w in enumerate((0.5, 1.0, 2.0)):
            done = self.call("rates", "model.toml", "--json", "rates.json", "--set", f"w={w}")
            self.assertEqual(done.returncode, 0, done.stderr)
            bath = json.loads((self.folder / "rates.json").read_text())["baths"][0]
            for name in ("frequencies", "rates", "lowest_rate", "gksl", "eigenoperators"):
                self.assertEqual(found[name][k], bath[name], name)
            # gamma(w) = 2 J(w) (nbar + 1), J of the model file: emission over absorption, exp(w/T).
            rates = dict(zip(found["frequencies"][k], found["rates"][k]))
            self.assertAlmostEqual(rates[w] / rates[-w], math.exp(w / 0.5), delta=1e-6)

    def test_a_driven_cavity(self):
        """<n> = (2 F/kappa)^2 of an empty cavity that is driven on resonance, at every drive."""
        text = """
[parameters]
F = 0.1
[sites]
c = { kind = "oscillator", levels = 12 }
[hamiltonian]
terms = ["F*x(c)"]
[[dissipator]]
operator = "a(c)"
rate = 1
[observables]
n = "n(c)"
[steady]
[sweep]
F = { from = 0, to = 0.5, points = 11 }
"""
        found = self.run_model(text)["sweep"]
        for drive, n in zip(found["axes"]["F"], found["steady"]["observables"]["n"]):
            self.assertAlmostEqual(n, 4 * drive ** 2, delta=1e-6)

    def test_a_point_that_fails_leaves_the_others(self):
        text = CAVITY.replace("points = 3 }", "points = 3 }\nmax_steps = 40\nmethod = \"adams\"")
        text += "[sweep]\ng = [0.1, 400, 0.2]\n"
        for ranks, words in ((1, ()), (3, ()), (3, ("--groups", "1"))):
            found = self.run_model(text, *words, ranks=ranks, status=3)
            sweep = found["sweep"]
            self.assertEqual(sweep["status"], [0, 1, 0])
            self.assertIn("max_steps", sweep["problems"][1])
            self.assertIsNone(sweep["steady"]["observables"]["n"][1])
            self.assertIsNone(sweep["seconds"][1])
            self.assertEqual(found["diagnostics"]["failed"], 1)
            self.assertTrue(found["diagnostics"]["problems"][0].startswith("at g = 400: "))
            single = self.run_model(text, "--set", "g=0.2")
            self.assert_point(sweep, (2,), single)
        none = self.run_model(text, "--set", "sweep.g=[400, 500]", status=1)
        self.assertEqual(none["sweep"]["status"], [1, 1])

    def test_a_point_that_is_not_to_be_trusted(self):
        text = """
[parameters]
gamma = 0.1
[sites]
s = { kind = "spin", count = 2 }
[[dissipator]]
operator = "sm(s[0])"
rate = 0.1
[[dissipator]]
operator = "sm(s[1])"
rate = "gamma"
[steady]
[sweep]
gamma = [0.1, 0]
"""
        found = self.run_model(text, status=3)
        self.assertEqual(found["sweep"]["status"], [0, 3])
        self.assertEqual(found["sweep"]["steady"]["unique"], [True, False])
        self.assertIn("not unique", found["sweep"]["problems"][1])

    def test_strict(self):
        text = CAVITY.replace("top_level = 1", "top_level = 1e-12") + "[sweep]\ng = [0.1, 0.2]\n"
        self.assertEqual(self.run_model(text)["sweep"]["status"], [0, 0])
        strict = self.run_model(text, "--strict", status=3)
        self.assertEqual(strict["sweep"]["status"], [3, 3])
        self.assertIn("top level", strict["sweep"]["warnings"][0])

    def test_neighbours_save_iterations(self):
        few = SLOW.replace("points = 150", "points = 20")
        words = ("--set", "steady.solver=gmres")
        warm = self.run_model(few, *words)["sweep"]
        cold = [self.run_model(few, *words, "--set", f"g={g!r}") for g in warm["axes"]["g"][-3:]]
        for k, single in zip((-3, -2, -1), cold):
            self.assertLess(warm["diagnostics"]["steady"]["iterations"][k],
                            0.9 * single["diagnostics"]["steady"]["iterations"])
            self.assertAlmostEqual(warm["steady"]["observables"]["n"][k],
                                   single["steady"]["observables"]["n"], delta=1e-9)

    def test_continued_after_a_kill(self):
        whole = self.run_model(SLOW)["sweep"]
        program = subprocess.Popen([os.environ["LINDWURM"], *self.with_settings(
            ["run", "model.toml", "-o", "part.h5"])], cwd=self.folder, stdout=subprocess.DEVNULL)
        while not (self.folder / "part.h5").exists():
            self.assertIsNone(program.poll())
            time.sleep(0.01)
        program.send_signal(signal.SIGKILL)
        program.wait()
        shown = self.call("show", "part.h5").stdout
        computed = int(self.numbers(shown[shown.index("\n", shown.index("sweep ")):])[0])
        self.assertTrue(0 < computed < 150, shown)
        self.assertEqual(self.call("plot", "part.h5").returncode, 0)
        for words, message in [
            (("--set", "steady.tolerance=1e-9"), "another sweep"),
            (("--set", "sweep.g.points=151"), "another sweep"),
            (("-o", "missing.h5"), "no such file"),
        ]:
            done = self.call("run", "model.toml", "--continue", "-o", "part.h5", *words)
            if "missing.h5" in words:
                done = self.call("run", "model.toml", "--continue", *words)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn(message, done.stderr)
        rest = self.run_model(SLOW, "-o", "part.h5", "--continue", ranks=2)
        self.assert_same_sweep(rest["sweep"], whole)
        # Nothing is left, and nothing that was there is computed anew.
        again = self.run_model(SLOW, "-o", "part.h5", "--continue")
        self.assertEqual(again["sweep"], rest["sweep"])

    def test_continuing_what_is_no_sweep(self):
        self.run_model(CAVITY, "-o", "single.h5")
        done = self.call("run", self.write(GRID), "--continue", "-o", "single.h5")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no sweep", done.stderr)

    def test_trajectories_at_each_point(self):
        text = CAVITY.replace("[steady]\n[spectrum]\ncount = 4\n", "")
        text += '[dynamics]\nkind = "trajectories"\n[trajectories]\ncount = 20\n'
        text += "[sweep]\nkappa = [0.2, 0.5]\n"
        found = self.run_model(text)["sweep"]["evolve"]
        single = self.run_model(text, "--set", "kappa=0.5")["evolve"]
        self.assert_close(found["observables"]["n"][1], single["observables"]["n"], 1e-12, "n")
        self.assert_close(found["errors"]["n"][1], single["errors"]["n"], 1e-12, "errors")

    def test_hdf5_has_an_axis_for_each_parameter(self):
        try:
            import h5py
        except ImportError:
            self.skipTest("h5py is not installed")
        found = self.run_model(GRID, "-o", "grid.h5")["sweep"]
        with h5py.File(self.folder / "grid.h5") as file:
            sweep = file["sweep"]
            self.assertEqual(sweep["evolve/observables/a"].shape, (4, 3, 3, 2))
            self.assertEqual(sweep["spectrum/eigenvalues"].shape[:2], (4, 3))
            self.assertEqual(sweep["steady/observables/n"][2, 1],
                             found["steady"]["observables"]["n"][2][1])
            self.assertEqual(sweep["steady/unique"][1, 1], 1)
            self.assertEqual(list(sweep["axes/kappa"]), [0.2, 0.5, 1])
            self.assertIn("[sweep]", file.attrs["model"])

    def test_pictures(self):
        for text, status in ((GRID, 0), (CAVITY + "[sweep]\ng = [0.1, 0.2, 0.4]\n", 0), (BATH, 0),
                             (GRID + '"sites.c.levels" = [3, 4]\n', 2)):
            self.run_model(text, "-o", "out.h5")
            done = self.call("plot", "out.h5", "-o", "out.svg")
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertEqual("two parameters" in done.stderr, status == 2)

    def test_check(self):
        text = CAVITY + '[sweep]\n"sites.c.levels" = [3, 6, 4]\n'
        done = self.call("check", self.write(text))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("3 points, the largest at sites.c.levels = 6", done.stdout)
        self.assertIn("D = 12", done.stdout)

    def refuse_sweep(self, table, *fragments, arguments=()):
        text = CAVITY + "[sweep]\n" + table + "\n"
        return self.refuse(text, *fragments, arguments=arguments)

    def test_bad_input(self):
        place = f"model.toml:{CAVITY.count(chr(10)) + 2}:"
        for table, *fragments in [
            ("gg = [0.1]", place, "sweep.gg", "no parameter 'gg'", "'g'"),
            ("sites.c.levels = [3]", "no parameter 'sites'", "quotes"),
            ('"sites.c.level" = [3]', "at sites.c.level = 3", "'levels'"),
            ('"sites.c.levels" = [3, 2.5]', "at sites.c.levels = 2.5", "whole number"),
            ('"output.states" = [0]', place, "[output]", "same for all points"),
            ('"sweep.g" = [0]', place, "[sweep]"),
            ("chi = [0.1]", place, "'chi' depends on t"),
            ("g = 0.1", place, "sweep.g", "list of values"),
            ("g = []", place, "at least one"),
            ('g = ["t"]', place, "does not depend on t"),
            ("g = { from = 0, to = 1, points = 1 }", "points", "1 is below 2"),
            ("g = { from = 1, to = 1, points = 3 }", "sweep.g.to", "both 1", "[1]"),
            ("g = { from = 0, to = 1 }", "'points' is missing"),
            ("g = { from = 0, to = 1, points = 2, steps = 3 }", "unknown key 'steps'"),
            ("g = { from = 0, to = 1, points = 2, scale = \"lg\" }", "scale", "'log'"),
            ("g = { from = 0, to = 1, points = 3, scale = \"log\" }", "sweep.g.from", "positive"),
            ("g = { from = 1, to = -1, points = 3, scale = \"log\" }", "sweep.g.to", "positive"),
            ("g = { from = 0, to = 1, points = 2000000 }", "more than 1000000 points"),
            ("g = { from = 0, to = 1, points = 2000 }\nkappa = { from = 0, to = 1, points = 2000 }",
             "sweep.kappa", "more than 1000000 points"),
            ('g = [0.1]\n"parameters.g" = [0.2]', "varied twice"),
            ("kappa = [0.1, -0.1]", "at kappa = -0.1", "dissipator[0].rate", ">= 0"),
        ]:
            with self.subTest(table=table):
                self.refuse_sweep(table, *fragments)

    def test_bad_options(self):
        self.refuse(GRID, "--groups 2", "1 ranks", arguments=("--groups", "2"))
        self.refuse(CAVITY, "--groups 1", "[sweep]", arguments=("--groups", "1"))
        text = CAVITY[: CAVITY.index("[evolve]")] + "[sweep]\ng = [0.1]\n"
        self.refuse(text, "nothing to run")
        done = self.call("run", self.write(CAVITY + "[sweep]\nkappa = [0.1, -0.1]\n"), ranks=3)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("lindwurm: at kappa"), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
