"""Two-level systems that are all alike, by their total spin; shared by the examples' drivers.

Rates between the states |J,M>, summed over the copies of each multiplet, as in Shammah et al.,
Phys. Rev. A 98, 063815 (2018). They follow from the theorem of Wigner and Eckart: the operators s-,
sz, s+ of one spin are a vector, so they take J to J - 1, J, J + 1, and how they depend on M is
fixed. How often, of N spins, is fixed by what the sum over them is for M = J, -J.
"""

import math


def amplitude(step, q, j, m):
    """How the component q (-1: s-, 0: sz, +1: s+) of a vector goes from |J,M> to |J+step,M+q>."""
    if q > 0:
        m = -m
    if q == 0:
        return {-1: math.sqrt((j - m) * (j + m)), 0: m,
                1: math.sqrt((j + m + 1) * (j - m + 1))}[step]
    return {-1: math.sqrt((j + m) * (j + m - 1)), 0: math.sqrt((j + m) * (j - m + 1)),
            1: math.sqrt((j - m + 1) * (j - m + 2))}[step]


def strength(step, spins, j):
    """The sum over the spins of the squares of their reduced matrix elements."""
    if step == 0:
        return (spins + 2) / (4 * j * (j + 1)) if j else 0.0
    if step < 0:
        return (spins / 2 + j + 1) / (2 * j * (2 * j + 1)) if j else 0.0
    return (spins / 2 - j) / (2 * (j + 1) * (2 * j + 1))


class Ladders:
    """L on the elements |J,M><J,M-k|, rows[target] = {source: rate}, in ascending order of M.

    `collective` multiplies D[sum s-]; `decay`, `pump` and `dephasing` multiply D[s-], D[s+] and
    D[sigma_z] of each spin. For k = 0 it is a rate equation.
    """

    def __init__(self, spins, collective=0.0, decay=0.0, pump=0.0, dephasing=0.0, k=0):
        half = spins / 2
        self.states = sorted(((j, m) for j in (half - d for d in range(spins // 2 + 1))
                              for m in (j - d for d in range(int(2 * j) + 1)) if m - k >= -j),
                             key=lambda state: (state[1], state[0]))
        number = {state: n for n, state in enumerate(self.states)}
        self.rows = [{} for _ in self.states]

        def add(j, m, source, rate):
            if rate:
                row = self.rows[number[j, m]]
                row[source] = row.get(source, 0.0) + rate

        for source, (j, m) in enumerate(self.states):
            sides = (m, m - k)
            for rate, q in ((decay, -1), (4 * dephasing, 0), (pump, 1)):
                for step in (-1, 0, 1):
                    product = rate * strength(step, spins, j)
                    for side in sides if product else ():
                        product *= amplitude(step, q, j, side)
                    if product:
                        add(j + step, m + q, source, product)
            if k - j <= m - 1:
                add(j, m - 1, source,
                    collective * math.prod(amplitude(0, -1, j, side) for side in sides))
            add(j, m, source, -spins * dephasing - sum(
                collective * amplitude(0, -1, j, side)**2 + decay * (half + side)
                + pump * (half - side) for side in sides) / 2)

    def observable(self, function):
        """function(J, M) of each state."""
        return [function(j, m) for j, m in self.states]

    def evolved(self, start, observables, times):
        """Values of the observables at these times, for k = 0: a mean over how many jumps of a
        clock that ticks with the largest rate there have been. All that is added is positive."""
        clock = max(-row.get(n, 0.0) for n, row in enumerate(self.rows))
        rows = [[(source, rate / clock) for source, rate in row.items()] for row in self.rows]
        mean = clock * max(times)
        state = list(start)
        after = []
        for _ in range(int(mean + 9 * math.sqrt(mean) + 60)):
            after.append([sum(map(float.__mul__, a, state)) for a in observables])
            state = [here + sum(rate * state[source] for source, rate in row)
                     for here, row in zip(state, rows)]
        found = [[0.0] * len(times) for _ in observables]
        for t, time in enumerate(times):
            for ticks, values in enumerate(after):
                weight = math.exp(ticks * math.log(clock * time) - clock * time
                                  - math.lgamma(ticks + 1)) if time else float(ticks == 0)
                for a, value in enumerate(values):
                    found[a][t] += weight * value
        return found

    def stationary(self):
        """Populations of the steady state, for k = 0, by elimination of one state after the other
        (Grassmann, Taksar and Heyman, 1985): no subtractions, so all digits hold."""
        out = [{} for _ in self.states]  # out[source] = {target: rate}
        for target, row in enumerate(self.rows):
            for source, rate in row.items():
                if source != target:
                    out[source][target] = rate
        into = [{source for source in row if source != target}
                for target, row in enumerate(self.rows)]
        for last in range(len(out) - 1, 0, -1):
            ways = {to: rate for to, rate in out[last].items() if to < last}
            total = sum(ways.values())
            for source in [s for s in into[last] if s < last]:
                out[source][last] /= total
                share = out[source][last]
                for to, rate in ways.items():
                    if to != source:
                        out[source][to] = out[source].get(to, 0.0) + share * rate
                        into[to].add(source)
        found = [1.0]
        for state in range(1, len(out)):
            found.append(sum(found[source] * out[source][state]
                             for source in into[state] if source < state))
        total = sum(found)
        return [p / total for p in found]

    def resolvent(self, z, right):
        """(z - L)^-1 of a vector, by elimination within the band that the order makes."""
        rows = [{source: -rate for source, rate in row.items()} for row in self.rows]
        for n, row in enumerate(rows):
            row[n] = row.get(n, 0.0) + z
        users = [set() for _ in rows]
        for n, row in enumerate(rows):
            for column in row:
                users[column].add(n)
        values = [complex(x) for x in right]
        for n, row in enumerate(rows):
            rest = [(column, entry) for column, entry in row.items() if column > n]
            for user in [u for u in users[n] if u > n]:
                factor = rows[user].pop(n) / row[n]
                values[user] -= factor * values[n]
                for column, entry in rest:
                    rows[user][column] = rows[user].get(column, 0.0) - factor * entry
                    users[column].add(user)
        for n in reversed(range(len(rows))):
            known = sum(entry * values[column] for column, entry in rows[n].items() if column > n)
            values[n] = (values[n] - known) / rows[n][n]
        return values


def excited(spins):
    """The number of excited spins, as a function of J and M."""
    return lambda j, m: spins / 2 + m


def light(j, m):
    """<S+ S->"""
    return (j + m) * (j - m + 1)


def pairs(j, m):
    """<S+ S+ S- S->"""
    return light(j, m) * light(j, m - 1)
