#!/usr/bin/env bash
# Times one product L R of a chain of 8 cavities.
#
#   benchmarks/cavities/run.sh [RANKS]      2 ranks if not said otherwise
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=benchmarks/common/prepare.sh
source "$here/../common/prepare.sh"
need_benchmark_product
bar=620 # milliseconds
mpirun --quiet -n "${1:-2}" "$BENCHMARK_PRODUCT" "$here/model.toml" --no-assembled |
  awk -v bar="$bar" '
    { print }
    /^matrix-free/ { time = $2 }
    END {
      if (time == "") exit 1
      printf "\n| product in ms | bar | |\n|---|---|---|\n"
      printf "| %.0f | <= %d | %s |\n", time, bar, time <= bar ? "met" : "not met"
    }'
