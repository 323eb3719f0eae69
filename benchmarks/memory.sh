#!/usr/bin/env bash
# Peak resident memory of the quickstart's model with 5 and with 50 simulated clients, and their ratio.
#   benchmarks/memory.sh
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
peak() {
  # The quickstart, its sentences dealt evenly to so many clients.
  sed -e "s/partitioner: .*/partitioner: {type: iid, num_partitions: $1}/" -e 's/num_rounds: .*/num_rounds: 3/' \
    -e 's#path: \.\./#path: #; s#path: data/#path: examples/data/#' examples/quickstart.yaml > "$out/$1.yaml"
  /usr/bin/time -o "$out/$1.time" -f '%M' ./fedfm run "$out/$1.yaml" --runs "$out/runs" --format json > "$out/$1.json" 2> "$out/log" \
    || { cat "$out/log" >&2; exit 1; }
  cat "$out/$1.time"
}
few=$(peak 5) many=$(peak 50)
awk -v a="$few" -v b="$many" 'BEGIN { printf "5 clients %.0f MB, 50 clients %.0f MB, ratio %.3f\n", a / 1024, b / 1024, b / a }'
