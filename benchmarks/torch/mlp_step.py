"""A training step of the MLP 784-512-512-10, batch 64 or 512: forward, cross-entropy, backward, step, zero_grad."""

import torch
import torch.nn.functional as F
from torch import nn

from rounds import serve


def work(batch, optimizer, **options):
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
    x, y = torch.rand(batch, 784), torch.randint(0, 10, (batch,))
    # A tiny rate: the benchmark must not converge to gradients so small that they are denormal.
    optimizer = optimizer(model.parameters(), lr=1e-6, **options)

    def step():
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


if __name__ == "__main__":
    serve({
        "mlp step SGD, batch 64": work(64, torch.optim.SGD),
        "mlp step SGD, batch 64|foreach": work(64, torch.optim.SGD, foreach=True),
        "mlp step Adam, batch 64": work(64, torch.optim.Adam),
        "mlp step Adam, batch 64|foreach": work(64, torch.optim.Adam, foreach=True),
        "mlp step SGD, batch 512": work(512, torch.optim.SGD),
        "mlp step Adam, batch 512": work(512, torch.optim.Adam),
        "mlp step Adam, batch 512|foreach": work(512, torch.optim.Adam, foreach=True),
    }, target=0.1)
