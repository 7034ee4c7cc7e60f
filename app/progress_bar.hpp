// A progress bar on the terminal, for work that takes longer than a moment.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace lindwurm {

class ProgressBar {
 public:
  /// Draws only if `wanted` and standard error is a terminal.
  explicit ProgressBar(bool wanted) : is_on_(wanted && isatty(STDERR_FILENO) == 1) {}

  void show(const std::string& what, double fraction) {
    if (!is_on_) return;
    const auto now = Clock::now();
    if (now - begun_ < std::chrono::seconds(1)) return;
    if (is_drawn_ && now - drawn_ < std::chrono::milliseconds(100)) return;
    constexpr int width = 40;
    const int full = static_cast<int>(fraction * width);
    std::fprintf(stderr, "\r\033[K%-13s [%s%s] %3.0f %%", what.c_str(),
                 std::string(full, '=').c_str(), std::string(width - full, ' ').c_str(),
                 100 * fraction);
    std::fflush(stderr);
    drawn_ = now;
    is_drawn_ = true;
  }

  void clear() {
    if (is_drawn_) std::fputs("\r\033[K", stderr);
    is_drawn_ = false;
  }

  ~ProgressBar() { clear(); }

 private:
  using Clock = std::chrono::steady_clock;
  bool is_on_;
  bool is_drawn_ = false;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point drawn_;
};

}  // namespace lindwurm
