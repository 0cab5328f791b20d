"""One call of an operation: its inputs, its outputs, and the gradients that flow back.

A case is {op, inputs, args, outputs, grads}. An input is a leaf {dtype, shape, data} and, if the operation saw something else
than the leaf itself, the view of it that it saw: ["transpose", 0, 1], ["expand", 3, 4] or ["slice", dim, start, end, step]; an input
with ["constant"] does not require grad.
`grads` holds one entry for each leaf: null if it got none. The gradient sent into a floating-point output is
w[i] = (2·((7·i) mod 11) − 11) / 8 over its elements in row-major order: exact in every dtype, never zero, of both signs.
"""

import torch

from fixture import value


CONSTANT = ("constant",)


def upstream(output):
    index = torch.arange(output.numel())
    return ((2 * ((7 * index) % 11) - 11).double() / 8).reshape(output.shape).to(output.dtype)


def leaf(data, dtype=torch.float64, shape=None):
    tensor = data if isinstance(data, torch.Tensor) else torch.tensor(data, dtype=dtype)
    tensor = tensor.detach().clone().to(dtype)
    return tensor if shape is None else tensor.reshape(shape)


def seen(tensor, view):
    if view is None or view == CONSTANT:
        return tensor
    kind, *rest = view
    if kind == "transpose":
        return tensor.transpose(*rest)
    if kind == "expand":
        return tensor.expand(*rest)
    if kind == "slice":
        dim, start, end, step = rest
        return tensor[(slice(None),) * dim + (slice(start, end, step),)]
    raise ValueError(kind)


def case(op, call, inputs, *args):
    """Runs call(*inputs, *args). An input is a tensor or a pair (tensor, view); `args` are JSON values."""
    pairs = [given if isinstance(given, tuple) else (given, None) for given in inputs]
    leaves = [tensor.detach().clone().requires_grad_(tensor.is_floating_point() and view != CONSTANT) for tensor, view in pairs]
    outputs = call(*(seen(tensor, view) for tensor, (_, view) in zip(leaves, pairs)), *args)
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]

    described = []
    for tensor, (_, view) in zip(leaves, pairs):
        entry = value(tensor)
        if view is not None:
            entry["view"] = list(view)
        described.append(entry)
    result = {"op": op, "inputs": described, "args": list(args), "outputs": [value(output) for output in outputs]}
    roots = [output for output in outputs if output.requires_grad]
    if roots:
        torch.autograd.backward(roots, [upstream(root) for root in roots])
        result["grads"] = [value(tensor.grad) for tensor in leaves]
    return result
