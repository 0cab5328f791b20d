"""Values, indices and gradients of pools and interpolations over shapes, options and dtypes; NaN, infinities and equal elements too."""

import itertools
import math

import torch
import torch.nn.functional as F

from cases import case, leaf
from fixture import save

inf, nan = math.inf, math.nan
cases = []
SHAPES = {1: [(2, 3, 9), (3, 8), (0, 2, 7), (1, 1, 40)], 2: [(2, 2, 5, 7), (2, 6, 5), (0, 1, 5, 6), (1, 1, 4, 37)],
          3: [(1, 1, 4, 5, 4), (1, 3, 4, 5), (0, 1, 4, 4, 5)]}


def grid(shape, dtype, step=5):
    return leaf([((step * i * i + 3 * i) % 31 - 15) / 8 for i in range(math.prod(shape))], dtype, shape)


def max_pool(x, k, s, p, d, ceil):
    return {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}[len(k)](x, k, s, p, d, ceil, return_indices=True)


def avg_pool(x, k, s, p, ceil, pad, divisor):
    call = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}[len(k)]
    return call(x, k, s, p, ceil, pad) if len(k) == 1 else call(x, k, s, p, ceil, pad, divisor if divisor != 0 else None)


def adaptive_max_pool(x, size):
    return getattr(F, f"adaptive_max_pool{len(size)}d")(x, size, return_indices=True)


def adaptive_avg_pool(x, size):
    return getattr(F, f"adaptive_avg_pool{len(size)}d")(x, size)


def interpolate(x, size, scale, mode, align, recompute, antialias):
    return F.interpolate(x, size if size else None, scale if scale else None, mode, None if align < 0 else align > 0,
        recompute if scale else None, antialias=antialias)


WINDOWS = [(1, 1, 0, 1), (2, 2, 0, 1), (3, 2, 1, 1), (3, 1, 1, 1), (2, 3, 1, 1), (3, 2, 1, 2), (4, 3, 2, 1)]
for dtype in (torch.float64, torch.float32):
    for dims, shapes in SHAPES.items():
        for shape, (k, s, p, d), ceil in itertools.product(shapes, WINDOWS, (False, True)):
            if min(shape[-dims:]) + 2 * p < d * (k - 1) + 1:
                continue
            if dtype == torch.float32 and (dims != 2 or (k + s) % 2):
                continue
            x = grid(shape, dtype)
            cases.append(case("max_pool", max_pool, [x], [k] * dims, [s] * dims, [p] * dims, [d] * dims, ceil))
            # Of images in three dimensions PyTorch wants the window to fit without the padding.
            if d == 1 and (dims < 3 or min(shape[-3:]) >= k):
                for pad, divisor in ((True, 0), (False, 0), (True, 3)):
                    cases.append(case("avg_pool", avg_pool, [x], [k] * dims, [s] * dims, [p] * dims, ceil, pad, divisor))
        for shape in shapes:
            for size in (1, 2, 4):
                cases.append(case("adaptive_max_pool", adaptive_max_pool, [grid(shape, dtype)], [size] * dims))
                cases.append(case("adaptive_avg_pool", adaptive_avg_pool, [grid(shape, dtype)], [size] * dims))
    cases.append(case("max_pool", max_pool, [grid((1, 2, 6, 7), dtype)], [3, 2], [2, 1], [1, 0], [1, 2], False))
    cases.append(case("adaptive_avg_pool", adaptive_avg_pool, [grid((2, 2, 6, 7), dtype)], [9, 3]))
    for values in ([nan, 1, 2, nan, 3, 3], [-inf] * 6, [inf, inf, -inf, 1, -inf, 0.5], [0.0, -0.0, -0.0, 0.0, nan, nan]):
        odd = leaf(values * 6, dtype, (1, 6, 6))
        for x in ([odd] if dtype == torch.float64 else [leaf(values * 12, dtype, (1, 4, 18))]):
            for k, s, p in ((2, 2, 0), (3, 1, 1), (3, 2, 1)):
                cases.append(case("max_pool", max_pool, [x], [k] * 2, [s] * 2, [p] * 2, [1] * 2, False))
                cases.append(case("avg_pool", avg_pool, [x], [k] * 2, [s] * 2, [p] * 2, False, True, 0))
        cases.append(case("adaptive_max_pool", adaptive_max_pool, [odd], [4, 3]))
    cases.append(case("max_pool", max_pool, [(grid((2, 7, 5), dtype), ("transpose", 1, 2))], [2] * 2, [2] * 2, [0] * 2, [1] * 2, False))
    cases.append(case("avg_pool", avg_pool, [(grid((1, 1, 6), dtype), ("expand", 3, 5, 6))], [2] * 2, [2] * 2, [0] * 2, False, True, 0))
    sizes = {(2, 2, 5): ([3], [9], [5], [10], [1]), (1, 2, 4, 5): ([7, 9], [2, 3], [8, 10], [4, 5], [1, 1], [5, 40]),
             (1, 2, 3, 4, 2): ([5, 3, 4], [2, 2, 2], [6, 8, 4])}
    for shape, wanted in sizes.items():
        if dtype == torch.float32 and len(shape) != 4:
            continue
        lines = {1: ["linear"], 2: ["bilinear", "bicubic"], 3: ["trilinear"]}[len(shape) - 2]
        for size in wanted:
            for mode in ("nearest", "nearest-exact", "area"):
                cases.append(case("interpolate", interpolate, [grid(shape, dtype)], size, [], mode, -1, False, False))
            for mode, align in itertools.product(lines, (0, 1)):
                cases.append(case("interpolate", interpolate, [grid(shape, dtype)], size, [], mode, align, False, False))
                if len(size) == 2:
                    cases.append(case("interpolate", interpolate, [grid(shape, dtype)], size, [], mode, align, False, True))
        for scale in (1.7, 0.6, 2.0):
            for recompute in (False, True):
                for mode in ("nearest", "nearest-exact"):
                    cases.append(case("interpolate", interpolate, [grid(shape, dtype)], [], [scale] * (len(shape) - 2), mode, -1, recompute, False))
                for mode, align in itertools.product(lines, (0, 1)):
                    cases.append(case("interpolate", interpolate, [grid(shape, dtype)], [], [scale] * (len(shape) - 2), mode, align, recompute, False))
save("windows", cases)
