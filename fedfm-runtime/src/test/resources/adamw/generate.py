#!/usr/bin/env python3
"""Writes adamw.json beside this file: ten steps of torch.optim.AdamW with clip_grad_norm_ before each.

The gradients are given, so that nothing but the optimizer and the clipping is compared. Needs torch.

    python3 generate.py
"""
import json
import pathlib

import torch

torch.manual_seed(7)
STEPS, SIZE = 10, 37
CONFIG = {"lr": 0.01, "weight_decay": 0.1, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "max_norm": 5.0}

start = torch.randn(SIZE)
# Norms on both sides of the clipping threshold.
gradients = [torch.randn(SIZE) * (0.2 if step % 2 else 3.0) for step in range(STEPS)]

parameter = torch.nn.Parameter(start.clone())
optimizer = torch.optim.AdamW([parameter], lr=CONFIG["lr"], weight_decay=CONFIG["weight_decay"],
                              betas=(CONFIG["beta1"], CONFIG["beta2"]), eps=CONFIG["epsilon"])
clipped, after = [], []
for gradient in gradients:
    parameter.grad = gradient.clone()
    torch.nn.utils.clip_grad_norm_([parameter], CONFIG["max_norm"])
    clipped.append(parameter.grad.tolist())
    optimizer.step()
    after.append(parameter.detach().tolist())

pathlib.Path(__file__).with_name("adamw.json").write_text(json.dumps({
    "torch": torch.__version__, "config": CONFIG, "start": start.tolist(),
    "gradients": [g.tolist() for g in gradients], "clipped": clipped, "after": after}) + "\n")
