#!/bin/sh
# Trains short federated runs, exports them with --to peft, and loads them in the PEFT library itself.
# Exits with 1 at any missing or unexpected key, and where logits differ by more than 1e-4.
#
#   PYTHON=/path/to/python scripts/peft-roundtrip.sh [--model FOLDER ...] [CASE ...]
#
# PYTHON needs torch, transformers, peft, safetensors, tokenizers, onnx and onnxruntime. FEDFM is the launcher (default: ./fedfm).
# --model adds a causal language model: a folder with model.onnx, tokenizer.json, config.json and model.safetensors.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
: "${PYTHON:=python3}"
: "${FEDFM:=$here/../fedfm}"
export FEDFM
exec "$PYTHON" "$here/peft_roundtrip.py" "$@"
