"""The equations of a structured model as matrices, its states and its expectation values."""

import numpy as np
import scipy.sparse as sparse
import scipy.sparse.csgraph
import scipy.sparse.linalg

import baths

import states
from algebra import Algebra, dissipator, left, right
from dynamics import Equation, OracleError, propagate
from terms import TimeFunction

ZERO = 1e-9  # eigenvalues below this part of |L| count as zero
UNCLEAR = 1e-6  # up to this part of |L| the oracle does not say whether they are zero
LARGEST_BLOCK = 700  # unknowns of which all eigenvalues are computed


class State:
    """A density matrix, or a ket."""

    def __init__(self, rho=None, psi=None):
        self._rho, self.psi = rho, psi

    @property
    def rho(self):
        return np.outer(self.psi, self.psi.conj()) if self._rho is None else self._rho

    def mean(self, a):
        if self.psi is not None:
            return np.vdot(self.psi, a @ self.psi)
        return a.multiply(self._rho.T).sum()


class Oracle:
    def __init__(self, model):
        self.model = model
        self.algebra = Algebra(model["sites"], model.get("parameters"))
        self.space = self.algebra.space
        self.d = self.space.dimension
        self.hints = model.get("hints", [])
        self.is_ket = model["kind"] == "unitary"
        self._density_equation = None
        self._liouvillian = None
        self._basis = None

    # Equations

    def hamiltonian_parts(self):
        parts = []
        for term in self.model["hamiltonian"]:
            parts += self.algebra.operator_parts(term)
        return parts or [(0.0, sparse.csr_matrix((self.d, self.d), dtype=complex))]

    def hamiltonian(self, t=0.0):
        h = sum(
            (factor(t) if callable(factor) else factor) * matrix
            for factor, matrix in self.hamiltonian_parts()
        )
        return sparse.csr_matrix(h)

    def jumps(self):
        """Pairs of a rate (a TimeFunction) and a jump operator."""
        found = []
        for entry in self.model.get("dissipators", []):
            if entry.get("collective"):
                op = self.algebra.operator(entry["operator"])
                found.append((TimeFunction(self.algebra, entry["rate"], {}), op))
                continue
            for binding in self.algebra.bindings(entry["operator"], entry["rate"]):
                op = self.algebra.bound(entry["operator"], binding)
                found.append((TimeFunction(self.algebra, entry["rate"], binding), op))
        return found

    def density_equation(self):
        if self._density_equation is None:
            parts = [(f, -1j * (left(h) - right(h))) for f, h in self.hamiltonian_parts()]
            parts += [(rate, dissipator(op)) for rate, op in self.jumps()]
            for term in self.model.get("superoperators", []):
                parts += self.algebra.superoperator_parts(term)
            for bath in self.model.get("baths", []):
                parts.append((1.0, baths.generator(bath, self)))
            self._density_equation = Equation(parts)
        return self._density_equation

    def ket_equation(self):
        return Equation([(f, -1j * h) for f, h in self.hamiltonian_parts()])

    # States

    def start(self):
        return states.kron_all(states.initial_state(self.model))

    def evolved(self, times):
        """The State at each of the times; that at the first is the initial one."""
        start = self.start()
        if self.is_ket and abs(states.purity(start) - 1) < 1e-12:
            column = np.argmax(np.abs(np.diag(start)))
            psi = start[:, column] / np.linalg.norm(start[:, column])
            kets = propagate(self.ket_equation(), psi, times, self.hints)
            return [State(psi=k) for k in kets]
        vectors = propagate(self.density_equation(), start.ravel(), times, self.hints)
        return [State(rho=v.reshape(self.d, self.d)) for v in vectors]

    # Expectation values

    def observable(self, node):
        """A function of (state, t), and a bound on its size."""
        if node == "purity":
            return (lambda state, t: states.purity(state.rho)), 2.0
        if node == "entropy":
            return (lambda state, t: states.entropy(state.rho)), 10.0
        if node == "energy":
            size = self.norm(self.hamiltonian())
            return (lambda state, t: state.mean(self.hamiltonian(t))), size
        if isinstance(node, list) and node[0] == "heat":
            bath = next(b for b in self.model["baths"] if b["name"] == node[1])
            k = baths.generator(bath, self)
            h = self.hamiltonian()
            size = self.norm(h) * self.norm(k)

            def current(state, t):
                return np.trace(h @ (k @ state.rho.ravel()).reshape(self.d, self.d))

            return current, size
        if isinstance(node, list) and node[0] == "multiplet":
            a = self._share_of_multiplets(node[1], node[2])
            return (lambda state, t: state.mean(a)), 1.0
        a = self.algebra.operator(node)
        return (lambda state, t: state.mean(a)), self.norm(a)

    def _share_of_multiplets(self, name, j):
        """The projector on all states of an ensemble with total spin J."""
        total = 0
        for word in ("sx", "sy", "sz"):
            component = self.algebra.operator(["op", word, [name, None]]) / 2
            total = total + component @ component
        spins = self.space.groups[name]["count"]
        others = [k for k in np.arange(spins / 2, -0.25, -1) if abs(k - j) > 0.1]
        projector = self.space.identity()
        for k in others:
            shifted = total - k * (k + 1) * self.space.identity()
            projector = projector @ shifted / (j * (j + 1) - k * (k + 1))
        return sparse.csr_matrix(projector)

    @staticmethod
    def norm(a):
        return max(1e-3, float(np.sqrt(abs(a).max() * max(abs(a).sum(axis=0).max(), 1e-300))))

    # Steady states and spectra

    def symmetric_basis(self):
        if self._basis is None:
            ensembles = [
                (group["first"], group["count"])
                for group in self.space.groups.values()
                if group["kind"] == "ensemble"
            ]
            self._basis = (
                states.symmetric_basis(self.space, ensembles)
                if ensembles
                else sparse.identity(self.d**2, format="csr")
            )
        return self._basis

    def liouvillian(self):
        """Sparse, in the operators that no permutation of an ensemble changes."""
        if self._liouvillian is None:
            equation = self.density_equation()
            if not equation.is_constant:
                raise OracleError("the Liouvillian depends on time")
            basis = self.symmetric_basis()
            matrix = sparse.csr_matrix(basis.T @ equation.constant @ basis)
            matrix.data[np.abs(matrix.data) < 1e-15] = 0
            matrix.eliminate_zeros()
            self._liouvillian = matrix
        return self._liouvillian

    def blocks(self):
        """(indices, dense matrix) of the parts that L never connects."""
        l = self.liouvillian()
        count, label = scipy.sparse.csgraph.connected_components(abs(l), directed=False)
        order = np.argsort(label, kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(label, minlength=count))[:-1])
        if max(map(len, parts)) > LARGEST_BLOCK:
            raise OracleError("too large for all eigenvalues")
        return [(part, l[part][:, part].toarray()) for part in parts]

    def kernel(self):
        """Right and left null spaces of L, and its eigenvalues."""
        size = max(abs(self.liouvillian()).max(), 1e-300)
        n = self.liouvillian().shape[0]
        rights, lefts, values = [], [], []
        for part, block in self.blocks():
            found = np.linalg.eigvals(block)
            values.append(found)
            small = np.abs(found)
            if np.any((small >= ZERO * size) & (small < UNCLEAR * size)):
                raise OracleError("an eigenvalue is too small to be told from zero")
            dimension = int(np.sum(small < ZERO * size))
            if dimension == 0:
                continue
            u, _, vh = np.linalg.svd(block)
            for vectors, all_vectors in ((vh.conj().T, rights), (u, lefts)):
                wide = np.zeros((n, dimension), dtype=complex)
                wide[part] = vectors[:, len(part) - dimension :]
                all_vectors.append(wide)
        return np.hstack(rights), np.hstack(lefts), np.concatenate(values)

    def steady_state(self):
        """The long-time mean of the initial state's evolution, or the only state; the dimension of
        the stationary space; and how far the next eigenvalue is from zero."""
        try:
            right_space, left_space, values = self.kernel()
        except OracleError:
            if self.liouvillian().shape[0] <= LARGEST_BLOCK:
                raise
            return self._only_steady_state()
        basis = self.symmetric_basis()
        dimension = right_space.shape[1]
        if np.max(values.real) > 1e-7 * max(1, np.abs(values).max()):
            raise OracleError("the equation is unstable")
        distances = np.sort(np.abs(values))[dimension:]
        gap = distances[0] if len(distances) else 1.0
        if dimension == 1:
            vector = basis @ right_space[:, 0]
        else:
            if not self.model.get("initial"):
                return None, dimension, gap
            start = basis.T @ self.start().ravel()
            overlap = left_space.conj().T @ right_space
            vector = basis @ (right_space @ np.linalg.solve(overlap, left_space.conj().T @ start))
        return self._normalised(vector), dimension, gap

    def _only_steady_state(self):
        """Of a large L: a linear system with the trace in the place of one equation."""
        if any(group["kind"] == "ensemble" for group in self.space.groups.values()):
            raise OracleError("too large")
        l = sparse.csc_matrix(self.liouvillian())
        near = scipy.sparse.linalg.eigs(l, k=2, sigma=1e-3, return_eigenvectors=False)
        near = np.sort(np.abs(near))
        if near[1] < 1e-6 * abs(l).max() or near[0] > 1e-3 * near[1]:
            raise OracleError("an eigenvalue is too small to be told from zero")
        system = sparse.lil_matrix(l)
        system[0] = 0
        system[0, np.arange(self.d) * (self.d + 1)] = 1
        unit = np.zeros(self.d**2)
        unit[0] = 1
        vector = scipy.sparse.linalg.spsolve(sparse.csc_matrix(system), unit)
        return self._normalised(vector), 1, near[1]

    def _normalised(self, vector):
        rho = vector.reshape(self.d, self.d)
        return State(rho=rho / np.trace(rho))
