"""Initial states and reduced states as density matrices, from docs/model-file.md.

A state is a word and its numbers: ["fock", 2], ["thermal", 0.3]. Of an oscillator's ["coherent", x, y]
and ["cat", x, y] they are the real and the imaginary part of alpha; a spin's coherent(theta, phi) is
["coherent_spin", theta, phi]. Ensembles have ["dicke", J, M] and ["mixture", [weight, state], ...]
as well.
"""

import math

import numpy as np
import scipy.sparse as sparse

from algebra import site_matrix


def text_of(state):
    word = state[0]
    if word == "mixture":
        return " + ".join(f"{weight!r}*{text_of(part)}" for weight, part in state[1:])
    if word in ("coherent", "cat"):
        real, imaginary = state[1:]
        return f"{word}({real!r})" if imaginary == 0 else f"{word}({real!r} + {imaginary!r}*i)"
    word = word.removesuffix("_spin")
    return word if len(state) == 1 else f"{word}({', '.join(map(repr, state[1:]))})"


def pure(amplitudes):
    amplitudes = np.asarray(amplitudes, dtype=complex)
    amplitudes = amplitudes / np.linalg.norm(amplitudes)
    return np.outer(amplitudes, amplitudes.conj())


def oscillator_state(state, d):
    word = state[0]
    if word in ("fock", "level"):
        return pure(np.eye(d)[state[1]])
    if word == "maximally_mixed":
        return np.eye(d) / d
    if word == "thermal":
        weights = (state[1] / (state[1] + 1)) ** np.arange(d)
        return np.diag(weights / weights.sum()).astype(complex)
    alpha = complex(state[1], state[2])
    # log(n!) keeps the amplitudes of large alpha finite.
    n = np.arange(d)
    logarithms = np.array([math.lgamma(k + 1) for k in n]) / 2
    size = abs(alpha)
    amplitudes = (
        np.exp(n * math.log(size) - logarithms - size**2 / 2) * (alpha / size) ** n
        if size > 0
        else np.eye(d)[0]
    )
    if word == "cat":
        amplitudes = amplitudes * (n % 2 == 0)
    return pure(amplitudes)


def spin_state(state):
    word = state[0]
    sx, sy, sz = (site_matrix(axis, 2) for axis in ("sx", "sy", "sz"))
    if word == "coherent_spin":
        theta, phi = state[1:]
        return pure([math.cos(theta / 2), np.exp(1j * phi) * math.sin(theta / 2)])
    vector = dict(
        up=sz, down=-sz, up_x=sx, down_x=-sx, up_y=sy, down_y=-sy, maximally_mixed=0 * sx
    )
    if word in vector:
        return (np.eye(2) + vector[word]) / 2
    axis = sx if word == "thermal_x" else sz
    return (np.eye(2) + (2 * state[1] - 1) * axis) / 2


def kron_all(matrices):
    product = np.eye(1, dtype=complex)
    for matrix in matrices:
        product = np.kron(product, matrix)
    return product


def collective(word, spins):
    total = np.zeros((2**spins,) * 2, dtype=complex)
    for k in range(spins):
        total += kron_all([site_matrix(word if j == k else "id", 2) for j in range(spins)])
    return total


def dicke_state(j, m, spins):
    """The projector on all states |J,M>, evenly over the multiplets of this J."""
    jz = collective("sz", spins) / 2
    square = sum((collective(word, spins) / 2) @ (collective(word, spins) / 2) for word in
                 ("sx", "sy", "sz"))  # fmt: skip
    # J(J+1) and M commute; a combination of both tells them apart.
    values, vectors = np.linalg.eigh(square + jz / (4 * spins * spins))
    chosen = np.abs(values - (j * (j + 1) + m / (4 * spins * spins))) < 1e-9
    projector = vectors[:, chosen] @ vectors[:, chosen].conj().T
    return projector / np.trace(projector).real


def ensemble_state(state, spins):
    if state[0] == "mixture":
        return sum(weight * ensemble_state(part, spins) for weight, part in state[1:])
    if state[0] == "dicke":
        return dicke_state(state[1], state[2], spins)
    return kron_all([spin_state(state)] * spins)


def state_of_site(site, state):
    if site["kind"] == "spin":
        return spin_state(state)
    return oscillator_state(state, site["levels"])


def initial_state(model):
    """The product of all sites' states."""
    factors = []
    for site in model["sites"]:
        given = model["initial"][site["name"]]
        members = site.get("count")
        if site["kind"] == "ensemble" and isinstance(given[0], str):
            factors.append(ensemble_state(given, members))
            continue
        if isinstance(given[0], str):
            given = [given] * (members or 1)
        factors += [state_of_site(site, state) for state in given]
    return factors


def place_of(model, name):
    """Which of the factors of `initial_state` is that of a site, or of a member such as "q[1]"."""
    name, _, index = name.partition("[")
    place = 0
    for site in model["sites"]:
        if site["name"] == name:
            return place + int(index[:-1] if index else 0)
        place += 1 if site["kind"] == "ensemble" else site.get("count") or 1
    raise ValueError(name)


def partial_trace(rho, dimensions, kept):
    """The density matrix of the sites `kept`, in ascending order."""
    n = len(dimensions)
    tensor = rho.reshape(dimensions + dimensions)
    for site in sorted(set(range(n)) - set(kept), reverse=True):
        tensor = np.trace(tensor, axis1=site, axis2=site + tensor.ndim // 2)
    d = math.prod(dimensions[k] for k in kept)
    return tensor.reshape(d, d)


def purity(rho):
    return float(np.real(np.trace(rho @ rho)))


def entropy(rho):
    values = np.linalg.eigvalsh((rho + rho.conj().T) / 2)
    values = values[values > 1e-300]
    return float(-np.sum(values * np.log(values)))


def symmetric_basis(space, ensembles):
    """Orthonormal operators that no permutation of an ensemble's spins changes, as columns."""
    dimension = space.dimension
    numbers = np.arange(dimension)
    digits = np.array(np.unravel_index(numbers, space.dimensions))
    rows, columns = np.repeat(numbers, dimension), np.tile(numbers, dimension)
    keys = []
    for ordinal in range(len(space.dimensions)):
        if not any(first <= ordinal < first + count for first, count in ensembles):
            keys += [digits[ordinal][rows], digits[ordinal][columns]]
    for first, count in ensembles:
        # How many members are in each of |u><u|, |u><d|, |d><u|, |d><d|.
        kinds = [2 * digits[k][rows] + digits[k][columns] for k in range(first, first + count)]
        keys += [sum((kind == which).astype(int) for kind in kinds) for which in range(4)]
    _, orbit = np.unique(np.array(keys), axis=1, return_inverse=True)
    orbit = np.asarray(orbit).ravel()
    sizes = np.bincount(orbit)
    return sparse.csr_matrix(
        (1 / np.sqrt(sizes[orbit]), (np.arange(dimension**2), orbit)),
        shape=(dimension**2, len(sizes)),
    )

