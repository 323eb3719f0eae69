#!/usr/bin/env python3
"""Makes the PyTorch oracles in this folder: a forward, its gradients and ten optimiser steps, as arrays.

    python make_agreement.py

Needs torch, transformers, peft, onnx and onnxruntime (versions in README.md). Java tests never run this.
"""
import io
import logging
import pathlib
import types
import warnings
import zipfile

import numpy as np
import onnxruntime as ort
import peft
import torch
import transformers
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).resolve().parent
STEPS, LR, BETAS, EPS, DECAY, MAX_NORM = 10, 1e-3, (0.9, 0.999), 1e-8, 0.01, 0.5


def save(path, arrays):
    """np.savez with fixed dates and no zip64 records: the same arrays give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            array = np.asarray(arrays[name])
            array = array.astype(np.int64 if array.dtype.kind in "iu" else np.float32, order="C")
            out = io.BytesIO()
            np.lib.format.write_array(out, array, version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), out.getvalue())
    with np.load(path) as back:
        assert sorted(back.files) == sorted(arrays) and all(np.isfinite(back[n]).all() for n in back.files)


def redraw(module, seed):
    """Every parameter random, so that none hides a mistake by being zero, one or equal to another."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in module.named_parameters():
            noise = torch.randn(p.shape, generator=generator, dtype=torch.float64).to(p.dtype)
            if p.ndim == 1 and name.endswith("bias"):
                p.copy_(0.1 * noise)
            elif p.ndim == 1:
                p.copy_(1 + 0.2 * noise.clamp(-3, 3))
            else:
                p.copy_(0.15 * noise)


class Adapter(nn.Module):
    """h + up(relu(down(h)))"""

    def __init__(self, hidden, bottleneck):
        super().__init__()
        self.down = nn.Linear(hidden, bottleneck)
        self.up = nn.Linear(bottleneck, hidden)

    def forward(self, h):
        return h + self.up(self.down(h).relu())


class Layer(nn.Module):
    """A post-norm transformer layer with an adapter behind each of its two norms."""

    def __init__(self, hidden, heads, bottleneck):
        super().__init__()
        self.attention = nn.MultiheadAttention(hidden, heads, batch_first=True)
        self.norm1 = nn.LayerNorm(hidden)
        self.norm2 = nn.LayerNorm(hidden)
        self.ffn = nn.Sequential(nn.Linear(hidden, 4 * hidden), nn.GELU(), nn.Linear(4 * hidden, hidden))
        self.adapter1 = Adapter(hidden, bottleneck)
        self.adapter2 = Adapter(hidden, bottleneck)

    def forward(self, h):
        attended, _ = self.attention(h, h, h, need_weights=False)
        h = self.adapter1(self.norm1(h + attended))
        return self.adapter2(self.norm2(h + self.ffn(h)))


class Classifier(nn.Module):
    """The reference workload's transformer: tokens + positions, layers, mean over positions, linear head."""

    def __init__(self, vocabulary, length, hidden, layers, heads, bottleneck, classes):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, hidden)
        self.positions = nn.Parameter(torch.empty(1, length, hidden))
        self.blocks = nn.ModuleList([Layer(hidden, heads, bottleneck) for _ in range(layers)])
        self.classifier = nn.Linear(hidden, classes)

    def forward(self, ids):
        h = self.tokens(ids) + self.positions
        for layer in self.blocks:
            h = layer(h)
        return self.classifier(h.mean(1))


class MeanPooled(nn.Module):
    """A backbone, the mean of its last hidden state over the mask, a linear head."""

    def __init__(self, backbone, hidden, classes):
        super().__init__()
        self.backbone = backbone
        self.classifier = nn.Linear(hidden, classes)

    def forward(self, ids, mask):
        hidden = self.backbone(input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids)).last_hidden_state
        weight = mask.unsqueeze(-1).to(hidden.dtype)
        return self.classifier((hidden * weight).sum(1) / weight.sum(1))


def oracle(model, rename, batch, batches):
    """One forward and backward on `batch`, then, from the same start, a step on each of `batches`."""
    parameters = {rename(n): p for n, p in model.named_parameters() if p.requires_grad}
    arrays = {n: p.detach().clone().numpy() for n, p in parameters.items()}
    *inputs, labels = batch
    logits = model(*inputs)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    arrays.update(logits=logits.detach().numpy(), loss=loss.detach().numpy())
    arrays.update({f"grad.{n}": p.grad.clone().numpy() for n, p in parameters.items()})
    optimizer = torch.optim.AdamW(parameters.values(), lr=LR, betas=BETAS, eps=EPS, weight_decay=DECAY)
    losses, norms = [], []
    for *inputs, labels in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(*inputs), labels)
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_(parameters.values(), MAX_NORM).item())
        losses.append(loss.item())
        optimizer.step()
    arrays.update({f"after.{n}": p.detach().numpy() for n, p in parameters.items()})
    arrays.update(losses=np.array(losses), norms=np.array(norms))
    return arrays


def both_precisions(make, rename, batch, batches):
    """The oracle in float32; the same in float64 tells how far rounding alone moves each number."""
    single, double = (oracle(make(dtype), rename, batch, batches) for dtype in (torch.float32, torch.float64))
    clipped = single["norms"] > MAX_NORM
    assert 3 <= clipped.sum() <= 7 and np.abs(single["norms"] - MAX_NORM).min() > 0.01, single["norms"]
    print("  norms", np.round(single["norms"], 3), "losses", np.round(single["losses"], 3))
    for kind in ("logits", "loss", "grad.", "after."):
        error = {n: float(np.abs(single[n] - double[n]).max()) for n in single if n == kind or n.startswith(kind) and kind[-1] == "."}
        print(f"  {kind} float32 against float64: at most {max(error.values()):.1e} ({max(error, key=error.get)})")
        assert max(error.values()) < 1e-5
    for name in [n for n in single if n.startswith("grad.")]:
        assert np.abs(single[name]).max() > 1e-4, (name, "degenerate")
    return single


def draw(inputs, count, rng, classes):
    """Batches of one label only (large gradients, clipped) where SKEWED, of all labels in turn (small ones) elsewhere."""
    batches = []
    for i in range(count):
        labels = np.arange(6) % classes if i not in SKEWED else np.full(6, rng.randint(classes))
        batches.append((*inputs(), torch.from_numpy(rng.permutation(labels).astype(np.int64))))
    return batches


SKEWED = {0, 3, 4, 7, 9}


def reference_adapters():
    sizes = dict(vocabulary=50, length=12, hidden=32, layers=2, heads=4, bottleneck=4, classes=5)

    def make(dtype):
        model = Classifier(**sizes)
        redraw(model, 7)
        with torch.no_grad():  # keeps the gradient near the clipping bound, above and below it
            model.blocks[-1].norm2.weight.mul_(0.25)
            model.blocks[-1].norm2.bias.mul_(0.25)
        for name, p in model.named_parameters():
            p.requires_grad_("adapter" in name or "classifier" in name)
        return model.to(dtype)

    rng = np.random.RandomState(11)

    def inputs():
        return (torch.from_numpy(rng.randint(0, 50, (6, 12)).astype(np.int64)),)

    start = make(torch.float32)
    batches = draw(inputs, STEPS, rng, 5)
    batch = (*inputs(), torch.from_numpy(rng.randint(0, 5, 6).astype(np.int64)))
    arrays = both_precisions(make, lambda n: n, batch, batches)
    arrays.update({n: p.detach().numpy() for n, p in start.named_parameters() if not p.requires_grad})
    arrays.update(ids=batch[0].numpy(), labels=batch[1].numpy())
    for i, (ids, labels) in enumerate(batches):
        arrays.update({f"ids.{i}": ids.numpy(), f"labels.{i}": labels.numpy()})
    save(HERE / "reference-adapters.npz", arrays)


def bert_lora():
    config = transformers.BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, vocab_size=60,
        max_position_embeddings=32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager")

    def bare():
        backbone = transformers.BertModel(config, add_pooling_layer=False).eval()
        redraw(backbone, 21)
        with torch.no_grad():  # keeps the gradient near the clipping bound, above and below it
            backbone.encoder.layer[-1].output.LayerNorm.weight.mul_(0.12)
            backbone.encoder.layer[-1].output.LayerNorm.bias.mul_(0.12)
        return backbone

    def rename(name):
        return name.removeprefix("backbone.base_model.model.").replace(".default.weight", "")

    def make(dtype):
        lora = peft.LoraConfig(r=4, lora_alpha=8, target_modules=["query", "value"], lora_dropout=0.0, bias="none")
        model = MeanPooled(peft.get_peft_model(bare(), lora), 32, 4)
        generator = torch.Generator().manual_seed(22)
        with torch.no_grad():
            for name, p in model.named_parameters():
                if p.requires_grad:
                    scale = {"classifier.weight": 0.35, "classifier.bias": 0.1}.get(name, 0.2)
                    p.copy_(scale * torch.randn(p.shape, generator=generator))
        return model.eval().to(dtype)

    rng = np.random.RandomState(23)

    def inputs():
        lengths = rng.permutation([10, 8, 7, 5, 3, 2])
        mask = (np.arange(10)[None] < lengths[:, None]).astype(np.int64)
        ids = rng.randint(4, 60, (6, 10)) * mask
        return torch.from_numpy(ids.astype(np.int64)), torch.from_numpy(mask)

    start = make(torch.float32)
    batches = draw(inputs, STEPS, rng, 4)
    batch = (*inputs(), torch.from_numpy(rng.randint(0, 4, 6).astype(np.int64)))
    arrays = both_precisions(make, rename, batch, batches)
    for suffix, (ids, mask, labels) in [("", batch), *((f".{i}", b) for i, b in enumerate(batches))]:
        arrays.update({f"ids{suffix}": ids.numpy(), f"mask{suffix}": mask.numpy(), f"labels{suffix}": labels.numpy()})

    backbone, path = bare(), HERE / "bert-lora.onnx"
    original, ids, mask = type(backbone).forward, batch[0], batch[1]

    def forward(self, input_ids, attention_mask, token_type_ids):
        return original(self, input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state

    backbone.forward = types.MethodType(forward, backbone)
    names, axes = ["input_ids", "attention_mask", "token_type_ids"], {0: "batch", 1: "sequence"}
    torch.onnx.export(backbone, (ids[:2], mask[:2], torch.zeros_like(ids[:2])), str(path), dynamo=False, opset_version=17,
                      input_names=names, output_names=["last_hidden_state"],
                      dynamic_axes={n: axes for n in [*names, "last_hidden_state"]})
    run = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for rows, length in [(6, 10), (3, 7)]:  # row 0 .. 2 hold a token within the first seven, so no row is masked whole
        i, m = ids[:rows, :length], mask[:rows, :length]
        got = run.run(None, {"input_ids": i.numpy(), "attention_mask": m.numpy(), "token_type_ids": np.zeros_like(i.numpy())})[0]
        with torch.no_grad():
            want = backbone(i, m, torch.zeros_like(i)).numpy()
        keep = m.numpy() == 1
        assert np.abs(got[keep] - want[keep]).max() < 1e-4
        arrays["backbone.last_hidden_state"] = want if rows == 6 else arrays["backbone.last_hidden_state"]
    save(HERE / "bert-lora.npz", arrays)


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    for make in (reference_adapters, bert_lora):
        print(make.__name__)
        make()
    for path in sorted(HERE.glob("*.npz")):
        with np.load(path) as arrays:
            print(f"\n{path.name}, {path.stat().st_size} bytes")
            for name in arrays.files:
                print(f"  {name} {arrays[name].dtype} {list(arrays[name].shape)}")


if __name__ == "__main__":
    main()
