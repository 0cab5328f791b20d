import math

import torch

# Three Gaussians, fitted by the gradient of the log-likelihood; the densities are written here.
torch.manual_seed(1)
which = torch.randint(0, 3, (300,))
centres = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
x = centres[which] + 0.6 * torch.randn(300, 2)
logits = torch.zeros(3, requires_grad=True)
means = (x[:3] + 0.0).clone().requires_grad_()
logs = torch.zeros(3, 2, requires_grad=True)
opt = torch.optim.Adam([logits, means, logs], lr=0.05)
for step in range(1, 101):
    z = (x.unsqueeze(1) - means) / logs.exp()
    density = (-0.5 * z * z - logs - 0.5 * math.log(2 * math.pi)).sum(2)
    loss = -torch.logsumexp(torch.log_softmax(logits, 0) + density, 1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        print(f"step {step}: negative log-likelihood {loss.item():.5f}")
for k in range(3):
    print(f"component {k}: weight {torch.softmax(logits, 0)[k].item():.3f}, mean {means[k, 0].item():.3f} {means[k, 1].item():.3f}, "
          f"spread {logs[k, 0].exp().item():.3f} {logs[k, 1].exp().item():.3f}")
