"""What every row of the table of operations that is not element-wise makes of shapes with a 0 in each place.

A case is {op, shapes, error} or {op, shapes, output, grads}: the inputs hold ((5·i) mod 7 − 3)/2 at place i; the gradient sent in is ones. The
names, shapes and what is asked are those of the table itself, see table.py.
"""

import json
import os

import torch

import table
from fixture import save, value


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


def asked(row, variant):
    """The case, from a process of its own: with a size of 0 some functions of 1.13 divide by it, which ends the process."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with os.fdopen(write, "w") as answer:
            answer.write(json.dumps(answered(row, variant)))
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def answered(row, variant):
    inputs = [filled(shape) for shape in variant]
    entry = {"op": row["name"], "shapes": variant}
    try:
        output = table.call(row, *inputs)
    except (RuntimeError, IndexError, ValueError):
        return {**entry, "error": True}
    entry["output"] = value(output)
    if output.requires_grad:
        try:
            output.backward(torch.ones_like(output))
            entry["grads"] = [value(x.grad) for x in inputs]
        except (RuntimeError, IndexError):
            pass  # A fault of 1.13; the gradient of no elements has none.
    return entry


cases = []
for row in table.rows():
    name = row["name"]
    # The shape says it all, it draws, or the layer that calls it looks at shapes first.
    if row["kind"] == "element-wise" and name != "nan_to_num" or name in ("dropout", "batch_norm", "group_norm", "instance_norm"):
        continue
    for variant in with_zeros([x["shape"] for x in row["inputs"]]):
        if name == "index_fill" and variant == [[0, 0]]:
            continue  # Of no elements at all 1.13 does not look at the places; a place that does not exist is refused here.
        if name == "bilinear" and (variant[0][1] == 0 or variant[1][1] == 0):
            continue  # A sum of no products is 0; 1.13 refuses it.
        if name == "pixel_unshuffle" and any(variant[0]):
            continue  # 1.13 gives of no elements what it was given, in that shape.
        if row["torch"].startswith(("F.conv", "F.unfold", "F.fold")) and any(0 in shape[i == 0:] for i, shape in enumerate(variant)):
            continue  # What has no channels, places or taps 1.13 refuses or not as it happens; sums of nothing are 0 here.
        found = asked(row, variant)
        if found:
            cases.append(found)
        else:
            print(f"{name} {variant}: ended the process")
save("zero_sizes", cases)
