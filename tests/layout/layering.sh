#!/usr/bin/env bash
# Fails if a file in include/lindwurm/X or src/X includes a folder that comes after X in the order
# of the data, or if operators/, baths/ or model/ can see PETSc. The rooms of src/solve come in an
# order of their own; the public headers of solve are there for all of them.
#
#   layering.sh PROJECT
set -euo pipefail

order=(backend operators baths model sectors generator states solve input output tasks study)
rooms=(solve/linear solve/evolve solve/kets solve/spectrum solve)
cd -- "$1"

declare -A place
for k in "${!order[@]}"; do place[${order[k]}]=$k; done
declare -A room_place
for k in "${!rooms[@]}"; do room_place[${rooms[k]}]=$k; done

failures=0
files=0
fail() {
  echo "$1" >&2
  failures=$((failures + 1))
}

# The headers of the project that bring PETSc or SLEPc with them, directly or through others.
declare -A brings_petsc
changed=1
while ((changed)); do
  changed=0
  while IFS= read -r -d '' header; do
    name=${header#include/}
    if [[ -n ${brings_petsc[$name]-} ]]; then continue; fi
    while read -r included; do
      if [[ $included =~ ^(petsc|slepc) || -n ${brings_petsc[$included]-} ]]; then
        brings_petsc[$name]=1
        changed=1
      fi
    done < <(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]([^">]+)[">].*/\1/p' "$header")
  done < <(find include -name '*.hpp' -print0)
done

while IFS= read -r -d '' file; do
  files=$((files + 1))
  folder=${file#include/lindwurm/}
  folder=${folder#src/}
  room=${folder%/*}
  folder=${folder%%/*}
  if [[ $folder == solve && -z ${room_place[$room]-} ]]; then
    fail "$file: the folder '$room' has no place in the order ${rooms[*]}"
  fi
  if [[ -z ${place[$folder]-} ]]; then
    fail "$file: the folder '$folder' has no place in the order ${order[*]}"
    continue
  fi
  while read -r included; do
    if [[ $included == *../* ]]; then fail "$file: include $included by its full name"; fi
    if [[ $folder == operators || $folder == baths || $folder == model ]] &&
      [[ $included =~ ^(petsc|slepc) || -n ${brings_petsc[$included]-} ]]; then
      fail "$file: $folder must not see PETSc, but includes $included"
    fi
    target=${included#lindwurm/}
    if [[ $target != */* ]]; then continue; fi
    if [[ $included == solve/* && $folder == solve ]] &&
      ((${room_place[${included%/*}]-99} > ${room_place[$room]})); then
      fail "$file: $room includes $included, which does not come before it"
    fi
    target=${target%%/*}
    # Headers of other projects.
    if [[ $included != lindwurm/* && -z ${place[$target]-} ]]; then continue; fi
    if [[ -z ${place[$target]-} ]] || ((place[$target] > place[$folder])); then
      fail "$file: $folder includes $included, which does not come before it"
    fi
  done < <(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]([^">]+)[">].*/\1/p' "$file")
done < <(find include/lindwurm src -mindepth 2 \( -name '*.hpp' -o -name '*.cpp' \) -print0)

echo "$files files looked at, $failures violations"
((files > 0 && failures == 0))
