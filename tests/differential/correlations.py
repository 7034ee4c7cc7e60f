"""Correlation functions by the regression theorem, and their spectra (docs/correlations.md)."""

import numpy as np

from dynamics import OracleError, propagate
from expectations import Expectation, evolution_tolerance
from oracle import State


def correlations(oracle):
    model = oracle.model
    found = []
    for entry in model.get("correlations", []):
        a, b = (oracle.algebra.operator(entry[which]) for which in "AB")
        c = oracle.algebra.operator(entry["C"]) if "C" in entry else oracle.space.identity()
        at = entry.get("at", "steady")
        size = max(1.0, oracle.norm(a) * oracle.norm(b) * oracle.norm(c))
        if at == "steady":
            state, dimension, gap = oracle.steady_state()
            if dimension > 1:
                raise OracleError("a correlation in a steady state that is not unique")
            starts = [(0.0, state)]
            accuracy = max(1e-8, 1e-10 * abs(oracle.liouvillian()).max() / max(gap, 1e-300))
            if accuracy > 1e-5:
                raise OracleError("the gap is too small for an accurate steady state")
        else:
            moments = at if isinstance(at, list) else [at]
            first = model["evolve"]["times"][0] if "evolve" in model else 0.0
            path = sorted({first, *moments})
            by_time = dict(zip(path, oracle.evolved(path)))
            starts = [(t, by_time[t]) for t in moments]
            accuracy = 10 * evolution_tolerance(model, oracle)
        path = ("correlations", entry["name"])
        if "delays" in entry:
            rows = [delayed(oracle, entry, a, b, c, t, state) for t, state in starts]
            values = np.array(rows if at != "steady" else rows[0])
            found.append(Expectation((*path, "values"), values, accuracy * size))
        if "frequencies" in entry:
            values = spectral_density(oracle, entry["frequencies"], a, b, c, starts[0][1])
            scale = max(1.0, np.abs(values).max())
            found.append(Expectation((*path, "spectrum"), values, 10 * accuracy * size * scale))
    return found


def delayed(oracle, entry, a, b, c, t, state):
    """tr(A X(tau)), X(0) = B rho(t) C."""
    equation = oracle.density_equation()
    rho = state.rho
    delays = np.array(entry["delays"])
    x0 = (b @ (c.T @ rho.T).T).ravel()
    times = t + np.concatenate([[0.0], delays]) if delays[0] > 0 else t + delays
    run = propagate(equation, x0, times, oracle.hints)[-len(delays) :]
    d = oracle.d
    values = np.array([State(rho=x.reshape(d, d)).mean(a) for x in run])
    if entry.get("connected"):
        later = propagate(equation, rho.ravel(), times, oracle.hints)[-len(delays) :]
        means = np.array([State(rho=x.reshape(d, d)).mean(a) for x in later])
        values = values - means * state.mean(c @ b)
    return values


def spectral_density(oracle, frequencies, a, b, c, state):
    """2 Re tr(A Y), (i w - L) Y = X(0) - tr(X(0)) rho."""
    rho = state.rho
    x0 = b @ (c.T @ rho.T).T
    x0 = (x0 - np.trace(x0) * rho).ravel()
    basis = oracle.symmetric_basis()
    l = oracle.liouvillian()
    if l.shape[0] > 700:
        raise OracleError("too large for a spectrum")
    l = l.toarray()
    small = basis.T @ x0
    if np.linalg.norm(basis @ small - x0) > 1e-10 * max(np.linalg.norm(x0), 1e-10):
        raise OracleError("an operator that is not the same for all spins of an ensemble")
    found = []
    for w in frequencies:
        # The pseudo-inverse: at w = 0 the matrix is singular, on traceless operators it is not.
        y = np.linalg.lstsq(1j * w * np.eye(len(l)) - l, small, rcond=1e-13)[0]
        y = (basis @ y).reshape(oracle.d, oracle.d)
        y = y - np.trace(y) * rho
        found.append(2 * np.real(a.multiply(y.T).sum()))
    return np.array(found)
