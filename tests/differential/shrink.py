"""Makes a failing model small, as long as it fails in the same way."""

import copy
import time

from compare import judge



class Shrinker:
    def __init__(self, program, verdict, seconds=90):
        self.program, self.verdict = program, verdict
        self.end = time.monotonic() + seconds

    def fails_alike(self, model):
        try:
            found = judge(model, self.program)
        except Exception:  # a cut that makes no sense; the oracle trips over it
            return False
        return found.is_find and (found.kind, found.about) == (self.verdict.kind, self.verdict.about)

    def smallest(self, model):
        """The smallest model found, and its verdict."""
        model = copy.deepcopy(model)
        progress = True
        while progress and time.monotonic() < self.end:
            progress = False
            for candidate in candidates(model):
                if time.monotonic() > self.end:
                    break
                if self.fails_alike(candidate):
                    model, progress = candidate, True
                    break
        return model, judge(model, self.program)


def candidates(model):
    """Smaller models, the largest cuts first."""
    if not model.get("plain"):
        yield changed(model, lambda m: m.update(plain=True))
    yield from without_tasks(model)
    yield from without_sites(model)
    yield from without_entries(model)
    yield from simpler_tables(model)
    yield from smaller_sites(model)
    yield from simpler_states(model)
    yield from simpler_expressions(model)


def changed(model, change):
    copied = copy.deepcopy(model)
    change(copied)
    return copied


def without_tasks(model):
    for name in ("spectrum", "steady", "map", "evolve", "mixture"):
        if name in model:
            yield changed(model, lambda m, name=name: m.pop(name))
    if model.get("unit"):
        yield changed(model, lambda m: m.update(unit=None))
    if model.get("ranks", 1) > 1:
        yield changed(model, lambda m: m.update(ranks=1))
    for name in ("correlations", "reduced", "superoperators", "dissipators", "hamiltonian"):
        if len(model.get(name) or []) > 1:
            yield changed(model, lambda m, name=name: m.update({name: []}))
    for name in list(model.get("settings", {})):
        yield changed(model, lambda m, name=name: m["settings"].pop(name))


def names_site(value, site):
    """Whether a node, or a list of names of sites, speaks of a site."""
    if isinstance(value, list):
        if len(value) >= 3 and value[0] == "op" and value[2][0] == site:
            return True
        return any(names_site(each, site) for each in value)
    if isinstance(value, dict):
        return any(names_site(each, site) for each in value.values())
    return isinstance(value, str) and value.partition("[")[0] == site


def without_sites(model):
    if len(model["sites"]) < 2:
        return
    for site in model["sites"]:
        name = site["name"]

        def cut(m, name=name):
            m["sites"] = [s for s in m["sites"] if s["name"] != name]
            for key in ("hamiltonian", "dissipators", "superoperators", "reduced", "correlations",
                        "baths", "phase_space"):  # fmt: skip
                m[key] = [each for each in m.get(key) or [] if not names_site(each, name)]
            m["observables"] = {
                k: v for k, v in m["observables"].items() if not names_site(v, name)
            }
            m["initial"].pop(name, None)
            if m.get("map", {}).get("site", "").partition("[")[0] == name:
                m.pop("map")

        yield changed(model, cut)


def without_entries(model):
    for key in ("hamiltonian", "dissipators", "superoperators", "baths", "correlations", "reduced",
                "phase_space"):  # fmt: skip
        for k in range(len(model.get(key) or [])):
            yield changed(model, lambda m, key=key, k=k: m[key].pop(k))
    for name in list(model["observables"]):
        yield changed(model, lambda m, name=name: m["observables"].pop(name))
    for name in list(model.get("parameters", {})):
        yield changed(model, lambda m, name=name: m["parameters"].pop(name))
    for k, entry in enumerate(model.get("correlations", [])):
        for name in ("C", "at", "delays", "frequencies", "connected"):
            if name in entry:
                yield changed(
                    model, lambda m, k=k, name=name: m["correlations"][k].pop(name)
                )


def simpler_tables(model):
    for table in ("evolve", "steady", "spectrum", "trajectories", "mixture"):
        for key in list(model.get(table, {})):
            if (table, key) not in (("evolve", "times"), ("mixture", "kind")):
                yield changed(model, lambda m, t=table, k=key: m[t].pop(k))
    times = model.get("evolve", {}).get("times", [])
    if len(times) > 2:
        yield changed(model, lambda m: m["evolve"].update(times=[times[0], times[-1]]))
        for k in range(len(times)):
            yield changed(model, lambda m, k=k: m["evolve"]["times"].pop(k))
    for key in ("delays", "frequencies"):
        for k, entry in enumerate(model.get("correlations", [])):
            if len(entry.get(key, [])) > 1:
                for value in entry[key]:
                    yield changed(
                        model, lambda m, k=k, key=key, v=value: m["correlations"][k].update({key: [v]})
                    )  # fmt: skip
    for k, entry in enumerate(model.get("dissipators", [])):
        if entry.get("collective"):
            yield changed(model, lambda m, k=k: m["dissipators"][k].pop("collective"))
    for k, bath in enumerate(model.get("baths", [])):
        for key in bath:
            if key not in ("name", "coupling", "density", "scheme"):
                yield changed(model, lambda m, k=k, key=key: m["baths"][k].pop(key))


def smaller_sites(model):
    for k, site in enumerate(model["sites"]):
        for key in ("basis", "count", "coherence"):
            if site.get(key) is not None and not (key == "count" and site["kind"] == "ensemble"):
                yield changed(model, lambda m, k=k, key=key: m["sites"][k].pop(key))
        if site.get("count", 1) > 1:
            yield changed(model, lambda m, k=k: m["sites"][k].update(count=site["count"] - 1))
        levels = site.get("levels", 1)
        for fewer in (2, levels // 2, levels - 1):
            if 1 <= fewer < levels:
                yield changed(model, lambda m, k=k, f=fewer: m["sites"][k].update(levels=f))


SIMPLE = dict(oscillator=["fock", 0], levels=["level", 0], spin=["up"], ensemble=["up"])


def simpler_states(model):
    for site in model["sites"]:
        name = site["name"]
        state = model["initial"].get(name)
        if state is not None and state != SIMPLE[site["kind"]]:
            yield changed(model, lambda m, n=name, s=site: m["initial"].update(
                {n: SIMPLE[s["kind"]]}))  # fmt: skip


def places_of_nodes(model):
    """(holder, key) of all expressions."""
    for k in range(len(model["hamiltonian"])):
        yield model["hamiltonian"], k
    for k in range(len(model.get("superoperators") or [])):
        yield model["superoperators"], k
    for entry in model.get("dissipators", []):
        yield entry, "operator"
        yield entry, "rate"
    for bath in model.get("baths", []):
        yield bath, "coupling"
    for name, node in model["observables"].items():
        if isinstance(node, list) and node[0] not in ("heat", "multiplet"):
            yield model["observables"], name
    for entry in model.get("correlations", []):
        for key in "ABC":
            if key in entry:
                yield entry, key
    for name, value in model.get("parameters", {}).items():
        if isinstance(value, list) and isinstance(value[0], str):
            yield model["parameters"], name


def simpler_expressions(model):
    count = sum(1 for _ in places_of_nodes(model))
    for which in range(count):
        holder, key = list(places_of_nodes(model))[which]
        for simpler in simpler_nodes(holder[key]):
            copied = copy.deepcopy(model)
            holder_there, key_there = list(places_of_nodes(copied))[which]
            holder_there[key_there] = simpler
            yield copied


def simpler_nodes(node):
    """The node with one part cut out, replaced by a part of itself, or a number rounded."""
    kind = node[0]
    if kind == "num":
        value = node[1]
        if value != 1:
            yield ["num", 1]
        rounded = float(f"{value:.1g}")
        if rounded not in (value, 0) and isinstance(value, float):
            yield ["num", rounded]
        return
    if kind in ("+", "*"):
        for k in range(1, len(node)):
            rest = node[:k] + node[k + 1 :]
            yield rest[1] if len(rest) == 2 else rest
    if kind in ("-", "dag", "sum"):
        yield node[1]
    if kind in ("/", "^"):
        yield node[1]
    if kind == "par":
        yield ["num", 1]
    if kind == "op":
        if node[2][1] is not None:
            yield ["op", node[1], [node[2][0], None], *node[3:]]
        return
    for k in range(1, len(node)):
        if isinstance(node[k], list):
            for simpler in simpler_nodes(node[k]):
                yield [*node[:k], copy.deepcopy(simpler), *node[k + 1 :]]


