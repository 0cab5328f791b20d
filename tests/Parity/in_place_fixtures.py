"""In-place forms and second names: of a whole tensor, of every second column of one, of a transposed one; of each dtype, of special values.

What changes is a copy of x, which is what comes back; InPlaceParityTests says how it is called here.
"""

import math

import torch
import torch.nn.functional as F

from cases import CONSTANT, case, leaf
from fixture import save

inf, nan = math.inf, math.nan
f32, f64, i32, i64, u8, b = torch.float32, torch.float64, torch.int32, torch.int64, torch.uint8, torch.bool
cases = []
GRID = [((5 * i * i + 3 * i) % 101 - 47) / 16 for i in range(48)]


def grid(*shape, dtype=f64, start=0):
    numbers = GRID[start : start + math.prod(shape)]
    return leaf([abs(n) * 16 // 3 if not dtype.is_floating_point else n for n in numbers], dtype, shape)


PARTS = {"whole": lambda x: x, "columns": lambda x: x[:, ::2], "turned": lambda x: x.t()}


def changed(call, how):
    def run(x, *rest):
        x = x.clone()
        call(PARTS[how](x), *rest)
        return x
    return run


def ask(name, expression, *inputs, how="whole", keeps=False):
    names = dict(zip("yz", range(2)))
    def call(x, *rest):
        return eval(expression, {"torch": torch, "F": F, "x": x, **{n: rest[i] for n, i in names.items() if i < len(rest)}})
    keeps = keeps or not name.endswith("_")
    run = (lambda x, *rest: call(PARTS[how](x) if how in list(PARTS) else x, *rest)) if keeps else changed(call, how)
    try:
        cases.append(case(name, run, list(inputs), how, expression))
    except (NotImplementedError, RuntimeError) as e:
        if "not implemented" not in str(e) and "don't support automatic differentiation" not in str(e):
            raise
        # It has no derivative in PyTorch; only the values are asked for.
        cases.append(case(name, run, [x if isinstance(x, tuple) else (x, CONSTANT) for x in inputs], how, expression))


def each(name, expression, *rest, dtypes=(f64, f32), low=None):
    """Of a matrix of each dtype; what stands beside is of the shape of a row or a number."""
    for dtype in dtypes:
        x = grid(3, 4, dtype=dtype)
        if low is not None:
            x = x.abs() * (0.9 / 3) + low
        others = [r(dtype) for r in rest]
        ask(name, expression, x, *others)
        if not rest:
            ask(name, expression, x, how="columns"), ask(name, expression, x, how="turned")
            ask(name, expression, leaf(x[1, 1].item(), dtype)), ask(name, expression, x[:0])


def row(dtype):
    return grid(4, dtype=dtype, start=5)


def matrix(dtype):
    return grid(3, 4, dtype=dtype, start=9)


def nonzero(dtype):
    return grid(3, 4, dtype=dtype, start=9).abs() + 1


WHOLE = (i64, i32, u8)
for word in ("absolute", "negative", "fix"):
    each(word + "_", f"x.{word}_()", dtypes=(f64, f32, i64)), each(word, f"torch.{word}(x)")
for word in ("arccos", "arcsin", "arctanh", "arctan", "arcsinh"):
    each(word + "_", f"x.{word}_()", low=0.02), each(word, f"torch.{word}(x)", low=0.02)
each("arccosh_", "x.arccosh_()", low=1.1), each("arccosh", "torch.arccosh(x)", low=1.1)
each("arctan2_", "x.arctan2_(y)", nonzero), each("arctan2", "torch.arctan2(x, y)", nonzero)
for word in ("multiply", "subtract"):
    each(word + "_", f"x.{word}_(y)", row, dtypes=(f64, f32, i64, u8)), each(word, f"torch.{word}(x, y)", row)
each("divide_", "x.divide_(y)", nonzero), each("divide", "torch.divide(x, y)", nonzero)
each("divide_floor_", 'x.divide_(y, rounding_mode="floor")', nonzero, dtypes=(f64, f32, i64, i32))
each("subtract_alpha_", "x.subtract_(y, alpha=2)", row, dtypes=(f64, f32, i64))
for word in ("lt", "le", "gt", "ge", "eq", "ne", "greater", "greater_equal", "less", "less_equal", "not_equal"):
    each(word + "_", f"x.{word}_(y)", matrix, dtypes=(f64, f32, i64, u8, b)), each(word, f"torch.{word}(x, y)", row, dtypes=(f64, i32))
# The gradient of these goes on there as if nothing had changed: only the values are asked for.
for dtype in (f64, f32, i64, u8, b):
    for how in ("whole", "columns", "turned"):
        for word in ("logical_and", "logical_or", "logical_xor"):
            part = PARTS[how](torch.zeros(3, 4))
            ask(word + "_", f"x.{word}_(y)", (grid(3, 4, dtype=dtype), CONSTANT), (grid(*part.shape, dtype=dtype, start=9), CONSTANT), how=how)
        ask("logical_not_", "x.logical_not_()", (grid(3, 4, dtype=dtype), CONSTANT), how=how)
for word in ("logical_and", "logical_or", "logical_xor"):
    each(word, f"torch.{word}(x, y)", row, dtypes=(f64, i32))
each("remainder_", "x.remainder_(y)", nonzero, dtypes=(f64, f32, *WHOLE)), each("remainder_2_", "x.remainder_(2)", dtypes=(f64, f32, *WHOLE))
each("fmod_", "x.fmod_(y)", nonzero, dtypes=(f64, f32, *WHOLE)), each("fmod_2_", "x.fmod_(2)", dtypes=(f64, f32, *WHOLE))
each("float_power_", "x.float_power_(y)", row, dtypes=(f64,), low=0.5), each("ldexp_", "x.ldexp_(y)", row)
each("nan_to_num_", "x.nan_to_num_(1.5, 2.5, -2.5)")
ask("nan_to_num_", "x.nan_to_num_(1.5, 2.5, -2.5)", leaf([nan, inf, -inf, 0.0, -0.0, 1e30], f64))
each("cumsum_", "x.cumsum_(0)", dtypes=(f64, f32, i64, i32)), each("cumprod_", "x.cumprod_(0)", dtypes=(f64, f32, i64))
each("clip_", "x.clip_(-1, 1.25)"), each("clip", "torch.clip(x, -1, 1.25)"), each("clip_max_", "x.clip_(max=1)", dtypes=(f64, i64))
each("clamp_t_", "x.clamp_(y - 1, y)", matrix), each("clamp_min_t_", "x.clamp_min_(y)", matrix), each("clamp_max_t_", "x.clamp_max_(y)", matrix)
each("lerp_t_", "x.lerp_(y, z)", matrix, row), each("heaviside_", "x.heaviside_(y)", row, dtypes=(i64, f64, f32))
for dtype in (f64, f32, i64, u8):
    ask("heaviside", "torch.heaviside(x, y)", (leaf([0, 1, 2, 0], dtype), CONSTANT), (leaf([3, 4, 5, 6], dtype), CONSTANT))
ask("heaviside", "torch.heaviside(x, y)", (leaf([nan, -0.0, 0.0, -1.0, inf, -inf], f64), CONSTANT), (leaf([1.0, nan, 2.0, 3.0, 4.0, 5.0], f64), CONSTANT))
for dtype in (f64, f32, i64):
    x, places = grid(3, 4, dtype=dtype), torch.tensor([2, 0])
    for how in ("whole", "columns"):
        rows = grid(2, 4 if how == "whole" else 2, dtype=dtype, start=11)
        ask("index_copy_", "x.index_copy_(0, y, z)", x, places, rows, how=how), ask("index_fill_", "x.index_fill_(0, y, 3)", x, places, how=how)
    ask("masked_fill_t_", "x.masked_fill_(y, z)", x, torch.tensor([True, False, False, True]), leaf(2, dtype))
    ask("fill_t_", "x.fill_(y)", x, leaf(2, dtype))
    ask("addmm_", "x.addmm_(y, z, beta=2, alpha=3)", grid(3, 2, dtype=dtype), grid(3, 4, dtype=dtype, start=4), grid(4, 2, dtype=dtype, start=7))
    ask("addmv_", "x.addmv_(y, z, beta=2, alpha=3)", grid(3, dtype=dtype), grid(3, 4, dtype=dtype, start=4), grid(4, dtype=dtype, start=7))
    ask("addr_", "x.addr_(y, z, beta=2, alpha=3)", grid(3, 4, dtype=dtype), grid(3, dtype=dtype, start=4), grid(4, dtype=dtype, start=7))
    ask("addbmm_", "x.addbmm_(y, z, beta=2, alpha=3)", grid(3, 2, dtype=dtype), grid(2, 3, 4, dtype=dtype, start=4), grid(2, 4, 2, dtype=dtype, start=7))
    ask("baddbmm_", "x.baddbmm_(y, z, beta=2, alpha=3)", grid(2, 3, 2, dtype=dtype), grid(2, 3, 4, dtype=dtype, start=4), grid(2, 4, 2, dtype=dtype, start=7))
    for shape in ((3, 4), (7, 3), (3, 3), (3, 3, 3), (0, 3)):
        ask("fill_diagonal_", "x.fill_diagonal_(2)", grid(*shape, dtype=dtype))
    ask("fill_diagonal_wrap_", "x.fill_diagonal_(2, wrap=True)", grid(9, 2, dtype=dtype)), ask("fill_diagonal_wrap_", "x.fill_diagonal_(2, wrap=True)", grid(4, 3, dtype=dtype))
    ask("argwhere", "torch.argwhere(x)", (grid(3, 4, dtype=dtype), CONSTANT), keeps=True), ask("isreal", "torch.isreal(x)", (grid(3, dtype=dtype), CONSTANT), keeps=True)
    ask("moveaxis", "torch.moveaxis(x, (0, 1), (2, 0))", grid(2, 3, 4, dtype=dtype), keeps=True), ask("moveaxis_one", "torch.moveaxis(x, 0, -1)", grid(2, 3, 4, dtype=dtype), keeps=True)
    ask("concat", "torch.concat([x, y], 1)", grid(3, 2, dtype=dtype), grid(3, 4, dtype=dtype), keeps=True)
    ask("split_with_sizes", "x.split_with_sizes([1, 0, 3], 1)", grid(2, 4, dtype=dtype), keeps=True)
for dtype in (f64, f32):
    for how in ("whole", "columns", "turned"):
        ask("renorm_", "x.renorm_(2, 0, 1.5)", grid(3, 4, dtype=dtype), how=how)
ask("trapz", "torch.trapz(x)", grid(3, 4), keeps=True), ask("trapz_x", "torch.trapz(x, y)", grid(3, 4), grid(3, 4, start=6), keeps=True)
for word, how in (("celu", "(2)"), ("selu", "()"), ("hardtanh", "(-1, 0.5)"), ("threshold", "(0.25, 2)")):
    each(word + "_", f"F.{word}_(x, {how[1:-1]})")
for word in ("relu6", "hardsigmoid", "hardswish", "mish"):
    if word != "hardsigmoid":  # whose slope is 1/6 in single precision there
        each(word + "_", f"F.{word}(x, inplace=True)")

# Changes of shape: the tensor times something that tells where each element is.
for dtype in (f64, f32):
    for name, change in (("t_", "t_()"), ("transpose_", "transpose_(0, 1)"), ("swapaxes_", "swapaxes_(-1, 0)"), ("swapdims_", "swapdims_(0, 1)"), ("squeeze_", "squeeze_()"),
                         ("squeeze_1_", "squeeze_(1)"), ("unsqueeze_", "unsqueeze_(-1)"), ("as_strided_", "as_strided_((2, 2), (1, 2))")):
        x = grid(3, 1, dtype=dtype) if "squeeze" in name else grid(3, 2, dtype=dtype)
        for form in ("x * 1", "(x * 1).t()", "(x * 2)[1:]"):
            if name == "as_strided_" and form != "x * 1":
                continue
            ask(name, f"(lambda u: u.{change} * torch.arange(1., u.numel() + 1, dtype=u.dtype).reshape(u.shape))({form})", x, how=form, keeps=True)

# What is as it is with PyTorch though nothing asks for it.
for dtype in (f64, f32):
    ask("power_0", "x.matrix_power(0)", grid(2, 3, 3, dtype=dtype), keeps=True)
    c = leaf([[nan, 1.0], [2.0, inf]], dtype)
    ask("addmm_0", "x.addmm(y, z, beta=0)", c, grid(2, 3, dtype=dtype), grid(3, 2, dtype=dtype, start=5), keeps=True)
    # Of a few elements 1.13 reads what has a factor of 0.
    ask("baddbmm_0", "x.baddbmm(y, z, beta=0)", grid(1, 2, 2, dtype=dtype), grid(1, 2, 3, dtype=dtype), grid(1, 3, 2, dtype=dtype, start=5), keeps=True)
    ask("addmv_0", "x.addmv(y, z, beta=0)", c[0], grid(2, 3, dtype=dtype), grid(3, dtype=dtype, start=5), keeps=True)
    ask("amax", "x.amax(1)", leaf([[1.0, nan, 2.0], [3.0, 3.0, 1.0]], dtype), keeps=True), ask("amin", "x.amin((0, 1))", leaf([[1.0, nan, 2.0], [3.0, 3.0, 1.0]], dtype), keeps=True)
    ask("sort_stable", "torch.sort(x, dim=1, descending=True, stable=True)", leaf([[1.0, 3.0, 1.0, 3.0, -0.0, 0.0], [2.0, nan, 2.0, nan, 1.0, inf]], dtype), keeps=True)
    ask("argsort_stable", "torch.argsort(x, 1)", leaf([[1.0, 3.0, 1.0, 3.0], [2.0, 2.0, 2.0, 1.0]], dtype), keeps=True)
for size in (5, 17, 40, 600):
    numbers = torch.tensor([(i * i * 7 + 3 * i) % 11 for i in range(size)])
    ask("sort_stable_all", "torch.sort(x, stable=True)", numbers, keeps=True), ask("sort_stable_down", "torch.sort(x, descending=True, stable=True)", numbers, keeps=True)
    ask("sort_stable_all", "torch.sort(x, stable=True)", (numbers.float(), CONSTANT), keeps=True), ask("sort_stable_down", "torch.sort(x, descending=True, stable=True)", (numbers.double(), CONSTANT), keeps=True)
for own, other in ((f32, i32), (i32, f32), (f64, i64), (f32, f64), (f64, f32), (i64, i32), (i32, u8), (u8, i64), (f64, u8)):
    x = grid(2, 8, dtype=own)
    if own == u8 and other.is_floating_point:
        continue
    ask(f"view_{str(other)[6:]}", f"x.view({other})", (x, CONSTANT), keeps=True), ask(f"view_{str(other)[6:]}", f"x.view({other})", (x, ("slice", 0, 1, 2, 1))if not own.is_floating_point else (x[1:], CONSTANT), keeps=True)
    ask(f"view_{str(other)[6:]}", f"x.view({other})", (x[:0], CONSTANT), keeps=True)
ask("view_bool", "x.view(torch.bool)", torch.tensor([True, False]), keeps=True), ask("view_uint8", "x.view(torch.uint8)", torch.tensor([True, False]), keeps=True)

# Fractional pools with samples that are given.
for dtype in (f64, f32):
    samples2, samples3 = leaf([[[0.1, 0.9], [0.5, 0.0]]], dtype), leaf([[[0.1, 0.9, 0.4], [0.5, 0.0, 0.99]]], dtype)
    x2, x3 = grid(1, 2, 4, 6, dtype=dtype), grid(1, 2, 2, 4, 3, dtype=dtype)
    for k, o in (((2, 3), (3, 2)), ((1, 1), (4, 6)), ((4, 6), (1, 1)), ((2, 2), (3, 5))):
        ask("fractional2", f"F.fractional_max_pool2d(x, {k}, {o}, return_indices=True, _random_samples=y)", x2, (samples2, CONSTANT), how=[*k, *o], keeps=True)
    ask("fractional2", "F.fractional_max_pool2d(x, (2, 3), (3, 2), return_indices=True, _random_samples=y)", x2[0], (samples2, CONSTANT), how=[2, 3, 3, 2], keeps=True)
    for k, o in (((1, 2, 2), (1, 2, 1)), ((1, 1, 1), (1, 3, 2)), ((1, 3, 1), (1, 1, 2))):
        ask("fractional3", f"F.fractional_max_pool3d(x, {k}, {o}, return_indices=True, _random_samples=y)", x3, (samples3, CONSTANT), how=[*k, *o], keeps=True)
    ask("fractional2_ratio", "F.fractional_max_pool2d(x, 2, output_ratio=(0.5, 0.7), _random_samples=y)", x2, (samples2, CONSTANT), keeps=True)

# Tables of vectors.
for dtype in (f64, f32):
    table = grid(5, 3, dtype=dtype)
    for name, options in (("", ""), ("_norm", ", max_norm=1.5"), ("_norm1", ", max_norm=2., norm_type=1."), ("_freq", ", scale_grad_by_freq=True"), ("_padding", ", padding_idx=1, scale_grad_by_freq=True")):
        ask("embedding" + name, f"F.embedding(y, x{options})",
            (table, CONSTANT) if "norm" in name else table, torch.tensor([[1, 0, 1], [4, 1, 0]]), keeps=True)
    ask("embedding_bag_norm", 'F.embedding_bag(y, x, mode="sum", max_norm=1.5)', (table, CONSTANT), torch.tensor([[1, 0, 1], [4, 1, 0]]), keeps=True)

# Convolutions of no examples; of no channels there are none of the output either in 1.13, and not zeros and the bias.
for dtype in (f64, f32):
    def zero(*shape):
        return leaf(torch.zeros(shape), dtype)
    for name, x, w in (("1", (0, 2, 5), (3, 2, 2)), ("2", (0, 2, 5, 4), (3, 2, 2, 2)), ("3", (0, 2, 5, 4, 3), (3, 2, 2, 2, 2))):
        ask("conv" + name, f"F.conv{name}d(x, y, z)", zero(*x), zero(*w), leaf([1.0, 2.0, 3.0], dtype), keeps=True)
    for name, x, w in (("1", (0, 3, 5), (3, 2, 2)), ("2", (0, 3, 5, 4), (3, 2, 2, 2)), ("3", (0, 3, 5, 4, 3), (3, 2, 2, 2, 2))):
        ask("conv_transpose" + name, f"F.conv_transpose{name}d(x, y, z)", zero(*x), zero(*w), leaf([1.0, 2.0], dtype), keeps=True)
save("in_place", cases)
