"""In which order the elements of tensors of any layout are drawn: values in logical order, as the seed 5 gives them.

A layout is made of a base of zeros by steps ["transpose", a, b], ["permute", dims…], ["slice", dim, start, end, step] or ["expand", sizes…].
"""

import torch

from fixture import DTYPES, numbers, save

cases = []

LAYOUTS = [
    ([4, 8], [["transpose", 0, 1]]),
    ([5, 7], [["transpose", 0, 1]]),
    ([2, 3], [["transpose", 0, 1]]),
    ([2, 3, 4], [["permute", 2, 0, 1]]),
    ([2, 3, 4], [["permute", 1, 2, 0]]),
    ([2, 4, 5, 3], [["permute", 0, 3, 1, 2]]),
    ([8, 8], [["slice", 1, 0, 8, 2]]),
    ([8, 8], [["slice", 1, 0, 8, 2], ["transpose", 0, 1]]),
    ([3, 6, 4], [["slice", 1, 1, 6, 2], ["permute", 2, 1, 0]]),
    ([1, 5, 4], [["permute", 2, 0, 1]]),
    ([4, 1, 1], [["permute", 1, 2, 0]]),
    ([6, 4], []),
    ([6, 0], [["transpose", 0, 1]]),
]
EXPANDED = [([4, 1], [["expand", 4, 5]]), ([1, 4], [["expand", 5, 4], ["transpose", 0, 1]]), ([3, 1, 2], [["expand", 3, 4, 2], ["permute", 2, 1, 0]])]


def laid_out(sizes, steps, dtype):
    tensor = torch.zeros(sizes, dtype=dtype)
    for kind, *rest in steps:
        if kind == "slice":
            dim, start, end, step = rest
            tensor = tensor[(slice(None),) * dim + (slice(start, end, step),)]
        else:
            tensor = getattr(tensor, kind)(*rest)
    return tensor


def draw(name, call, layouts, *dtypes):
    for dtype in dtypes:
        for sizes, steps in layouts:
            tensor = laid_out(sizes, steps, dtype)
            torch.manual_seed(5)
            result = call(tensor)
            cases.append({"draw": name, "dtype": DTYPES[dtype], "base": sizes, "steps": steps, "shape": list(result.shape), "data": numbers(result),
                          "next": torch.rand(1, dtype=torch.float64).item()})


f32, f64, i64 = torch.float32, torch.float64, torch.int64
draw("uniform_", lambda x: x.uniform_(-1, 2), LAYOUTS, f32, f64)
draw("normal_", lambda x: x.normal_(1, 0.5), LAYOUTS, f32, f64)
draw("bernoulli_", lambda x: x.bernoulli_(0.3), LAYOUTS, f32, f64, i64)
draw("exponential_", lambda x: x.exponential_(1.5), LAYOUTS, f32)
draw("random_", lambda x: x.random_(-3, 40), LAYOUTS, f32, i64)
draw("rand_like", torch.rand_like, LAYOUTS + EXPANDED, f32, f64)
draw("randn_like", torch.randn_like, LAYOUTS + EXPANDED, f32, f64)
draw("randint_like", lambda x: torch.randint_like(x, -3, 40), LAYOUTS + EXPANDED, f32, i64)
draw("dropout", lambda x: torch.nn.functional.dropout(x + 1 if x.is_contiguous() else x.clone().fill_(1), 0.4), LAYOUTS, f32)
draw("bernoulli", lambda x: torch.bernoulli(x.fill_(0.4)), LAYOUTS, f32, f64)

save("draw_order", cases)
