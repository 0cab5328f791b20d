"""PyTorch's side of WindowRows.cs, by the same names."""

import torch
import torch.nn.functional as F


def images(a):
    return a.x.reshape(-1, 10, 25, 40)


def volumes(a):
    return a.x.reshape(-1, 10, 10, 10, 10)


def kernel(a, *shape):
    return a.y.reshape(-1)[:torch.Size(shape).numel()].reshape(shape)


def grid(a):
    return a.y[:, :500].reshape(a.x.numel() // 10_000, -1, 50, 2)


def unpooled(x):
    values, indices = F.max_pool2d(x, 5, return_indices=True)
    return F.max_unpool2d(values, indices, 5)


ROWS = {
    "conv1d": lambda a: F.conv1d(a.x.reshape(-1, 10, 1000), kernel(a, 10, 10, 3), padding=1),
    "conv2d": lambda a: F.conv2d(images(a), kernel(a, 10, 10, 3, 3), a.b[:10], padding=1),
    "conv2d_depthwise": lambda a: F.conv2d(images(a), kernel(a, 10, 1, 3, 3), a.b[:10], padding=1, groups=10),
    "conv3d": lambda a: F.conv3d(volumes(a), kernel(a, 3, 10, 3, 3, 3), padding=1),
    "conv_transpose2d": lambda a: F.conv_transpose2d(images(a), kernel(a, 10, 10, 3, 3), a.b[:10], stride=2, padding=1),
    "im2col": lambda a: F.unfold(images(a), 3, padding=1),
    "col2im": lambda a: F.fold(a.x.reshape(-1, 40, 250), (20, 50), 2, stride=2),
    "max_pool2d": lambda a: F.max_pool2d(images(a), 2),
    "max_pool2d_overlapping": lambda a: F.max_pool2d(images(a), 3, stride=2, padding=1),
    "avg_pool2d": lambda a: F.avg_pool2d(images(a), 2),
    "adaptive_max_pool2d": lambda a: F.adaptive_max_pool2d(images(a), (7, 9)),
    "adaptive_avg_pool2d": lambda a: F.adaptive_avg_pool2d(images(a), (7, 9)),
    "max_unpool2d": lambda a: unpooled(images(a)),
    "fractional_max_pool2d": lambda a: F.fractional_max_pool2d(images(a), 2, (12, 20)),
    "lp_pool2d": lambda a: F.lp_pool2d(images(a), 2, 2),
    "upsample_nearest2d": lambda a: F.interpolate(images(a), scale_factor=2),
    "upsample_bilinear2d": lambda a: F.interpolate(images(a), scale_factor=2, mode="bilinear"),
    "upsample_bicubic2d": lambda a: F.interpolate(images(a), scale_factor=2, mode="bicubic"),
    "upsample_bilinear2d_aa": lambda a: F.interpolate(images(a), (10, 15), mode="bilinear", antialias=True),
    "upsample_trilinear3d": lambda a: F.interpolate(volumes(a), scale_factor=2, mode="trilinear"),
    "local_response_norm": lambda a: F.local_response_norm(images(a), 5),
    "affine_grid": lambda a: F.affine_grid(a.x[:60, 0].reshape(10, 2, 3), (10, 1, 100, 100), align_corners=False),
    "grid_sample": lambda a: F.grid_sample(images(a), grid(a), align_corners=False),
    "grid_sample_bicubic": lambda a: F.grid_sample(images(a), grid(a), mode="bicubic", align_corners=False),
    "grid_sample3d": lambda a: F.grid_sample(
        volumes(a), a.y[:, :999].reshape(-1, 9, 37, 1, 3)[:a.x.numel() // 10_000], align_corners=False),
    "group_norm": lambda a: F.group_norm(images(a), 5, a.w[:10], a.b[:10]),
    "instance_norm": lambda a: F.instance_norm(images(a), weight=a.w[:10], bias=a.b[:10]),
    "dropout2d": lambda a: F.dropout2d(images(a), 0.3),
    "alpha_dropout": lambda a: F.alpha_dropout(a.x, 0.3, training=True),
}
