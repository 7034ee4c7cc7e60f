"""A failure on one of several ranks ends the run on all, with one message, and nothing waits."""

import os
import subprocess
import unittest

from program import DAMPED, ProgramTest

PATIENCE = 10  # seconds


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


if __name__ == "__main__":
    unittest.main()
