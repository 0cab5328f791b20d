"""One layer: its text, initial weights, outputs, gradients, and some steps of training.

A case is {name, text, bits, state, inputs, outputs, input_grads, grads, evaluated, losses, final}. `bits` are SHA-256 of the initial weights in float32 after
torch.manual_seed(SEED), `state` those in float64; each call of the layer is seeded with CALL_SEED, for what drops elements. The gradient sent into
output o is that of cases.upstream; the loss of a step is Σ upstream·output over all outputs, divided by the number of their elements.
"""

import hashlib
import math

import torch
from torch import nn
from torch.nn.utils import parametrize

from cases import upstream
from fixture import value

SEED, CALL_SEED, STEPS, RATE = 3, 5, 6, 0.2

torch.set_num_threads(1)  # sums in one order


def module_list_text(self):
    """As PyTorch 2 prints it: equal modules in a row are one line."""
    texts, lines, first = [repr(item) for item in self], [], 0
    while first < len(texts):
        end = first + 1
        while end < len(texts) and texts[end] == texts[first]:
            end += 1
        places = f"({first}): " if end == first + 1 else f"({first}-{end - 1}): {end - first} x "
        lines.append(places + texts[first].replace("\n", "\n  "))
        first = end
    return f"{self._get_name()}(\n  " + "\n  ".join(lines) + "\n)" if lines else f"{self._get_name()}()"


torch.nn.ModuleList.__repr__ = module_list_text


class _WeightNorm(nn.Module):
    """PyTorch 1.13 has no parametrizations.weight_norm: this is PyTorch 2's class."""

    def __init__(self, dim=0):
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g, weight_v):
        return torch._weight_norm(weight_v, weight_g, self.dim)

    def right_inverse(self, weight):
        return torch.norm_except_dim(weight, 2, self.dim), weight


def weight_norm(module, name="weight", dim=0):
    return parametrize.register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


def tensor(*shape, step=1.0, dtype=torch.float64):
    return torch.sin(step * torch.arange(math.prod(shape), dtype=torch.float64) * 1.7 + step).reshape(shape).to(dtype)


def flat(outputs):
    if isinstance(outputs, torch.Tensor):
        return [outputs]
    return [x for output in outputs if output is not None for x in flat(output)]


def called(layer, call, inputs):
    torch.manual_seed(CALL_SEED)
    return flat(call(layer, *inputs))


def loss_of(outputs):
    floating = [y for y in outputs if y.requires_grad]
    return sum((upstream(y) * y).sum() for y in floating) / sum(y.numel() for y in floating)


def case(name, make, inputs, call=lambda layer, *inputs: layer(*inputs), computed=("_u", "_v", "original0"), steps=STEPS, rate=RATE):
    """make(dtype) gives the layer. Of what ends in one of `computed`, which is not drawn, no bits are written down."""
    torch.manual_seed(SEED)
    single = make(torch.float32)
    bits = {key: None if key.endswith(computed) else hashlib.sha256(x.detach().contiguous().numpy().tobytes()).hexdigest()
        for key, x in single.state_dict().items()}
    torch.manual_seed(SEED)
    layer = make(torch.float64)
    state = {key: value(x) for key, x in layer.state_dict().items()}
    leaves = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
    outputs = called(layer, call, leaves)
    result = {"name": name, "text": str(layer), "bits": bits, "state": state, "inputs": [value(x) for x in inputs],
        "outputs": [value(y) for y in outputs]}
    roots = [y for y in outputs if y.requires_grad]
    torch.autograd.backward(roots, [upstream(y) for y in roots])
    result["input_grads"] = [value(x.grad) for x in leaves]
    result["grads"] = {key: value(x.grad) for key, x in layer.named_parameters()}
    layer.eval()
    with torch.no_grad():
        result["evaluated"] = [value(y) for y in called(layer, call, inputs)]
    layer.train()
    optimizer = torch.optim.SGD(layer.parameters(), lr=rate, momentum=0.9)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(called(layer, call, inputs))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    result["losses"] = losses
    if rate != RATE:
        result["rate"] = rate
    result["final"] = {key: value(x) for key, x in layer.state_dict().items()}
    return result
