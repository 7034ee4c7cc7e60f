"""The same model in another unit: frequencies and rates are `unit` times as large, times shorter.

A model with the key "unit" is evaluated by the oracle in its own numbers. The model file is written
in the other unit, and what has a unit among the right values is converted: nothing in the program
may depend on it.
"""

import copy

from syntax import num, times


def scaled(model):
    """The model as it is written."""
    unit = model.get("unit")
    if not unit:
        return model
    model = copy.deepcopy(model)
    model["unit"] = None
    model["hamiltonian"] = [times(num(unit), faster(term, unit)) for term in model["hamiltonian"]]
    model["superoperators"] = [
        times(num(unit), faster(term, unit)) for term in model.get("superoperators") or []
    ]
    for entry in model.get("dissipators") or []:
        entry["rate"] = times(num(unit), faster(entry["rate"], unit))
    for name, value in model.get("parameters", {}).items():
        if isinstance(value, list) and isinstance(value[0], str):
            model["parameters"][name] = faster(value, unit)
    if "evolve" in model:
        model["evolve"]["times"] = [t / unit for t in model["evolve"]["times"]]
    for entry in model.get("phase_space", []):
        if "at" in entry:
            entry["at"] = [t / unit for t in entry["at"]]
    for entry in model.get("correlations") or []:
        for key, factor in (("delays", 1 / unit), ("frequencies", unit), ("at", 1 / unit)):
            value = entry.get(key)
            if isinstance(value, list):
                entry[key] = [each * factor for each in value]
            elif isinstance(value, (int, float)):
                entry[key] = value * factor
    return model


def faster(node, unit):
    """unit*t in the place of t"""
    if node == ["t"]:
        return times(num(unit), ["t"])
    return [faster(each, unit) if isinstance(each, list) else each for each in node]


def convert(expectation, unit):
    """A right value in the unit of the file."""
    path = expectation.path
    factor = 1.0
    if path[-2:] in (("spectrum", "eigenvalues"), ("spectrum", "gap")) or path[-1] == "energy":
        factor = unit
    elif path[0] == "correlations" and path[-1] == "spectrum":
        factor = 1 / unit
    if factor == 1.0:
        return
    if expectation.kind == "eigenvalues":
        values, count = expectation.values
        expectation.values = values * factor, count
    else:
        expectation.values = expectation.values * factor
    expectation.tolerance = expectation.tolerance * factor
