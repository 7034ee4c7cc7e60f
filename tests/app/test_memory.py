"""What `lindwurm check` forecasts against what a run takes."""

import re
import unittest

from program import CONTRACT, ProgramTest

# A qubit and 17 other spins that conserve nothing.
KETS = """
[sites]
q = { kind = "spin", basis = "z" }
b = { kind = "spin", count = 17, basis = "z" }
[hamiltonian]
terms = ["0.5*sz(q)", "0.4*sz(b)", "0.1*(sp(q)*sm(b) + sm(q)*sp(b))", "0.05*sx(b)", "0.03*sx(q)"]
[dynamics]
kind = "unitary"
[initial]
q = "up_x"
b = "thermal(0.4)"
[mixture]
kind = "random-phase"
samples = 2
[observables]
z = "sz(q)"
[evolve]
times = { from = 0, to = 0.5, points = 12 }
"""
REDUCED = """
[[reduced]]
sites = "q"
[[reduced]]
sites = ["q", "b[0]", "b[16]"]
"""

SIZES = {"MB": 1e6, "GB": 1e9}


class Memory(ProgramTest):
    def compare(self, levels, spins, task, *settings):
        """The forecast lies within 20 % of the peak."""
        splittings = [round(1 + 0.1 * k, 1) for k in range(spins)]
        others = {"evolve", "steady", "spectrum"} - {task}
        words = [f"sites.mode.levels={levels}", f"N={spins}", f"Delta={splittings}",
                 "evolve.times=[0, 0.5]", "evolve.method=auto", "steady.tolerance=1e-10",
                 "spectrum.count=4", *(f"{other}.run=false" for other in sorted(others)), *settings]
        self.compare_model(CONTRACT, task, *words)

    def compare_model(self, text, task, *settings, ranks=1):
        options = [word for setting in settings for word in ("--set", setting)]
        printed = self.call("check", self.write(text), "--ranks", str(ranks), *options).stdout
        found = re.search(r"memory needed about ([0-9.]+) (MB|GB)", printed)
        self.assertIsNotNone(found, printed)
        forecast = float(found[1]) * SIZES[found[2]]
        result = self.run_model(text, "-o", "out.h5", *options, ranks=ranks)
        peak = result["diagnostics"]["peak_memory_bytes"]
        self.assertLess(abs(forecast / peak - 1), 0.2,
                        f"{task} {settings} on {ranks}: {forecast / 1e6:.0f} MB forecast, "
                        f"{peak / 1e6:.0f} MB taken")

    def test_series(self):
        self.compare(10, 6, "evolve")
        self.compare(20, 6, "evolve")

    def test_adams(self):
        self.compare(10, 6, "evolve", "evolve.method=adams", "evolve.times=[0, 3]")

    def test_bdf(self):
        self.compare(10, 6, "evolve", "evolve.method=bdf")

    def test_assembled_evolution(self):
        self.compare(10, 5, "evolve", "liouvillian.storage=assembled")

    def test_steady_state(self):
        self.compare(10, 6, "steady")
        self.compare(10, 6, "steady", "liouvillian.sectors=false")

    def test_assembled_steady_state(self):
        self.compare(10, 5, "steady", "liouvillian.storage=assembled")

    def test_kets(self):
        for text in (KETS, KETS + REDUCED):
            for ranks in (1, 2):
                self.compare_model(text, "kets", "initial.b=up", ranks=ranks)
        self.compare_model(KETS, "kets", "initial.b=up", "evolve.times=[0, 0.5]")
        # With the default tolerances the norm is off by 1.7e-6, which is not to be trusted.
        self.compare_model(KETS, "kets", "initial.b=up", "evolve.method=adams",
                           "evolve.atol=1e-12")

    def test_mixtures_of_kets(self):
        for text in (KETS, KETS + REDUCED):
            for ranks in (1, 2):
                self.compare_model(text, "mixture", ranks=ranks)
        self.compare_model(KETS, "mixture", "mixture.kind=product-states", "initial.b=up",
                           "initial.q=thermal(0.3)", ranks=2)

    def test_ensembles(self):
        beside = CONTRACT.replace('kind = "spin"', 'kind = "ensemble"')
        settings = ["sites.mode.levels=6", "Delta=1", "evolve.times=[0, 0.2]",
                    "evolve.method=auto", "spectrum.run=false"]
        beside = re.sub(r'sz0 = .*\nsx0 = .*\n', "", beside)
        self.compare_model(beside, "ensemble", "N=60", "steady.run=false", *settings)
        self.compare_model(beside, "ensemble", "N=40", "evolve.run=false", *settings)
        alone = re.sub(r'mode = .*\n', "", beside).replace('"omega0*n(mode)", ', "")
        alone = alone.replace(', "g*x(mode)*sz(bath)"', "").replace('n   = "n(mode)"', "")
        alone = re.sub(r'\[\[dissipator\]\]\noperator = "ad?\(mode\)"\nrate .*\n', "", alone)
        self.compare_model(alone, "ensemble", "N=90", *settings[1:], "evolve.run=false",
                           "steady.tolerance=1e-8")

    def test_spectrum(self):
        self.compare(9, 3, "spectrum")
        self.compare(10, 4, "spectrum")


if __name__ == "__main__":
    unittest.main()
