#!/usr/bin/env python3
"""Writes loraplus.json beside this file: ten steps of AdamW as peft.optimizers.create_loraplus_optimizer makes it.

Two LoRA layers, as the vector of their A, B, A, B would be; the gradients are given. Only the first layer's B is called
lora_B, so that the vector has three stretches. Needs torch and peft.

    python3 generate_loraplus.py
"""
import json
import pathlib

import peft
import torch
from peft.optimizers import create_loraplus_optimizer

torch.manual_seed(11)
STEPS, SIZE = 10, 6
CONFIG = {"lr": 0.01, "weight_decay": 0.1, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "ratio": 16.0}
NAMES = ["a", "lora_B", "c", "d"]


class Vector(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.nn.ParameterDict({name: torch.nn.Parameter(torch.randn(1, SIZE)) for name in NAMES})


model = torch.nn.ModuleDict({"layer": Vector()})
parameters = [model["layer"].inner[name] for name in NAMES]
optimizer = create_loraplus_optimizer(model, torch.optim.AdamW, lr=CONFIG["lr"], loraplus_lr_ratio=CONFIG["ratio"],
                                      loraplus_weight_decay=CONFIG["weight_decay"], eps=CONFIG["epsilon"],
                                      betas=(CONFIG["beta1"], CONFIG["beta2"]))


def flat(tensors):
    return torch.cat([t.detach().flatten() for t in tensors]).tolist()


start = flat(parameters)
gradients, after = [], []
for _ in range(STEPS):
    for parameter in parameters:
        parameter.grad = torch.randn(1, SIZE)
    gradients.append(flat([p.grad for p in parameters]))
    optimizer.step()
    after.append(flat(parameters))

pathlib.Path(__file__).with_name("loraplus.json").write_text(json.dumps({
    "torch": torch.__version__, "peft": peft.__version__, "config": CONFIG, "start": start, "gradients": gradients,
    "after": after}) + "\n")
