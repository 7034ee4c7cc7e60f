"""Random sites and operators of sites, the words that random models are made of."""

import random

from syntax import num, op, plus, times, with_conjugate

OSCILLATOR = ("a", "ad", "n", "x", "p", "id")
SPIN = ("sx", "sy", "sz", "sp", "sm", "n_up", "sp_x", "sm_x", "id")
HERMITIAN = dict(oscillator=("n", "x", "p"), spin=("sx", "sy", "sz", "n_up"))
NAMES = dict(
    oscillator=("m", "mode", "c", "cav_1", "Osc"),
    spin=("q", "s", "Qubit", "bath", "s2"),
    levels=("l", "atom", "lv_3", "d"),
    ensemble=("b", "ens", "many"),
)


class Draw:
    """Choices of one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, *choices):
        return self.random.choice(choices)

    def weighted(self, table):
        return self.random.choices(list(table), weights=list(table.values()))[0]

    def integer(self, low, high):
        return self.random.randint(low, high)

    def number(self, low=-1.0, high=1.0):
        """Often a round one: equal numbers make degeneracies."""
        if self.chance(0.35):
            choices = [v for v in (-2, -1, -0.5, 0.1, 0.2, 0.25, 0.5, 1, 1.5, 2) if low <= v <= high]
            if choices:
                return self.random.choice(choices)
        value = round(self.random.uniform(low, high), 3)
        return value if value != 0 else round(high / 2, 3)

    def rate(self, wide=False):
        if wide:
            return float(f"{10 ** self.random.uniform(-4, 3):.3g}")
        if self.chance(0.04):
            return 0
        return float(f"{10 ** self.random.uniform(-1.7, 0.5):.2g}")


class Words:
    """A model that has its sites, and words of them. Each seed is one model."""

    def __init__(self, seed, largest=12):
        self.draw = Draw(seed)
        self.largest = largest
        self.style = self.draw.weighted(dict(generic=4, conserving=4, parity=2, diagonal=1))
        self.wide = self.draw.chance(0.1)
        self.model = dict(
            seed=seed, kind="lindblad", sites=[], parameters={}, hamiltonian=[], dissipators=[],
            superoperators=[], baths=[], initial={}, observables={}, reduced=[], correlations=[],
            settings={}, ranks=1, hints=[],
        )  # fmt: skip

    def add_sites(self, kinds, wanted=None):
        wanted = wanted or self.draw.weighted({1: 3, 2: 5, 3: 2})
        total = 1
        used = set()
        for _ in range(wanted * 4):
            if len(self.model["sites"]) == wanted:
                break
            kind = self.draw.weighted(kinds)
            site = self._site(kind)
            grown = total * site.get("levels", 2) ** (site.get("count") or 1)
            if grown > self.largest or site["name"] in used:
                continue
            total = grown
            used.add(site["name"])
            self.model["sites"].append(site)
        if not self.model["sites"]:
            self.model["sites"].append(dict(name="q", kind="spin"))

    def _site(self, kind):
        draw = self.draw
        site = dict(name=draw.pick(*NAMES[kind]), kind=kind)
        if kind == "oscillator":
            site["levels"] = draw.weighted({1: 0.2, 2: 2, 3: 3, 4: 3, 5: 2, 6: 1, 8: 1})
            if draw.chance(0.15):
                site["count"] = draw.pick(1, 2, 2)
        elif kind == "levels":
            site["levels"] = draw.weighted({1: 0.3, 2: 2, 3: 3, 4: 2, 5: 1})
            if draw.chance(0.1):
                site["count"] = 2
        elif kind == "ensemble":
            site["count"] = draw.weighted({1: 0.5, 2: 3, 3: 3, 4: 1})
        elif draw.chance(0.35):
            site["count"] = draw.weighted({1: 0.5, 2: 4, 3: 2})
        if kind in ("spin", "ensemble") and draw.chance(0.4):
            site["basis"] = draw.pick("z", "x", "auto")
        return site

    def place(self, site, single=False):
        """A site by its name; of a group all members, or one of them."""
        if site.get("count") is None or site["kind"] == "ensemble":
            return [site["name"], None]
        if single or self.draw.chance(0.4):
            return [site["name"], num(self.draw.integer(0, site["count"] - 1))]
        return [site["name"], None]

    def any_site(self):
        return self.draw.random.choice(self.model["sites"])

    def level(self, levels):
        """Of many levels the low ones are those that are reached."""
        most = 5 if levels > 12 and self.draw.chance(0.8) else levels - 1
        return self.draw.integer(0, most)

    def word(self, site, place):
        """Any operator of a site."""
        draw = self.draw
        d = site.get("levels", 2)
        if site["kind"] == "levels" or draw.chance(0.1) and site["kind"] != "ensemble":
            j, k = self.level(d), self.level(d)
            return op("proj", place, j) if draw.chance(0.3) else op("ket", place, j, k)
        words = OSCILLATOR if site["kind"] == "oscillator" else SPIN
        return op(draw.random.choice(words), place)

    def hermitian_word(self, site, place):
        draw = self.draw
        d = site.get("levels", 2)
        if self.style == "diagonal" or (self.style == "conserving" and draw.chance(0.8)):
            return self.diagonal_word(site, place)
        if site["kind"] == "levels":
            j, k = self.level(d), self.level(d)
            return op("proj", place, j) if j == k else with_conjugate(op("ket", place, j, k))
        kind = "oscillator" if site["kind"] == "oscillator" else "spin"
        return op(draw.random.choice(HERMITIAN[kind]), place)

    def diagonal_word(self, site, place):
        if site["kind"] == "levels":
            return op("proj", place, self.level(site["levels"]))
        if site["kind"] == "oscillator":
            return op("n", place)
        return op(self.draw.pick("sz", "n_up"), place)

    def lowering(self, site, place):
        if site["kind"] == "oscillator":
            return op("a", place)
        if site["kind"] == "levels":
            if site["levels"] == 1:
                return op("proj", place, 0)
            k = max(1, self.level(site["levels"]))
            return op("ket", place, k - 1, k)
        return op("sm", place)

    def coefficient(self, low=-1.0, high=1.0, real=True):
        draw = self.draw
        value = num(draw.number(low, high))
        kind = draw.weighted(dict(plain=6, parameter=2, quotient=1, root=0.5, sum=0.5))
        if kind == "parameter":
            name = draw.pick("g", "Omega", "w_0", "J1", "eps")
            self.model["parameters"].setdefault(name, value[1])
            value = ["par", name]
            if not isinstance(self.model["parameters"][name], (int, float)):
                value = num(0.3)
        elif kind == "quotient":
            value = ["/", value, num(draw.pick(2, 3, 4))]
        elif kind == "root":
            value = times(value, ["fn", "sqrt", num(draw.pick(2, 3, 0.5))])
        elif kind == "sum":
            value = plus(value, num(draw.number(0.1, 1)))
        if not real and draw.chance(0.15):
            complex_number = plus(num(draw.number()), times(num(draw.number()), ["i"]))
            self.model["parameters"].setdefault("z", complex_number)
            return ["par", "z"]
        if not real and draw.chance(0.5):
            value = times(value, plus(num(1), times(num(draw.number()), ["i"])))
        return value

    def array_for(self, site):
        """An array along a group's members, if no other group has as many."""
        count = site.get("count")
        if count is None or site["kind"] == "ensemble" or count < 2:
            return None
        if any(s is not site and s.get("count") == count for s in self.model["sites"]):
            return None
        name = f"arr{count}"
        values = self.model["parameters"].setdefault(
            name, [self.draw.number(0.1, 1) for _ in range(count)]
        )
        return ["par", name] if len(values) == count else None

    def product(self, factors):
        word_list = []
        for _ in range(factors):
            site = self.any_site()
            word_list.append(self.word(site, self.place(site)))
        return times(*word_list)
