"""Which kinds of models there are, and what is asked of them."""

import random

from random_models import Builder
from scenario_parts import (
    SITES,
    add_correlations,
    add_map,
    add_pictures,
    add_reduced,
    add_settings,
    output_times,
    random_bath,
    time_span,
    unknowns,
)
from special_scenarios import classes, large, limited, lossy, merging, oscillators, tall
from syntax import num, times


def constant(seed, kinds=None, largest=12):
    builder = Builder(seed, largest)
    draw = builder.draw
    builder.moving = False
    builder.span = time_span(draw, long=True)
    builder.add_sites(kinds or SITES)
    builder.add_hamiltonian()
    builder.add_dissipators()
    if draw.chance(0.6):
        builder.damp_every_site()
    builder.add_initial()
    builder.add_observables()
    if draw.chance(0.85):
        builder.model["evolve"] = dict(times=output_times(draw, builder.span))
        add_reduced(builder)
        add_pictures(builder)
        if draw.chance(0.2):
            add_map(builder)
    if draw.chance(0.4):
        builder.model["steady"] = {}
    if draw.chance(0.4):
        builder.model["spectrum"] = dict(count=min(draw.pick(1, 2, 4, 6, 10, 64), unknowns(builder)))
    if draw.chance(0.3) or not {"evolve", "steady", "spectrum"} & set(builder.model):
        add_correlations(builder, False)
    add_settings(builder)
    return builder


def ensembles(seed):
    builder = constant(seed, dict(oscillator=1, spin=1, ensemble=6), largest=32)
    return builder


def moving(seed):
    builder = Builder(seed, 8)
    draw = builder.draw
    builder.moving = True
    builder.span = time_span(draw)
    builder.add_sites(SITES)
    builder.add_hamiltonian(moving=True)
    builder.add_dissipators(moving=draw.chance(0.4))
    builder.add_initial()
    builder.add_observables()
    builder.model["evolve"] = dict(times=output_times(draw, builder.span))
    add_reduced(builder)
    if draw.chance(0.15):
        add_correlations(builder, True)
    if draw.chance(0.15):
        add_map(builder)
    add_settings(builder)
    return builder


def kets(seed):
    builder = Builder(seed, 60)
    draw = builder.draw
    builder.model["kind"] = "unitary"
    builder.moving = draw.chance(0.35)
    builder.span = time_span(draw)
    builder.add_sites(SITES)
    builder.add_hamiltonian(moving=builder.moving)
    builder.add_initial(pure=True)
    builder.add_observables()
    builder.model["evolve"] = dict(times=output_times(draw, builder.span))
    add_reduced(builder)
    add_pictures(builder)
    if draw.chance(0.15):
        add_map(builder)
    add_settings(builder)
    return builder


def trajectories(seed):
    builder = Builder(seed, 12)
    draw = builder.draw
    builder.model["kind"] = "trajectories"
    builder.wide = False  # as many jumps as the rates ask for are followed one by one
    builder.moving = draw.chance(0.3)
    builder.span = time_span(draw)
    builder.add_sites(SITES)
    builder.add_hamiltonian(moving=builder.moving)
    builder.add_dissipators(moving=builder.moving and draw.chance(0.4))
    builder.model["superoperators"] = []
    if not builder.moving and draw.chance(0.3):
        bath = random_bath(builder, "bath1")
        if bath["scheme"] in ("secular", "local"):
            builder.model["baths"].append(bath)
    builder.add_initial()
    builder.add_observables()
    builder.model["evolve"] = dict(times=output_times(draw, builder.span))
    count = draw.pick(100, 300, 600)
    builder.model["trajectories"] = dict(count=count, seed=draw.integer(1, 99))
    add_settings(builder)
    return builder


def mixtures(seed):
    builder = kets(seed)
    draw, model = builder.draw, builder.model
    builder.largest = 12
    total = 1
    for site in model["sites"]:
        total *= site.get("levels", 2) ** (site.get("count") or 1)
    if total > 16:
        return builder
    model["initial"] = {}
    model["mixture"] = dict(kind="product-states", neglect=1e-9)
    builder.add_initial(pure=False)
    model["observables"].pop("purity", None)
    model["observables"].pop("entropy", None)
    model["reduced"] = []
    return builder


def baths(seed):
    builder = Builder(seed, 8)
    draw, model = builder.draw, builder.model
    builder.moving = False
    builder.style = "generic"
    builder.span = time_span(draw)
    builder.add_sites(SITES if draw.chance(0.8) else dict(ensemble=3, oscillator=1))
    builder.add_hamiltonian()
    site = builder.any_site()
    model["hamiltonian"].append(times(num(draw.number(0.3, 2)),
                                      builder.diagonal_word(site, builder.place(site))))  # fmt: skip
    if draw.chance(0.3):
        builder.add_dissipators()
    if draw.chance(0.6):
        builder.damp_every_site()
    for k in range(draw.pick(1, 1, 2)):
        model["baths"].append(random_bath(builder, f"bath{k + 1}"))
    builder.add_initial()
    builder.add_observables()
    if draw.chance(0.5):
        model["observables"]["J"] = ["heat", "bath1"]
    model["evolve"] = dict(times=output_times(draw, builder.span))
    if draw.chance(0.5):
        model["steady"] = {}
    if draw.chance(0.2):
        model["spectrum"] = dict(count=min(draw.pick(2, 6), unknowns(builder)))
    add_settings(builder)
    return builder


def random_phases(seed):
    """Kets for a mixture of states with random phases: mixed sites are diagonal where they are stored."""
    builder = Builder(seed, 24)
    draw, model = builder.draw, builder.model
    model["kind"] = "unitary"
    model["mixture"] = dict(kind=draw.pick("random-phase", "random-phase", "auto"), samples=draw.pick(8, 32), seed=draw.integer(1, 9))
    builder.moving = draw.chance(0.2)
    builder.span = time_span(draw)
    builder.add_sites(SITES, wanted=2)
    builder.add_hamiltonian(moving=builder.moving)
    builder.add_initial(pure=True)
    for site in model["sites"]:
        if site["kind"] == "spin" and draw.chance(0.7):
            axis = draw.pick("z", "x")
            site["basis"] = axis
            word = "thermal" if axis == "z" else "thermal_x"
            model["initial"][site["name"]] = [word, draw.number(0.1, 0.9)]
        elif site["kind"] == "oscillator" and draw.chance(0.7):
            model["initial"][site["name"]] = ["thermal", draw.number(0.1, 1)]
        elif site["kind"] == "levels":
            model["initial"][site["name"]] = ["maximally_mixed"]
    builder.add_observables()
    model["evolve"] = dict(times=output_times(draw, builder.span))
    add_settings(builder)
    return builder


def sweeps(seed):
    builder = constant(seed, largest=8)
    draw, model = builder.draw, builder.model
    model["parameters"]["swept"] = 0.3
    site = builder.any_site()
    model["hamiltonian"].append(times(["par", "swept"], builder.hermitian_word(
        site, builder.place(site))))  # fmt: skip
    model["correlations"] = []
    if not {"evolve", "steady", "spectrum"} & set(model):
        model["steady"] = {}
    model["sweep"] = dict(swept=sorted({draw.number(0.05, 2) for _ in range(draw.integer(1, 4))}))
    return builder


SCENARIOS = dict(
    constant=(constant, 5), moving=(moving, 4), kets=(kets, 3), tall=(tall, 3),
    ensembles=(ensembles, 3), trajectories=(trajectories, 1), mixtures=(mixtures, 1),
    oscillators=(oscillators, 0.5), baths=(baths, 2),
    random_phases=(random_phases, 0.5), sweeps=(sweeps, 0.7), limited=(limited, 0.5), large=(large, 0.5), merging=(merging, 0.3),
    lossy=(lossy, 1.5),
    classes=(classes, 0.5),
)  # fmt: skip


def random_model(seed, only=None):
    chooser = random.Random(f"scenario {seed}")
    names = list(SCENARIOS) if not only else [only]
    name = chooser.choices(names, weights=[SCENARIOS[n][1] for n in names])[0]
    builder = SCENARIOS[name][0](seed)
    model = builder.model
    model["scenario"] = name
    if not model["baths"] and name != "classes" and builder.draw.chance(0.15):
        model["unit"] = builder.draw.pick(1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9, 6.283)
    if not model["baths"] and "heat" in model["observables"]:
        del model["observables"]["heat"]
    return model
