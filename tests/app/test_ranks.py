"""A failure on one of several ranks ends the run on all, with one message, and nothing waits."""

import os
import subprocess
import unittest

from program import DAMPED, ProgramTest

# Seconds. On an idle machine each ends within 10; what waits for ever does not end within 60 either.
PATIENCE = 60

COUPLED = """
[sites]
m = { kind = "oscillator", levels = 24 }
q = { kind = "spin" }
[hamiltonian]
terms = ["n(m)", "sz(q)", "0.3*(a(m)*sp(q) + ad(m)*sm(q))", "0.2*x(m)"]
[[dissipator]]
operator = "a(m)"
rate = 0.4
[[dissipator]]
operator = "sm(q)"
rate = 0.1
[initial]
m = "fock(1)"
q = "up"
[observables]
n = "n(m)"
[evolve]
times = { from = 0, to = 5, points = 11 }
[steady]
[spectrum]
method = "krylov"
"""


class OneRankFails(ProgramTest):
    def run_ranks(self, *commands):
        """Each rank has a command line of its own."""
        words = [os.environ["MPIEXEC"]]
        for command in commands:
            words += [":"] if len(words) > 1 else []
            words += ["-n", "1", *command]
        return subprocess.run(
            words, cwd=self.folder, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def check(self, good, bad, status, fragment):
        for ranks in (2, 3):
            for failing in range(ranks):
                with self.subTest(ranks=ranks, failing=failing):
                    done = self.run_ranks(*(bad if k == failing else good for k in range(ranks)))
                    said = [line for line in done.stderr.splitlines() if "lindwurm:" in line]
                    self.assertEqual(done.returncode, status, done.stdout + done.stderr)
                    self.assertEqual(len(said), 1, done.stderr)
                    self.assertIn(fragment, said[0])

    def test_a_file_that_one_rank_does_not_see(self):
        run = [os.environ["LINDWURM"], "run"]
        self.check(
            [*run, self.write(DAMPED)], [*run, "elsewhere.toml"], status=2, fragment="elsewhere.toml"
        )

    def test_a_model_that_one_rank_refuses(self):
        run = [os.environ["LINDWURM"], "run"]
        other = self.write(DAMPED.replace('rate = "kappa*nth"', "rate = -1"), "other.toml")
        self.check(
            [*run, self.write(DAMPED)], [*run, other], status=2, fragment="other.toml"
        )

    def test_a_folder_that_one_rank_does_not_see(self):
        run = [os.environ["LINDWURM"], "run", self.write(DAMPED)]
        self.check(run, [*run, "-o", "nowhere/out.h5"], status=2, fragment="nowhere")

    def injected(self, ranks, failing, library, **environment):
        """One rank runs with a library before LAPACK or malloc that lets a call fail."""
        run = [os.environ["LINDWURM"], "run", self.write(COUPLED)]
        words = [f"{name}={value}" for name, value in environment.items()]
        bad = ["env", f"LD_PRELOAD={os.environ['INJECTED']}/lib{library}.so", *words, *run]
        done = self.run_ranks(*(bad if k == failing else run for k in range(ranks)))
        said = [line for line in done.stderr.splitlines() if "lindwurm:" in line]
        return done, said

    def test_lapack_that_gives_up_on_one_rank(self):
        for failing in (0, 1):
            with self.subTest(failing=failing):
                done, said = self.injected(2, failing, "failing_lapack")
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertEqual(len(said), 1, done.stderr)
                self.assertIn("LAPACK", said[0])

    def test_memory_that_one_rank_does_not_get(self):
        """At every step that takes memory: while the equation is formed, in PETSc, in a solver."""
        late = (1, 6, 13, 21, 34)
        for ranks, failing, size, allocations in ((2, 0, "9000,10000", late),
                                                  (2, 1, "9000,10000", late),
                                                  (3, 1, "6000,6600", (1, 6))):
            for allocation in allocations:
                with self.subTest(ranks=ranks, failing=failing, allocation=allocation):
                    done, said = self.injected(ranks, failing, "failing_malloc",
                                               LINDWURM_TEST_MALLOC=f"{allocation},{size}")
                    # Sorting, for one, does without the memory that it asks for.
                    self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
                    self.assertEqual(len(said), done.returncode, done.stderr)


if __name__ == "__main__":
    unittest.main()
