"""MNIST from the repository, for programs that torchvision would serve."""

import gzip
import pathlib

import torch

FOLDER = pathlib.Path(__file__).parents[3] / "data" / "mnist"


def load(kind, count):
    images = bytearray(gzip.decompress((FOLDER / f"{kind}-images-idx3-ubyte.gz").read_bytes())[16:16 + count * 784])
    labels = bytearray(gzip.decompress((FOLDER / f"{kind}-labels-idx1-ubyte.gz").read_bytes())[8:8 + count])
    x = torch.frombuffer(images, dtype=torch.uint8).reshape(count, 1, 28, 28).float() / 255
    return x, torch.frombuffer(labels, dtype=torch.uint8).long()
