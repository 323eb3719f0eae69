"""The body of peft-roundtrip.sh: see there."""
import argparse
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import warnings

import numpy as np
import onnxruntime as ort
import peft
import torch
import transformers
from safetensors.torch import load_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    AutoModel, AutoModelForCausalLM, AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification, GPT2Config,
    GPT2LMHeadModel)

BOUND = 1e-4
WORDS = "red green blue one two three cat dog bird runs sleeps sings over under near far big small old new".split()
CLASSES = {"SEQ_CLS": AutoModelForSequenceClassification, "CAUSAL_LM": AutoModelForCausalLM, "FEATURE_EXTRACTION": AutoModel}
METHODS = {
    "lora": "{type: lora, r: 4, lora_alpha: 8}",
    "rslora": "{type: lora, r: 4, lora_alpha: 8, use_rslora: true, target_modules: all-linear, rank_pattern: {v: 2}}",
    "dora": "{type: lora, r: 4, lora_alpha: 8, use_dora: true, target_modules: [o, up]}",
    "ia3": "{type: ia3, target_modules: [%s, down]}",
    "vera": "{type: vera, r: 8, target_modules: [o, down]}",
    "prefix": "{type: prefix, num_virtual_tokens: 4}",
    "prefix-projected": "{type: prefix, num_virtual_tokens: 4, prefix_projection: true, encoder_hidden_size: 6}",
    "prompt": "{type: prompt, num_virtual_tokens: 4}",
    "ln_tuning": "{type: ln_tuning}",
}


def redraw(model):
    """The usual start of small models is nearly zero everywhere, and would hide mistakes."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            p.copy_(1 + 0.2 * noise if p.ndim == 1 and name.endswith("weight") else 0.2 * noise)
    return model.eval()


def make_model(family, folder):
    """A tiny model of the transformers library in HF, and its backbone as ONNX with a tokenizer in ONNX."""
    hf, onnx = folder / family / "hf", folder / family / "onnx"
    onnx.mkdir(parents=True)
    sizes = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, vocab_size=len(WORDS) + 2)
    if family == "bert":
        model = redraw(BertForSequenceClassification(BertConfig(**sizes, num_labels=3, max_position_embeddings=64, attn_implementation="eager")))
        bare, names, outputs, extra = model.bert, ["input_ids", "attention_mask", "token_type_ids"], ["last_hidden_state", "pooler_output"], {}
    else:
        model = redraw(GPT2LMHeadModel(GPT2Config(
            n_embd=32, n_layer=2, n_head=4, vocab_size=len(WORDS) + 2, n_positions=64, bos_token_id=0, eos_token_id=0, attn_implementation="eager")))
        bare, names, outputs, extra = model, ["input_ids", "attention_mask"], ["logits"], {"use_cache": False}
    model.save_pretrained(hf)
    original = type(bare).forward

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        more = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        result = original(self, input_ids=input_ids, attention_mask=attention_mask, return_dict=True, **more, **extra)
        return tuple(result[name] for name in outputs)

    bare.forward = types.MethodType(forward, bare)
    ids = torch.ones((2, 7), dtype=torch.int64)
    axes = {name: {0: "batch"} if name == "pooler_output" else {0: "batch", 1: "sequence"} for name in names + outputs}
    torch.onnx.export(bare, (ids, ids) + ((ids * 0,) if family == "bert" else ()), str(onnx / "model.onnx"), dynamo=False,
                      opset_version=17, input_names=names, output_names=outputs, dynamic_axes=axes)
    config = json.loads((hf / "config.json").read_text()) | {"_name_or_path": str(hf)}
    (onnx / "config.json").write_text(json.dumps(config))
    vocabulary = {word: i for i, word in enumerate(["[PAD]", "[UNK]"] + WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(onnx / "tokenizer.json"))
    return hf, onnx


def make_data(folder):
    rng = np.random.RandomState(0)
    rows = [" ".join(rng.choice(WORDS, rng.randint(4, 9))) for _ in range(48)]
    (folder / "rows.csv").write_text("text,label\n" + "".join(f"{row},{'abc'[i % 3]}\n" for i, row in enumerate(rows)))
    (folder / "text.txt").write_text("\n".join(rows * 4) + "\n")


def fedfm(folder, *arguments):
    done = subprocess.run([os.environ["FEDFM"], *map(str, arguments), "--format", "json"], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"fedfm {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def train(folder, onnx, method, task, pooling, projections):
    data = "text.txt" if task == "CAUSAL_LM" else "rows.csv"
    (folder / "run.yaml").write_text(f"""
model: {{path: {onnx}, task: {task}{'' if task == 'CAUSAL_LM' else ', pooling: ' + pooling}}}
peft: {METHODS[method] % projections if '%s' in METHODS[method] else METHODS[method]}
data: {{path: {folder / data}, max_length: 16, partitioner: {{type: iid, num_partitions: 2}}}}
federation: {{num_rounds: 2}}
client: {{batch_size: 8, optimizer: {{lr: 5.0e-2}}}}
""")
    run = fedfm(folder, "run", "run.yaml")["run"]
    for to in ("peft", "onnx"):
        fedfm(folder, "adapter", "export", run, "--to", to, "--output", folder / run / to)
    return folder / run


def theirs(exported, hf, ids, mask):
    """What the PEFT library computes, and the keys that it misses or does not know."""
    config = json.loads((exported / "adapter_config.json").read_text())
    base = CLASSES[config["task_type"]].from_pretrained(hf, attn_implementation="eager", **({"num_labels": 3} if config["task_type"] == "SEQ_CLS" else {}))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        model = peft.PeftModel.from_pretrained(base.eval(), exported).eval()
    told = [str(w.message) for w in told if "adapter keys" in str(w.message) or "Unexpected keyword" in str(w.message)]
    expected, saved = peft.get_peft_model_state_dict(model), load_file(exported / "adapter_model.safetensors")
    missing, unexpected = sorted(set(expected) - set(saved)), sorted(set(saved) - set(expected))
    wrong = [k for k in set(saved) & set(expected) if not torch.equal(expected[k].float(), saved[k])]
    with torch.no_grad():
        result = model(input_ids=ids, attention_mask=mask)
        if config["task_type"] != "FEATURE_EXTRACTION":
            return result.logits.numpy(), missing, unexpected + wrong + told
        h = result.last_hidden_state
        m = torch.nn.functional.pad(mask, (h.shape[1] - mask.shape[1], 0), value=1).unsqueeze(-1)
        head = load_file(exported / "head.safetensors")
        pooled = (h * m).sum(1) / m.sum(1)
        return torch.nn.functional.linear(pooled, head["classifier.weight"], head["classifier.bias"]).numpy(), missing, unexpected + wrong + told


def ours(exported, ids, mask):
    session = ort.InferenceSession(str(exported / "model.onnx"), providers=["CPUExecutionProvider"])
    known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0, "position_ids": torch.arange(ids.shape[1]).expand(ids.shape)}
    feed = {i.name: known[i.name].numpy() for i in session.get_inputs()}
    outputs = [o.name for o in session.get_outputs()]
    return session.run(["logits" if "logits" in outputs else outputs[0]], feed)[0]


def check(name, folder, hf, onnx, method, task, pooling, projections):
    exported = train(folder, onnx, method, task, pooling, projections)
    vocabulary = json.loads((pathlib.Path(onnx) / "config.json").read_text())["vocab_size"]
    rng, lengths = np.random.RandomState(9), np.array([11, 8, 5, 3])
    mask = torch.from_numpy((np.arange(11)[None] < lengths[:, None]).astype(np.int64))
    ids = torch.from_numpy(rng.randint(2, vocabulary, (4, 11)).astype(np.int64)) * mask
    want, missing, unexpected = theirs(exported / "peft", hf, ids, mask)
    got = ours(exported / "onnx", ids, mask)
    if got.ndim == 3:  # positions of padding are nobody's
        got, want = got[:, -11:][mask.numpy() == 1], want[:, -11:][mask.numpy() == 1]
    error = float(np.abs(got - want).max()) if got.shape == want.shape else float("nan")
    good = not missing and not unexpected and error <= BOUND
    print(f"{name:28s} {len(missing):8d} {len(unexpected):11d} {error:11.1e}   {'ok' if good else 'WRONG'}", flush=True)
    for key in (missing + unexpected)[:3]:
        print("   ", key)
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", action="append", default=[])
    parser.add_argument("cases", nargs="*")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        make_data(folder)
        bert, gpt2 = make_model("bert", folder), make_model("gpt2", folder)
        cases = [(f"bert {m}", *bert, m, "SEQ_CLS", "pooler", "k, v") for m in METHODS]
        cases += [(f"bert-mean {m}", *bert, m, "SEQ_CLS", "mean", "k, v") for m in ("lora", "prefix", "prompt")]
        cases += [(f"gpt2 {m}", *gpt2, m, "CAUSAL_LM", "", "c_attn") for m in METHODS if m != "rslora"]
        for path in map(pathlib.Path, arguments.model):
            cases += [(f"{path.name} {m}", path.resolve(), path.resolve(), m, "CAUSAL_LM", "", "k, v") for m in METHODS]
        print(f"{'case':28s} {'missing':>8s} {'unexpected':>11s} {'logits':>11s}")
        results = []
        for name, hf, onnx, *rest in cases:
            if not arguments.cases or any(case in name for case in arguments.cases):
                try:
                    results.append(check(name, folder, hf, onnx, *rest))
                except Exception as error:  # one case that cannot be made must not hide the others
                    print(f"{name:28s} FAILED: {error}", flush=True)
                    results.append(False)
        print(f"{sum(results)} of {len(results)} agree within {BOUND:g}")
        sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
