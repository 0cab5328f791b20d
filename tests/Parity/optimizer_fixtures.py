"""Parameters after each step of every optimizer, learning rates of every schedule, norms before clipping."""

import torch
from torch import optim

from fixture import save

GRADIENTS = [(0.5, -0.1), (0.3, 0.4), (-0.2, 0.0), (0.1, 1.0), (0.0, -0.5), (-1.5, 0.25), (0.7, 0.7), (1e-3, -2.0)]

STEPS = [
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9}), ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}), ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1}), ("SGD", {"lr": 0.1, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "maximize": True}),
    ("Adam", {"lr": 0.1}), ("Adam", {"lr": 0.1, "weight_decay": 0.1}), ("Adam", {"lr": 0.1, "amsgrad": True}), ("Adam", {"lr": 0.1, "maximize": True}),
    ("Adam", {"lr": 0.01, "betas": [0.8, 0.99], "eps": 1e-6}),
    ("AdamW", {"lr": 0.1}), ("AdamW", {"lr": 0.1, "weight_decay": 0.1, "amsgrad": True}),
    ("RMSprop", {"lr": 0.1}), ("RMSprop", {"lr": 0.1, "centered": True, "momentum": 0.9, "weight_decay": 0.1}), ("Adagrad", {"lr": 0.1}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1}), ("Adadelta", {"lr": 1.0}), ("Adamax", {"lr": 0.1}), ("NAdam", {"lr": 0.1}), ("RAdam", {"lr": 0.1}),
    ("Rprop", {"lr": 0.1}), ("Rprop", {"lr": 0.3, "etas": [0.4, 1.5], "step_sizes": [0.05, 0.35], "maximize": True}), ("ASGD", {"lr": 0.1}),
    ("ASGD", {"lr": 0.1, "lambd": 0.1, "alpha": 0.5, "t0": 3, "weight_decay": 0.1}),
]

SCHEDULES = [
    ("StepLR", {"step_size": 3, "gamma": 0.1}), ("MultiStepLR", {"milestones": [2, 5], "gamma": 0.5}), ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 4, "eta_min": 0.1}), ("LinearLR", {"start_factor": 1 / 3, "total_iters": 5}), ("ConstantLR", {"factor": 1 / 3, "total_iters": 5}),
    ("PolynomialLR", {"total_iters": 4, "power": 2.0}), ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2}), ("CyclicLR", {"base_lr": 0.1, "max_lr": 1.0, "step_size_up": 3, "cycle_momentum": False}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4, "eta_min": 0.1}), ("SequentialLR", {"milestones": [4, 8]}),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 12, "cycle_momentum": False}),
]

cases = []
for dtype in (torch.float64, torch.float32):
    for name, options in STEPS:
        parameter = torch.tensor([1.0, -2.0], dtype=dtype, requires_grad=True)
        # PyTorch keeps the rate of ASGD in the default type: 32 bits would be seen in parameters of 64.
        torch.set_default_dtype(torch.float64 if name == "ASGD" else torch.float32)
        optimizer = getattr(optim, name)([parameter], **options)
        after = []
        for gradient in GRADIENTS:
            parameter.grad = torch.tensor(gradient, dtype=dtype)
            optimizer.step()
            after.append(parameter.detach().double().tolist())
        cases.append({"kind": "steps", "name": name, "dtype": str(dtype).removeprefix("torch."), "options": options, "after": after})

torch.set_default_dtype(torch.float32)
for name, options in SCHEDULES:
    parameter = torch.zeros(1, requires_grad=True)
    parameter.grad = torch.zeros(1)
    optimizer = optim.SGD([parameter], lr=1.0)
    if name == "SequentialLR":
        parts = [optim.lr_scheduler.LinearLR(optimizer, 0.25, total_iters=3), optim.lr_scheduler.StepLR(optimizer, 2, 0.5),
                 optim.lr_scheduler.ExponentialLR(optimizer, 0.9)]
        schedule = optim.lr_scheduler.SequentialLR(optimizer, parts, **options)
    else:
        schedule = getattr(optim.lr_scheduler, name)(optimizer, **options)
    rates = []
    for _ in range(12):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(rates) < 12:
            schedule.step()
    cases.append({"kind": "rates", "name": name, "options": options, "rates": rates})

for gradients, limit, norm in [
    ([[3.0, 4.0]], 1.0, 2.0), ([[0.3, 0.4]], 1.0, 2.0), ([[3.0, 4.0], [0.0, 12.0]], 2.0, 2.0), ([[3.0, -4.0]], 1.0, float("inf")), ([[3.0, -4.0]], 1.0, 1.0), ([[1.0, 2.0], [2.0, 3.0]], 1.5, 3.0),
]:
    parameters = [torch.zeros(2, dtype=torch.float64, requires_grad=True) for _ in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
    total = torch.nn.utils.clip_grad_norm_(parameters, limit, norm)
    cases.append({"kind": "clip", "gradients": gradients, "max_norm": limit, "norm_type": "inf" if norm == float("inf") else norm, "total": float(total),
                  "clipped": [parameter.grad.tolist() for parameter in parameters]})

save("optimizers", cases)
