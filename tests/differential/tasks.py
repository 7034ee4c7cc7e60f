"""What a structured model should give, task by task."""

import numpy as np
import scipy.linalg

import phase_space
import states
import units
from algebra import site_matrix
from correlations import correlations
from dynamics import OracleError, propagate
from expectations import Expectation, entropy_tolerance, evolution_tolerance, is_statistical
from oracle import Oracle


def expected(model):
    """All Expectations of a model, and why there are none for some of its tasks."""
    if model.get("sweep"):
        return swept(model)
    oracle = Oracle(model)
    require_valid(oracle)
    found, silent = [], []
    for task in (evolution, steady, spectrum, correlations, qubit_map, pictures):
        try:
            found += task(oracle)
        except OracleError as error:
            silent.append(f"{task.__name__}: {error}")
    for expectation in found:
        if model.get("unit"):
            units.convert(expectation, model["unit"])
    return found, silent


def swept(model):
    """The results of all points of a sweep over one parameter, each like a model of its own."""
    name, values = next(iter(model["sweep"].items()))
    points, silent = [], []
    for value in values:
        point = {**model, "sweep": None, "parameters": {**model["parameters"], name: value}}
        found, unknown = expected(point)
        silent += unknown
        points.append({e.path: e for e in found if e.kind == "numbers"})
    shared = set.intersection(*(set(point) for point in points))
    return [
        Expectation(
            ("sweep", *path),
            np.array([point[path].values for point in points]),
            max(np.max(point[path].tolerance) for point in points),
        )
        for path in sorted(shared)
    ], silent


def require_valid(oracle):
    """H is Hermitian and rates are not negative, or the program is right to refuse."""
    times = oracle.model.get("evolve", {}).get("times", [0.0])
    for t in np.linspace(times[0], times[-1], 7):
        h = oracle.hamiltonian(t)
        difference = abs(h - h.conj().T).max() if h.nnz else 0.0
        if difference > 1e-12 * max(1.0, abs(h).max()):
            raise InvalidModel("H is not Hermitian")
        for rate, _ in oracle.jumps():
            value = rate(t)
            if value.real < 0 or abs(value.imag) > 0:
                raise InvalidModel("a rate is no number >= 0")
    d = oracle.d
    swap = np.arange(d * d).reshape(d, d).T.ravel()
    for term in oracle.model.get("superoperators", []):
        s = oracle.algebra.superoperator(term, 0.3 * times[0] + 0.7 * times[-1])
        if abs(s - s[swap][:, swap].conj()).max() > 1e-12 * max(1.0, abs(s).max()):
            raise InvalidModel("a superoperator does not keep rho Hermitian")
        if abs(s[np.arange(d) * (d + 1)].sum(axis=0)).max() > 1e-12 * max(1.0, abs(s).max()):
            raise InvalidModel("a superoperator loses the trace")


class InvalidModel(Exception):
    """The program is right to refuse the model."""


def evolution(oracle):
    model = oracle.model
    if "evolve" not in model:
        return []
    times = model["evolve"]["times"]
    run = oracle.evolved(times)
    tolerance = evolution_tolerance(model, oracle)
    kind = "statistical" if is_statistical(model) else "numbers"
    found = []
    for name, node in model.get("observables", {}).items():
        function, size = oracle.observable(node)
        values = np.array([function(state, t) for state, t in zip(run, times)])
        allowed = tolerance * max(1.0, size)
        if node == "entropy":
            allowed = entropy_tolerance(tolerance, oracle.d)
        if kind == "statistical":
            allowed = size
        found.append(Expectation(("evolve", "observables", name), values, allowed, kind))
    for sites in model.get("reduced", []):
        found += reduced(oracle, "evolve", sites, run, tolerance)
    return found


def reduced(oracle, task, sites, run, tolerance):
    ordinals = sorted(ordinal for site in sites for ordinal in members(oracle.space, site))
    matrices = [states.partial_trace(s.rho, oracle.space.dimensions, ordinals) for s in run]
    path = (task, "reduced", "+".join(names_in_order(oracle.space, sites)))
    if is_statistical(oracle.model):
        return []
    d = matrices[0].shape[0]
    return [
        Expectation((*path, "purity"), np.array([states.purity(m) for m in matrices]),
                    4 * tolerance),
        Expectation((*path, "entropy"), np.array([states.entropy(m) for m in matrices]),
                    entropy_tolerance(tolerance, d)),
    ]  # fmt: skip


def members(space, site):
    name, _, index = site.partition("[")
    group = space.groups[name]
    if index:
        return [group["first"] + int(index[:-1])]
    return range(group["first"], group["first"] + (group["count"] or 1))


def names_in_order(space, sites):
    """As the results name them: each site, or member, in the order of the space."""
    names = {}
    for name, group in space.groups.items():
        for k in range(group["count"] or 1):
            is_one = group["count"] is None or group["kind"] == "ensemble"
            names[group["first"] + k] = name if is_one else f"{name}[{k}]"
    ordered = [names[k] for k in sorted(k for site in sites for k in members(space, site))]
    return list(dict.fromkeys(ordered))


def steady(oracle):
    model = oracle.model
    if "steady" not in model:
        return []
    state, dimension, gap = oracle.steady_state()
    found = [Expectation(("steady", "unique"), dimension == 1, kind="exact")]
    if state is None:
        return found
    rate = np.sqrt(np.mean(np.abs(oracle.liouvillian().diagonal()) ** 2))
    accuracy = max(1e-9, 1e-11 * rate / max(gap, 1e-300))
    if accuracy > 1e-5:
        raise OracleError("the gap is too small for an accurate steady state")
    for name, node in model.get("observables", {}).items():
        function, size = oracle.observable(node)
        allowed = accuracy * max(1.0, size)
        if node == "entropy":
            allowed = entropy_tolerance(accuracy, oracle.d)
        value = np.array(function(state, 0.0))
        found.append(Expectation(("steady", "observables", name), value, allowed))
    for sites in model.get("reduced", []):
        found += reduced(oracle, "steady", sites, [state], accuracy)
    if model.get("baths"):
        found += equilibrium(oracle, state, accuracy)
    return found


def equilibrium(oracle, state, accuracy):
    """Heat currents and, where all baths share a temperature, the distance from Gibbs's state."""
    baths = oracle.model["baths"]
    found = []
    for bath in baths:
        current, size = oracle.observable(["heat", bath["name"]])
        found.append(Expectation(("steady", "heat", bath["name"]), np.array(current(state, 0.0)),
                                 accuracy * max(1.0, size)))  # fmt: skip
    temperature = baths[0].get("temperature", 0)
    same = all(bath.get("temperature", 0) == temperature for bath in baths)
    if same and temperature > 0 and all(bath.get("kind") != "classical" for bath in baths):
        gibbs = scipy.linalg.expm(-oracle.hamiltonian().toarray() / temperature)
        gibbs = gibbs / np.trace(gibbs)
        distance = np.abs(np.linalg.eigvalsh(state.rho - gibbs)).sum() / 2
        found.append(Expectation(("steady", "gibbs_distance"), np.array(distance),
                                 10 * oracle.d * accuracy, optional=True))  # fmt: skip
    return found


def spectrum(oracle):
    if "spectrum" not in oracle.model:
        return []
    values, conditions = [], []
    for _, block in oracle.blocks():
        found, lefts, rights = scipy.linalg.eig(block, left=True, right=True)
        overlap = np.abs(np.sum(lefts.conj() * rights, axis=0))
        values.append(found)
        conditions.append(1 / np.maximum(overlap, 1e-300))
    values = np.concatenate(values)
    size = abs(oracle.liouvillian()).sum(axis=0).max()
    errors = 1e-13 * size * np.concatenate(conditions)
    # Where eigenvalues merge the first order says nothing: a double one moves by a square root.
    errors = np.minimum(np.maximum(errors, 1e-9 * max(1, size)), 1e-3 * max(1.0, size))
    order = np.argsort(-values.real, kind="stable")
    count = min(oracle.model["spectrum"].get("count", 6), len(values))
    found = [
        Expectation(("spectrum", "eigenvalues"), (values[order], count), errors[order],
                    "eigenvalues")
    ]  # fmt: skip
    zero = np.abs(values) <= 1e-9 * size  # of L = 0 all are
    unclear = (np.abs(values) < 1e-6 * size) & ~zero
    if not unclear.any() and errors[order][: count + 2].max() < 1e-6 * max(1, size):
        found.append(Expectation(("spectrum", "stationary"), int(zero.sum()), kind="exact"))
        slow = values[~zero]
        if len(slow):
            gap = -slow.real.max()
            gap = 0.0 if gap < 1e-9 * size else gap
            found.append(Expectation(("spectrum", "gap"), np.array(gap), 1e-8 * max(1, size)))
    if count == len(values):
        found += prediction(oracle, errors)
    return found


def prediction(oracle, errors):
    """All modes together are the evolution."""
    model = oracle.model
    if "evolve" not in model or errors.max() > 1e-8 * max(1.0, abs(oracle.liouvillian()).max()):
        return []
    found = []
    times = model["evolve"]["times"]
    run = oracle.evolved(times)
    for name, node in model.get("observables", {}).items():
        if isinstance(node, str):
            continue
        function, size = oracle.observable(node)
        values = np.array([function(state, t) for state, t in zip(run, times)])
        found.append(Expectation(("spectrum", "prediction", name), values, 1e-6 * max(1.0, size),
                                 optional=True))  # fmt: skip
    return found


def pictures(oracle):
    """Functions on phase space, at times of the evolution and in the steady state."""
    model = oracle.model
    found = []
    for entry in model.get("phase_space", []):
        name, _, index = entry["site"].partition("[")
        site = next(s for s in model["sites"] if s["name"] == name)
        kept = list(members(oracle.space, entry["site"]))

        def picture(state, entry=entry, site=site, kept=kept):
            rho = states.partial_trace(state.rho, oracle.space.dimensions, kept)
            return phase_space.values(entry, site, rho)

        path = ("phase_space", entry["name"])
        if "evolve" in model:
            times = model["evolve"]["times"]
            at = entry.get("at", times[-1:])
            run = dict(zip(times, oracle.evolved(times)))
            values = np.array([picture(run[t]) for t in at])
            tolerance = 3 * evolution_tolerance(model, oracle)
            found.append(Expectation((*path, "values"), values, tolerance))
        if "steady" in model:
            state, dimension, gap = oracle.steady_state()
            if dimension == 1:
                tolerance = max(1e-8, 1e-10 * abs(oracle.liouvillian()).max() / gap)
                found.append(Expectation((*path, "steady"), picture(state), tolerance))
    return found


def qubit_map(oracle):
    """a, b, determinant and the Choi matrix's lowest eigenvalue of a [map]."""
    model = oracle.model
    if "map" not in model:
        return []
    site = model["map"]["site"]
    times = model["evolve"]["times"]
    ordinal = next(iter(members(oracle.space, site)))
    factors = states.initial_state(model)
    place = states.place_of(model, site)
    units = {}
    for i in range(2):
        for j in range(2):
            matrix = np.zeros((2, 2), dtype=complex)
            matrix[i, j] = 1
            start = states.kron_all(factors[:place] + [matrix] + factors[place + 1 :])
            run = propagate(oracle.density_equation(), start.ravel(), times, oracle.hints)
            units[i, j] = [
                states.partial_trace(v.reshape(oracle.d, oracle.d), oracle.space.dimensions,
                                     [ordinal])
                for v in run
            ]  # fmt: skip
    a = np.array([m[0, 0].real for m in units[0, 0]])
    b = np.array([m[0, 0].real for m in units[1, 1]])
    paulis = [site_matrix(word, 2) for word in ("sx", "sy", "sz")]
    determinants, lowest = [], []
    for k in range(len(times)):
        images = [
            sum(p[i, j] * units[i, j][k] for i in range(2) for j in range(2)) for p in paulis
        ]
        bloch = [[np.trace(p @ image).real / 2 for image in images] for p in paulis]
        determinants.append(np.linalg.det(np.array(bloch)))
        choi = np.block([[units[i, j][k] for j in range(2)] for i in range(2)])
        lowest.append(np.linalg.eigvalsh((choi + choi.conj().T) / 2)[0])
    tolerance = 10 * evolution_tolerance(model, oracle)
    values = dict(a=a, b=b, D=a - b, determinant=determinants, choi=lowest)
    return [Expectation(("map", n), np.array(v), tolerance) for n, v in values.items()]
