#!/usr/bin/env python3
"""Makes the ONNX files in families/: one tiny transformer of each family that differs in structure, as exporters write it.

    python make_families.py                     # the files that are committed (JOBS)
    python make_families.py --sweep DIR         # every family x exporter x attention, into DIR, for a look by hand
    python make_families.py --sweep DIR --only bloom --opset 18

Needs what make_exports.py needs, whose helpers it uses. Java tests never run this.
"""
import argparse
import collections
import logging
import pathlib
import traceback
import warnings

import numpy as np
import onnx
import torch
import transformers

import make_exports as base

HERE = base.HERE / "families"
SIZES = {**base.SIZES, "hidden_size": 16, "intermediate_size": 32}
DECODER = dict(**SIZES, max_position_embeddings=64, use_cache=False)
GROUPED = dict(**DECODER, num_key_value_heads=2, head_dim=4)
TEXT = ["input_ids", "attention_mask"]
Family = collections.namedtuple("Family", "model config inputs head", defaults=(TEXT, None))

FAMILIES = {
    # Encoders
    "bert": Family("BertModel", lambda: dict(**SIZES, max_position_embeddings=64), base.INPUTS["bert"]),
    "albert": Family("AlbertModel", lambda: dict(**SIZES, embedding_size=8, max_position_embeddings=64)),
    "electra": Family("ElectraModel", lambda: dict(**SIZES, embedding_size=8, max_position_embeddings=64)),
    "mpnet": Family("MPNetModel", lambda: dict(**SIZES, max_position_embeddings=66, relative_attention_num_buckets=32)),
    "t5": Family("T5EncoderModel", lambda: dict(d_model=16, d_kv=4, d_ff=32, num_layers=2, num_heads=4, vocab_size=96,
                                                relative_attention_num_buckets=8, relative_attention_max_distance=16)),
    "umt5": Family("UMT5EncoderModel", lambda: dict(d_model=16, d_kv=4, d_ff=32, num_layers=2, num_heads=4, vocab_size=96,
                                                    feed_forward_proj="gated-gelu", relative_attention_num_buckets=8,
                                                    relative_attention_max_distance=16)),
    "deberta": Family("DebertaModel", lambda: dict(**SIZES, max_position_embeddings=64, relative_attention=True,
                                                   max_relative_positions=16, pos_att_type=["c2p", "p2c"])),
    "deberta-v2": Family("DebertaV2Model", lambda: dict(
        **SIZES, max_position_embeddings=64, relative_attention=True, position_buckets=8, norm_rel_ebd="layer_norm",
        share_att_key=True, pos_att_type=["p2c", "c2p"], position_biased_input=False)),
    "modernbert": Family("ModernBertModel", lambda: dict(
        **SIZES, max_position_embeddings=64, local_attention=8, global_attn_every_n_layers=2, pad_token_id=0, cls_token_id=1,
        sep_token_id=2, bos_token_id=1, eos_token_id=2, reference_compile=False)),
    "clip-text": Family("CLIPTextModel", lambda: dict(**SIZES, max_position_embeddings=64, eos_token_id=95, bos_token_id=94)),
    "squeezebert": Family("SqueezeBertModel", lambda: dict(**SIZES, embedding_size=16, max_position_embeddings=64)),
    "mobilebert": Family("MobileBertModel", lambda: dict(
        **SIZES, embedding_size=8, intra_bottleneck_size=8, max_position_embeddings=64)),
    "roformer": Family("RoFormerModel", lambda: dict(**SIZES, embedding_size=16, max_position_embeddings=64)),
    "xlm": Family("XLMModel", lambda: dict(emb_dim=16, n_layers=2, n_heads=4, vocab_size=96, max_position_embeddings=64)),
    "xlnet": Family("XLNetModel", lambda: dict(d_model=16, n_layer=2, n_head=4, d_inner=32, vocab_size=96, use_mems_eval=False)),
    "nomic-bert": Family("NomicBertModel", lambda: dict(**SIZES, max_position_embeddings=64)),
    "eurobert": Family("EuroBertModel", lambda: dict(**SIZES, max_position_embeddings=64, num_key_value_heads=2, pad_token_id=0)),
    "convbert": Family("ConvBertModel", lambda: dict(**SIZES, embedding_size=16, max_position_embeddings=64, conv_kernel_size=3)),
    # Decoders
    "opt": Family("OPTModel", lambda: dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=4, ffn_dim=32, vocab_size=96, max_position_embeddings=64,
        word_embed_proj_dim=16, use_cache=False), TEXT, "OPTForCausalLM"),
    "bloom": Family("BloomModel", lambda: dict(hidden_size=16, n_layer=2, n_head=4, vocab_size=96, use_cache=False), TEXT,
                    "BloomForCausalLM"),
    "mpt": Family("MptModel", lambda: dict(d_model=16, n_layers=2, n_heads=4, expansion_ratio=2, vocab_size=96, max_seq_len=64,
                                           use_cache=False), TEXT, "MptForCausalLM"),
    "gpt-neox": Family("GPTNeoXModel", lambda: dict(**DECODER, rotary_pct=0.5), TEXT, "GPTNeoXForCausalLM"),
    "gptj": Family("GPTJModel", lambda: dict(n_embd=16, n_layer=2, n_head=4, n_inner=32, vocab_size=96, n_positions=64,
                                             rotary_dim=2, use_cache=False), TEXT, "GPTJForCausalLM"),
    "gpt-neo": Family("GPTNeoModel", lambda: dict(
        hidden_size=16, num_layers=2, num_heads=4, intermediate_size=32, vocab_size=96, max_position_embeddings=64,
        attention_types=[[["global", "local"], 1]], window_size=4, use_cache=False), TEXT, "GPTNeoForCausalLM"),
    "gpt-bigcode": Family("GPTBigCodeModel", lambda: dict(n_embd=16, n_layer=2, n_head=4, n_inner=32, vocab_size=96,
                                                         n_positions=64, use_cache=False), TEXT, "GPTBigCodeForCausalLM"),
    "codegen": Family("CodeGenModel", lambda: dict(n_embd=16, n_layer=2, n_head=4, n_inner=32, vocab_size=96, n_positions=64,
                                                   n_ctx=64, rotary_dim=2, use_cache=False), TEXT, "CodeGenForCausalLM"),
    "falcon": Family("FalconModel", lambda: dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=4, vocab_size=96, ffn_hidden_size=32, use_cache=False), TEXT,
        "FalconForCausalLM"),
    "falcon-new": Family("FalconModel", lambda: dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=4, vocab_size=96, ffn_hidden_size=32, use_cache=False,
        new_decoder_architecture=True, num_kv_heads=2), TEXT, "FalconForCausalLM"),
    "falcon-alibi": Family("FalconModel", lambda: dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=4, vocab_size=96, ffn_hidden_size=32, use_cache=False,
        alibi=True, parallel_attn=False, multi_query=False), TEXT, "FalconForCausalLM"),
    "phi": Family("PhiModel", lambda: dict(**DECODER, partial_rotary_factor=0.5), TEXT, "PhiForCausalLM"),
    "phi3": Family("Phi3Model", lambda: dict(**DECODER, num_key_value_heads=2, pad_token_id=0, sliding_window=4), TEXT,
                   "Phi3ForCausalLM"),
    "qwen2": Family("Qwen2Model", lambda: dict(**GROUPED), TEXT, "Qwen2ForCausalLM"),
    "qwen3": Family("Qwen3Model", lambda: dict(**GROUPED), TEXT, "Qwen3ForCausalLM"),
    "gemma": Family("GemmaModel", lambda: dict(**GROUPED), TEXT, "GemmaForCausalLM"),
    "gemma2": Family("Gemma2Model", lambda: dict(**GROUPED, sliding_window=4, query_pre_attn_scalar=4), TEXT, "Gemma2ForCausalLM"),
    "gemma3": Family("Gemma3TextModel", lambda: dict(**GROUPED, sliding_window=4, query_pre_attn_scalar=4), TEXT, "Gemma3ForCausalLM"),
    "mistral": Family("MistralModel", lambda: dict(**GROUPED, sliding_window=4), TEXT, "MistralForCausalLM"),
    "stablelm": Family("StableLmModel", lambda: dict(**DECODER, partial_rotary_factor=0.5, use_parallel_residual=True, num_key_value_heads=4), TEXT,
                       "StableLmForCausalLM"),
    "cohere": Family("CohereModel", lambda: dict(**DECODER, num_key_value_heads=2, logit_scale=0.5), TEXT, "CohereForCausalLM"),
    "olmo2": Family("Olmo2Model", lambda: dict(**DECODER), TEXT, "Olmo2ForCausalLM"),
    "starcoder2": Family("Starcoder2Model", lambda: dict(**DECODER, num_key_value_heads=2, sliding_window=4), TEXT,
                         "Starcoder2ForCausalLM"),
    "granite": Family("GraniteModel", lambda: dict(**DECODER, num_key_value_heads=2, attention_multiplier=0.3,
                                                   residual_multiplier=0.5), TEXT, "GraniteForCausalLM"),
    "glm": Family("GlmModel", lambda: dict(**GROUPED, pad_token_id=0), TEXT, "GlmForCausalLM"),
    "smollm3": Family("SmolLM3Model", lambda: dict(**DECODER, num_key_value_heads=2, pad_token_id=0), TEXT, "SmolLM3ForCausalLM"),
    "xglm": Family("XGLMModel", lambda: dict(d_model=16, num_layers=2, attention_heads=4, ffn_dim=32, vocab_size=96,
                                             max_position_embeddings=64, use_cache=False), TEXT, "XGLMForCausalLM"),
    # Images
    "deit": Family("DeiTModel", lambda: dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32,
                                             image_size=16, patch_size=4), ["pixel_values"]),
    "dinov2": Family("Dinov2Model", lambda: dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=4, mlp_ratio=2,
                                                 image_size=16, patch_size=4), ["pixel_values"]),
    "beit": Family("BeitModel", lambda: dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32, image_size=16, patch_size=4,
        use_relative_position_bias=True), ["pixel_values"]),
    "siglip-vision": Family("SiglipVisionModel", lambda: dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32, image_size=16, patch_size=4),
        ["pixel_values"]),
    "clip-vision": Family("CLIPVisionModel", lambda: dict(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32, image_size=16, patch_size=4),
        ["pixel_values"]),
}
NO_POOLER = {"SiglipVisionModel": dict(vision_use_head=False)}


def build(name, attention, head):
    """A model in evaluation mode, redrawn as make_exports does."""
    family = FAMILIES[name]
    cls = getattr(transformers, family.head if head else family.model)
    config = cls.config_class(attn_implementation=attention, **family.config(), **NO_POOLER.get(family.model, {}))
    torch.manual_seed(7)
    try:
        model = cls(config, **({} if head else {"add_pooling_layer": False})).eval()
    except TypeError:
        model = cls(config).eval()
    base.redraw(model, 2000 + list(FAMILIES).index(name))
    return model


def batch(inputs, rows, length, seed):
    if inputs == ["pixel_values"]:
        return base.batch("vit", rows, length, seed)
    feed, mask = base.batch("bert", rows, length, seed)
    return {name: feed[name] for name in inputs}, mask


def check(path, model, inputs, outputs, shapes):
    worst, run = 0.0, base.session(str(path))
    for seed, (rows, length) in enumerate(shapes):
        feed, mask = batch(inputs, rows, length, 100 + seed)
        got = run.run(None, {i.name: feed[i.name] for i in run.get_inputs()})
        with torch.no_grad():
            want = model(*(torch.from_numpy(feed[n]) for n in inputs))
        for name, g, w in zip(outputs, got, want):
            w = w.float().numpy()
            assert g.shape == w.shape and np.isfinite(g).all(), (path, name, g.shape, w.shape)
            keep = mask == 1 if mask is not None and w.ndim == 3 else slice(None)
            worst = max(worst, float(np.abs(g.astype(np.float32)[keep] - w[keep]).max()))
            assert w[keep].std() > 0.02, (path, name, "degenerate")
    return worst


def export(folder, name, exporter, attention, opset, head=False, half=False):
    suffix = ("-lm" if head else "") + ("-fp16" if half else "")
    path = folder / f"{name}-{exporter}-{attention}-opset{opset}{suffix}.onnx"
    inputs = FAMILIES[name].inputs
    model = build(name, attention, head)
    outputs = ["logits"] if head else ["last_hidden_state"]
    base.patch_forward(model, inputs, outputs)
    feed, _ = batch(inputs, 2, 7, 1)
    args = tuple(torch.from_numpy(feed[n]) for n in inputs)
    common = dict(input_names=inputs, output_names=outputs, opset_version=opset)
    image = inputs == ["pixel_values"]
    exported = model.half() if half else model
    if half and image:
        args = tuple(a.half() for a in args)
    if exporter == "torchscript":
        axes = {n: {0: "batch"} if image else {0: "batch", 1: "sequence"} for n in inputs + outputs}
        # Below opset 10 Slice takes no computed bounds, so that one shape is all a file can be for.
        axes = {} if opset < 10 else axes
        torch.onnx.export(exported, args, str(path), dynamo=False, do_constant_folding=True, dynamic_axes=axes, **common)
    else:
        sizes = {0: torch.export.Dim("batch")} if image else \
            {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence", max=64)}
        torch.onnx.export(exported, args, str(path), dynamo=True, external_data=False, verbose=False,
                          dynamic_shapes={n: dict(sizes) for n in inputs}, **common)
        base.trim(path, {base.NAME_SCOPES})
    shapes = [(3, 9), (5, 23), (1, 4)]
    if opset < 10:
        shapes = [(2, 7), (2, 7)]
    elif opset >= 23:  # ONNX Runtime's RotaryEmbedding takes the exporters' angles for one row only.
        shapes = [(1, 9), (1, 23)]
    error = check(path, model.float(), inputs, outputs, shapes)
    print(f"{path.name}: {path.stat().st_size} bytes, largest difference {error:.1e}", flush=True)
    assert error < (2e-2 if half else base.TOLERANCE), (path, error)


# name, exporter, attention, opset, with its language-model head, in float16
JOBS = [
    ("bert", "torchscript", "eager", 9),
    ("bert", "dynamo", "sdpa", 23),
    ("albert", "torchscript", "sdpa", 17),
    ("mpnet", "torchscript", "eager", 17),
    ("t5", "dynamo", "eager", 18, False, True),
    ("deberta", "dynamo", "eager", 18),
    ("deberta-v2", "torchscript", "eager", 17),
    ("modernbert", "torchscript", "eager", 14),
    ("opt", "torchscript", "eager", 11, True),
    ("bloom", "torchscript", "eager", 17, True),
    ("gpt-neox", "dynamo", "eager", 18),
    ("gptj", "torchscript", "eager", 17),
    ("falcon", "dynamo", "eager", 18),
    ("falcon-new", "dynamo", "sdpa", 20),
    ("phi", "dynamo", "sdpa", 23),
    ("phi3", "dynamo", "sdpa", 20),
    ("qwen2", "torchscript", "sdpa", 17, False, True),
    ("qwen2", "dynamo", "sdpa", 23, True),
    ("gemma2", "dynamo", "eager", 18),
    ("xglm", "torchscript", "eager", 17),
    ("dinov2", "torchscript", "sdpa", 17),
]


def sweep(folder, only, opsets, exporters, attentions, head, half):
    folder.mkdir(parents=True, exist_ok=True)
    for name in FAMILIES:
        if only and name not in only.split(","):
            continue
        for exporter in exporters:
            for attention in attentions:
                for opset in opsets or ([17] if exporter == "torchscript" else [18 if attention == "eager" else 20]):
                    try:
                        export(folder, name, exporter, attention, opset, head and FAMILIES[name].head is not None, half)
                    except Exception as e:  # noqa: BLE001 - a sweep reports and goes on
                        text = (str(e).strip() or traceback.format_exc()).splitlines()
                        print(f"FAILED {name}-{exporter}-{attention}-opset{opset}: {type(e).__name__}: {text[0][:200]}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sweep", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--opset", type=int, nargs="*")
    parser.add_argument("--exporter", nargs="*", default=["torchscript", "dynamo"])
    parser.add_argument("--attention", nargs="*", default=["eager", "sdpa"])
    parser.add_argument("--head", action="store_true")
    parser.add_argument("--half", action="store_true")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    if arguments.sweep:
        sweep(arguments.sweep, arguments.only, arguments.opset, arguments.exporter, arguments.attention, arguments.head,
              arguments.half)
        return
    HERE.mkdir(exist_ok=True)
    for job in JOBS:
        if arguments.only in "-".join(map(str, job)):
            export(HERE, *job)


if __name__ == "__main__":
    main()
