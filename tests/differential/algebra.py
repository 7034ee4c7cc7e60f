"""Expressions as matrices, from the definitions in docs/conventions.md and docs/model-file.md.

Nothing here comes from the program: each word of a site is its textbook matrix, products are
multiplied out, and each term is summed over the members that it names. Ensembles are the spins that
they stand for. Superoperators act on rho with its rows one after the other, so that A rho B is
kron(A, B^T).
"""

import itertools
import math

import numpy as np
import scipy.sparse as sparse

from syntax import holds_operator, walk
from terms import FUNCTIONS, TimeFunction, split_numbers, terms


class Space:
    """Sites in their order. A group, or an ensemble, is `count` sites in a row."""

    def __init__(self, sites):
        self.groups = {}
        self.dimensions = []
        for site in sites:
            members = site.get("count")
            d = site.get("levels", 2)
            self.groups[site["name"]] = dict(
                first=len(self.dimensions), count=members, kind=site["kind"], levels=d
            )
            self.dimensions += [d] * (1 if members is None else members)
        self.dimension = math.prod(self.dimensions)

    def embed(self, matrix, ordinal):
        before = math.prod(self.dimensions[:ordinal])
        after = math.prod(self.dimensions[ordinal + 1 :])
        inner = sparse.kron(sparse.csr_matrix(matrix), sparse.identity(after), format="csr")
        return sparse.kron(sparse.identity(before), inner, format="csr")

    def identity(self):
        return sparse.identity(self.dimension, dtype=complex, format="csr")


def site_matrix(word, d, levels=()):
    """The matrix of a site's word; spins have |up> first."""
    if word in ("a", "ad", "n", "x", "p"):
        a = np.diag(np.sqrt(np.arange(1.0, d)), 1).astype(complex)
        ad = a.conj().T
        table = dict(a=a, ad=ad, n=ad @ a, x=a + ad, p=-1j * (a - ad))
        return table[word]
    if word == "id":
        return np.eye(d, dtype=complex)
    if word == "proj":
        levels = (levels[0], levels[0])
    if word in ("proj", "ket"):
        matrix = np.zeros((d, d), dtype=complex)
        matrix[levels[0], levels[1]] = 1
        return matrix
    up_x = np.array([1, 1]) / math.sqrt(2)
    down_x = np.array([1, -1]) / math.sqrt(2)
    table = dict(
        sx=[[0, 1], [1, 0]],
        sy=[[0, -1j], [1j, 0]],
        sz=[[1, 0], [0, -1]],
        sp=[[0, 1], [0, 0]],
        sm=[[0, 0], [1, 0]],
        n_up=[[1, 0], [0, 0]],
        sp_x=np.outer(up_x, down_x),
        sm_x=np.outer(down_x, up_x),
    )
    return np.array(table[word], dtype=complex)


class Algebra:
    """Expressions over one space and one table of parameters."""

    def __init__(self, sites, parameters=None):
        self.space = Space(sites)
        self.parameters = parameters or {}
        self._embedded = {}

    # Numbers

    def number(self, node, t=0.0, binding=None):
        kind = node[0]
        binding = binding or {}
        if kind == "num":
            return node[1]
        if kind == "i":
            return 1j
        if kind == "t":
            return t
        if kind == "pi":
            return math.pi
        if kind == "idx":
            return binding[node[1]]
        if kind in ("par", "elem"):
            return self._parameter(node, t, binding)
        if kind == "-":
            return -self.number(node[1], t, binding)
        values = [self.number(each, t, binding) for each in node[(2 if kind == "fn" else 1) :]]
        if kind == "+":
            return sum(values)
        if kind == "*":
            return math.prod(values)
        if kind == "/":
            return values[0] / values[1]
        if kind == "^":
            return values[0] ** values[1]
        if kind == "fn":
            return FUNCTIONS[node[1]](*values)
        if kind == "dag":
            return complex(values[0]).conjugate()
        raise ValueError(f"no number: {node!r}")

    def _parameter(self, node, t, binding):
        value = self.parameters[node[1]]
        if node[0] == "elem":
            value = value[int(round(complex(self.number(node[2], t, binding)).real))]
        elif isinstance(value, list) and not isinstance(value[0], str):
            value = value[binding["array " + node[1]]]
        return self.number(value, t, binding) if isinstance(value, list) else value

    # What a term leaves open: groups without an index, free indices, arrays

    def _open(self, nodes):
        groups, indices, arrays = [], {}, []
        for node in nodes:
            for each in self._walk_open(node):
                if each[0] == "op":
                    name, index = each[2]
                    count = self.space.groups[name]["count"]
                    if index is None and count is not None and name not in groups:
                        groups.append(name)
                    for inner in walk(index) if index else ():
                        if inner[0] == "idx":
                            indices.setdefault(inner[1], set()).add(name)
                if each[0] == "par" and isinstance(self.parameters[each[1]], list):
                    if not isinstance(self.parameters[each[1]][0], str) and each[1] not in arrays:
                        arrays.append(each[1])
        return groups, indices, arrays

    def _walk_open(self, node):
        yield node
        if node[0] == "sum":
            return
        for child in node[1:]:
            if not isinstance(child, list):
                continue
            if node[0] == "op":
                if child[1] is not None:
                    yield from self._walk_open(child[1])
            else:
                yield from self._walk_open(child)

    def bindings(self, *nodes):
        """All ways to bind what the expressions leave open, together."""
        groups, indices, arrays = self._open(nodes)
        ranges = [range(self.space.groups[name]["count"]) for name in groups]
        free = list(indices)
        largest = [max(self.space.groups[g]["count"] for g in indices[k]) for k in free]
        for members in itertools.product(*ranges, *map(range, largest)):
            binding = dict(zip([*("group " + g for g in groups), *free], members))
            rivals = (
                binding[k] == binding[other]
                for k, other in itertools.combinations(free, 2)
                if indices[k] & indices[other]
            )
            if any(rivals):
                continue
            for array in arrays:
                length = len(self.parameters[array])
                along = [g for g in groups if self.space.groups[g]["count"] == length]
                binding["array " + array] = binding["group " + along[0]]
            if self._members_exist(nodes, binding):
                yield binding

    def _members_exist(self, nodes, binding):
        for node in nodes:
            for each in walk(node):
                if each[0] == "op" and each[2][1] is not None:
                    name, index = each[2]
                    if any(inner[0] == "idx" for inner in walk(index)):
                        member = complex(self.number(index, 0, binding)).real
                        if not 0 <= member < self.space.groups[name]["count"]:
                            return False
        return True

    # Operators

    def _site(self, node, binding):
        word, (name, index), *levels = node[1:]
        group = self.space.groups[name]
        member = 0
        if index is not None:
            member = int(round(complex(self.number(index, 0, binding)).real))
        elif group["count"] is not None:
            member = binding["group " + name]
        key = (word, name, member, *levels)
        if key not in self._embedded:
            matrix = site_matrix(word, group["levels"], levels)
            self._embedded[key] = self.space.embed(matrix, group["first"] + member)
        return self._embedded[key]

    def bound(self, node, binding, t=0.0):
        """The matrix of an expression in which everything is bound."""
        kind = node[0]
        if not holds_operator(node):
            return self.number(node, t, binding) * self.space.identity()
        if kind == "op":
            return self._site(node, binding)
        if kind == "sum":
            return self.operator(node[1], t)
        if kind == "dag":
            return self.bound(node[1], binding, t).conj().T.tocsr()
        if kind == "-":
            return -self.bound(node[1], binding, t)
        if kind == "/":
            return self.bound(node[1], binding, t) / self.number(node[2], t, binding)
        if kind == "^":
            power = self.space.identity()
            for _ in range(int(self.number(node[2]))):
                power = power @ self.bound(node[1], binding, t)
            return power
        if kind in ("+", "*"):
            result = self.bound(node[1], binding, t)
            for each in node[2:]:
                if kind == "+":
                    result = result + self.bound(each, binding, t)
                elif holds_operator(each):
                    result = result @ self.bound(each, binding, t)
                else:
                    result = result * self.number(each, t, binding)
            return result
        raise ValueError(f"no operator: {node!r}")

    def operator(self, node, t=0.0):
        """The sum over all members of all terms, as a D x D matrix."""
        total = sparse.csr_matrix((self.space.dimension,) * 2, dtype=complex)
        for term in terms(node):
            for binding in self.bindings(term):
                total = total + self.bound(term, binding, t)
        return total.tocsr()

    def operator_parts(self, node):
        """The same as pairs of a number that may depend on time, f(t), and a matrix."""
        parts = []
        for term in terms(node):
            for binding in self.bindings(term):
                scalars, rest = split_numbers(term)
                matrix = self.bound(rest, binding)
                parts.append((TimeFunction(self, scalars, binding), matrix))
        return parts

    # Superoperators

    def superoperator_parts(self, node):
        """Pairs of a number that may depend on time and a D^2 x D^2 matrix."""
        parts = []
        for term in terms(node):
            for binding in self.bindings(term):
                scalars, rest = split_numbers(term)
                matrix = sparse.csr_matrix(self._bound_super(rest, binding))
                parts.append((TimeFunction(self, scalars, binding), matrix))
        return parts

    def superoperator(self, node, t=0.0):
        d = self.space.dimension
        total = sparse.csr_matrix((d * d, d * d), dtype=complex)
        for factor, matrix in self.superoperator_parts(node):
            total = total + factor(t) * matrix
        return total.tocsr()

    def _bound_super(self, node, binding):
        kind = node[0]
        d = self.space.dimension
        if not holds_operator(node):
            return self.number(node, 0, binding) * sparse.identity(d * d, dtype=complex)
        if kind == "super":
            return SUPEROPERATORS[node[1]](self.bound(node[2], binding))
        if kind == "-":
            return -self._bound_super(node[1], binding)
        if kind == "/":
            return self._bound_super(node[1], binding) / self.number(node[2], 0, binding)
        result = None
        for each in node[1:]:
            part = self._bound_super(each, binding)
            if result is None:
                result = part
            else:
                result = result + part if kind == "+" else result @ part
        return result


def left(a):
    return sparse.kron(a, sparse.identity(a.shape[0]), format="csr")


def right(b):
    return sparse.kron(sparse.identity(b.shape[0]), b.T, format="csr")


def dissipator(a):
    square = a.conj().T @ a
    jump = sparse.kron(a, a.conj(), format="csr")
    return jump - (left(square) + right(square)) / 2


SUPEROPERATORS = dict(
    left=left,
    right=right,
    commutator=lambda a: left(a) - right(a),
    anticommutator=lambda a: left(a) + right(a),
    dissipator=dissipator,
)
