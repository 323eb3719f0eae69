#!/usr/bin/env bash
# Federated LoRA of tinystories-656k on Banking77 beside the same in PyTorch + peft: seconds a round, in turn, and accuracy.
# Needs a Python with torch, transformers and peft (PYTHON=...), and the models, data and peers beside the checkout.
#   benchmarks/banking77.sh [PEER_ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
peer=${PEER:-../shared/peers/tinystories_peft.py}
rounds=${1:-2}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for i in 1 2 3; do
  "$python" "$peer" --rounds "$rounds" > "$out/peer_$i.jsonl"
  ./fedfm run examples/banking77.yaml -c federation.num_rounds="$rounds" --runs "$out/runs" --format json > "$out/ours_$i.json" 2>> "$out/log"
done
./fedfm run examples/banking77.yaml --runs "$out/runs" --format json > "$out/full.json" 2>> "$out/log"
"$python" - "$out" <<'P'
import json, statistics, sys
folder = sys.argv[1]
peer = [json.loads(l)["seconds"] for i in (1, 2, 3) for l in open(f"{folder}/peer_{i}.jsonl")]
ours = [r["seconds"]["total"] for i in (1, 2, 3) for r in json.load(open(f"{folder}/ours_{i}.json"))["history"]]
full = json.load(open(f"{folder}/full.json"))
print("peer  s/round", round(statistics.median(peer), 2), " fedfm s/round", round(statistics.median(ours), 2), " ratio", round(statistics.median(ours) / statistics.median(peer), 3))
print("accuracy by round", [round(r["metrics"]["accuracy"], 4) for r in full["history"]])
P
