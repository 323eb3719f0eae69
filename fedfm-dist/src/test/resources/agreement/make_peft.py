#!/usr/bin/env python3
"""Makes the oracles in peft/: what the real PEFT library computes on backbones of ../exports, at random parameters.

    python make_peft.py

A case is a PEFT configuration on a backbone: peft/cases.json names the export and gives fedfm's settings, peft/CASE.npz
holds a batch, the trainable parameters, logits, loss and gradients. Needs torch, transformers, peft, onnx and onnxruntime
(versions in README.md). Java tests never run this.
"""
import json
import logging
import pathlib
import sys
import warnings

import numpy as np
import peft
import torch
import transformers
from torch import nn
from torch.nn import functional as F

from make_agreement import save

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "exports"))
import make_exports  # noqa: E402

CLASSES = 4
BACKBONES = {
    "bert": ("bert-torchscript-eager", transformers.BertModel),
    "gpt2": ("gpt2-torchscript-eager", transformers.GPT2Model),
    "llama": ("llama-dynamo-eager", transformers.LlamaModel),
}
# name: family, fedfm's method, its settings where they are not PEFT's word for word, PEFT's configuration
CASES = {
    "bert-rslora-patterns": ("bert", "lora", {}, peft.LoraConfig(
        r=4, lora_alpha=6, use_rslora=True, target_modules=["query", "value", "dense"], exclude_modules=["pooler.dense"],
        rank_pattern={"layer.1.attention.self.query": 2, "que.y": 3, "output.dense": 5},
        alpha_pattern={"layer.[01].attention.self.value": 9, "intermediate.dense": 2}, bias="lora_only")),
    "bert-lora-layers": ("bert", "lora", {}, peft.LoraConfig(
        r=3, lora_alpha=5, target_modules=["query", "output.dense"], layers_to_transform=[1], layers_pattern="layer")),
    "gpt2-lora": ("gpt2", "lora", {}, peft.LoraConfig(r=3, lora_alpha=5, target_modules=["c_attn", "c_fc"], fan_in_fan_out=True)),
    "bert-dora": ("bert", "lora", {}, peft.LoraConfig(
        r=3, lora_alpha=5, use_dora=True, target_modules=["query", "intermediate.dense", "output.dense"], bias="lora_only")),
    "gpt2-dora": ("gpt2", "lora", {}, peft.LoraConfig(
        r=3, lora_alpha=5, use_dora=True, use_rslora=True, target_modules=["c_attn", "mlp.c_proj"], fan_in_fan_out=True)),
    "llama-dora": ("llama", "lora", {}, peft.LoraConfig(
        r=3, lora_alpha=5, use_dora=True, target_modules=["k_proj", "down_proj"])),
    "bert-ia3": ("bert", "ia3", {}, peft.IA3Config(
        target_modules=["key", "value", "output.dense"], feedforward_modules=["output.dense"])),
    "gpt2-ia3": ("gpt2", "ia3", {}, peft.IA3Config(
        target_modules=["c_attn", "mlp.c_proj"], feedforward_modules=["mlp.c_proj"], fan_in_fan_out=True)),
    "llama-ia3": ("llama", "ia3", {"target_modules": None, "feedforward_modules": None}, peft.IA3Config()),
    "bert-vera": ("bert", "vera", {}, peft.VeraConfig(
        r=6, projection_prng_key=7, target_modules=["query", "intermediate.dense", "layer.1.output.dense"])),
    "gpt2-vera": ("gpt2", "vera", {}, peft.VeraConfig(r=5, target_modules=["c_attn"], bias="vera_only", fan_in_fan_out=True)),
}
KEYS = {
    "lora": ["r", "lora_alpha", "use_rslora", "use_dora", "target_modules", "exclude_modules", "rank_pattern",
             "alpha_pattern", "layers_to_transform", "layers_pattern", "bias"],
    "ia3": ["target_modules", "feedforward_modules"],
    "vera": ["r", "projection_prng_key", "target_modules", "bias"],
}


class Classifier(nn.Module):
    """A backbone, the mean of its last hidden state over the mask, a linear head."""

    def __init__(self, backbone):
        super().__init__()
        self.backbone = backbone
        self.classifier = nn.Linear(32, CLASSES)

    def forward(self, feed):
        hidden = self.backbone(**feed).last_hidden_state
        weight = feed["attention_mask"].unsqueeze(-1).to(hidden.dtype)
        return self.classifier((hidden * weight).sum(1) / weight.sum(1))


def rename(name):
    """PEFT's name of a parameter to fedfm's."""
    for part in ("backbone.base_model.model.", ".base_layer", ".default.weight", ".default"):
        name = name.replace(part, "")
    return name


def make(family, config, dtype):
    export, cls = BACKBONES[family]
    backbone = make_exports.build(cls, family, "eager", 1000 + list(make_exports.CONFIGS).index(family))
    model = Classifier(peft.get_peft_model(backbone, config)).eval()
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            if p.requires_grad:  # around the start, so that magnitudes and gains stay near their size
                start = 0 if "lora_A" in name or "classifier" in name else p
                p.copy_(start + 0.25 * torch.randn(p.shape, generator=generator))
    return model.to(dtype)


def compute(model, feed, labels):
    parameters = {rename(n): p for n, p in model.named_parameters() if p.requires_grad}
    logits = model(feed)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    arrays = {n: p.detach().numpy() for n, p in parameters.items()}
    arrays.update({f"grad.{n}": p.grad.numpy() for n, p in parameters.items()})
    return arrays | {"logits": logits.detach().numpy(), "loss": loss.detach().numpy()}


def oracle(name, family, config):
    feed, _ = make_exports.batch(family, 4, 9, 31)
    feed = {n: torch.from_numpy(v) for n, v in feed.items()}
    labels = torch.tensor([0, 3, 1, 2])
    single, double = (compute(make(family, config, dtype), feed, labels) for dtype in (torch.float32, torch.float64))
    worst = 0.0
    for key in single:
        if key.startswith("grad."):
            norm = np.linalg.norm(double[key])
            assert norm > 1e-4, (name, key, "degenerate")
            worst = max(worst, np.linalg.norm(single[key] - double[key]) / norm)
    assert worst < 2e-5, (name, worst)
    arrays = single | {n: v.numpy() for n, v in feed.items()} | {"ids": feed["input_ids"].numpy(), "labels": labels.numpy()}
    path = HERE / "peft" / f"{name}.npz"
    save(path, arrays)
    print(f"{path.name}: {path.stat().st_size} bytes, {sum(k.startswith('grad.') for k in single)} parameters, "
          f"loss {float(single['loss']):.3f}, float32 against float64 {worst:.1e}")


def settings(method, own, config):
    values = {key: getattr(config, key, None) for key in KEYS[method]} | own
    return {k: sorted(v) if isinstance(v, set) else v for k, v in values.items() if v not in (None, {})}


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    (HERE / "peft").mkdir(exist_ok=True)
    cases = {}
    for name, (family, method, own, config) in CASES.items():
        cases[name] = {"export": BACKBONES[family][0], "type": method, "settings": settings(method, own, config)}
        oracle(name, family, config)
    (HERE / "peft" / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


if __name__ == "__main__":
    main()
