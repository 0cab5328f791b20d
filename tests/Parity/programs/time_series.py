import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
t = torch.arange(200.0)
series = torch.sin(t / 8) + 0.5 * torch.sin(t / 3)
windows = series.unfold(0, 17, 1)
x, y = windows[:, :16], windows[:, 16:]
net = nn.Sequential(nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 1))
opt = torch.optim.LBFGS(net.parameters(), lr=0.8, max_iter=10)


def closure():
    opt.zero_grad()
    loss = F.mse_loss(net(x), y)
    loss.backward()
    return loss


for step in range(1, 6):
    print(f"step {step}: loss {opt.step(closure).item():.8f}")
with torch.no_grad():
    seen = series[-16:]
    for _ in range(5):
        seen = torch.cat([seen, net(seen[-16:])])
        print(f"next {seen[-1].item():.4f}, really {(torch.sin(torch.tensor(len(series) + len(seen) - 17.0) / 8) + 0.5 * torch.sin(torch.tensor(len(series) + len(seen) - 17.0) / 3)).item():.4f}")
