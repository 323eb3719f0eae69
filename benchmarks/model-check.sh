#!/bin/sh
# Every method on every fixture: `fedfm model check` on the exports that the tests read, as one table.
#
#   benchmarks/model-check.sh [--markdown FILE] [--method NAME ...]
#
# Exits with 1 if a gradient is out of bounds. Left out are the fixtures that are made to be refused (fused by an optimiser, weights outside the
# folder), and the one with QuantizeLinear around every operator, which is out of bounds (docs/decisions/0007-quantised-backbones.md).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
: "${FEDFM:=$here/../fedfm}"
fixtures=$here/../fedfm-dist/src/test/resources
for model in $(cd "$fixtures" && find exports quantised -name '*.onnx' \
    ! -name '*optimised*' ! -name external-escape.onnx ! -name bert-qdq-all.onnx | sort); do
    set -- "$@" "$fixtures/$model"
done
exec "$FEDFM" model check "$@"
