"""Values and gradients of unpooling, Lp pools, grids that are sampled, and of normalisation and dropout by channels."""

import itertools
import math

import torch
import torch.nn.functional as F

from cases import CONSTANT, case, leaf
from fixture import save

inf, nan = math.inf, math.nan
cases = []


def grid(shape, dtype, step=5):
    return leaf([((step * i * i + 3 * i) % 31 - 15) / 8 for i in range(math.prod(shape))], dtype, shape)


def unpool(x, indices, k, s, p, size):
    return {1: F.max_unpool1d, 2: F.max_unpool2d, 3: F.max_unpool3d}[len(k)](x, indices, k, s, p, size if size else None)


def lp_pool(x, p, k, s, ceil):
    return {1: F.lp_pool1d, 2: F.lp_pool2d}[len(k)](x, p, k if len(k) > 1 else k[0], s if len(k) > 1 else s[0], ceil)


def batch_norm(x, w, b, mean, var, training, momentum, eps):
    mean, var = mean.clone(), var.clone()
    return F.batch_norm(x, mean, var, w, b, training, momentum, eps), mean, var


def instance_norm(x, w, b, mean, var, own, momentum, eps):
    mean, var = mean.clone(), var.clone()
    return F.instance_norm(x, mean, var, w, b, own, momentum, eps), mean, var


def dropout(x, kind, p, seed):
    torch.manual_seed(seed)
    return getattr(F, kind)(x, p, True)


for dtype in (torch.float64, torch.float32):
    for shape, k, s, p, size in [((2, 2, 8), 2, 2, 0, None), ((1, 2, 9), 3, 2, 1, [9]), ((2, 6, 5), 2, 2, 0, [6, 5]), ((2, 1, 4, 6), 2, 2, 0, None),
            ((0, 1, 4, 4), 2, 2, 0, None), ((1, 1, 4, 4, 4), 2, 2, 0, None)]:
        dims = len(size) if size else len(shape) - 2
        pool = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}[dims]
        y, indices = pool(grid(shape, dtype), k, s, p, return_indices=True)
        cases.append(case("max_unpool", unpool, [y, (indices, CONSTANT)], [k] * dims, [s] * dims, [p] * dims, size or []))
    for power, (k, s), ceil in itertools.product((1.0, 2.0, 3.0), ((2, 2), (3, 2)), (False, True)):
        cases.append(case("lp_pool", lp_pool, [grid((2, 2, 8), dtype).abs() + 0.5], power, [k], [s], ceil))
        cases.append(case("lp_pool", lp_pool, [grid((2, 5, 6), dtype).abs() + 0.5], power, [k] * 2, [s] * 2, ceil))
    for shape, size in [((2, 5, 3), 3), ((2, 4, 2, 3), 2), ((1, 6, 2, 2, 2), 5), ((0, 3, 4), 3)]:
        cases.append(case("local_response_norm", F.local_response_norm, [grid(shape, dtype)], size, 0.3, 0.75, 2.0))
    for theta, size in [((2, 2, 3), [2, 1, 3, 4]), ((1, 2, 3), [1, 2, 1, 5]), ((2, 3, 4), [2, 1, 2, 3, 2])]:
        for align in (False, True):
            cases.append(case("affine_grid", F.affine_grid, [grid(theta, dtype)], size, align))
    for mode, padding, align in itertools.product(("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection"), (False, True)):
        for shape, places in [((2, 2, 3, 4), (2, 3, 2, 2)), ((1, 1, 1, 5), (1, 2, 4, 2)), ((1, 2, 3, 2, 3), (1, 2, 2, 2, 3)), ((0, 1, 2, 2), (0, 1, 1, 2))]:
            if mode == "bicubic" and len(shape) == 5:
                continue
            at = grid(places, dtype, 7) * 1.1 + 0.03
            # PyTorch gives zeros for the places of nearest elements; single precision cancels in those of cubics.
            skipped = ("nearest",) if dtype == torch.float64 else ("nearest", "bicubic")
            cases.append(case("grid_sample", F.grid_sample, [grid(shape, dtype), (at, CONSTANT) if mode in skipped else at], mode, padding, align))
    at = leaf([nan, 0.1, 0.3, 0.2, -3.7, 0.6, 0.5, nan], dtype, (1, 2, 2, 2))
    cases.append(case("grid_sample", F.grid_sample, [grid((1, 2, 3, 4), dtype), (at, CONSTANT)], "bilinear", "zeros", False))
    w, b = grid((4,), dtype, 3), grid((4,), dtype, 11)
    mean, var = (grid((4,), dtype, 2), CONSTANT), (grid((4,), dtype, 9).abs() + 0.5, CONSTANT)
    for shape in [(3, 4), (2, 4, 3), (2, 4, 2, 3), (1, 4, 2, 2, 2)]:
        for training in (True, False):
            cases.append(case("batch_norm", batch_norm,
                [grid(shape, dtype), w, b, mean, var], training, 0.3, 1e-3))
        cases.append(case("batch_norm_plain", lambda x: F.batch_norm(x, None, None, training=True), [grid(shape, dtype)]))
        for groups in (1, 2, 4):
            cases.append(case("group_norm", lambda x, w, b, groups, eps: F.group_norm(x, groups, w, b, eps), [grid(shape, dtype), w, b], groups, 1e-4)) \
                if math.prod(shape) > groups * shape[0] else None
        if len(shape) > 2:
            for own in (True, False):
                cases.append(case("instance_norm", instance_norm,
                    [grid(shape, dtype), w, b, mean, var], own, 0.3, 1e-3))
            cases.append(case("instance_norm_plain", lambda x: F.instance_norm(x), [grid(shape, dtype)]))
    for kind, shape in [("dropout1d", (2, 5, 3)), ("dropout1d", (5, 3)), ("dropout2d", (2, 5, 2, 3)), ("dropout3d", (2, 5, 2, 1, 2)),
            ("dropout3d", (5, 2, 1, 2)), ("alpha_dropout", (4, 5)), ("feature_alpha_dropout", (3, 4, 2))]:
        for p in (0.0, 0.3, 0.7, 1.0):
            cases.append(case("dropout", dropout, [grid(shape, dtype)], kind, p, 3))
save("window_layers", cases)
