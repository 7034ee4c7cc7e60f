#!/usr/bin/env bash
# Evolves OSB(10,6) with Lindwurm and with QuTiP; arguments go to ../qutip/compare.py.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
exec "$here/../qutip/run.sh" --tasks evolve --levels 10 --spins 6 "$@"
