#!/usr/bin/env python3
"""Random models: the program against dense linear algebra.

    run.py --program build/app/lindwurm [--seed S] [--models N | --minutes M] [--jobs J]
           [--scenario NAME] [--finds FOLDER] [--no-shrink] [--untrusted] [--show SEED]

Model number k has the seed S + k, whatever the number of jobs: a find comes back with --seed and
--models 1. Each find is cut to a small model file in FOLDER, its right value in a comment.
Exit status: 0 without finds, 1 with.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import sys
import time
import traceback

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import model_file  # noqa: E402
from compare import Verdict, judge  # noqa: E402
from program import Program  # noqa: E402
from scenarios import SCENARIOS, random_model  # noqa: E402
from shrink import Shrinker  # noqa: E402


def try_seed(seed, options):
    """The verdict on one model, and the model cut down if it is a find."""
    program = Program(options.program, options.mpiexec, options.seconds)
    model = random_model(seed, options.scenario)
    try:
        verdict = judge(model, program)
    except Exception:  # the tester's own fault must be seen
        return seed, model, Verdict("tester", "the tester itself", traceback.format_exc()), None
    small = None
    if verdict.is_find and options.shrink:
        small = Shrinker(program, verdict).smallest(model)
    return seed, model, verdict, small


def report(seed, model, verdict, small, options):
    print(f"seed {seed} ({model['scenario']}): {verdict.kind}: {verdict.detail[-1200:]}", flush=True)
    if options.finds is None or not verdict.is_find:
        return
    folder = pathlib.Path(options.finds)
    folder.mkdir(parents=True, exist_ok=True)
    shown, told = small or (model, verdict)
    ranks = f", {shown['ranks']} ranks" if shown.get("ranks", 1) > 1 else ""
    comment = f"{told.kind}{ranks}: {told.detail}".strip()[:1000]
    lines = [f"# Seed {seed}, {model['scenario']}.", *(f"# {c}" for c in comment.splitlines())]
    path = folder / f"{verdict.kind.replace(' ', '_')}_{seed}.toml"
    text, settings = model_file.command_line(shown)
    if settings:
        lines.append(f"# With {' '.join(settings)}")
    path.write_text("\n".join(lines) + "\n" + text)
    print(f"    {path}", flush=True)


def seeds_of(options):
    end = time.monotonic() + 60 * options.minutes if options.minutes else None
    seed = options.seed
    while (end is None or time.monotonic() < end) and (
        options.models is None or seed < options.seed + options.models
    ):
        yield seed
        seed += 1


def run(options):
    """Keeps `jobs` models on the way, and gives their ends in the order in which they come."""
    if options.jobs == 1:
        for seed in seeds_of(options):
            yield try_seed(seed, options)
        return
    seeds = seeds_of(options)
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        pending = set()
        exhausted = False
        while pending or not exhausted:
            while not exhausted and len(pending) < options.jobs:
                seed = next(seeds, None)
                exhausted = seed is None
                if not exhausted:
                    pending.add(pool.submit(try_seed, seed, options))
            done, pending = concurrent.futures.wait(
                pending, return_when=concurrent.futures.FIRST_COMPLETED
            )
            for future in done:
                yield future.result()


def until_interrupted(results):
    """Ctrl-C ends the search, not the summary."""
    try:
        yield from results
    except KeyboardInterrupt:
        print("interrupted", flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--mpiexec", default="mpiexec")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--models", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=30, help="processor time of one run")
    parser.add_argument("--scenario", choices=list(SCENARIOS))
    parser.add_argument("--finds", help="folder for model files of finds")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    parser.add_argument("--untrusted", action="store_true", help="print each exit status 3 as well")
    parser.add_argument("--show", type=int, metavar="SEED", help="print one model file, and end")
    options = parser.parse_args()
    if options.models is None and options.minutes is None:
        options.models = 100
    return options


def main():
    options = arguments()
    if options.show is not None:
        print(model_file.write(random_model(options.show, options.scenario)))
        return 0
    print(f"seeds from {options.seed}", flush=True)
    kinds, reasons, silent = (collections.Counter() for _ in range(3))
    told = time.monotonic()
    for seed, model, verdict, small in until_interrupted(run(options)):
        if time.monotonic() - told > 300:
            told = time.monotonic()
            print(f"{sum(kinds.values())} models, up to seed {seed}", flush=True)
        kinds[verdict.kind] += 1
        silent.update(verdict.silent)
        if verdict.kind == "untrusted":
            reasons[verdict.about] += 1
        is_shown = options.untrusted and verdict.kind == "untrusted"
        if verdict.is_find or verdict.kind in ("tester", "invalid") or is_shown:
            report(seed, model, verdict, small, options)
    total = sum(kinds.values())
    print(f"{total} models: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))
    for title, counter in (("not to be trusted", reasons), ("without a right value", silent)):
        for reason, count in counter.most_common(12):
            print(f"{count:6} {title}: {reason}")
    finds = sum(kinds[k] for k in ("wrong", "failed", "crashed", "no end", "refused", "tester"))
    return 1 if finds else 0


if __name__ == "__main__":
    sys.exit(main())
