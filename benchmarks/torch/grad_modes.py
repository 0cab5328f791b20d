"""The course's timing lesson: 4096 -> 8192 -> 8192 -> 8192 -> 1 on a batch of 256, forward in each of the three modes, and making the network."""

import torch
from torch import nn

from rounds import answer, seconds

net = None


def make():
    global net
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Linear(4096, 8192), nn.ReLU(), nn.Linear(8192, 8192), nn.ReLU(), nn.Linear(8192, 8192), nn.ReLU(), nn.Linear(8192, 1))


making = seconds(make, 1)
x = torch.randn(256, 4096)


def forward(mode):
    def work():
        with mode():
            net(x)
    return work


MODES = {"default": torch.enable_grad, "no-grad": torch.no_grad, "inference": torch.inference_mode}


def sample():
    net(x)
    return {"lesson making": making} | {f"lesson {name}": seconds(forward(mode), 2) for name, mode in MODES.items()}


answer(sample)
