import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import digits


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(784, 64)
        self.mu = nn.Linear(64, 8)
        self.logvar = nn.Linear(64, 8)
        self.dec1 = nn.Linear(8, 64)
        self.dec2 = nn.Linear(64, 784)

    def forward(self, x):
        h = F.relu(self.enc(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.dec2(F.relu(self.dec1(z)))), mu, logvar


torch.manual_seed(1)
x, _ = digits.load("train", 1024)
loader = DataLoader(TensorDataset(x.flatten(1)), batch_size=128, shuffle=True)
net = Vae()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(4):
    total = 0.0
    for (x,) in loader:
        out, mu, logvar = net(x)
        bce = F.binary_cross_entropy(out, x, reduction="sum")
        kld = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum()
        loss = (bce + kld) / len(x)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(x)
    print(f"epoch {epoch + 1}: loss {total / 1024:.2f}, divergence of the last batch {kld.item() / len(x):.4f}")
