#include "lindwurm/baths/spectral_density.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "density_content.hpp"
#include "lindwurm/backend/error.hpp"

namespace lindwurm {

namespace {

using std::numbers::pi;

const char* name_of(Cutoff shape) {
  switch (shape) {
    case Cutoff::drude:
      return "ohmic-drude";
    case Cutoff::exponential:
      return "ohmic-exponential";
    case Cutoff::hard:
      return "ohmic-hard";
  }
  throw InputError(fmt::format("there is no cutoff number {}", static_cast<int>(shape)));
}

double fall_off(Cutoff shape, double x) {
  switch (shape) {
    case Cutoff::drude:
      return 1 / (1 + x * x);
    case Cutoff::exponential:
      return std::exp(-x);
    case Cutoff::hard:
      return x <= 1 ? 1 : 0;
  }
  return 0;
}

std::vector<double> ohmic_landmarks(Cutoff shape, double cutoff, double s) {
  if (shape == Cutoff::hard) return {cutoff / 4, cutoff / 2, cutoff};
  // w^s exp(-w) has its maximum at w = s.
  const double peak = shape == Cutoff::exponential ? cutoff * std::max(1.0, s) : cutoff;
  return {peak / 4, peak / 2, peak, 2 * peak, 4 * peak};
}

// The difference of the two Lorentzians of a pole, without cancellation and without the factor
// strength/pi.
double pole_shape(const Pole& pole, double w) {
  const double half = pole.width / 2;
  const double near = w - pole.frequency;
  const double far = w + pole.frequency;
  return 4 * half * pole.frequency * (w / (far * far + half * half)) / (near * near + half * half);
}

double pole_slope(const Pole& pole) {
  const double half = pole.width / 2;
  const double distance = pole.frequency * pole.frequency + half * half;
  return pole.strength / pi * 4 * half * pole.frequency / (distance * distance);
}

void require_sound(const std::vector<Pole>& poles) {
  if (poles.empty()) throw InputError("a density of poles without a pole: give one or more");
  for (const Pole& pole : poles) {
    require_not_negative("pole", "strength", pole.strength);
    require_not_negative("pole", "frequency", pole.frequency);
    require_positive("pole", "width", pole.width);
  }
}

std::string text_of(const std::vector<Pole>& poles) {
  std::vector<std::string> words;
  words.reserve(poles.size());
  for (const Pole& pole : poles) {
    words.push_back(fmt::format("(strength = {}, frequency = {}, width = {})", pole.strength,
                                pole.frequency, pole.width));
  }
  return fmt::format("poles{}", fmt::join(words, " + "));
}

SpectralDensity density(SpectralDensity::Content content) {
  return SpectralDensity(std::make_shared<const SpectralDensity::Content>(std::move(content)));
}

}  // namespace

void require_positive(const char* what, const char* name, double value) {
  if (value > 0 && std::isfinite(value)) return;
  throw InputError(fmt::format("{}: {} = {} must be positive and finite", what, name, value));
}

void require_not_negative(const char* what, const char* name, double value) {
  if (value >= 0 && std::isfinite(value)) return;
  throw InputError(fmt::format("{}: {} = {} must be 0 or more and finite", what, name, value));
}

std::vector<double> sorted_landmarks(std::vector<double> frequencies) {
  std::erase_if(frequencies, [](double w) { return !(w > 0); });
  std::sort(frequencies.begin(), frequencies.end());
  frequencies.erase(std::unique(frequencies.begin(), frequencies.end()), frequencies.end());
  return frequencies;
}

double SpectralDensity::operator()(double w) const {
  if (!content_->j || w <= 0 || w > content_->reach) return 0;
  const double value = content_->j(w);
  if (value >= 0 && std::isfinite(value)) return value;
  throw InputError(
      fmt::format("{}: J = {} at the frequency {}; a spectral density must be 0 or "
                  "more and finite at every frequency > 0",
                  text(), value, w));
}

const std::string& SpectralDensity::text() const { return content_->text; }
bool SpectralDensity::is_discrete() const { return !content_->j; }
const std::vector<DiscreteMode>& SpectralDensity::modes() const { return content_->modes; }
LowFrequencyLaw SpectralDensity::low_frequency() const { return content_->low; }
double SpectralDensity::reach() const { return content_->reach; }
const std::vector<double>& SpectralDensity::landmarks() const { return content_->landmarks; }

double SpectralDensity::static_part(double temperature) const {
  double sum = 0;
  for (const StaticSpin& spin : content_->static_spins) {
    const double cosh = std::cosh(spin.splitting / (2 * temperature));
    sum += spin.weight / (cosh * cosh);
  }
  return sum;
}

SpectralDensity flat(double rate) {
  require_not_negative("flat", "rate", rate);
  const double height = rate / (2 * pi);
  return density({.text = fmt::format("flat(rate = {})", rate),
                  .j = [height](double) { return height; },
                  .low = {.power = 0, .slope = height},
                  .landmarks = {rate > 0 ? rate : 1.0}});
}

SpectralDensity ohmic(double strength, double cutoff, Cutoff shape, double s) {
  const char* name = name_of(shape);
  require_not_negative(name, "strength", strength);
  require_positive(name, "cutoff", cutoff);
  require_positive(name, "s", s);
  const std::string power = s == 1 ? "" : fmt::format(", s = {}", s);
  return density(
      {.text = fmt::format("{}(strength = {}, cutoff = {}{})", name, strength, cutoff, power),
       .j =
           [=](double w) {
             const double x = w / cutoff;
             const double law = s == 1 ? x : std::pow(x, s);
             return std::isfinite(law) ? strength * cutoff * law * fall_off(shape, x) : 0.0;
           },
       .low = {.power = s, .slope = strength * std::pow(cutoff, 1 - s)},
       .reach = shape == Cutoff::hard ? cutoff : std::numeric_limits<double>::infinity(),
       .landmarks = ohmic_landmarks(shape, cutoff, s)});
}

SpectralDensity poles(const std::vector<Pole>& poles) {
  require_sound(poles);
  double slope = 0;
  std::vector<double> landmarks;
  for (const Pole& pole : poles) {
    slope += pole_slope(pole);
    landmarks.push_back(pole.frequency);
    for (double widths : {0.5, 2.0, 8.0}) {
      landmarks.push_back(pole.frequency - widths * pole.width);
      landmarks.push_back(pole.frequency + widths * pole.width);
    }
  }
  return density({.text = text_of(poles),
                  .j =
                      [poles](double w) {
                        double sum = 0;
                        for (const Pole& pole : poles)
                          sum += pole.strength / pi * pole_shape(pole, w);
                        return sum;
                      },
                  .low = {.power = 1, .slope = slope},
                  .landmarks = sorted_landmarks(std::move(landmarks))});
}

}  // namespace lindwurm
