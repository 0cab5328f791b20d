import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(1)
content, style = torch.rand(1, 3, 24, 24), torch.rand(1, 3, 24, 24).round()
# Features of fixed random convolutions stand for those of a trained network (Ulyanov et al. 2016).
layers = [nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 12, 3, padding=1)]
for layer in layers:
    layer.requires_grad_(False)


def features(x):
    first = F.relu(layers[0](x))
    return [first, F.relu(layers[1](F.avg_pool2d(first, 2)))]


def gram(f):
    f = f.flatten(2)[0]
    return f @ f.T / f.numel()


wanted = features(content)[1]
grams = [gram(f) for f in features(style)]
image = content.clone().requires_grad_()
opt = torch.optim.LBFGS([image], lr=0.8, max_iter=5)
for step in range(1, 6):
    def closure():
        opt.zero_grad()
        fs = features(image)
        loss = 10 * F.mse_loss(fs[1], wanted) + 1e5 * sum(F.mse_loss(gram(f), g) for f, g in zip(fs, grams))
        loss.backward()
        return loss
    loss = opt.step(closure)
    print(f"step {step}: loss {loss.item():.6f}, mean of the image {image.mean().item():.5f}")
