"""Uniform and normal numbers drawn into a tensor, from eight to sixteen million of them."""

import time

import torch

from rounds import serve

works = {}
for dtype, kind in ((torch.float32, ""), (torch.float64, " float64")):
    for size in (8, 1_000, 100_000, 1_000_000, 16_000_000):
        x = torch.empty(size, dtype=dtype)
        works[f"uniform {size}{kind}"] = lambda x=x: x.uniform_()
        works[f"normal {size}{kind}"] = lambda x=x: x.normal_()
        if not kind:
            works[f"bernoulli {size}"] = lambda x=x: x.bernoulli_(0.5)
works["randn 168000000"] = lambda: torch.randn(168_000_000)
works["randperm 60000"] = lambda: torch.randperm(60_000)


def clock(name):
    """So few are one thread's: its own time, as nobody else's work counts."""
    return time.thread_time if name.split()[1] in ("8", "1000") else time.perf_counter


serve(works, target=0.01, clock=clock)
