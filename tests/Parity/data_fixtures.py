"""What torch's distributed sampler and workers give, and what torchvision's transforms do to a tensor.

torchvision's steps for tensors (transforms/transforms.py, functional_tensor.py of 0.14) are written out here with torch,
in the same order and with the same draws.
"""

import math

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, DistributedSampler

from fixture import save, value

# ---- samplers and workers

shares = []
for count, replicas, shuffle, drop in [(10, 3, True, False), (10, 3, True, True), (10, 3, False, False), (2, 5, True, False),
                                       (23, 4, True, False), (23, 4, False, True), (12, 4, True, True)]:
    for rank in range(replicas):
        sampler = DistributedSampler(range(count), replicas, rank, shuffle=shuffle, seed=7, drop_last=drop)
        epochs = []
        for epoch in range(2):
            sampler.set_epoch(epoch)
            epochs.append(list(sampler))
        shares.append({"count": count, "replicas": replicas, "rank": rank, "shuffle": shuffle, "drop_last": drop,
                       "length": len(sampler), "epochs": epochs})
save("distributed", shares)


class Noise(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, i):
        return torch.rand(3) + i


noise = []
for workers in [0, 4]:      # four batches, a worker for each
    torch.manual_seed(21)
    loader = DataLoader(Noise(), batch_size=2, num_workers=workers)
    batches = [value(batch) for _ in range(2) for batch in loader]
    noise.append({"workers": workers, "batches": batches, "then": torch.rand(1).item()})
save("workers", noise)

# ---- transforms


def randint(high):
    return torch.randint(0, high, size=(1,)).item()


def uniform(low, high):
    return torch.empty(1).uniform_(low, high).item()


def interpolate(x, size, mode="bilinear", antialias=True):
    byte = x.dtype == torch.uint8
    y = x.float() if byte else x
    if mode == "nearest":
        y = F.interpolate(y[None], size, mode=mode)[0]
    else:
        y = F.interpolate(y[None], size, mode=mode, align_corners=False, antialias=antialias)[0]
    return torch.clamp(torch.round(y), 0, 255).to(torch.uint8) if byte else y


def resize(x, size, mode="bilinear", antialias=True):
    if isinstance(size, int):
        h, w = x.shape[-2:]
        short, long = (w, h) if w <= h else (h, w)
        new = int(size * long / short)
        size = (new, size) if w <= h else (size, new)
    return interpolate(x, size, mode, antialias)


def center_crop(x, th, tw):
    h, w = x.shape[-2:]
    if tw > w or th > h:
        pad = [(tw - w) // 2 if tw > w else 0, (tw - w + 1) // 2 if tw > w else 0, (th - h) // 2 if th > h else 0, (th - h + 1) // 2 if th > h else 0]
        x = F.pad(x, pad)
        h, w = x.shape[-2:]
    top, left = int(round((h - th) / 2.0)), int(round((w - tw) / 2.0))
    return x[..., top:top + th, left:left + tw]


def random_crop(x, th, tw, padding=0, if_needed=False, fill=0, mode="constant"):
    if padding:
        x = F.pad(x, [padding] * 4, mode=mode, value=fill) if mode == "constant" else F.pad(x.float()[None], [padding] * 4, mode=mode)[0].to(x.dtype)
    h, w = x.shape[-2:]
    if if_needed and w < tw:
        x = F.pad(x, [tw - w, tw - w, 0, 0], value=fill)
    if if_needed and h < th:
        x = F.pad(x, [0, 0, th - h, th - h], value=fill)
    h, w = x.shape[-2:]
    if w == tw and h == th:
        return x
    i, j = randint(h - th + 1), randint(w - tw + 1)
    return x[..., i:i + th, j:j + tw]


def flip(x, dim, p):
    return x.flip(dim) if torch.rand(1) < p else x


def rotate(x, low, high, mode="nearest", fill=0.0):
    angle = uniform(float(low), float(high))
    byte = x.dtype == torch.uint8
    y = x.float() if byte else x
    h, w = y.shape[-2:]
    rot = math.radians(-angle)
    a, b, c, d = math.cos(rot), -math.sin(rot), math.sin(rot), math.cos(rot)
    theta = torch.tensor([d, -b, 0.0, -c, a, 0.0], dtype=y.dtype).reshape(1, 2, 3)
    base = torch.empty(1, h, w, 3, dtype=y.dtype)
    base[..., 0].copy_(torch.linspace(-w * 0.5 + 0.5, w * 0.5 + 0.5 - 1, steps=w))
    base[..., 1].copy_(torch.linspace(-h * 0.5 + 0.5, h * 0.5 + 0.5 - 1, steps=h).unsqueeze_(-1))
    base[..., 2].fill_(1)
    grid = base.view(1, h * w, 3).bmm(theta.transpose(1, 2) / torch.tensor([0.5 * w, 0.5 * h], dtype=y.dtype)).view(1, h, w, 2)
    batch = torch.cat([y[None], torch.ones(1, 1, h, w, dtype=y.dtype)], 1)
    batch = F.grid_sample(batch, grid, mode=mode, padding_mode="zeros", align_corners=False)
    mask, y = batch[:, -1:], batch[:, :-1]
    if fill:
        if mode == "nearest":
            y = torch.where(mask < 0.5, torch.full_like(y, fill), y)
        else:
            y = y * mask + (1.0 - mask) * fill
    y = y[0]
    return torch.round(y).to(torch.uint8) if byte else y


def grey(x):
    return (0.2989 * x[0] + 0.587 * x[1] + 0.114 * x[2]).to(x.dtype)[None]


def blend(x, y, ratio):
    return (ratio * x + (1.0 - ratio) * y).clamp(0, 255 if x.dtype == torch.uint8 else 1.0).to(x.dtype)


def hue(x, factor):
    byte = x.dtype == torch.uint8
    y = x.float() / 255 if byte else x
    r, g, b = y.unbind(dim=-3)
    maxc, minc = torch.max(y, dim=-3).values, torch.min(y, dim=-3).values
    eqc = maxc == minc
    cr = maxc - minc
    ones = torch.ones_like(maxc)
    s = cr / torch.where(eqc, ones, maxc)
    div = torch.where(eqc, ones, cr)
    rc, gc, bc = (maxc - r) / div, (maxc - g) / div, (maxc - b) / div
    hr = (maxc == r) * (bc - gc)
    hg = ((maxc == g) & (maxc != r)) * (2.0 + rc - bc)
    hb = ((maxc != g) & (maxc != r)) * (4.0 + gc - rc)
    h = torch.fmod((hr + hg + hb) / 6.0 + 1.0, 1.0)
    h = (h + factor) % 1.0
    v = maxc
    i = torch.floor(h * 6.0)
    f = h * 6.0 - i
    i = i.to(torch.int32)
    p = torch.clamp(v * (1.0 - s), 0.0, 1.0)
    q = torch.clamp(v * (1.0 - s * f), 0.0, 1.0)
    t = torch.clamp(v * (1.0 - s * (1.0 - f)), 0.0, 1.0)
    i = i % 6
    mask = i.unsqueeze(dim=-3) == torch.arange(6).view(-1, 1, 1)
    a = torch.stack((torch.stack((v, q, p, p, t, v)), torch.stack((t, v, v, q, p, p)), torch.stack((p, p, t, v, v, q))))
    y = torch.einsum("ijk, xijk -> xjk", mask.to(y.dtype), a)
    return y.mul(255 + 1.0 - 1e-3).to(torch.uint8) if byte else y


def jitter(x, brightness=0, contrast=0, saturation=0, hues=0):
    order = torch.randperm(4)
    b = uniform(max(0, 1 - brightness), 1 + brightness) if brightness else None
    c = uniform(max(0, 1 - contrast), 1 + contrast) if contrast else None
    s = uniform(max(0, 1 - saturation), 1 + saturation) if saturation else None
    h = uniform(-hues, hues) if hues else None
    for step in order:
        if step == 0 and b is not None:
            x = blend(x, torch.zeros_like(x), b)
        elif step == 1 and c is not None:
            x = blend(x, torch.mean(grey(x).float(), dim=(-3, -2, -1), keepdim=True), c)
        elif step == 2 and s is not None:
            x = blend(x, grey(x), s)
        elif step == 3 and h is not None:
            x = hue(x, h)
    return x


def rectangle(x, scale, ratio):
    h, w = x.shape[-2:]
    log = torch.log(torch.tensor(ratio))
    for _ in range(10):
        area = h * w * uniform(scale[0], scale[1])
        aspect = torch.exp(torch.empty(1).uniform_(log[0], log[1])).item()
        yield area, aspect


def erasing(x, p=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), fill=0.0, noise=False):
    if not torch.rand(1) < p:
        return x
    rows, columns = x.shape[-2:]
    for area, aspect in rectangle(x, scale, ratio):
        h, w = int(round(math.sqrt(area * aspect))), int(round(math.sqrt(area / aspect)))
        if not (h < rows and w < columns):
            continue
        v = torch.empty([x.shape[0], h, w]).normal_() if noise else fill
        i, j = randint(rows - h + 1), randint(columns - w + 1)
        x = x.clone()
        x[..., i:i + h, j:j + w] = v
        return x
    return x


def resized_crop(x, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
    height, width = x.shape[-2:]
    for area, aspect in rectangle(x, scale, ratio):
        w, h = int(round(math.sqrt(area * aspect))), int(round(math.sqrt(area / aspect)))
        if 0 < w <= width and 0 < h <= height:
            i, j = randint(height - h + 1), randint(width - w + 1)
            break
    else:
        present = width / height
        w, h = width, height
        if present < min(ratio):
            h = int(round(w / min(ratio)))
        elif present > max(ratio):
            w = int(round(h * max(ratio)))
        i, j = (height - h) // 2, (width - w) // 2
    return interpolate(x[..., i:i + h, j:j + w], (size, size))


torch.manual_seed(5)
images = {"colour": torch.rand(3, 9, 12), "bytes": torch.randint(0, 256, (3, 11, 8), dtype=torch.uint8), "grey": torch.rand(1, 10, 10)}
cases = []


def ask(name, image, transform, seed):
    x = images[image]
    torch.manual_seed(seed)
    results = [value(transform(x)) for _ in range(2)]
    cases.append({"name": name, "image": image, "seed": seed, "results": results, "then": torch.rand(1).item()})


for image in images:
    three = image != "grey"
    ask("resize 5", image, lambda x: resize(x, 5), 1)
    ask("resize 17", image, lambda x: resize(x, 17), 1)
    ask("resize 4 7 plain", image, lambda x: resize(x, (4, 7), antialias=False), 1)
    ask("resize 6 5 bicubic", image, lambda x: resize(x, (6, 5), "bicubic"), 1)
    ask("resize 6 5 nearest", image, lambda x: resize(x, (6, 5), "nearest"), 1)
    ask("center 5 8", image, lambda x: center_crop(x, 5, 8), 1)
    ask("center 13 7", image, lambda x: center_crop(x, 13, 7), 1)
    ask("crop 6", image, lambda x: random_crop(x, 6, 6), 2)
    ask("crop 8 padding 2", image, lambda x: random_crop(x, 8, 8, 2), 3)
    ask("crop 14 if needed", image, lambda x: random_crop(x, 14, 14, if_needed=True), 4)
    ask("crop 8 reflect 3", image, lambda x: random_crop(x, 8, 8, 3, mode="reflect"), 5)
    ask("hflip", image, lambda x: flip(x, -1, 0.5), 6)
    ask("vflip", image, lambda x: flip(x, -2, 0.5), 7)
    ask("rotation 30", image, lambda x: rotate(x, -30, 30), 8)
    ask("rotation 10 80 bilinear", image, lambda x: rotate(x, 10, 80, "bilinear"), 9)
    ask("rotation 45 fill", image, lambda x: rotate(x, -45, 45, fill=0.5 if x.dtype != torch.uint8 else 7.0), 10)
    ask("erasing", image, lambda x: erasing(x, 0.9), 11)
    ask("erasing value", image, lambda x: erasing(x, 1.0, fill=1.0), 12)
    ask("resized crop 6", image, lambda x: resized_crop(x, 6), 13)
    ask("resized crop narrow", image, lambda x: resized_crop(x, 6, (0.9, 1.0), (3.0, 4.0)), 14)
    if three:
        ask("jitter all", image, lambda x: jitter(x, 0.5, 0.4, 0.3, 0.2), 15)
        ask("jitter hue", image, lambda x: jitter(x, hues=0.5), 16)
        ask("jitter light", image, lambda x: jitter(x, 0.8, 0, 0.5), 17)
        ask("grey", image, grey, 1)
    if image != "bytes":
        ask("erasing noise", image, lambda x: erasing(x, 1.0, noise=True), 18)
save("transforms", [{"name": name, "value": value(x)} for name, x in images.items()] + cases)
