#!/usr/bin/env bash
# Times a round of the reference workload beside its PyTorch script, in turn, and prints the ratio of the medians.
# Needs a Python with torch and numpy (PYTHON=...) and the script (PEER=...).
#   benchmarks/reference.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-3}
python=${PYTHON:-python3}
peer=${PEER:-../shared/peers/reference_workload.py}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for i in $(seq "$runs"); do
  "$python" "$peer" --rounds 3 --threads 2 > "$out/peer_$i.json"
  ./fedfm run examples/reference.yaml --runs "$out/runs" --format json > "$out/ours_$i.json" 2>> "$out/log"
done
"$python" - "$out" "$runs" <<'P'
import json, statistics, sys
folder, runs = sys.argv[1], int(sys.argv[2])
peer = [statistics.median(r["total_s"] for r in json.load(open(f"{folder}/peer_{i}.json"))["rounds"]) for i in range(1, runs + 1)]
docs = [json.load(open(f"{folder}/ours_{i}.json")) for i in range(1, runs + 1)]
ours = [statistics.median(r["seconds"]["total"] for r in d["history"]) for d in docs]
d = docs[0]
print("parameters", d["parameters"], "first-round loss", round(d["history"][0]["loss"], 4), "steps", d["steps"], "evaluated_rows", d["evaluated_rows"])
print("peer  s/round", [round(x, 2) for x in peer], "median", round(statistics.median(peer), 2))
print("fedfm s/round", [round(x, 2) for x in ours], "median", round(statistics.median(ours), 2))
print("ratio", round(statistics.median(ours) / statistics.median(peer), 3))
P
