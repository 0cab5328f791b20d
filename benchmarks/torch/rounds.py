"""Answers one line of standard input with one sample: a JSON object {name of the work: seconds}.

So `compare` can let PyTorch and Adjoint take turns within one run. By hand: `echo | python3 neuron_step.py`.
TORCH_THREADS is the number of threads of PyTorch's own pool; BLAS has its own (OMP_NUM_THREADS, OPENBLAS_NUM_THREADS).
"""

import json
import os
import sys
import time

import torch

torch.set_num_threads(int(os.environ.get("TORCH_THREADS", "1")))


def seconds(work, calls, clock=time.perf_counter):
    """The time of one of `calls` calls of `work`; with `time.thread_time` that which this thread was on a core."""
    start = clock()
    for _ in range(calls):
        work()
    return (clock() - start) / calls


def calls_for(work, target=0.02, most=100_000):
    """How many calls of `work` last about `target` seconds."""
    calls = 1
    while True:
        elapsed = seconds(work, calls) * calls
        if elapsed >= target or calls >= most:
            return max(1, min(most, round(calls * target / max(elapsed, 1e-9))))
        calls = min(most, calls * 4)


def serve(works, target=0.05, clock=lambda name: time.perf_counter):
    """`works` maps names to functions; each is called often enough for a sample of `target` seconds of `clock(name)`."""
    counts = {name: calls_for(work, target) for name, work in works.items()}
    first = next(iter(works))

    def sample():
        seconds(works[first], counts[first])  # cores that have just been idle are slow at first
        return {name: seconds(work, counts[name], clock(name)) for name, work in works.items()}

    answer(sample)


def answer(sample):
    for _ in sys.stdin:
        print(json.dumps(sample()), flush=True)
