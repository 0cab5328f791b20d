import math

import torch

# A line with unknown slope and offset: the posterior, approximated by normals (Kingma and Welling 2014), beside the exact one.
torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
x = torch.linspace(-1, 1, 20)
y = 1.5 * x - 0.5 + 0.3 * torch.randn(20)
design = torch.stack([x, torch.ones(20)], 1)
mean, log_std = torch.zeros(2, requires_grad=True), torch.zeros(2, requires_grad=True)
opt = torch.optim.Adam([mean, log_std], lr=0.05)


def log_normal(x, mean, std):
    return -0.5 * ((x - mean) / std) ** 2 - math.log(std) - 0.5 * math.log(2 * math.pi)


for step in range(1, 201):
    w = mean + log_std.exp() * torch.randn(16, 2)
    likelihood = log_normal(y, w @ design.T, 0.3).sum(1)
    prior = log_normal(w, 0.0, 1.0).sum(1)
    entropy = (log_std + 0.5 * math.log(2 * math.pi * math.e)).sum()
    loss = -(likelihood + prior).mean() - entropy
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 40 == 0:
        print(f"step {step}: loss {loss.item():.5f}")
precision = design.T @ design / 0.09 + torch.eye(2)
exact = torch.linalg.solve(precision, design.T @ y / 0.09)
print(f"slope {mean[0].item():.4f} exactly {exact[0].item():.4f}, offset {mean[1].item():.4f} exactly {exact[1].item():.4f}")
print(f"spreads {log_std[0].exp().item():.4f} {log_std[1].exp().item():.4f}, exactly {precision[0, 0].item() ** -0.5:.4f} {precision[1, 1].item() ** -0.5:.4f}")
