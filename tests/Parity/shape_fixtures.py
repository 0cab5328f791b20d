"""Values and gradients of views, rearranging, joining, indexing, gathering and scattering."""

import math

import torch

from cases import case, leaf
from fixture import save

cases = []
DTYPES = (torch.float64, torch.float32)


def grid(*shape, dtype=torch.float64):
    return leaf([i / 4 - 3 for i in range(math.prod(shape))], dtype, shape)


def add(op, call, inputs, *args):
    cases.append(case(op, call, inputs, *args))


TRANSPOSED = (grid(4, 3, 2), ("transpose", 0, 2))  # seen as (2, 3, 4)

# Views and reshapes.
for x in [grid(2, 3, 4), TRANSPOSED]:
    for shape in [[24], [6, 4], [-1, 4], [2, -1], [4, 3, 2], [1, 24, 1], [2, 3, 2, 2]]:
        add("reshape", lambda x, s: x.reshape(s), [x], shape)
    for dims in [[0, 2, 1], [2, 1, 0], [1, 0, 2], [-1, 0, 1], [0, 1, 2]]:
        add("permute", lambda x, d: x.permute(d), [x], dims)
    for a, b in [(0, 1), (1, 2), (-1, 0), (1, 1)]:
        add("transpose", lambda x, a, b: x.transpose(a, b), [x], a, b)
    add("flatten", lambda x, a, b: x.flatten(a, b), [x], 0, -1)
    add("flatten", lambda x, a, b: x.flatten(a, b), [x], 1, -1)
    add("flatten", lambda x, a, b: x.flatten(a, b), [x], 0, 1)
    for dim in (0, 1, 3, -1, -4):
        add("unsqueeze", lambda x, d: x.unsqueeze(d), [x], dim)
    for dim, start, end, step in [(0, 1, 2, 1), (1, 0, 3, 2), (2, -3, -1, 1), (2, 1, 100, 2), (1, 2, 1, 1)]:
        add("slice", lambda x, d, s, e, t: x[(slice(None),) * d + (slice(s, e, t),)], [x], dim, start, end, step)
    for dim, index in [(0, 1), (1, -1), (2, 2), (-1, 0)]:
        add("select", lambda x, d, i: x.select(d, i), [x], dim, index)
    add("narrow", lambda x, d, s, n: x.narrow(d, s, n), [x], 1, 1, 2)
    add("clone", lambda x: x.clone(), [x]), add("contiguous", lambda x: x.contiguous(), [x])
for shape in [(), (1,), (1, 3), (3, 1, 1), (1, 1, 1), (0, 1)]:
    add("squeeze", lambda x: x.squeeze(), [grid(*shape)])
for shape, dim in [((1, 3), 0), ((1, 3), 1), ((2, 1, 3), -2), ((), 0)]:
    add("squeeze_dim", lambda x, d: x.squeeze(d), [grid(*shape)], dim)
for shape, target in [((3,), [2, 3]), ((3, 1), [3, 4]), ((3, 1), [-1, 4]), ((1, 3), [2, 2, 3]), ((), [2, 2]), ((2, 1, 3), [2, 4, 3]), ((0, 1), [0, 3])]:
    add("expand", lambda x, s: x.expand(s), [grid(*shape)], target)
add("reshape", lambda x, s: x.reshape(s), [grid(0, 3)], [3, 0]), add("reshape", lambda x, s: x.reshape(s), [grid()], [1, 1])
add("t", lambda x: x.t(), [grid(2, 3)]), add("t", lambda x: x.t(), [grid(3)])

# Rearranging.
for x in [grid(3, 4), (grid(4, 3), ("transpose", 0, 1))]:
    for diagonal in (0, 1, -1):
        add("tril", lambda x, d: x.tril(d), [x], diagonal), add("triu", lambda x, d: x.triu(d), [x], diagonal)
    add("flip", lambda x, d: x.flip(d), [x], [0]), add("flip", lambda x, d: x.flip(d), [x], [0, 1])
    add("roll", lambda x, s, d: x.roll(s, d), [x], 1, 0), add("roll", lambda x, s, d: x.roll(s, d), [x], -2, 1)
    add("repeat", lambda x, r: x.repeat(r), [x], [2, 1]), add("repeat", lambda x, r: x.repeat(r), [x], [2, 1, 2])
    add("cumsum", lambda x, d: x.cumsum(d), [x], 0), add("cumsum", lambda x, d: x.cumsum(d), [x], 1)

# Joining and cutting.
for dtype in DTYPES:
    a, b, c = grid(2, 3, dtype=dtype), grid(1, 3, dtype=dtype), grid(2, 2, dtype=dtype)
    add("cat", lambda *x: torch.cat(x[:-1], x[-1]), [a, b, a], 0), add("cat", lambda *x: torch.cat(x[:-1], x[-1]), [a, c], 1)
    add("cat", lambda *x: torch.cat(x[:-1], x[-1]), [a, c], -1), add("cat", lambda *x: torch.cat(x[:-1], x[-1]), [a], 0)
    add("cat", lambda *x: torch.cat(x[:-1], x[-1]), [(c, ("transpose", 0, 1)), c], 0)
    add("cat", lambda *x: torch.cat(x[:-1], x[-1]), [grid(0, 3, dtype=dtype), a], 0)
    for dim in (0, 1, 2, -1):
        add("stack", lambda *x: torch.stack(x[:-1], x[-1]), [a, a + 1, a * 2], dim)
    add("stack", lambda *x: torch.stack(x[:-1], x[-1]), [grid(dtype=dtype), grid(dtype=dtype)], 0)
add("cat", lambda *x: torch.cat(x[:-1], x[-1]), [grid(2, dtype=torch.float32), grid(3)], 0)
add("cat", lambda *x: torch.cat(x[:-1], x[-1]), [leaf([1, 2], torch.int64), grid(2, dtype=torch.float32)], 0)
for dim, size in [(0, 2), (1, 3), (1, 4), (0, 5)]:
    add("split", lambda x, n, d: x.split(n, d), [grid(5, 4)], size, dim)
add("chunk", lambda x, n, d: x.chunk(n, d), [grid(7, 2)], 3, 0), add("unbind", lambda x, d: x.unbind(d), [grid(2, 3)], 1)

# Indexing.
def longs(values):
    return leaf(values, torch.int64)


for x in [grid(4, 3), (grid(3, 4), ("transpose", 0, 1))]:
    for indices in [[0, 2], [3, 3, 0], [-1, 1], [[0, 1], [2, 3]], []]:
        add("index", lambda x, i: x[i], [x, longs(indices)])
    add("index_pair", lambda x, i, j: x[i, j], [x, longs([0, 1, 3]), longs([2, 0, 1])])
    add("index_pair", lambda x, i, j: x[i, j], [x, longs([[0], [2]]), longs([0, 1, 0])])
    add("mask", lambda x, m: x[m], [x, leaf([True, False, True, True], torch.bool)])
    add("mask", lambda x, m: x[m], [x, leaf([i % 3 == 0 for i in range(12)], torch.bool, (4, 3))])
    add("mask", lambda x, m: x[m], [x, leaf([False] * 4, torch.bool)])
    add("index_select", lambda x, i, d: x.index_select(d, i), [x, longs([2, 0, 2])], 0)
    add("index_select", lambda x, i, d: x.index_select(d, i), [x, longs([1, 1])], 1)
    add("index_select", lambda x, i, d: x.index_select(d, i), [x, longs([])], -1)
    add("gather", lambda x, i, d: x.gather(d, i), [x, longs([[0, 1, 3], [2, 2, 0]])], 0)
    add("gather", lambda x, i, d: x.gather(d, i), [x, longs([[0], [2], [1], [2]])], 1)
    add("gather", lambda x, i, d: x.gather(d, i), [x, longs([[0, 0, 0, 1]])], -1)
    add("take", lambda x, i: x.take(i), [x, longs([[0, 11], [5, 5]])])
    add("scatter_add", lambda x, i, s, d: x.scatter_add(d, i, s), [x, longs([[0, 1, 2], [0, 0, 0]]), grid(2, 3)], 0)
    add("scatter", lambda x, i, s, d: x.scatter(d, i, s), [x, longs([[0, 1, 2], [3, 0, 1]]), grid(2, 3)], 0)
    add("index_add", lambda x, i, s, d: x.index_add(d, i, s), [x, longs([0, 2, 0]), grid(3, 3)], 0)
# Not of a transposed tensor: there PyTorch 1.13 scatters the gradient in the order of memory instead of rows.
add("masked_select", lambda x, m: x.masked_select(m), [grid(4, 3), leaf([True, False, True], torch.bool)])

# Casts.
for source, target in [("float32", "float64"), ("float64", "float32"), ("float32", "float32")]:
    add("to", lambda x, name: x.to(getattr(torch, name)), [leaf([0.1, -2.5, 3e-8, 1e10], getattr(torch, source))], target)
for target in ["int32", "int64", "uint8", "bool"]:
    add("to", lambda x, name: x.to(getattr(torch, name)), [leaf([0.9, 2.5, 0.0, 100.99])], target)
    add("to", lambda x, name: x.to(getattr(torch, name)), [leaf([7, 0, 255], torch.int64)], target)
for source in ["int32", "int64", "uint8", "bool"]:
    add("to", lambda x, name: x.to(getattr(torch, name)), [leaf([1, 0, 1], getattr(torch, source))], "float32")

save("shapes", cases)
