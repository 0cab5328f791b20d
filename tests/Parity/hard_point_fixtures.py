"""Value and derivatives of orders 1 to 3 where they are hardest: poles, kinks, ties, saturation, ends of domains, infinities."""

import math

import torch
import torch.nn.functional as F

from fixture import number, save

INF = math.inf
NAMES = {name: getattr(torch, name) for name in [
    "exp", "exp2", "expm1", "log2", "log10", "log1p", "sqrt", "rsqrt", "square", "reciprocal", "sin", "cos", "tan", "asin", "acos", "atan",
    "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "sinc", "sigmoid", "logit", "relu", "selu", "abs", "sign", "floor",
    "ceil", "round", "trunc", "frac", "atan2", "hypot", "maximum", "minimum", "fmax", "fmin", "logaddexp", "xlogy", "pow"]}
NAMES |= {name: getattr(F, name) for name in ["relu6", "leaky_relu", "elu", "celu", "gelu", "silu", "mish", "softplus", "softsign", "tanhshrink",
                                              "hardtanh", "hardsigmoid", "hardswish", "logsigmoid"]}
NAMES |= {"ln": torch.log}

SATURATING = [-1000.0, -40.0, -1e-300, 0.0, 1e-300, 40.0, 1000.0]
POINTS = {
    "sqrt(x)": [0.0, 1e-300, 4.0, INF, -1.0], "rsqrt(x)": [0.0, 4.0, INF], "square(x)": [0.0, INF], "reciprocal(x)": [0.0, 2.0, INF],
    "1/x": [0.0, INF, -2.0], "1/x^2": [0.0, INF], "x^2/x": [0.0, 3.0],
    "ln(x)": [0.0, 1.0, INF, -1.0], "log2(x)": [0.0, 8.0], "log10(x)": [0.0, 100.0], "log1p(x)": [-1.0, 0.0, 1e-20, INF],
    "exp(x)": [-1000.0, 0.0, 1000.0, INF, -INF], "exp2(x)": [0.0, 2000.0, -INF], "expm1(x)": [0.0, 1e-20, -1000.0, INF],
    "sin(x)": [0.0, 1e8, math.pi], "cos(x)": [0.0, 1e8], "tan(x)": [0.0, math.pi / 2, 1.5707963],
    "asin(x)": [-1.0, 0.0, 1.0, 2.0], "acos(x)": [-1.0, 0.0, 1.0], "atan(x)": [0.0, 1e200, INF],
    "sinh(x)": [0.0, 1000.0], "cosh(x)": [0.0, -1000.0], "asinh(x)": [0.0, -1e10, 1e200], "acosh(x)": [1.0, 1e10], "atanh(x)": [-1.0, 0.0, 1.0],
    "erf(x)": [0.0, 30.0, INF], "erfc(x)": [0.0, 30.0], "sinc(x)": [0.0, 1.0],
    **{f"{name}(x)": SATURATING for name in ["sigmoid", "tanh", "softplus", "logsigmoid", "silu", "gelu", "mish", "elu", "selu", "celu"]},
    "logit(x)": [0.0, 0.5, 1.0], "softsign(x)": [0.0, 1e100], "tanhshrink(x)": [0.0, 1e-9, 1000.0],
    "relu(x)": [-1.0, 0.0, 2.0, INF], "relu6(x)": [0.0, 3.0, 6.0], "leaky_relu(x)": [-1.0, 0.0], "hardtanh(x)": [-1.0, 0.5, 1.0],
    "hardsigmoid(x)": [-3.0, 0.0, 3.0], "hardswish(x)": [-3.0, 0.0, 3.0, 4.0],
    "abs(x)": [-2.0, 0.0, INF], "sign(x)": [0.0, 2.0], "floor(x)": [1.0], "ceil(x)": [1.5], "round(x)": [2.5], "trunc(x)": [-1.0], "frac(x)": [2.0],
    "x*abs(x)": [0.0, -2.0], "abs(x)^3": [0.0, -2.0], "sqrt(x^2)": [0.0, -3.0],
    "x^0": [0.0, 2.0], "x^1": [0.0], "x^2": [0.0, -3.0], "x^3": [0.0, -2.0], "x^4": [0.0], "x^5": [0.0, -1.0], "x^-1": [0.0, -1.0], "x^-2": [0.0, -1.0],
    "x^0.5": [0.0, 4.0], "x^1.5": [0.0, 4.0], "x^2.5": [0.0], "x^3.5": [0.0], "x^-0.5": [0.0, 4.0], "x^0.25": [0.0],
    "2^x": [0.0, -INF, 2000.0], "0^x": [0.0, 1.0, 2.0], "x^x": [0.0, 1.0, 2.0],
    "maximum(x, 1)": [0.0, 1.0, 2.0], "minimum(x, 1)": [0.0, 1.0, 2.0], "fmax(x, 1)": [0.0, 1.0, 2.0], "fmin(x, 1)": [1.0, 2.0],
    "maximum(x, x^2)": [0.0, 1.0], "minimum(x, -x)": [0.0], "x*maximum(x, 0)": [0.0],
    "atan2(x, 0)": [0.0, 1.0], "atan2(0, x)": [0.0, 1.0, -1.0], "atan2(x, x)": [0.0, 1.0], "atan2(x, 1)": [0.0, 1e200],
    "hypot(x, 0)": [0.0, 2.0], "hypot(x, x)": [0.0, 1.0], "hypot(x, 1)": [0.0, 1e10], "logaddexp(x, 0)": [0.0, 1000.0, -1000.0],
    "xlogy(x, 2)": [0.0, 1.0], "xlogy(0, x)": [0.0, 1.0], "xlogy(x, x)": [0.0, 1.0, 2.0], "x*ln(x)": [0.0, 1.0],
    "exp(-1/x)": [1.0, 1e-3], "exp(-x^2)": [0.0, 100.0, INF], "ln(exp(x))": [0.0, 100.0], "sin(x)/x": [0.0, 1.0], "exp(sqrt(x))": [0.0, 1.0],
    "sqrt(sin(x))": [0.0], "ln(1 - x)": [0.0, 1.0], "sqrt(1 - x^2)": [0.0, 1.0], "tanh(1/x)": [1e-3, 1.0],
}


def python(formula):
    return formula.replace("^", "**")


def derivatives(formula, at):
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    zero, one, two = (torch.tensor(c, dtype=torch.float64) for c in (0.0, 1.0, 2.0))
    text = python(formula)
    if "(" in text:  # functions of two tensors take no numbers
        for name in ["maximum", "minimum", "fmax", "fmin", "atan2", "hypot", "logaddexp"]:
            if text.startswith(name) or "*" + name in text:
                text = text.replace(", 0)", ", zero)").replace(", 1)", ", one)").replace("(0, ", "(zero, ")
    y = eval(text, NAMES | {"x": x, "zero": zero, "one": one, "two": two})
    found = [y.item()]
    for _ in range(3):
        if not y.requires_grad:
            found.append(0.0)
            continue
        try:
            (y,) = torch.autograd.grad(y, x, create_graph=True, allow_unused=True)
        except RuntimeError:  # PyTorch has no rule of this order
            break
        if y is None:
            y = torch.zeros((), dtype=torch.float64)
        found.append(y.item())
    return found


save("hard_points", [{"formula": formula, "x": number(at), "derivatives": [number(d) for d in derivatives(formula, at)]}
                     for formula, points in POINTS.items() for at in points])
