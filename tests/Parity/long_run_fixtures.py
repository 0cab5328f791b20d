"""200 steps of every optimizer in float64, the rates and momenta of every schedule over 200 steps, averaged models.

What PyTorch 1.13 does not have (or has with a fault that version 2 mended: NAdam) is a float64 reference of the paper's pseudo-code, written
below with numpy and named as such: Lion (Chen et al. 2023, algorithm 2), Adafactor (Shazeer and Stern 2018, algorithms 4 and 5, with the
defaults of torch.optim.Adafactor), Muon (Jordan et al. 2024, with the coefficients given there), NAdam (Dozat 2016, algorithm 2, with the
schedule of momenta of torch.optim.NAdam in PyTorch 2).
"""

import math

import numpy as np
import torch
from torch import nn, optim
from torch.optim import lr_scheduler, swa_utils

from fixture import save

STEPS, SEEN = 200, (1, 2, 10, 50, 100, 200)
START = [math.cos(1.3 * i) for i in range(12)]


def gradient(p, t):
    """Pulls each number after a goal of its own that moves."""
    return 0.5 * (p - np.sin(0.37 * t + np.arange(p.size).reshape(p.shape)))


def rows(g, t):
    """Only some rows have a gradient."""
    g = g.copy()
    g[(t % 4), :] = 0
    if t % 3 == 0:
        g[(t + 2) % 4, :] = 0
    return g


TORCH = [
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}), ("SGD", {"lr": 0.05, "momentum": 0.5, "dampening": 0.3, "maximize": True}),
    ("Adam", {"lr": 0.05, "amsgrad": True}), ("Adam", {"lr": 0.05, "weight_decay": 0.1}), ("AdamW", {"lr": 0.05, "weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.01, "centered": True, "momentum": 0.9, "weight_decay": 0.1}), ("Adagrad", {"lr": 0.1, "lr_decay": 0.01}),
    ("Adadelta", {"lr": 1.0, "rho": 0.8}), ("Adamax", {"lr": 0.05, "weight_decay": 0.1}), ("RAdam", {"lr": 0.05}), ("Rprop", {"lr": 0.05}),
    ("ASGD", {"lr": 0.1, "lambd": 0.01, "t0": 100}), ("SparseAdam", {"lr": 0.05}),
]

cases = []
torch.set_default_dtype(torch.float64)
for name, options in TORCH:
    p = torch.tensor(START).reshape(4, 3).requires_grad_()
    optimizer = getattr(optim, name)([p], **options)
    after = []
    for t in range(1, STEPS + 1):
        g = gradient(p.detach().numpy(), t)
        p.grad = torch.from_numpy(rows(g, t)).to_sparse(1) if name == "SparseAdam" else torch.from_numpy(g)
        optimizer.step()
        if t in SEEN:
            after.append(p.detach().reshape(-1).tolist())
    case = {"kind": "steps", "name": name, "of": "PyTorch", "options": options, "shape": [4, 3], "after": after}
    if name == "ASGD":
        case["mu"] = optimizer.state[p]["mu"].item()
        case["eta"] = optimizer.state[p]["eta"].item()
    cases.append(case)


def lion(p, g, s, t, lr, betas, weight_decay):
    m = s.setdefault("m", np.zeros_like(p))
    p = p - lr * (np.sign(betas[0] * m + (1 - betas[0]) * g) + weight_decay * p)
    s["m"] = betas[1] * m + (1 - betas[1]) * g
    return p


def nadam(p, g, s, t, lr, momentum_decay):
    m, v = s.setdefault("m", np.zeros_like(p)), s.setdefault("v", np.zeros_like(p))
    mu, following = (0.9 * (1 - 0.5 * 0.96 ** (step * momentum_decay)) for step in (t, t + 1))
    s["product"] = s.get("product", 1) * mu
    s["m"], s["v"] = m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    denominator = np.sqrt(v / (1 - 0.999**t)) + 1e-8
    return p - lr * (1 - mu) / (1 - s["product"]) * g / denominator - lr * following / (1 - s["product"] * following) * m / denominator


def adafactor(p, g, s, t, lr, weight_decay=0.0):
    rms = lambda x: math.sqrt(np.mean(x * x))
    eps1, eps2, d = np.finfo(np.float64).eps, 1e-3, 1.0
    rate, kept = min(lr, 1 / math.sqrt(t)), 1 - t**-0.8
    alpha = max(eps2, rms(p)) * rate
    p = p * (1 - lr * weight_decay)
    if p.ndim > 1:
        s["r"] = kept * s.get("r", 0) + (1 - kept) * np.mean(g * g, axis=-1, keepdims=True)
        s["c"] = kept * s.get("c", 0) + (1 - kept) * np.mean(g * g, axis=-2, keepdims=True)
        v = s["r"] @ s["c"] / np.maximum(np.mean(s["r"], axis=-2, keepdims=True), eps1)
    else:
        s["v"] = v = kept * s.get("v", 0) + (1 - kept) * g * g
    u = g / np.sqrt(np.maximum(v, eps1 * eps1))
    return p - alpha * u / max(1.0, rms(u) / d)


def muon(p, g, s, t, lr, nesterov=True, weight_decay=0.1, match_rms_adamw=False):
    s["m"] = m = 0.95 * s.get("m", np.zeros_like(p)) + 0.05 * g
    x = 0.05 * g + 0.95 * m if nesterov else m
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / max(np.linalg.norm(x), 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    x = x.T if tall else x
    ratio = 0.2 * math.sqrt(max(p.shape)) if match_rms_adamw else math.sqrt(max(1, p.shape[0] / p.shape[1]))
    return p * (1 - lr * weight_decay) - lr * ratio * x


for name, step, options, shape in [
    ("Lion", lion, {"lr": 0.02, "betas": [0.9, 0.99], "weight_decay": 0.1}, (4, 3)), ("NAdam", nadam, {"lr": 0.05, "momentum_decay": 0.01}, (4, 3)),
    ("Adafactor", adafactor, {"lr": 0.05}, (4, 3)), ("Adafactor", adafactor, {"lr": 0.05, "weight_decay": 0.1}, (12,)), ("Adafactor", adafactor, {"lr": 0.1}, (2, 2, 3)),
    ("Muon", muon, {"lr": 0.02}, (4, 3)), ("Muon", muon, {"lr": 0.02, "nesterov": False, "weight_decay": 0.0}, (3, 4)),
    ("Muon", muon, {"lr": 0.01, "match_rms_adamw": True}, (2, 6)),
]:
    p, state, after = np.array(START).reshape(shape), {}, []
    for t in range(1, STEPS + 1):
        p = step(p, gradient(p, t), state, t, **options)
        if t in SEEN:
            after.append(p.reshape(-1).tolist())
    cases.append({"kind": "steps", "name": name, "of": "the paper", "options": options, "shape": list(shape), "after": after})

SCHEDULES = [
    ("StepLR", {"step_size": 30, "gamma": 0.5}), ("MultiStepLR", {"milestones": [20, 50, 50, 120], "gamma": 0.5}), ("ExponentialLR", {"gamma": 0.98}),
    ("CosineAnnealingLR", {"T_max": 60, "eta_min": 0.01}), ("LinearLR", {"start_factor": 0.25, "end_factor": 0.75, "total_iters": 90}),
    ("ConstantLR", {"factor": 0.25, "total_iters": 40}), ("PolynomialLR", {"total_iters": 150, "power": 1.5}),
    ("CosineAnnealingWarmRestarts", {"T_0": 13, "T_mult": 2, "eta_min": 0.001}),
    ("CyclicLR", {"base_lr": [0.01, 0.02], "max_lr": [0.1, 0.3], "step_size_up": 7, "step_size_down": 12}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 9, "mode": "triangular2", "base_momentum": 0.7, "max_momentum": 0.95}),
    ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 9, "mode": "exp_range", "gamma": 0.99}),
    ("OneCycleLR", {"max_lr": [0.1, 0.4], "total_steps": 201}), ("OneCycleLR", {"max_lr": 0.1, "total_steps": 210, "three_phase": True, "pct_start": 0.4}),
    ("OneCycleLR", {"max_lr": 0.1, "epochs": 21, "steps_per_epoch": 10, "anneal_strategy": "linear", "div_factor": 10.0, "final_div_factor": 100.0, "adam": True}),
    ("OneCycleLR", {"max_lr": 0.1, "total_steps": 230, "cycle_momentum": False}),
    ("SWALR", {"swa_lr": 0.03, "anneal_epochs": 40}), ("SWALR", {"swa_lr": [0.03, 0.3], "anneal_epochs": 25, "anneal_strategy": "linear"}),
    ("SWALR", {"swa_lr": 0.03, "anneal_epochs": 0}), ("Chained", {}), ("Sequential", {}),
]
for name, options in SCHEDULES:
    groups = [{"params": [torch.zeros(1, requires_grad=True)]}, {"params": [torch.zeros(1, requires_grad=True)], "lr": 0.5}]
    given = dict(options)
    adam = given.pop("adam", False)
    optimizer = optim.Adam(groups, lr=0.1) if adam else optim.SGD(groups, lr=0.1, momentum=0.9)
    if name == "Chained":
        schedule = lr_scheduler.ChainedScheduler([lr_scheduler.ExponentialLR(optimizer, 0.99), lr_scheduler.StepLR(optimizer, 40, 0.5)])
    elif name == "Sequential":
        schedule = lr_scheduler.SequentialLR(
            optimizer, [lr_scheduler.LinearLR(optimizer, 0.1, total_iters=20), lr_scheduler.CosineAnnealingLR(optimizer, 100), lr_scheduler.ExponentialLR(optimizer, 0.9)],
            milestones=[20, 120])
    else:
        schedule = getattr(swa_utils if name == "SWALR" else lr_scheduler, name)(optimizer, **given)
    rates = []
    for _ in range(STEPS):
        optimizer.step()
        schedule.step()
        rates.append([group["lr"] for group in optimizer.param_groups] + [group["betas"][0] if adam else group["momentum"] for group in optimizer.param_groups])
    cases.append({"kind": "rates", "name": name, "options": options, "rates": rates})

torch.manual_seed(5)
net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 1))
data = torch.randn(24, 3)
begin = {name: value.reshape(-1).tolist() for name, value in net.state_dict().items()}
optimizer = optim.SGD(net.parameters(), lr=0.2)
equal = swa_utils.AveragedModel(net)
ema = swa_utils.AveragedModel(net, avg_fn=lambda mean, value, count: 0.9 * mean + 0.1 * value, use_buffers=False)
for step in range(12):
    optimizer.zero_grad()
    net(data[2 * step : 2 * step + 6] if step < 9 else data).pow(2).mean().backward()
    optimizer.step()
    if step >= 4:
        equal.update_parameters(net)
    ema.update_parameters(net)
swa_utils.update_bn([data[i : i + 8] for i in range(0, 24, 8)], equal)
keep = lambda model: {name: value.reshape(-1).tolist() for name, value in model.state_dict().items()}
ema_parameters = {name: value.reshape(-1).tolist() for name, value in ema.named_parameters()}
cases.append({"kind": "average", "name": "AveragedModel", "data": data.reshape(-1).tolist(), "begin": begin, "equal": keep(equal), "ema": ema_parameters,
              "output": equal.eval()(data).reshape(-1).tolist()})

save("long_runs", cases)
