"""scipy_arnoldi.py LEVELS SPINS NCV: the 6 rightmost eigenvalues of OSB(levels, spins) as ARPACK
reports them, from the complex Liouvillian on vec(rho) and NCV Arnoldi vectors."""

import json
import sys
from math import sqrt

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import eigs

OMEGA0, KAPPA, NTH, GAMMA, NB = 1.0, 0.05, 0.5, 0.1, 0.2
COUNT, TOLERANCE = 6, 1e-10


def liouvillian(levels, spins):
    dimensions = [levels] + [2] * spins

    def on(site, matrix):
        before = sp.identity(int(np.prod(dimensions[:site])))
        after = sp.identity(int(np.prod(dimensions[site + 1:])))
        return sp.kron(sp.kron(before, matrix), after, format="csr")

    a = on(0, sp.diags(np.sqrt(np.arange(1, levels)), 1))
    sx = sp.csr_matrix([[0, 1], [1, 0]])
    sz = sp.csr_matrix([[1, 0], [0, -1]])
    down_from_up = sp.csr_matrix(np.array([[1, 1], [-1, -1]]) / 2)  # |-><+|
    hamiltonian = OMEGA0 * a.T @ a
    jumps = [sqrt(KAPPA * (NTH + 1)) * a, sqrt(KAPPA * NTH) * a.T]
    for k in range(spins):
        splitting = 1 + 0.1 * k
        hamiltonian += splitting / 2 * on(k + 1, sx)
        hamiltonian += 0.2 / sqrt(spins) * (a + a.T) @ on(k + 1, sz)
        lower = on(k + 1, down_from_up)
        jumps += [sqrt(GAMMA * (NB + 1)) * lower, sqrt(GAMMA * NB) * lower.T]
    one = sp.identity(hamiltonian.shape[0])
    total = -1j * (sp.kron(hamiltonian, one) - sp.kron(one, hamiltonian.T))
    for jump in jumps:  # all of them real
        product = jump.T @ jump
        total += sp.kron(jump, jump) - (sp.kron(product, one) + sp.kron(one, product.T)) / 2
    return sp.csr_matrix(total)


def main():
    levels, spins, vectors = (int(word) for word in sys.argv[1:4])
    matrix = liouvillian(levels, spins)
    products = 0

    def multiply(v):
        nonlocal products
        products += 1
        return matrix @ v

    operator = sp.linalg.LinearOperator(matrix.shape, matvec=multiply, dtype=complex)
    start = np.random.default_rng(1).standard_normal(matrix.shape[0]).astype(complex)
    values = eigs(operator, COUNT, which="LR", ncv=vectors, v0=start, tol=TOLERANCE,
                  maxiter=10**6, return_eigenvectors=False)
    values = sorted(values, key=lambda z: (-z.real, abs(z.imag)))
    print(json.dumps({"eigenvalues": [[z.real, z.imag] for z in values], "products": products}))


if __name__ == "__main__":
    main()
