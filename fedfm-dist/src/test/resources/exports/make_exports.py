#!/usr/bin/env python3
"""Makes the ONNX files in this folder: tiny transformers with random weights, as the exporters of the field write them.

    python make_exports.py            # all files, then the tables of README.md
    python make_exports.py --check    # make nothing, print the tables of what is there

Needs torch, transformers, onnx, onnxscript and onnxruntime (versions in README.md). Java tests never run this.
"""
import argparse
import collections
import logging
import pathlib
import re
import types
import warnings

import numpy as np
import onnx
import onnxruntime as ort
import torch
import transformers
from onnx import TensorProto, helper
from transformers import (
    BertConfig, BertForSequenceClassification, BertModel, DistilBertConfig, DistilBertModel, GPT2Config,
    GPT2LMHeadModel, GPT2Model, LlamaConfig, LlamaForCausalLM, LlamaModel, RobertaConfig, RobertaModel, ViTConfig,
    ViTForImageClassification, ViTModel)

HERE = pathlib.Path(__file__).resolve().parent
SIZES = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, vocab_size=96)
TORCHSCRIPT_OPSET = 17
DYNAMO_OPSET = {"eager": 18, "sdpa": 20}
NAME_SCOPES = "pkg.torch.onnx.name_scopes"
TOLERANCE = 1e-4

# Pad ids are those of the released checkpoints; RoBERTa counts positions from pad + 1, hence 66 for 64 tokens.
CONFIGS = {
    "bert": lambda **kw: BertConfig(**SIZES, max_position_embeddings=64, **kw),
    "roberta": lambda **kw: RobertaConfig(**SIZES, max_position_embeddings=66, type_vocab_size=1, **kw),
    "distilbert": lambda **kw: DistilBertConfig(dim=32, n_layers=2, n_heads=4, hidden_dim=64, vocab_size=96,
                                                max_position_embeddings=64, **kw),
    "gpt2": lambda **kw: GPT2Config(n_embd=32, n_layer=2, n_head=4, n_inner=64, vocab_size=96, n_positions=64,
                                    bos_token_id=0, eos_token_id=0, use_cache=False, **kw),
    "llama": lambda **kw: LlamaConfig(**SIZES, num_key_value_heads=2, max_position_embeddings=64, use_cache=False, **kw),
    "vit": lambda **kw: ViTConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
                                  image_size=16, patch_size=4, num_labels=5, **kw),
}
# What each attention variant exports, so that bare models and heads are both covered.
CLASSES = {
    ("bert", "eager"): BertModel, ("bert", "sdpa"): BertModel,
    ("roberta", "eager"): RobertaModel, ("roberta", "sdpa"): RobertaModel,
    ("distilbert", "eager"): DistilBertModel, ("distilbert", "sdpa"): DistilBertModel,
    ("gpt2", "eager"): GPT2Model, ("gpt2", "sdpa"): GPT2LMHeadModel,
    ("llama", "eager"): LlamaModel, ("llama", "sdpa"): LlamaForCausalLM,
    ("vit", "eager"): ViTModel, ("vit", "sdpa"): ViTForImageClassification,
}
INPUTS = {"bert": ["input_ids", "attention_mask", "token_type_ids"], "vit": ["pixel_values"]}
TEXT_INPUTS = ["input_ids", "attention_mask"]


def redraw(model, seed):
    """Draws every parameter again, from the seed alone."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            if name.endswith("bias"):
                p.copy_(0.1 * noise)
            elif re.search(r"(norm|ln_\w+)\w*\.weight$", name, re.IGNORECASE):
                p.copy_(1 + 0.2 * noise.clamp(-3, 3))
            else:
                p.copy_(0.15 * noise)


def build(cls, family, attention, seed, **config):
    """A model in evaluation mode, every parameter redrawn so that none is degenerate and no two are equal."""
    config = CONFIGS[family](attn_implementation=attention, **config)
    pooler = {} if cls not in (RobertaModel, ViTModel) else {"add_pooling_layer": False}
    torch.manual_seed(seed)
    model = cls(config, **pooler).eval()
    redraw(model, seed)
    return model


def output_names(model):
    if hasattr(model.config, "num_labels") and type(model).__name__.endswith(("Classification", "LMHeadModel", "CausalLM")):
        return ["logits"]
    return ["last_hidden_state", "pooler_output"] if isinstance(model, BertModel) and model.pooler else ["last_hidden_state"]


def patch_forward(model, inputs, outputs):
    """Gives the instance a forward with plain tensors in and out, as optimum does; no wrapper, so names stay the user's."""
    original = type(model).forward

    def forward(self, *args):
        result = original(self, **dict(zip(inputs, args)), return_dict=True)
        return tuple(result[name] for name in outputs)

    def with_names():  # exporters read the argument names from the signature
        namespace = {"_forward": forward}
        exec(f"def forward(self, {', '.join(inputs)}):\n    return _forward(self, {', '.join(inputs)})", namespace)
        return namespace["forward"]

    model.forward = types.MethodType(with_names(), model)


def batch(family, rows, length, seed):
    """Random inputs; row i of a text batch is padded on the right by i tokens (twice that for odd rows), the first not at all."""
    rng = np.random.RandomState(seed)
    if family == "vit":
        return {"pixel_values": rng.randn(rows, 3, 16, 16).astype(np.float32)}, None
    pad = 1 if family == "roberta" else 0
    ids = rng.randint(5, 96, (rows, length))
    mask = np.ones((rows, length), np.int64)
    for row in range(rows):
        mask[row, length - min(length - 1, row * (1 + row % 2)):] = 0
    mask[0] = 1
    feed = {"input_ids": np.where(mask == 1, ids, pad).astype(np.int64), "attention_mask": mask}
    if family == "bert":
        feed["token_type_ids"] = (rng.rand(rows, length) < 0.4).astype(np.int64) * mask
    return feed, mask


def session(model):
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def check(path, model, family, outputs):
    """Compares ONNX Runtime with PyTorch on three batches the export has not seen, at unpadded positions."""
    worst = 0.0
    run = session(str(path))
    names = [i.name for i in run.get_inputs()]
    assert [o.name for o in run.get_outputs()] == outputs, (path, [o.name for o in run.get_outputs()])
    for seed, (rows, length) in enumerate([(3, 9), (5, 23), (1, 4)]):
        feed, mask = batch(family, rows, length, 100 + seed)
        assert sorted(names) == sorted(feed), (path, names)
        got = run.run(None, feed)
        with torch.no_grad():
            want = model(*(torch.from_numpy(feed[n]) for n in INPUTS.get(family, TEXT_INPUTS)))
        for name, g, w in zip(outputs, got, want):
            w = w.numpy()
            assert g.shape == w.shape and np.isfinite(g).all(), (path, name, g.shape, w.shape)
            keep = mask == 1 if mask is not None and w.ndim == 3 else slice(None)
            worst = max(worst, float(np.abs(g[keep] - w[keep]).max()))
            assert w[keep].std() > 0.05, (path, name, "degenerate")
    assert worst < TOLERANCE, (path, worst)
    return worst


def trim(path, keep):
    """Keeps a dynamo file small: of what torch notes beside each node (source lines and paths of this machine, the
    traced program, class names) only the named entries stay. Nodes, names, weights and shapes are untouched."""
    model = onnx.load(path)
    graph = model.graph
    for item in (graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer):
        kept = [p for p in item.metadata_props if p.key in keep]
        del item.metadata_props[:]
        item.metadata_props.extend(kept)
    onnx.save(model, path)


def export(name, cls, family, attention, exporter, opset, seed, **config):
    path = HERE / f"{name}.onnx"
    inputs, model = INPUTS.get(family, TEXT_INPUTS), build(cls, family, attention, seed, **config)
    outputs = output_names(model)
    patch_forward(model, inputs, outputs)
    feed, _ = batch(family, 2, 7, 1)
    args = tuple(torch.from_numpy(feed[n]) for n in inputs)
    common = dict(input_names=inputs, output_names=outputs, opset_version=opset)
    if exporter == "torchscript":
        axes = {n: {0: "batch"} if family == "vit" else {0: "batch", 1: "sequence"} for n in inputs}
        for n in outputs:
            per_row = family == "vit" or n == "pooler_output" or cls is BertForSequenceClassification
            axes[n] = {0: "batch"} if per_row else {0: "batch", 1: "sequence"}
        torch.onnx.export(model, args, str(path), dynamo=False, do_constant_folding=True, dynamic_axes=axes, **common)
    else:
        sizes = {0: torch.export.Dim("batch")} if family == "vit" else \
            {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence", max=64)}
        torch.onnx.export(model, args, str(path), dynamo=True, external_data=False, verbose=False,
                          dynamic_shapes={n: dict(sizes) for n in inputs}, **common)
        trim(path, {NAME_SCOPES, "namespace"} if attention == "eager" else {NAME_SCOPES})
    error = check(path, model, family, outputs)
    print(f"{path.name}: {path.stat().st_size} bytes, largest difference {error:.1e}", flush=True)


def optimise():
    """Graphs as ONNX Runtime's two optimisers leave them: com.microsoft nodes a rewriter has to refuse."""
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions

    source = HERE / "bert-torchscript-eager.onnx"
    fused = optimizer.optimize_model(str(source), model_type="bert", num_heads=4, hidden_size=32, opt_level=1,
                                     optimization_options=FusionOptions("bert"))
    onnx.save(fused.model, HERE / "bert-optimised.onnx")
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(HERE / "bert-optimised-session.onnx")
    ort.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
    feed, mask = batch("bert", 3, 9, 100)
    want = session(str(source)).run(None, feed)
    for target in (HERE / "bert-optimised.onnx", HERE / "bert-optimised-session.onnx"):
        contrib = {n.op_type for n in onnx.load(target).graph.node if n.domain == "com.microsoft"}
        error = float(np.abs(want[0] - session(str(target)).run(None, feed)[0])[mask == 1].max())
        print(f"{target.name}: {target.stat().st_size} bytes, largest difference {error:.1e}, {sorted(contrib)}")
        assert error < TOLERANCE and contrib


def escape():
    """y = x W where W claims to lie in a file outside the model's folder; the file itself is not shipped."""
    weight = TensorProto(name="weight", data_type=TensorProto.FLOAT, dims=[4, 3], data_location=TensorProto.EXTERNAL)
    for key, value in {"location": "../outside.bin", "offset": "0", "length": "48"}.items():
        weight.external_data.add(key=key, value=value)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "weight"], ["y"], name="/linear/MatMul")], "escape",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 3])], [weight])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="fedfm")
    (HERE / "external-escape.onnx").write_bytes(model.SerializeToString(deterministic=True))


def float_path(model):
    """Operators that a gradient could cross: from the embedding look-up (or patch convolution) to an output."""
    model = onnx.shape_inference.infer_shapes(model, data_prop=True)
    kinds = {v.name: v.type.tensor_type.elem_type for v in
             [*model.graph.value_info, *model.graph.input, *model.graph.output]}
    kinds.update({t.name: t.data_type for t in model.graph.initializer})
    weights = {t.name for t in model.graph.initializer if t.data_type == TensorProto.FLOAT and len(t.dims) >= 2}
    live, nodes = set(), []
    for node in model.graph.node:
        start = node.op_type in ("Gather", "Conv") and (weights & set(node.input)) and not node.input[0] in live
        if node.op_type != "Shape" and (start or live & set(node.input)):
            outputs = [o for o in node.output if kinds.get(o, TensorProto.FLOAT) in (TensorProto.FLOAT, TensorProto.BOOL)]
            live.update(outputs)
            if outputs and not start:
                nodes.append(node)
    needed, ops = {o.name for o in model.graph.output}, set()
    for node in reversed(nodes):
        if needed & set(node.output):
            needed.update(node.input)
            ops.add(node.op_type)
    return ops


def qualified(node):
    return f"{node.domain}:{node.op_type}" if node.domain else node.op_type


def tables():
    """Prints the tables that README.md carries."""
    every = {}
    for path in sorted(HERE.glob("*.onnx")):
        model = onnx.load(path, load_external_data=False)
        counts = collections.Counter(qualified(n) for n in model.graph.node)
        opset = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
        every[path.stem] = (opset, counts, float_path(model))
        print(f"| `{path.name}` | {opset} | {len(model.graph.node)} | "
              + ", ".join(f"{op} {n}" for op, n in sorted(counts.items())) + " |")
    for exporter in ("torchscript", "dynamo"):
        names = [n for n in every if re.fullmatch(rf"\w+-{exporter}-(eager|sdpa)", n)]
        on = set().union(*(every[n][2] for n in names))
        off = set().union(*(every[n][1] for n in names)) - on
        print(f"\n{exporter}, {len(names)} files\n  on the path: {', '.join(sorted(on))}\n  only off it: {', '.join(sorted(off))}")
    total = sum(p.stat().st_size for p in HERE.glob("*.onnx"))
    print(f"\n{len(every)} files, {total} bytes")
    assert total < 4e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--only", default="", help="make only files whose name contains this")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    if not arguments.tables:
        jobs = [(f"{family}-{exporter}-{attention}", cls, family, attention, exporter,
                 TORCHSCRIPT_OPSET if exporter == "torchscript" else DYNAMO_OPSET[attention])
                for (family, attention), cls in CLASSES.items() for exporter in ("torchscript", "dynamo")]
        jobs += [(f"bert-torchscript-eager-opset{v}", BertModel, "bert", "eager", "torchscript", v) for v in (11, 14)]
        jobs += [("bert-torchscript-seqcls", BertForSequenceClassification, "bert", "sdpa", "torchscript", 17)]
        families = list(CONFIGS)
        for job in jobs:
            if arguments.only in job[0]:
                extra = {"num_labels": 3} if "seqcls" in job[0] else {}
                export(*job, seed=1000 + families.index(job[2]), **extra)
        optimise()
        escape()
    tables()


if __name__ == "__main__":
    main()
