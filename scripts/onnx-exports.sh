#!/usr/bin/env bash
# Trains a run for each method, exports it in every ONNX form that the method has, and runs the files in Python: ONNX's own
# checker, then ONNX Runtime without fedfm, logits against the run's. Exits 1 where they differ by more than 1e-4, where the
# checker finds fault, or where a form is written that must be refused.
#   PYTHON=python3 scripts/onnx-exports.sh [NAME...]      needs numpy, onnx and onnxruntime; NAMEs of cases below, or all
set -euo pipefail
cd "$(dirname "$0")/.."
fedfm=${FEDFM:-$PWD/fedfm}
python=${PYTHON:-python3}
"$fedfm" --version > /dev/null # builds where that is needed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
data=$PWD/examples/data/intents/train.csv
(head -1 "$data"; awk 'NR % 8 == 2' "$data") > "$work/train.csv"

# name | peft settings | further settings | forms; a form with ! must be refused
cases() {
  cat <<'CASES'
lora|{type: lora, r: 4, lora_alpha: 8, target_modules: [q, v, up]}||onnx merged-onnx onnx-adapter
rslora|{type: lora, r: 4, use_rslora: true, target_modules: all-linear}||onnx merged-onnx onnx-adapter
lora-patterns|{type: lora, r: 4, target_modules: [q, v], rank_pattern: {query: 2}}||onnx merged-onnx onnx-adapter
dora|{type: lora, r: 4, use_dora: true, target_modules: [q, v]}||onnx merged-onnx !onnx-adapter
ia3|{type: ia3}||onnx merged-onnx !onnx-adapter
vera|{type: vera, r: 8}||onnx merged-onnx !onnx-adapter
bitfit|{type: bitfit}||onnx merged-onnx !onnx-adapter
ln_tuning|{type: ln_tuning}||onnx merged-onnx !onnx-adapter
full|{type: full}||onnx merged-onnx !onnx-adapter
lora-and-bitfit|[{type: lora, r: 4, target_modules: [q, v]}, {type: bitfit}]||onnx merged-onnx onnx-adapter
adapter|{type: adapter}||onnx !merged-onnx !onnx-adapter
prompt|{type: prompt, num_virtual_tokens: 4}||onnx !merged-onnx !onnx-adapter
prefix|{type: prefix, num_virtual_tokens: 4}||onnx !merged-onnx !onnx-adapter
first-token|{type: lora, r: 4, target_modules: [q, v]}|pooling: first|onnx merged-onnx onnx-adapter
CASES
}

status=0
cd "$work"
while IFS='|' read -r -u 3 name peft model forms; do
  [[ $# -eq 0 || " $* " == *" $name "* ]] || continue
  cat > "$name.yaml" <<YAML
model: {path: $OLDPWD/models/mini-encoder, num_labels: 12${model:+, $model}}
peft: $peft
data: {path: train.csv, max_length: 32, partitioner: {type: iid, num_partitions: 4}}
federation: {num_rounds: 2}
client: {batch_size: 8, optimizer: {lr: 5.0e-3}}
YAML
  run=$("$fedfm" run "$name.yaml" --format json 2> "$name.log" | "$python" -c 'import json,sys; print(json.load(sys.stdin)["run"])') \
    || { cat "$name.log"; status=1; continue; }
  for form in $forms; do
    out=$work/$name-${form#!}
    if [[ $form == !* ]]; then
      if "$fedfm" adapter export "$run" --to "${form#!}" --output "$out" > /dev/null 2> err; then
        echo "FAIL $name ${form#!}: it must be refused"; status=1
      elif ! grep -q 'EXPORT_UNSUPPORTED' err; then
        echo "FAIL $name ${form#!}: $(cat err)"; status=1
      fi
      continue
    fi
    "$fedfm" adapter export "$run" --to "$form" --output "$out" > /dev/null 2> err \
      && "$fedfm" adapter verify "$out" --run "$run" --save "$out.jsonl" > verified 2> err \
      && "$python" "$OLDPWD/scripts/onnx_logits.py" "$out" "$out.jsonl" > python 2> err \
      && printf 'ok   %-16s %-13s %s\n' "$name" "$form" "$(cat python)" \
      || { echo "FAIL $name $form: $(tail -3 err) $(tail -1 verified python 2> /dev/null)"; status=1; }
  done
done 3< <(cases)
exit $status
