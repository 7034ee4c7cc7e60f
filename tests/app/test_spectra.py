"""Relaxation spectra as people ask for them: bad input, several steady states, no damping, proofs."""

import unittest

from program import CONTRACT, DAMPED, ProgramTest

# Two-photon driving and loss keep the parity: two steady states.
CAT = """
[sites]
m = { kind = "oscillator", levels = 12 }
[hamiltonian]
terms = ["0.3*n(m)", "0.8*(a(m)^2 + ad(m)^2)"]
[[dissipator]]
operator = "a(m)^2"
rate = 1
[spectrum]
"""

# The spin precesses for ever beside a damped oscillator.
FREE_SPIN = """
[sites]
m = { kind = "oscillator", levels = 6 }
q = { kind = "spin" }
[hamiltonian]
terms = ["n(m)", "0.35*sz(q)"]
[[dissipator]]
operator = "a(m)"
rate = 0.2
[spectrum]
count = 8
"""

UNDAMPED = """
[sites]
m = { kind = "oscillator", levels = 4 }
q = { kind = "spin" }
[hamiltonian]
terms = ["n(m)", "0.35*sz(q)", "0.1*x(m)*sx(q)"]
[spectrum]
"""

# Resonant, at the exceptional point g = kappa/4 of one excitation.
JAYNES_CUMMINGS = """
[parameters]
g = 0.25
[sites]
m = { kind = "oscillator", levels = 3 }
q = { kind = "spin" }
[hamiltonian]
terms = ["n(m)", "0.5*sz(q)", "g*(ad(m)*sm(q) + a(m)*sp(q))"]
[[dissipator]]
operator = "a(m)"
rate = 1
[spectrum]
count = 4
"""

WAYS = [[f"liouvillian.sectors={sectors}", f"spectrum.method={method}"]
        for sectors in ("true", "false") for method in ("dense", "krylov")]


def settings(words):
    return [part for word in words for part in ("--set", word)]



def ladder(levels, up):
    """Hops down with rate 1, up with this one."""
    hops = "+".join(f"ket(l,{k},{k - 1})" for k in range(1, levels))
    return f"""
[sites]
l = {{ kind = "levels", levels = {levels} }}
[[dissipator]]
operator = "{hops}"
rate = {up}
[[dissipator]]
operator = "dag({hops})"
rate = 1.0
[spectrum]
"""


class BadInput(ProgramTest):
    def test_more_eigenvalues_than_the_space_has(self):
        text = CAT + "count = 145\n"
        self.refuse(text, "spectrum.count", "145", "D^2 = 144")
        result = self.run_model(CAT + "count = 144\n")
        self.assertEqual(len(result["spectrum"]["eigenvalues"]), 144)

    def test_no_eigenvalue_or_part_of_one(self):
        for count in ("0", "-3", "2.5"):
            self.refuse(CAT + f"count = {count}\n", "spectrum.count")

    def test_there_is_no_target(self):
        self.refuse(CAT + "target = 3\n", "unknown key 'target'", "count", "method")
        self.refuse(CAT + "counts = 3\n", "unknown key 'counts'", "did you mean 'count'")

    def test_unknown_method(self):
        self.refuse(CAT + 'method = "lanczos"\n', "lanczos", "krylov")

    def test_dense_beyond_its_limit(self):
        self.refuse(CAT + 'method = "dense"\ndense_limit = 20\n', "dense_limit", "krylov")


class Stationary(ProgramTest):
    def test_several_steady_states_have_no_false_gap(self):
        for words in WAYS:
            for count in (1, 6):
                with self.subTest(words=words, count=count):
                    result = self.run_model(CAT, *settings([*words, f"spectrum.count={count}"]))
                    spectrum = result["spectrum"]
                    self.assertEqual(spectrum["method"], words[1].split("=")[1])
                    self.assertTrue(spectrum["complete"])
                    self.assertEqual(spectrum["stationary"], 2)
                    # tests/solve finds it with dense matrices.
                    self.assertAlmostEqual(spectrum["gap"], 0.0136867596, delta=1e-9)
                    self.assertTrue(any("2-fold" in text
                                        for text in result["diagnostics"]["warnings"]))

    def test_mode_without_decay_beside_damped_ones(self):
        for words in WAYS:
            with self.subTest(words=words):
                result = self.run_model(FREE_SPIN, *settings(words))
                spectrum = result["spectrum"]
                self.assertTrue(spectrum["complete"])
                self.assertEqual(spectrum["gap"], 0)
                self.assertEqual(spectrum["stationary"], 2)
                expected = [0, 0, 0.7j, -0.7j] + [-0.1 + w * 1j for w in (0.3, -0.3, 1, -1)]
                for value in expected:
                    self.assertTrue(any(abs(complex(*found) - value) < 1e-9
                                        for found in spectrum["eigenvalues"]), value)
                self.assertTrue(any("without decay" in text
                                    for text in result["diagnostics"]["warnings"]))
                done = self.call("run", "model.toml", "--strict", *settings(words))
                self.assertEqual(done.returncode, 3)

    def test_nothing_relaxes(self):
        for words in WAYS:
            if "krylov" in words[1]:
                continue
            with self.subTest(words=words):
                result = self.run_model(UNDAMPED, *settings(words))
                self.assertEqual(result["spectrum"]["gap"], 0)
                self.assertEqual(result["spectrum"]["stationary"], 8)
                self.assertTrue(any("no gap" in text
                                    for text in result["diagnostics"]["warnings"]))

    def test_nothing_relaxes_in_a_large_space(self):
        text = UNDAMPED.replace("levels = 4", "levels = 60")
        self.refuse(text, "nothing relaxes", "no gap", "run = false")


class Proof(ProgramTest):
    def test_what_is_not_proved_is_said(self):
        result = self.run_model(CONTRACT, *settings([
            "spectrum.method=krylov", "spectrum.max_products=3000", "liouvillian.sectors=false"]),
            status=3)
        certificate = result["spectrum"]["certificate"]
        self.assertFalse(certificate["complete"])
        self.assertFalse(result["spectrum"]["complete"])
        self.assertIn("products", certificate["failure"])
        self.assertNotIn("rate", certificate)
        self.assertTrue(any("not shown complete" in text
                            for text in result["diagnostics"]["problems"]))

    def test_all_eigenvalues_where_the_search_fails(self):
        result = self.run_model(CONTRACT, *settings([
            "spectrum.max_products=3000", "liouvillian.sectors=false"]))
        spectrum = result["spectrum"]
        self.assertEqual(spectrum["method"], "dense")
        self.assertTrue(spectrum["certificate"]["complete"])
        self.assertAlmostEqual(spectrum["gap"], 0.0747433422, delta=1e-9)

    def test_certificate_of_a_search(self):
        result = self.run_model(CONTRACT, *settings(["spectrum.method=krylov"]))
        certificate = result["spectrum"]["certificate"]
        self.assertEqual(certificate["method"], "decay of random operators")
        self.assertTrue(certificate["complete"])
        self.assertGreaterEqual(certificate["rate"], 0.0838244394)
        self.assertLess(certificate["chance"], 1e-5)
        self.assertGreaterEqual(certificate["unlisted"], 0)

    def test_slow_modes_beyond_count_are_counted(self):
        result = self.run_model(ladder(24, 0.4), *settings([
            "spectrum.method=krylov", "liouvillian.sectors=false", "spectrum.count=1"]))
        spectrum = result["spectrum"]
        self.assertEqual(len(spectrum["eigenvalues"]), 1)
        self.assertGreater(spectrum["certificate"]["rate"], spectrum["gap"])
        self.assertGreaterEqual(spectrum["certificate"]["unlisted"], 1)


class FarFromNormal(ProgramTest):
    # Populations from 1 to 1e-158: (1 - sqrt(0.01))^2 but for the ends of the ladder.
    def test_gap_of_a_ladder(self):
        for count in (1, 6):
            with self.subTest(count=count):
                result = self.run_model(ladder(80, 0.01),
                                        *settings([f"spectrum.count={count}"]))
                spectrum = result["spectrum"]
                self.assertAlmostEqual(spectrum["gap"], 0.49, delta=1e-9)
                self.assertLess(spectrum["gap_error"], 1e-10)
                self.assertLess(abs(spectrum["gap"] - 0.49), spectrum["gap_error"])
                self.assertEqual(spectrum["stationary"], 1)
                self.assertFalse(any("exceptional" in text
                                     for text in result["diagnostics"]["warnings"]))


class Modes(ProgramTest):
    def test_keys_of_a_mode(self):
        result = self.run_model(CONTRACT)
        for mode, value, sector in zip(result["spectrum"]["modes"],
                                       result["spectrum"]["eigenvalues"],
                                       result["spectrum"]["sectors"]):
            self.assertEqual(mode["eigenvalue"], value)
            self.assertEqual(mode["sector"], sector)
            self.assertGreaterEqual(mode["condition"], 1 - 1e-12)
            self.assertLess(mode["error"], 1e-10)
            self.assertAlmostEqual(sum(mode["coherence"]), 1)
            self.assertEqual(set(mode["sites"]), {"mode", "bath[0]", "bath[1]"})
            self.assertEqual(set(mode["amplitudes"]), {"n", "sz0", "sx0"})
            self.assertFalse(mode["near_exceptional"])

    def test_prediction_beside_the_evolution(self):
        # <a>(t) = <a>(0) exp(-i t - kappa t/2) is one mode; <n>(t) two.
        result = self.run_model(DAMPED, *settings(["initial.m=coherent(1)"]))
        for name in ("a", "n"):
            predicted = result["spectrum"]["prediction"][name]
            evolved = result["evolve"]["observables"][name]
            for ours, theirs in zip(predicted, evolved):
                if name == "a":
                    ours, theirs = complex(*ours), complex(*theirs)
                self.assertAlmostEqual(ours, theirs, delta=1e-6)

    def test_exceptional_point(self):
        for words in WAYS:
            with self.subTest(words=words):
                at = self.run_model(JAYNES_CUMMINGS, *settings([*words, "sites.m.levels=6"]))
                merged = [mode for mode in at["spectrum"]["modes"] if mode["near_exceptional"]]
                self.assertTrue(merged)
                self.assertFalse(any("amplitudes" in mode for mode in merged))
                self.assertTrue(any("exceptional" in text
                                    for text in at["diagnostics"]["warnings"]))
                for mode in at["spectrum"]["modes"][1:3]:
                    value = complex(*mode["eigenvalue"])
                    self.assertAlmostEqual(value.real, -0.25, delta=1e-4)
        beside = self.run_model(JAYNES_CUMMINGS, "--set", "g=0.3")
        self.assertFalse(any(mode["near_exceptional"] for mode in beside["spectrum"]["modes"]))
        self.assertEqual(beside["diagnostics"]["warnings"], [])


if __name__ == "__main__":
    unittest.main()
