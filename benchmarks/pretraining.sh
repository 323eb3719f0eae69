#!/usr/bin/env bash
# What the mini-encoder's pretraining is worth: the quickstart's accuracy with trained and with random backbone weights, over seeds.
#   benchmarks/pretraining.sh [SEED...]
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- 1 2 3
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for weights in pretrained random; do
  for seed in "$@"; do
    ./fedfm run examples/quickstart.yaml -c seed="$seed" -c model.weights="$weights" --runs "$out" --format json 2>> "$out/log" \
      | sed -n 's/.*"metrics":{[^}]*"accuracy":\([0-9.]*\)},"communication".*/\1/p' | head -n 1
  done | awk -v w="$weights" '{ printf "%s accuracy %.4f\n", w, $1; s += $1; n++ } END { printf "%s mean %.4f over %d seeds\n", w, s / n, n }'
done
