"""Sites of so many levels that one is a slice of its own, and states that reach into several sectors."""

import math
import unittest

from program import ProgramTest

# In the pairs |up, n>, |down, n + 1> the kets turn with the angle g sqrt(n + 1) t. Of the qubit alone,
# from |0>: <sm> = cos(g t)/2.
EXCHANGE = """
[sites]
q = {{ kind = "spin" }}
c = {{ kind = "oscillator", levels = {levels} }}
[hamiltonian]
terms = ["0.3*(sp(q)*a(c) + sm(q)*ad(c))"]
[initial]
q = "up_x"
c = "fock(0)"
[observables]
x = "sx(q)"
m = "sm(q)"
[evolve]
times = [0, 1, 2.5]
{more}
"""

# <n>(t) = cos(t)^2 in |1, down>, |0, up>.
ONE_QUANTUM = """
[sites]
c = {{ kind = "oscillator", levels = {levels} }}
s = {{ kind = "spin" }}
[hamiltonian]
terms = ["ad(c)*sm(s) + a(c)*sp(s)"]
[initial]
c = "fock(1)"
s = "down"
[observables]
n = "n(c)"
[evolve]
times = [0, 1]
"""


class LongSlices(ProgramTest):
    def check_exchange(self, levels, more, *arguments, tolerance=1e-7):
        out = self.run_model(EXCHANGE.format(levels=levels, more=more), *arguments)
        for j, t in enumerate(out["evolve"]["times"]):
            self.assertAlmostEqual(
                out["evolve"]["observables"]["x"][j], math.cos(0.3 * t), delta=tolerance
            )

    def test_kets_in_several_sectors(self):
        for levels in (63, 64, 65, 130):
            for storage in ("matrix-free", "assembled"):
                with self.subTest(levels=levels, storage=storage):
                    self.check_exchange(
                        levels,
                        '[dynamics]\nkind = "unitary"\n',
                        "--set",
                        f"liouvillian.storage={storage}",
                    )

    def test_trajectories_in_several_sectors(self):
        self.check_exchange(
            70,
            '[dynamics]\nkind = "trajectories"\n[trajectories]\ncount = 2\n'
            '[[dissipator]]\noperator = "proj(c, 60)"\nrate = 1\n',
        )

    def test_density_operators_in_several_sectors(self):
        self.check_exchange(64, "")

    def test_more_charges_than_are_counted(self):
        for levels in (63, 66, 130):
            with self.subTest(levels=levels):
                out = self.run_model(ONE_QUANTUM.format(levels=levels))
                found = out["evolve"]["observables"]["n"][1]
                self.assertAlmostEqual(found, math.cos(1) ** 2, delta=1e-7)
                self.assertLess(out["diagnostics"]["peak_memory_bytes"], 300e6)


if __name__ == "__main__":
    unittest.main()
