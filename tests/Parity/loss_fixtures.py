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

for dtype in (torch.float64, torch.float32):
    signs = leaf([1, -1, -1, 1, 1], torch.int64)
    weight = (leaf([1.0, 2.0, 4.0, 0.5], dtype), CONSTANT)
    scores, others = grid((5, 4), dtype), grid((5, 4), dtype, 7)
    for r in REDUCTIONS:
        spread = (leaf([1.0, -1.0] * 10, dtype, (5, 4)), CONSTANT)
        cases.append(case("soft_margin_loss", lambda x, y, r: F.soft_margin_loss(x, y, reduction=r), [scores, spread], r))
        for margin in (1.0, 0.3):
            cases.append(case("hinge_embedding_loss", lambda x, y, r, m: F.hinge_embedding_loss(x, y, m, reduction=r), [scores, spread], r, margin))
            cases.append(case("margin_ranking_loss", lambda x, y, t, r, m: F.margin_ranking_loss(x, y, t, m, reduction=r), [scores[:, 0], others[:, 1], signs], r, margin))
            cases.append(case("cosine_embedding_loss", lambda x, y, t, r, m: F.cosine_embedding_loss(x, y, t, m, reduction=r), [scores, others, signs], r, margin - 0.8))
            for p in (1, 2):
                def multi(x, t, w, r, m, p):
                    return F.multi_margin_loss(x, t, p, m, w, reduction=r)
                cases.append(case("multi_margin_loss", lambda x, t, r, m, p: multi(x, t, None, r, m, p), [scores, longs([0, 3, 2, 2, 1])], r, margin, p))
                cases.append(case("multi_margin_loss_weight", multi, [scores, longs([0, 3, 2, 2, 1]), weight], r, margin, p))
                cases.append(case("multi_margin_loss", lambda x, t, r, m, p: multi(x, t, None, r, m, p), [scores[0], leaf(2, torch.int64)], r, margin, p))
        cases.append(case("cosine_embedding_loss", lambda x, y, t, r, m: F.cosine_embedding_loss(x, y, t, m, reduction=r), [scores[0], others[0], leaf(-1, torch.int64)], r, 0.0))
        labels = longs([[0, 3, -1, 1], [-1, 1, 2, 3], [2, 1, 0, 3], [1, 1, -1, 0], [3, 0, 2, -1]])
        cases.append(case("multilabel_margin_loss", lambda x, t, r: F.multilabel_margin_loss(x, t, reduction=r), [scores, labels], r))
        cases.append(case("multilabel_margin_loss", lambda x, t, r: F.multilabel_margin_loss(x, t, reduction=r), [scores[1], labels[0]], r))
        chosen = (leaf([0.0, 1.0, 1.0, 0.0, 1.0] * 4, dtype, (5, 4)), CONSTANT)
        cases.append(case("multilabel_soft_margin_loss", lambda x, t, r: F.multilabel_soft_margin_loss(x, t, reduction=r), [scores, chosen], r))
        cases.append(case("multilabel_soft_margin_loss_weight", lambda x, t, w, r: F.multilabel_soft_margin_loss(x, t, w, reduction=r), [scores, chosen, weight], r))
        for log_input, full in [(True, False), (True, True), (False, False), (False, True)]:
            counts = (leaf([0.0, 1.0, 2.0, 5.0, 0.5] * 4, dtype, (5, 4)), CONSTANT)
            rates = scores if log_input else scores.abs() + 0.25
            cases.append(case("poisson_nll_loss", lambda x, t, r, log_input, full: F.poisson_nll_loss(x, t, log_input, full=full, reduction=r), [rates, counts], r, log_input, full))
        for full in (False, True):
            for variance in [others.square() + 0.1, others.square()[:, :1] + 0.1, others.square()[:, 0] + 0.1, others.square() * 1e-7]:
                cases.append(case("gaussian_nll_loss", lambda x, t, v, r, full: F.gaussian_nll_loss(x, t, v, full, reduction=r), [scores, grid((5, 4), dtype, 3), variance], r, full))
        third = grid((5, 4), dtype, 2)
        for p, swap, margin in [(2, False, 1.0), (2, True, 1.0), (1, False, 2.5), (3, True, 4.0)]:
            cases.append(case("triplet_margin_loss", lambda a, y, n, r, p, swap, m: F.triplet_margin_loss(a, y, n, m, p, swap=swap, reduction=r), [scores, others, third], r, p, swap, margin))
        cases.append(case("triplet_margin_with_distance_loss", lambda a, y, n, r, swap: F.triplet_margin_with_distance_loss(a, y, n, distance_function=lambda u, v: (u - v).abs().amax(1), swap=swap, reduction=r), [scores, others, third], r, True))
        cases.append(case("mse_loss", lambda x, y, r: F.mse_loss(x, y, reduction=r), [(scores, ("transpose", 0, 1)), (others, ("transpose", 0, 1))], r))

        def ctc(x, t, i, o, r, blank, zero):
            return F.ctc_loss(x.log_softmax(-1), t, i, o, blank, r, zero)

        steps = grid((7, 3, 5), dtype)
        for blank in (0, 2):
            labels = longs([[1, 1, 3, 4], [3, 4, 1, 1], [4, 0, 0, 0]]) if blank == 0 else longs([[1, 1, 3, 4], [0, 4, 1, 1], [4, 0, 0, 0]])
            for lengths, sizes in [((7, 7, 7), (4, 3, 1)), ((7, 5, 4), (4, 2, 0)), ((6, 6, 1), (2, 4, 1))]:
                cases.append(case("ctc_loss", ctc, [steps, labels, longs(lengths), longs(sizes)], r, blank, False))
        cases.append(case("ctc_loss", ctc, [steps, longs([1, 1, 3, 3, 4, 4]), longs((7, 6, 5)), longs((3, 1, 2))], r, 0, False))
        cases.append(case("ctc_loss", ctc, [steps[:, 0], longs([1, 1, 3]), leaf(7, torch.int64), leaf(3, torch.int64)], r, 0, False))
        cases.append(case("ctc_loss", ctc, [steps, longs([[1, 1, 3, 4], [3, 4, 1, 1], [4, 0, 0, 0]]), longs((4, 7, 7)), longs((4, 4, 1))], r, 0, True))

save("losses", cases)
