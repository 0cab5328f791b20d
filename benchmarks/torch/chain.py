"""A chain of 2,000 operations on one number: v = v·x + b, a thousand times; forward, and forward with backward."""

import time

import torch

from rounds import serve

OPERATIONS = 2000
x = torch.tensor(0.999, requires_grad=True)
b = torch.tensor(0.001, requires_grad=True)
v0 = torch.tensor(1.0, requires_grad=True)


def forward():
    v = v0
    for _ in range(OPERATIONS // 2):
        v = v * x + b
    return v


def forward_and_backward():
    forward().backward()
    x.grad = b.grad = v0.grad = None


serve({"chain forward": forward, "chain forward + backward": forward_and_backward}, target=0.1, clock=lambda name: time.thread_time)
