"""Bad input gets one message with file, line, key and remedy, and touches no file."""

import unittest

from program import CONTRACT, ProgramTest


class BadInput(ProgramTest):
    def refuse_changed(self, old, new, *fragments):
        """The contract's model with one thing changed; the message names the line."""
        self.assertIn(old, CONTRACT)
        text = CONTRACT.replace(old, new, 1)
        place = f"model.toml:{self.line_of(text, new)}:"
        return self.refuse(text, place, *fragments)

    def test_unknown_keys(self):
        self.refuse_changed("rtol   = 1e-8", "rtoll   = 1e-8", "evolve.rtoll", "'rtol'")
        self.refuse_changed('operator = "a(mode)"', 'operater = "a(mode)"', "operater", "'operator'")
        self.refuse_changed("[steady]", "[stedy]", "stedy", "'steady'")
        self.refuse_changed("levels = 10", "level = 10", "sites.mode.level", "'levels'")

    def test_unknown_names(self):
        self.refuse_changed('"omega0*n(mode)"', '"omega0*n(mod)"', "terms[0]", "'mode'")
        self.refuse_changed('"omega0*n(mode)"', '"omega0*nn(mode)"', "nn", "did you mean 'n'")
        self.refuse_changed('"omega0*n(mode)"', '"omega*n(mode)"', "omega", "'omega0'")
        self.refuse_changed('"n(mode)"', '"sx(mode)"', "observables.n", "oscillator")
        self.refuse_changed('"sz(bath[0])"', '"sz(bath[2])"', "bath[2]", "0 to 1")
        self.refuse_changed('"down_x"', '"dwn_x"', "initial.bath", "'down_x'")
        self.refuse_changed('"adams"', '"adam"', "evolve.method", "'adams'")
        self.refuse_changed('kind = "spin"', 'kind = "spinn"', "'spin'")

    def test_arrays(self):
        text = CONTRACT.replace("[1.0, 1.1]", "[1.0, 1.1, 1.2]")
        self.refuse(text, "hamiltonian.terms[1]", "'Delta'", "3 values", "2 members",
                    f"model.toml:{self.line_of(text, 'terms =')}:")
        self.refuse_changed('bath = "down_x"', 'bath = ["up", "up", "up"]', "2 members", "3")

    def test_rates(self):
        for rate in ('"-kappa"', "-0.1", '"log(-1)"', '"sqrt(-1)"', '"1/0"', '"i*kappa"'):
            self.refuse_changed('rate     = "kappa*nth"', f"rate     = {rate}", "dissipator[1].rate")
        self.refuse_changed("kappa  = 0.05", "kappa  = nan", "parameters.kappa")
        self.refuse_changed('rate     = "kappa*nth"', 'rate     = "cos(t)"', "t = 1.6", ">= 0")

    def test_hamiltonian_that_is_not_hermitian(self):
        self.refuse_changed('"omega0*n(mode)"', '"omega0*a(mode)"', "not Hermitian", "dag(")
        self.refuse_changed('"omega0*n(mode)"', '"i*n(mode)"', "not Hermitian")
        self.refuse_changed('"omega0*n(mode)"', '"exp(i*t)*n(mode)"', "not Hermitian", "t = ")

    def test_what_happens_between_outputs(self):
        self.refuse_changed('"omega0*n(mode)"', '"omega0*n(mode)", "i*step(t-2.51)*step(2.59-t)*x(mode)"',
                            "not Hermitian", "t = 2.5")
        self.refuse_changed('rate     = "kappa*nth"', 'rate     = "1-2*exp(-((t-1.234)/1e-3)^2)"',
                            "dissipator[1].rate", "t = 1.23", ">= 0")

    def test_numbers_that_are_infinite(self):
        for term in ("1/t*x(mode)", "log(t)*x(mode)"):
            self.refuse_changed('"omega0*n(mode)"', f'"{term}"', "hamiltonian.terms[0]", "infinite",
                                "t = 0")
        for term in ("1e308*n(mode)*10", "log(0)*x(mode)"):
            self.refuse_changed('"omega0*n(mode)"', f'"{term}"', "hamiltonian.terms[0]",
                                "not finite")
        self.refuse_changed('rate     = "kappa*nth"', 'rate     = "1/t"', "dissipator[1].rate",
                            "infinite", "t = 0")
        self.refuse_changed('"n(mode)"', '"1e308*n(mode)*10"', "observables.n", "not finite")

    def test_superoperator_that_breaks_hermiticity(self):
        text = CONTRACT + '[[superoperator]]\nterm = "commutator(x(mode))"\n'
        self.refuse(text, "do not keep rho Hermitian")
        self.refuse(CONTRACT + '[[superoperator]]\nterm = "x(mode)"\n', "superoperator[0].term",
                    "commutator")

    def test_levels_and_states(self):
        self.refuse_changed('"fock(1)"', '"fock(10)"', "initial.mode", "0 to 9", "levels")
        self.refuse_changed('"fock(1)"', '"fock(0.5)"', "initial.mode")
        self.refuse_changed('"fock(1)"', '"coherent(9)"', "initial.mode", "levels")
        self.refuse_changed('"down_x"', '"thermal(1.5)"', "initial.bath", "between 0 and 1")
        self.refuse_changed("levels = 10", "levels = 0", "sites.mode.levels")
        self.refuse_changed("levels = 10", "levels = 2.5", "whole number")
        self.refuse_changed('count = "N"', "count = 0", "sites.bath.count")
        text = CONTRACT.replace('mode = "fock(1)"\n', "")
        self.refuse(text, "no initial state for mode")

    def test_times_and_tolerances(self):
        self.refuse_changed("{ from = 0, to = 10, points = 101 }", "[0, 2, 1]", "do not increase")
        self.refuse_changed("to = 10", "to = -1", "evolve.times.to")
        self.refuse_changed("points = 101", "points = 1", "points")
        self.refuse_changed("rtol   = 1e-8", "rtol   = 0", "evolve.rtol")
        self.refuse_changed("count = 6", "count = 1601", "spectrum.count", "1600")

    def test_parameters(self):
        self.refuse_changed("kappa  = 0.05", 'kappa  = "gam"', "parameters.kappa", "gam")
        self.refuse_changed("kappa  = 0.05", 'kappa  = "2*kappa"', "through itself")
        self.refuse_changed("kappa  = 0.05", 'sx  = 0.05\nkappa = 0.05', "parameters.sx", "word")
        self.refuse_changed('"0.2/sqrt(N)"', '"0.2/sqrt(N"', "parameters.g", "ends too early")

    def test_models_that_are_too_large(self):
        arguments = ("--set", "N=30", "--set", "Delta=1")
        self.refuse(CONTRACT, "D = 1.07374e+10", "GB", "fewer", arguments=arguments)
        arguments = ("--set", "sites.mode.levels=50000")
        self.refuse(CONTRACT, "2147483647", "fewer levels", arguments=arguments)
        text = CONTRACT.replace("[spectrum]\ncount = 6\n", "")
        self.refuse(text, "GB", "fewer levels", arguments=("--set", "sites.mode.levels=20000"))
        arguments = ("--set", "sites.mode.levels=30", "--set", "spectrum.method=dense")
        self.refuse(CONTRACT, "refused", "dense_limit", arguments=arguments)

    def test_overrides(self):
        message = self.refuse(CONTRACT, "'gamma'", arguments=("--set", "gama=1"))
        self.assertIn("--set gama=1", message)
        self.refuse(CONTRACT, "key=value", arguments=("--set", "gamma"))
        self.refuse(CONTRACT, "--set evolve.rtol=fast", arguments=("--set", "evolve.rtol=fast"))
        self.refuse(CONTRACT, "--set dissipator[7].rate", arguments=("--set", "dissipator[7].rate=1"))

    def test_files(self):
        self.assertEqual(self.call("run", "none.toml").returncode, 2)
        self.refuse("a = [1,", "model.toml:1:")
        self.refuse("[sites]\n", "at least one site")
        self.refuse("title = 'x'\n", "'sites' is missing")
        done = self.call("run", self.write(CONTRACT), "-o", "none/out.h5")
        self.assertEqual(done.returncode, 2)
        self.assertIn("none", done.stderr)
        self.write("no result", "text.h5")
        self.assertEqual(self.call("show", "text.h5").returncode, 2)
        self.assertEqual(self.call("plot", "none.h5").returncode, 2)

    def test_several_ranks_say_it_once(self):
        text = CONTRACT.replace("gamma  = 0.1", "gamma  = -0.1")
        done = self.call("run", self.write(text), ranks=2)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("lindwurm: model.toml"), 1)


if __name__ == "__main__":
    unittest.main()
