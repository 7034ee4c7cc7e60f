#!/usr/bin/env python3
"""Emission spectra: the Mollow triplet of a driven emitter, and vacuum Rabi splitting.

Runs emitter.toml for drives from weak to strong and model.toml for one to four atoms and many
couplings, and compares spectra, correlation functions, peaks and eigenvalues with closed formulas.
Writes emission.csv, photons.csv, rabi.csv and splitting.csv, and draws emission_spectrum.png.
"""

import cmath
import math
import pathlib
import sys

sys.dont_write_bytecode = True
FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from checks import Checks  # noqa: E402
from run_model import of_kind, read_arguments, run_all, run_model  # noqa: E402
from tables import draw, write_csv  # noqa: E402

EMITTER = FOLDER / "emitter.toml"
MODEL = FOLDER / "model.toml"
DRIVES = (0.2, 1.0, 5.0, 20.0)    # of gamma = 1
ATOMS = (1, 2, 3, 4)
G, KAPPA, GAMMA = 0.1, 0.1, 0.02
NTH = 1e-4
COUPLINGS = (0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12)
SUM_POINTS = 200


# What is expected.

class Emitter:
    """Optical Bloch equations with the drive on resonance, gamma = 1, by the regression theorem.

    Of X = sigma_- rho, tr(sigma_x X) decays by itself; tr(sigma_y X) and tr(sigma_z X), less their
    limits, turn into each other: v' = ((-1/2, -Omega), (Omega, -1)) v.
    """

    def __init__(self, drive):
        self.drive = drive
        z = -1 / (1 + 2 * drive**2)
        y = -2 * drive * z
        self.excited = (1 + z) / 2
        self.dipole = -0.5j * y
        self.y = -1j * self.excited - self.dipole * y
        self.z = -self.dipole - self.dipole * z
        self.rabi = cmath.sqrt(drive**2 - 1 / 16)

    def correlation(self, tau):
        """<s+(t + tau) s-(t)> - |<s->|^2"""
        turning = math.exp(-0.75 * tau) * (
            cmath.cos(self.rabi * tau) * self.y
            + (self.y / 4 - self.drive * self.z) / self.rabi * cmath.sin(self.rabi * tau))
        return self.excited / 2 * math.exp(-tau / 2) + 0.5j * turning

    def spectrum(self, w):
        s = 1j * w
        turning = ((s + 1) * self.y - self.drive * self.z) / ((s + 0.5) * (s + 1) + self.drive**2)
        return 2 * (self.excited / 2 / (s + 0.5) + 0.5j * turning).real

    def photons(self, tau):
        """<s+ s+(tau) s-(tau) s->: two photons a time tau apart."""
        again = 1 - (math.exp(-0.75 * tau) * (
            cmath.cos(self.rabi * tau) + 0.75 / self.rabi * cmath.sin(self.rabi * tau))).real
        return self.excited**2 * again


class CoupledModes:
    """Hardly excited, the atoms together are one oscillator that couples with G = g sqrt(N):
    a' = -(i + kappa/2) a - i G b + sqrt(kappa) a_in, b' = -(i + gamma/2) b - i G a."""

    def __init__(self, g, atoms):
        self.coupling = g * math.sqrt(atoms)

    def spectrum(self, w):
        """Over nth."""
        mode, atom = KAPPA / 2 + 1j * (w - 1), GAMMA / 2 + 1j * (w - 1)
        return KAPPA * abs(atom / (mode * atom + self.coupling**2))**2

    def eigenvalues(self):
        """Rates and detunings of the two normal modes."""
        root = cmath.sqrt(self.coupling**2 - ((KAPPA - GAMMA) / 4)**2)
        return [-(KAPPA + GAMMA) / 4 + 1j * root, -(KAPPA + GAMMA) / 4 - 1j * root]

    def peak(self):
        """Where S is highest: x = detuning^2 makes (x + c)/|denominator|^2 stationary,
        (x + c)^2 = G^2 (G^2 + 2 c + kappa gamma/2), c = gamma^2/4."""
        c, square = GAMMA**2 / 4, self.coupling**2
        x = math.sqrt(square * (square + 2 * c + KAPPA * GAMMA / 2)) - c
        return math.sqrt(x) if x > 0 else 0.0


# Runs.

def listed(numbers):
    return "[" + ", ".join(f"{x:.12g}" for x in numbers) + "]"


def tangents(centre, width):
    """Frequencies and weights of int dw/2 pi over the whole line, exact but for rounding if S is
    rational: w = centre + width tan(theta)."""
    angles = [math.pi * ((k + 0.5) / SUM_POINTS - 0.5) for k in range(SUM_POINTS)]
    return ([centre + width * math.tan(angle) for angle in angles],
            [width / (2 * SUM_POINTS * math.cos(angle)**2) for angle in angles])


def tasks():
    found = {("drive", drive): (run_model, EMITTER, {"Omega": drive}) for drive in DRIVES}
    found["sum", "solve"] = (run_model, EMITTER, {
        "correlation[0].frequencies": listed(tangents(0, 3)[0]), "correlation[0].method": "solve"})
    found["method", "solve"] = (run_model, EMITTER, {"correlation[0].method": "solve"})
    found["method", "evolve"] = (run_model, EMITTER, {"correlation[0].method": "evolve"})
    for atoms in ATOMS:
        found["atoms", atoms] = (run_model, MODEL, {"N": atoms})
        found["fewer", atoms] = (run_model, MODEL, {"N": atoms, "nth": NTH / 10})
    for g in COUPLINGS:
        around = CoupledModes(g, 1).peak()
        grid = [1 + around + 2e-4 * (k - 25) for k in range(51)]
        found["coupling", g] = (run_model, MODEL, {
            "g": g, "correlation[0].frequencies": listed(grid)})
        found["modes", g] = (run_model, MODEL, {
            "g": g, "nth": 0, "spectrum.run": "true", "correlation[0].run": "false"})
    return found


# Comparisons.

def spectrum_of(run, name="emission"):
    found = run["correlations"][name]
    return list(zip(found["frequencies"], found["spectrum"]))


def delays_of(run, name):
    found = run["correlations"][name]
    return [(tau, complex(*value)) for tau, value in zip(found["delays"], found["values"])]


def highest(points):
    """Place and height of the highest point, by the parabola through it and its neighbours."""
    k = max(range(1, len(points) - 1), key=lambda j: points[j][1])
    (x0, y0), (x1, y1), (x2, y2) = points[k - 1:k + 2]
    first, second = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
    bend = (second - first) / (x2 - x0)
    place = (x0 + x1) / 2 - first / (2 * bend)
    return place, y1 + (place - x1) * (first + bend * (place - x0))


def half_width(points, height):
    """Half of the distance between the two places where S passes half its height."""
    passes = [x0 + (x1 - x0) * (y0 - height / 2) / (y0 - y1)
              for (x0, y0), (x1, y1) in zip(points, points[1:])
              if (y0 - height / 2) * (y1 - height / 2) <= 0]
    return (passes[-1] - passes[0]) / 2


def check_emitter(runs, checks):
    for drive, run in of_kind(runs, "drive").items():
        drive, expected = drive[0], Emitter(drive[0])
        scale = max(s for _, s in spectrum_of(run))
        for w, s in spectrum_of(run):
            checks.compare("Mollow spectra", f"Omega = {drive}, w = {w}", s, expected.spectrum(w),
                           scale)
        for tau, value in delays_of(run, "emission"):
            checks.compare("<s+(tau) s->, connected", f"Omega = {drive}, tau = {tau}", value,
                           expected.correlation(tau), expected.excited)
        for tau, value in delays_of(run, "photons"):
            checks.compare("<s+ s+(tau) s-(tau) s->", f"Omega = {drive}, tau = {tau}", value,
                           expected.photons(tau), expected.excited**2)
    both = [spectrum_of(run) for run in of_kind(runs, "method").values()]
    for (w, solved), (_, evolved) in zip(*both):
        checks.compare("solve against evolve", f"w = {w}", solved, evolved)
    total = sum(weight * s for weight, (_, s)
                in zip(tangents(0, 3)[1], spectrum_of(runs["sum", "solve"])))
    checks.compare("integral of S over w/2 pi", "Omega = 5", total,
                   Emitter(5.0).correlation(0).real)


def triplet(runs, checks):
    """(line, place, half width, height) for the strongest drive, with Mollow's limit for each."""
    drive = DRIVES[-1]
    points = spectrum_of(runs["drive", drive])
    rows = []
    for line, place, width, height in (("left", -drive, 0.75, 1 / 3), ("centre", 0, 0.5, 1.0),
                                       ("right", drive, 0.75, 1 / 3)):
        near = [point for point in points if abs(point[0] - place) < 4]
        found = highest(near)
        wide = half_width(near, found[1])
        rows.append((line, found[0], wide, found[1]))
        # Shifts are of order gamma^2/Omega, and the neighbours' wings add to each line.
        checks.compare("triplet: places", line, found[0], place, tolerance=0.03)
        checks.compare("triplet: half widths", line, wide, width, tolerance=0.01)
        checks.compare("triplet: heights", line, found[1], height, tolerance=0.002)
    return rows


def check_atoms(runs, checks):
    """Deviations fall with nth, as those of what is linear in it do."""
    rows = []
    for atoms in ATOMS:
        expected = CoupledModes(G, atoms)
        off = []
        for kind, nth in (("atoms", NTH), ("fewer", NTH / 10)):
            points = spectrum_of(runs[kind, atoms])
            scale = max(expected.spectrum(w) for w, _ in points)
            off.append(max(abs(s / nth - expected.spectrum(w)) for w, s in points) / scale)
        checks.compare("vacuum Rabi spectra", f"N = {atoms}, nth = {NTH}", off[0], 0,
                       tolerance=30 * NTH)
        checks.compare("deviation against nth: exponent", f"N = {atoms}",
                       math.log10(off[0] / off[1]), 1, tolerance=0.05)
        left = highest([point for point in spectrum_of(runs["atoms", atoms]) if point[0] < 1])
        right = highest([point for point in spectrum_of(runs["atoms", atoms]) if point[0] > 1])
        splitting = (right[0] - left[0]) / 2
        checks.compare("half the splitting of N atoms", f"N = {atoms}", splitting, expected.peak(),
                       tolerance=1e-4)
        rows.append((atoms, splitting, expected.peak(), expected.eigenvalues()[0].imag,
                     splitting / math.sqrt(atoms), off[0]))
    return rows


def check_couplings(runs, checks):
    rows = []
    for g in COUPLINGS:
        expected = CoupledModes(g, 1)
        place = highest(spectrum_of(runs["coupling", g]))[0] - 1
        checks.compare("peak against coupling", f"g = {g}", place, expected.peak(), tolerance=2e-5)
        found = [complex(*value) for value in runs["modes", g]["spectrum"]["eigenvalues"]]
        for mode in expected.eigenvalues():
            nearest = min(found, key=lambda value: abs(value - (mode + 1j)))
            checks.compare("eigenvalues", f"g = {g}", nearest, mode + 1j)
        root = expected.eigenvalues()[0]
        rows.append((g, place, expected.peak(), root.imag, -root.real))
    return rows


def write_tables(folder, runs, atoms, couplings):
    write_csv(folder / "emission.csv", ["Omega", "w", "S", "exact"],
              [(drive, w, s, Emitter(drive).spectrum(w))
               for (drive,), run in of_kind(runs, "drive").items() for w, s in spectrum_of(run)])
    write_csv(folder / "photons.csv", ["Omega", "tau", "g2", "exact"],
              [(drive, tau, value.real / Emitter(drive).excited**2,
                Emitter(drive).photons(tau) / Emitter(drive).excited**2)
               for (drive,), run in of_kind(runs, "drive").items()
               for tau, value in delays_of(run, "photons")])
    write_csv(folder / "rabi.csv", ["N", "w", "S/nth", "linear"],
              [(count, w, s / NTH, CoupledModes(G, count).spectrum(w))
               for (count,), run in of_kind(runs, "atoms").items() for w, s in spectrum_of(run)])
    write_csv(folder / "splitting.csv",
              ["g", "peak", "peak expected", "mode", "rate"], couplings)
    write_csv(folder / "atoms.csv",
              ["N", "half splitting", "expected", "mode", "over sqrt(N)", "deviation"], atoms)


def main():
    arguments = read_arguments(__doc__)
    runs = run_all(arguments.lindwurm, tasks())
    checks = Checks()
    check_emitter(runs, checks)
    lines = triplet(runs, checks)
    atoms = check_atoms(runs, checks)
    couplings = check_couplings(runs, checks)
    print(f"\n{'line':8}{'place':>10}{'half width':>12}{'height':>10}    Omega = {DRIVES[-1]:g}")
    for line, *numbers in lines:
        print(f"{line:8}{numbers[0]:10.4f}{numbers[1]:12.4f}{numbers[2]:10.4f}")
    print(f"\n{'N':>3}{'half splitting':>16}{'formula':>10}{'/sqrt N':>10}{'deviation':>11}")
    for count, found, expected, _, scaled, off in atoms:
        print(f"{count:3}{found:16.5f}{expected:10.5f}{scaled:10.5f}{off:11.1e}")
    checks.print_largest()
    write_tables(arguments.output, runs, atoms, couplings)
    draw(FOLDER / "emission_spectrum.gp", arguments.output, "emission.csv", "photons.csv",
         "rabi.csv", "splitting.csv")
    return checks.exit_status() if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
