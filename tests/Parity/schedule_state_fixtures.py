"""What schedules save after three steps, and the rates of two groups at each of the next six."""

from collections import Counter

import torch
from torch import optim
from torch.optim import lr_scheduler

from fixture import number, save

SCHEDULES = [
    ("StepLR", {"step_size": 2, "gamma": 0.5}), ("MultiStepLR", {"milestones": [2, 4, 4], "gamma": 0.5}), ("ExponentialLR", {"gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 4, "eta_min": 0.01}), ("LinearLR", {"start_factor": 0.25, "end_factor": 0.75, "total_iters": 5}),
    ("ConstantLR", {"factor": 0.25, "total_iters": 4}), ("ReduceLROnPlateau", {"mode": "max", "patience": 1, "factor": 0.5, "min_lr": 0.01, "cooldown": 1}),
]
METRICS = [1.0, 2.0, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]


def plain(value):
    if isinstance(value, Counter):
        return sorted(value.elements())
    if isinstance(value, list):
        return [plain(element) for element in value]
    return number(value)


cases = []
for name, options in SCHEDULES:
    optimizer = optim.SGD([{"params": [torch.zeros(1, requires_grad=True)]}, {"params": [torch.zeros(1, requires_grad=True)], "lr": 0.5}], lr=0.1)
    schedule = getattr(lr_scheduler, name)(optimizer, **options)
    state, rates = None, []
    for metric in METRICS:
        optimizer.step()
        schedule.step(metric) if name == "ReduceLROnPlateau" else schedule.step()
        if len(rates) == 2:
            # Whether a step is in progress, and whether it prints, is nothing to go on from.
            state = {key: plain(value) for key, value in schedule.state_dict().items() if key not in ("verbose", "_get_lr_called_within_step")}
        rates.append([group["lr"] for group in optimizer.param_groups])
    cases.append({"name": name, "options": options, "state": state, "before": rates[2], "rates": rates[3:]})

save("schedule_states", cases)
