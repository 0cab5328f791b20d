import math

import torch
import torch.nn.functional as F

# A start from which one step of gradient descent fits any sine (Finn, Abbeel and Levine 2017).
torch.manual_seed(1)
sizes = [(20, 1), (20,), (20, 20), (20,), (1, 20), (1,)]
w = [(torch.randn(s) / math.sqrt(s[-1]) if len(s) == 2 else torch.zeros(s)).requires_grad_() for s in sizes]
opt = torch.optim.Adam(w, lr=1e-2)


def net(w, x):
    h = torch.tanh(F.linear(x, w[0], w[1]))
    return F.linear(torch.tanh(F.linear(h, w[2], w[3])), w[4], w[5])


def task():
    amplitude, phase = torch.empty(1).uniform_(0.5, 2), torch.empty(1).uniform_(0, math.pi)
    return lambda x: amplitude * torch.sin(x + phase)


for step in range(1, 61):
    outer = 0
    for _ in range(4):
        f = task()
        x, again = torch.empty(10, 1).uniform_(-3, 3), torch.empty(10, 1).uniform_(-3, 3)
        inner = F.mse_loss(net(w, x), f(x))
        grads = torch.autograd.grad(inner, w, create_graph=True)
        fast = [p - 0.1 * g for p, g in zip(w, grads)]
        outer = outer + F.mse_loss(net(fast, again), f(again)) / 4
    opt.zero_grad()
    outer.backward()
    opt.step()
    if step % 10 == 0:
        print(f"step {step}: loss after one step {outer.item():.5f}")
