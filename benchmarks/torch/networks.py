"""A training step of whole networks: a GPT, ResNet-18 for small pictures, a CNN, and small ones."""

import functools
import sys

import torch
import torch.nn.functional as F
from torch import nn

from rounds import serve

WIDE, HEADS, STEPS, WORDS = 384, 6, 128, 65


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_attn, self.c_proj = nn.Linear(WIDE, 3 * WIDE), nn.Linear(WIDE, WIDE)
        self.register_buffer("mask", torch.ones(STEPS, STEPS).triu(1).bool(), persistent=False)

    def forward(self, x):
        n, t, _ = x.shape
        q, k, v = (part.view(n, t, HEADS, -1).transpose(1, 2) for part in self.c_attn(x).split(WIDE, -1))
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = (q @ k.transpose(-2, -1)) * k.shape[-1] ** -0.5
            y = scores.masked_fill(self.mask, float("-inf")).softmax(-1) @ v
        return self.c_proj(y.transpose(1, 2).reshape(n, t, WIDE))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(WIDE), Attention(), nn.LayerNorm(WIDE)
        self.c_fc, self.c_proj = nn.Linear(WIDE, 4 * WIDE), nn.Linear(4 * WIDE, WIDE)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.c_proj(F.gelu(self.c_fc(self.ln_2(x))))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(WORDS, WIDE), nn.Embedding(STEPS, WIDE)
        self.h, self.ln_f = nn.Sequential(*(Block() for _ in range(6))), nn.LayerNorm(WIDE)
        self.lm_head = nn.Linear(WIDE, WORDS, bias=False)

    def forward(self, x):
        x = self.wte(x) + self.wpe(torch.arange(x.shape[1]))
        return self.lm_head(self.ln_f(self.h(x))).flatten(0, 1)


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + self.shortcut(x))


def resnet18():
    layers, before = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()], 64
    for channels in (64, 128, 256, 512):
        layers += [Residual(before, channels, 1 if channels == 64 else 2), Residual(channels, channels, 1)]
        before = channels
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def cnn():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(),
        nn.Linear(128, 10))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class Characters(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm, self.out = nn.Embedding(WORDS, 32), nn.LSTM(32, 64, batch_first=True), nn.Linear(64, WORDS)

    def forward(self, x):
        return self.out(self.lstm(self.embedding(x))[0]).flatten(0, 1)


def work(net, x, classes, optimizer):
    torch.manual_seed(1)
    model = net()
    y = torch.randint(0, classes, (x.numel() if x.dtype == torch.int64 else x.shape[0],))
    optimizer = optimizer(model.parameters(), lr=1e-6)

    def step():
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def mlp():
    return nn.Sequential(nn.Linear(20, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 3))


if __name__ == "__main__":
    words, sgd = torch.randint(0, WORDS, (4, STEPS)), torch.optim.SGD
    WORKS = {
        "gpt step, 4 of 128": (Gpt, words, WORDS, torch.optim.AdamW),
        "gpt step, 4 of 128|foreach": (Gpt, words, WORDS, functools.partial(torch.optim.AdamW, foreach=True)),
        "resnet-18 step, 16 of 32×32": (resnet18, torch.randn(16, 3, 32, 32), 10, functools.partial(sgd, momentum=0.9)),
        "cnn step, 64 of 28×28": (cnn, torch.randn(64, 1, 28, 28), 10, sgd),
        "small LeNet step, 16 of 28×28": (lenet, torch.randn(16, 1, 28, 28), 10, torch.optim.Adam),
        "small MLP step, 32 of 20": (mlp, torch.randn(32, 20), 3, torch.optim.Adam),
        "small LSTM step, 8 of 32": (Characters, words[:, :64].reshape(8, 32), WORDS, torch.optim.Adam),
    }
    # With the beginnings of names only these, as on the other side.
    serve({name: work(*of) for name, of in WORKS.items() if not sys.argv[1:] or name.startswith(tuple(sys.argv[1:]))}, target=0.1)
