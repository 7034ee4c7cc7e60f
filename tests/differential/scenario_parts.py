"""What scenarios have in common: times, tasks, settings, baths."""

from syntax import num, op, plus, times

SITES = dict(oscillator=3, spin=4, levels=2)


def time_span(draw, long=False):
    start = draw.weighted({0: 6, 0.5: 1, -1: 0.5})
    if long and draw.chance(0.1):
        return start, start + draw.pick(100, 1000, 10000)
    return start, start + draw.pick(1, 2, 3, 5, 10)


def output_times(draw, span):
    start, end = span
    points = draw.pick(2, 3, 5, 8, 9, 12, 21, 40)
    if draw.chance(0.25):
        inner = {round(draw.random.uniform(start, end), 3) for _ in range(points - 2)}
        return sorted({start, end, *inner} - ({start} if draw.chance(0.1) else set()))
    return [start + (end - start) * k / (points - 1) for k in range(points)]


def unknowns(builder):
    """D^2, and of an ensemble what no permutation changes."""
    total = 1
    for site in builder.model["sites"]:
        count = site.get("count") or 1
        if site["kind"] == "ensemble":
            total *= (count + 1) * (count + 2) * (count + 3) // 6
        else:
            total *= site.get("levels", 2) ** (2 * count)
    return total


def add_settings(builder, steady=True):
    draw, settings = builder.draw, builder.model["settings"]
    if draw.chance(0.6):
        settings["liouvillian.storage"] = draw.pick("assembled", "matrix-free")
    if draw.chance(0.25):
        settings["liouvillian.sectors"] = False
    if draw.chance(0.15):
        names = ["none", "dilu", "ilu", "auto"]
        if settings.get("liouvillian.storage") != "matrix-free":
            names.remove("dilu")
        settings["liouvillian.preconditioner"] = draw.pick(*names)
    if draw.chance(0.1):
        builder.model["ranks"] = draw.pick(2, 3)
    if steady and "steady" in builder.model and draw.chance(0.5):
        settings["steady.solver"] = draw.pick("gmres", "mumps")
    if "spectrum" in builder.model and draw.chance(0.3):
        settings["spectrum.method"] = draw.pick("dense", "krylov")
    if "evolve" in builder.model and draw.chance(0.35):
        moving = builder.moving
        methods = ["adams"] if builder.model["kind"] != "lindblad" else ["adams", "bdf"]
        builder.model["evolve"]["method"] = draw.pick(*methods, *([] if moving else ["chebyshev"]))
        if builder.model["evolve"]["method"] == "bdf" and draw.chance(0.5):
            builder.model["evolve"]["jacobian"] = draw.pick("matrix-free", "assembled")
    if "evolve" in builder.model and draw.chance(0.15):
        builder.model["evolve"]["rtol"] = draw.pick(1e-9, 1e-10)


def add_reduced(builder):
    sites = []
    for site in builder.model["sites"]:
        name = site["name"]
        if site.get("count") and site["kind"] != "ensemble" and builder.draw.chance(0.6):
            name += f"[{builder.draw.integer(0, site['count'] - 1)}]"
        sites.append(name)
    builder.draw.random.shuffle(sites)
    if sites and builder.draw.chance(0.3):
        builder.model["reduced"].append(sites[: builder.draw.integer(1, 2)])


def add_correlations(builder, moving):
    draw, model = builder.draw, builder.model
    for k in range(draw.integer(1, 2)):
        site, other = builder.any_site(), builder.any_site()
        entry = dict(name=f"c{k}", A=builder.word(site, builder.place(site)),
                     B=builder.word(other, builder.place(other)))  # fmt: skip
        if draw.chance(0.3):
            site = builder.any_site()
            entry["C"] = builder.word(site, builder.place(site))
        if moving or draw.chance(0.5):
            start, end = 0, 1  # without [evolve] the initial state is that at 0
            if "evolve" in model:
                start, end = model["evolve"]["times"][0], model["evolve"]["times"][-1]
            inner = [round(draw.random.uniform(start, end), 2) for _ in range(2)]
            entry["at"] = draw.pick(inner[0], start, sorted(set(inner)))
        entry["delays"] = draw.pick([0, 0.5, 1.5], [0.7], [0, 0.1, 0.2, 0.3, 0.4], [0.0, 4.0])
        if "at" not in entry and draw.chance(0.6):
            entry["frequencies"] = draw.pick([0], [-1, 0.3, 1], [0, 0.1, 1, 10])
            if draw.chance(0.5):
                del entry["delays"]
        if draw.chance(0.3) and "delays" in entry:
            entry["connected"] = True
        if "frequencies" in entry and draw.chance(0.4):
            entry["method"] = draw.pick("solve", "evolve")
        model["correlations"].append(entry)


def add_pictures(builder):
    draw, model = builder.draw, builder.model
    sites = [s for s in model["sites"] if s["kind"] != "levels" and s.get("levels", 2) > 1]
    if not sites or not draw.chance(0.15):
        return
    site = draw.random.choice(sites)
    entry = dict(name="picture", site=site["name"], points=draw.pick(2, 3, 5))
    if site.get("count") and site["kind"] != "ensemble":
        entry["site"] += "[0]"
    if site["kind"] == "oscillator":
        entry["function"] = draw.pick("husimi", "wigner")
        entry["extent"] = draw.pick(1.5, 3)
    times = model["evolve"]["times"]
    if draw.chance(0.5):
        entry["at"] = [times[0], times[-1]] if len(times) > 1 else times
    model["phase_space"] = [entry]


def add_map(builder):
    spins = [s for s in builder.model["sites"] if s["kind"] == "spin"]
    if not spins:
        return
    site = builder.draw.random.choice(spins)
    name = site["name"] + ("[0]" if site.get("count") else "")
    builder.model["map"] = dict(site=name)


def random_bath(builder, name):
    draw = builder.draw
    site = builder.any_site()
    place = builder.place(site)
    builder.style = "generic"
    coupling = builder.hermitian_word(site, place)
    if draw.chance(0.3):
        coupling = plus(coupling, times(num(draw.number()), builder.hermitian_word(site, place)))
    scheme = draw.pick("secular", "secular", "local", "redfield", "partial-secular",
                       "coarse-grained")  # fmt: skip
    density = dict(kind=draw.pick("ohmic-drude", "ohmic-exponential", "ohmic-hard"),
                   strength=draw.pick(0.01, 0.05, 0.002), cutoff=draw.pick(3, 8, 20.5))  # fmt: skip
    if draw.chance(0.25) and scheme != "local":
        density["exponent"] = draw.pick(2, 3)
    peak = draw.chance(0.15)
    if peak and scheme != "coarse-grained":
        density = dict(kind="lorentzian", strength=draw.pick(0.02, 0.1), frequency=draw.pick(0.9, 2),
                       width=draw.pick(0.3, 1))  # fmt: skip
    elif draw.chance(0.1) and scheme != "coarse-grained":
        density = dict(kind="flat", rate=draw.pick(0.05, 0.3))
    bath = dict(name=name, coupling=coupling, density=density, scheme=scheme)
    if (site.get("count") or 1) > 1 and site["kind"] in ("spin", "ensemble") and draw.chance(0.5):
        bath["coupling"] = op(draw.pick("sx", "sy", "sz"), site["name"])
        bath["scheme"] = scheme = "collective"
        if draw.chance(0.5) and site["kind"] == "spin":
            n = site["count"]
            c = draw.pick(0.3, -0.2, 0.9)
            bath["correlations"] = [[1 if i == j else c for j in range(n)] for i in range(n)]
            if density["kind"] == "lorentzian":
                density["width"] = 0.5
    if density["kind"] == "ohmic-drude" and "exponent" in density:
        density["kind"] = "ohmic-exponential"  # the integrals over J must end
    if scheme == "coarse-grained" and density["kind"] == "ohmic-drude":
        density["kind"] = "ohmic-hard"
    if draw.chance(0.75):
        bath["temperature"] = draw.number(0.2, 2)
    bath["kind"] = draw.pick("bosonic", "bosonic", "bosonic", "spin", "classical")
    if draw.chance(0.4) and scheme != "coarse-grained" and density["kind"].startswith("ohmic-") and (
        density["kind"] != "ohmic-hard" and scheme != "collective"
    ):
        bath["lamb_shift"] = True
    if scheme == "coarse-grained":
        bath["dt"] = draw.pick(0.7, 2.3, 5)
    if scheme == "partial-secular":
        bath["grouping"] = draw.pick(0.1, 0.5, 1000)
    return bath
