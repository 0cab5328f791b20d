"""Values and gradients of softmax, log-softmax and the losses, with every reduction and weight."""

import math

import torch
import torch.nn.functional as F

from cases import CONSTANT, case, leaf
from fixture import save

inf, nan = math.inf, math.nan
cases = []
REDUCTIONS = ["none", "mean", "sum"]


def grid(shape, dtype, step=5):
    return leaf([((step * i * i + 3 * i) % 31 - 15) / 8 for i in range(math.prod(shape))], dtype, shape)


def longs(values):
    return leaf(values, torch.int64)


for dtype in (torch.float64, torch.float32):
    for op, call in [("softmax", F.softmax), ("log_softmax", F.log_softmax), ("softmin", F.softmin)]:
        for shape, dim in [((), 0), ((5,), 0), ((3, 4), 0), ((3, 4), 1), ((3, 4), -1), ((2, 3, 4), 1), ((2, 3, 4), 0), ((0, 4), 1), ((3, 1), 1)]:
            cases.append(case(op, call, [grid(shape, dtype)], dim))
        cases.append(case(op, call, [(grid((3, 4), dtype), ("transpose", 0, 1))], 1))
        cases.append(case(op, call, [(grid((1, 4), dtype), ("expand", 3, 4))], 1))
        for values in [[0.0, -inf], [-inf, -inf], [inf, 0.0], [1000.0, 0.0], [nan, 1.0], [-1000.0, 1000.0, 3.0]]:
            cases.append(case(op, call, [leaf(values, dtype)], 0))
        cases.append(case(op, call, [grid((2, 37), dtype)], 1))

    logits, targets, weight = grid((5, 4), dtype), longs([0, 3, 2, 2, 1]), (leaf([1.0, 2.0, 4.0, 0.5], dtype), CONSTANT)
    for reduction in REDUCTIONS:
        def cross_entropy(x, t, w, reduction, ignore, smoothing):
            return F.cross_entropy(x, t, w, reduction=reduction, ignore_index=ignore, label_smoothing=smoothing)

        def plain(x, t, reduction, ignore, smoothing):
            return cross_entropy(x, t, None, reduction, ignore, smoothing)

        for smoothing in (0.0, 0.1):
            for ignore in (-100, 2):
                cases.append(case("cross_entropy", plain, [logits, targets], reduction, ignore, smoothing))
                cases.append(case("cross_entropy_weight", cross_entropy, [logits, targets, weight], reduction, ignore, smoothing))
        cases.append(case("cross_entropy", plain, [(grid((4, 5), dtype), ("transpose", 0, 1)), targets], reduction, -100, 0.0))
        cases.append(case("cross_entropy", plain, [grid((4,), dtype), leaf(2, torch.int64)], reduction, -100, 0.0))
        cases.append(case("cross_entropy", plain, [grid((2, 4, 3), dtype), longs([[0, 1, 2], [3, 3, 0]])], reduction, -100, 0.0))
        cases.append(case("cross_entropy", plain, [grid((0, 4), dtype), longs([])], reduction, -100, 0.0))
        cases.append(case("cross_entropy", plain, [logits, longs([2, 2, 2, 2, 2])], reduction, 2, 0.0))
        cases.append(case("cross_entropy", plain, [leaf([[1000.0, 0.0], [-1000.0, 1000.0]], dtype), longs([1, 0])], reduction, -100, 0.0))
        cases.append(case("cross_entropy", plain, [leaf([[0.0, -inf, 1.0]], dtype), longs([2])], reduction, -100, 0.0))

        logs = grid((5, 4), dtype).log_softmax(1)
        cases.append(case("nll_loss", lambda x, t, r, i: F.nll_loss(x, t, reduction=r, ignore_index=i), [logs, targets], reduction, -100))
        cases.append(case("nll_loss", lambda x, t, r, i: F.nll_loss(x, t, reduction=r, ignore_index=i), [logs, targets], reduction, 2))
        cases.append(case("nll_loss", lambda x, t, r, i: F.nll_loss(x, t, reduction=r, ignore_index=i), [logs[0], leaf(1, torch.int64)], reduction, -100))

        for shape in [(), (6,), (2, 3), (0,)]:
            prediction, target = grid(shape, dtype), grid(shape, dtype, 7)
            for op, call in [("mse_loss", F.mse_loss), ("l1_loss", F.l1_loss), ("smooth_l1_loss", F.smooth_l1_loss), ("huber_loss", F.huber_loss)]:
                cases.append(case(op, lambda x, y, r, call=call: call(x, y, reduction=r), [prediction, target], reduction))
        for op, call in [("mse_loss", F.mse_loss), ("l1_loss", F.l1_loss)]:
            cases.append(case(op, lambda x, y, r, call=call: call(x, y, reduction=r), [(grid((3, 2), dtype), ("transpose", 0, 1)), grid((2, 3), dtype, 7)], reduction))
        cases.append(case("l1_loss", lambda x, y, r: F.l1_loss(x, y, reduction=r), [leaf([1.0, 2.0, 0.0], dtype), leaf([1.0, 1.0, 1.0], dtype)], reduction))
        cases.append(case("smooth_l1_loss", lambda x, y, r: F.smooth_l1_loss(x, y, reduction=r), [leaf([0.0, 0.5, 1.0, 2.0], dtype), leaf([0.0] * 4, dtype)], reduction))

        probability, label = leaf([0.02, 0.3, 0.9, 0.5, 1.0, 0.0], dtype), leaf([0.0, 1.0, 1.0, 0.25, 1.0, 1.0], dtype)
        cases.append(case("bce", lambda p, t, r: F.binary_cross_entropy(p, t, reduction=r), [probability[:4], (label[:4], CONSTANT)], reduction))
        score = leaf([-3.0, 0.0, 2.5, 1000.0, -1000.0, 0.1], dtype)
        cases.append(case("bce_with_logits", lambda p, t, r: F.binary_cross_entropy_with_logits(p, t, reduction=r), [score, (label, CONSTANT)], reduction))

save("losses", cases)
