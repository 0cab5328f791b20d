"""The graph behind expressions: the name of the node that made each output, and of the nodes its inputs come from."""

import torch
import torch.nn.functional as F

from fixture import save

x = torch.tensor([[0.5, 1.5], [2.5, 0.25]], dtype=torch.float64, requires_grad=True)
y = torch.tensor([[1.0, 3.0], [0.75, 2.0]], dtype=torch.float64, requires_grad=True)
v = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
c = torch.tensor([[3.0, 1.0], [2.0, 4.0]], dtype=torch.float64)  # does not require grad
b = torch.ones(2, 2, 2, dtype=torch.float64, requires_grad=True)
mask, index = torch.tensor([[True, False], [False, True]]), torch.tensor([0, 1])
square_index, targets = torch.tensor([[0, 1], [1, 0]]), torch.tensor([0, 1])

EXPRESSIONS = {
    "x + y": lambda: x + y, "x - y": lambda: x - y, "x * y": lambda: x * y, "x / y": lambda: x / y, "-x": lambda: -x,
    "x + 5": lambda: x + 5, "5 + x": lambda: 5 + x, "x - 2": lambda: x - 2, "2 - x": lambda: 2 - x, "x * 2": lambda: x * 2,
    "x / 2": lambda: x / 2, "2 / x": lambda: 2 / x, "x + c": lambda: x + c, "c * x": lambda: c * x, "c - x": lambda: c - x,
    "x * x": lambda: x * x, "x + v": lambda: x + v, "x.exp() + x": lambda: x.exp() + x, "(x * y) + (x * 2)": lambda: (x * y) + (x * 2),
    "x ** 2": lambda: x ** 2, "x ** 3": lambda: x ** 3, "x ** 0.5": lambda: x ** 0.5, "x ** y": lambda: x ** y, "2 ** x": lambda: 2 ** x,
    "square": lambda: x.square(), "reciprocal": lambda: x.reciprocal(), "sqrt": lambda: x.sqrt(), "rsqrt": lambda: x.rsqrt(),
    "x @ y": lambda: x @ y, "x @ v": lambda: x @ v, "v @ v": lambda: v @ v, "v @ x": lambda: v @ x, "b @ b": lambda: b @ b, "b @ x": lambda: b @ x,
    "mm": lambda: x.mm(y), "mv": lambda: x.mv(v), "dot": lambda: v.dot(v), "bmm": lambda: b.bmm(b), "addmm": lambda: torch.addmm(x, y, x),
    "outer": lambda: torch.outer(v, v), "linear": lambda: F.linear(x, y, v), "linear without bias": lambda: F.linear(x, y), "linear of 3-D": lambda: F.linear(b, y, v),
    "sum": lambda: x.sum(), "sum(0)": lambda: x.sum(0), "mean": lambda: x.mean(), "mean(0)": lambda: x.mean(0), "prod": lambda: x.prod(), "prod(0)": lambda: x.prod(0),
    "max": lambda: x.max(), "max(0)": lambda: x.max(0)[0], "min": lambda: x.min(), "min(0)": lambda: x.min(0)[0], "amax(0)": lambda: x.amax(0), "amin(0)": lambda: x.amin(0),
    "logsumexp(0)": lambda: x.logsumexp(0), "var(0)": lambda: x.var(0), "std(0)": lambda: x.std(0), "norm": lambda: x.norm(), "cumsum(0)": lambda: x.cumsum(0),
    "cumprod(0)": lambda: x.cumprod(0), "median": lambda: x.median(),
    "maximum": lambda: torch.maximum(x, y), "minimum": lambda: torch.minimum(x, y), "fmax": lambda: torch.fmax(x, y), "fmin": lambda: torch.fmin(x, y),
    "where": lambda: torch.where(mask, x, y), "where number": lambda: torch.where(mask, x, 0.0), "clamp(0, 1)": lambda: x.clamp(0, 1), "clamp_min": lambda: x.clamp_min(0),
    "clamp_max": lambda: x.clamp_max(0), "masked_fill": lambda: x.masked_fill(mask, 0.0), "abs": lambda: x.abs(), "sign": lambda: x.sign(),
    **{name: (lambda name=name: getattr(torch, name)(x)) for name in [
        "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
        "sinc", "erf", "erfc", "sigmoid", "relu", "floor", "ceil", "round", "trunc", "frac", "logit", "deg2rad", "rad2deg", "neg", "clone", "detach"]},
    "atan2": lambda: torch.atan2(x, y), "hypot": lambda: torch.hypot(x, y), "fmod": lambda: torch.fmod(x, y), "fmod number": lambda: torch.fmod(x, 2),
    "remainder": lambda: torch.remainder(x, y), "remainder number": lambda: torch.remainder(x, 2), "lerp number": lambda: torch.lerp(x, y, 0.3), "lerp": lambda: torch.lerp(x, y, y),
    "logaddexp": lambda: torch.logaddexp(x, y), "xlogy": lambda: torch.xlogy(x, y), "softmax": lambda: x.softmax(1), "log_softmax": lambda: x.log_softmax(1),
    "leaky_relu": lambda: F.leaky_relu(x), "elu": lambda: F.elu(x), "selu": lambda: F.selu(x), "celu": lambda: F.celu(x), "gelu": lambda: F.gelu(x),
    "gelu tanh": lambda: F.gelu(x, approximate="tanh"), "silu": lambda: F.silu(x), "mish": lambda: F.mish(x), "relu6": lambda: F.relu6(x), "softplus": lambda: F.softplus(x),
    "logsigmoid": lambda: F.logsigmoid(x), "hardtanh": lambda: F.hardtanh(x), "hardsigmoid": lambda: F.hardsigmoid(x), "hardswish": lambda: F.hardswish(x),
    "hardshrink": lambda: F.hardshrink(x), "softshrink": lambda: F.softshrink(x), "tanhshrink": lambda: F.tanhshrink(x), "softsign": lambda: F.softsign(x),
    "threshold": lambda: F.threshold(x, 0.5, 0.0), "add alpha": lambda: torch.add(x, y, alpha=2), "sub alpha": lambda: torch.sub(x, y, alpha=2), "rsub": lambda: torch.rsub(x, y),
    "view": lambda: x.view(4), "reshape view": lambda: x.reshape(4), "reshape copy": lambda: x.t().reshape(4), "flatten": lambda: x.flatten(), "t": lambda: x.t(), "T": lambda: x.T,
    "transpose": lambda: x.transpose(0, 1), "permute": lambda: x.permute(1, 0), "squeeze": lambda: x.squeeze(), "squeeze(0)": lambda: x.squeeze(0), "unsqueeze": lambda: x.unsqueeze(0),
    "expand": lambda: v.expand(2, 2), "x[0]": lambda: x[0], "x[0:1]": lambda: x[0:1], "x[:, None]": lambda: x[:, None], "x[index]": lambda: x[index], "x[mask]": lambda: x[mask],
    "narrow": lambda: x.narrow(0, 0, 1), "select": lambda: x.select(0, 0), "index_select": lambda: x.index_select(0, index), "gather": lambda: x.gather(0, square_index),
    "take": lambda: x.take(index), "masked_select": lambda: x.masked_select(mask), "cat": lambda: torch.cat([x, y]), "stack": lambda: torch.stack([x, y]),
    "split": lambda: x.split(1)[1], "chunk": lambda: x.chunk(2)[1], "unbind": lambda: x.unbind()[1], "repeat": lambda: x.repeat(2, 1), "flip": lambda: x.flip(0), "roll": lambda: x.roll(1, 0),
    "tril": lambda: x.tril(), "triu": lambda: x.triu(), "diagonal": lambda: x.diagonal(), "scatter": lambda: x.scatter(0, square_index, y), "scatter_add": lambda: x.scatter_add(0, square_index, y),
    "index_add": lambda: x.index_add(0, index, y), "float": lambda: x.float(), "contiguous copy": lambda: x.t().contiguous(), "sort": lambda: x.sort()[0], "topk": lambda: x.topk(1)[0],
    "mse_loss": lambda: F.mse_loss(x, y), "l1_loss": lambda: F.l1_loss(x, y), "smooth_l1_loss": lambda: F.smooth_l1_loss(x, y), "huber_loss": lambda: F.huber_loss(x, y),
    "nll_loss": lambda: F.nll_loss(x, targets), "cross_entropy": lambda: F.cross_entropy(x, targets), "bce_with_logits": lambda: F.binary_cross_entropy_with_logits(x, c),
    "dropout": lambda: F.dropout(x, 0.5, True), "x += in place": lambda: x.clone().add_(y), "x *= in place": lambda: x.clone().mul_(y), "zero in place": lambda: x.clone().zero_(),
    "exp in place": lambda: x.clone().exp_(), "copy in place": lambda: torch.zeros(2, 2, dtype=torch.float64).copy_(x), "fill in place": lambda: x.clone().fill_(1),
}


def name(node):
    return None if node is None else node.name().rsplit("::", 1)[-1]


cases = []
for expression, make in EXPRESSIONS.items():
    result = make()
    node = result.grad_fn
    cases.append({
        "expression": expression,
        "name": name(node),
        "output": result.output_nr,
        "next": [] if node is None else [[name(following), number] for following, number in node.next_functions],
    })
save("graph", cases)
