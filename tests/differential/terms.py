"""Terms of expressions: products multiplied out, and numbers that depend on time."""

import cmath
import itertools
import math

from syntax import holds_operator


def modulo(a, b):
    return a - b * math.floor(a / b)


# Corners are those of the real axis; everything else continues to complex numbers.
FUNCTIONS = dict(
    sqrt=cmath.sqrt, exp=cmath.exp, log=cmath.log, sin=cmath.sin, cos=cmath.cos, tan=cmath.tan,
    asin=cmath.asin, acos=cmath.acos, atan=cmath.atan, sinh=cmath.sinh, cosh=cmath.cosh,
    tanh=cmath.tanh, abs=abs, conj=lambda z: complex(z).conjugate(),
    real=lambda z: complex(z).real, imag=lambda z: complex(z).imag,
    floor=lambda z: math.floor(complex(z).real),
    step=lambda z: 1.0 if complex(z).real >= 0 else 0.0,
    min=lambda a, b: min(complex(a).real, complex(b).real),
    max=lambda a, b: max(complex(a).real, complex(b).real),
    mod=lambda a, b: modulo(complex(a).real, complex(b).real),
)  # fmt: skip


class TimeFunction:
    """A number that may depend on time, with what it needs to be evaluated."""

    def __init__(self, algebra, node, binding):
        self.algebra, self.node, self.binding = algebra, node, binding
        self._compiled = {}

    def __call__(self, t):
        return complex(self.value(self.node, t))

    def value(self, node, t):
        """The value of a node of the formula; many times are asked for, so it becomes Python once."""
        key = id(node)
        if key not in self._compiled:
            source = self._source(node)
            self._compiled[key] = node, eval(f"lambda t, F=F: {source}", {"F": FUNCTIONS})
        return self._compiled[key][1](t)

    def is_time_dependent(self, node=None):
        return "t" in self._source(self.node if node is None else node).split()

    def _source(self, node):
        kind = node[0]
        if kind == "t":
            return " t "
        if kind == "par":
            value = self.algebra.parameters[node[1]]
            if isinstance(value, list) and isinstance(value[0], str):
                return self._source(value)
        if kind in ("+", "*", "/", "^"):
            sign = "**" if kind == "^" else kind
            return "(" + sign.join(self._source(each) for each in node[1:]) + ")"
        if kind == "-":
            return f"(-{self._source(node[1])})"
        if kind == "fn":
            return f"F[{node[1]!r}]({','.join(self._source(each) for each in node[2:])})"
        return f"({self.algebra.number(node, 0.0, self.binding)!r})"

    def inlined(self):
        """The formula with those of its parameters in their places."""
        return self._inlined(self.node)

    def _inlined(self, node):
        if not isinstance(node, list):
            return node
        if node[0] == "par":
            value = self.algebra.parameters[node[1]]
            is_node = isinstance(value, list) and isinstance(value[0], str)
            return self._inlined(value) if is_node else node
        return [self._inlined(each) for each in node]


def terms(node):
    """Products multiplied out: the summands, each of which is summed over its own members."""
    kind = node[0]
    if not holds_operator(node) or kind in ("op", "sum"):
        return [node]
    if kind == "+":
        return [term for each in node[1:] for term in terms(each)]
    if kind == "-":
        return [["-", term] for term in terms(node[1])]
    if kind == "/":
        return [["/", term, node[2]] for term in terms(node[1])]
    if kind == "dag":
        return [["dag", term] for term in terms(node[1])]
    if kind == "super":
        if node[1] == "dissipator":
            return [node]
        return [["super", node[1], term] for term in terms(node[2])]
    if kind == "^":
        base = terms(node[1])
        if len(base) == 1:
            return [node]
        return terms(["*", *[node[1]] * int(node[2][1])])
    if kind == "*":
        return [
            ["*", *choice] for choice in itertools.product(*(terms(each) for each in node[1:]))
        ]
    raise ValueError(f"no expression: {node!r}")


def split_numbers(term):
    """A term as a number times an operator (the identity if there is none)."""
    kind = term[0]
    if not holds_operator(term):
        return term, ["num", 1]
    if kind == "-":
        scalar, rest = split_numbers(term[1])
        return ["-", scalar], rest
    if kind == "/":
        scalar, rest = split_numbers(term[1])
        return ["/", scalar, term[2]], rest
    if kind == "dag":
        scalar, rest = split_numbers(term[1])
        return ["fn", "conj", scalar], ["dag", rest]
    if kind == "*":
        pairs = [split_numbers(each) for each in term[1:]]
        rest = [each for _, each in pairs if holds_operator(each)]
        return ["*", *(scalar for scalar, _ in pairs)], (["*", *rest] if len(rest) > 1 else rest[0])
    return ["num", 1], term
