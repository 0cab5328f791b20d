"""Values and gradients of the element-wise operations, inside their domains and at kinks, poles and infinities."""

import math

import torch
import torch.nn.functional as F

from cases import case, leaf
from fixture import save
from table import Digamma

inf, nan = math.inf, math.nan
cases = []

REALS = [-2.7, -1.3, -0.6, -0.1, 0.2, 0.75, 1.9, 3.1]
POSITIVE = [0.05, 0.3, 0.5, 0.9, 1.0, 1.7, 4.2, 30.0]
UNIT = [-0.9, -0.55, -0.1, 0.01, 0.3, 0.62, 0.85, 0.99]
PROBABILITY = [0.02, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 0.98]
ABOVE_ONE = [1.01, 1.2, 1.5, 2.0, 3.3, 7.0, 20.0, 1e3]
SPECIAL = [0.0, -0.0, 1.0, -1.0, inf, -inf, nan, 1e-20, -1e-20, 1e3, -1e3, 1e-5, -1e-5, 87.0, -87.0]


def same(a, b):
    return str(a) == str(b)  # tells -0.0 from 0.0 and knows nan


def unary(op, call, points, *args, extra=(), special=SPECIAL, without=(), dtypes=(torch.float64, torch.float32)):
    """`without`: special points where PyTorch's own kernels disagree with each other or with the mathematics."""
    special = [x for x in special if not any(same(x, left_out) for left_out in without)]
    for dtype in dtypes:
        cases.append(case(op, call, [leaf(points, dtype)], *args))
        if special or extra:
            cases.append(case(op, call, [leaf(list(special) + list(extra), dtype)], *args))


def binary(op, call, xs, ys, *args, ties=()):
    for dtype in (torch.float64, torch.float32):
        cases.append(case(op, call, [leaf(xs, dtype), leaf(ys, dtype)], *args))
        if ties:
            cases.append(case(op, call, [leaf([x for x, _ in ties], dtype), leaf([y for _, y in ties], dtype)], *args))


# Arithmetic.
for op in ["neg", "reciprocal", "square", "abs", "sign", "floor", "ceil", "trunc", "frac", "round"]:
    unary(op, getattr(torch, op), REALS, extra=[0.5, 1.5, 2.5, -0.5, -1.5, -2.5])
unary("sqrt", torch.sqrt, POSITIVE), unary("rsqrt", torch.rsqrt, POSITIVE)
for exponent in [0, 1, 2, 3, 4, -1, -2, 0.5, -0.5, 2.5, 1 / 3]:
    # By IEEE 754 pow(-0, -1/2) and pow(-inf, 1/2) are +inf; PyTorch takes square roots of -0 and -inf.
    unary("pow_number", lambda x, e: x ** e, POSITIVE if exponent % 1 else REALS, exponent, without=[-0.0, -inf] if abs(exponent) == 0.5 else [])
for base in [2.0, 0.5, 1.0, 0.0, 10.0]:
    unary("number_pow", lambda x, b: b ** x, REALS, base)
for number in [2.5, -0.75, 0.0]:
    unary("add_number", lambda x, c: x + c, REALS, number, special=[])
    unary("sub_number", lambda x, c: x - c, REALS, number, special=[])
    unary("number_sub", lambda x, c: c - x, REALS, number, special=[])
    unary("mul_number", lambda x, c: x * c, REALS, number)
    unary("div_number", lambda x, c: x / c, REALS, number)
    unary("number_div", lambda x, c: c / x, REALS, number)
unary("fmod_number", torch.fmod, REALS, 0.7), unary("remainder_number", torch.remainder, REALS, 0.7)
unary("fmod_number", torch.fmod, REALS, -2.0), unary("remainder_number", torch.remainder, REALS, -2.0)
unary("round_decimals", lambda x, d: torch.round(x, decimals=d), REALS, 1, special=[])

PAIRS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (-1.0, 0.0), (2.0, 2.0), (-3.0, -3.0), (inf, 1.0), (1.0, inf), (inf, inf), (inf, -inf),
         (-inf, 2.0), (nan, 1.0), (1.0, nan), (nan, nan), (0.0, -0.0), (-0.0, -2.0), (4.0, 2.0), (-4.0, 2.0), (5.0, -2.0), (0.0, -1.0), (0.0, 2.0)]
XS, YS = REALS, [0.4, -1.1, 2.2, -0.3, 1.6, 0.15, -2.4, 0.9]
binary("add", torch.add, XS, YS, ties=PAIRS), binary("sub", torch.sub, XS, YS, ties=PAIRS)
binary("mul", torch.mul, XS, YS, ties=PAIRS), binary("div", torch.div, XS, YS, ties=PAIRS)
binary("add_alpha", lambda x, y, a: torch.add(x, y, alpha=a), XS, YS, 2.5)
binary("sub_alpha", lambda x, y, a: torch.sub(x, y, alpha=a), XS, YS, 2.5)
binary("rsub", torch.rsub, XS, YS)
binary("div_floor", lambda x, y: torch.div(x, y, rounding_mode="floor"), XS, YS)
binary("div_trunc", lambda x, y: torch.div(x, y, rounding_mode="trunc"), XS, YS)
binary("pow", torch.pow, POSITIVE, YS, ties=[(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, 0.5), (0.0, -1.0), (1.0, 0.0), (2.0, 0.0), (-2.0, 3.0), (-2.0, 2.0), (inf, 2.0), (4.0, 0.5)])
binary("fmod", torch.fmod, XS, YS, ties=[(4.0, 2.0), (-5.0, 2.0), (5.0, -2.0), (0.0, 3.0)])
binary("remainder", torch.remainder, XS, YS, ties=[(4.0, 2.0), (-5.0, 2.0), (5.0, -2.0), (0.0, 3.0)])
binary("atan2", torch.atan2, XS, YS, ties=PAIRS), binary("hypot", torch.hypot, XS, YS, ties=[(0.0, 1.0), (3.0, 4.0), (1e30, 1.0), (-2.0, 0.0)])
binary("copysign", torch.copysign, XS, YS, ties=[(1.0, 0.0), (1.0, -0.0), (-2.0, 0.0), (0.0, -1.0)])
binary("addcmul", lambda x, y: torch.addcmul(x, x, y, value=0.5), XS, YS), binary("addcdiv", lambda x, y: torch.addcdiv(x, x, y, value=0.5), XS, YS)
binary("lerp_number", torch.lerp, XS, YS, 0.3), binary("lerp_number", torch.lerp, XS, YS, 0.75)
for dtype in (torch.float64, torch.float32):
    cases.append(case("lerp", torch.lerp, [leaf(XS, dtype), leaf(YS, dtype), leaf(PROBABILITY, dtype)]))

# Exponential and logarithmic.
unary("exp", torch.exp, REALS), unary("exp2", torch.exp2, REALS), unary("expm1", torch.expm1, REALS)
for op in ["log", "log2", "log10"]:
    unary(op, getattr(torch, op), POSITIVE)
unary("log1p", torch.log1p, [-0.9, -0.3, *POSITIVE])
unary("logit", torch.logit, PROBABILITY, without=[-0.0])  # the sign of its gradient there depends on the dtype
unary("logit_eps", torch.logit, PROBABILITY, 0.05, extra=[0.05, 0.95])
unary("softplus", F.softplus, REALS, 1, 20, extra=[19.9, 20.0, 20.1]), unary("softplus", F.softplus, REALS, 2.0, 5.0, extra=[2.5, 2.4, 2.6])
unary("logsigmoid", F.logsigmoid, REALS)
binary("logaddexp", torch.logaddexp, XS, YS, ties=[(0.0, 0.0), (1e3, 1e3), (-1e3, 2.0), (3.0, -inf), (5.0, 5.0)])
binary("logaddexp2", torch.logaddexp2, XS, YS)
binary("xlogy", torch.xlogy, XS, POSITIVE, ties=[(0.0, 0.0), (0.0, 2.0), (1.0, 0.0), (2.0, 1.0), (0.0, 1.0)])
binary("xlog1py", torch.special.xlog1py, XS, POSITIVE)
unary("entr", torch.special.entr, POSITIVE, special=[])

# Trigonometric and hyperbolic.
for op in ["sin", "cos", "atan", "sinh", "cosh", "tanh", "asinh", "deg2rad", "rad2deg"]:
    unary(op, getattr(torch, op), REALS)
unary("sinc", torch.sinc, REALS, without=[1e-5, -1e-5])  # its gradient there is all cancellation
unary("tan", torch.tan, [-1.2, -0.7, -0.1, 0.05, 0.4, 0.9, 1.15, 2.0])
for op in ["asin", "acos", "atanh"]:
    unary(op, getattr(torch, op), UNIT)
unary("acosh", torch.acosh, ABOVE_ONE)

# Special functions.
unary("erf", torch.erf, REALS), unary("erfc", torch.erfc, REALS), unary("erfinv", torch.erfinv, UNIT, special=[0.0, 1.0, -1.0, nan])
unary("lgamma", torch.lgamma, POSITIVE, special=[]), unary("digamma", Digamma.apply, POSITIVE, special=[])
unary("polygamma", lambda x, n: torch.polygamma(n, x), POSITIVE, 1, special=[]), unary("mvlgamma", torch.mvlgamma, ABOVE_ONE, 2, special=[])
for op in ["ndtr", "log_ndtr", "i0", "i0e", "i1", "i1e", "erfcx"]:
    unary(op, getattr(torch.special, op), REALS, special=[])
unary("ndtri", torch.special.ndtri, PROBABILITY, special=[])

# Comparison and selection.
TIES = [(1.0, 1.0), (0.0, 0.0), (0.0, -0.0), (1.0, 2.0), (2.0, 1.0), (nan, 1.0), (1.0, nan), (inf, inf), (-inf, 1.0)]
for op in ["maximum", "minimum", "fmax", "fmin"]:
    binary(op, getattr(torch, op), XS, YS, ties=TIES)
for op in ["eq", "ne", "lt", "le", "gt", "ge"]:
    binary(op, getattr(torch, op), XS, [*XS[:3], *YS[3:]], ties=TIES)
    cases.append(case(op, getattr(torch, op), [leaf([1, 2, 3], torch.int64), leaf([1, 3, 2], torch.int64)]))
for op in ["isnan", "isinf", "isfinite", "signbit"]:
    unary(op, getattr(torch, op), REALS)
for op in ["logical_and", "logical_or", "logical_xor"]:
    cases.append(case(op, getattr(torch, op), [leaf([True, True, False, False], torch.bool), leaf([True, False, True, False], torch.bool)]))
    cases.append(case(op, getattr(torch, op), [leaf([0.0, 2.0, -0.0, nan]), leaf([1.0, 0.0, 0.0, 1.0])]))
cases.append(case("logical_not", torch.logical_not, [leaf([True, False], torch.bool)]))
for bounds in [(0, 1), (-0.5, 0.75), (0, None), (None, 0), (1, -1)]:
    unary("clamp", lambda x, low, high: torch.clamp(x, low, high), REALS, *bounds, extra=[0.5, -0.5, 0.75])
unary("clamp_min", torch.clamp_min, REALS, 0.2), unary("clamp_max", torch.clamp_max, REALS, 0.2)
unary("nan_to_num", torch.nan_to_num, REALS)
for dtype in (torch.float64, torch.float32):
    condition = leaf([True, False, True, False, False, True, True, False], torch.bool)
    cases.append(case("where", torch.where, [condition, leaf(XS, dtype), leaf(YS, dtype)]))
    cases.append(case("masked_fill", lambda x, mask, number: x.masked_fill(mask, number), [leaf(XS, dtype), condition], 7.5))
    cases.append(case("clamp_tensor", torch.clamp, [leaf(XS, dtype), leaf([-1.0] * 8, dtype), leaf([0.2] * 8, dtype)]))
    cases.append(case("prelu", F.prelu, [leaf(XS + [0.0], dtype), leaf([0.25], dtype)]))

# Activations.
KINKS = [0.0, -0.0, 3.0, -3.0, 6.0, 1.0, -1.0, 0.5, -0.5]
for op in ["relu", "relu6", "selu", "silu", "mish", "tanhshrink"]:
    unary(op, getattr(F, op), REALS, extra=KINKS)
unary("softsign", F.softsign, REALS, extra=KINKS, without=[inf, -inf])  # inf/inf in its composed gradient
unary("hardsigmoid", F.hardsigmoid, REALS, extra=KINKS, dtypes=[torch.float32])  # its gradient in float64 is 1/6 rounded to float32
unary("hardswish", F.hardswish, REALS, without=[nan])  # its gradient at ±3 is a jump where versions of PyTorch disagree
unary("sigmoid", torch.sigmoid, REALS)
unary("leaky_relu", F.leaky_relu, REALS, 0.1), unary("leaky_relu", F.leaky_relu, REALS, 0.01)
for op in ["elu", "celu"]:
    for alpha in (0.5, 1.0, 2.0):
        unary(op, getattr(F, op), REALS, alpha, without=[nan])  # its gradient there depends on the dtype
unary("gelu", F.gelu, REALS, extra=[10.0, -10.0]), unary("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), REALS)
unary("hardtanh", F.hardtanh, REALS, -1.0, 1.0, extra=KINKS), unary("hardtanh", F.hardtanh, REALS, -0.3, 2.0, without=[nan])
unary("hardshrink", F.hardshrink, REALS, 0.5, extra=KINKS), unary("softshrink", F.softshrink, REALS, 0.5, extra=KINKS, without=[nan])
unary("threshold", F.threshold, REALS, 1.0, 7.0, extra=[2.0])

# Layouts: what is true of one operation of each arity must hold for views, scalars, nothing at all, and broadcasting.
for dtype in (torch.float64, torch.float32):
    grid = leaf([0.3, -1.2, 2.5, 0.7, 1.1, -0.4], dtype)
    for op, call in [("exp", torch.exp), ("relu", F.relu), ("sigmoid", torch.sigmoid)]:
        cases.append(case(op, call, [leaf(0.6, dtype)]))
        cases.append(case(op, call, [leaf([], dtype, (0, 3))]))
        cases.append(case(op, call, [(grid.reshape(2, 3), ("transpose", 0, 1))]))
        cases.append(case(op, call, [(grid.reshape(1, 6), ("expand", 3, 6))]))
        cases.append(case(op, call, [(grid.reshape(6), ("slice", 0, 0, 6, 2))]))
        cases.append(case(op, call, [(grid.reshape(3, 2), ("slice", 1, 1, 2, 1))]))
    for op, call in [("add", torch.add), ("mul", torch.mul), ("div", torch.div), ("maximum", torch.maximum), ("sub", torch.sub)]:
        a, b, c = grid.reshape(2, 3), leaf([1.5, -0.25, 3.0], dtype), leaf([-2.0, 0.8], dtype, (2, 1))
        for left, right in [
            (a, b), (b, a), (a, c), (c, a), (b, c), (a, leaf(1.7, dtype)), (leaf(1.7, dtype), a), (leaf(2.0, dtype), leaf(3.0, dtype)),
            ((a, ("transpose", 0, 1)), c.reshape(1, 2)), ((a, ("transpose", 0, 1)), (grid.reshape(2, 3), ("transpose", 0, 1))),
            ((leaf([2.0], dtype, (1, 1)), ("expand", 2, 3)), a), (a.reshape(2, 1, 3), c), (grid.reshape(1, 2, 3), a.reshape(2, 1, 1, 3)),
            (leaf([], dtype, (0, 3)), b), (leaf([], dtype, (2, 0)), c), ((grid, ("slice", 0, 0, 6, 2)), b), (a, (grid, ("slice", 0, 1, 6, 2))),
        ]:
            cases.append(case(op, call, [left, right]))
    cases.append(case("where", torch.where, [leaf([True, False, True], torch.bool), a, leaf(2.0, dtype)]))
    cases.append(case("where", torch.where, [leaf([True, False], torch.bool, (2, 1)), b, a]))

save("elementwise", cases)
