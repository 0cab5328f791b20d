import torch
import torch.nn.functional as F
from torch import nn

import digits

torch.manual_seed(1)
x, y = digits.load("train", 512)
x = x.flatten(1)
net = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 2))
triplet = nn.TripletMarginLoss(margin=1.0)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
rows = [torch.nonzero(y == c).flatten() for c in range(10)]


def pick(c):
    return rows[c][torch.randint(0, len(rows[c]), (1,)).item()].item()


for step in range(1, 41):
    anchors, positives, negatives = [], [], []
    for _ in range(32):
        same, other = torch.randperm(10)[:2].tolist()
        anchors.append(pick(same))
        positives.append(pick(same))
        negatives.append(pick(other))
    loss = triplet(net(x[anchors]), net(x[positives]), net(x[negatives]))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 8 == 0:
        print(f"step {step}: loss {loss.item():.4f}")
with torch.no_grad():
    e = net(x)
    d = F.pairwise_distance(e[rows[0][0]].unsqueeze(0), e[torch.stack([rows[c][1] for c in range(10)])])
print("nearest to a 0:", d.argmin().item(), f"at {d.min().item():.4f}")
