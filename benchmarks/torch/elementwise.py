"""Element-wise operations and a sum on float32 from a thousand to ten million elements, into new memory and into old (`out=`)."""

import time

import torch

from rounds import serve

works = {}
for size in (1_000, 100_000, 1_000_000, 10_000_000):
    x, y, z = torch.rand(size) + 0.5, torch.rand(size) + 0.5, torch.empty(size)
    works[f"add {size}"] = lambda x=x, y=y: torch.add(x, y)
    works[f"add {size}|out"] = lambda x=x, y=y, z=z: torch.add(x, y, out=z)
    works[f"mul {size}"] = lambda x=x, y=y: torch.mul(x, y)
    works[f"mul {size}|out"] = lambda x=x, y=y, z=z: torch.mul(x, y, out=z)
    works[f"relu {size}"] = lambda x=x: torch.relu(x)
    works[f"relu {size}|out"] = lambda x=x, z=z: torch.clamp_min(x, 0, out=z)
    for name in ("exp", "tanh", "sigmoid", "log"):
        call = getattr(torch, name)
        works[f"{name} {size}"] = lambda call=call, x=x: call(x)
        works[f"{name} {size}|out"] = lambda call=call, x=x, z=z: call(x, out=z)
    works[f"sum {size}"] = lambda x=x: torch.sum(x)


def clock(name):
    """So few are not shared among threads: the thread's own time, as nobody else's work counts."""
    return time.thread_time if name.split("|")[0].endswith(" 1000") else time.perf_counter


serve(works, target=0.02, clock=clock)
