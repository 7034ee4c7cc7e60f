#!/usr/bin/env python3
"""The sparsity of three Liouvillians, before and after their elements are sorted by sector.

L is computed here from its definition, and its sectors are the connected components of its graph,
each with its mirror; with --lindwurm their sizes are compared with those that the program finds.
Needs Python's standard library, and gnuplot for the picture.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent


def zeros(d):
    return [[0.0] * d for _ in range(d)]


def unit(d):
    return [[float(m == n) for n in range(d)] for m in range(d)]


def product(a, b):
    d = len(a)
    return [[sum(a[m][k] * b[k][n] for k in range(d)) for n in range(d)] for m in range(d)]


def dagger(a):
    return [list(column) for column in zip(*a)]    # all matrices here are real


def total(*terms):
    """sum_k c_k A_k"""
    d = len(terms[0][1])
    return [[sum(c * a[m][n] for c, a in terms) for n in range(d)] for m in range(d)]


def kron(a, b):
    return [[x * y for x in row for y in other] for row in a for other in b]


def annihilation(d):
    a = zeros(d)
    for n in range(1, d):
        a[n - 1][n] = n**0.5
    return a


def ket(j, k, d):
    a = zeros(d)
    a[j][k] = 1.0
    return a


def liouvillian(h, jumps):
    """The entries {(x, y): L[x, y]} for x = m D + n; parts that cancel leave none."""
    d = len(h)
    loss = total(*((rate, product(dagger(a), a)) for rate, a in jumps))
    found = {}

    def add(m, n, k, l, value):
        if value != 0:
            key = (m * d + n, k * d + l)
            found[key] = found.get(key, 0) + value

    for m in range(d):
        for n in range(d):
            for k in range(d):
                add(m, n, k, n, -1j * h[m][k] - loss[m][k] / 2)
                add(m, n, m, k, 1j * h[k][n] - loss[k][n] / 2)
    for rate, a in jumps:
        entries = [(m, k, a[m][k]) for m in range(d) for k in range(d) if a[m][k] != 0]
        for m, k, first in entries:
            for n, l, second in entries:
                add(m, n, k, l, rate * first * second)
    return {key: value for key, value in found.items() if abs(value) > 1e-14}


def sectors(entries, d):
    """Components of the graph of L, every element tied to its mirror; the largest first."""
    parent = list(range(d * d))

    def of(x):
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for x, y in entries:
        parent[of(x)] = of(y)
    for x in range(d * d):
        parent[of(x)] = of(x % d * d + x // d)
    members = {}
    for x in range(d * d):
        members.setdefault(of(x), []).append(x)
    return sorted(members.values(), key=lambda sector: (-len(sector), sector))


def oscillator_spin():
    levels = 6
    a, one = kron(annihilation(levels), unit(2)), unit(levels)
    # Along x: sx = diag(1, -1), sz flips.
    sx, sz = kron(one, [[1.0, 0.0], [0.0, -1.0]]), kron(one, [[0.0, 1.0], [1.0, 0.0]])
    down = kron(one, ket(1, 0, 2))
    number, x = product(dagger(a), a), total((1, a), (1, dagger(a)))
    h = total((1, number), (0.5, sx), (0.2, product(x, sz)))
    jumps = [(0.075, a), (0.025, dagger(a)), (0.12, down), (0.02, dagger(down))]
    return h, jumps, f"""
[sites]
mode = {{ kind = "oscillator", levels = {levels} }}
atom = {{ kind = "spin" }}
[hamiltonian]
terms = ["n(mode)", "0.5*sx(atom)", "0.2*x(mode)*sz(atom)"]
[[dissipator]]
operator = "a(mode)"
rate = 0.075
[[dissipator]]
operator = "ad(mode)"
rate = 0.025
[[dissipator]]
operator = "sm_x(atom)"
rate = 0.12
[[dissipator]]
operator = "sp_x(atom)"
rate = 0.02
"""


def jaynes_cummings():
    levels = 6
    a, one = kron(annihilation(levels), unit(2)), unit(levels)
    down = kron(one, ket(1, 0, 2))    # up first
    exchange = product(a, dagger(down))
    h = total((1, product(dagger(a), a)), (1, product(dagger(down), down)),
              (0.1, exchange), (0.1, dagger(exchange)))
    return h, [(0.05, a), (0.1, down)], f"""
[sites]
mode = {{ kind = "oscillator", levels = {levels} }}
atom = {{ kind = "spin" }}
[hamiltonian]
terms = ["n(mode)", "proj(atom, 0)", "0.1*(a(mode)*sp(atom) + ad(mode)*sm(atom))"]
[[dissipator]]
operator = "a(mode)"
rate = 0.05
[[dissipator]]
operator = "sm(atom)"
rate = 0.1
"""


def secular():
    levels = 8
    energies = [0, 1, 2.3, 3.1, 4.7, 5.2, 6.9, 8]
    h = zeros(levels)
    text = f'[sites]\natom = {{ kind = "levels", levels = {levels} }}\n[hamiltonian]\nterms = ['
    text += ", ".join(f'"{energy}*proj(atom, {k})"' for k, energy in enumerate(energies)) + "]\n"
    jumps = []
    for k, energy in enumerate(energies):
        h[k][k] = energy
    for j in range(levels):
        for k in range(levels):
            if j == k:
                continue
            rate = 0.1 if j < k else 0.02
            jumps.append((rate, ket(j, k, levels)))
            text += f'[[dissipator]]\noperator = "ket(atom, {j}, {k})"\nrate = {rate}\n'
    return h, jumps, text


MODELS = {
    "an oscillator and a spin, x sz": oscillator_spin,
    "Jaynes-Cummings": jaynes_cummings,
    "secular equation of 8 levels": secular,
}


def sizes_of_program(lindwurm, model):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.toml"
        result = pathlib.Path(folder) / "result.json"
        file.write_text(model + "[spectrum]\n")
        subprocess.run([lindwurm, "run", file, "-o", result.with_suffix(".h5"), "--json", result],
                       check=True, stdout=subprocess.DEVNULL)
        diagnostics = json.loads(result.read_text())["diagnostics"]
        return sorted(diagnostics["spectrum"]["sector_sizes"], reverse=True)


def grouped(sizes):
    """22 + 40 + 6 x 2"""
    parts = []
    for size in sorted(set(sizes), reverse=True):
        times = sizes.count(size)
        parts.append(str(size) if times == 1 else f"{times} x {size}")
    return " + ".join(parts)


def draw(panels, picture):
    commands = [
        'set terminal pngcairo size 1500,1060 font "DejaVu Sans,15" enhanced',
        f'set output "{picture}"',
        "set multiplot layout 2,3 margins 0.035,0.99,0.05,0.93 spacing 0.035,0.11",
        "set size ratio 1", "unset key", "unset tics", "set border linewidth 0.8",
        'set style fill solid noborder',
    ]
    data = []
    for n, (title, dots, ends) in enumerate(panels):
        count = max(x for x, _ in dots) + 1
        half = 0.5 if count > 100 else 0.42
        commands += [f'set title "{title}" offset 0,-0.4', f"set xrange [-1:{count}]",
                     f"set yrange [{count}:-1]", "unset arrow"]
        for end in ends:
            for line in (f"{end - 0.5},-1 to {end - 0.5},{count}",
                         f"-1,{end - 0.5} to {count},{end - 0.5}"):
                commands.append(f"set arrow from {line} nohead linecolor rgb '#D55E00' "
                                "linewidth 0.8")
        data.append(f"$panel{n} << end\n" + "\n".join(f"{y} {x}" for x, y in dots) + "\nend")
        commands.append(f"plot $panel{n} using 1:2:({half}):({half}) with boxxyerror "
                        'linecolor rgb "#0072B2"')
    script = "\n".join(data + commands) + "\n"
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lindwurm", help="the program, to compare the sizes of its sectors")
    parser.add_argument("--output", default=FOLDER / "sectors.png", help="[sectors.png beside this]")
    arguments = parser.parse_args()
    natural, sorted_panels = [], []
    agrees = True
    for name, make in MODELS.items():
        h, jumps, model = make()
        d = len(h)
        entries = liouvillian(h, jumps)
        parts = sectors(entries, d)
        sizes = [len(part) for part in parts]
        place = {x: k for k, x in enumerate(x for part in parts for x in part)}
        print(f"{name}: D = {d}, {d * d} elements = {grouped(sizes)}")
        if arguments.lindwurm:
            found = sizes_of_program(arguments.lindwurm, model)
            agrees = agrees and found == sizes
            print("  lindwurm agrees" if found == sizes else f"  lindwurm finds {grouped(found)}")
        natural.append((f"{name}: {d * d} elements", list(entries), []))
        ends = [sum(sizes[:k]) for k in range(1, len(sizes)) if sizes[k - 1] > 2 or sizes[k] > 2]
        sorted_panels.append((grouped(sizes), [(place[x], place[y]) for x, y in entries], ends))
    draw(natural + sorted_panels, arguments.output)
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
