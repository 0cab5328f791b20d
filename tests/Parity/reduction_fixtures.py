"""Values and gradients of reductions over everything, one dimension, several; kept or dropped; of views, scalars and nothing."""

import math

import torch

from cases import case, leaf
from fixture import save

nan, inf = math.nan, math.inf
cases = []
DTYPES = (torch.float64, torch.float32)


def grid(shape, dtype):
    """Pairwise distinct numbers of both signs, without an order that a wrong dimension would survive."""
    count = math.prod(shape)
    return leaf([((5 * i * i + 3 * i) % 101 - 47) / 16 for i in range(count)], dtype, shape)


def every_layout(op, call, *args, empty=True):
    for dtype in DTYPES:
        for shape in [(), (1,), (5,), (3, 4), (2, 3, 4)]:
            cases.append(case(op, call, [grid(shape, dtype)], *args))
        cases.append(case(op, call, [(grid((3, 4), dtype), ("transpose", 0, 1))], *args))
        cases.append(case(op, call, [(grid((3, 1), dtype), ("expand", 2, 3, 4))], *args))
        cases.append(case(op, call, [(grid((4, 6), dtype), ("slice", 1, 1, 6, 2))], *args))
        if empty:
            cases.append(case(op, call, [leaf([], dtype, (0,))], *args))


DIMS = [0, 1, -1, -2, [0, 1], [0, 2], [1, 2], [0, 1, 2], [-1, 0]]


def over_dims(op, call, several=True):
    for dtype in DTYPES:
        for dim in DIMS if several else DIMS[:4]:
            for keepdim in (False, True):
                cases.append(case(op, call, [grid((2, 3, 4), dtype)], dim, keepdim))
        cases.append(case(op, call, [(grid((2, 3, 4), dtype), ("transpose", 0, 2))], 1, False))
        cases.append(case(op, call, [(grid((2, 1), dtype), ("expand", 2, 3))], 1, True))
        cases.append(case(op, call, [grid((), dtype)], 0, False))
        cases.append(case(op, call, [grid((), dtype)], -1, True))


every_layout("sum", lambda x: x.sum()), over_dims("sum_dim", lambda x, dim, keepdim: x.sum(dim, keepdim))
every_layout("mean", lambda x: x.mean()), over_dims("mean_dim", lambda x, dim, keepdim: x.mean(dim, keepdim))
every_layout("prod", lambda x: x.prod()), over_dims("prod_dim", lambda x, dim, keepdim: x.prod(dim, keepdim), several=False)
every_layout("max", lambda x: x.max(), empty=False), over_dims("max_dim", lambda x, dim, keepdim: x.max(dim, keepdim), several=False)
every_layout("min", lambda x: x.min(), empty=False), over_dims("min_dim", lambda x, dim, keepdim: x.min(dim, keepdim), several=False)
over_dims("amax", lambda x, dim, keepdim: x.amax(dim, keepdim)), over_dims("amin", lambda x, dim, keepdim: x.amin(dim, keepdim))
every_layout("argmax", lambda x: x.argmax(), empty=False), every_layout("argmin", lambda x: x.argmin(), empty=False)
over_dims("argmax_dim", lambda x, dim, keepdim: x.argmax(dim, keepdim), several=False)
over_dims("argmin_dim", lambda x, dim, keepdim: x.argmin(dim, keepdim), several=False)
over_dims("logsumexp", lambda x, dim, keepdim: x.logsumexp(dim, keepdim))
for correction in (0, 1):
    for dtype in DTYPES:
        for dim in DIMS:
            cases.append(case("var_dim", lambda x, d, c, k: torch.var(x, d, correction=c, keepdim=k), [grid((2, 3, 4), dtype)], dim, correction, False))
            cases.append(case("std_dim", lambda x, d, c, k: torch.std(x, d, correction=c, keepdim=k), [grid((2, 3, 4), dtype)], dim, correction, True))

# Ties, zeros, not-a-numbers.
for dtype in DTYPES:
    for values in [[1.0, 3.0, 3.0, 2.0], [1.0, nan, 2.0, nan], [inf, 1.0, inf, -inf], [-inf, -inf, -inf, -inf], [0.0, -0.0, 0.0, -0.0]]:
        x = leaf(values, dtype)
        for op, call in [("max", lambda x: x.max()), ("min", lambda x: x.min()), ("sum", lambda x: x.sum()), ("mean", lambda x: x.mean()),
                         ("argmax", lambda x: x.argmax()), ("argmin", lambda x: x.argmin())]:
            cases.append(case(op, call, [x]))
        for op, call in [("max_dim", lambda x, d, k: x.max(d, k)), ("min_dim", lambda x, d, k: x.min(d, k)), ("logsumexp", lambda x, d, k: x.logsumexp(d, k))]:
            cases.append(case(op, call, [x], 0, False))
        if not x.isnan().any():  # PyTorch divides the gradient of amax among no elements: NaN, while that of max() goes to the NaNs
            for op, call in [("amax", lambda x, d, k: x.amax(d, k)), ("amin", lambda x, d, k: x.amin(d, k))]:
                cases.append(case(op, call, [x], 0, False))
    for values in [[2.0, 0.0, 3.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0]]:
        cases.append(case("prod", lambda x: x.prod(), [leaf(values, dtype)]))
    cases.append(case("prod_dim", lambda x, d, k: x.prod(d, k), [leaf([[0.0, 2.0], [3.0, 4.0], [0.0, 0.0]], dtype)], 1, False))
    for op, call in [("sum_dim", lambda x, d, k: x.sum(d, k)), ("mean_dim", lambda x, d, k: x.mean(d, k)), ("prod_dim", lambda x, d, k: x.prod(d, k))]:
        cases.append(case(op, call, [leaf([], dtype, (0, 3))], 0, False))
        cases.append(case(op, call, [leaf([], dtype, (0, 3))], 1, True))

# Long enough for blocks, tails and threads, and exact: every partial sum is a multiple of 1/16 far below 2^24/16.
for dtype in DTYPES:
    for count in (31, 64, 257, 1027):
        cases.append(case("sum", lambda x: x.sum(), [grid((count,), dtype)]))
        cases.append(case("max", lambda x: x.max(), [leaf([((7 * i) % count) / 8 for i in range(count)], dtype)]))
    cases.append(case("sum_dim", lambda x, d, k: x.sum(d, k), [grid((17, 19), dtype)], 0, False))
    cases.append(case("sum_dim", lambda x, d, k: x.sum(d, k), [grid((17, 19), dtype)], 1, False))

# Integers and truth values are summed in int64.
for values, dtype in [([[1, 2], [3, 250]], torch.uint8), ([[1, -2], [3, 4]], torch.int32), ([[1, -2], [3, 4]], torch.int64), ([[True, False], [True, True]], torch.bool)]:
    x = leaf(values, dtype)
    cases.append(case("sum", lambda x: x.sum(), [x])), cases.append(case("sum_dim", lambda x, d, k: x.sum(d, k), [x], 0, False))
    cases.append(case("prod", lambda x: x.prod(), [x]))
    if dtype != torch.bool:
        cases.append(case("max", lambda x: x.max(), [x])), cases.append(case("argmax", lambda x: x.argmax(), [x]))
        cases.append(case("max_dim", lambda x, d, k: x.max(d, k), [x], 1, False))
for x in [leaf([True, False], torch.bool), leaf([True, True], torch.bool), leaf([], torch.bool, (0,)), leaf([0.0, nan]), leaf([0.0, -0.0])]:
    cases.append(case("any", lambda x: x.any(), [x])), cases.append(case("all", lambda x: x.all(), [x]))

save("reductions", cases)
