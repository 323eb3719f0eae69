#!/usr/bin/env python3
"""Makes the folders here: adapters as the PEFT library saves them, and what it computes with them.

    python make_peft.py [NAME ...]

Needs torch, transformers, peft, onnx and onnxruntime (versions in README.md). Java tests never run this.
"""
import io
import json
import logging
import pathlib
import shutil
import sys
import tempfile
import types
import warnings
import zipfile

import numpy as np
import onnxruntime as ort
import peft
import torch
import transformers
from peft import IA3Config, LNTuningConfig, LoraConfig, PrefixTuningConfig, PromptTuningConfig, VeraConfig
from safetensors.torch import load_file
from transformers import (
    BertConfig, BertForSequenceClassification, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM)

HERE = pathlib.Path(__file__).resolve().parent
SIZES = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32, vocab_size=40,
             max_position_embeddings=32)
FAMILIES = {
    "bert": (BertForSequenceClassification, lambda: BertConfig(
        **SIZES, num_labels=3, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager")),
    "gpt2": (GPT2LMHeadModel, lambda: GPT2Config(
        n_embd=16, n_layer=2, n_head=4, n_inner=32, vocab_size=40, n_positions=32, bos_token_id=0, eos_token_id=0,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, attn_implementation="eager")),
    "llama": (LlamaForCausalLM, lambda: LlamaConfig(
        **SIZES, num_key_value_heads=2, tie_word_embeddings=False, attn_implementation="eager")),
}
CLS, LM = "SEQ_CLS", "CAUSAL_LM"
CASES = {
    "bert-lora": lambda: LoraConfig(task_type=CLS, r=4, lora_alpha=10, target_modules=["query", "value"]),
    "bert-rslora": lambda: LoraConfig(
        task_type=CLS, r=4, lora_alpha=6, use_rslora=True, target_modules=["attention.self.key", "intermediate.dense"]),
    "bert-patterns": lambda: LoraConfig(
        task_type=CLS, r=4, lora_alpha=8, target_modules=["query", "value"], rank_pattern={"layer.1.attention.self.query": 2},
        alpha_pattern={"value": 3}),
    "bert-dora": lambda: LoraConfig(task_type=CLS, r=4, lora_alpha=8, use_dora=True, target_modules=["query", "output.dense"]),
    "bert-ia3": lambda: IA3Config(task_type=CLS),
    "bert-vera": lambda: VeraConfig(task_type=CLS, r=6, target_modules=["query", "intermediate.dense"], save_projection=True),
    "bert-prefix": lambda: PrefixTuningConfig(task_type=CLS, num_virtual_tokens=3),
    "bert-prompt": lambda: PromptTuningConfig(task_type=CLS, num_virtual_tokens=3),
    "bert-ln_tuning": lambda: LNTuningConfig(task_type=CLS, target_modules=["LayerNorm"]),
    "gpt2-lora": lambda: LoraConfig(task_type=LM, r=4, lora_alpha=8, target_modules=["c_attn"], fan_in_fan_out=True),
    "gpt2-dora": lambda: LoraConfig(
        task_type=LM, r=2, lora_alpha=4, use_dora=True, target_modules=["attn.c_proj"], fan_in_fan_out=True),
    "gpt2-ia3": lambda: IA3Config(
        task_type=LM, target_modules=["c_attn", "mlp.c_proj"], feedforward_modules=["mlp.c_proj"], fan_in_fan_out=True),
    "gpt2-prefix": lambda: PrefixTuningConfig(task_type=LM, num_virtual_tokens=4),
    "gpt2-prompt": lambda: PromptTuningConfig(task_type=LM, num_virtual_tokens=4),
    "llama-lora": lambda: LoraConfig(task_type=LM, r=4, lora_alpha=8, target_modules="all-linear"),
    "llama-ia3": lambda: IA3Config(task_type=LM),
    "llama-vera": lambda: VeraConfig(task_type=LM, r=5, target_modules=["q_proj", "v_proj", "down_proj"], save_projection=True),
    "llama-prefix": lambda: PrefixTuningConfig(task_type=LM, num_virtual_tokens=3),
    "llama-prompt": lambda: PromptTuningConfig(task_type=LM, num_virtual_tokens=3),
    "llama-ln_tuning": lambda: LNTuningConfig(
        task_type=LM, target_modules=["input_layernorm", "post_attention_layernorm", "norm"]),
}


def save(path, arrays):
    """np.savez with fixed dates and no zip64 records: the same arrays give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            array = np.asarray(arrays[name])
            array = array.astype(np.int64 if array.dtype.kind in "iu" else np.float32, order="C")
            assert np.isfinite(array).all(), name
            out = io.BytesIO()
            np.lib.format.write_array(out, array, version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), out.getvalue())


def redraw(parameters, seed, scale):
    """Every parameter random, so that none hides a mistake by being zero, one or equal to another."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in parameters:
            noise = torch.randn(p.shape, generator=generator)
            gain = "norm" in name.lower() and name.endswith("weight") or ".ln_" in name and name.endswith("weight")
            gain = gain or "ia3_l" in name or "vera_lambda" in name or "magnitude" in name
            if gain:
                p.copy_(torch.where(p.abs() > 1e-3, p, torch.ones_like(p)) * (1 + 0.2 * noise.clamp(-3, 3)))
            else:
                p.copy_(scale * noise)


def backbone(family):
    cls, config = FAMILIES[family]
    torch.manual_seed(1)
    model = cls(config()).eval()
    redraw(model.named_parameters(), 10 + list(FAMILIES).index(family), 0.25)
    return model


def export(family):
    """The backbone as the stock exporters write it: a BertModel with its pooler, and language models with their heads."""
    folder = HERE / "models" / family
    folder.mkdir(parents=True, exist_ok=True)
    model = backbone(family)
    names, outputs = ["input_ids", "attention_mask"], ["logits"]
    exported = model
    if family == "bert":
        names, outputs, exported = names + ["token_type_ids"], ["last_hidden_state", "pooler_output"], model.bert
    original = type(exported).forward
    use_cache = {} if family == "bert" else {"use_cache": False}

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        types_ = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        result = original(self, input_ids=input_ids, attention_mask=attention_mask, **types_, **use_cache, return_dict=True)
        return tuple(result[name] for name in outputs)

    exported.forward = types.MethodType(forward, exported)
    ids, mask, _ = batch(model, family)
    axes = {n: {0: "batch", 1: "sequence"} for n in names + outputs if n != "pooler_output"}
    axes["pooler_output"] = {0: "batch"}
    args = (ids[:2], mask[:2]) + ((torch.zeros_like(ids[:2]),) if family == "bert" else ())
    with torch.no_grad():
        torch.onnx.export(exported, args, str(folder / "model.onnx"), dynamo=False, opset_version=17, input_names=names,
                          output_names=outputs, dynamic_axes={k: v for k, v in axes.items() if k in names + outputs})
        run = ort.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        feed = dict(zip(names, [ids.numpy(), mask.numpy(), np.zeros_like(ids.numpy())]))
        got, want = run.run(outputs, feed)[-1], exported(*[torch.from_numpy(feed[n]) for n in names])[-1].numpy()
    keep = slice(None) if family == "bert" else mask.numpy() == 1
    assert np.abs(got[keep] - want[keep]).max() < 1e-4
    config = json.loads(model.config.to_json_string(use_diff=False))
    kept = ("architectures", "model_type", "hidden_size", "n_embd", "num_hidden_layers", "n_layer", "num_attention_heads", "n_head",
            "num_key_value_heads", "intermediate_size", "n_inner", "vocab_size", "pad_token_id")
    config = {k: v for k, v in config.items() if k in kept} | {"architectures": [type(model).__name__], "_name_or_path": f"tiny/{family}"}
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def batch(model, family):
    rng = np.random.RandomState(5)
    lengths = [9, 7, 4, 2]
    mask = (np.arange(9)[None] < np.array(lengths)[:, None]).astype(np.int64)
    ids = (rng.randint(4, 40, (4, 9)) * mask).astype(np.int64)
    labels = np.array([0, 2, 1, 2], np.int64) if family == "bert" else np.where(mask == 1, ids, -100)
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(labels)


def case(name):
    folder, family = HERE / name, name.split("-")[0]
    shutil.rmtree(folder, ignore_errors=True)
    base = backbone(family)
    base.name_or_path = base.config._name_or_path = f"tiny/{family}"
    config = CASES[name]()
    model = peft.get_peft_model(base, config).eval()
    trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    redraw(trained, 20 + sorted(CASES).index(name), 0.3)
    with tempfile.TemporaryDirectory() as saved:
        model.save_pretrained(saved)
        folder.mkdir()
        for file in ("adapter_config.json", "adapter_model.safetensors"):
            shutil.copy(pathlib.Path(saved) / file, folder / file)
    ids, mask, labels = batch(model, family)
    result = model(input_ids=ids, attention_mask=mask, labels=labels)
    result.loss.backward()
    arrays = dict(ids=ids.numpy(), mask=mask.numpy(), labels=labels.numpy(), loss=result.loss.detach().numpy(),
                  logits=result.logits.detach().numpy())
    keys = {key: value for key, value in peft.get_peft_model_state_dict(model).items()}
    pointers = {p.data_ptr(): p.grad for _, p in trained}
    if config.is_prompt_learning:
        arrays["grad.prompt_embeddings"] = model.prompt_encoder["default"].embedding.weight.grad.numpy()
    for key, value in keys.items():
        if value.data_ptr() in pointers:
            arrays[f"grad.{key}"] = pointers[value.data_ptr()].numpy()
    saved = load_file(folder / "adapter_model.safetensors")
    assert sorted(saved) == sorted(keys), (sorted(saved), sorted(keys))
    without = {k for k in saved if f"grad.{k}" not in arrays}
    assert without <= {"base_model.vera_A", "base_model.vera_B"}, without
    for key in arrays:
        if key.startswith("grad."):
            assert np.abs(arrays[key]).max() > 1e-5, (key, "degenerate")
    save(folder / "oracle.npz", arrays)
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(f"{name}: {size} bytes, loss {result.loss.item():.4f}, logits {list(result.logits.shape)}")
    for key in sorted(saved)[:4]:
        print("   ", key, list(saved[key].shape))


def main():
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    names = sys.argv[1:]
    for family in FAMILIES:
        if not names or family in names:
            export(family)
    for name in CASES:
        if not names or name in names:
            case(name)


if __name__ == "__main__":
    main()
