"""No text becomes a command, a path or a key of the results: titles, names, files from elsewhere."""

import json
import unittest
import xml.etree.ElementTree as xml

from program import ProgramTest

# Names of 30 letters, which the tests replace within the file of results.
TITLE, OBSERVABLE, CORRELATION, SITE, PARAMETER = ("T" * 30, "O" * 30, "C" * 30, "S" * 30, "A" * 30)
EVERYTHING = f"""
title = "{TITLE}"
[parameters]
{PARAMETER} = 0.5
[sites]
m = {{ kind = "oscillator", levels = 4 }}
[hamiltonian]
terms = ["n(m)"]
[[dissipator]]
operator = "a(m)"
rate = "{PARAMETER}"
[initial]
m = "fock(1)"
[observables]
{OBSERVABLE} = "n(m)"
[evolve]
times = [0, 1]
[steady]
[spectrum]
[[correlation]]
name = "{CORRELATION}"
A = "ad(m)"
B = "a(m)"
delays = [0, 1]
frequencies = [0, 1, 2]
[[phase_space]]
site = "m"
name = "{SITE}"
points = 5
"""
HOSTILE = [
    b"`touch PWNED`",
    b"'; system \"touch PWNED\"; '",
    b"\"; system 'touch PWNED'; \"",
    b"a\nsystem 'touch PWNED'\n",
    b"'\n!touch PWNED\n'",
    b"\\\nsystem 'touch PWNED'\n",
    b"$(touch PWNED) @x %s \\",
    b"\"`touch PWNED`\" ${HOME}",
    b"<a>&amp;<!-- \x1b[2J",
    b"|touch PWNED",
]


class HostileText(ProgramTest):
    def replace_in(self, name, words):
        """The file with each of these words replaced by one that is as long."""
        data = (self.folder / name).read_bytes()
        for word, other in words.items():
            self.assertIn(word.encode(), data)
            data = data.replace(word.encode(), other.ljust(30))
        (self.folder / name).write_bytes(data)

    def check_plot(self, name, status=0):
        before = {path.name for path in self.folder.iterdir()}
        done = self.call("plot", name, "-o", "picture.svg")
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual({path.name for path in self.folder.iterdir()} - before - {"picture.svg"},
                         set())
        xml.parse(self.folder / "picture.svg")

    def check_file(self, name, words):
        original = (self.folder / name).read_bytes()
        for hostile in HOSTILE:
            with self.subTest(hostile=hostile):
                (self.folder / name).write_bytes(original)
                self.replace_in(name, {word: hostile for word in words})
                self.check_plot(name)
                done = self.call("show", name)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn("\x1b", done.stdout)

    def test_results_from_elsewhere(self):
        self.run_model(EVERYTHING, "-o", "out.h5")
        self.check_file("out.h5", [TITLE, OBSERVABLE, CORRELATION, SITE])

    def test_sweeps_from_elsewhere(self):
        text = EVERYTHING.split("[[correlation]]")[0]
        for axes in (f"{PARAMETER} = [0.5, 1]", f"{PARAMETER} = [0.5, 1]\n\"sites.m.levels\" = [3, 4]"):
            self.run_model(text + "[sweep]\n" + axes, "-o", "sweep.h5")
            self.check_file("sweep.h5", [TITLE, OBSERVABLE, PARAMETER])

    def test_hostile_model_files(self):
        for hostile in ("`touch PWNED`", "'; system \\\"touch PWNED\\\"; '", "$(touch PWNED)",
                        "a\\\\nb @x %d", "\\\"; system 'touch PWNED'; \\\""):
            with self.subTest(hostile=hostile):
                text = EVERYTHING.replace(TITLE, hostile).replace(OBSERVABLE, f'"{hostile}"')
                found = self.run_model(text, "-o", "out.h5")
                name = json.loads(f'"{hostile}"')
                self.assertEqual(found["title"], name)
                self.assertIn(name, found["evolve"]["observables"])
                self.check_plot("out.h5")

    def test_the_picture_s_own_name(self):
        self.run_model(EVERYTHING, "-o", "out.h5")
        for name in ("|touch PWNED;.svg", "`touch PWNED`.svg", "a'b\"c.svg", "a\nb.svg"):
            with self.subTest(name=name):
                done = self.call("plot", "out.h5", "-o", name)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue((self.folder / name).exists())
                self.assertFalse((self.folder / "PWNED").exists())

    def test_control_characters_are_refused(self):
        for character in ("\\n", "\\u0000", "\\u001b", "\\u007f", "\\t"):
            for word, key in ((TITLE, "title"), (OBSERVABLE, "observables")):
                text = EVERYTHING.replace(word, f'"a{character}b"' if word is OBSERVABLE
                                          else f"a{character}b")
                line = self.line_of(text, "title" if word is TITLE else f'"a{character}b"')
                self.refuse(text, f"model.toml:{line}", key, "control character")
        self.refuse(EVERYTHING + '[output]\nfile = "a\\u0000b.h5"', "output.file",
                    "control character")
        self.refuse(EVERYTHING, "--set output.file=a\\x1bb", "control character",
                    arguments=("--set", "output.file=a\x1bb"))

    def test_text_that_is_no_utf8_is_refused(self):
        name = self.write(EVERYTHING)
        done = self.call("run", name, "--set", b"output.file=\xff\xfe", "-o", "out.h5")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("UTF-8", done.stderr)

    def test_names_that_cannot_be_stored_are_refused(self):
        for name in ("", ".", "a/b", "/"):
            text = EVERYTHING.replace(OBSERVABLE, f'"{name}"')
            line = self.line_of(text, f'"{name}" = "n(m)"')
            self.refuse(text, f"model.toml:{line}", "observable's name")

    def test_names_like_those_of_the_results_are_kept(self):
        names = ["warnings", "problems", "..", "list", "times", "title", "0", "units", "a.b", "π", " "]
        entries = "\n".join(f'"{name}" = "n(m)"' for name in names)
        text = EVERYTHING.replace(f'{OBSERVABLE} = "n(m)"', entries)
        found = self.run_model(text, "-o", "out.h5")
        for name in names:
            self.assertEqual(len(found["evolve"]["observables"][name]), 2)
        done = self.call("show", "out.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in names:
            self.assertIn(f"<{name}>(1) = 0.60653", done.stdout)
        self.check_plot("out.h5")


if __name__ == "__main__":
    unittest.main()
