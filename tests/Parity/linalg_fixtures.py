"""Linear algebra over shapes, layouts and special matrices: what does not depend on signs and orders, and the gradients of that."""

import math

import torch

from cases import case, leaf
from fixture import save

cases = []
L = torch.linalg


def grid(shape, dtype, step=5):
    return leaf([((step * i * i + 3 * i) % 31 - 15) / 8 for i in range(math.prod(shape))], dtype, shape)


def square(shape, dtype):
    """Far from singular."""
    return grid(shape, dtype) * 0.2 + 3 * torch.eye(shape[-1], dtype=dtype)


def definite(shape, dtype):
    x = grid(shape, dtype)
    return (x @ x.mT) * 0.25 + torch.eye(shape[-2], dtype=dtype)


def symmetric(x):
    return (x + x.mT) / 2


def of_eigh(x):
    w, v = L.eigh(symmetric(x))
    return w, (v * w.exp().unsqueeze(-2)) @ v.mT


def of_svd(x):
    u, s, vh = L.svd(x, full_matrices=False)
    return s, (u * (s * s + s).unsqueeze(-2)) @ vh


def of_lu(x):
    p, l, u = L.lu(x)
    return p, l, u


def transposed(x):
    return x.mT.contiguous(), ("transpose", x.ndim - 2, x.ndim - 1)


SQUARES = [(1, 1), (2, 2), (5, 5), (18, 18), (3, 4, 4), (2, 1, 3, 3), (0, 0), (0, 3, 3), (2, 0, 0)]
RECTANGLES = [(3, 3), (5, 2), (2, 5), (1, 4), (4, 1), (20, 9), (9, 20), (2, 3, 2), (2, 3, 1, 2), (0, 3), (3, 0), (0, 3, 2), (2, 0, 3)]

for dtype in (torch.float64, torch.float32):
    for shape in SQUARES:
        if dtype == torch.float32 and shape[-1] > 5:  # the same algorithms, at an accuracy that tells less
            continue
        a = square(shape, dtype)
        for x in (a, transposed(a)):
            cases.append(case("inv", L.inv, [x]))
            if math.prod(shape) > 0:  # of nothing 1.13 records nothing
                cases.append(case("det", L.det, [x]))
            cases.append(case("slogdet", lambda x: L.slogdet(x)[1], [x]))
            cases.append(case("lu", of_lu, [x]))
            cases.append(case("matrix_exp", torch.matrix_exp, [a * 0.25]))
            cases.append(case("eigh", of_eigh, [x]))
        cases.append(case("eigvalsh", lambda x: L.eigvalsh(symmetric(x)), [a]))
        cases.append(case("cholesky", lambda x: L.cholesky(symmetric(x)), [definite(shape, dtype)]))
        b = grid((*shape[:-1], 3), dtype, 7)
        for upper in (False, True):
            cases.append(case("solve_triangular", lambda x, y, upper: L.solve_triangular(x.triu() if upper else x.tril(), y, upper=upper), [a, b], upper))
        cases.append(case("solve", L.solve, [a, b]))
        cases.append(case("solve", L.solve, [transposed(a), transposed(b)]))
        cases.append(case("solve_right", lambda x, y: L.solve(x, y, left=False), [a, grid((*shape[:-2], 2, shape[-1]), dtype, 7)]))
    for shape in RECTANGLES:
        if dtype == torch.float32 and max(shape) > 5:
            continue
        a = grid(shape, dtype) + 2 * torch.eye(shape[-2], shape[-1], dtype=dtype)
        cases.append(case("svdvals", L.svdvals, [a]))
        cases.append(case("svd", of_svd, [a]))
        cases.append(case("svd", of_svd, [transposed(a)]))
        cases.append(case("qr", L.qr, [a]))
        cases.append(case("qr", L.qr, [transposed(a)]))
        cases.append(case("lu", of_lu, [a]))
        cases.append(case("pinv", L.pinv, [a]))
        cases.append(case("matrix_norm", L.matrix_norm, [a]))
        cases.append(case("lstsq", lambda x, y: L.pinv(x) @ y, [a, grid((*shape[:-1], 2), dtype, 7)]))
        if shape[-1] > 0 and shape[-2] > 0:
            for order in (1, -1, 2, -2):
                cases.append(case("matrix_norm_number", L.matrix_norm, [a], order))
            cases.append(case("matrix_norm_nuc", lambda x: L.matrix_norm(x, "nuc"), [a]))

    # The batches of both broadcast; vectors; operands that are expanded or cut out of others.
    for left, right in [((3, 3), (2, 3, 1)), ((2, 3, 3), (3, 2)), ((2, 1, 3, 3), (4, 3, 2)), ((3, 3), (3,)), ((2, 3, 3), (2, 3)), ((0, 3, 3), (3, 2)), ((3, 3), (3, 0))]:
        cases.append(case("solve", L.solve, [square(left, dtype), grid(right, dtype, 7)]))
    cases.append(case("solve", L.solve, [(square((1, 3, 3), dtype), ("expand", 4, 3, 3)), grid((4, 3, 2), dtype)]))
    cases.append(case("inv", L.inv, [(square((1, 3, 3), dtype), ("expand", 2, 3, 3))]))
    cases.append(case("inv", L.inv, [(square((6, 3, 3), dtype), ("slice", 0, 1, 6, 2))]))

    # Singular and repeated: what PyTorch has a value and a gradient for.
    for rows in [[[0, 0], [0, 0]], [[1, 2], [2, 4]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[2, 0, 0], [0, 0, 0], [0, 0, 5]]]:
        singular = leaf([[float(x) for x in row] for row in rows], dtype)
        cases.append(case("pinv", L.pinv, [singular.detach() * 1.0] if len(rows) == 2 else [square((3, 3), dtype)]))
        cases.append(case("matrix_rank", L.matrix_rank, [singular]))
    cases.append(case("eigvalsh", lambda x: L.eigvalsh(symmetric(x)), [torch.eye(3, dtype=dtype)]))
    cases.append(case("inv", L.inv, [torch.full((2, 2), math.nan, dtype=dtype)]))
    cases.append(case("det", L.det, [torch.full((2, 2), math.nan, dtype=dtype)]))

    for a, b in [((3,), (2,)), ((2, 3), (3, 2)), ((2,), (2, 2)), ((2, 1, 2), (3, 2)), ((), (2, 2)), ((2, 0), (2, 2))]:
        cases.append(case("kron", torch.kron, [grid(a, dtype), grid(b, dtype, 7)]))
    for a, b in [((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((2, 2, 3), (4, 3)), ((), (2,)), ((2, 0), (3, 0))]:
        cases.append(case("inner", torch.inner, [grid(a, dtype), grid(b, dtype, 7)]))
    for p in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, math.inf):
        order = str(p)
        cases.append(case("cdist", lambda x, y, p: torch.cdist(x, y, float(p), "donot_use_mm_for_euclid_dist"),
                          [grid((2, 3, 4), dtype), grid((5, 4), dtype, 7) * 1.013 + 0.01], order))  # no two differences of one size
        cases.append(case("pdist", lambda x, p: torch.pdist(x, float(p)), [grid((4, 3), dtype)], order))
    for n in (-3, -1, 1, 2, 3, 6, 7):
        cases.append(case("matrix_power", torch.matrix_power, [square((2, 3, 3), dtype) * 0.5], n))
    for c in [(), (1,), (3,)]:
        cases.append(case("addmv", lambda c, a, v: torch.addmv(c, a, v, beta=0.5, alpha=2), [grid(c, dtype), grid((3, 4), dtype), grid((4,), dtype, 7)]))
    for c in [(), (4,), (3, 4), (3, 1)]:
        cases.append(case("addr", lambda c, x, y: torch.addr(c, x, y, beta=0.5, alpha=2), [grid(c, dtype), grid((3,), dtype), grid((4,), dtype, 7)]))
        inputs = [grid(c, dtype), grid((2, 3, 5), dtype), grid((2, 5, 4), dtype, 7)]
        cases.append(case("addbmm", lambda c, a, b: torch.addbmm(c, a, b, beta=0.5, alpha=2), inputs))
        cases.append(case("baddbmm", lambda c, a, b: torch.baddbmm(c, a, b, beta=0.5, alpha=2), inputs))

save("linalg", cases)
