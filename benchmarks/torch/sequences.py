"""A training step of recurrent layers and of a block of a transformer: forward, mean square, backward, SGD, zero_grad."""

import torch
from torch import nn

from rounds import serve


def work(layer, shape):
    torch.manual_seed(1)
    model = layer()
    x = torch.randn(*shape)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)

    def step():
        y = model(x)
        loss = (y[0] if isinstance(y, tuple) else y).square().mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


if __name__ == "__main__":
    serve({
        "lstm step, 32 of 50, 64 to 128": work(lambda: nn.LSTM(64, 128), (50, 32, 64)),
        "lstm step, 64 of 100, 2 of 256": work(lambda: nn.LSTM(256, 256, 2), (100, 64, 256)),
        "lstm step, 1 of 200, 16 to 32": work(lambda: nn.LSTM(16, 32), (200, 1, 16)),
        "gru step, 32 of 50, 64 to 128": work(lambda: nn.GRU(64, 128), (50, 32, 64)),
        "encoder step, 32 of 64, 128 wide": work(lambda: nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0), (64, 32, 128)),
    }, target=0.1)
