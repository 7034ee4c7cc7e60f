"""What `lindwurm check` forecasts against what a run takes."""

import re
import unittest

from program import CONTRACT, ProgramTest

SIZES = {"MB": 1e6, "GB": 1e9}


class Memory(ProgramTest):
    def compare(self, levels, spins, task, *settings):
        """The forecast lies within 20 % of the peak."""
        splittings = [round(1 + 0.1 * k, 1) for k in range(spins)]
        others = {"evolve", "steady", "spectrum"} - {task}
        words = [f"sites.mode.levels={levels}", f"N={spins}", f"Delta={splittings}",
                 "evolve.times=[0, 0.5]", "evolve.method=auto", "steady.tolerance=1e-10",
                 "spectrum.count=4", *(f"{other}.run=false" for other in sorted(others)), *settings]
        options = [word for setting in words for word in ("--set", setting)]
        printed = self.call("check", self.write(CONTRACT), *options).stdout
        found = re.search(r"memory needed about ([0-9.]+) (MB|GB)", printed)
        self.assertIsNotNone(found, printed)
        forecast = float(found[1]) * SIZES[found[2]]
        result = self.run_model(CONTRACT, "-o", "out.h5", *options)
        peak = result["diagnostics"]["peak_memory_bytes"]
        self.assertLess(abs(forecast / peak - 1), 0.2,
                        f"{task} {settings}: {forecast / 1e6:.0f} MB forecast, "
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

    def test_spectrum(self):
        self.compare(9, 3, "spectrum")


if __name__ == "__main__":
    unittest.main()
