"""Compares the program's results with the right values."""

import dataclasses
import re

import numpy as np

import tasks


@dataclasses.dataclass
class Verdict:
    """kind: "right", "wrong", "failed", "crashed", "no end", "refused", "untrusted", "invalid" or
    "silent" (the oracle does not know); `about` says of what, `detail` with which numbers."""

    kind: str
    about: str = ""
    detail: str = ""
    silent: tuple = ()

    @property
    def is_find(self):
        return self.kind in ("wrong", "failed", "crashed", "no end", "refused")


def judge(model, program):
    try:
        expectations, silent = tasks.expected(model)
    except tasks.InvalidModel as error:
        return Verdict("invalid", str(error))
    status, results, text = program.run(model)
    message = last_message(text)
    if status is None:
        return Verdict("no end", "no end", message)
    if status == 1:
        return Verdict("failed", normalised(message), message)
    if status == 2:
        is_right = any(re.search(reason, message) for reason in RIGHTLY_REFUSED)
        return Verdict("untrusted" if is_right else "refused", normalised(message), message)
    if status not in (0, 3):
        return Verdict("crashed", f"status {status}", text[-600:])
    if results is None:
        return Verdict("failed", "no results")
    problems = results["diagnostics"]["problems"]
    if status == 0:
        trouble = invariants(results)
        if trouble:
            return Verdict("wrong", normalised(trouble), trouble)
    for expectation in expectations:
        if any(concerns(problem, expectation.path) for problem in problems):
            continue
        trouble = differs(expectation, results)
        if trouble:
            return Verdict("wrong", about(expectation.path), trouble, tuple(silent))
    if status == 3:
        return Verdict("untrusted", normalised(str(problems[0])), str(problems), tuple(silent))
    return Verdict("right" if expectations else "silent", silent=tuple(silent))


def concerns(problem, path):
    """Whether a problem makes the results at a path doubtful; one that names no task, all of them."""
    task = problem.partition(":")[0]
    if "given is the long-time mean" in problem:
        return path[0] == "correlations"
    if task in ("evolve", "steady", "spectrum", "map"):
        return path[0] == task or (task == "steady" and path[0] == "correlations")
    if task.startswith("correlation '"):
        return path[:2] == ("correlations", task.split("'")[1])
    return True


# Refusals that the documentation announces.
RIGHTLY_REFUSED = (r"keeps only .* of its weight", r"the rate at w = 0 diverges",
                   r"a reduced state of dimension \d+ is larger than 256")  # fmt: skip


def about(path):
    """Without names of observables and the like, so that finds of one kind look alike."""
    return ".".join(path[:2] if path[0] in ("evolve", "steady", "spectrum", "map") else
                    (path[0], path[-1]))  # fmt: skip


def last_message(text):
    lines = [line for line in text.strip().splitlines() if line.strip()]
    # mpiexec adds lines of its own.
    told = [line for line in lines if line.startswith("lindwurm: ")]
    told = told or [line for line in lines if "error" in line.lower()] or lines
    return told[-1].strip() if told else ""


def normalised(message):
    message = re.sub(r"\"[^\"]*\"|'[^']*'", "'...'", message)
    message = re.sub(r"<[^>]*>", "<...>", message)
    return re.sub(r"-?\d+(\.\d+)?(e[-+]?\d+)?", "#", message)[:160]


def invariants(results):
    """Exit status 0 means finite numbers, and states whose trace or norm is 1."""
    bad = not_finite(results, "")
    if bad:
        return f"{bad} is not finite"
    for task in ("evolve", "steady"):
        for name in ("trace_error", "norm_error"):
            error = results.get("diagnostics", {}).get(task, {}).get(name)
            if error is not None and error > 1e-6:
                return f"diagnostics.{task}.{name} = {error}"
    return None


# Nulls that docs/results.md announces.
NULLS = (".map.gamma_up", ".map.gamma_down", ".agrees_until", ".sweep.spectrum")


def not_finite(value, path):
    if any(path.startswith(name) or path.endswith(name) for name in NULLS):
        return None
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return path
    children = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else ())  # fmt: skip
    for key, child in children:
        bad = not_finite(child, f"{path}.{key}" if isinstance(value, dict) else path)
        if bad:
            return bad
    return None


def look_up(results, path):
    for name in path:
        if not isinstance(results, dict) or name not in results:
            return None
        results = results[name]
    return results


def differs(expectation, results):
    found = look_up(results, expectation.path)
    path = ".".join(expectation.path)
    if found is None:
        return None if expectation.optional else f"{path} is missing"
    if expectation.kind == "exact":
        return None if found == expectation.values else (
            f"{path} is {found}, right: {expectation.values}")  # fmt: skip
    if expectation.kind == "eigenvalues":
        return eigenvalues_differ(expectation, as_complex(found, 1))
    right = np.asarray(expectation.values)
    found = as_complex(found, right.ndim)
    if found.shape != right.shape:
        return f"{path} has the shape {found.shape}, right: {right.shape}"
    allowed = distance_allowed(expectation, results)
    distance = np.abs(found - right)
    worst = np.unravel_index(np.argmax(distance - allowed), distance.shape) if right.ndim else ()
    if not distance[worst] <= np.broadcast_to(allowed, right.shape)[worst]:
        return (
            f"{path}{list(map(int, worst)) or ''} is {show(found[worst])}, right: "
            f"{show(right[worst])} (off by {distance[worst]:.2e})"
        )
    return None


def distance_allowed(expectation, results):
    """With the errors that the results have of mixtures and trajectories: bounds, or statistical."""
    errors = look_up(results, ("evolve", "errors", *expectation.path[2:]))
    if errors is None or expectation.path[:2] != ("evolve", "observables"):
        return expectation.tolerance
    errors = as_complex(errors, 1).real
    if expectation.kind != "statistical":
        return expectation.tolerance + errors
    # Few of the kets may be where a mean comes from: each counts with |A| over their number.
    members = look_up(results, ("diagnostics", "evolve", "ensemble", "members")) or 1
    return 5 * errors + (12 / members + 1e-6) * expectation.tolerance


def show(value):
    value = complex(value)
    return f"{value.real:.12g}" if value.imag == 0 else f"{value.real:.12g}{value.imag:+.12g}i"


def as_complex(found, dimensions):
    """Pairs [Re, Im] as numbers, where there is one axis more than expected."""
    array = np.array(found, dtype=float)
    if array.ndim == dimensions + 1 and array.shape[-1] == 2:
        return array[..., 0] + 1j * array[..., 1]
    return array.astype(complex)


def eigenvalues_differ(expectation, found):
    (values, count), errors = expectation.values, expectation.tolerance
    if not count <= len(found) <= count + 1:
        return f"{len(found)} eigenvalues, right: {count}"
    free = np.ones(len(values), dtype=bool)
    for k, value in enumerate(found):
        distance = np.where(free, np.abs(values - value), np.inf)
        nearest = int(np.argmin(distance))
        if not distance[nearest] <= errors[nearest]:
            return (
                f"eigenvalue {k} is {show(value)}, the nearest right one that is left: "
                f"{show(values[nearest])} (off by {distance[nearest]:.2e})"
            )
        free[nearest] = False
        if value.real < values[k].real - max(errors[k], errors[nearest]):
            return f"eigenvalue {k} is {show(value)}, right: {show(values[k])}"
    return None
