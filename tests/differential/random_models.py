"""Random structured models. Each seed is one model; the numbers are short, so that files are too.

A model is a dictionary of lists, numbers and strings:

    sites        [{name, kind, levels, count, basis, coherence}], in order
    parameters   name -> number, list of numbers (an array), or a node of syntax.py
    kind         "lindblad", "unitary" or "trajectories"
    hamiltonian, superoperators      lists of nodes
    dissipators  [{operator, rate, collective}]
    baths        [{name, coupling, ...}]
    initial      site -> state (states.py), or a list with one for each member
    observables  name -> node, or a word such as "purity", or ["heat", bath]
    reduced      lists of site names
    evolve, steady, spectrum, map, mixture, trajectories   tables of the model file
    correlations [{name, A, B, C, at, delays, frequencies, connected}]
    settings     path -> value, given as --set
    ranks, hints (times where something happens)
"""

from coefficients import random_coefficient
from random_words import Words
from syntax import num, op, plus, times, walk, with_conjugate


class Builder(Words):
    """Puts a model together."""

    def exchange(self):
        """What one site loses another one gets."""
        draw = self.draw
        site, other = self.any_site(), self.any_site()
        others = [each for each in self.model["sites"] if each is not site]
        if others and draw.chance(0.8):
            other = draw.random.choice(others)
        if site is other:
            return self.within_group(site) or self.diagonal_word(site, self.place(site))
        first = self.lowering(site, self.place(site))
        second = self.lowering(other, self.place(other))
        if draw.chance(0.15) and site["kind"] == "oscillator":
            first = ["^", first, num(2)]
        return with_conjugate(times(["dag", first] if draw.chance(0.5) else first, second)
                              if draw.chance(0.15) else times(["dag", first], second))  # fmt: skip

    def within_group(self, site):
        """A chain, all pairs, or a square of a sum."""
        count = site.get("count") or 1
        if count < 2:
            return None
        name = site["name"]
        k, following = ["idx", "k"], plus(["idx", "k"], num(1))
        first = self.lowering(site, [name, k])
        kind = self.draw.weighted(dict(chain=3, pairs=2, square=2, ring=1, indexed=1.5))
        if site["kind"] == "ensemble":
            kind = self.draw.pick("pairs", "square")
        if kind == "indexed":
            return self.indexed(site, count)
        if kind == "square":
            word = "sz" if site["kind"] in ("spin", "ensemble") else None
            if word and self.style != "conserving":
                word = self.draw.pick("sx", "sy", "sz")
            inner = op(word, name) if word else self.diagonal_word(site, [name, None])
            return ["^", ["sum", inner], num(2)]
        if kind == "pairs":
            other = [name, ["idx", "l"]]
        elif kind == "ring":
            other = [name, ["fn", "mod", following, num(count)]]
            if count < 3:
                other = [name, following]
        else:
            other = [name, following]
        second = ["op", first[1], other, *first[3:]]
        return with_conjugate(times(["dag", first], second))

    def indexed(self, site, count):
        """Free indices as numbers: k A_k, (k - l)^2 A_k A_l, w[k] A_k, w[k+1] A_k A_(k+1)."""
        name, draw = site["name"], self.draw
        k, following = ["idx", "k"], plus(["idx", "k"], num(1))
        here = self.diagonal_word(site, [name, k])
        kind = draw.weighted(dict(count=2, distance=2, array=2, shifted=1))
        if kind == "count":
            return times(plus(k, num(1)), here)
        if kind == "distance":
            there = ["op", here[1], [name, ["idx", "j"]], *here[3:]]
            return times(["^", plus(k, ["-", ["idx", "j"]]), num(2)], here, there)
        self.model["parameters"].setdefault(
            f"v{count}", [draw.number(0.1, 1) for _ in range(count)]
        )
        if kind == "array":
            return times(["elem", f"v{count}", k], here)
        there = ["op", here[1], [name, following], *here[3:]]
        return times(["elem", f"v{count}", following], here, there)

    def hamiltonian_term(self):
        draw = self.draw
        kind = draw.weighted(
            dict(
                generic=dict(local=2, product=3, exchange=1, group=1, polynomial=1),
                conserving=dict(local=2, exchange=4, group=2, pair=1),
                parity=dict(local=2, pair=2, exchange=1, group=1),
                diagonal=dict(local=2, pair=1),
            )[self.style]
        )
        term = None
        if kind == "product":
            return times(num(draw.number()), with_conjugate(
                times(self.coefficient(real=False), self.product(draw.integer(1, 3)))
            ))  # fmt: skip
        if kind == "exchange":
            term = self.exchange()
        if kind == "group":
            term = self.within_group(self.any_site())
        if kind == "polynomial":
            site = self.any_site()
            inner = self.hermitian_word(site, self.place(site))
            term = ["^", plus(inner, num(draw.number())), num(draw.pick(2, 2, 3))]
        if kind == "pair":
            sites = [self.any_site(), self.any_site()]
            words = [self.hermitian_word(s, self.place(s)) for s in sites]
            term = times(*words) if sites[0] is not sites[1] else words[0]
        site = self.any_site()
        if term is None:
            place = self.place(site)
            term = self.hermitian_word(site, place)
            array = self.array_for(site)
            if array and place[1] is None and draw.chance(0.5):
                return times(array, term)
        return times(self.coefficient(), term)

    def add_hamiltonian(self, moving=False):
        draw = self.draw
        for _ in range(draw.weighted({0: 0.2, 1: 2, 2: 3, 3: 2, 4: 1})):
            self.model["hamiltonian"].append(self.hamiltonian_term())
        if moving:
            for _ in range(draw.weighted({1: 3, 2: 1})):
                self.model["hamiltonian"].append(self.moving_term())

    def moving_term(self):
        site = self.any_site()
        factor, hints = random_coefficient(self.draw, self.span)
        self.model["hints"] = sorted({*self.model["hints"], *hints})
        if self.draw.chance(0.2):
            self.model["parameters"]["pulse"] = factor
            factor = ["par", "pulse"]
        word = (
            self.hermitian_word(site, self.place(site))
            if self.style in ("conserving", "diagonal")
            else self.hamiltonian_term()[-1]
        )
        if word[0] == "num" or word[0] == "par":
            word = self.hermitian_word(site, self.place(site))
        return times(num(self.draw.number(0.2, 1.5)), factor, word)

    def jump(self):
        draw = self.draw
        site = self.any_site()
        place = self.place(site)
        if self.style in ("conserving", "diagonal", "parity"):
            kind = draw.weighted(dict(down=4, up=2, level=2, joint=1))
        else:
            kind = draw.weighted(dict(down=2, up=1, level=1, joint=1, any=3, sum=2))
        if kind == "down":
            return self.lowering(site, place)
        if kind == "up":
            return ["dag", self.lowering(site, place)]
        if kind == "level":
            return self.diagonal_word(site, place)
        if kind == "sum":
            first, second = self.word(site, place), self.word(site, place)
            return plus(first, times(self.coefficient(real=False), second))
        if kind == "joint":
            other = self.any_site()
            second = self.lowering(other, self.place(other, single=draw.chance(0.5)))
            first = self.lowering(site, place)
            if other is site:
                return first
            if draw.chance(0.4) and place[1] is not None or site.get("count") is None:
                return plus(first, second) if draw.chance(0.5) else times(first, second)
            return times(first, ["dag", second] if draw.chance(0.5) else second)
        return self.product(draw.integer(1, 2))

    def add_dissipators(self, moving=False):
        draw = self.draw
        for _ in range(draw.weighted({0: 0.5, 1: 3, 2: 3, 3: 2})):
            operator = self.jump()
            rate = num(draw.rate(self.wide))
            entry = dict(operator=operator, rate=rate)
            site = next((s for s in self.model["sites"] if s["name"] == operator_site(operator)), None)
            if site and draw.chance(0.25) and (site.get("count") or 1) > 1:
                if operator[0] == "op" and operator[2][1] is None:
                    entry["collective"] = True
            array = self.array_for(site) if site and not entry.get("collective") else None
            if array and operator[0] == "op" and operator[2][1] is None and draw.chance(0.4):
                entry["rate"] = times(rate, array)
            if moving and draw.chance(0.5):
                factor, hints = random_coefficient(draw, self.span, positive=True)
                self.model["hints"] = sorted({*self.model["hints"], *hints})
                entry["rate"] = times(rate, factor)
            self.model["dissipators"].append(entry)
        if draw.chance(0.15):
            term = self.superoperator()
            if moving and draw.chance(0.5):
                factor, hints = random_coefficient(draw, self.span, positive=True)
                self.model["hints"] = sorted({*self.model["hints"], *hints})
                term = times(factor, term)
            self.model["superoperators"].append(term)

    def damp_every_site(self):
        """So that most steady states are unique."""
        for site in self.model["sites"]:
            if not any(names(entry["operator"], site["name"]) for entry in self.model["dissipators"]):
                operator = self.lowering(site, [site["name"], None])
                rate = num(self.draw.rate() or 0.1)
                self.model["dissipators"].append(dict(operator=operator, rate=rate))

    def superoperator(self):
        """Maps that keep rho Hermitian and damp."""
        draw = self.draw
        site = self.any_site()
        word = self.hermitian_word(site, self.place(site))
        rate = num(draw.number(0.05, 0.4))
        kind = draw.weighted(dict(double=3, turn=2, jump=2, sandwich=1, friction=1, pair=1))
        if kind == "friction":
            other = self.hermitian_word(site, self.place(site, single=True))
            return ["-", times(["/", rate, num(4)], ["i"], ["super", "commutator", word],
                               ["super", "anticommutator", other])]  # fmt: skip
        if kind == "pair":
            other = self.any_site()
            second = self.hermitian_word(other, self.place(other))
            return ["-", times(rate, ["super", "commutator", times(word, second)
                                      if other is not site else word], ["i"])]  # fmt: skip
        if kind == "double":
            return ["-", times(rate, ["super", "commutator", word], ["super", "commutator", word])]
        if kind == "turn":
            return ["-", times(rate, ["i"], ["super", "commutator", word])]
        if kind == "jump":
            return times(rate, ["super", "dissipator", self.lowering(site, self.place(site))])
        square = times(["super", "left", word], ["super", "right", word])
        if site.get("count"):
            return times(rate, ["super", "dissipator", word])
        twice = ["^", word, num(2)]
        return plus(times(rate, square), ["-", times(["/", rate, num(2)],
                                                      ["super", "anticommutator", twice])])  # fmt: skip

    def add_initial(self, pure=False):
        for site in self.model["sites"]:
            count = site.get("count")
            if site["kind"] == "ensemble":
                self.model["initial"][site["name"]] = self.ensemble_state(count)
            elif count is not None and self.draw.chance(0.5):
                states = [self.state(site, pure) for _ in range(count)]
                self.model["initial"][site["name"]] = states
            else:
                self.model["initial"][site["name"]] = self.state(site, pure)

    def state(self, site, pure):
        draw = self.draw
        d = site.get("levels", 2)
        sharp = self.style in ("conserving", "diagonal") and draw.chance(0.6)
        if site["kind"] == "oscillator":
            if sharp or d < 3:
                return ["fock", draw.integer(0, d - 1)]
            kinds = dict(fock=2, coherent=2, cat=1) | ({} if pure else dict(thermal=1, mixed=0.5))
            kind = draw.weighted(kinds)
            if kind == "fock":
                return ["fock", draw.integer(0, d - 1)]
            if kind == "thermal":
                return ["thermal", draw.number(0.1, 1)]
            if kind == "mixed":
                return ["maximally_mixed"]
            imaginary = draw.number(-0.5, 0.5) if draw.chance(0.4) else 0
            return [kind, draw.number(0.1, 0.8), imaginary]
        if site["kind"] == "levels":
            if not pure and draw.chance(0.3):
                return ["maximally_mixed"]
            return ["level", draw.integer(0, d - 1)]
        return self.spin_state(sharp, pure)

    def spin_state(self, sharp, pure):
        draw = self.draw
        if sharp:
            return [draw.pick("up", "down")]
        kinds = dict(word=4, coherent=1) | ({} if pure else dict(thermal=1, mixed=0.5))
        kind = draw.weighted(kinds)
        if kind == "word":
            return [draw.pick("up", "down", "up_x", "down_x", "up_y", "down_y")]
        if kind == "coherent":
            return ["coherent_spin", draw.number(0.1, 3), draw.number(-3, 3)]
        if kind == "thermal":
            return [draw.pick("thermal", "thermal_x"), draw.number(0.1, 1)]
        return ["maximally_mixed"]

    def ensemble_state(self, count):
        draw = self.draw
        if draw.chance(0.25):
            j = count / 2 - (draw.integer(0, count // 2) if draw.chance(0.5) else 0)
            return ["dicke", j, -j + draw.integer(0, round(2 * j))]
        if draw.chance(0.1):
            first = self.spin_state(False, False)
            return ["mixture", [0.25, first], [0.75, ["dicke", count / 2, count / 2]]]
        return self.spin_state(self.style == "conserving", False)

    def sum_of_words(self):
        """Something of everything: few errors leave it as it was."""
        draw = self.draw
        parts = []
        for site in self.model["sites"]:
            for _ in range(draw.integer(1, 3)):
                word = self.word(site, self.place(site))
                other = self.any_site()
                if draw.chance(0.5) and other is not site:
                    word = times(word, self.word(other, self.place(other)))
                parts.append(times(num(draw.number()), word))
        return plus(*parts)

    def add_observables(self):
        draw = self.draw
        for k in range(draw.integer(1, 4)):
            site = self.any_site()
            kind = draw.weighted(dict(word=4, any=3, product=2, pair=1))
            if kind == "word":
                node = self.hermitian_word(site, self.place(site))
            elif kind == "any":
                node = self.word(site, self.place(site))
            elif kind == "pair" and site["kind"] == "ensemble" and draw.chance(0.5):
                node = ["multiplet", site["name"], site["count"] / 2 - draw.integer(
                    0, site["count"] // 2)]  # fmt: skip
            elif kind == "product":
                node = times(self.coefficient(real=False), self.product(2))
            else:
                node = self.within_group(site) or self.diagonal_word(site, self.place(site))
            self.model["observables"][f"o{k}"] = node
        if draw.chance(0.7):
            self.model["observables"]["all"] = self.sum_of_words()
        statistical = self.model["kind"] == "trajectories" or "mixture" in self.model
        for word in ("energy", "purity", "entropy"):
            if word == "energy" and self.moving:
                continue  # refused, as everything that depends on time
            if draw.chance(0.2) and not (statistical and word != "energy"):
                self.model["observables"][word] = word


def names(node, site):
    return any(each[0] == "op" and each[2][0] == site for each in walk(node))


def operator_site(node):
    return node[2][0] if node[0] == "op" else None
