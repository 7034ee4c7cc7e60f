"""Husimi and Wigner functions from their definitions in docs/model-file.md."""

import math

import numpy as np
import scipy.linalg

import states
from algebra import site_matrix

ROOM = 90  # levels in which an oscillator is displaced


def axes(entry, site):
    """The two axes of the grid: Re alpha and Im alpha, or theta and phi."""
    points = entry["points"]
    if site["kind"] == "oscillator":
        extent = entry.get("extent", math.sqrt(site["levels"] - 1) + 2.5)
        axis = np.linspace(-extent, extent, points)
        return axis, axis
    return np.linspace(0, math.pi, points), np.linspace(-math.pi, math.pi, 2 * points - 1)


def values(entry, site, rho):
    """The function on the grid; rho is the density matrix of the site."""
    first, second = axes(entry, site)
    if site["kind"] != "oscillator":
        spins = site["count"] if site["kind"] == "ensemble" else 1
        return np.array([[on_sphere(rho, spins, u, v) for v in second] for u in first])
    function = wigner if entry.get("function", "husimi") == "wigner" else husimi
    return np.array([[function(rho, complex(u, v)) for v in second] for u in first])


def husimi(rho, alpha):
    """<alpha|rho|alpha>/pi"""
    n = np.arange(len(rho))
    factorials = np.array([math.lgamma(k + 1) for k in n])
    coherent = np.exp(-(abs(alpha) ** 2) / 2 - factorials / 2) * alpha**n
    return np.vdot(coherent, rho @ coherent).real / math.pi


def wigner(rho, alpha):
    """(2/pi) tr(D(alpha) (-1)^n D(-alpha) rho), in a space with room for the displacement"""
    a = site_matrix("a", ROOM)
    shift = scipy.linalg.expm(alpha * a.conj().T - alpha.conjugate() * a)
    parity = (shift * (-1.0) ** np.arange(ROOM)) @ shift.conj().T
    d = len(rho)
    return 2 / math.pi * np.trace(parity[:d, :d] @ rho).real


def on_sphere(rho, spins, theta, phi):
    """sum_J (2J+1)/(4 pi) <J;theta,phi|rho_J|J;theta,phi>"""
    turn = np.array(
        [
            [math.cos(theta / 2), -np.exp(-1j * phi) * math.sin(theta / 2)],
            [np.exp(1j * phi) * math.sin(theta / 2), math.cos(theta / 2)],
        ]
    )
    all_spins = states.kron_all([turn] * spins)
    turned = all_spins.conj().T @ rho @ all_spins
    total = 0.0
    for j in np.arange(spins / 2, -0.25, -1):
        state = states.dicke_state(j, j, spins)
        copies = round(1 / states.purity(state))
        total += (2 * j + 1) / (4 * math.pi) * np.trace(state @ turned).real * copies
    return total
