"""The streams of torch's CPU generator, on a machine with AVX2: what RandomStreamTests must reproduce bit for bit.

Short streams are stored as the hexadecimal bits of every element, long ones as the SHA-256 of their bytes.
"""

import hashlib

import numpy as np
import torch

from fixture import DTYPES, save

cases = []


def bits(tensor):
    array = tensor.detach().contiguous().numpy()
    if array.nbytes > 512:
        return {"count": array.size, "sha256": hashlib.sha256(array.tobytes()).hexdigest()}
    unsigned = {4: np.uint32, 8: np.uint64, 1: np.uint8}[array.itemsize]
    return {"count": array.size, "hex": [format(int(v), "0%dx" % (2 * array.itemsize)) for v in array.ravel().view(unsigned)]}


def case(stream, seed, make, **arguments):
    torch.manual_seed(seed)
    cases.append({"stream": stream, "seed": str(seed), **arguments, **bits(make())})


f32, f64 = torch.float32, torch.float64

for seed in (0, 1, 7, -1, -12345, 2 ** 32 + 7, 2 ** 64 - 1, 67280421310721):
    case("uniform", seed, lambda: torch.rand(50), dtype="float32", low=0.0, high=1.0)
for dtype in (f32, f64):
    for n in (3, 1000, 10007):
        for low, high in ((0.0, 1.0), (-0.3, 0.7), (-0.0357142857, 0.0357142857)):
            case("uniform", n, lambda: torch.empty(n, dtype=dtype).uniform_(low, high), dtype=DTYPES[dtype], low=low, high=high)
    for n in (1, 2, 3, 15, 16, 17, 31, 32, 100, 1000, 20011):
        for mean, std in ((0.0, 1.0), (1.5, 0.25)):
            case("normal", n, lambda: torch.empty(n, dtype=dtype).normal_(mean, std), dtype=DTYPES[dtype], mean=mean, std=std)
    case("normal_strided", 11, lambda: torch.empty(8, 8, dtype=dtype).t().normal_().t(), dtype=DTYPES[dtype])
    case("exponential", 16, lambda: torch.empty(300, dtype=dtype).exponential_(1.5), dtype=DTYPES[dtype], rate=1.5)
    case("geometric", 16, lambda: torch.empty(300, dtype=dtype).geometric_(0.3), dtype=DTYPES[dtype], p=0.3)
    case("cauchy", 16, lambda: torch.empty(300, dtype=dtype).cauchy_(0.5, 2), dtype=DTYPES[dtype], median=0.5, sigma=2.0)
    case("log_normal", 16, lambda: torch.empty(300, dtype=dtype).log_normal_(1, 2), dtype=DTYPES[dtype], mean=1.0, std=2.0)
    for p in (0.0, 0.3, 0.5, 1.0):
        case("bernoulli", 14, lambda: torch.empty(700, dtype=dtype).bernoulli_(p), dtype=DTYPES[dtype], p=p)
    case("bernoulli_tensor", 14, lambda: torch.bernoulli(torch.arange(257, dtype=dtype) / 256), dtype=DTYPES[dtype])
    weights = torch.tensor([0.1, 0, 3, 2, 0.7], dtype=dtype)
    case("multinomial", 17, lambda: torch.multinomial(weights, 200, True), dtype=DTYPES[dtype])
    for n in (1, 3, 4):
        case("multinomial_without", 17, lambda: torch.multinomial(weights, n), dtype=DTYPES[dtype], samples=n)
case("bernoulli", 14, lambda: torch.empty(700, dtype=torch.int64).bernoulli_(0.3), dtype="int64", p=0.3)
for dtype in (torch.int64, torch.int32, f32):
    for low, high in ((0, 10), (-5, 7), (0, 2 ** 30)):
        case("randint", 12, lambda: torch.randint(low, high, (500,), dtype=dtype), dtype=DTYPES[dtype], low=low, high=high)
case("randint", 12, lambda: torch.randint(-2 ** 31, 2 ** 31 - 1, (50,), dtype=torch.int32), dtype="int32", low=-2 ** 31, high=2 ** 31 - 1)
case("randint", 12, lambda: torch.randint(-2 ** 40, 2 ** 40 + 1, (300,), dtype=f32), dtype="float32", low=-2 ** 40, high=2 ** 40 + 1)
case("randint", 12, lambda: torch.randint(-2 ** 60 - 1, 2 ** 60 + 1, (300,), dtype=f64), dtype="float64", low=-2 ** 60 - 1, high=2 ** 60 + 1)
for low, high in ((0, 2 ** 32), (0, 2 ** 40), (-2 ** 62, 2 ** 62 + 12345)):
    case("randint", 12, lambda: torch.randint(low, high, (300,)), dtype="int64", low=low, high=high)
for dtype in (torch.int64, torch.int32, torch.uint8, f32, f64):
    case("random", 13, lambda: torch.empty(60, dtype=dtype).random_(), dtype=DTYPES[dtype])
for n in (0, 1, 2, 6, 10, 1000, 60000):
    case("randperm", n, lambda: torch.randperm(n), dtype="int64")
case("randperm", 5, lambda: torch.randperm(300, dtype=torch.int32), dtype="int32")

# States after something has been drawn, as get_rng_state() gives them, and what follows.
states = []
for seed, draws in ((5, []), (2 ** 40 + 3, ["rand:3"]), (5, ["rand:3", "randn:3"]), (5, ["rand:624"]), (5, ["rand:625", "randn:1"]), (9, ["randn:1000"])):
    torch.manual_seed(seed)
    for draw in draws:
        kind, n = draw.split(":")
        torch.rand(int(n)) if kind == "rand" else torch.randn(int(n))
    state = torch.get_rng_state()
    states.append({"seed": str(seed), "draws": draws, "sha256": hashlib.sha256(bytes(state.numpy())).hexdigest(),
                   "then_randn3": bits(torch.randn(3))["hex"], "then_rand3": bits(torch.rand(3))["hex"]})

# One stream of mixed draws: the normal that waits survives everything but a new seed.
torch.manual_seed(5)
mixed = [("randn", 1), ("rand", 2), ("randn", 16), ("randn64", 1), ("randn", 2), ("rand64", 3), ("randperm", 7), ("randn", 1)]
pieces = []
for kind, n in mixed:
    tensor = {"randn": lambda: torch.randn(n), "rand": lambda: torch.rand(n), "randn64": lambda: torch.randn(n, dtype=f64),
              "rand64": lambda: torch.rand(n, dtype=f64), "randperm": lambda: torch.randperm(n)}[kind]()
    pieces.append({"draw": kind, "n": n, **bits(tensor)})

save("random", cases)
save("random_states", states)
save("random_mixed", pieces)
