"""Layers with parametrized weights."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations, parametrize

from fixture import save
from layers import case, tensor, weight_norm


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).transpose(-1, -2)


def symmetric(module):
    parametrize.register_parametrization(module, "weight", Symmetric())
    return parametrize.register_parametrization(module, "weight", nn.Tanh())


x = tensor(4, 3)
image = tensor(2, 3, 5, 5)
cases = [
    case("symmetric", lambda d: symmetric(nn.Linear(3, 3, dtype=d)), [x]),
    case("spectral/linear", lambda d: parametrizations.spectral_norm(nn.Linear(3, 4, dtype=d)), [x]),
    case("spectral/bias", lambda d: parametrizations.spectral_norm(parametrizations.spectral_norm(nn.Linear(3, 4, dtype=d)), "bias"), [x]),
    case("spectral/conv", lambda d: parametrizations.spectral_norm(nn.Conv2d(3, 2, 3, dtype=d), n_power_iterations=3), [image]),
    case("spectral/transposed", lambda d: parametrizations.spectral_norm(nn.ConvTranspose2d(3, 2, 3, dtype=d)), [image]),
    case("weight_norm/linear", lambda d: weight_norm(nn.Linear(3, 4, dtype=d)), [x]),
    case("weight_norm/last", lambda d: weight_norm(nn.Linear(3, 4, dtype=d), dim=1), [x]),
    case("weight_norm/one", lambda d: weight_norm(nn.Linear(3, 4, dtype=d), dim=None), [x]),
    case("weight_norm/conv", lambda d: weight_norm(nn.Conv2d(3, 2, 3, dtype=d)), [image]),
    case("weight_norm/net", lambda d: nn.Sequential(weight_norm(nn.Linear(3, 4, dtype=d)), nn.ReLU(), parametrizations.spectral_norm(nn.Linear(4, 2, dtype=d))), [x]),
]
save("parametrizations", cases)

cases = []


def lazy(name, make, inputs):
    """The lazy layer after its first call, in evaluation, which draws its weights."""

    def called(dtype):
        module = make(dtype).eval()
        module(inputs[0].to(dtype))
        return module.train()

    cases.append(case(name, called, inputs))


lazy("linear", lambda d: nn.LazyLinear(4, dtype=d), [x])
lazy("linear/no_bias", lambda d: nn.LazyLinear(4, bias=False, dtype=d), [x])
lazy("net", lambda d: nn.Sequential(nn.LazyLinear(4, dtype=d), nn.ReLU(), nn.Linear(4, 3, dtype=d), nn.LazyLinear(2, dtype=d)), [x])
for n, inputs in ((1, tensor(2, 4, 6)), (2, tensor(2, 4, 5, 5)), (3, tensor(1, 4, 3, 4, 3))):
    conv, transposed, norm, instance = (getattr(nn, f"Lazy{kind}{n}d") for kind in ("Conv", "ConvTranspose", "BatchNorm", "InstanceNorm"))
    lazy(f"conv{n}d", lambda d: conv(6, 3, padding=1, groups=2, dtype=d), [inputs])
    lazy(f"conv_transpose{n}d", lambda d: transposed(6, 2, stride=2, groups=2, dtype=d), [inputs])
    lazy(f"batch_norm{n}d", lambda d: norm(dtype=d), [inputs])
    lazy(f"instance_norm{n}d", lambda d: instance(affine=True, track_running_stats=True, dtype=d), [inputs])
lazy("batch_norm1d/flat", lambda d: nn.LazyBatchNorm1d(dtype=d), [x])
save("lazy", cases)
