#!/usr/bin/env bash
# Whether a merged model is as fast as the backbone it came from: trains LoRA in every linear layer of a backbone for a
# round, exports it merged and as nodes, and times inference of all three in turn in ONNX Runtime for Python (one thread, medians).
# Exits 1 if the merged model is slower than the original by more than 3 %.
#   PYTHON=python3 benchmarks/merged-speed.sh [MODEL_FOLDER] [ROWS] [TOKENS] [REPETITIONS]
set -euo pipefail
cd "$(dirname "$0")/.."
model=$(cd "${1:-models/mini-encoder}" && pwd)
rows=${2:-8} tokens=${3:-64} repetitions=${4:-300}
fedfm=$PWD/fedfm
here=$PWD/benchmarks
python=${PYTHON:-python3}
"$fedfm" --version > /dev/null # builds where that is needed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=$PWD/examples/data/intents/train.csv
(head -1 "$data"; awk 'NR % 8 == 2' "$data") > "$work/train.csv"
cd "$work"
cat > lora.yaml <<YAML
model: {path: $model, num_labels: 12}
peft: {type: lora, r: 8, target_modules: all-linear}
data: {path: train.csv, max_length: 32, partitioner: {type: iid, num_partitions: 4}}
federation: {num_rounds: 1}
YAML
"$fedfm" run lora.yaml > /dev/null 2>&1
"$fedfm" adapter export latest --to merged-onnx --output merged > /dev/null
"$fedfm" adapter export latest --to onnx --output woven > /dev/null
exec "$python" "$here/merged_speed.py" "$model/model.onnx" merged/model.onnx woven/model.onnx "$rows" "$tokens" "$repetitions"
