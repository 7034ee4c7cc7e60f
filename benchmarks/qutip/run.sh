#!/usr/bin/env bash
# Builds Lindwurm if need be and compares it with QuTiP; arguments go to compare.py.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
if [[ ! -x $here/../../build/app/lindwurm ]]; then "$here/../../scripts/setup" --program; fi
exec python3 "$here/compare.py" "$@"
