#!/usr/bin/env bash
# Compares a language model's token ids and logits with those that the transformers library gave (golden_texts.json and
# golden_hf.npz beside the model): prints the largest difference, exits 1 above 1e-4.
#   benchmarks/golden-logits.sh [MODEL_FOLDER]
set -euo pipefail
model=$(cd "${1:-$(dirname "$0")/../../shared/models/tinystories-656k}" && pwd)
cd "$(dirname "$0")/.."
./fedfm --version > /dev/null # builds where that is needed
home=$PWD/fedfm-dist/target/fedfm
export ORT_DISABLE_TELEMETRY=1 # else ONNX Runtime chokes on the long class path of a source launch
"${JAVA_HOME:+$JAVA_HOME/bin/}java" --add-opens=java.base/java.nio=ALL-UNNAMED -Darrow.allocation.manager.type=Unsafe \
  -Dai.djl.offline=true -DOPT_OUT_TRACKING=true -cp "$home/lib/*" benchmarks/GoldenLogits.java "$home" "$model"
