"""Operations that take more than one sentence: special values, integers, empty and 0-dim tensors, views, each dtype.

What is asked is the expression that stands with the case, of x, y and z; FamilyParityTests says how it is called here.
"""

import math

import torch
import torch.nn.functional as F

from cases import CONSTANT, case, leaf
from fixture import save

inf, nan = math.inf, math.nan
f32, f64, i32, i64, u8, b = torch.float32, torch.float64, torch.int32, torch.int64, torch.uint8, torch.bool
cases = []

SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, inf, -inf, nan, 1e-310, 3.0]
GRID = [((5 * i * i + 3 * i) % 101 - 47) / 16 for i in range(24)]


def ask(name, expression, *inputs):
    """Each input is a tensor, or a tensor and how it is seen."""
    names = dict(zip("xyz", range(3)))
    def call(*xs):
        return eval(expression, {"torch": torch, "F": F, **{n: xs[i] for n, i in names.items() if i < len(xs)}})
    cases.append(case(name, call, list(inputs), expression))


def grid(*shape, dtype=f64):
    return leaf(GRID[: math.prod(shape)], dtype, shape)


def whole(*numbers, dtype=i64):
    return torch.tensor(numbers, dtype=dtype)


# Arithmetic: quotients of special values, of integers of every dtype and both signs.
for dtype in (f64, f32):
    xs = [a for a in SPECIAL + [7.0, -7.0, 1.0, 0.3] for _ in range(6)]
    ys = [c for _ in range(len(SPECIAL) + 4) for c in (2.0, -2.0, 0.1, inf, nan, 0.0)]
    for mode in ("floor", "trunc"):
        ask("div_" + mode, f'torch.div(x, y, rounding_mode="{mode}")', leaf(xs, dtype), leaf(ys, dtype))
    ask("copysign", "torch.copysign(x, y)", leaf([0.0, -0.0, 2.0, -3.0, 4.0, nan], dtype), leaf([-1.0, 0.0, -0.0, 5.0, -inf, -1.0], dtype))
    for d in (0, 1, 3, -1, -2):
        ask(f"round_{d}", f"torch.round(x, decimals={d})", leaf([0.05, 0.15, 0.25, -0.35, 1234.5675, -55.0, 45.0, 0.0, inf, nan], dtype))
    ask("ldexp", "torch.ldexp(x, y)", leaf([0.0, 1.5, -2.5, inf, nan, 1.0], dtype), leaf([3.0, -4.0, 10.0, 2.0, 1.0, -20.0], dtype))
    ask("frexp", "torch.frexp(x)[0]", leaf([0.0, 1.5, -2.5, 1024.0, 0.001, 1e-30, 1e30], dtype))
    ask("frexp_exponent", "torch.frexp(x)[1]", leaf([0.0, 1.5, -2.5, 1024.0, 0.001, 1e-30, 1e30], dtype))
    ask("signbit", "x.signbit()", leaf([x for x in SPECIAL if x == x], dtype))  # The sign of a NaN is not written down.
    ask("isposinf", "x.isposinf()", leaf(SPECIAL, dtype))
    ask("isneginf", "x.isneginf()", leaf(SPECIAL, dtype))
    ask("logaddexp2", "torch.logaddexp2(x, y)", leaf([0.0, 1.0, -1000.0, inf, -inf, inf], dtype), leaf([0.0, 3.0, -1000.5, 1.0, -inf, inf], dtype))
    ask("xlog1py", "torch.special.xlog1py(x, y)", leaf([0.0, 0.0, 0.0, 1.0, 2.0, 0.0], dtype), leaf([-1.0, nan, 1.0, 0.0, 0.5, inf], dtype))
    ask("entr", "torch.special.entr(x)", leaf([0.0, 1.0, 0.5, -1.0, nan, inf, 1e-30], dtype))
for dtype in (i64, i32, u8):
    xs, ys = whole(7, 8, 9, 0, 5, 100, dtype=dtype), whole(2, 3, 10, 4, 5, 7, dtype=dtype)
    signed = [] if dtype == u8 else [(-xs, ys), (xs, -ys), (-xs, -ys)]
    for a, c in [(xs, ys)] + signed:
        for mode in ("floor", "trunc"):
            ask("div_" + mode, f'torch.div(x, y, rounding_mode="{mode}")', a, c)
        ask("gcd", "torch.gcd(x, y)", a, c), ask("lcm", "torch.lcm(x, y)", a, c)
        ask("bitwise_and", "x & y", a, c), ask("bitwise_or", "x | y", a, c), ask("bitwise_xor", "x ^ y", a, c)
    ask("bitwise_not", "~x", xs)
    ask("shift_left", "x << y", xs, whole(0, 1, 2, 3, 4, 0, dtype=dtype)), ask("shift_right", "x >> y", xs, whole(0, 1, 2, 3, 4, 1, dtype=dtype))
    ask("isin", "torch.isin(x, y)", xs, ys), ask("searchsorted", "torch.searchsorted(x, y)", xs.sort().values, ys)
    ask("unique", "torch.unique(x, return_inverse=True, return_counts=True)", whole(3, 1, 3, 2, 1, 3, dtype=dtype).reshape(2, 3))
    ask("diff_2", "x.diff(2)", xs), ask("bincount", "x.bincount()", xs)
    ask("sum_f64", "x.sum(dtype=torch.float64)", xs), ask("cumsum_i32", "x.cumsum(0, dtype=torch.int32)", xs)
ask("bitwise_and", "x & y", torch.tensor([True, False, True]), torch.tensor([True, True, False]))
ask("bitwise_xor", "x ^ y", torch.tensor([True, False, True]), torch.tensor([True, True, False]))
ask("bitwise_not", "~x", torch.tensor([True, False]))
ask("bitwise_or", "x | y", whole(1, 2, 3, dtype=i32), whole(4, 5, 2**40))
ask("diff_1", "x.diff()", torch.tensor([True, False, False, True]))

# Searches.
for dtype in (f64, f32):
    bounds = leaf([-1.0, 0.0, 0.5, 0.5, 2.0], dtype)
    for right in (False, True):
        ask(f"bucketize_{right}", f"torch.bucketize(x, y, right={right})", leaf(SPECIAL + [0.5], dtype), (bounds, CONSTANT))
        ask(f"bucketize_{right}", f"torch.bucketize(x, y, right={right})", leaf(0.25, dtype), (bounds, CONSTANT))
        ask(f"searchsorted_rows_{right}", f"torch.searchsorted(x, y, right={right})", grid(2, 5, dtype=dtype).sort(1).values, grid(2, 3, dtype=dtype))
    ask("isin", "torch.isin(x, y)", leaf(SPECIAL, dtype), leaf([nan, 0.0, inf], dtype))
    ask("unique", "torch.unique(x, return_inverse=True, return_counts=True)", (leaf([2.0, -1.0, 2.0, 0.5, -1.0], dtype), CONSTANT))
    ask("unique_dim", "torch.unique(x, return_inverse=True, return_counts=True, dim=0)", (leaf([[2.0, 1.0], [0.0, 3.0], [2.0, 1.0]], dtype), CONSTANT))
    ask("unique_consecutive", "torch.unique_consecutive(x, return_inverse=True, return_counts=True)", (leaf([2.0, 2.0, 1.0, 1.0, 2.0], dtype), CONSTANT))
    ask("unique_consecutive_dim", "torch.unique_consecutive(x, return_inverse=True, return_counts=True, dim=1)", (leaf([[1.0, 1.0, 2.0], [3.0, 3.0, 3.0]], dtype), CONSTANT))
    ask("unique", "torch.unique(x, return_inverse=True, return_counts=True)", (leaf([], dtype, (0,)), CONSTANT))

# Reductions.
for dtype in (f64, f32):
    holes = leaf([[1.0, nan, 3.0, -2.0], [nan, nan, nan, nan], [inf, 2.0, -inf, 2.0]], dtype)
    for dims, text in (("0", "0"), ("1", "1"), ("all", "(0, 1)")):
        ask("nansum_" + dims, f"x.nansum({text})", holes)
        # Of nothing but NaN the gradient is NaN there, and 0 here as for the others.
        ask("nanmean_" + dims, f"x.nanmean({text})", (holes, CONSTANT)), ask("nanmean_" + dims, f"x.nanmean({text})", holes[[0, 2]])
    ask("nanmedian", "x.nanmedian()", holes), ask("nanmedian", "x.nanmedian()", leaf([nan, nan], dtype))
    ask("nanmedian_dim", "x.nanmedian(0).values", holes), ask("nanmedian_dim", "x.nanmedian(0).values", grid(4, 3, dtype=dtype))
    for q in (0.0, 0.25, 0.5, 0.77, 1.0):
        for how in ("linear", "lower", "higher", "midpoint", "nearest"):
            ask(f"quantile_{q}_{how}", f'x.quantile({q}, 1, interpolation="{how}")', grid(3, 5, dtype=dtype))
    ask("quantile_several", "x.quantile(torch.tensor([0.3, 0.6], dtype=x.dtype), 0, keepdim=True)", (grid(4, 6, dtype=dtype), ("transpose", 0, 1)))
    ask("quantile_all", "x.quantile(torch.tensor([0.1, 0.9], dtype=x.dtype))", grid(3, 4, dtype=dtype))
    ask("quantile_0.5_linear", "x.quantile(0.5, 1)", leaf([[1.0, nan, 3.0], [1.0, 2.0, 3.0]], dtype))
    ask("nanquantile", "x.nanquantile(0.4, 1)", leaf([[1.0, nan, 3.0, 7.0], [nan, nan, nan, nan], [4.0, 2.0, 3.0, nan]], dtype))
    ask("logcumsumexp_0", "x.logcumsumexp(0)", grid(4, 3, dtype=dtype)), ask("logcumsumexp_0", "x.logcumsumexp(0)", leaf(2.5, dtype))
    ask("logcumsumexp_0", "x.logcumsumexp(0)", leaf([100.0, 100.0, -1000.0, 200.0], f64)), ask("logcumsumexp_0", "x.logcumsumexp(0)", leaf([], dtype, (0,)))
    ask("histc", "x.histc(4, -2, 2)", (leaf([-3.0, -2.0, -1.0, 0.0, 0.99, 1.0, 2.0, 2.5], dtype), CONSTANT))
    ask("histc_auto", "x.histc(3)", (grid(4, 6, dtype=dtype), CONSTANT)), ask("histc_auto", "x.histc(3)", (leaf([2.0, 2.0], dtype), CONSTANT))
    ask("histogram", "torch.histogram(x, 5)", (grid(4, 6, dtype=dtype), CONSTANT))
    ask("histogram_edges", "torch.histogram(x, torch.tensor([-2., 0., .5, 3.], dtype=x.dtype))", (grid(4, 6, dtype=dtype), CONSTANT))
    ask("bincount_weights", "x.bincount(y, 6)", whole(1, 3, 3, 0), (leaf([0.5, 1.5, 2.0, -1.0], dtype), CONSTANT))
    for p in (1, 2, 3):
        ask(f"renorm_{p}", f"x.renorm({p}, 0, 2.5)", grid(3, 4, dtype=dtype))
    ask("cov", "torch.cov(x)", grid(3, 5, dtype=dtype)), ask("cov", "torch.cov(x)", grid(5, dtype=dtype)), ask("cov", "torch.cov(x)", leaf(2.0, dtype))
    ask("corrcoef", "torch.corrcoef(x)", grid(5, dtype=dtype))
    ask("trapezoid", "torch.trapezoid(x)", grid(3, 4, dtype=dtype)), ask("trapezoid", "torch.trapezoid(x)", leaf([[1.0], [2.0]], dtype))
    ask("trapezoid", "torch.trapezoid(x)", (leaf([], dtype, (2, 0)), CONSTANT)), ask("cumulative_trapezoid", "torch.cumulative_trapezoid(x)", leaf([[1.0], [2.0]], dtype))
    ask("aminmax", "(x.amin(), x.amax())", leaf([3.0, -1.0, 3.0, -1.0], dtype)), ask("aminmax", "(x.amin(), x.amax())", (leaf([3.0, nan], dtype), CONSTANT))

# Rearranging.
for dtype in (f64, f32, i64):
    x = grid(2, 3, 4, dtype=dtype) if dtype != i64 else torch.arange(24).reshape(2, 3, 4)
    ask("pad", "F.pad(x, (1, 2, -1, 1), value=7)", x), ask("pad", "F.pad(x, (1, 2, -1, 1), value=7)", (x, ("transpose", 0, 2)))
    ask("flips", "(x.fliplr(), x.flipud())", x), ask("rolls", "x.roll((2, -1), (0, 2))", x)
    ask("dstack", "torch.dstack([x, y])", x[0, :, :2], x[1, :, :2]), ask("column_stack", "torch.column_stack([x, y])", x[0, 0], x[:1, 0].t())
    ask("block_diag", "torch.block_diag(x, y)", x[0], x[0, 0]), ask("cartesian_prod", "torch.cartesian_prod(x, y)", x[0, 0], x[0, :, 0])
    ask("combinations", "torch.combinations(x, 3)", x[0, 0]), ask("combinations", "torch.combinations(x, 3)", x[0, 0, :2])
    ask("atleast", "(torch.atleast_1d(x), torch.atleast_2d(x), torch.atleast_3d(x))", x[0, 0, 0])
    ask("atleast", "(torch.atleast_1d(x), torch.atleast_2d(x), torch.atleast_3d(x))", x[0, 0])
    ask("diagflat", "torch.diagflat(x, 1)", x[0]), ask("movedim", "x.movedim((0, 1), (2, 0))", x)
    ask("hsplit", "x.hsplit((1,))", x), ask("dsplit", "x.dsplit(2)", x), ask("tensor_split", "x.tensor_split((1, 3, 9), 2)", x)
    ask("repeat_interleave", "x.repeat_interleave(y, 0)", x, whole(2, 0)), ask("repeat_interleave_flat", "x.repeat_interleave(2)", x)
    ask("scatter_prod", 'x.scatter_reduce(0, y, z, "prod")', x[0].contiguous(), whole(0, 0, 2, 1, 2, 2, 0, 0).reshape(2, 4), x[1, :2].contiguous())
    for how in ("amax", "amin", "mean", "sum"):
        ask("scatter_" + how, f'x.scatter_reduce(0, y, z, "{how}", include_self=False)', x[0].contiguous(), whole(0, 0, 2, 1, 2, 2, 0, 0).reshape(2, 4), x[1, :2].contiguous())
    ask("put", "x.put(y, z, True)", x[0].contiguous(), whole(0, -1, 0), x[1, 0, :3].contiguous())
    ask("masked_scatter", "x.masked_scatter(y, z)", x[0].contiguous(), torch.tensor([True, False, True, False]), x[1].contiguous())
for dtype in (f64, f32):
    # A product with zeros: one, two, none.
    ask("scatter_prod", 'x.scatter_reduce(0, y, z, "prod")', leaf([0.0, 2.0, 3.0, 0.0], dtype), whole(0, 0, 1, 2, 2, 3), leaf([5.0, 4.0, 0.0, 1.5, 2.0, 0.0], dtype))
    ask("prelu", "F.prelu(x, y)", leaf([-2.0, -0.0, 0.0, 3.0, inf, -inf, nan], dtype), leaf([0.25], dtype))
    ask("glu_0", "F.glu(x, 0)", grid(4, 3, dtype=dtype)), ask("normalize", "F.normalize(x, p=2, dim=0)", leaf([[0.0, 3.0], [0.0, 4.0]], dtype))
for dtype in (f64, f32):
    ask("clamp_min", "x.clamp_min(y)", leaf([1.0, 2.0, 3.0], dtype), leaf([2.0, 2.0, 2.0], dtype))
    ask("clamp_min", "x.clamp_min(y)", (leaf([nan, 1.0], dtype), CONSTANT), (leaf([0.0, nan], dtype), CONSTANT))
    ask("clamp_max", "x.clamp_max(y)", leaf([1.0, 2.0, 3.0], dtype), leaf([2.0, 2.0, 2.0], dtype))
    ask("clamp_max", "x.clamp_max(y)", (leaf([nan, 1.0], dtype), CONSTANT), (leaf([0.0, nan], dtype), CONSTANT))
    table = grid(5, 3, dtype=dtype)
    for mode in ("sum", "mean", "max"):
        ask("embedding_bag_" + mode, f'F.embedding_bag(x, y, z, mode="{mode}")', whole(1, 0, 4, 1, 2), table, whole(0, 2, 2, 3))
        ask("embedding_bag_rows_" + mode, f'F.embedding_bag(x, y, mode="{mode}", padding_idx=1)', whole(1, 0, 4, 1, 2, 1).reshape(3, 2), table)
    ask("embedding_bag_weights", 'F.embedding_bag(x, y, torch.tensor([0, 1, 3]), mode="sum", per_sample_weights=z, include_last_offset=True)',
        whole(1, 0, 4), table, leaf([0.5, -1.0, 2.0], dtype))
ask("one_hot", "F.one_hot(x)", whole(0, 2, 1)), ask("one_hot", "F.one_hot(x)", whole(3))
ask("tril_indices", "torch.tril_indices(3, 5, -1)"), ask("triu_indices", "torch.triu_indices(3, 2, 1)")
ask("meshgrid_xy", 'torch.meshgrid(x, y, indexing="xy")', grid(2), grid(3))
ask("logspace", "torch.logspace(-2, 2, 5, dtype=torch.float64)")

# Arguments that may be left out.
for dtype in (f64, f32):
    x = grid(3, 4, dtype=dtype)
    bounds = leaf([-1.0, 0.0, 0.5, 0.5, 2.0], dtype)
    ask("searchsorted_int32", "torch.searchsorted(x, y, out_int32=True, right=True)", (bounds, CONSTANT), x)
    ask("bucketize_int32", "torch.bucketize(x, y, out_int32=True)", x, (bounds, CONSTANT))
    ask("extremes_all", "(x.amax(), x.amin(1), x.amax(0, keepdim=True))", x), ask("extremes_all", "(x.amax(), x.amin(1), x.amax(0, keepdim=True))", (x, ("transpose", 0, 1)))
    ask("std_mean_all", "torch.std_mean(x, unbiased=False)", x), ask("var_mean_all", "torch.var_mean(x, unbiased=True)", x)
    ask("std_mean_1", "torch.std_mean(x, 1, unbiased=True)", x), ask("var_mean_0", "torch.var_mean(x, 0, unbiased=False, keepdim=True)", x)
    holes = leaf([[1.0, nan, 3.0, -2.0], [inf, 2.0, -inf, 2.0]], dtype)
    ask("nansum_dtype", "x.nansum(0, dtype=torch.float64)", holes), ask("nanmean_dtype", "x.nanmean(1, keepdim=True, dtype=torch.float64)", holes)
    ask("softmin_dtype", "F.softmin(x, 1, dtype=torch.float64)", x)
    ask("special_softmax_dtype", "(torch.special.softmax(x, 0, dtype=torch.float64), torch.special.log_softmax(x, 1, dtype=torch.float64))", x)
    ask("take_along_flat", "torch.take_along_dim(x, y)", x, whole(3, 0, 11, 3).reshape(2, 2))
    ask("index_fill_tensor", "x.index_fill(0, y, z)", x, whole(2, 0, 2), leaf(1.5, dtype)), ask("index_fill_tensor", "x.index_fill(0, y, z)", x, whole(), leaf(1.5, dtype))
    ask("pinv_hermitian", "torch.linalg.pinv(x @ x.mT, hermitian=True)", grid(3, 4, dtype=f64)), ask("pinv_hermitian", "torch.linalg.pinv(x @ x.mT, hermitian=True)", grid(4, 2, dtype=f64))
    row = (x[0], CONSTANT)  # Of 1.13 the powers have no gradient: they are changed in place on the way.
    ask("vander", "torch.vander(x)", row), ask("vander_5", "torch.vander(x, 5, increasing=True)", row), ask("vander_1", "torch.vander(x, 1)", row)
    ask("vector_norm_dtype", "torch.linalg.vector_norm(x, 3, 1, dtype=torch.float64)", x)
ask("diag_embed_0_2", "x.diag_embed(1, 0, 2)", grid(2, 3)), ask("diag_embed_0_2", "x.diag_embed(1, 0, 2)", grid(2, 4, 3))
for dtype in (i64, i32):
    ask("vander", "torch.vander(x)", whole(1, 2, -3, dtype=dtype))
    ask("nansum_dtype", "x.nansum(0, dtype=torch.float64)", whole(1, 2, -3, dtype=dtype))
save("family", cases)
