"""How the Liouvillian is held changes no number, and wrong choices are told with their place."""

import math
import unittest

from program import CONTRACT, DAMPED, ProgramTest

# Every way to hold it; what a key leaves out is chosen by the program.
WAYS = [
    (),
    ("liouvillian.storage=assembled", "liouvillian.sectors=false", "sites.bath.basis=z"),
    ("liouvillian.storage=assembled", "liouvillian.sectors=true", "sites.bath.basis=x"),
    ("liouvillian.storage=matrix-free", "liouvillian.sectors=false", "sites.bath.basis=x",
     "spectrum.run=false"),
    ("liouvillian.storage=matrix-free", "liouvillian.sectors=true", "sites.bath.basis=x"),
    ("liouvillian.storage=matrix-free", "liouvillian.sectors=true", "sites.bath.basis=z"),
    ("liouvillian.storage=matrix-free", "liouvillian.preconditioner=dilu", "steady.solver=gmres"),
    ("liouvillian.storage=matrix-free", "liouvillian.preconditioner=ilu", "steady.solver=gmres"),
    ("liouvillian.storage=assembled", "liouvillian.preconditioner=ilu", "steady.solver=gmres"),
    ("liouvillian.storage=matrix-free", "liouvillian.preconditioner=none", "steady.solver=gmres",
     "steady.restart=800"),
    ("liouvillian.storage=matrix-free", "evolve.method=auto"),
]

# What the contract promises, as in test_contract.py.
STEADY = {"n": 0.3641943085, "sx0": -0.6297796825}
LAST_N = 0.3379523389
RIGHTMOST = [(0, 0), (-0.0747433422, 0), (-0.0757581159, 0.8361883685),
             (-0.0757581159, -0.8361883685), (-0.0838244394, 1.2158905738),
             (-0.0838244394, -1.2158905738)]

TABLE = '\n[liouvillian]\nstorage = "matrix-free"\nsectors = true\npreconditioner = "dilu"\n'


class Liouvillian(ProgramTest):
    def contract(self, way, ranks=1):
        settings = ["evolve.rtol=1e-10", "evolve.atol=1e-12", *way]
        # The spectrum knows nothing of preconditioners, and it takes longest.
        if any("preconditioner" in setting for setting in way):
            settings.append("spectrum.run=false")
        arguments = [word for setting in settings
                     for word in ("--set", setting)]
        return self.run_model(CONTRACT, *arguments, ranks=ranks)

    def check_numbers(self, result):
        self.assertAlmostEqual(result["evolve"]["observables"]["n"][-1], LAST_N, delta=1e-9)
        for name, expected in STEADY.items():
            self.assertAlmostEqual(result["steady"]["observables"][name], expected, delta=1e-9)
        self.assertTrue(result["steady"]["unique"])
        if "spectrum" not in result:
            return
        # Neighbours whose real parts differ by rounding may change places.
        found = sorted(result["spectrum"]["eigenvalues"], key=lambda z: (-round(z[0], 8), -z[1]))
        self.assertEqual(len(found), len(RIGHTMOST))
        for value, expected in zip(found, RIGHTMOST):
            self.assertAlmostEqual(value[0], expected[0], delta=1e-9)
            self.assertAlmostEqual(value[1], expected[1], delta=1e-9)

    def check_series(self, one, other):
        for name, series in one["evolve"]["observables"].items():
            for a, b in zip(series, other["evolve"]["observables"][name], strict=True):
                self.assertAlmostEqual(a, b, delta=1e-9)

    def test_every_way_gives_the_same_numbers(self):
        first = self.contract(WAYS[0])
        for way in WAYS:
            with self.subTest(way=way):
                result = self.contract(way)
                self.check_numbers(result)
                self.check_series(first, result)

    def test_every_way_gives_the_same_numbers_on_two_ranks(self):
        first = self.contract(WAYS[0])
        for way in (WAYS[3], WAYS[4]):
            with self.subTest(way=way):
                result = self.contract(way, ranks=2)
                self.check_numbers(result)
                self.check_series(first, result)

    def test_limit_of_a_state_in_several_sectors(self):
        text = """
[sites]
q = { kind = "spin" }
[[dissipator]]
operator = "sz(q)"
rate = 0.3
[initial]
q = "up"
[observables]
z = "sz(q)"
x = "sx(q)"
[steady]
"""
        # Along x, sz lies outside the diagonal's sector, and |up> reaches into both.
        for basis in ("z", "x"):
            for sectors in ("true", "false"):
                storage = "assembled" if sectors == "true" else "matrix-free"
                with self.subTest(basis=basis, sectors=sectors):
                    steady = self.run_model(
                        text, "--set", f"sites.q.basis={basis}", "--set",
                        f"liouvillian.sectors={sectors}", "--set",
                        f"liouvillian.storage={storage}", status=3)["steady"]
                    self.assertFalse(steady["unique"])
                    self.assertEqual(steady["dimension"], 2)
                    self.assertAlmostEqual(steady["observables"]["z"], 1, delta=1e-9)
                    self.assertAlmostEqual(steady["observables"]["x"], 0, delta=1e-9)

    def test_wrong_words(self):
        text = CONTRACT + TABLE
        for old, new, *fragments in (
                ('"matrix-free"', '"matrixfree"', "liouvillian.storage", "'matrix-free'"),
                ('"matrix-free"', '"asembled"', "liouvillian.storage", "'assembled'"),
                ('"matrix-free"', "17", "liouvillian.storage", "string"),
                ("sectors = true", 'sectors = "yes"', "liouvillian.sectors", "true or false"),
                ("sectors = true", "sector = true", "liouvillian.sector", "'sectors'"),
                ('"dilu"', '"dlu"', "liouvillian.preconditioner", "'dilu'"),
                ("[liouvillian]", "[liouvilian]", "liouvilian", "'liouvillian'")):
            changed = text.replace(old, new, 1)
            place = f"model.toml:{self.line_of(changed, new)}:"
            with self.subTest(new=new):
                self.refuse(changed, place, *fragments)

    def test_wrong_bases(self):
        for old, new, *fragments in (
                ('count = "N" }', 'count = "N", basis = "y" }', "sites.bath.basis", '"y"'),
                ('count = "N" }', 'count = "N", basis = "atuo" }', "sites.bath.basis", "auto"),
                ('count = "N" }', 'count = "N", bases = "x" }', "sites.bath.bases", "'basis'"),
                ("levels = 10 }", 'levels = 10, basis = "x" }', "sites.mode.basis", "only spins")):
            changed = CONTRACT.replace(old, new, 1)
            place = f"model.toml:{self.line_of(changed, new)}:"
            with self.subTest(new=new):
                self.refuse(changed, place, *fragments)

    def test_chebyshev(self):
        arguments = ("--set", "evolve.method=chebyshev")
        result = self.run_model(DAMPED, *arguments)
        # From one quantum to nth: nth + (1 - nth) exp(-kappa t).
        for t, n in zip(result["evolve"]["times"], result["evolve"]["observables"]["n"]):
            self.assertAlmostEqual(n, 0.3 + 0.7 * math.exp(-0.2 * t), delta=1e-8)
        self.refuse(DAMPED, "chebyshev", arguments=(
            *arguments, "--set", "hamiltonian.terms=['n(m)', 'cos(t)*x(m)']", "--set",
            "steady.run=false", "--set", "spectrum.run=false"))
        changed = CONTRACT.replace('"adams"', '"chebychev"')
        self.refuse(changed, f"model.toml:{self.line_of(changed, 'chebychev')}:", "evolve.method",
                    "'chebyshev'")

    def test_a_factorisation_that_its_storage_lacks(self):
        done = self.call("run", self.write(CONTRACT), "--set", "liouvillian.storage=assembled",
                         "--set", "liouvillian.preconditioner=dilu", "--set",
                         "steady.solver=gmres")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("dilu", done.stderr)
        self.assertIn("matrix-free", done.stderr)


if __name__ == "__main__":
    unittest.main()
