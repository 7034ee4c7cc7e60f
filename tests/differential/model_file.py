"""Structured models as model files."""

import random

import states
import units
from syntax import Writer


def quoted(text, writer=None):
    """A basic string, or now and then a literal one."""
    if writer and writer.chance(0.1) and "'" not in text:
        return f"'{text}'"
    return f'"{text}"'


def toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + " }"
    return quoted(value)


def time_axis(values, writer):
    """A list, or { from, to, points } where that gives the same numbers."""
    points = len(values)
    first, last = values[0], values[-1]
    even = [first + (last - first) * k / (points - 1) for k in range(points)] if points > 1 else []
    if even and max(abs(a - b) for a, b in zip(even, values)) < 1e-15 and writer.chance(0.5):
        return {"from": first, "to": last, "points": points}
    return values


def disguised(value, writer):
    """A whole number as arithmetic."""
    if isinstance(value, int) and not isinstance(value, bool) and writer.chance(0.15):
        return writer.random.choice([f"{value - 1} + 1", f"{2 * value}/2", f"({value})"])
    return value


def disguised_parameters(parameters, writer):
    """Numbers as arithmetic on other parameters."""
    shown = {}
    for name, value in parameters.items():
        if isinstance(value, list) and isinstance(value[0], str):
            shown[name] = writer.text(value)
        elif writer.chance(0.15):
            half = f"{name}_half"
            shown[name] = writer.random.choice([f"2*{half}", f"{half} + {half}", f"{half}/0.5"])
            shown[half] = [v / 2 for v in value] if isinstance(value, list) else value / 2
        elif isinstance(value, list) and writer.chance(0.2):
            shown[name] = [f"{v!r}*1" for v in value]
        else:
            shown[name] = value
    return shown


def command_line(model):
    """The text of the file, and arguments: some settings and parameters are given by --set."""
    chooser = random.Random(f"command line {model['seed']}")
    if model.get("plain") or chooser.random() < 0.6:
        return write(model), []
    words = []
    for path, value in model.get("settings", {}).items():
        text = str(value).lower() if isinstance(value, bool) else value
        words += ["--set", f"{path}={text}"]
    parameters = dict(model.get("parameters", {}))
    swept = model.get("sweep") or {}
    for name, value in parameters.items():
        if isinstance(value, float) and name not in swept and chooser.random() < 0.4:
            words += ["--set", f"{name}={value!r}"]
            parameters[name] = 0.123
    return write({**model, "settings": {}, "parameters": parameters}), words


def write(model):
    """The text of the file; a model that is `plain` goes without the random ways of spelling."""
    model = units.scaled(model)
    is_plain = model.get("plain")
    writer = Writer(None if is_plain else random.Random(f"spelling {model['seed']}"))
    lines = []

    def table(name, entries):
        entries = {key: value for key, value in entries.items() if value is not None}
        if entries:
            lines.append(f"[{name}]")
            lines.extend(f"{key} = {toml(value)}" for key, value in entries.items())

    def expression(node):
        """A number may stand as one; anything else is text."""
        if node[0] == "num" and not writer.chance(0.3):
            return node[1]
        return writer.text(node)

    table("parameters", disguised_parameters(model.get("parameters", {}), writer))
    sites = {}
    for site in model["sites"]:
        sites[site["name"]] = {
            k: disguised(v, writer) for k, v in site.items() if k != "name" and v is not None
        }
    table("sites", sites)
    if model["hamiltonian"]:
        lines += ["[hamiltonian]", "terms = ["]
        lines += [f"    {quoted(writer.text(term), writer)}," for term in model["hamiltonian"]]
        lines.append("]")
    for entry in model.get("dissipators", []):
        lines.append("[[dissipator]]")
        lines.append(f"operator = {quoted(writer.text(entry['operator']), writer)}")
        lines.append(f"rate = {toml(expression(entry['rate']))}")
        if entry.get("collective"):
            lines.append("collective = true")
    for term in model.get("superoperators", []):
        lines += ["[[superoperator]]", f"term = {quoted(writer.text(term))}"]
    for bath in model.get("baths", []):
        entries = {k: v for k, v in bath.items() if v is not None}
        entries["coupling"] = writer.text(bath["coupling"])
        lines.append("[[bath]]")
        lines.extend(f"{key} = {toml(value)}" for key, value in entries.items())
    if model["kind"] != "lindblad":
        table("dynamics", dict(kind=model["kind"]))
    initial = {}
    for name, state in model.get("initial", {}).items():
        is_single = isinstance(state[0], str)
        initial[name] = (
            states.text_of(state) if is_single else [states.text_of(each) for each in state]
        )
    table("initial", initial)
    for name in ("mixture", "trajectories"):
        table(name, model.get(name) or {})
    observables = {}
    for name, node in model.get("observables", {}).items():
        if isinstance(node, str):
            observables[name] = node
        elif node[0] == "heat":
            observables[name] = f"heat({node[1]})"
        elif node[0] == "multiplet":
            observables[name] = f"multiplet({node[1]}, {node[2]!r})"
        else:
            observables[name] = writer.text(node)
    table("observables", observables)
    for sites in model.get("reduced", []):
        lines += ["[[reduced]]", f"sites = {toml(sites if len(sites) > 1 else sites[0])}"]
    for name in ("evolve", "steady", "spectrum", "map"):
        if name in model:
            lines.append(f"[{name}]")
            for key, value in model[name].items():
                shown = time_axis(value, writer) if key == "times" else value
                lines.append(f"{key} = {toml(shown)}")
    table("sweep", model.get("sweep") or {})
    for entry in model.get("correlations", []):
        lines.append("[[correlation]]")
        for key, value in entry.items():
            if key in ("delays", "frequencies"):
                value = time_axis(value, writer)
            text = quoted(writer.text(value)) if key in ("A", "B", "C") else toml(value)
            lines.append(f"{key} = {text}")
    for entry in model.get("phase_space", []):
        lines.append("[[phase_space]]")
        lines.extend(f"{key} = {toml(value)}" for key, value in entry.items())
    groups = {}
    for path, value in model.get("settings", {}).items():
        name, key = path.rsplit(".", 1)
        groups.setdefault(name, {})[key] = value
    for name, entries in groups.items():
        if f"[{name}]" in lines:
            place = lines.index(f"[{name}]") + 1
            lines[place:place] = [f"{key} = {toml(value)}" for key, value in entries.items()]
        else:
            table(name, entries)
    # The oracle truncates as the model file says.
    table("diagnostics", dict(cutoff=False))
    return "\n".join(lines) + "\n"
