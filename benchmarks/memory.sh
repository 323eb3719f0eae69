#!/usr/bin/env bash
# Peak resident memory of the quickstart's model with 5 and with 50 simulated clients, and their ratio.
#   benchmarks/memory.sh
set -euo pipefail
cd "$(dirname "$0")/.."
peak() {
  local log; log=$(mktemp)
  /usr/bin/time -f 'peak_kb %M' ./fedfm run examples/quickstart.yaml -c data.partitioner.num_partitions="$1" \
    -c data.partitioner.type=iid -c federation.num_rounds=3 --runs "$(mktemp -d)" --format json > /dev/null 2> "$log"
  sed -n 's/^peak_kb //p' "$log"
}
few=$(peak 5) many=$(peak 50)
awk -v a="$few" -v b="$many" 'BEGIN { printf "5 clients %.0f MB, 50 clients %.0f MB, ratio %.3f\n", a / 1024, b / 1024, b / a }'
