import math

import torch
from torch import nn

# u_t + u·u_x = ν·u_xx on [−1, 1] × [0, 1], u(x, 0) = −sin πx, u(±1, t) = 0 (Raissi, Perdikaris and Karniadakis 2019).
torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
net = nn.Sequential(nn.Linear(2, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1))
nu = 0.01 / math.pi
inner = torch.rand(128, 2) * torch.tensor([2.0, 1.0]) - torch.tensor([1.0, 0.0])
start = torch.stack([torch.linspace(-1, 1, 33), torch.zeros(33)], 1)
edges = torch.cat([torch.stack([torch.full((16,), side), torch.linspace(0, 1, 16)], 1) for side in (-1.0, 1.0)])
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for step in range(1, 101):
    x, t = inner[:, :1].clone().requires_grad_(), inner[:, 1:].clone().requires_grad_()
    u = net(torch.cat([x, t], 1))
    ux, ut = torch.autograd.grad(u.sum(), [x, t], create_graph=True)
    uxx = torch.autograd.grad(ux.sum(), x, create_graph=True)[0]
    residual = (ut + u * ux - nu * uxx).square().mean()
    initial = (net(start) + torch.sin(math.pi * start[:, :1])).square().mean()
    boundary = net(edges).square().mean()
    loss = residual + initial + boundary
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        print(f"step {step}: loss {loss.item():.6f}, residual {residual.item():.6f}, start {initial.item():.6f}")
print(f"u(0.5, 0.25) = {net(torch.tensor([[0.5, 0.25]])).item():.5f}")
