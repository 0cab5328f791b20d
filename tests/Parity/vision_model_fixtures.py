"""torchvision's networks: text, keys, initial bits, outputs, and sums over the gradients.

torchvision is Debian's python3-torchvision. The networks are as large as in the papers, so their numbers are not written down: of initial weights
the SHA-256 in float32, of the float64 network outputs and, of each gradient, its sum and the root of the sum of its squares.
"""

import hashlib

import torch
from torchvision import models

from cases import upstream
from fixture import save, value
from layers import CALL_SEED, SEED, tensor

# name: (how it is made, size of the pictures)
NETWORKS = {
    "resnet18": (lambda: models.resnet18(num_classes=7), 40),
    "resnet34": (lambda: models.resnet34(num_classes=3), None),
    "resnet50": (lambda: models.resnet50(num_classes=5), 33),
    "resnext": (lambda: models.ResNet(models.resnet.Bottleneck, [1, 1, 2, 1], num_classes=4, zero_init_residual=True, groups=4, width_per_group=8), 32),
    "alexnet": (lambda: models.alexnet(num_classes=6), 63),
    "vgg11_bn": (lambda: models.vgg11_bn(num_classes=4), 32),
    "vgg16": (lambda: models.vgg16(num_classes=2), None),
}


def digest(x):
    return hashlib.sha256(x.detach().contiguous().numpy().tobytes()).hexdigest()


def case(name, make, size):
    torch.manual_seed(SEED)
    net = make()
    result = {"name": name, "text": str(net), "parameters": sum(p.numel() for p in net.parameters()),
        "bits": {key: digest(x) for key, x in net.state_dict().items()}, "input": None, "outputs": None, "grads": None, "evaluated": None}
    if size is None:
        return result
    net = net.double()
    x = tensor(2, 3, size, size, step=0.37)
    torch.manual_seed(CALL_SEED)
    y = net(x)
    (upstream(y) * y).sum().backward()
    result["input"], result["outputs"] = [2, 3, size, size], value(y)
    result["grads"] = {key: [p.grad.sum().item(), p.grad.norm().item()] for key, p in net.named_parameters()}
    with torch.no_grad():
        result["evaluated"] = value(net.eval()(x))
    return result


save("vision_models", [case(name, *how) for name, how in NETWORKS.items()])
