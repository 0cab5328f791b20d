"""One SGD step of one neuron: w·x + b, squared error, backward, step, zero_grad."""

import time

import torch

from rounds import serve

w = torch.tensor(0.5, requires_grad=True)
b = torch.tensor(0.1, requires_grad=True)
x, y = torch.tensor(2.0), torch.tensor(3.0)
optimizer = torch.optim.SGD([w, b], lr=1e-6)


def step():
    loss = (w * x + b - y) ** 2
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)


if __name__ == "__main__":
    serve({"neuron step": step}, clock=lambda name: time.thread_time)
