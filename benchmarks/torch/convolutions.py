"""PyTorch's side of benchmarks/convolutions: answers "conv batch channels size outs kernel stride padding groups pass" with seconds."""

import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
WARM_UP, SAMPLE = 0.1, 0.03
prepared = {}


def call_of(words):
    n = [int(word) for word in words[1:9]]
    backward = words[9] == "backward"
    x, w, b = torch.randn(n[0], n[1], n[2], n[2]), torch.randn(n[3], n[1] // n[7], n[4], n[4]) * 0.1, torch.randn(n[3])

    def forward():
        return F.conv2d(x, w, b, n[5], n[6], 1, n[7])

    g = torch.ones_like(forward())
    if not backward:
        return forward
    for leaf in (x, w, b):
        leaf.requires_grad_()

    def step():
        forward().backward(g)
        x.grad = w.grad = b.grad = None

    return step


def seconds(line):
    if line not in prepared:
        call = call_of(line.split())
        call()
        start, calls = time.perf_counter(), 0
        while time.perf_counter() - start < WARM_UP:
            call()
            calls += 1
        prepared[line] = call, max(1, int(calls * SAMPLE / WARM_UP))
    call, count = prepared[line]
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


for line in sys.stdin:
    print(repr(seconds(line.strip())), flush=True)
