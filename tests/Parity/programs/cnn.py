import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import digits

torch.manual_seed(1)
loader = DataLoader(TensorDataset(*digits.load("train", 2048)), batch_size=64, shuffle=True)
net = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(16 * 7 * 7, 10))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
for epoch in range(2):
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if i % 8 == 7:
            print(f"epoch {epoch + 1} batch {i + 1}: loss {loss.item():.4f}")
net.eval()
with torch.no_grad():
    x, y = digits.load("t10k", 1000)
    print(f"test accuracy {(net(x).argmax(1) == y).float().mean().item():.3f}")
