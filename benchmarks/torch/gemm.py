"""float32 matrix products at the shapes of the MLP and at squares, operands transposed as the layouts say."""

import torch

from rounds import serve

SHAPES = [
    (64, 784, 512, "NT"), (64, 512, 512, "NT"), (64, 512, 10, "NT"), (64, 10, 512, "NN"), (64, 512, 512, "NN"), (512, 64, 784, "TN"),
    (512, 64, 512, "TN"), (10, 64, 512, "TN"), (512, 784, 512, "NT"), (512, 512, 784, "TN"), (32, 32, 32, "NN"), (64, 64, 64, "NN"),
    (128, 128, 128, "NN"), (256, 256, 256, "NN"), (512, 512, 512, "NN"), (1024, 1024, 1024, "NN"), (1024, 1024, 1024, "NT"),
    (1024, 1024, 1024, "TN"), (2048, 2048, 2048, "NN"), (4096, 64, 64, "NN"), (1, 784, 512, "NT"), (1, 1024, 1024, "NN"),
]


def work(m, k, n, layout):
    a = torch.rand(k, m).t() if layout[0] == "T" else torch.rand(m, k)
    b = torch.rand(n, k).t() if layout[1] == "T" else torch.rand(k, n)
    c = torch.empty(m, n)
    return lambda: torch.mm(a, b, out=c)


serve({f"gemm {m}x{k}x{n} {layout}": work(m, k, n, layout) for m, k, n, layout in SHAPES}, target=0.01)
