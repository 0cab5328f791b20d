"""Convolutions and their transposes over shapes, strides, paddings, dilations, groups and dtypes, patches as columns and back, and the
modules: their text, their keys and the numbers they begin with."""

import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn

from cases import case, leaf
from fixture import save, value

cases = []
CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def grid(shape, dtype, step=5):
    values = [((step * i * i + 3 * i) % 31 - 15) / (8 if dtype.is_floating_point else 1) for i in range(math.prod(shape))]
    return leaf(values, torch.float64, shape).to(dtype)


def conv(dims):
    return lambda x, w, *rest: CONV[dims](x, w, rest[0] if len(rest) == 5 else None, *called(rest))


def called(rest):
    stride, padding, dilation, groups = rest[-4:]
    return stride, padding if isinstance(padding, str) else tuple(padding), dilation, groups


def transposed(dims):
    def call(x, w, *rest):
        stride, padding, output_padding, groups, dilation = rest[-5:]
        return TRANSPOSED[dims](x, w, rest[0] if len(rest) == 6 else None, stride, padding, output_padding, groups, dilation)
    return call


def add(dims, dtype, batch, channels, outs, size, kernel, stride, padding, dilation, groups, bias, view=None):
    shape = (*batch, channels * groups, *size)
    x, w = grid(shape, dtype), grid((outs * groups, channels, *kernel), dtype, 7)
    inputs = [x if view is None else (view(x)), w] + ([grid((outs * groups,), dtype, 3)] if bias else [])
    name = f"conv{dims}d"
    cases.append(case(name, conv(dims), inputs, list(stride), padding if isinstance(padding, str) else list(padding), list(dilation), groups))


def add_transposed(dims, dtype, batch, channels, outs, size, kernel, stride, padding, more, groups, dilation, bias):
    x, w = grid((*batch, channels * groups, *size), dtype), grid((channels * groups, outs, *kernel), dtype, 7)
    inputs = [x, w] + ([grid((outs * groups,), dtype, 3)] if bias else [])
    cases.append(case(
        f"conv_transpose{dims}d", transposed(dims), inputs, list(stride), list(padding), list(more), groups, list(dilation)))


for dtype in (torch.float64, torch.float32):
    for stride, padding, dilation, groups in itertools.product((1, 2, 3), (0, 1, 2), (1, 2), (1, 2)):
        add(1, dtype, (2,), 2, 3, (11,), (3,), [stride], [padding], [dilation], groups, bias=stride != 2)
        add_transposed(1, dtype, (2,), 2, 3, (5,), (3,), [stride], [padding], [min(stride - 1, 1)], groups, [dilation], bias=stride != 2)
    for s, p, d, g, bias in [
        ((1, 1), (0, 0), (1, 1), 1, True), ((1, 1), (1, 1), (1, 1), 1, False), ((2, 2), (1, 1), (1, 1), 1, True), ((2, 1), (0, 2), (1, 2), 1, True),
        ((3, 2), (2, 1), (2, 1), 2, False), ((1, 3), (2, 2), (2, 2), 3, True), ((4, 4), (0, 1), (1, 1), 1, True),
    ]:
        for kernel in ((3, 3), (1, 1), (2, 3)):
            add(2, dtype, (2,), 2, 2, (6, 7), kernel, s, p, d, g, bias)
            add(2, dtype, (2,), 1, 1, (6, 7), kernel, s, p, d, 4, bias)
            if max(p) > (kernel[0] - 1) * d[0] or max(p) > (kernel[1] - 1) * d[1]:
                continue
            more = [max(0, min(step - 1, 1)) for step in s]
            add_transposed(2, dtype, (2,), 2, 2, (4, 3), kernel, s, p, more, g, d, bias)
            add_transposed(2, dtype, (2,), 1, 1, (4, 3), kernel, s, p, more, 3, d, bias)
    for s, p, d, g in [((1, 1, 1), (0, 0, 0), (1, 1, 1), 1), ((2, 1, 2), (1, 1, 0), (1, 2, 1), 1), ((1, 2, 1), (0, 1, 1), (1, 1, 1), 2)]:
        add(3, dtype, (2,), 2, 2, (3, 5, 4), (2, 2, 3), s, p, d, g, True)
        add(3, dtype, (1,), 1, 1, (3, 5, 4), (2, 2, 3), s, p, d, 3, False)
        add_transposed(3, dtype, (1,), 2, 2, (2, 3, 2), (2, 2, 3), s, p, [step - 1 for step in s], g, d, True)
    for kernel, dilation in itertools.product(((3, 3), (2, 4), (1, 5)), ((1, 1), (2, 1))):
        add(2, dtype, (2,), 2, 2, (5, 6), kernel, (1, 1), "same", dilation, 1, True)
        add(2, dtype, (2,), 2, 2, (10, 6), kernel, (2, 1), "valid", dilation, 1, True)
    add(1, dtype, (2,), 1, 1, (6,), (4,), [1], "same", [3], 2, True)
    add(3, dtype, (), 2, 2, (3, 2, 4), (2, 2, 3), (1, 1, 1), "same", (1, 1, 1), 1, False)
    # A single example, an empty batch, many channels, sums of several blocks, wide rows, one channel of several.
    add(1, dtype, (), 2, 3, (7,), (3,), [2], [1], [1], 1, True)
    add(2, dtype, (), 2, 3, (5, 4), (3, 2), (1, 1), (1, 0), (1, 1), 2, True)
    add_transposed(2, dtype, (), 2, 3, (3, 4), (3, 2), (2, 1), (1, 0), (1, 0), 2, (1, 1), True)
    add(2, dtype, (0,), 2, 3, (5, 4), (3, 2), (1, 1), (1, 0), (1, 1), 1, True)
    add_transposed(2, dtype, (0,), 2, 3, (5, 4), (3, 2), (2, 1), (1, 0), (0, 0), 1, (1, 1), True)
    add(2, dtype, (1,), 70, 3, (3, 3), (3, 3), (1, 1), (1, 1), (1, 1), 1, True)
    add_transposed(2, dtype, (1,), 70, 3, (3, 3), (3, 3), (1, 1), (1, 1), (0, 0), 1, (1, 1), True)
    add(2, dtype, (3,), 2, 35, (3, 3), (3, 3), (1, 1), (1, 1), (1, 1), 1, True)
    add(2, dtype, (1,), 1, 1, (3, 37), (3, 3), (1, 1), (1, 1), (1, 1), 2, True)
    add(2, dtype, (2,), 3, 1, (7, 19), (3, 3), (2, 2), (1, 1), (1, 1), 2, True)
    add(2, dtype, (1,), 1, 2, (26, 26), (2, 2), (1, 1), (0, 0), (1, 1), 1, True)
    add(2, dtype, (2,), 2, 3, (7, 6), (3, 2), (1, 1), (1, 0), (1, 1), 1, True, view=lambda x: (x.mT.contiguous(), ("transpose", 2, 3)))
    add(2, dtype, (2,), 2, 3, (7, 6), (3, 2), (1, 1), (1, 0), (1, 1), 1, True, view=lambda x: (x[:1], ("expand", 2, 2, 7, 6)))
    for k, d, p, s in [(2, 1, 0, 1), ((2, 3), (1, 2), (1, 0), (2, 1)), ((3, 1), 1, (2, 0), 3)]:
        pairs = [list(v) if isinstance(v, tuple) else [v, v] for v in (k, d, p, s)]
        for shape in ((2, 3, 5, 7), (3, 5, 7), (0, 3, 5, 7)):
            x = grid(shape, dtype)
            cases.append(case("unfold", lambda x, *a: F.unfold(x, *a), [x], *pairs))
            columns = grid(tuple(F.unfold(x, *pairs).shape), dtype)
            cases.append(case("fold", lambda x, *a: F.fold(x, (5, 7), *a), [columns], *pairs))

for dtype in (torch.int32, torch.int64, torch.uint8):
    add(1, dtype, (2,), 2, 3, (7,), (3,), [2], [1], [1], 1, True)
    add(2, dtype, (2,), 2, 3, (5, 6), (3, 2), (1, 2), (1, 1), (1, 1), 2, True)
    add(2, dtype, (2,), 1, 1, (5, 6), (3, 2), (1, 2), (1, 1), (1, 1), 3, False)
    add(3, dtype, (1,), 2, 3, (3, 4, 3), (2, 2, 2), (1, 2, 1), (1, 0, 1), (1, 1, 1), 1, False)
add_transposed(2, torch.int64, (2,), 2, 3, (3, 4), (3, 2), (2, 1), (1, 1), (1, 0), 2, (1, 1), True)
save("convolution", cases)

modules = []
for name, make, shape in [
    ("Conv1d(4, 6, 3)", lambda: nn.Conv1d(4, 6, 3), (2, 4, 8)),
    ("Conv1d reflect", lambda: nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2, bias=False, padding_mode="reflect"), (2, 4, 8)),
    ("Conv2d(3, 5, (3, 2))", lambda: nn.Conv2d(3, 5, (3, 2)), (2, 3, 5, 6)),
    ("Conv2d same", lambda: nn.Conv2d(2, 4, (2, 3), padding="same", dilation=(1, 2), groups=2), (2, 2, 5, 6)),
    ("Conv2d valid", lambda: nn.Conv2d(2, 4, 3, padding="valid", stride=2), (2, 5, 6)),
    ("Conv2d same circular", lambda: nn.Conv2d(2, 3, (2, 3), padding="same", padding_mode="circular"), (2, 2, 5, 6)),
    ("Conv2d replicate", lambda: nn.Conv2d(2, 3, 3, padding=(1, 2), padding_mode="replicate"), (2, 5, 6)),
    ("Conv2d zeros", lambda: nn.Conv2d(3, 3, 3, padding=1, groups=3, stride=(2, 1)), (2, 3, 5, 6)),
    ("Conv3d", lambda: nn.Conv3d(2, 3, (1, 2, 3), padding=(0, 1, 1)), (1, 2, 3, 3, 4)),
    ("Conv3d circular", lambda: nn.Conv3d(2, 3, 2, padding=1, padding_mode="circular"), (1, 2, 3, 3, 4)),
    ("ConvTranspose1d", lambda: nn.ConvTranspose1d(4, 6, 3, dilation=2, groups=2, bias=False), (2, 4, 5)),
    ("ConvTranspose2d", lambda: nn.ConvTranspose2d(3, 4, 3, 2, 1, 1), (2, 3, 4, 5)),
    ("ConvTranspose3d", lambda: nn.ConvTranspose3d(2, 3, (1, 2, 3), stride=(1, 2, 1)), (2, 2, 3, 4)),
    ("Unfold", lambda: nn.Unfold((2, 3), padding=1), (2, 2, 4, 5)),
    ("Unfold 2", lambda: nn.Unfold(2, stride=2), (2, 4, 5)),
    ("Fold", lambda: nn.Fold((4, 5), (2, 3), stride=(1, 2)), (2, 6, 6)),
]:
    torch.manual_seed(7)
    module = make()
    x = grid(shape, torch.float32)
    modules.append({
        "name": name, "text": repr(module), "input": value(x), "output": value(module(x)),
        "state": [{"key": key, "value": value(tensor)} for key, tensor in module.state_dict().items()],
    })
save("convolution_modules", modules)
