"""How PyTorch prints tensors: every dtype, notation, width, line break, summary and suffix."""

import math
import random

import torch

from fixture import DTYPES, numbers, save

OPTIONS = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}
cases = []


def add(tensor, history=(), **options):
    torch.set_printoptions(**{**OPTIONS, **options})
    text = repr(tensor)
    torch.set_printoptions(**OPTIONS)
    case = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data": numbers(tensor), "text": text}
    if options:
        case["options"] = {key: value for key, value in options.items() if value is not None}
    if tensor.grad_fn is not None:
        case["history"] = [f"grad_fn=<{tensor.grad_fn.name()}>"]
    elif tensor.requires_grad:
        case["history"] = ["requires_grad=True"]
    cases.append(case)


def real(values, dtype=torch.float32, **options):
    add(torch.tensor(values, dtype=dtype), **options)


inf, nan = math.inf, math.nan

# Numbers on their own, in both dtypes: whole, fractional, tiny, huge, ties of the last digit, signed zeros, not finite.
SINGLES = [
    0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 0.1, 1 / 3, 0.5, 0.00390625, 0.03125, 0.09375, 0.15625, 1e-3, 1e-4, 9.9999e-5, 1.0001e-4, 1e-5,
    1e-10, 1.4e-45, 1e-38, 999.0, 1000.0, 1000.5, 12345.678, 99999.5, 1e5, 123456.0, 1e7, 1e8, 100000008.0, 1.5e8, 123456789.5,
    1e10, 1e20, 3.4e38, inf, -inf, nan, 100005.0, 1000050000.0, math.pi, math.e, 1e-7,
]
for single in SINGLES:
    for dtype in (torch.float32, torch.float64):
        real(single, dtype)
        real([single], dtype)
real(1.5e300, torch.float64), real([5e-324, 1.0], torch.float64), real([1e-300, 1e300], torch.float64)

# The choice of notation looks at all elements together.
for values in [
    [1.0, 1000.0], [1.0, 1001.0], [1.0, 1000.5], [0.5, 500.0], [0.5, 501.0], [1e-4, 0.05], [1e-4, 0.2], [0.0, 1e-5], [0.0, -0.0],
    [1.0, nan], [1.5, nan], [inf, 1.0], [inf, 1.5], [-inf, 0.25, nan], [nan, nan], [inf, inf], [0.0, nan, inf], [-1.0, 2.0, 3.0],
    [-10.25, 2.5], [1e8, 1.0], [1e8, 1e7], [2e8, 1e8], [-100.0, 99.0], [1e-45, 1.0], [0.1, 0.25, 12.125], [5.0, 7.0, 9.0], [0.99995, 9.99995],
    [9999.0, 10.0], [0.00005, 0.00004], [0.99999, 1e-3], [33.0, -0.0], [0.5, -0.0], [-1e-5, 1e5], [123456.0, 1234.0], [1e16, 1e15],
]:
    for dtype in (torch.float32, torch.float64):
        real(values, dtype)
        real([values, values[::-1]], dtype)

# Integers and truth values.
for values in [5, -5, 0, [1, 20, -300], [[1, 2], [3, 40]], [0], [2**31 - 1, -(2**31)], list(range(40)), [[[1], [2]], [[3], [-4]]]]:
    add(torch.tensor(values)), add(torch.tensor(values, dtype=torch.int32))
add(torch.tensor([2**63 - 1, -(2**63)])), add(torch.tensor([2**53 + 1]))
for values in [7, [0, 255, 30], [[1, 2], [30, 4]]]:
    add(torch.tensor(values, dtype=torch.uint8))
for values in [True, False, [True], [False, True], [[True, True], [True, True]], [[True, False, True]] * 3, [True] * 40]:
    add(torch.tensor(values))

# Shapes: no elements, ones, many dimensions.
for dtype in DTYPES:
    for shape in [(0,), (0, 3), (3, 0), (2, 0, 3), (0, 0), (1, 0, 1, 0), (1,), (1, 1), (1, 1, 1), (2, 1), (1, 2, 1)]:
        add(torch.zeros(shape, dtype=dtype))
for shape in [(3, 4), (2, 3, 4), (2, 2, 2, 2), (1, 3, 1, 2), (2, 1, 2, 1, 2), (6, 1)]:
    count = math.prod(shape)
    add(torch.arange(count).reshape(shape)), add(torch.arange(float(count)).reshape(shape))
    add((torch.arange(float(count)) / 7 - 1).reshape(shape)), add((torch.arange(count) % 3 == 0).reshape(shape))

# Lines that must be broken, at every width of an element.
for count in [8, 9, 10, 11, 12, 13, 17, 18, 19, 35, 36, 37, 73, 100]:
    add(torch.arange(float(count))), add(torch.arange(count)), add(torch.arange(float(count)) / 3)
    add(torch.arange(float(count)).double() * 1e-6), add(torch.arange(count).reshape(1, 1, count) - 5)

# More than 1000 elements.
for shape in [(1000,), (1001,), (2000,), (100, 10), (101, 10), (7, 143), (7, 144), (6, 200), (200, 6), (2, 501), (501, 2), (10, 10, 11), (3, 3, 3, 40)]:
    count = math.prod(shape)
    add(torch.arange(count).reshape(shape) % 97), add(torch.arange(count).reshape(shape) % 50 / 4)
add(torch.arange(1500.0)), add(torch.arange(1500) % 2 == 0), add(torch.zeros(1200, 0))
spike = torch.zeros(1100)
spike[500] = 1e9  # not shown, so it does not decide
add(spike)

# What stands last, and when it moves to a line of its own.
add(torch.tensor([1.0, 2.0], requires_grad=True)), add(torch.tensor(1.0, dtype=torch.float64, requires_grad=True))
for count in range(1, 40):
    leaf = torch.arange(float(count), requires_grad=True)
    add(leaf), add(leaf * 1)
    add(leaf.double() / 3), add(torch.zeros(count, dtype=torch.uint8))
leaf = torch.ones(2, 3, requires_grad=True)
for result in [leaf.exp(), leaf.sum(), leaf.T, leaf[0], leaf[:, 1:], leaf @ leaf.T, torch.zeros(0, 3, requires_grad=True) * 2, leaf.double()]:
    add(result)

# Options.
sample = torch.tensor([[0.123456789, 12.3], [-4.5, 1e-3]])
wide = torch.arange(60.0) / 8
for options in [
    dict(precision=0), dict(precision=1), dict(precision=2), dict(precision=8), dict(precision=10), dict(sci_mode=True), dict(sci_mode=False),
    dict(linewidth=20), dict(linewidth=40), dict(linewidth=120), dict(linewidth=5), dict(threshold=3), dict(threshold=3, edgeitems=1),
    dict(threshold=10, edgeitems=2), dict(precision=2, edgeitems=2), dict(threshold=5, edgeitems=4, linewidth=30),
]:
    for tensor in [sample, wide, torch.arange(30).reshape(5, 6), torch.tensor([1.0, 2.0]), torch.tensor([1e-6, 1e6]), torch.tensor(0.0),
                   torch.tensor([1e9, 2.0]), torch.tensor([nan, inf, 2.5]), torch.arange(64.0).reshape(4, 4, 4)]:
        add(tensor, **options)

# Whatever was forgotten.
rng = random.Random(1)
for _ in range(150):
    shape = [rng.randint(1, 5) for _ in range(rng.randint(0, 3))]
    scale = 10.0 ** rng.randint(-6, 9)
    values = torch.tensor([rng.gauss(0, 1) * scale * 10 ** rng.uniform(0, rng.choice([0, 1, 3, 6])) for _ in range(math.prod(shape))])
    if rng.random() < 0.4:
        values = values.round()
    values = values.reshape(shape)
    add(values.double() if rng.random() < 0.3 else values)

save("printing", cases)
