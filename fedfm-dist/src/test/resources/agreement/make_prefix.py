#!/usr/bin/env python3
"""Makes prefix/*.npz: what the PEFT library computes with a prefix on the backbones of ../exports.

    python make_prefix.py

Needs torch, transformers and peft (versions in README.md). Java tests never run this.
"""
import logging
import pathlib
import sys
import warnings

import numpy as np
import peft
import torch
import torch.nn.functional as F
import transformers

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "exports"))
import make_exports as exports  # noqa: E402
from make_agreement import save  # noqa: E402

TOKENS, CLASSES, ROWS, LENGTH = 3, 4, 4, 9
# Each stands for the exports of the same class and weights, by either exporter.
CASES = {
    "bert": [("bert", "eager"), ("bert", "sdpa")],
    "roberta": [("roberta", "eager"), ("roberta", "sdpa")],
    "gpt2": [("gpt2", "eager")],
    "gpt2-lm": [("gpt2", "sdpa")],
    "llama": [("llama", "eager")],
    "llama-lm": [("llama", "sdpa")],
}


def batch(family):
    """Rows of 9, 6 and 4 tokens padded on the right, and one that is masked whole."""
    rng = np.random.RandomState(31)
    lengths = np.array([9, 6, 4, 0])
    mask = (np.arange(LENGTH)[None] < lengths[:, None]).astype(np.int64)
    pad = 1 if family == "roberta" else 0
    ids = np.where(np.arange(LENGTH)[None] < np.array([9, 6, 4, 7])[:, None], rng.randint(5, 96, (ROWS, LENGTH)), pad)
    feed = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
    if family == "bert":
        feed["token_type_ids"] = torch.zeros_like(feed["input_ids"])  # PEFT drops them for this task
    labels = rng.randint(0, 96, (ROWS, LENGTH))
    labels[0, 3] = -100
    return feed, torch.from_numpy(labels), torch.from_numpy(rng.randint(0, CLASSES, ROWS))


def run(name, family, attention, dtype):
    cls = exports.CLASSES[family, attention]
    seed = 1000 + list(exports.CONFIGS).index(family)
    base = exports.build(cls, family, attention, seed)
    causal = name.endswith("-lm")
    task = "CAUSAL_LM" if causal else "FEATURE_EXTRACTION"
    model = peft.get_peft_model(base, peft.PrefixTuningConfig(task_type=task, num_virtual_tokens=TOKENS)).eval().to(dtype)
    generator = torch.Generator().manual_seed(41)
    prompt = model.prompt_encoder["default"].embedding.weight
    head = torch.nn.Linear(32, CLASSES)
    with torch.no_grad():
        for p in (prompt, head.weight, head.bias):
            p.copy_(0.5 * torch.randn(p.shape, generator=generator))
    head = head.to(dtype)
    feed, next_tokens, labels = batch(family)
    arrays = {"prompt": prompt.detach().clone().numpy(), **{k: v.numpy() for k, v in feed.items()}}
    result = model(**feed)
    if causal:
        logits, labels = result.logits, next_tokens
        loss = F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
    else:
        logits = head(result.last_hidden_state[:, 0])
        loss = F.cross_entropy(logits, labels)
        arrays.update({"classifier.weight": head.weight.detach().numpy(), "classifier.bias": head.bias.detach().numpy()})
    loss.backward()
    arrays.update({"labels": labels.numpy(), "logits": logits.detach().numpy(), "loss": loss.detach().numpy(),
                   "grad.prompt": prompt.grad.numpy()})
    if not causal:
        arrays["grad.classifier.weight"] = head.weight.grad.numpy()
    return arrays


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    (HERE / "prefix").mkdir(exist_ok=True)
    for name, variants in CASES.items():
        every = [run(name, family, attention, dtype) for family, attention in variants for dtype in (torch.float32, torch.float64)]
        for other in every[1:]:  # eager, sdpa and float64 agree
            for key in ("logits", "loss", "grad.prompt"):
                error = np.abs(every[0][key] - other[key]).max() / np.abs(every[0][key]).max()
                assert np.isfinite(error) and error < 1e-5, (name, key, error)
        assert np.abs(every[0]["grad.prompt"]).reshape(TOKENS, -1).max(1).min() > 1e-5
        save(HERE / "prefix" / f"{name}.npz", every[0])
        print(name, (HERE / "prefix" / f"{name}.npz").stat().st_size, "bytes, loss", float(every[0]["loss"]), every[0]["prompt"].shape)


if __name__ == "__main__":
    main()
