"""Master equations of baths as textbook sums over pairs of transitions (docs/master-equations.md).

A bath is the table of the model file: name, coupling (a node), density, temperature, kind, scheme,
lamb_shift, dt, grouping. In the eigenbasis of H the coupling's element x_pc is the transition
|p><c|, which gives w = E_c - E_p to the bath:

    K rho = -i [H_shift, rho] + sum gamma(w, w') (x_pc |p><c| rho |f><q| x_qf^* - {...}/2)
    H_shift = sum s(w, w') x_qp^* x_qc |p><c|
"""

import functools
import math

import numpy as np
import scipy.integrate
import scipy.sparse as sparse

from algebra import left, right
from dynamics import OracleError

SAME = 1e-7  # Bohr frequencies that are one


def spectral_density(density, w):
    """J(w) of a table of the model file, w > 0."""
    kind = density["kind"]
    if kind == "flat":
        return density["rate"] / (2 * math.pi)
    if kind.startswith("ohmic"):
        s, cutoff = density.get("exponent", 1), density["cutoff"]
        j = density["strength"] * w**s * cutoff ** (1 - s)
        if kind == "ohmic-drude":
            return j / (1 + (w / cutoff) ** 2)
        if kind == "ohmic-exponential":
            return j * math.exp(-w / cutoff)
        return j if w <= cutoff else 0.0
    if kind == "lorentzian":
        half = density["width"] / 2

        def peak(x):
            return half / (x * x + half * half)

        centre = density["frequency"]
        return density["strength"] / math.pi * (peak(w - centre) - peak(w + centre))
    raise ValueError(kind)


def slope_at_zero(density):
    """lim J(w)/w"""
    if density.get("exponent", 1) > 1:
        return 0.0
    w = 1e-9
    return spectral_density(density, w) / w


class Rates:
    """S(w) and Lambda(w) of one bath."""

    def __init__(self, bath):
        self.density = bath["density"]
        self.temperature = bath.get("temperature", 0)
        self.kind = bath.get("kind", "bosonic")

    def rate(self, w):
        t = self.temperature
        if abs(w) < SAME:
            return self._rate_at_zero()
        j = spectral_density(self.density, abs(w))
        if self.kind == "classical":
            return math.pi * j
        if self.kind == "spin":
            return math.pi * j * (1 + (math.tanh(w / (2 * t)) if t > 0 else math.copysign(1, w)))
        quanta = 1 / math.expm1(abs(w) / t) if t > 0 and abs(w) / t < 700 else 0.0
        return 2 * math.pi * j * (quanta + (1 if w > 0 else 0))

    def _rate_at_zero(self):
        if self.density["kind"] == "flat":
            raise OracleError("a flat density at w = 0")
        if self.kind == "bosonic" and self.temperature > 0:  # J(w) coth(w/2T) -> 2T J(w)/w
            return 2 * math.pi * slope_at_zero(self.density) * self.temperature
        return 0.0

    @functools.lru_cache(maxsize=None)  # noqa: B019  lives as long as one model
    def shift(self, w):
        """Lambda(w) = 1/(2 pi) int_0^inf [S(w - v) - S(w + v)]/v dv"""

        def integrand(v):
            return (self.rate(w - v) - self.rate(w + v)) / v

        landmarks = {abs(w), 1e-3, 1.0}
        for scale in ("cutoff", "frequency"):
            if scale in self.density:
                at = self.density[scale]
                landmarks |= {abs(at - w), abs(at + w), at}
        if self.temperature > 0:
            landmarks |= {self.temperature, abs(w) + 10 * self.temperature}
        if "width" in self.density:
            width, at = self.density["width"], self.density["frequency"]
            landmarks |= {abs(abs(at + s * w) + k * width) for s in (1, -1) for k in (-5, -1, 1, 5)}
        edges = [1e-9, *sorted(x for x in landmarks if x > 1e-8)]
        edges.append(20 * edges[-1])
        total = 0.0
        for low, high in zip(edges[:-1], edges[1:]):
            total += scipy.integrate.quad(
                integrand, low, high, epsabs=1e-14, epsrel=1e-11, limit=400
            )[0]
        total += scipy.integrate.quad(
            integrand, edges[-1], np.inf, epsabs=1e-14, epsrel=1e-10, limit=400
        )[0]
        return total / (2 * math.pi)

    def coarse_grained(self, w, dt):
        """gamma_mn = 1/dt int_0^dt int_0^dt exp(-i w_m t1 + i w_n t2) C(t2 - t1), as an integral of
        S(v) over the windows' transforms: Gauss-Legendre sums over panels, for densities that end
        or fall off exponentially."""
        cutoff = self.density["cutoff"]
        end = cutoff if self.density["kind"] == "ohmic-hard" else 45 * cutoff
        width = min(1.0 / dt, cutoff / 6, self.temperature or np.inf)
        panels = math.ceil(end / width)
        x, weights = np.polynomial.legendre.leggauss(12)
        edges = np.linspace(0, end, panels + 1)
        half = np.diff(edges)[:, None] / 2
        positive = (edges[:-1, None] + half * (1 + x)).ravel()
        weight = (half * weights).ravel()
        nodes = np.concatenate([-positive, positive])
        spectrum = np.array([self.rate(v) for v in nodes]) * np.concatenate([weight, weight])
        away = (nodes[None, :] - np.asarray(w)[:, None]) * dt / 2
        window = np.exp(1j * away) * np.sinc(away / math.pi)
        return (window * spectrum) @ window.conj().T * dt / (2 * math.pi)


def generator(bath, oracle):
    """K as a D^2 x D^2 matrix; each member of a group has a bath of its own."""
    known = getattr(oracle, "_bath_generators", None)
    if known is None:
        known = oracle._bath_generators = {}
    if bath["name"] not in known:
        if bath.get("scheme") == "collective":
            known[bath["name"]] = _of_all(bath, oracle)
            return known[bath["name"]]
        total = sparse.csr_matrix((oracle.d**2,) * 2, dtype=complex)
        for binding in oracle.algebra.bindings(bath["coupling"]):
            a = oracle.algebra.bound(bath["coupling"], binding).toarray()
            total = total + _of_one(bath, _hamiltonian(bath, oracle, binding), a)
        known[bath["name"]] = sparse.csr_matrix(total)
    return known[bath["name"]]


def _hamiltonian(bath, oracle, binding):
    """The whole H; of a local bath what acts on the coupling's own sites alone."""
    if bath.get("scheme", "secular") not in ("local", "collective"):
        return oracle.hamiltonian().toarray()
    own = _sites(bath["coupling"], oracle, binding)
    total = np.zeros((oracle.d,) * 2, dtype=complex)
    for term in oracle.model["hamiltonian"]:
        for factor, matrix in oracle.algebra.operator_parts(term):
            if acts_on(matrix.toarray(), oracle.space.dimensions) <= own:
                total += factor(0.0) * matrix.toarray()
    return total


def _of_all(bath, oracle):
    """One bath for equal members: sum_ij c_ij S(w) (X_i rho X_j^dag - {X_j^dag X_i, rho}/2)"""
    rates = Rates(bath)
    bindings = list(oracle.algebra.bindings(bath["coupling"]))
    couplings, spectra = [], []
    for binding in bindings:
        h = _hamiltonian(bath, oracle, binding)
        a = oracle.algebra.bound(bath["coupling"], binding).toarray()
        energies, u = np.linalg.eigh(h)
        x = u.conj().T @ a @ u
        w = energies[None, :] - energies[:, None]
        # X(w) for each distinct w with a part in x, which a degenerate rest of the space repeats.
        frequencies, which = _distinct(w.ravel())
        which = which.reshape(w.shape)
        parts = [u @ (x * (which == k)) @ u.conj().T for k in range(len(frequencies))]
        kept = [k for k, part in enumerate(parts) if np.abs(part).max() > 1e-12]
        couplings.append([parts[k] for k in kept])
        spectra.append([frequencies[k] for k in kept])
    if any(len(s) != len(spectra[0]) or not np.allclose(s, spectra[0]) for s in spectra):
        raise OracleError("a collective bath of unequal members")
    n = len(bindings)
    strengths = np.array(bath.get("correlations", np.ones((n, n))))
    total = np.zeros((oracle.d**2,) * 2, dtype=complex)
    for k, w in enumerate(spectra[0]):
        rate = rates.rate(w)
        for i in range(n):
            for j in range(n):
                x, y = couplings[i][k], couplings[j][k]
                loss = y.conj().T @ x
                part = np.kron(x, y.conj()) - (left(loss) + right(loss)).toarray() / 2
                total += strengths[i, j] * rate * part
    return sparse.csr_matrix(total)


def _sites(node, oracle, binding):
    a = oracle.algebra.bound(node, binding).toarray()
    return acts_on(a, oracle.space.dimensions)


def acts_on(matrix, dimensions):
    """The sites on which a matrix is no multiple of the identity."""
    found = set()
    n = len(dimensions)
    tensor = matrix.reshape(dimensions + dimensions)
    for site, d in enumerate(dimensions):
        moved = np.moveaxis(tensor, (site, n + site), (0, 1))
        same = moved[0, 0]
        for j in range(d):
            for k in range(d):
                expected = same if j == k else 0 * same
                if not np.allclose(moved[j, k], expected, atol=1e-13):
                    found.add(site)
    return found


def _of_one(bath, h, a):
    """sum over pairs of transitions"""
    energies, u = np.linalg.eigh(h)
    d = len(energies)
    x = u.conj().T @ a @ u
    w = (energies[None, :] - energies[:, None]).ravel()  # w of |p><c| at p d + c
    elements = x.ravel()
    # Frequencies without a transition are none of the coupling's, and join no groups.
    elements = np.where(np.abs(elements) > 1e-12 * np.abs(elements).max(), elements, 0)
    used = elements != 0
    if not used.any():
        return sparse.csr_matrix((d * d, d * d), dtype=complex)
    frequencies, which_used = _distinct(w[used])
    gamma, shift = _pairs(bath, frequencies)
    which = np.zeros(len(w), dtype=int)
    which[used] = which_used
    weighted = elements[:, None] * gamma[which][:, which] * elements.conj()[None, :]
    jump = weighted.reshape(d, d, d, d)  # p c q f
    jump_matrix = jump.transpose(0, 2, 1, 3).reshape(d * d, d * d)
    loss = np.einsum("qcqp->pc", jump)
    moved = (elements[:, None] * shift[which][:, which] * elements.conj()[None, :]).reshape(
        d, d, d, d
    )
    h_shift = np.einsum("qcqp->pc", moved)
    turn = np.kron(u, u.conj())
    loss, h_shift = u @ loss @ u.conj().T, u @ h_shift @ u.conj().T
    k = turn @ jump_matrix @ turn.conj().T
    k = k - 0.5 * (left(loss) + right(loss)).toarray()
    k = k - 1j * (left(h_shift) - right(h_shift)).toarray()
    return sparse.csr_matrix(k)


def _distinct(w):
    order = np.argsort(w)
    frequencies, which = [], np.empty(len(w), dtype=int)
    for k in order:
        if not frequencies or w[k] - frequencies[-1][-1] > SAME:
            frequencies.append([w[k]])
        else:
            frequencies[-1].append(w[k])
        which[k] = len(frequencies) - 1
    means = np.array([np.mean(f) for f in frequencies])
    return np.where(np.abs(means) < SAME, 0.0, means), which


def _pairs(bath, w):
    """gamma and s between the distinct frequencies."""
    rates = Rates(bath)
    scheme = bath.get("scheme", "secular")
    n = len(w)
    gamma, shift = np.zeros((n, n), dtype=complex), np.zeros((n, n), dtype=complex)
    shifts = bath.get("lamb_shift", False)
    if scheme == "redfield":
        half = np.array(
            [rates.rate(v) / 2 + (1j * rates.shift(float(v)) if shifts else 0) for v in w]
        )
        gamma = half[:, None] + half.conj()[None, :]
        shift = (half[:, None] - half.conj()[None, :]) / 2j
        return gamma, shift
    groups = _groups(w, bath) if scheme == "partial-secular" else np.arange(n)
    if scheme == "coarse-grained":
        return rates.coarse_grained(w, bath["dt"]), shift
    for m in range(n):
        for k in range(n):
            if groups[m] == groups[k]:
                mean = float(round((w[m] + w[k]) / 2, 12))
                gamma[m, k] = rates.rate(mean)
                if shifts:
                    shift[m, k] = rates.shift(mean)
    return gamma, shift


def _groups(w, bath):
    """Neighbouring frequencies of one sign that differ by no more than `grouping`."""
    groups = np.zeros(len(w), dtype=int)
    for k in range(1, len(w)):
        apart = np.sign(w[k]) != np.sign(w[k - 1]) or w[k] - w[k - 1] > bath["grouping"]
        groups[k] = groups[k - 1] + (1 if apart else 0)
    return groups
