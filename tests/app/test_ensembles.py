"""Ensembles: `kind = "ensemble"` in the place of `kind = "spin"` changes the speed and nothing else."""

import resource
import unittest

from program import ProgramTest

# Of every sort of term. The cavity exchanges quanta, so that sectors are small along z.
SPINS = """
[parameters]
g = 0.3
[sites]
mode = { kind = "oscillator", levels = 3 }
bath = { kind = "spin", count = 3 }
probe = { kind = "spin" }
[hamiltonian]
terms = ["n(mode)", "0.55*sz(bath)", "g*(a(mode)*sp(bath) + ad(mode)*sm(bath))",
         "0.2*sp(probe)*sm(bath) + 0.2*sm(probe)*sp(bath)",
         "0.1*sp(bath[k])*sm(bath[l])"]
[[dissipator]]
operator = "a(mode)"
rate = 0.4
[[dissipator]]
operator = "sm(bath)"
rate = 0.2
[[dissipator]]
operator = "sp(bath)"
rate = 0.15
[[dissipator]]
operator = "sz(bath)"
rate = 0.05
[[dissipator]]
operator = "sm(bath)"
collective = true
rate = 0.1
[[superoperator]]
term = "0.05*left(sz(bath))*right(sz(bath)) - 0.05*left(id(bath))"
[[bath]]
name = "warm"
coupling = "sx(bath)"
density = { kind = "ohmic-drude", strength = 0.05, cutoff = 8 }
temperature = 0.6
scheme = "local"
lamb_shift = true
[initial]
mode = "coherent(0.3)"
bath = "coherent(0.8, 0.3)"
probe = "down"
[reduced]
sites = ["mode", "bath"]
[observables]
n = "n(mode)"
sx = "sx(bath)"
up = "n_up(bath)"
pairs = "sz(bath[k])*sz(bath[l])"
length = "(sum(sx(bath))^2 + sum(sy(bath))^2 + sum(sz(bath))^2)/4"
light = "a(mode)*sp(bath)"
probe = "sz(probe)"
energy = "energy"
heat = "heat(warm)"
purity = "purity"
entropy = "entropy"
[evolve]
times = { from = 0, to = 3, points = 4 }
rtol = 1e-10
atol = 1e-12
[steady]
[[correlation]]
name = "emission"
A = "sp(bath)"
B = "sm(bath)"
delays = [0, 0.5, 2]
frequencies = [0.5, 1.0, 1.5]
"""
ENSEMBLE = SPINS.replace('bath = { kind = "spin"', 'bath = { kind = "ensemble"')

# Two classes of spins, their parities conserved along x; a drive.
CLASSES = """
[sites]
mode = { kind = "oscillator", levels = 3 }
fast = { kind = "KIND", count = 2 }
slow = { kind = "KIND", count = 2 }
[hamiltonian]
terms = ["n(mode)", "0.7*sx(fast) + 0.4*sx(slow)", "0.2*x(mode)*sz(fast) + 0.1*x(mode)*sz(slow)",
         "0.05*cos(2*t)*sx(fast)", "0.03*sz(fast)*sz(slow)"]
[[dissipator]]
operator = "a(mode)"
rate = 0.1
[[dissipator]]
operator = "sm_x(fast)"
rate = "0.3*(1 + 0.2*sin(t))"
[[dissipator]]
operator = "sm_x(slow)"
rate = 0.2
[initial]
mode = "fock(1)"
fast = "down_x"
slow = "thermal_x(0.2)"
[observables]
n = "n(mode)"
fast = "sx(fast)"
slow = "sx(slow)"
both = "sz(fast)*sz(slow)"
purity = "purity"
[evolve]
times = { from = 0, to = 4, points = 3 }
rtol = 1e-10
atol = 1e-12
"""


def flat(tree, path=""):
    """All numbers of a tree by their paths."""
    if isinstance(tree, dict):
        return {k: v for key in tree for k, v in flat(tree[key], f"{path}.{key}").items()}
    if isinstance(tree, list):
        return {k: v for n, item in enumerate(tree) for k, v in flat(item, f"{path}.{n}").items()}
    return {path: tree} if isinstance(tree, (int, float)) and not isinstance(tree, bool) else {}


class Ensembles(ProgramTest):
    def same(self, spins, ensemble, *arguments, ranks=1, tolerance=1e-8):
        parts = ("evolve", "steady", "correlations")
        truncated = ("--set", "diagnostics.cutoff=false")
        expected = {part: self.run_model(spins, *truncated).get(part, {}) for part in parts}
        found = self.run_model(ensemble, *truncated, *arguments, ranks=ranks)
        numbers = flat({part: found.get(part, {}) for part in parts})
        wanted = {k: v for k, v in flat(expected).items()
                  if ".residuals" not in k and ".errors" not in k}
        self.assertGreater(len(wanted), 10)
        for path, value in wanted.items():
            # A reduced state is named by its sites, an ensemble being one.
            path = path.replace("bath[0]+bath[1]+bath[2]", "bath")
            self.assertAlmostEqual(numbers[path], value, delta=tolerance, msg=path)

    def test_every_sort_of_term(self):
        for settings in (
            [],
            ["--set", "sites.bath.basis=x"],
            ["--set", "liouvillian.storage=assembled"],
            ["--set", "liouvillian.storage=matrix-free", "--set", "liouvillian.sectors=false"],
        ):
            with self.subTest(settings=settings):
                self.same(SPINS, ENSEMBLE, *settings)

    def test_preconditioners(self):
        for name in ("one-site", "no-jump", "dilu"):
            with self.subTest(name=name):
                self.same(SPINS, ENSEMBLE, "--set", "steady.solver=gmres",
                          "--set", "liouvillian.storage=matrix-free",
                          "--set", f"liouvillian.preconditioner={name}")

    def test_ranks(self):
        for ranks in (2, 3):
            self.same(SPINS, ENSEMBLE, "--set", "liouvillian.storage=matrix-free", ranks=ranks)

    def test_classes_and_time(self):
        spins = CLASSES.replace("KIND", "spin")
        ensembles = CLASSES.replace("KIND", "ensemble")
        for method in ("adams", "bdf"):
            with self.subTest(method=method):
                self.same(spins, ensembles, "--set", f"evolve.method={method}")

    def test_multiplets(self):
        text = ENSEMBLE.replace("[evolve]", 'high = "multiplet(bath, 1.5)"\n'
                                            'low = "multiplet(bath, 1/2)"\n[evolve]')
        found = self.run_model(text)["evolve"]["observables"]
        for t, high in enumerate(found["high"]):
            low = found["low"][t]
            self.assertAlmostEqual(high + low, 1, delta=1e-12)
            self.assertAlmostEqual(3.75 * high + 0.75 * low, found["length"][t], delta=1e-9)
        self.assertAlmostEqual(found["high"][0], 1, delta=1e-12)

    def test_dicke_states(self):
        text = ENSEMBLE.replace('"coherent(0.8, 0.3)"', '"0.25*dicke(1.5, 0.5) + 0.75*dicke(1/2, -1/2)"')
        found = self.run_model(text)["evolve"]["observables"]
        self.assertAlmostEqual(found["up"][0], 0.25 * 2 + 0.75 * 1, delta=1e-12)
        self.assertAlmostEqual(found["length"][0], 0.25 * 3.75 + 0.75 * 0.75, delta=1e-12)
        along_x = self.run_model(text, "--set", "sites.bath.basis=x")["evolve"]["observables"]
        for name in ("up", "length", "sx", "pairs", "entropy"):
            for a, b in zip(found[name], along_x[name]):
                self.assertAlmostEqual(a, b, delta=1e-9, msg=name)

    def test_classes_of_different_spins(self):
        spins = """
[parameters]
Delta = [1.1, 0.8, 0.95, 1.3]
g = [0.2, 0.1, 0.15, 0.12]
[sites]
mode = { kind = "oscillator", levels = 3 }
bath = { kind = "spin", count = 4 }
[hamiltonian]
terms = ["n(mode)", "Delta/2*sx(bath)", "g*x(mode)*sz(bath)"]
[[dissipator]]
operator = "a(mode)"
rate = 0.1
[[dissipator]]
operator = "sm_x(bath)"
rate = 0.05
[initial]
mode = "fock(1)"
bath = "down_x"
[observables]
n = "n(mode)"
sx = "sx(bath)"
all = "sum(sz(bath))^2"
[evolve]
times = [0, 2, 6]
[steady]
"""
        table = 'kind = "ensemble", classes = { count = 4, frequency = "Delta", coupling = "g" }'
        classes = spins.replace('kind = "spin"', table)
        self.same(spins, classes)
        found = self.run_model(classes, "--set", "sites.bath.classes.count=2")
        told = found["diagnostics"]["classes"]["bath"]
        self.assertEqual(sum(told["counts"]), 4)
        self.assertEqual(told["moments"], 4)
        self.assertGreater(told["agrees_until"], 1)
        self.assertEqual(told["frequencies"], sorted(told["frequencies"]))
        self.refuse(classes.replace('count = 4, freq', 'count = 5, freq'), "bath.classes", "different")
        self.refuse(classes.replace('coupling = "g"', 'coupling = "h"'), "'h' is no array")
        self.refuse(classes.replace("count = 4 }", "count = 5 }"), "4 values for 5 spins")
        self.refuse(spins.replace("count = 4", "count = 4, classes = { count = 2 }"), "only ensembles")

    def test_as_many_classes_as_spins(self):
        """Of any sign and in any order, other arrays along with them."""
        text = """
[parameters]
Delta = DELTA
g = COUPLINGS
gam = [0.5, 0.1, 0.0]
share = [0.9, 0.2, 0.6]
[sites]
m = { kind = "oscillator", levels = 3 }
b = { SPINS }
[hamiltonian]
terms = ["n(m)", "Delta/2*sz(b)", "g*x(m)*sx(b)", "0.1*sum(sx(b))^2"]
[[dissipator]]
operator = "a(m)"
rate = 0.2
[[dissipator]]
operator = "sm(b)"
rate = "gam"
[[bath]]
coupling = "g*sy(b)"
density = { kind = "ohmic-drude", strength = 0.05, cutoff = 8 }
temperature = 0.6
[initial]
m = "fock(1)"
b = "STATE"
[observables]
n = "n(m)"
x = "x(m)"
sx = "sx(b)"
sz = "Delta*sz(b)"
light = "g*x(m)*sx(b)"
[evolve]
times = [0, 1, 3]
rtol = 1e-10
[steady]
"""
        classes = 'kind = "ensemble", count = 3, classes = { count = 3, frequency = "Delta", coupling = "g" }'
        for delta, couplings, state in (
            ("[1.4, 1.0, 1.2]", "[0.2, 0.3, 0.1]", "up"),
            ("[1.0, 1.4, 0.7]", "[0.3, -0.2, 0.1]", "up_x"),
            ("[1.1, 1.1, 0.9]", "[-0.3, -0.2, 0.3]", "thermal(share)"),
            ("[1.5, 0.5, 1.5]", "[0.2, 0.0, -0.2]", "thermal(1/(1 + exp(Delta)))"),
        ):
            with self.subTest(delta=delta, couplings=couplings, state=state):
                model = text.replace("DELTA", delta).replace("COUPLINGS", couplings).replace("STATE", state)
                self.same(model.replace("SPINS", 'kind = "spin", count = 3'), model.replace("SPINS", classes))

    def test_an_index_is_that_of_a_spin(self):
        """In arrays of the classes too, whose spins come in no order."""
        spins = '''
[sites]
b = { SPINS }
m = { kind = "oscillator", levels = 3 }
[parameters]
w = [1.0, 2.0, 1.0, 2.0]
g = [0.3, 0.5, 0.3, 0.5]
h = [0.7, 0.2, 0.7, 0.2]
[hamiltonian]
terms = ["0.5*w*sz(b)", "h[k]*x(m)*sx(b[k])", "0.1*g[k]*g[l]*sp(b[k])*sm(b[l])", "n(m)"]
[[dissipator]]
operator = "a(m)"
rate = 0.2
[initial]
b = "up"
m = "fock(0)"
[observables]
n = "n(m)"
gz = "sum(g*sz(b))"
[evolve]
times = [0, 0.5, 1, 2, 3]
'''
        classes = 'kind = "ensemble", count = 4, classes = { count = 2, frequency = "w", coupling = "g" }'
        self.same(spins.replace("SPINS", 'kind = "spin", count = 4'), spins.replace("SPINS", classes))

    def test_arrays_follow_the_classes(self):
        """Two kinds of spins, in no order, are two classes; what tells spins of one apart is refused."""
        text = """
[parameters]
Delta = [1.4, 1.0, 1.4, 1.0]
g = [-0.2, -0.3, -0.2, -0.3]
gam = [0.5, 0.1, 0.5, 0.1]
[sites]
m = { kind = "oscillator", levels = 3 }
b = { SPINS }
[hamiltonian]
terms = ["n(m)", "Delta/2*sz(b)", "g*x(m)*sx(b)"]
[[dissipator]]
operator = "a(m)"
rate = 0.2
[[dissipator]]
operator = "sm(b)"
rate = "gam"
[initial]
m = "fock(1)"
b = "thermal(gam)"
[observables]
n = "n(m)"
x = "x(m)"
sz = "sz(b)"
slow = "gam*sz(b)"
[evolve]
times = [0, 1, 3]
rtol = 1e-10
[steady]
"""
        classes = text.replace(
            "SPINS", 'kind = "ensemble", count = 4, classes = { count = 2, frequency = "Delta", coupling = "g" }')
        self.same(text.replace("SPINS", 'kind = "spin", count = 4'), classes)
        self.refuse(classes.replace("gam = [0.5, 0.1, 0.5, 0.1]", "gam = [0.5, 0.5, 0.1, 0.1]")
                    .replace("thermal(gam)", "up"), "not the same for all members")
        self.refuse(classes.replace('"gam"', "0.1").replace("[0.5, 0.1, 0.5", "[0.5, 0.1, 0.4"),
                    "which start equal")
        self.refuse(classes.replace("g = [-0.2", "g = [0.2"), "both signs")

    def test_baths_that_act_on_all_members(self):
        """Their equations, derived member by member, need not look alike as they are written."""
        text = """
[sites]
SITES
b = { kind = "spin", count = COUNT }
[hamiltonian]
terms = ["0.5*sz(b)", TERMS]
[[bath]]
coupling = "sx(b) + 0.2*sz(b)"
density = { kind = "ohmic-drude", strength = 0.05, cutoff = 8 }
temperature = 0.6
scheme = "SCHEME"
dt = 1.5
lamb_shift = SHIFT
[initial]
INITIAL
b = "coherent(0.8, 0.3)"
[observables]
sx = "sx(b)"
sz = "sz(b)"
pairs = "sz(b[k])*sz(b[l])"
purity = "purity"
energy = "energy"
heat = "heat(bath1)"
[evolve]
times = [0, 1, 3]
rtol = 1e-10
[steady]
"""
        models = (
            (2, "", '"0.2*sum(sx(b))^2"', ""),
            (2, 'q = { kind = "spin" }', '"0.7*sz(q)", "0.2*sx(q)*sx(b)", "0.3*sz(q)*sz(b)"', 'q = "up_x"'),
            (3, "", '"0.2*sum(sx(b))^2"', ""),
        )
        schemes = ("local", "secular", "partial-secular", "coarse-grained", "redfield", "collective")
        for number, (count, sites, terms, initial) in enumerate(models):
            for scheme in schemes if count == 2 else ("secular", "redfield"):
                with self.subTest(number=number, scheme=scheme):
                    spins = (text.replace("COUNT", str(count)).replace("SITES", sites)
                             .replace("TERMS", terms).replace("INITIAL", initial)
                             .replace("SCHEME", scheme)
                             .replace("SHIFT", "false" if scheme == "coarse-grained" else "true"))
                    if scheme == "collective":  # it has several steady states
                        spins = spins.replace("[steady]", "")
                    self.same(spins, spins.replace('b = { kind = "spin"', 'b = { kind = "ensemble"'))

    def test_four_single_spins_in_partial_secular_baths_take_seconds(self):
        """All 65536 entries of L are there, as 4096 terms of which no two are alike."""
        spins = """
[parameters]
w = [1.0, 1.02, 0.97, 1.05]
g = [0.1, 0.2, 0.3, 0.15]
[sites]
q = { kind = "spin", count = 4 }
[hamiltonian]
terms = ["w/2*sz(q)", "0.05*(sp(q[k])*sm(q[k+1]) + dag(sp(q[k])*sm(q[k+1])))", "0.03*sx(q)"]
[[bath]]
coupling = "sx(q)"
density = { kind = "ohmic-drude", strength = 0.002, cutoff = 20 }
temperature = 1.5
scheme = "partial-secular"
[initial]
q = "up"
[observables]
first = "sz(q[0])"
last = "sx(q[3])"
purity = "purity"
heat = "heat(bath1)"
[evolve]
times = { from = 0, to = 20, points = 5 }
[steady]
"""
        classes = spins.replace('kind = "spin", count = 4', 'kind = "ensemble", count = 4, classes = '
                                '{ count = 4, frequency = "w", coupling = "g" }')
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.same(spins, classes, "--set", "liouvillian.storage=matrix-free")
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, 10)

    def test_kept_coherences(self):
        text = """
[sites]
bath = { kind = "ensemble", count = 7 }
[hamiltonian]
terms = ["0.3*sz(bath)", "0.1*sp(bath[k])*sm(bath[l])"]
[[dissipator]]
operator = "sm(bath)"
rate = 0.3
[[dissipator]]
operator = "sp(bath)"
rate = 0.2
[[dissipator]]
operator = "sm(bath)"
collective = true
rate = 0.1
[initial]
bath = "thermal(0.8)"
[observables]
z = "sz(bath)"
pairs = "sp(bath[k])*sm(bath[l])"
length = "(sum(sx(bath))^2 + sum(sy(bath))^2 + sum(sz(bath))^2)/4"
purity = "purity"
entropy = "entropy"
[evolve]
times = [0, 1, 3]
[steady]
[spectrum]
count = 8
"""
        whole = self.run_model(text, "--set", "spectrum.count=120")
        for kept in (0, 1, 2, 9):
            limited = text.replace("count = 7", f"count = 7, coherence = {kept}")
            found = self.run_model(limited, "--set", "sites.bath.basis=z")
            for part in ("evolve", "steady"):
                expected = flat(whole[part]["observables"])
                for path, value in flat(found[part]["observables"]).items():
                    self.assertAlmostEqual(value, expected[path], delta=1e-9, msg=path)
            every = [complex(*value) for value in whole["spectrum"]["eigenvalues"]]
            for value in found["spectrum"]["eigenvalues"]:
                self.assertLess(min(abs(complex(*value) - e) for e in every), 1e-9)
            said = any("coherence" in line for line in found["diagnostics"]["warnings"])
            self.assertEqual(said, kept < 7)
        limited = text.replace("count = 7", "count = 7, coherence = 0")
        self.refuse(limited.replace('"0.3*sz(bath)"', '"0.3*sx(bath)"'), "coherence")
        self.refuse(limited.replace("thermal(0.8)", "up_x"), "coherence")

    def test_refusals(self):
        self.refuse(ENSEMBLE.replace('"n(mode)"', '"n(mode)", "sz(bath[0])"', 1), "'bath'",
                    'kind = "spin"', "hamiltonian.terms")
        self.refuse(ENSEMBLE.replace("g = 0.3", "g = 0.3\nc = [1, 1, 2]").replace("0.55*", "c*"),
                    "'bath'", "not the same for all members")
        self.refuse(ENSEMBLE.replace(", count = 3", ""), "count")
        self.refuse(ENSEMBLE.replace("count = 3", "count = 3, levels = 2"), "levels")
        self.refuse(ENSEMBLE.replace("coherent(0.8, 0.3)", "dicke(1, 0)"), "J of 3 spins is 1.5")
        self.refuse(ENSEMBLE.replace("coherent(0.8, 0.3)", "dicke(1.5, 1)"), "M is one of")
        self.refuse(ENSEMBLE.replace("coherent(0.8, 0.3)", "0.5*up + 0.4*down"), "add up to 0.9")
        self.refuse(ENSEMBLE.replace('"purity"', '"multiplet(bath, 1)"'), "no multiplet J = 1")
        self.refuse(ENSEMBLE.replace("count = 3", "count = 100000"), "at most 2000")


if __name__ == "__main__":
    unittest.main()
