"""Quantises exports of ../exports with onnxruntime.quantization, in the ways people download.

    python make_quantised.py        # onnxruntime 1.30, onnx 1.23
"""
import pathlib

import numpy as np
import onnx
from onnxruntime.quantization import (CalibrationDataReader, QuantFormat, QuantType,
                                      quantize_dynamic, quantize_static)

HERE = pathlib.Path(__file__).parent
EXPORTS = HERE.parent / "exports"


class RandomTokens(CalibrationDataReader):
    def __init__(self, model):
        random = np.random.default_rng(0)
        names = [i.name for i in onnx.load(model).graph.input]
        self.batches = iter([{n: self.feed(n, random) for n in names} for _ in range(8)])

    @staticmethod
    def feed(name, random):
        if name == "input_ids":
            return random.integers(0, 20, (4, 8))
        return np.ones((4, 8), np.int64) if "mask" in name else np.zeros((4, 8), np.int64)

    def get_next(self):
        return next(self.batches, None)


for family in ("bert", "llama"):
    source = EXPORTS / f"{family}-torchscript-eager.onnx"
    quantize_dynamic(source, HERE / f"{family}-dynamic.onnx", weight_type=QuantType.QInt8)
    quantize_dynamic(source, HERE / f"{family}-dynamic-channels.onnx", per_channel=True,
                     reduce_range=True, weight_type=QuantType.QUInt8)
    quantize_static(source, HERE / f"{family}-qdq.onnx", RandomTokens(source),
                    quant_format=QuantFormat.QDQ, per_channel=True, weight_type=QuantType.QInt8,
                    op_types_to_quantize=["MatMul", "Gemm", "Gather"])
source = EXPORTS / "bert-torchscript-eager.onnx"
quantize_static(source, HERE / "bert-qdq-all.onnx", RandomTokens(source),
                quant_format=QuantFormat.QDQ)
