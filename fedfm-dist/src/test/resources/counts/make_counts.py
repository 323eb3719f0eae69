"""Writes what the PEFT library counts for BERT-base, and BERT-base's graph without its weights.

    python make_counts.py        # torch 2.13, transformers 5.18, peft 0.21, onnx 1.23

counts.tsv: method, fedfm's settings, trainable parameters, all parameters; as get_nb_trainable_parameters() gives
them for BertForSequenceClassification with two labels, and what of the latter PEFT counts twice: the head, and norms
under LNTuning, are copied before they are trained. bert-base.onnx: the same model by the TorchScript exporter;
every weight of it is at the start of weights.bin, a file that the test makes (zeros, 94 MB, sparse).
"""

import json
import os
import tempfile

import onnx
import torch
from peft import (
    IA3Config,
    LNTuningConfig,
    LoraConfig,
    PrefixTuningConfig,
    PromptTuningConfig,
    VeraConfig,
    get_peft_model,
)
from transformers import BertConfig, BertForSequenceClassification

LARGE = 64


def bert():
    torch.manual_seed(0)
    return BertForSequenceClassification(BertConfig(num_labels=2, attn_implementation="eager"))


def counted(config):
    # VeRA draws its projections when it is made, so not on the meta device.
    device = "cpu" if config.peft_type.value == "VERA" else "meta"
    with torch.device(device):
        model = get_peft_model(bert(), config)
    twice = sum(
        p.numel()
        for name, p in model.named_parameters()
        if ".original_module." in name or (config.peft_type.value == "LN_TUNING" and ".base_layer." in name)
    )
    return *model.get_nb_trainable_parameters(), twice


def promoted(chosen):
    with torch.device("meta"):
        model = bert()
    head = {id(p) for p in model.classifier.parameters()}
    every = sum(p.numel() for p in model.parameters())
    trained = sum(p.numel() for name, p in model.named_parameters() if chosen(name) or id(p) in head)
    return trained, every, 0


def rows():
    qv = ["query", "value"]
    task = {"task_type": "SEQ_CLS"}
    yield "lora", {"r": 8, "target_modules": qv}, counted(LoraConfig(r=8, target_modules=qv, **task))
    every = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]
    yield (
        "lora",
        {"r": 16, "target_modules": "all-linear"},
        counted(LoraConfig(r=16, target_modules=every, **task)),
    )
    yield (
        "lora",
        {"r": 8, "target_modules": qv, "use_dora": True},
        counted(LoraConfig(r=8, target_modules=qv, use_dora=True, **task)),
    )
    yield (
        "lora",
        {"r": 8, "target_modules": qv, "rank_pattern": {"layer.0.attention.self.query": 4}},
        counted(LoraConfig(r=8, target_modules=qv, rank_pattern={"layer.0.attention.self.query": 4}, **task)),
    )
    yield (
        "lora",
        {"r": 8, "target_modules": qv, "layers_to_transform": [10, 11]},
        counted(LoraConfig(r=8, target_modules=qv, layers_to_transform=[10, 11], **task)),
    )
    yield "ln_tuning", {}, counted(LNTuningConfig(target_modules=["LayerNorm"], **task))
    yield "bitfit", {}, promoted(lambda name: name.endswith(".bias"))
    yield (
        "bitfit",
        {"target_modules": ["q", "up"]},
        promoted(lambda name: name.endswith(("query.bias", "intermediate.dense.bias"))),
    )
    yield "full", {}, promoted(lambda name: True)
    yield (
        "ia3",
        # PEFT's default for BERT, whose output.dense is that of the attention too.
        {
            "target_modules": ["key", "value", "output.dense"],
            "feedforward_modules": ["output.dense"],
        },
        counted(
            IA3Config(
                target_modules=["key", "value", "output.dense"], feedforward_modules=["output.dense"], **task
            )
        ),
    )
    yield "vera", {"r": 256, "target_modules": qv}, counted(VeraConfig(r=256, target_modules=qv, **task))
    yield "prefix", {"num_virtual_tokens": 20}, counted(PrefixTuningConfig(num_virtual_tokens=20, **task))
    yield "prompt", {"num_virtual_tokens": 20}, counted(PromptTuningConfig(num_virtual_tokens=20, **task))


def write_counts():
    with open("counts.tsv", "w", encoding="utf-8") as out:
        out.write("method\tsettings\ttrainable\tall\tcounted_twice\n")
        for method, settings, counts in rows():
            out.write("\t".join([method, json.dumps(settings), *map(str, counts)]) + "\n")


def write_graph():
    model = bert().eval()
    model.config.return_dict = False
    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.randint(0, 100, (2, 7))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids), torch.zeros_like(ids)),
            path,
            input_names=names,
            output_names=["logits"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names},
            opset_version=17,
            dynamo=False,
        )
        graph = onnx.load(path)
    for tensor in graph.graph.initializer:
        elements = 1
        for dimension in tensor.dims:
            elements *= dimension
        if tensor.data_type == onnx.TensorProto.FLOAT and elements >= LARGE:
            tensor.ClearField("raw_data")
            tensor.data_location = onnx.TensorProto.EXTERNAL
            tensor.ClearField("external_data")
            for key, value in (("location", "weights.bin"), ("offset", "0"), ("length", str(4 * elements))):
                tensor.external_data.add(key=key, value=value)
    for node in graph.graph.node:
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
    del graph.graph.value_info[:]
    with open("bert-base.onnx", "wb") as out:
        out.write(graph.SerializeToString(deterministic=True))


if __name__ == "__main__":
    write_counts()
    write_graph()
