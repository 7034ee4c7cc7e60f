"""Expressions: what they cost goes with their length, and what is wrong with them is named."""

import time
import unittest

from program import ProgramTest

MODEL = """
[parameters]
g = [0.1, 0.2]
[sites]
mode = { kind = "oscillator", levels = 4 }
bath = { kind = "spin", count = 2 }
[hamiltonian]
terms = [TERMS]
[initial]
mode = "fock(1)"
bath = "up"
[observables]
n = "n(mode)"
[evolve]
times = [0, 0.1]
"""
# Members of the kind "refused as not Hermitian by rounding alone".
ROUNDING = """
[sites]
s = { kind = "spin", basis = "BASIS" }
[hamiltonian]
terms = ["0.459*(sm_x(s)**2*sm(s)*sp_x(s)*proj(s,0)**2 + dag(sm_x(s)**2*sm(s)*sp_x(s)*proj(s,0)**2))",
         "-0.35*((sz(s)*sm_x(s) - (n_up(s) + n_up(s)^2)) + dag((sz(s)*sm_x(s) - (n_up(s) + n_up(s)^2))))"]
[[superoperator]]
term = "-0.331*commutator((sp_x(s) + n_up(s)) + dag(sp_x(s) + n_up(s)))*commutator((sp_x(s) + n_up(s)) + dag(sp_x(s) + n_up(s)))"
[initial]
s = "up_y"
[observables]
z = "sz(s)"
[evolve]
times = [0, 0.3]
"""
ZERO = """
[sites]
m = { kind = "oscillator", levels = 4 }
[hamiltonian]
terms = ["n(m)", "DRIVE*x(m)"]
[[dissipator]]
operator = "a(m)"
rate = 1
[initial]
m = "fock(0)"
[observables]
n = "n(m)"
[evolve]
times = [0, 1]
[[correlation]]
name = "c"
A = "ad(m)"
B = "BETWEEN"
AT
delays = [0, 1]
"""


def model(*terms):
    return MODEL.replace("TERMS", ", ".join(f'"{term}"' for term in terms))


class Expressions(ProgramTest):
    def seconds_of(self, text, *status):
        begin = time.monotonic()
        done = self.call("run", self.write(text), "-o", "out.h5")
        self.assertIn(done.returncode, status or (0,), done.stderr[-500:])
        return time.monotonic() - begin

    def test_time_goes_with_the_length(self):
        factor = "(a(mode) + ad(mode) + n(mode) + 1)"
        for text in (model("*".join([factor] * 30) + "/1e30 + dag(" + "*".join([factor] * 30) + "/1e30)"),
                     model(*["n(mode)"] * 20000),
                     model(*["sz(bath)*n(mode)/1e4"] * 5000)):
            self.assertLess(self.seconds_of(text), 60)

    def test_parameters_that_are_squares_of_the_next(self):
        lines = "\n".join(f'p{k} = "p{k + 1}*p{k + 1} + t"' for k in range(40))
        text = model("p0*n(mode)").replace("[parameters]", f"[parameters]\n{lines}\np40 = 0.1")
        self.assertLess(self.seconds_of(text, 0, 2), 60)

    def test_what_is_too_long_is_refused_at_once(self):
        self.assertLess(self.seconds_of(model(" + ".join(["n(mode)"] * 20000)), 2), 30)
        chain = "\n".join(f'p{k} = "p{k + 1} + 1"' for k in range(20000))
        text = model("p0*n(mode)").replace("[parameters]", f"[parameters]\n{chain}\np20000 = 0.1")
        self.assertLess(self.seconds_of(text, 2), 30)
        for bracket in ("(", "abs(", "-", "2^"):
            self.assertLess(self.seconds_of(model(bracket * 100000 + "1"), 2), 30)
            self.assertLess(self.seconds_of(model(bracket * 2400 + "1"), 2), 30)

    def test_the_unknown_site_is_named(self):
        text = model("g*x(mode)*sz(bth)")
        self.refuse(text, f"model.toml:{self.line_of(text, 'terms')}", "unknown site 'bth'",
                    "did you mean 'bath'")

    def test_the_unknown_operator_is_named(self):
        """Before the array that finds no group beside it."""
        for term, told in (("g*szz(bath)", "unknown operator 'szz'"), ("g*bth", "unknown parameter 'bth'"),
                           ("g*bath", "the site 'bath' stands where"), ("g*x(mode)", "the array 'g'")):
            with self.subTest(term=term):
                text = model(term)
                self.refuse(text, f"model.toml:{self.line_of(text, 'terms')}", told)

    def test_what_is_infinite_on_the_way_is_refused_wherever_it_stands(self):
        dissipator = '[[dissipator]]\noperator = "OPERATOR"\nrate = "RATE"\n'
        superoperator = '[[superoperator]]\nterm = "TERM"\n'
        for f, told in (("1/t", "infinite at t = 0"), ("log(t)", "infinite at t = 0"),
                        ("1/(0.05 - t)", "infinite at t = 0.05"), ("exp(1/t)", "infinite at t = "),
                        ("1/floor(t)", "infinite at t = "), ("1/step(t - 0.05)", "infinite at t = ")):
            for text, key in (
                    (model(f"({f})*x(mode)"), "hamiltonian.terms[0]"),
                    (model("n(mode)") + dissipator.replace("OPERATOR", "a(mode)").replace("RATE", f),
                     "dissipator[0].rate"),
                    (model("n(mode)") + dissipator.replace("OPERATOR", f"({f})*a(mode)").replace("RATE", "1"),
                     "dissipator[0].operator"),
                    (model("n(mode)") + superoperator.replace("TERM", f"({f})*dissipator(a(mode))"),
                     "superoperator[0].term"),
                    (model("f*x(mode)").replace("[parameters]", f'[parameters]\nf = "{f}"'),
                     "hamiltonian.terms[0]")):
                with self.subTest(f=f, key=key):
                    message = self.refuse(text, "model.toml:", key, told)
                    self.assertNotIn("nan", message)

    def test_rates_are_sound_where_a_correlation_alone_needs_them(self):
        text = ZERO.split("[evolve]")[0] + ZERO.split("times = [0, 1]")[1]
        text = text.replace("DRIVE", "0").replace("BETWEEN", "a(m)").replace("AT", "at = [0, 0.5]")
        for rate, told in (("1 - t", "t = 1"), ("1/(1.2 - t)", "infinite at t = 1.2")):
            wrong = text.replace("rate = 1", f'rate = "{rate}"')
            self.refuse(wrong, f"model.toml:{self.line_of(wrong, 'rate =')}", "dissipator[0].rate", told)

    def test_corners_that_accumulate_are_refused_at_once(self):
        for f in ("floor(1/t)", "mod(1, t)", "step(sin(1/t))", "abs(cos(1/t))"):
            with self.subTest(f=f):
                begin = time.monotonic()
                self.refuse(model(f"({f})*x(mode)"), "hamiltonian.terms[0]", "closer together")
                self.assertLess(time.monotonic() - begin, 10)

    def test_the_states_that_there_are_are_listed(self):
        text = model("n(mode)").replace('"fock(1)"', '"(fock(4)+fock(2))/sqrt(2)"')
        self.refuse(text, f"model.toml:{self.line_of(text, 'fock(4)')}", "is no state", "fock",
                    "coherent", "cat", "thermal", "maximally_mixed")

    def test_rounding_does_not_make_a_hamiltonian_wrong(self):
        for basis in ("x", "z", "auto"):
            found = self.run_model(ROUNDING.replace("BASIS", basis))
            self.assertLess(found["diagnostics"]["evolve"]["trace_error"], 1e-10)
        text = ROUNDING.replace("BASIS", "z").replace('terms = [', 'terms = ["1e-9*i*n_up(s)", ')
        self.refuse(text, "not Hermitian")
        self.refuse(ROUNDING.replace("BASIS", "z").replace("-0.331*", "(1 + 1e-9*i)*"), "do not keep rho Hermitian")

    def test_three_members_of_an_ensemble(self):
        ensemble = MODEL.replace('bath = { kind = "spin", count = 2 }',
                                 'bath = { kind = "ensemble", count = 3 }')
        product = "sm_x(bath[k])*sm(bath[l])*n_up(bath[j])"
        term = f'"0.14*({product} + dag({product}))"'
        found = self.run_model(ensemble.replace("TERMS", term))
        spins = self.run_model(MODEL.replace("count = 2", "count = 3").replace("TERMS", term))
        for one, other in zip(found["evolve"]["observables"]["n"], spins["evolve"]["observables"]["n"]):
            self.assertLess(abs(one - other), 1e-8)

    def test_correlations_of_nothing_are_zero(self):
        # The state stays |0>, or nothing of B rho is left but rounding.
        for drive in ("0", "sin(t)"):
            for between in ("ket(m,1,1)" if drive == "0" else "ket(m,3,3)*0", "0*a(m)", "proj(m,2) - proj(m,2)"):
                for at in ("at = 0.5", "at = [0, 0.5]"):
                    text = ZERO.replace("DRIVE", drive).replace("BETWEEN", between).replace("AT", at)
                    found = self.run_model(text)["correlations"]["c"]["values"]
                    rows = found if isinstance(found[0][0], list) else [found]
                    for value in (number for row in rows for pair in row for number in pair):
                        self.assertEqual(value, 0)

    def test_spectra_of_nothing_are_zero(self):
        text = ZERO.replace("DRIVE", "0").replace("BETWEEN", "ket(m,1,1)").replace("AT", "")
        for method in ("auto", "solve", "evolve"):
            found = self.run_model(text + f'frequencies = [0, 1]\nmethod = "{method}"')
            self.assertEqual(found["correlations"]["c"]["spectrum"], [0, 0])
            self.assertEqual(found["correlations"]["c"]["values"], [[0, 0], [0, 0]])

    def test_small_correlations_keep_their_digits(self):
        text = ZERO.replace("DRIVE", "0").replace('"fock(0)"', '"coherent(1e-60)"')
        found = self.run_model(text.replace("BETWEEN", "a(m)").replace("AT", "at = [0]"))
        first = found["correlations"]["c"]["values"][0][0][0]
        self.assertLess(abs(first / 1e-120 - 1), 1e-8)


if __name__ == "__main__":
    unittest.main()
