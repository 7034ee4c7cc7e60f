"""Kinds of models that lead to what is rare: many levels, large sectors, merging modes, classes."""

from random_models import Builder
from scenario_parts import (
    add_correlations,
    add_map,
    add_reduced,
    add_settings,
    output_times,
    time_span,
    unknowns,
)
from syntax import num, op, times, with_conjugate


def tall(seed):
    """Many levels of which few are reached, across the sizes at which the program changes its ways."""
    builder = Builder(seed)
    draw, model = builder.draw, builder.model
    builder.style = "conserving"
    builder.moving = draw.chance(0.15)
    builder.span = (0, draw.pick(0.5, 1, 2))
    kind = draw.weighted(dict(lindblad=2, unitary=3, trajectories=0.7))
    model["kind"] = kind
    levels = draw.pick(8, 16, 32, 33, 62, 63, 64, 64, 65, 66, 80, 100, 127, 128, 129, 130)
    word = draw.pick("oscillator", "oscillator", "levels")
    model["sites"].append(dict(name="c", kind=word, levels=levels))
    if draw.chance(0.85):
        other = dict(name="s", kind="spin")
        if draw.chance(0.3):
            other["count"] = 2 if levels <= 66 else 1
        if draw.chance(0.3):
            other = dict(name="d", kind="levels", levels=draw.pick(2, 3))
        model["sites"].insert(draw.integer(0, 1), other)
    for _ in range(draw.integer(0, 2)):
        model["hamiltonian"].append(builder.hamiltonian_term())
    model["hamiltonian"].append(times(num(draw.number(0.1, 1)), builder.exchange()))
    if builder.moving:
        model["hamiltonian"].append(builder.moving_term())
    if kind != "unitary":
        for _ in range(draw.integer(0 if kind == "lindblad" else 1, 2)):
            site = builder.any_site()
            place = builder.place(site)
            operator = builder.lowering(site, place) if draw.chance(0.7) else (
                builder.diagonal_word(site, place))  # fmt: skip
            model["dissipators"].append(dict(operator=operator, rate=num(draw.rate())))
    for site in model["sites"]:
        low = draw.integer(0, 4) if draw.chance(0.8) else draw.integer(0, levels - 1)
        name = site["name"]
        if site["kind"] == "spin":
            model["initial"][name] = builder.spin_state(draw.chance(0.3), True)
        elif site["kind"] == "levels":
            model["initial"][name] = ["level", min(low, site["levels"] - 1)]
        elif draw.chance(0.3):
            model["initial"][name] = ["coherent", draw.number(0.2, 1), 0]
        else:
            model["initial"][name] = ["fock", low]
    builder.add_observables()
    model["observables"] = {
        n: o for n, o in model["observables"].items() if o not in ("purity", "entropy")
    }
    model["evolve"] = dict(times=output_times(draw, builder.span))
    if levels <= 66:
        add_reduced(builder)
    if kind == "trajectories":
        model["trajectories"] = dict(count=draw.pick(50, 200), seed=draw.integer(1, 99))
    add_settings(builder)
    return builder


def oscillators(seed):
    """One driven or coupled oscillator at the sizes where steady states and spectra change methods."""
    builder = Builder(seed)
    draw, model = builder.draw, builder.model
    builder.moving = False
    builder.style = "parity"
    levels = draw.pick(10, 16, 20)
    model["sites"] = [dict(name="m", kind="oscillator", levels=levels)]
    model["hamiltonian"] = [times(num(draw.number(0.2, 2)), op("n", "m"))]
    extra = draw.weighted(dict(kerr=2, drive=2, squeeze=1, none=1))
    if extra == "kerr":
        model["hamiltonian"].append(
            times(num(draw.number(0.1, 1)), ["^", op("ad", "m"), num(2)], ["^", op("a", "m"), num(2)])
        )
    if extra == "drive":
        model["hamiltonian"].append(times(num(draw.number(0.1, 0.6)), op("x", "m")))
    if extra == "squeeze":
        model["hamiltonian"].append(
            times(num(draw.number(0.05, 0.2)), with_conjugate(["^", op("a", "m"), num(2)]))
        )
    model["dissipators"] = [dict(operator=op("a", "m"), rate=num(draw.rate(builder.wide) or 0.3))]
    if draw.chance(0.5):
        model["dissipators"].append(dict(operator=op("ad", "m"), rate=num(0.05)))
    if draw.chance(0.3):
        model["dissipators"].append(dict(operator=["^", op("a", "m"), num(2)], rate=num(draw.rate())))
    model["initial"]["m"] = ["coherent", draw.number(0.2, 1), 0]
    builder.add_observables()
    model["evolve"] = dict(times=output_times(draw, (0, 4)))
    model["steady"] = {}
    model["spectrum"] = dict(count=draw.pick(2, 4, 6))
    builder.span = (0, 4)
    if draw.chance(0.4):
        add_correlations(builder, False)
    add_settings(builder)
    return builder


def large(seed):
    """Unknowns above the limits at which solvers and spectra change their ways (1000, 2000)."""
    builder = Builder(seed)
    draw, model = builder.draw, builder.model
    builder.moving = False
    builder.style = "conserving"
    with_spin = draw.chance(0.5)
    levels = draw.pick(15, 16, 17, 22, 23, 24) if with_spin else draw.pick(31, 32, 33, 44, 45, 46)
    model["sites"] = [dict(name="m", kind="oscillator", levels=levels)]
    model["hamiltonian"] = [times(num(draw.number(0.2, 2)), op("n", "m")),
                            times(num(draw.number(0.05, 0.5)), ["^", op("n", "m"), num(2)])]  # fmt: skip
    model["initial"]["m"] = draw.pick(["fock", 2], ["coherent", 0.7, 0], ["thermal", 0.2])
    if with_spin:
        place = draw.integer(0, 1)
        model["sites"].insert(place, dict(name="q", kind="spin"))
        model["initial"]["q"] = builder.spin_state(False, False)
        model["hamiltonian"].append(times(num(draw.number(0.2, 1)),
                                          with_conjugate(times(op("a", "m"), op("sp", "q")))))  # fmt: skip
        model["dissipators"].append(dict(operator=op("sm", "q"), rate=num(draw.rate() or 0.1)))
    model["dissipators"].append(dict(operator=op("a", "m"), rate=num(draw.rate() or 0.1)))
    if draw.chance(0.5):
        rate = num(round(0.2 * model["dissipators"][-1]["rate"][1], 4))
        model["dissipators"].append(dict(operator=op("ad", "m"), rate=rate))
    if draw.chance(0.4):
        model["hamiltonian"].append(times(num(draw.number(0.1, 0.5)), op("x", "m")))
    builder.span = (0, draw.pick(1, 3))
    builder.add_observables()
    model["observables"].pop("entropy", None)
    if draw.chance(0.5):
        model["evolve"] = dict(times=output_times(draw, builder.span))
    if draw.chance(0.7) or "evolve" not in model:
        model["steady"] = {}
    if draw.chance(0.4):
        model["spectrum"] = dict(count=draw.pick(1, 4, 8))
    add_settings(builder)
    model["ranks"] = draw.pick(1, 1, 1, 2)
    if model["settings"].get("spectrum.method") == "dense":
        del model["settings"]["spectrum.method"]
    return builder


def lossy(seed):
    """Few excitations that hop and are lost: only the sectors below the start are reached."""
    builder = Builder(seed)
    draw, model = builder.draw, builder.model
    builder.moving = draw.chance(0.15)
    builder.style = "conserving"
    builder.span = (0, draw.pick(0.5, 2, 5))
    count = draw.integer(2, 5)
    chain = dict(name="s", kind="spin", count=count)
    if draw.chance(0.3):
        count = draw.integer(2, 3)
        chain = dict(name="c", kind="oscillator", levels=3, count=count)
    model["sites"] = [chain]
    if draw.chance(0.4):
        model["sites"].insert(draw.integer(0, 1), dict(name="m", kind="oscillator", levels=2))
    for _ in range(draw.integer(1, 2)):
        model["hamiltonian"].append(times(builder.coefficient(), builder.within_group(chain)))
    if len(model["sites"]) > 1:
        model["hamiltonian"].append(times(num(draw.number(0.1, 1)), builder.exchange()))
    if builder.moving:
        model["hamiltonian"].append(builder.moving_term())
    for site in model["sites"]:
        operator = builder.lowering(site, builder.place(site))
        if draw.chance(0.2):
            operator = ["sum", builder.lowering(site, [site["name"], None])]
        model["dissipators"].append(dict(operator=operator, rate=num(draw.rate())))
    if draw.chance(0.3):
        model["dissipators"].append(
            dict(operator=builder.diagonal_word(chain, [chain["name"], None]), rate=num(draw.rate()))
        )
    if draw.chance(0.1):  # pumping spoils it: everything is reached
        model["dissipators"].append(
            dict(operator=["dag", builder.lowering(chain, [chain["name"], num(0)])], rate=num(0.1))
        )
    empty, full = (["down"], ["up"]) if chain["kind"] == "spin" else (["fock", 0], ["fock", 1])
    states = [empty] * count
    for k in range(draw.integer(1, 2)):
        states[draw.integer(0, count - 1)] = draw.pick(full, full, builder.state(chain, False))
    model["initial"][chain["name"]] = states
    model["initial"]["m"] = draw.pick(["fock", 0], ["fock", 1])
    model["initial"] = {site["name"]: model["initial"][site["name"]] for site in model["sites"]}
    builder.add_observables()
    model["evolve"] = dict(times=output_times(draw, builder.span))
    add_reduced(builder)
    if draw.chance(0.3):
        add_correlations(builder, True)
    if draw.chance(0.15):
        add_map(builder)
    if not builder.moving and draw.chance(0.3) and unknowns(builder) <= 600:
        model["steady"] = {}
    if draw.chance(0.2):
        model["kind"] = "trajectories"
        model["trajectories"] = dict(count=200, seed=draw.integer(1, 99))
        for key in ("correlations", "map", "steady"):
            model.pop(key, None)
        model["observables"].pop("purity", None)
        model["observables"].pop("entropy", None)
    add_settings(builder)
    return builder


def merging(seed):
    """Modes that merge: damped Rabi oscillations and two exchanging modes at, or next to, the
    point where their eigenvalues meet."""
    builder = Builder(seed)
    draw, model = builder.draw, builder.model
    builder.moving = False
    rate = draw.pick(0.4, 1, 2)
    off = draw.pick(1, 1, 1 + 1e-9, 1 + 1e-6, 1.001)
    if draw.chance(0.5):
        model["sites"] = [dict(name="q", kind="spin")]
        model["hamiltonian"] = [times(num(rate / 8 * off), op("sx", "q"))]
        model["dissipators"] = [dict(operator=op("sm", "q"), rate=num(rate))]
        model["initial"]["q"] = builder.spin_state(False, False)
    else:
        model["sites"] = [dict(name="q", kind="spin"), dict(name="m", kind="oscillator", levels=2)]
        exchange = with_conjugate(times(op("ad", "m"), op("sm", "q")))
        model["hamiltonian"] = [times(num(rate / 4 * off), exchange)]
        model["dissipators"] = [dict(operator=op("a", "m"), rate=num(rate))]
        model["initial"] = dict(q=builder.spin_state(False, False), m=["fock", 0])
    builder.span = (0, draw.pick(3, 20))
    builder.add_observables()
    model["evolve"] = dict(times=output_times(draw, builder.span))
    model["steady"] = {}
    model["spectrum"] = dict(count=min(draw.pick(2, 4, 16), unknowns(builder)))
    add_settings(builder)
    return builder


def limited(seed):
    """Ensembles that keep few coherences, in models that conserve M - M'."""
    builder = Builder(seed, 24)
    draw, model = builder.draw, builder.model
    builder.moving = False
    builder.style = "conserving"
    builder.span = time_span(draw)
    site = dict(name="b", kind="ensemble", count=draw.integer(1, 4), basis="z")
    site["coherence"] = draw.integer(0, site["count"])
    model["sites"].append(site)
    model["hamiltonian"] = [times(num(draw.number()), op(draw.pick("sz", "n_up"), "b"))]
    if draw.chance(0.5):
        model["hamiltonian"].append(times(num(draw.number()), ["^", ["sum", op("sz", "b")], num(2)]))
    for word in draw.random.sample(["sm", "sp", "sz", "n_up"], draw.integer(1, 3)):
        entry = dict(operator=op(word, "b"), rate=num(draw.rate()))
        if draw.chance(0.3):
            entry["collective"] = True
        model["dissipators"].append(entry)
    model["initial"]["b"] = draw.pick(["up"], ["down"], ["thermal", 0.3], ["maximally_mixed"],
                                      ["dicke", site["count"] / 2, site["count"] / 2])  # fmt: skip
    for k, node in enumerate([op("sz", "b"), op("n_up", "b"), ["^", ["sum", op("sz", "b")], num(2)],
                              times(op("sp", ["b", ["idx", "k"]]), op("sm", ["b", ["idx", "l"]]))]):  # fmt: skip
        model["observables"][f"o{k}"] = node
    model["evolve"] = dict(times=output_times(draw, builder.span))
    add_settings(builder)
    model["settings"].pop("liouvillian.sectors", None)  # refused: the whole space is not there
    return builder


def classes(seed):
    """As many classes as there are different spins: the spins themselves."""
    builder = Builder(seed)
    draw, model = builder.draw, builder.model
    builder.moving = False
    builder.span = time_span(draw)
    different = draw.integer(1, 3)
    kinds = [(draw.number(0.2, 2), draw.number(-0.5, 0.5)) for _ in range(different)]
    kinds = list(dict.fromkeys(kinds))
    spins = [k for k in range(len(kinds)) for _ in range(draw.integer(1, 2))][:4]
    count = len({*spins})
    draw.random.shuffle(spins)
    model["parameters"]["Delta"] = [kinds[k][0] for k in spins]
    model["parameters"]["g"] = [kinds[k][1] for k in spins]
    table = dict(count=count, frequency="Delta", coupling="g")
    model["sites"] = [
        dict(name="m", kind="oscillator", levels=draw.integer(2, 3)),
        dict(name="b", kind="ensemble", count=len(spins), classes=table),
    ]
    axis = draw.pick("sx", "sz")
    model["hamiltonian"] = [
        op("n", "m"),
        times(["/", ["par", "Delta"], num(2)], op(axis, "b")),
        times(["par", "g"], op("x", "m"), op("sz" if axis == "sx" else "sx", "b")),
    ]
    model["dissipators"] = [dict(operator=op("a", "m"), rate=num(draw.rate()))]
    if draw.chance(0.5):
        model["dissipators"].append(dict(operator=op("sm", "b"), rate=num(draw.rate())))
    model["initial"] = dict(m=["fock", draw.integer(0, 1)], b=builder.spin_state(False, False))
    model["observables"] = dict(
        n=op("n", "m"), x=op("x", "m"), sz=op("sz", "b"), gsx=times(["par", "g"], op("sx", "b")),
        pairs=times(op("sp", ["b", ["idx", "k"]]), op("sm", ["b", ["idx", "l"]])),
    )  # fmt: skip
    if draw.chance(0.5):
        model["observables"].pop("pairs")
    model["evolve"] = dict(times=output_times(draw, builder.span))
    add_settings(builder)
    return builder
