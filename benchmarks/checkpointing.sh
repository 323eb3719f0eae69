#!/usr/bin/env bash
# Peak resident memory and seconds of a run of LoRA on 12 layers at 256 tokens, with and without client.gradient_checkpointing, and their ratios.
#   benchmarks/checkpointing.sh [BATCH_SIZE]
set -euo pipefail
cd "$(dirname "$0")/.."
batch=${1:-16}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/model"
printf '%s\n' name=twelve-layers generator=simple-foundation hidden=256 layers=12 heads=4 vocabulary=1000 length=256 seed=42 > "$out/model/model.properties"
cat > "$out/run.yaml" <<Y
model: {path: $out/model, task: SEQ_CLS, num_labels: 10}
peft: {type: lora, r: 8, target_modules: all-linear}
data: {source: random-tokens, client_rows: [$((4 * batch))], max_length: 256, evaluate: train}
federation: {num_rounds: 1}
client: {batch_size: $batch}
Y
peak() {
  /usr/bin/time -o "$out/$1.time" -f '%M' ./fedfm run "$out/run.yaml" -c client.gradient_checkpointing="$1" --runs "$out/runs" --format json \
    > "$out/$1.json" 2> "$out/log" || { cat "$out/log" >&2; exit 1; }
  sed 's/.*"train":\([0-9.]*\).*/\1/' "$out/$1.json" > "$out/$1.seconds"
}
peak false
peak true
awk -v a="$(cat "$out/false.time")" -v b="$(cat "$out/true.time")" -v s="$(cat "$out/false.seconds")" -v t="$(cat "$out/true.seconds")" \
  'BEGIN { printf "keeping %.0f MB %.1f s, recomputing %.0f MB %.1f s: memory %.2f, time %.2f\n", a / 1024, s, b / 1024, t, b / a, t / s }'
