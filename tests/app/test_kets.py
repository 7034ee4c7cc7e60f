"""Unitary dynamics: kets under a Hamiltonian alone."""

import math
import unittest

from program import ProgramTest

# On resonance: <proj(s, 0)> = cos^2(g sqrt(n + 1) t) from |n, up>.
RABI = """
[parameters]
g = 0.2
[sites]
c = { kind = "oscillator", levels = 12 }
s = { kind = "spin" }
[hamiltonian]
terms = ["n(c) + sz(s)/2", "g*(ad(c)*sm(s) + a(c)*sp(s))"]
[dynamics]
kind = "unitary"
[initial]
c = "fock(3)"
s = "up"
[observables]
up = "proj(s, 0)"
n = "n(c)"
coherence = "a(c)*sp(s)"
energy = "energy"
purity = "purity"
entropy = "entropy"
[evolve]
times = { from = 0, to = 20, points = 81 }
"""

# The same kets by a master equation without dissipators, spins along y to begin with.
PRECESSING = """
[sites]
c = { kind = "oscillator", levels = 6 }
s = { kind = "spin", count = 2 }
[hamiltonian]
terms = ["n(c)", "0.4*sx(s) + 0.3*sz(s)", "0.25*x(c)*sz(s)", "cos(2*t)*sx(s[0])"]
[dynamics]
kind = "unitary"
[initial]
c = "coherent(0.4)"
s = ["up_y", "down_x"]
[observables]
sy = "sy(s)"
a = "a(c)*sp(s[1])"
[evolve]
times = [0, 0.5, 1.25, 3]
rtol = 1e-10
atol = 1e-12
[diagnostics]
top_level = 1.0
"""

# A qubit that shares one excitation with 60 modes, in the frame that turns with them.
SHARED = """
[sites]
q = { kind = "spin" }
m = { kind = "oscillator", levels = 2, count = 60 }
[hamiltonian]
terms = ["sz(q)/2 + n(m)", "0.02*(sp(q)*a(m) + sm(q)*ad(m))"]
[dynamics]
kind = "unitary"
[initial]
q = "up"
m = "fock(0)"
[observables]
up = "proj(q, 0)"
n = "n(m[41])"
[evolve]
times = { from = 0, to = 30, points = 31 }
[diagnostics]
top_level = 1.0
"""

WAYS = [
    (),
    ("liouvillian.storage=assembled", "liouvillian.sectors=false", "sites.s.basis=z"),
    ("liouvillian.storage=assembled", "sites.s.basis=x"),
    ("liouvillian.storage=matrix-free", "liouvillian.sectors=false", "sites.s.basis=x"),
    ("liouvillian.storage=matrix-free", "sites.s.basis=z"),
]


def settings(way):
    return [word for setting in way for word in ("--set", setting)]


class Kets(ProgramTest):
    def check_rabi(self, result):
        evolve = result["evolve"]
        found = evolve["observables"]
        self.assertEqual(len(evolve["times"]), 81)
        for k, t in enumerate(evolve["times"]):
            angle = 0.2 * math.sqrt(4) * t
            up = math.cos(angle) ** 2
            self.assertAlmostEqual(found["up"][k], up, delta=1e-9)
            self.assertAlmostEqual(found["n"][k], 4 - up, delta=1e-9)
            self.assertAlmostEqual(found["energy"][k], 3.5, delta=1e-9)
            # psi = cos |3, up> - i sin |4, down>: 2 psi_3up^* psi_4down
            self.assertAlmostEqual(found["coherence"][k][0], 0, delta=1e-9)
            self.assertAlmostEqual(found["coherence"][k][1], -math.sin(2 * angle), delta=1e-9)
            self.assertAlmostEqual(found["purity"][k], 1, delta=1e-9)
            self.assertEqual(found["entropy"][k], 0)
        diagnostics = result["diagnostics"]
        self.assertEqual(diagnostics["generator"], "unitary")
        self.assertEqual(diagnostics["dimension"], 24)
        self.assertEqual(diagnostics["unknowns"], 48)
        self.assertLess(diagnostics["evolve"]["norm_error"], 1e-9)
        self.assertLess(diagnostics["evolve"]["energy_drift"], 1e-9)
        self.assertLess(diagnostics["evolve"]["top_levels"]["c"], 1e-12)
        self.assertNotIn("trace_error", diagnostics["evolve"])

    def test_rabi_oscillations(self):
        for way in WAYS:
            for ranks in (1, 2):
                with self.subTest(way=way, ranks=ranks):
                    result = self.run_model(RABI, *settings(way), ranks=ranks)
                    self.check_rabi(result)
        # |3, up> and |4, down>, with their conjugates
        result = self.run_model(RABI, "--set", "sites.s.basis=z")
        self.assertEqual(result["diagnostics"]["evolve"]["unknowns"], 4)

    def test_as_a_master_equation_without_dissipators(self):
        expected = self.run_model(PRECESSING.replace('"unitary"', '"lindblad"'))
        for way in WAYS:
            with self.subTest(way=way):
                found = self.run_model(PRECESSING, *settings(way))
                self.assertEqual(found["diagnostics"]["evolve"]["method"], "adams")
                self.assertNotIn("energy_drift", found["diagnostics"]["evolve"])
                for name, series in expected["evolve"]["observables"].items():
                    pairs = zip(found["evolve"]["observables"][name], series, strict=True)
                    for a, b in pairs:
                        a, b = (z if isinstance(z, list) else [z, 0] for z in (a, b))
                        self.assertLess(math.dist(a, b), 1e-7)

    def test_more_states_than_density_matrices_have(self):
        text = """
[sites]
s = { kind = "spin", count = 18 }
[hamiltonian]
terms = ["sp(s[k])*sm(s[k+1]) + sm(s[k])*sp(s[k+1])"]
[dynamics]
kind = "unitary"
[initial]
s = [STATES]
[observables]
left = "proj(s[0], 0)"
[evolve]
times = [0, 1, 2.5]
""".replace("STATES", ", ".join(['"up"'] + 17 * ['"down"']))
        result = self.run_model(text)
        self.assertEqual(result["diagnostics"]["evolve"]["unknowns"], 36)
        # The free end of a chain, long before the other is reached: J_0(2t) + J_2(2t) = J_1(2t)/t.
        for t, found in zip([1, 2.5], result["evolve"]["observables"]["left"][1:], strict=True):
            bessel = sum((-1) ** m * t ** (2 * m + 1) / math.factorial(m) / math.factorial(m + 1)
                         for m in range(40))
            self.assertAlmostEqual(found, (bessel / t) ** 2, delta=1e-9)
        done = self.call("check", "model.toml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("unknowns 2 D = 524288", done.stdout)

    def test_few_states_of_a_huge_space(self):
        result = self.run_model(SHARED)
        diagnostics = result["diagnostics"]
        self.assertEqual(diagnostics["dimension"], 2**61)
        self.assertEqual(diagnostics["unknowns"], 2**62)
        self.assertEqual(diagnostics["evolve"]["unknowns"], 2 * 61)
        self.assertLess(diagnostics["peak_memory_bytes"], 150e6)
        # Equal modes are one, of the coupling g sqrt(60).
        times = result["evolve"]["times"]
        for t, up in zip(times, result["evolve"]["observables"]["up"], strict=True):
            self.assertAlmostEqual(up, math.cos(0.02 * math.sqrt(60) * t) ** 2, delta=1e-9)
        shared = result["evolve"]["observables"]
        for ranks in (2, 3):
            parallel = self.run_model(SHARED, ranks=ranks)["evolve"]["observables"]
            for name, series in shared.items():
                for a, b in zip(parallel[name], series, strict=True):
                    self.assertAlmostEqual(a, b, delta=1e-12)
        assembled = self.run_model(SHARED, "--set", "liouvillian.storage=assembled")
        self.assertEqual(assembled["diagnostics"]["entries"], 484)
        done = self.call("check", "model.toml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("122 unknowns, 484 entries of -iH, matrix-free", done.stdout)

    def test_sectors_that_do_not_fit_are_refused(self):
        limit = "more than the 2147483647"
        for arguments in (("liouvillian.sectors=false",), ("initial.m=coherent(0.3)",)):
            with self.subTest(arguments=arguments):
                message = self.refuse(SHARED, limit, "sectors", "fewer levels",
                                      arguments=settings(arguments))
                self.assertIn("4.61", message)
                name = self.write(SHARED)
                done = self.call("check", name, *settings(arguments))
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn(limit, done.stderr)
        self.refuse(SHARED, "2^62", "fewer sites", arguments=("--set", "sites.m.count=61"))
        self.refuse(SHARED + "[output]\nstates = true\n", "GB")

    def test_summary_and_show(self):
        done = self.call("run", self.write(RABI), "-o", "out.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("norm error", done.stdout)
        self.assertIn("energy drift", done.stdout)
        self.assertNotIn("master equation", done.stdout)
        shown = self.call("show", "out.h5")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("norm error", shown.stdout)

    def test_what_kets_do_not_have_is_refused(self):
        parts = {
            "dissipator": '[[dissipator]]\noperator = "a(c)"\nrate = 0.1\n',
            "superoperator": '[[superoperator]]\nterm = "dissipator(a(c))"\n',
            "bath": '[[bath]]\nname = "b"\n',
            "steady": "[steady]\n",
            "spectrum": "[spectrum]\n",
        }
        for name, part in parts.items():
            with self.subTest(part=name):
                message = self.refuse(RABI + part, "unitary", "Hamiltonian alone", "lindblad")
                self.assertIn(name, message)

    def test_words_are_refused_with_their_place(self):
        self.refuse(RABI.replace('"unitary"', '"closed"'), "dynamics.kind", "unitary", "lindblad")
        self.refuse(RABI + 'method = "bdf"\n', "evolve.method", "chebyshev")
        self.refuse(RABI.replace("g = 0.2", 'g = "0.2*i"'), "not Hermitian")


if __name__ == "__main__":
    unittest.main()
