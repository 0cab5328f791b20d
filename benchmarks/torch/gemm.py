"""Matrix products of float32 and of whole numbers at the shapes of the MLP and at squares, operands transposed as the layouts say."""

import torch

from rounds import serve

SHAPES = [
    (64, 784, 512, "NT"), (64, 512, 512, "NT"), (64, 512, 10, "NT"), (64, 10, 512, "NN"), (64, 512, 512, "NN"), (512, 64, 784, "TN"),
    (512, 64, 512, "TN"), (10, 64, 512, "TN"), (512, 784, 512, "NT"), (512, 512, 784, "TN"), (32, 32, 32, "NN"), (64, 64, 64, "NN"),
    (128, 128, 128, "NN"), (256, 256, 256, "NN"), (512, 512, 512, "NN"), (1024, 1024, 1024, "NN"), (1024, 1024, 1024, "NT"),
    (1024, 1024, 1024, "TN"), (2048, 2048, 2048, "NN"), (4096, 64, 64, "NN"), (1, 784, 512, "NT"), (1, 1024, 1024, "NN"),
]


WHOLE_SHAPES = [
    (32, 32, 32, "NN"), (256, 256, 256, "NN"), (256, 256, 256, "NT"), (64, 784, 512, "NT"), (512, 64, 784, "TN"), (1, 1024, 1024, "NT"),
]


def operand(dtype, *sizes):
    return torch.rand(sizes) if dtype is torch.float32 else torch.randint(-100, 100, sizes, dtype=dtype)


def work(dtype, m, k, n, layout):
    a = operand(dtype, k, m).t() if layout[0] == "T" else operand(dtype, m, k)
    b = operand(dtype, n, k).t() if layout[1] == "T" else operand(dtype, k, n)
    c = torch.empty(m, n, dtype=dtype)
    return lambda: torch.mm(a, b, out=c)


works = {f"gemm {m}x{k}x{n} {layout}": work(torch.float32, m, k, n, layout) for m, k, n, layout in SHAPES}
for dtype in (torch.int32, torch.int64):
    for m, k, n, layout in WHOLE_SHAPES:
        works[f"{str(dtype)[6:]} {m}x{k}x{n} {layout}"] = work(dtype, m, k, n, layout)
serve(works, target=0.01)
