#!/usr/bin/env bash
# npm run lab -- CASE...: makes capture folders on a real kernel, one fresh set of namespaces per case.
set -euo pipefail

LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
OUT_DIR=$(dirname "$LAB_DIR")
source "$LAB_DIR/requirements.sh"

usage() {
  cat <<'USAGE'
usage: npm run lab -- [--out DIR] CASE...
       npm run lab -- [--out DIR] --all
       npm run lab -- --list

Records each CASE and writes DIR/CASE/ (DIR is captures/ unless given). Needs root.
CNI_PATH names the folder of the CNI plugins (default /usr/lib/cni).
USAGE
}

all_cases() {
  local file
  for file in "$LAB_DIR"/cases/*.sh; do basename "$file" .sh; done
}

list_cases() {
  local name
  for name in $(all_cases); do
    printf '%-32s %s\n' "$name" "$(sed -n 's/^title="\(.*\)"$/\1/p' "$LAB_DIR/cases/$name.sh")"
  done
}

cases=()
while (($#)); do
  case $1 in
    --list) list_cases; exit 0 ;;
    --help | -h) usage; exit 0 ;;
    --all) mapfile -t cases < <(all_cases) ;;
    --out) mkdir -p "$2"; OUT_DIR=$(cd "$2" && pwd); shift ;;
    -*) usage >&2; exit 2 ;;
    *) cases+=("$1") ;;
  esac
  shift
done
if ((${#cases[@]} == 0)); then
  usage >&2
  exit 2
fi
for name in "${cases[@]}"; do
  if [[ ! -f $LAB_DIR/cases/$name.sh ]]; then
    echo "lab: no case \"$name\"; npm run lab -- --list names them" >&2
    exit 2
  fi
done
check_requirements

# One processor for clients, servers and kernel: across two, packets of one connection overtake each other on a
# veth now and then, and two runs would differ.
processor=$(taskset -cp $$ | sed 's/.*: //;s/[-,].*//')

failed=()
for name in "${cases[@]}"; do
  echo "lab: $name" >&2
  if taskset -c "$processor" bash "$LAB_DIR/record.sh" "$name" "$OUT_DIR/$name"; then
    bash "$LAB_DIR/oracle.sh" "$OUT_DIR/$name"
  else
    failed+=("$name")
  fi
done
if ((${#failed[@]})); then
  echo "lab: failed: ${failed[*]}" >&2
  exit 1
fi
