"""Baths in model files: what `lindwurm rates` writes, heat and equilibrium in results, refusals."""

import json
import math
import time
import unittest

from program import ProgramTest

QUBITS = """
[parameters]
wS = 1.0
W = 0.05
[sites]
q = { kind = "spin", count = 2 }
[hamiltonian]
terms = ["wS/2*sz(q)", "W*(sp(q[0])*sm(q[1]) + sm(q[0])*sp(q[1]))"]
[[bath]]
name = "hot"
coupling = "sx(q[0])"
density = { kind = "ohmic-drude", strength = 0.001, cutoff = 30 }
temperature = 1.5
[[bath]]
name = "cold"
coupling = "sx(q[1])"
density = { kind = "flat", rate = 0.01 }
temperature = 0.5
[initial]
q = "up"
[observables]
E = "energy"
purity = "purity"
S = "entropy"
hot = "heat(hot)"
cold = "heat(cold)"
[evolve]
times = { from = 0, to = 40, points = 401 }
[steady]
"""

OSCILLATOR = """
[sites]
m = { kind = "oscillator", levels = 30 }
[hamiltonian]
terms = ["1.3*n(m)"]
[[bath]]
coupling = "0.5*x(m)"
density = { kind = "ohmic-drude", strength = 0.02, cutoff = 7 }
temperature = 0.8
scheme = "redfield"
lamb_shift = true
[initial]
m = "coherent(1.5)"
[observables]
x = "x(m)"
[evolve]
times = { from = 0, to = 5, points = 3 }
"""

QUBIT = """
[sites]
q = { kind = "spin" }
[hamiltonian]
terms = ["0.5*sz(q)"]
[[bath]]
coupling = "sx(q)"
density = { kind = "ohmic-exponential", strength = 0.01, cutoff = 5 }
temperature = 0.7
order = 4
[initial]
q = "up_x"
[observables]
x = "sx(q)"
z = "sz(q)"
[evolve]
times = [0, 10]
[steady]
"""


def planck(w, temperature):
    return 1 / math.expm1(w / temperature)


class Rates(ProgramTest):
    def rates(self, text, *arguments):
        done = self.call("rates", self.write(text), "--json", "rates.json", *arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads((self.folder / "rates.json").read_text())["baths"], done.stdout

    def test_numbers_of_a_secular_bath(self):
        baths, text = self.rates(QUBITS)
        self.assertEqual([bath["name"] for bath in baths], ["hot", "cold"])
        hot, cold = baths
        for bath, temperature in ((hot, 1.5), (cold, 0.5)):
            self.assertEqual(bath["temperature"], temperature)
            self.assertEqual(bath["scheme"], "secular")
            self.assertEqual(bath["sites"], ["q[0]", "q[1]"])
            self.assertTrue(bath["gksl"])
            for found, expected in zip(bath["frequencies"], (-1.05, -0.95, 0.95, 1.05)):
                self.assertAlmostEqual(found, expected, delta=1e-12)
        for w, rate in zip(hot["frequencies"], hot["rates"]):
            j = 0.001 * abs(w) / (1 + w * w / 900)
            quanta = planck(abs(w), 1.5) + (1 if w > 0 else 0)
            self.assertAlmostEqual(rate / (2 * math.pi * j * quanta), 1, delta=1e-10)
        for w, rate in zip(cold["frequencies"], cold["rates"]):
            quanta = planck(abs(w), 0.5) + (1 if w > 0 else 0)
            self.assertAlmostEqual(rate / (0.01 * quanta), 1, delta=1e-10)
        self.assertIn("shifts", hot)
        self.assertNotIn("shifts", cold)  # diverges
        self.assertIn("bohr_period", hot["validity"])
        self.assertIn("up, down", text)

    def test_schemes_by_override(self):
        baths, _ = self.rates(QUBITS, "--set", "bath[0].scheme=partial-secular",
                              "--set", "bath[1].scheme=local")
        self.assertEqual(len(baths[0]["gamma"]), 4)
        self.assertGreater(baths[0]["gamma"][0][1][0], 0)
        self.assertEqual(baths[0]["gamma"][0][2], [0, 0])
        self.assertEqual(len(baths[1]["frequencies"]), 2)

    def test_position_coupling_has_coefficients(self):
        (bath,), text = self.rates(OSCILLATOR)
        self.assertIn("not GKSL", text)
        self.assertFalse(bath["gksl"])
        self.assertLess(bath["lowest_rate"], 0)
        found = bath["coefficients"]
        self.assertAlmostEqual(found["mass"], 1 / (2 * 1.3 * 0.25), delta=1e-12)
        # strength = 2 M gamma0/pi.
        gamma0 = 0.02 * math.pi / (2 * found["mass"])
        share = 49 / (49 + 1.69)
        self.assertAlmostEqual(found["gamma"] / (gamma0 * share), 1, delta=1e-9)
        self.assertAlmostEqual(found["w2"] / (-2 * gamma0 * 7 * share), 1, delta=1e-9)
        expected = found["mass"] * gamma0 * 1.3 * share / math.tanh(1.3 / 1.6)
        self.assertAlmostEqual(found["D"] / expected, 1, delta=1e-9)

    def test_fourth_order(self):
        (bath,), text = self.rates(QUBIT)
        bloch = bath["bloch"]
        self.assertIn("inverse_t2", text)
        balance = bloch["k10"]["second"] / bloch["k01"]["second"]
        self.assertAlmostEqual(balance / math.exp(-1 / 0.7), 1, delta=1e-10)
        second = balance * (bloch["k10"]["fourth"] / bloch["k10"]["second"]
                            - bloch["k01"]["fourth"] / bloch["k01"]["second"])
        self.assertAlmostEqual(second / bloch["K"]["second"], 1, delta=1e-8)
        results = self.run_model(QUBIT)
        z = results["steady"]["observables"]["z"]
        up, down = bloch["k10"]["total"], bloch["k01"]["total"]
        self.assertAlmostEqual(z, (up - down) / (up + down), delta=1e-10)
        x = results["evolve"]["observables"]["x"][1]
        decay = math.exp(-10 * bloch["inverse_t2"]["total"])
        self.assertAlmostEqual(x, decay * math.cos(10), delta=1e-7)

    def test_members_have_equations_of_their_own(self):
        baths, _ = self.rates(QUBITS.replace('"sx(q[0])"', '"sx(q)"'))
        self.assertEqual(len(baths[0]["members"]), 2)
        baths, _ = self.rates(QUBITS.replace('"sx(q[0])"', '"sx(q)"'),
                              "--set", "bath[0].scheme=collective")
        self.assertEqual(len(baths[0]["gamma_ij"]), 2)

    def test_arguments(self):
        self.assertEqual(self.call("rates", "none.toml").returncode, 2)
        done = self.call("rates", self.write('[sites]\nq = { kind = "spin" }\n'))
        self.assertEqual(done.returncode, 2)
        self.assertIn("no [[bath]]", done.stderr)


class Heat(ProgramTest):
    def test_first_law_in_time_and_in_the_steady_state(self):
        for ranks in (1, 2):
            results = self.run_model(QUBITS, ranks=ranks)
            values = results["evolve"]["observables"]
            times = results["evolve"]["times"]
            heat = [a + b for a, b in zip(values["hot"], values["cold"])]
            step = times[1] - times[0]
            total = step / 3 * (heat[0] + heat[-1] + 4 * sum(heat[1:-1:2]) + 2 * sum(heat[2:-1:2]))
            self.assertAlmostEqual(total, values["E"][-1] - values["E"][0], delta=1e-7)
            steady = results["steady"]
            self.assertGreater(steady["heat"]["hot"], 0)
            self.assertAlmostEqual(steady["heat"]["hot"], -steady["heat"]["cold"], delta=1e-11)
            self.assertLess(steady["first_law_defect"], 1e-8)
            self.assertNotIn("gibbs_distance", steady)
            self.assertAlmostEqual(values["purity"][0], 1, delta=1e-12)
            self.assertAlmostEqual(values["S"][0], 0, delta=1e-9)
            self.assertEqual(results["diagnostics"]["generator"], "GKSL")

    def test_one_temperature_leads_to_the_gibbs_state(self):
        results = self.run_model(QUBITS, "--set", "bath[1].temperature=1.5")
        self.assertLess(results["steady"]["gibbs_distance"], 1e-10)
        results = self.run_model(QUBITS, "--set", "bath[1].temperature=1.5",
                                 "--set", "bath[1].scheme=local", "--set", "W=0.4")
        self.assertGreater(results["steady"]["gibbs_distance"], 1e-3)

    def test_what_is_not_gksl_is_labelled(self):
        results = self.run_model(OSCILLATOR)
        self.assertEqual(results["diagnostics"]["generator"], "not GKSL")
        done = self.call("run", "model.toml", "-o", "out.h5")
        self.assertIn("not GKSL", done.stdout)
        self.assertIn("not GKSL", self.call("show", "out.h5").stdout)
        self.run_model(OSCILLATOR, "--strict", status=3)


DRESSED = """
[parameters]
g = 0.4
[sites]
c = { kind = "oscillator", levels = LEVELS }
q = { kind = "spin" }
[hamiltonian]
terms = ["n(c)", "0.5*sz(q)", "g*i*(a(c) - ad(c))*sx(q)", "0.05*sx(q)"]
[[bath]]
name = "field"
coupling = "i*(a(c) - ad(c))"
density = { kind = "expression", expression = "0.01*w/(2*pi)" }
temperature = 0.3
[[bath]]
name = "spin"
coupling = "sx(q)"
density = { kind = "ohmic-drude", strength = 0.01, cutoff = 20 }
temperature = 0.5
[initial]
c = "coherent(0.4)"
q = "up"
[observables]
n = "n(c)"
x = "x(c)"
a = "a(c)"
sx = "sx(q)"
E = "energy"
purity = "purity"
entropy = "entropy"
field = "heat(field)"
[evolve]
times = [0, 0.7, 5, 40]
[steady]
[spectrum]
count = 4
[[correlation]]
name = "field"
A = "x(c)"
B = "x(c)"
delays = [0, 1, 3]
[diagnostics]
top_level = 1
"""


class EnergyBasis(ProgramTest):
    def test_it_changes_time_and_memory_alone(self):
        """Storage that is asked for by name is that of the sites one by one."""
        for levels, scheme in ((8, "secular"), (9, "partial-secular")):
            text = DRESSED.replace("LEVELS", str(levels))
            text = text.replace("temperature = 0.3", f'temperature = 0.3\nscheme = "{scheme}"\ngrouping = 0.3')
            by_sites = self.run_model(text, "--set", "liouvillian.storage=assembled")
            joint = self.run_model(text)
            self.assertEqual(joint["diagnostics"]["unknowns"], by_sites["diagnostics"]["unknowns"])
            for path in ((("evolve", "observables"), ("steady", "observables"), ("steady", "heat"),
                          ("correlations", "field"))):
                expected, found = by_sites, joint
                for name in path:
                    expected, found = expected[name], found[name]
                for name, values in expected.items():
                    if not isinstance(values, (list, float)):
                        continue
                    for one, other in zip(flat(values), flat(found[name])):
                        self.assertAlmostEqual(one, other, delta=1e-8, msg=f"{path} {name}")
            one, other = (run["spectrum"]["eigenvalues"] for run in (by_sites, joint))
            for left, right in zip(flat(sorted(one)[-3:]), flat(sorted(other)[-3:])):
                self.assertAlmostEqual(abs(left), abs(right), delta=1e-8)
            for part in ("evolve", "steady"):
                one, other = (run["diagnostics"][part] for run in (by_sites, joint))
                self.assertAlmostEqual(one["top_levels"]["c"], other["top_levels"]["c"], delta=1e-9)

    def test_sixty_states_take_seconds(self):
        """The documentation allows 64. In the product basis they took minutes."""
        text = DRESSED.replace("LEVELS", "30").split("[initial]")[0] + '[observables]\nn = "n(c)"\n[steady]\n'
        name = self.write(text)
        started = time.monotonic()
        self.assertEqual(self.call("check", name).returncode, 0)
        self.run_model(text)
        self.assertLess(time.monotonic() - started, 20)


def flat(values):
    if isinstance(values, list):
        return [number for value in values for number in flat(value)]
    return [values]


class BadBaths(ProgramTest):
    def refuse_changed(self, old, new, *fragments, text=QUBITS):
        self.assertIn(old, text)
        changed = text.replace(old, new, 1)
        message = self.refuse(changed, "model.toml:", "bath[", *fragments)
        self.assertNotIn("nan", message)

    def test_baths(self):
        self.refuse_changed("temperature = 1.5", "temperature = -1", "temperature", "-1")
        drude = '{ kind = "ohmic-drude", strength = 0.001, cutoff = 30 }'
        for density in ('{ kind = "ohmic-drude", strength = -0.1, cutoff = 30 }',
                        '{ kind = "table", frequencies = [1, 2, 3, 4], values = [0.1, 0.2, -0.1, 0] }',
                        '{ kind = "expression", expression = "-0.1*w" }'):
            self.refuse_changed(drude, density, "-0.1")
        self.refuse_changed(drude, '{ kind = "expression", expression = "w*t*exp(-w)" }', "'t'")
        self.refuse_changed(drude, '{ kind = "expression", expression = "sqrt(w-3)" }', "not real")
        self.refuse_changed(drude, '{ kind = "ohmic-drud", strength = 1, cutoff = 30 }',
                            "'ohmic-drude'")
        self.refuse_changed(drude, '{ kind = "ohmic-drude", strength = 1, cutof = 30 }', "'cutoff'")
        self.refuse_changed(drude, '{ kind = "modes", frequencies = [1.0], couplings = [0.1] }',
                            "coarse-grained")

    def test_integrals_that_diverge(self):
        rate = 'density = { kind = "flat", rate = 0.01 }\n'
        self.refuse_changed(rate, rate + "lamb_shift = true\n", "diverge", "cutoff")
        self.refuse_changed(rate, rate + 'scheme = "coarse-grained"\ndt = 1\n', "diverge")
        self.refuse_changed('"sx(q[1])"', '"sz(q[1])"', "diverge")

    def test_schemes(self):
        scheme = "temperature = 1.5\n"
        self.refuse_changed(scheme, scheme + 'scheme = "coarse-grained"\ndt = 0\n', "dt", "positive")
        self.refuse_changed(scheme, scheme + 'scheme = "coarse-grained"\n', "dt")
        self.refuse_changed(scheme, scheme + "dt = 1\n", "dt", "needs a scheme")
        self.refuse_changed(scheme, scheme + "grouping = 1\n", "grouping", "needs a scheme")
        self.refuse_changed(scheme, scheme + 'scheme = "secularr"\n', "'secular'")
        self.refuse_changed(scheme, scheme + "order = 3\n", "2 or 4")
        self.refuse_changed(scheme, scheme + "order = 4\n", "two-level")
        second = '[[bath]]\nname = "two"\ncoupling = "sy(q)"\ndensity = { kind = "flat", rate = 1 }\n'
        self.refuse_changed("[initial]", second + "[initial]", "do not add up", text=QUBIT)
        self.refuse_changed('"sx(q[0])"', '"sp(q[0])"', "not Hermitian", "dag(")
        self.refuse_changed('"sx(q[0])"', '"0.3"', "no operator")
        self.refuse_changed('name = "cold"', 'name = "hot"', "two baths")
        collective = scheme + 'scheme = "collective"\ncorrelations = [[1, 2], [2, 1]]\n'
        long = scheme + 'scheme = "coarse-grained"\ndt = 1e20\n'
        self.refuse_changed(scheme, long, "1e+20", "secular")
        self.refuse_changed(scheme, collective, "semidefinite",
                            text=QUBITS.replace('"sx(q[0])"', '"sx(q)"'))

    def test_observables(self):
        self.refuse(QUBITS.replace("heat(hot)", "heat(hott)"), "observables.hot", "'hot'")
        self.refuse(QUBITS.replace("heat(hot)", "2*heat(hot)"), "stands alone")
        self.refuse(QUBITS.replace("wS/2*sz(q)", "cos(t)*sz(q)"), "time")


if __name__ == "__main__":
    unittest.main()
