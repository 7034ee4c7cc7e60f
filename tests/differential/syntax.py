"""Expressions as nested lists, and their text in the language of model files.

A node is a list whose first entry is its kind:

    ["num", 0.3]  ["i"]  ["t"]  ["pi"]        numbers
    ["par", "g"]                              a parameter; an array runs along its group
    ["elem", "w", node]                       one value of an array, w[...]
    ["idx", "k"]                              a free index, used as a number
    ["+", a, b, ...]  ["*", a, b, ...]  ["-", a]  ["/", a, b]  ["^", a, n]
    ["fn", "cos", a, ...]                     a function of numbers
    ["op", "sx", ["q", null], level, ...]     a site's operator; null: the site, or the whole group;
                                              a node in its place: the member q[node]
    ["dag", a]  ["sum", a]                    Hermitian conjugate, sum over members
    ["super", "commutator", a]                a superoperator

Lists, strings and numbers only, so that models can be stored as JSON and cut by the shrinker.
"""


def num(value):
    return ["num", value]


def times(*factors):
    flat = []
    for factor in factors:
        flat.extend(factor[1:] if factor[0] == "*" else [factor])
    return flat[0] if len(flat) == 1 else ["*", *flat]


def plus(*terms):
    flat = []
    for term in terms:
        flat.extend(term[1:] if term[0] == "+" else [term])
    return flat[0] if len(flat) == 1 else ["+", *flat]


def op(word, site, *levels):
    """op("sx", "q"), op("sx", ["q", 1]), op("ket", "l", 0, 2)"""
    place = [site, None] if isinstance(site, str) else list(site)
    if isinstance(place[1], int):
        place[1] = num(place[1])
    return ["op", word, place, *levels]


def with_conjugate(term):
    return plus(term, ["dag", term])


def children(node):
    """The nodes directly below a node, with their places."""
    found = []
    for place, child in enumerate(node):
        if isinstance(child, list) and child and node[0] == "op" and place == 2:
            if child[1] is not None:
                found.append(child[1])
        elif isinstance(child, list):
            found.append(child)
    return found


def walk(node):
    yield node
    for child in children(node):
        yield from walk(child)


def holds_operator(node):
    return any(each[0] in ("op", "super") for each in walk(node))


def depends_on_time(node, parameters=None):
    """Whether `t` occurs, in the parameters too if they are given."""
    for each in walk(node):
        if each[0] == "t":
            return True
        if each[0] == "par" and parameters and each[1] in parameters:
            value = parameters[each[1]]
            if value and isinstance(value[0], str) and depends_on_time(value, parameters):
                return True
    return False


# How tightly each kind binds: a sum least, a primary most.
SUM, PRODUCT, FACTOR, POWER, PRIMARY = range(5)


class Writer:
    """Writes nodes as text. With a random generator, in any of the ways that mean the same."""

    def __init__(self, random=None):
        self.random = random

    def chance(self, probability):
        return self.random is not None and self.random.random() < probability

    def text(self, node):
        return self._write(node, SUM)

    def _write(self, node, needed):
        text, strength = self._spell(node)
        if strength < FACTOR and self.chance(0.01) or strength == PRIMARY and self.chance(0.01):
            text, strength = f"+{text}" if strength == PRIMARY else f"+({text})", FACTOR
        if strength < needed or self.chance(0.04):
            pad = " " if self.chance(0.1) else ""
            return f"({pad}{text}{pad})"
        return text

    def number(self, value):
        if isinstance(value, int):
            text = str(abs(value))
        else:
            text = repr(abs(value))
            if self.chance(0.1) and 1e-3 < abs(value) < 1e3:
                mantissa, exponent = f"{abs(value):.17e}".split("e")
                if float(f"{mantissa}E{exponent}") == abs(value):
                    text = f"{mantissa}E{exponent}"
            elif text.startswith("0.") and self.chance(0.1):
                text = text[1:]
        return (text, PRIMARY) if value >= 0 and not text.startswith("-") else (f"-{text}", FACTOR)

    def _spell(self, node):
        kind = node[0]
        space = " " if not self.chance(0.2) else self.random.choice(["", "  "])
        if kind == "num":
            return self.number(node[1])
        if kind in ("i", "t", "pi"):
            return kind, PRIMARY
        if kind in ("par", "idx"):
            return node[1], PRIMARY
        if kind == "elem":
            return f"{node[1]}[{self._write(node[2], SUM)}]", PRIMARY
        if kind == "+":
            return self._sum(node, space), SUM
        if kind == "*":
            tight = "*" if not self.chance(0.2) else " * "
            return tight.join(self._write(each, FACTOR) for each in node[1:]), PRODUCT
        if kind == "/":
            return f"{self._write(node[1], PRODUCT)}/{self._write(node[2], FACTOR)}", PRODUCT
        if kind == "-":
            return f"-{self._write(node[1], FACTOR)}", FACTOR
        if kind == "^":
            sign = "**" if self.chance(0.4) else "^"
            return f"{self._write(node[1], PRIMARY)}{sign}{self._write(node[2], FACTOR)}", POWER
        if kind in ("fn", "super"):
            return f"{node[1]}({self._list(node[2:])})", PRIMARY
        if kind in ("dag", "sum"):
            return f"{kind}({self._write(node[1], SUM)})", PRIMARY
        if kind == "op":
            return f"{node[1]}({', '.join([self._site(node[2]), *map(str, node[3:])])})", PRIMARY
        raise ValueError(f"unknown node {node!r}")

    def _sum(self, node, space):
        text = self._write(node[1], SUM)
        for term in node[2:]:
            if term[0] == "-" and not self.chance(0.2):
                text += f"{space}-{space}{self._write(term[1], PRODUCT)}"
            else:
                text += f"{space}+{space}{self._write(term, PRODUCT)}"
        return text

    def _list(self, nodes):
        return ", ".join(self._write(each, SUM) for each in nodes)

    def _site(self, place):
        name, index = place
        return name if index is None else f"{name}[{self._write(index, SUM)}]"
