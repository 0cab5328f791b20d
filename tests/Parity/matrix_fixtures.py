"""Values and gradients of matrix products of every pair of ranks, plain, transposed, expanded, empty."""

import math

import torch
import torch.nn.functional as F

from cases import case, leaf
from fixture import save

cases = []


def grid(shape, dtype, step=5):
    return leaf([((step * i * i + 3 * i) % 31 - 15) / 8 for i in range(math.prod(shape))], dtype, shape)


def transposed(shape, dtype, step=5):
    *batch, rows, columns = shape
    return grid((*batch, columns, rows), dtype, step), ("transpose", len(shape) - 2, len(shape) - 1)


PRODUCTS = [
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((1, 5), (5, 1)), ((5, 1), (1, 5)), ((1, 1), (1, 1)),
    ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((2, 3, 4), (4,)), ((4,), (2, 4, 3)),
    ((1, 3, 4), (2, 4, 5)), ((2, 0), (0, 3)), ((0, 3), (3, 2)), ((2, 3), (3, 0)), ((0, 2, 3), (3, 4)), ((0,), (0,)), ((2, 3, 0), (2, 0, 2)),
]
for dtype in (torch.float64, torch.float32):
    for left, right in PRODUCTS:
        cases.append(case("matmul", torch.matmul, [grid(left, dtype), grid(right, dtype, 7)]))
        if len(left) > 1:
            cases.append(case("matmul", torch.matmul, [transposed(left, dtype), grid(right, dtype, 7)]))
        if len(right) > 1:
            cases.append(case("matmul", torch.matmul, [grid(left, dtype), transposed(right, dtype, 7)]))
        if len(left) > 1 and len(right) > 1:
            cases.append(case("matmul", torch.matmul, [transposed(left, dtype), transposed(right, dtype, 7)]))
    cases.append(case("matmul", torch.matmul, [(grid((1, 3), dtype), ("expand", 4, 3)), grid((3, 2), dtype)]))
    cases.append(case("matmul", torch.matmul, [(grid((3, 1), dtype), ("expand", 3, 4)), grid((4, 2), dtype)]))
    cases.append(case("matmul", torch.matmul, [(grid((1, 2, 3), dtype), ("expand", 4, 2, 3)), grid((4, 3, 2), dtype)]))
    cases.append(case("matmul", torch.matmul, [(grid((4, 6), dtype), ("slice", 1, 0, 6, 2)), grid((3, 2), dtype)]))
    cases.append(case("matmul", torch.matmul, [(grid((6, 3), dtype), ("slice", 0, 1, 6, 2)), grid((3, 2), dtype)]))
    cases.append(case("matmul", torch.matmul, [grid((17, 33), dtype), grid((33, 9), dtype, 7)]))

    cases.append(case("mm", torch.mm, [grid((2, 3), dtype), grid((3, 4), dtype, 7)]))
    cases.append(case("mv", torch.mv, [grid((2, 3), dtype), grid((3,), dtype, 7)]))
    cases.append(case("dot", torch.dot, [grid((5,), dtype), grid((5,), dtype, 7)]))
    cases.append(case("bmm", torch.bmm, [grid((3, 2, 4), dtype), grid((3, 4, 2), dtype, 7)]))
    cases.append(case("outer", torch.outer, [grid((3,), dtype), grid((4,), dtype, 7)]))
    for beta, alpha in [(1, 1), (0.5, 2), (0, 1)]:
        call = lambda c, a, b, beta, alpha: torch.addmm(c, a, b, beta=beta, alpha=alpha)
        cases.append(case("addmm", call, [grid((2, 4), dtype), grid((2, 3), dtype), grid((3, 4), dtype, 7)], beta, alpha))
        cases.append(case("addmm", call, [grid((4,), dtype), grid((2, 3), dtype), grid((3, 4), dtype, 7)], beta, alpha))

    for shape in [(3,), (5, 3), (2, 5, 3), (0, 3), (1, 3)]:
        cases.append(case("linear", F.linear, [grid(shape, dtype), grid((4, 3), dtype, 7), grid((4,), dtype, 11)]))
        cases.append(case("linear", F.linear, [grid(shape, dtype), grid((4, 3), dtype, 7)]))
    cases.append(case("linear", F.linear, [transposed((5, 3), dtype), transposed((4, 3), dtype, 7), grid((4,), dtype, 11)]))

save("matrix", cases)
