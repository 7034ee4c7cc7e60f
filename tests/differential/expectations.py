"""Right values of a model's results, and how far the program's may be from them.

The distances follow from what the documentation promises: a Chebyshev series leaves out 1e-12 of
|rho|, CVODE has local tolerances (1e-6 is asked of the result), steady states have the residual
`steady.tolerance`, which the gap turns into an error.
"""

import dataclasses

SERIES = 1e-8
INTEGRATION = 1e-6


@dataclasses.dataclass
class Expectation:
    path: tuple
    values: object
    tolerance: object = 0.0  # a number, or one for each value; of statistical ones |A|
    kind: str = "numbers"  # or "eigenvalues", "statistical", "exact"
    optional: bool = False  # may be absent


def evolution_tolerance(model, oracle):
    equation = oracle.ket_equation() if oracle.is_ket else oracle.density_equation()
    evolve = model.get("evolve", {})
    chebyshev = equation.is_constant and evolve.get("method", "auto") in ("auto", "chebyshev")
    return SERIES if chebyshev else INTEGRATION


def is_statistical(model):
    return model["kind"] == "trajectories" or (
        model.get("mixture", {}).get("kind") in ("random-phase", "auto")
    )


def entropy_tolerance(tolerance, d):
    """x log x has an infinite slope at 0."""
    return max(tolerance, d * tolerance * 40)
