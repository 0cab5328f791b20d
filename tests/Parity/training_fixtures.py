"""The first hundred steps of an MLP on MNIST: initial weights (their SHA-256), order of images, losses."""

import gzip
import hashlib
import pathlib

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from fixture import save

DATA = pathlib.Path(__file__).parents[2] / "data" / "mnist"
STEPS = 100


def read(name, header):
    return torch.frombuffer(bytearray(gzip.decompress((DATA / name).read_bytes())[header:]), dtype=torch.uint8)


torch.set_num_threads(1)
images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 784).float() / 255
labels = read("train-labels-idx1-ubyte.gz", 8).long()

torch.manual_seed(1)
model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
weights = {name: hashlib.sha256(parameter.detach().numpy().tobytes()).hexdigest() for name, parameter in model.named_parameters()}
loader = DataLoader(TensorDataset(images, labels, torch.arange(len(labels))), batch_size=64, shuffle=True)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

order, losses = [], []
for (x, y, index), _ in zip(loader, range(STEPS)):
    order.append(index.tolist())
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())

save("training", [{"weights": weights, "order": order[:20], "losses": losses}])
