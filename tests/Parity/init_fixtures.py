"""torch.nn.init: values after a seed, in both dtypes."""

import torch
from torch.nn import init

from fixture import save, value

CASES = [
    ("trunc_normal_", [5, 7], {}), ("trunc_normal_", [40], {"mean": 1.0, "std": 0.5, "a": 0.0, "b": 1.2}), ("trunc_normal_", [3, 3], {"std": 0.02}),
    ("orthogonal_", [4, 4], {}), ("orthogonal_", [3, 6], {"gain": 2.0}), ("orthogonal_", [6, 2, 2], {}), ("orthogonal_", [2, 3, 2, 2], {"gain": 0.5}),
    ("dirac_", [4, 2, 3], {}), ("dirac_", [4, 2, 3, 2], {"groups": 2}), ("dirac_", [3, 5, 1, 2, 3], {}), ("sparse_", [7, 4], {"sparsity": 0.3}),
    ("sparse_", [20, 3], {"sparsity": 0.5, "std": 2.0}), ("eye_", [3, 5], {}), ("ones_", [3], {}), ("zeros_", [2, 2], {}), ("constant_", [3], {"val": 0.3}),
    ("uniform_", [20], {"a": -1.0, "b": 3.0}), ("normal_", [20], {"mean": 1.0, "std": 2.0}), ("xavier_uniform_", [4, 6], {"gain": 2.0}),
    ("xavier_normal_", [4, 3, 3], {}), ("kaiming_uniform_", [4, 6], {"a": 0.2}), ("kaiming_normal_", [4, 3, 2], {"mode": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_uniform_", [0, 6], {}), ("orthogonal_", [0, 6], {}),
]
cases = []
for dtype in (torch.float32, torch.float64):
    for name, shape, options in CASES:
        torch.manual_seed(3)
        x = torch.full(shape, 7.0, dtype=dtype)
        try:
            getattr(init, name)(x, **options)
        except ZeroDivisionError:
            continue
        cases.append({"name": name, "options": options, "value": value(x), "next": torch.rand(1, dtype=torch.float64).item()})
save("init", cases)
