"""Runs an exported model in ONNX Runtime and compares its logits with those that `fedfm adapter verify --save` wrote.

    python onnx_logits.py EXPORT SAVED.jsonl

Prints the largest difference, relative to the largest logit where that is above 1; exits 1 above 1e-4.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort

folder, saved = map(pathlib.Path, sys.argv[1:])
model = str(folder / "model.onnx")
onnx.checker.check_model(model, full_check=True)
nodes = onnx.load(model, load_external_data=False).graph.node
assert {node.domain for node in nodes} <= {""}, "operators beside the standard"

options = ort.SessionOptions()
options.log_severity_level = 3
session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
run_options = ort.RunOptions()
adapter_file = folder / "adapter.onnx_adapter"
if adapter_file.exists():
    adapter = ort.LoraAdapter()
    adapter.Load(str(adapter_file.resolve()))
    run_options.add_active_adapter(adapter)


def tensor(value):
    return np.array(value["values"], dtype=value["type"]).reshape(value["shape"])


taken = {i.name for i in session.get_inputs()}
worst = 0.0
for line in saved.read_text().splitlines():
    batch = json.loads(line)
    feeds = {name: tensor(value) for name, value in batch["inputs"].items() if name in taken}
    expected = tensor(batch["logits"])
    logits = session.run(["logits"], feeds, run_options)[0]
    assert logits.shape == expected.shape, (logits.shape, expected.shape)
    scale = max(1.0, float(np.abs(expected).max()))
    worst = max(worst, float(np.abs(logits - expected).max()) / scale)
print(f"largest difference {worst:.1e}")
sys.exit(not worst <= 1e-4)
