"""What every row of the table of operations that is not element-wise makes of shapes with a 0 in each place.

A case is {op, shapes, error} or {op, shapes, output, grads}: the inputs hold ((5·i) mod 7 − 3)/2 at place i; the gradient sent in is ones. The
names and arguments are those of src/Adjoint/Ops/OpTable.cs; a test fails for a row that is not asked for here.
"""

import torch
import torch.nn.functional as F

from fixture import save, value

ROW, MATRIX, CUBE = [4], [3, 4], [2, 3, 4]


def places(*indices):
    return torch.tensor(indices)


def chosen(x):
    return (torch.arange(x.numel()).remainder(3) == 0).reshape(x.shape)


def parts(pieces):
    total = torch.zeros((), dtype=torch.float64)
    for i, piece in enumerate(pieces):
        total = total + (piece.sum() if i == 0 else piece.square().sum() * i)
    return total


def assigned(x, y):
    z = x * 1
    z[1] = y
    z[..., 0] *= 2
    return z


def copied(x, y):
    z = x.clone()
    z.copy_(y)
    return z


OPS = {
    "clone": (lambda x: x.clone(), CUBE),
    "to": (lambda x: x.float().double(), ROW),
    "view": (lambda x: x.contiguous().view(6, 4), CUBE),
    "reshape": (lambda x: x.permute(*reversed(range(x.dim()))).reshape(6, 4), CUBE),
    "expand": (lambda x: x.unsqueeze(1).expand(2, 4, 3), [2, 3]),
    "transpose": (lambda x: x.transpose(0, 2), CUBE),
    "t": (lambda x: x.t(), MATRIX),
    "permute": (lambda x: x.permute(1, 2, 0), CUBE),
    "squeeze": (lambda x: x.unsqueeze(0).unsqueeze(-1).squeeze(), MATRIX),
    "squeeze_dim": (lambda x: x.unsqueeze(1).squeeze(1), MATRIX),
    "unsqueeze": (lambda x: x.unsqueeze(-1), MATRIX),
    "select": (lambda x: x.select(1, -1), CUBE),
    "slice": (lambda x: x[:, :, 1::2], CUBE),
    "narrow": (lambda x: x.narrow(1, 1, 2), CUBE),
    "diagonal": (lambda x: x.diagonal(1, 1, 2), CUBE),
    "diag_embed": (lambda x: x.diag_embed(-1), MATRIX),
    "unfold": (lambda x: x.unfold(2, 3, 1), CUBE),
    "as_strided": (lambda x: x.contiguous().as_strided([2, 3], [1, 2], 1), [8]),
    "unbind": (lambda x: parts(x.unbind(1)), CUBE),
    "split": (lambda x: parts(x.split(2, 2)), CUBE),
    "chunk": (lambda x: parts(x.chunk(2)), CUBE),
    "cat": (lambda x, y: torch.cat([x, y], 1), MATRIX, [3, 2]),
    "stack": (lambda x, y: torch.stack([x, y], -1), MATRIX, MATRIX),
    "repeat": (lambda x: x.repeat(2, 1, 3), MATRIX),
    "flip": (lambda x: x.flip(0, 2), CUBE),
    "roll": (lambda x: x.roll(-3, 2), CUBE),
    "tril": (lambda x: x.tril(1), CUBE),
    "triu": (lambda x: x.triu(-1), CUBE),
    "copy": (copied, MATRIX, ROW),
    "masked_fill": (lambda x: x.masked_fill(chosen(x), 2), MATRIX),
    "where": (lambda x, y: torch.where(chosen(x), x, y), MATRIX, ROW),
    "index": (lambda x: x[places(1, 0, 1), :, places(3)], CUBE),
    "index_mask": (lambda x: x[..., torch.tensor([True, False, True, True])], CUBE),
    "index_select": (lambda x: x.index_select(1, places(2, 0, 2)), CUBE),
    "gather": (lambda x: x.gather(1, places(0, 3, 3, 1).reshape(2, 2)), MATRIX),
    "take": (lambda x: x.take(places(5, -1, 5)), MATRIX),
    "masked_select": (lambda x: x.masked_select(chosen(x)), MATRIX),
    "index_put": (lambda x, y: x.index_put((places(2, 0),), y), MATRIX, ROW),
    "index_put_accumulate": (lambda x, y: x.index_put((places(1, 1),), y, accumulate=True), MATRIX, ROW),
    "index_add": (lambda x, y: x.index_add(0, places(0, 0), y, alpha=0.5), MATRIX, [2, 4]),
    "index_copy": (lambda x, y: x.index_copy(0, places(2, 0), y), MATRIX, [2, 4]),
    "index_fill": (lambda x: x.index_fill(1, places(3, 0), 2), MATRIX),
    "scatter": (lambda x, y: x.scatter(1, places(0, 3, 2, 1).reshape(2, 2), y), MATRIX, MATRIX),
    "scatter_value": (lambda x: x.scatter(1, places(0, 3, 2, 1).reshape(2, 2), 2), MATRIX),
    "scatter_add": (lambda x, y: x.scatter_add(1, places(3, 3, 2, 1).reshape(2, 2), y), MATRIX, MATRIX),
    "sum": (lambda x: x.sum(), CUBE),
    "sum_dim": (lambda x: x.sum((0, 2)), CUBE),
    "mean": (lambda x: x.mean(), CUBE),
    "mean_dim": (lambda x: x.mean(-1, keepdim=True), CUBE),
    "cumsum": (lambda x: x.cumsum(1), CUBE),
    "trace": (lambda x: x.trace(), MATRIX),
    "max": (lambda x: x.max(), MATRIX),
    "min": (lambda x: x.min(), MATRIX),
    "max_dim": (lambda x: x.max(1).values, CUBE),
    "min_dim": (lambda x: x.min(0, keepdim=True).values, CUBE),
    "amax": (lambda x: x.amax((0, 2)), CUBE),
    "amin": (lambda x: x.amin((1,), keepdim=True), CUBE),
    "median": (lambda x: x.median(), MATRIX),
    "median_dim": (lambda x: x.median(1).values, CUBE),
    "kthvalue": (lambda x: x.kthvalue(2, 1).values, CUBE),
    "sort": (lambda x: x.sort(1, descending=True).values, CUBE),
    "topk": (lambda x: x.topk(2, 1).values, CUBE),
    "prod": (lambda x: x.prod(), ROW),
    "prod_dim": (lambda x: x.prod(1), CUBE),
    "prod_zeros": (lambda x: (x * chosen(x)).prod(1), MATRIX),
    "cumprod": (lambda x: x.cumprod(1), CUBE),
    "cumprod_zeros": (lambda x: (x * chosen(x)).cumprod(1), MATRIX),
    "var": (lambda x: x.var((1,)), CUBE),
    "std": (lambda x: x.std((0, 2), unbiased=False), CUBE),
    "norm": (lambda x: x.norm(), MATRIX),
    "norm_1": (lambda x: x.norm(1, (0,)), [3, 4]),
    "norm_1.5": (lambda x: x.norm(1.5, (0,)), [3, 4]),
    "norm_3": (lambda x: x.norm(3, (1,), keepdim=True), [3, 4]),
    "norm_half": (lambda x: x.norm(0.5), [4]),
    # As in PyTorch 2: 1.13 gave 0 for no elements.
    "norm_inf": (lambda x: torch.linalg.vector_norm(x, torch.inf, (1,)), [3, 4]),
    "logsumexp": (lambda x: x.logsumexp((0, 1)), CUBE),
    "mm": (lambda x, y: x.mm(y), MATRIX, [4, 2]),
    "bmm": (lambda x, y: x.bmm(y), CUBE, [2, 4, 2]),
    "matmul": (lambda x, y: x.matmul(y), [2, 1, 2, 3], [2, 3, 2]),
    "mv": (lambda x, y: x.mv(y), MATRIX, ROW),
    "vm": (lambda x, y: x.matmul(y), (3,), MATRIX),
    "dot": (lambda x, y: x.dot(y), ROW, ROW),
    "outer": (lambda x, y: x.outer(y), ROW, [3]),
    "addmm": (lambda x, y, z: x.addmm(y, z, beta=0.5, alpha=2), [2], MATRIX, [4, 2]),
    "einsum": (lambda x, y: torch.einsum("iij,...kj->...ik", x, y), [2, 2, 3], [2, 1, 3]),
    "einsum_3": (lambda x, y, z: torch.einsum("ij,jk,...k", x, y, z), MATRIX, [4, 2], [3, 1, 2]),
    "softmax": (lambda x: x.softmax(1), CUBE),
    "log_softmax": (lambda x: x.log_softmax(-1), CUBE),
    "layer_norm": (lambda x, w, b: F.layer_norm(x, w.shape, w, b, 1e-5), MATRIX, ROW, ROW),
    "argmax": (lambda x: x.argmax(1), MATRIX),
    "argmin": (lambda x: x.argmin(), MATRIX),
    "argsort": (lambda x: x.argsort(), MATRIX),
    "lt": (lambda x, y: x < y, MATRIX, ROW),
    "eq": (lambda x, y: x == y, MATRIX, ROW),
    "isnan": (lambda x: x.isnan(), MATRIX),
    "logical_and": (lambda x, y: x.logical_and(y), MATRIX, ROW),
    "any": (lambda x: x.bool().any(1), MATRIX),
    "nonzero": (lambda x: x.nonzero(), MATRIX),
    "count_nonzero": (lambda x: x.count_nonzero(), MATRIX),
    "flatten": (lambda x: x.flatten(1), CUBE),
    "unflatten": (lambda x: x.unflatten(-1, (2, -1)), CUBE),
    "movedim": (lambda x: x.movedim(0, -1), CUBE),
    "tensor_split": (lambda x: parts(x.tensor_split(3, 2)), CUBE),
    "tile": (lambda x: x.tile(2), MATRIX),
    "repeat_interleave": (lambda x: x.repeat_interleave(2, 1), MATRIX),
    "take_along_dim": (lambda x: x.take_along_dim(places(1).reshape(1, 1), 1), MATRIX),
    "diag": (lambda x: x.diag(), MATRIX),
    "diff": (lambda x: x.diff(), MATRIX),
    "nansum": (lambda x: x.nansum(), MATRIX),
    "div_integer": (lambda x: x / 3 * x, MATRIX),
    "hstack": (lambda x, y: torch.hstack([x, y]), MATRIX, [3, 2]),
    "vstack": (lambda x, y: torch.vstack([x, y]), MATRIX, ROW),
    "rot90": (lambda x: x.rot90(3, (1, 2)), CUBE),
    "meshgrid": (lambda x, y: torch.meshgrid(x, y, indexing="ij")[0] * torch.meshgrid(x, y, indexing="ij")[1], ROW, [3]),
    "nan_to_num": (lambda x: x.nan_to_num(), MATRIX),
    "dist": (lambda x, y: (x - y).norm(3), MATRIX, ROW),
    "std_mean": (lambda x: sum(torch.std_mean(x, (1,))), CUBE),
    "select_scatter": (lambda x, y: x.select_scatter(y, 0, 1), MATRIX, ROW),
    "slice_scatter": (lambda x, y: x.slice_scatter(y, 1, 1, step=2), MATRIX, [3, 2]),
    "cummax": (lambda x: x.cummax(1).values, CUBE),
    "cummin": (lambda x: x.cummin(-1).values, CUBE),
    "mode": (lambda x: x.mode(1).values, CUBE),
    "addcmul": (lambda x, y, z: x.addcmul(y, z, value=0.5), MATRIX, ROW, MATRIX),
    "addcdiv": (lambda x, y, z: x.addcdiv(y, z, value=0.5), MATRIX, ROW, [3, 1]),
    "lerp_tensor": (lambda x, y, z: x.lerp(y, z), MATRIX, ROW, MATRIX),
    "clamp_tensor": (lambda x, y, z: x.clamp(y, z), MATRIX, [4], [4]),
    "index_assignment": (assigned, MATRIX, ROW),
}


def with_zeros(shapes):
    """A 0 in each place by itself, in all places of one size together, and in all places of all."""
    found = []
    for i, shape in enumerate(shapes):
        for d in range(len(shape)):
            found.append([[0 if (j, e) == (i, d) else n for e, n in enumerate(other)] for j, other in enumerate(shapes)])
    for size in sorted({n for shape in shapes for n in shape}):
        found.append([[0 if n == size else n for n in shape] for shape in shapes])
    found.append([[0] * len(shape) for shape in shapes])
    return [case for i, case in enumerate(found) if case not in found[:i]]


def filled(shape):
    count = 1
    for n in shape:
        count *= n
    return torch.tensor([((5 * i) % 7 - 3) / 2 for i in range(count)], dtype=torch.float64).reshape(shape).requires_grad_()


cases = []
for name, (call, *shapes) in OPS.items():
    for variant in with_zeros(shapes):
        if name == "index_fill" and variant == [[0, 0]]:
            continue  # Of no elements at all 1.13 does not look at the places; a place that does not exist is refused here.
        inputs = [filled(shape) for shape in variant]
        entry = {"op": name, "shapes": variant}
        try:
            output = call(*inputs)
        except (RuntimeError, IndexError, ValueError):
            cases.append({**entry, "error": True})
            continue
        entry["output"] = value(output)
        if output.requires_grad:
            try:
                output.backward(torch.ones_like(output))
                entry["grads"] = [value(x.grad) for x in inputs]
            except (RuntimeError, IndexError):
                pass  # A fault of 1.13; the gradient of no elements has none.
        cases.append(entry)
save("zero_sizes", cases)
