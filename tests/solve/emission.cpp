// Correlations and spectra that are known in closed form.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "stationary.hpp"

namespace data = boost::unit_test::data;
using lindwurm::Complex;
using lindwurm::Expression;
using lindwurm::Model;
using lindwurm::Space;
using lindwurm::TransformMethod;

BOOST_AUTO_TEST_SUITE(emission)

static Model thermal_oscillator(int levels, double w0, double kappa, double nbar) {
  Model model(Space{lindwurm::oscillator("m", levels)});
  model.hamiltonian = w0 * Expression::parse("n(m)");
  model.add({Expression::parse("a(m)"), kappa * (nbar + 1)});
  model.add({Expression::parse("ad(m)"), kappa * nbar});
  return model;
}

// <a^dag(t + tau) a(t)> = nbar exp(i w0 tau - kappa tau/2), a Lorentzian at +w0.
BOOST_AUTO_TEST_CASE(a_thermal_oscillator) {
  const double w0 = 1.3;
  const double kappa = 0.2;
  const double nbar = 0.1;
  const Stationary stationary(thermal_oscillator(18, w0, kappa, nbar));
  const std::vector<double> frequencies{-1.3, 0, 1.1, 1.3, 1.35, 3};
  for (const auto method :
       {TransformMethod::solve, TransformMethod::evolve, TransformMethod::automatic}) {
    const auto found = stationary.correlate(
        "ad(m)", "a(m)", {.delays = {0, 0.5, 7, 30}, .frequencies = frequencies, .method = method});
    BOOST_TEST(found.is_converged);
    for (std::size_t k = 0; k < 4; ++k) {
      const double tau = std::vector<double>{0, 0.5, 7, 30}[k];
      BOOST_TEST(std::abs(found.values[k] - nbar * std::exp(Complex(-kappa / 2, w0) * tau)) < 1e-9);
    }
    for (std::size_t k = 0; k < frequencies.size(); ++k) {
      const double detuning = frequencies[k] - w0;
      const double expected = nbar * kappa / (detuning * detuning + kappa * kappa / 4);
      BOOST_TEST(std::abs(found.spectrum[k] - expected) < 1e-8);
    }
    if (oracle::sectors_are_asked_for()) {
      // One coherence order, each element with its conjugate.
      BOOST_TEST(found.unknowns == 2 * 17);
    }
  }
  // g2 = 1 + exp(-kappa tau)
  const auto g2 = stationary.correlate("ad(m)", "n(m)", "a(m)", {.delays = {0, 1, 10}});
  for (std::size_t k = 0; k < 3; ++k) {
    const double expected = 1 + std::exp(-kappa * std::vector<double>{0, 1, 10}[k]);
    BOOST_TEST(std::abs(g2.values[k] / (nbar * nbar) - expected) < 1e-6);
  }
}

// A coherent state has g2 = 1 and no light beside the coherent one.
BOOST_AUTO_TEST_CASE(a_coherent_oscillator) {
  Model model(Space{lindwurm::oscillator("m", 16)});
  model.hamiltonian = Expression::parse("0.3*n(m) + 0.1*x(m)");
  model.add({Expression::parse("a(m)"), 0.4});
  const Complex alpha = -0.1 / Complex(0.3, -0.2);
  const Stationary stationary(model);
  const auto g2 = stationary.correlate("ad(m)", "n(m)", "a(m)", {.delays = {0, 1, 10}});
  for (const Complex& value : g2.values)
    BOOST_TEST(std::abs(value / (std::norm(alpha) * std::norm(alpha)) - 1.0) < 1e-7);
  const auto light = stationary.correlate(
      "ad(m)", "a(m)", {.delays = {0, 2}, .frequencies = {0, 0.3}, .is_connected = true});
  BOOST_TEST(std::abs(light.product - std::norm(alpha)) < 1e-9);
  for (const Complex& value : light.values)
    BOOST_TEST(std::abs(value) < 1e-9);
  for (const double value : light.spectrum)
    BOOST_TEST(std::abs(value) < 1e-7);
}

// Resonance fluorescence: optical Bloch equations, solved in closed form for any drive.
struct Fluorescence {
  double drive;
  double gamma;

  [[nodiscard]] Model model() const {
    Model made(Space{lindwurm::spin("q")});
    made.hamiltonian = drive / 2 * Expression::parse("sx(q)");
    made.add({Expression::parse("sm(q)"), gamma});
    return made;
  }
  [[nodiscard]] double z() const { return -1 / (1 + 2 * drive * drive / gamma / gamma); }
  [[nodiscard]] double y() const { return -2 * drive / gamma * z(); }
  [[nodiscard]] double excited() const { return (1 + z()) / 2; }
  [[nodiscard]] Complex dipole() const { return Complex(0, -y() / 2); }
  // (tr sigma_y X, tr sigma_z X) less their limits.
  [[nodiscard]] Complex first_y() const { return Complex(0, -excited()) - dipole() * y(); }
  [[nodiscard]] Complex first_z() const { return -dipole() - dipole() * z(); }
  // <sigma_+(t + tau) sigma_-(t)> - |<sigma_->|^2
  [[nodiscard]] Complex correlation(double tau) const {
    const Complex rabi = std::sqrt(Complex(drive * drive - gamma * gamma / 16));
    const Complex later =
        std::exp(-0.75 * gamma * tau) *
        (std::cos(rabi * tau) * first_y() +
         (gamma / 4 * first_y() - drive * first_z()) / rabi * std::sin(rabi * tau));
    return excited() / 2 * std::exp(-gamma / 2 * tau) + Complex(0, 0.5) * later;
  }
  [[nodiscard]] double spectrum(double w) const {
    const Complex s(0, w);
    const Complex later = ((s + gamma) * first_y() - drive * first_z()) /
                          ((s + gamma / 2) * (s + gamma) + drive * drive);
    return 2 * (excited() / 2 / (s + gamma / 2) + Complex(0, 0.5) * later).real();
  }
  [[nodiscard]] double g2(double tau) const {
    const Complex rabi = std::sqrt(Complex(drive * drive - gamma * gamma / 16));
    return 1 - (std::exp(-0.75 * gamma * tau) *
                (std::cos(rabi * tau) + 0.75 * gamma / rabi * std::sin(rabi * tau)))
                   .real();
  }
};

BOOST_DATA_TEST_CASE(resonance_fluorescence, data::make({0.1, 0.6, 5.0}), drive) {
  const Fluorescence expected{drive, 0.7};
  const Stationary stationary(expected.model());
  const std::vector<double> delays{0, 0.4, 2, 6};
  const std::vector<double> frequencies{-5.1, -1, 0, 0.01, 0.6, 5};
  for (const auto method : {TransformMethod::solve, TransformMethod::evolve}) {
    const auto found = stationary.correlate("sp(q)", "sm(q)",
                                            {.delays = delays,
                                             .frequencies = frequencies,
                                             .is_connected = true,
                                             .method = method,
                                             .tolerance = 1e-12});
    BOOST_TEST(std::abs(found.product - std::norm(expected.dipole())) < 1e-9);
    for (std::size_t k = 0; k < delays.size(); ++k)
      BOOST_TEST(std::abs(found.values[k] - expected.correlation(delays[k])) < 1e-9);
    for (std::size_t k = 0; k < frequencies.size(); ++k)
      BOOST_TEST(std::abs(found.spectrum[k] - expected.spectrum(frequencies[k])) < 1e-8);
  }
  // Antibunching.
  const auto g2 = stationary.correlate("sp(q)", "sp(q)*sm(q)", "sm(q)", {.delays = delays});
  BOOST_TEST(std::abs(g2.values[0]) < 1e-9);
  const double square = expected.excited() * expected.excited();
  for (std::size_t k = 0; k < delays.size(); ++k)
    BOOST_TEST(std::abs(g2.values[k] - square * expected.g2(delays[k])) < 1e-9);
}

// B. R. Mollow, Phys. Rev. 188, 1969 (1969): for a strong drive lines at 0 and +-Omega, of half
// widths gamma/2 and 3 gamma/4 and of weights 1/4 and 1/8; what is neglected is of order
// (gamma/Omega)^2.
BOOST_AUTO_TEST_CASE(the_mollow_triplet) {
  for (const double drive : {20.0, 40.0}) {
    const Stationary stationary(Fluorescence{drive, 1}.model());
    const auto found = stationary.correlate("sp(q)", "sm(q)", {.frequencies = {-drive, 0, drive}});
    const double allowed = 3 / (drive * drive);
    BOOST_TEST(std::abs(found.spectrum[1] - 2 * 0.25 / 0.5) < allowed);
    BOOST_TEST(std::abs(found.spectrum[0] - 2 * 0.125 / 0.75) < allowed);
    BOOST_TEST(std::abs(found.spectrum[2] - 2 * 0.125 / 0.75) < allowed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
