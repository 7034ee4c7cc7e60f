"""Four-level systems from the textbook's definitions, dense and in plain Python.

The independent source of the numbers of coupled_qubits and tunnelling_qubit. A density matrix is a
list of rows in the basis of the energy eigenstates, an operator a dictionary {(a, b): <a|X|b>} of
what is not zero. w > 0 is the energy that the system gives to the bath; hbar = k_B = 1.
"""

import math

from numerics import solve

SIZE = 4
SAME = 1e-12    # Bohr frequencies that are closer than this are one, and smaller elements are zero


class System:
    """H by its eigenvalues and eigenvectors, the latter as lists in the product basis."""

    def __init__(self, energies, states):
        self.energies = energies
        self.states = states

    def in_energies(self, matrix):
        """An operator, given as rows in the product basis."""
        found = {}
        for a, bra in enumerate(self.states):
            for b, ket in enumerate(self.states):
                value = sum(complex(bra[j]).conjugate() * matrix[j][k] * ket[k]
                            for j in range(SIZE) for k in range(SIZE))
                if abs(value) > SAME:
                    found[a, b] = value
        return found

    def eigenoperators(self, coupling):
        """Frequencies, ascending, and X(w): A = sum_w X(w) with [H, X(w)] = -w X(w)."""
        elements = sorted(((self.energies[b] - self.energies[a], (a, b), value)
                           for (a, b), value in self.in_energies(coupling).items()),
                          key=lambda each: each[0])
        frequencies, operators = [], []
        for w, place, value in elements:
            if not frequencies or w - frequencies[-1] > SAME:
                frequencies.append(w)
                operators.append({})
            operators[-1][place] = value
        return frequencies, operators

    def heat_currents(self, dissipators, rho):
        """What each dissipator adds to <H> per unit of time."""
        vector = [element for row in rho for element in row]
        return [sum(e * sum(c * x for c, x in zip(matrix[k * (SIZE + 1)], vector)).real
                    for k, e in enumerate(self.energies)) for matrix in dissipators]

    def steady_state(self, dissipators):
        """The rho of trace 1 with -i [H, rho] + sum_k D_k rho = 0."""
        matrix = [[sum(d[row][column] for d in dissipators) for column in range(SIZE**2)]
                  for row in range(SIZE**2)]
        for a, e_a in enumerate(self.energies):
            for b, e_b in enumerate(self.energies):
                matrix[SIZE * a + b][SIZE * a + b] += -1j * (e_a - e_b)
        # The rows of the diagonal of rho add up to zero, so one of them is redundant.
        matrix[0] = [1.0 if k % (SIZE + 1) == 0 else 0.0 for k in range(SIZE**2)]
        solution = solve(matrix, [1.0] + [0.0] * (SIZE**2 - 1))
        return [solution[SIZE * a:SIZE * (a + 1)] for a in range(SIZE)]

    def gibbs(self, temperature):
        """Populations of the eigenstates."""
        lowest = min(self.energies)
        if temperature == 0:
            weights = [1.0 if e == lowest else 0.0 for e in self.energies]
        else:
            weights = [math.exp((lowest - e) / temperature) for e in self.energies]
        return [w / sum(weights) for w in weights]


def secular(frequencies, bath):
    return {(m, m): bath.rate(w) for m, w in enumerate(frequencies)}


def partial_secular(frequencies, bath):
    """Eq. 55: all pairs of one sign, with the rate at their mean frequency."""
    return {(m, n): bath.rate((w + v) / 2) for m, w in enumerate(frequencies)
            for n, v in enumerate(frequencies) if w * v > 0}


def dissipator(operators, rates):
    """The matrix of rho -> sum_mn gamma_mn (X_m rho X_n^dag - {X_n^dag X_m, rho}/2)."""
    matrix = [[0j] * SIZE**2 for _ in range(SIZE**2)]
    damping = [[0j] * SIZE for _ in range(SIZE)]
    for (m, n), gamma in rates.items():
        for (a, c), x in operators[m].items():
            for (b, d), y in operators[n].items():
                product = gamma * x * complex(y).conjugate()
                matrix[SIZE * a + b][SIZE * c + d] += product
                if a == b:
                    damping[d][c] += product
    for a in range(SIZE):
        for b in range(SIZE):
            for c in range(SIZE):
                matrix[SIZE * a + b][SIZE * c + b] -= damping[a][c] / 2
                matrix[SIZE * a + b][SIZE * a + c] -= damping[c][b] / 2
    return matrix


def local_dissipator(system, coupling, w, bath):
    """Jumps by w between the states of the product basis, the upper ones of which come first."""
    rising = [[x if j < k else 0 for k, x in enumerate(row)] for j, row in enumerate(coupling)]
    falling = [list(column) for column in zip(*rising)]
    operators = [system.in_energies(rising), system.in_energies(falling)]
    return dissipator(operators, secular([-w, w], bath))
