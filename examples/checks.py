"""Comparisons of numbers; shared by the examples' drivers."""

import math
import sys

from tables import read_csv


class Checks:
    """Counts comparisons, prints those that fail, and remembers each topic's largest deviation."""

    def __init__(self):
        self.made = 0
        self.failed = 0
        self.largest = {}

    def require(self, name, holds, detail=""):
        self.made += 1
        if not holds:
            self.failed += 1
            print(f"FAILED  {name}: {detail}", file=sys.stderr)

    def near(self, name, found, expected, tolerance):
        """|found - expected| <= tolerance, for real or complex numbers; nan fails."""
        difference = abs(found - expected)
        self.require(name, difference <= tolerance,
                     f"{found} where {expected} is expected, off by {difference:.3g}, "
                     f"allowed is {tolerance:.1g}")

    def compare(self, topic, detail, found, expected, scale=1.0, tolerance=1e-8):
        """|found - expected| <= tolerance * scale, one of the numbers of a topic."""
        count, largest = self.largest.get(topic, (0, 0.0))
        self.largest[topic] = (count + 1, max(largest, abs(found - expected) / scale))
        self.near(f"{topic}, {detail}", found, expected, tolerance * scale)

    def compare_relative(self, topic, detail, found, expected):
        self.compare(topic, detail, found, expected, abs(expected))

    def compare_curve(self, topic, detail, run, name, expected):
        """An observable of an evolution with its values at the output times."""
        series = run["evolve"]["observables"][name]
        for t, found, value in zip(run["evolve"]["times"], series, expected):
            if isinstance(found, list):
                found = complex(*found)
            self.compare(topic, f"{detail}, t = {t}", found, value)

    def compare_table(self, file, rows):
        """Rows that end with a number, with a table that has a tolerance besides."""
        found = {tuple(map(str, key)): value for *key, value in rows}
        for row in read_csv(file):
            *key, value, tolerance = row.values()
            self.near(" ".join(key), found.get(tuple(key), math.nan), float(value),
                      float(tolerance))

    def print_largest(self):
        print(f"\n{'numbers':>8}  {'largest deviation':>17}")
        for topic, (count, largest) in self.largest.items():
            print(f"{count:8}  {largest:17.1e}  {topic}")
        print()

    def exit_status(self):
        print(f"{self.made - self.failed} of {self.made} checks passed")
        return 1 if self.failed or not self.made else 0
