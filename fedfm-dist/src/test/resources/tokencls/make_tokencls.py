#!/usr/bin/env python3
"""Makes the .npz files here: token classification on the BERT of ../peft, as transformers and the PEFT library compute it.

    python make_tokencls.py

Needs torch, transformers, peft, onnx and onnxruntime, like ../peft/make_peft.py. Java tests never run this.
"""
import pathlib
import sys
import warnings

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peft"))
import make_peft  # noqa: E402
import peft  # noqa: E402
from transformers import BertForTokenClassification  # noqa: E402

CLASSES = 5
CASES = {
    "lora": lambda: peft.LoraConfig(task_type="TOKEN_CLS", r=4, lora_alpha=8, target_modules=["query", "value"]),
    "prompt": lambda: peft.PromptTuningConfig(task_type="TOKEN_CLS", num_virtual_tokens=3),
}


def model():
    """A classifier of tokens over the encoder that ../peft/models/bert/model.onnx holds."""
    base = make_peft.backbone("bert")
    config = base.config
    config.num_labels = CLASSES
    tokens = BertForTokenClassification(config).eval()
    missing, unexpected = tokens.bert.load_state_dict(base.bert.state_dict(), strict=False)
    assert not missing and all(name.startswith("pooler.") for name in unexpected)
    return tokens


def main():
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    for number, (name, config) in enumerate(CASES.items()):
        config = config()
        trained = peft.get_peft_model(model(), config).eval()
        parameters = [(n, p) for n, p in trained.named_parameters() if p.requires_grad]
        make_peft.redraw(parameters, 40 + number, 0.3)
        ids, mask, _ = make_peft.batch(None, "bert")
        rng = np.random.RandomState(6)
        labels = np.where((mask.numpy() == 1) & (rng.rand(*ids.shape) < 0.7), rng.randint(0, CLASSES, ids.shape), -100)
        # Labels of virtual tokens are the caller's business in the PEFT library.
        given = labels
        if config.is_prompt_learning:
            virtual = np.full((len(labels), config.num_virtual_tokens), -100)
            given = np.concatenate([virtual, labels], axis=1)
        result = trained(input_ids=ids, attention_mask=mask, labels=torch.from_numpy(given))
        result.loss.backward()
        arrays = dict(ids=ids.numpy(), mask=mask.numpy(), labels=labels, loss=result.loss.detach().numpy(),
                      logits=result.logits.detach().numpy())
        for n, p in parameters:
            short = "prompt_embeddings" if "prompt_encoder" in n else n.replace(".default", "").replace("modules_to_save.", "")
            short = short.removeprefix("base_model.").removeprefix("model.").removeprefix("bert.")
            short = short.replace("lora_A.weight", "lora_A").replace("lora_B.weight", "lora_B")
            arrays[short] = p.detach().numpy()
            arrays[f"grad.{short}"] = p.grad.numpy()
        make_peft.save(HERE / f"{name}.npz", arrays)
        print(name, f"loss {result.loss.item():.4f}", {k: v.shape for k, v in sorted(arrays.items())})


if __name__ == "__main__":
    main()
