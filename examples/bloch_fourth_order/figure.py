#!/usr/bin/env python3
"""T2 against 2 T1 of a two-level system that a damped mode flips, to second and fourth order.

Asks lindwurm for the rates of model.toml over a range of couplings and splittings, writes
figure.csv (the curves), draws figure.png and figure.svg, and compares with expected.csv, the exact
decay from hierarchical equations of motion.
"""

import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from checks import Checks  # noqa: E402
from run_model import model_rates, read_arguments, run_all  # noqa: E402
from tables import draw, read_csv, write_csv  # noqa: E402

TEMPERATURE = 1.0
PANELS = {
    "coupling": [(0.9, k / 1000) for k in range(1, 31)],
    "splitting": [((6 + k) / 20, 0.004) for k in range(55)],
}


def read_expected():
    return [{name: float(value) for name, value in row.items()}
            for row in read_csv(FOLDER / "expected.csv")]


def t2_over_2t1(rates, order="total"):
    """T2/(2 T1); in second order it is 1."""
    return rates["inverse_t1"][order] / (2 * rates["inverse_t2"][order])


def run_everything(lindwurm, expected):
    """{(w0, strength): numbers of docs/bloch.md}"""
    points = {point for panel in PANELS.values() for point in panel}
    points |= {(row["w0"], row["strength"]) for row in expected}
    tasks = {(w0, strength): (model_rates, FOLDER / "model.toml",
                              {"w0": w0, "strength": strength, "temperature": TEMPERATURE})
             for w0, strength in sorted(points)}
    return {point: baths[0]["bloch"] for point, baths in run_all(lindwurm, tasks).items()}


def deviations(row, rates):
    """How far each order is from the exact 1/T1, 1/T2 and frequency: the largest of the three."""
    found = {}
    for order in ("second", "total"):
        found[order] = max(
            abs(rates["inverse_t1"][order] - row["inverse_t1"]),
            abs(rates["inverse_t2"][order] - row["inverse_t2"]),
            abs(row["w0"] + rates["shift"][order] - row["frequency"]))
    return found


def check(runs, expected):
    checks = Checks()
    for (w0, strength), rates in runs.items():
        name = f"w0 = {w0:g}, g^2 = {strength:g}: "
        second = ((rates["k10"]["fourth"]
                   - math.exp(-w0 / TEMPERATURE) * rates["k01"]["fourth"])
                  / rates["k01"]["second"])
        size = abs(rates["k01"]["fourth"] / rates["k01"]["second"])
        checks.near(name + "detailed balance", second, rates["K"]["second"], 1e-10 * size)
        checks.near(name + "second order has T2 = 2 T1", t2_over_2t1(rates, "second"), 1, 1e-14)
    found = {}
    print(f"\n{'w0':>5} {'g^2':>7} {'T2/2T1 exact':>13} {'4th order':>10}   largest deviation: "
          "2nd order, 4th order")
    for row in expected:
        rates = runs[row["w0"], row["strength"]]
        found[row["w0"], row["strength"]] = off = deviations(row, rates)
        exact = row["inverse_t1"] / (2 * row["inverse_t2"])
        print(f"{row['w0']:5g} {row['strength']:7g} {exact:13.6f} {t2_over_2t1(rates):10.6f}"
              f"   {off['second']:.2e} {off['total']:.2e}")
        name = f"w0 = {row['w0']:g}, g^2 = {row['strength']:g}: "
        checks.require(name + "T2 is on the same side of 2 T1",
                       (exact > 1) == (t2_over_2t1(rates) > 1), f"{exact} exactly")
        if row["strength"] <= 0.01 and row["w0"] != 1.3:
            checks.require(name + "fourth order is the closer one",
                           off["total"] < off["second"] / 4, f"{off}")
    for strong, weak in ((0.01, 0.005), (0.005, 0.0025), (0.0025, 0.00125)):
        for order, power in (("second", 2), ("total", 3)):
            gain = math.log2(found[0.9, strong][order] / found[0.9, weak][order])
            checks.require(f"g^2 = {strong:g}: what is missing goes as g^{2 * power}",
                           abs(gain - power) < 0.05, f"a power {gain:.3f} of g^2")
    return checks.exit_status()


def curve_rows(runs, expected):
    for panel, points in PANELS.items():
        for point in points:
            yield [panel, *point, t2_over_2t1(runs[point])]
    for row in expected:
        yield ["exact", row["w0"], row["strength"], row["inverse_t1"] / (2 * row["inverse_t2"])]


def main():
    arguments = read_arguments(__doc__)
    expected = read_expected()
    runs = run_everything(arguments.lindwurm, expected)
    write_csv(arguments.output / "figure.csv", ["kind", "w0", "strength", "t2_over_2t1"],
              curve_rows(runs, expected))
    draw(FOLDER / "figure.gp", arguments.output, "figure.csv")
    return check(runs, expected) if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
