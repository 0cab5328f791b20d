"""The dtype of a binary operation's result, for every pair of dtypes and every kind of operand; null where PyTorch refuses."""

import torch

from fixture import DTYPES, save

OPERATIONS = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow, "maximum": torch.maximum, "remainder": torch.remainder,
    "fmod": torch.fmod, "eq": torch.eq, "lt": torch.lt, "atan2": torch.atan2, "where": lambda x, y: torch.where(torch.tensor(True), x, y), "cat": lambda x, y: torch.cat([x, y]),
}
NUMBERS = {"bool": True, "int": 3, "float": 2.5}
KINDS = {"tensor": (2,), "0-dim": ()}
cases = []


def dtype_of(call, *operands):
    try:
        return DTYPES[call(*operands).dtype]
    except (RuntimeError, TypeError, IndexError):
        return None


for op, call in OPERATIONS.items():
    for left in DTYPES:
        for left_kind, left_shape in KINDS.items():
            x = torch.ones(left_shape, dtype=left)
            for right in DTYPES:
                for right_kind, right_shape in KINDS.items():
                    y = torch.ones(right_shape, dtype=right)
                    if op == "cat" and (left_kind, right_kind) != ("tensor", "tensor"):
                        continue
                    cases.append([op, [DTYPES[left], left_kind], [DTYPES[right], right_kind], dtype_of(call, x, y)])
            if op in ("maximum", "atan2", "where", "cat"):
                continue
            for kind, number in NUMBERS.items():
                cases.append([op, [DTYPES[left], left_kind], [kind, "number"], dtype_of(call, x, number)])
    if op in ("add", "sub", "mul", "div", "pow"):
        operator = {"add": lambda n, x: n + x, "sub": lambda n, x: n - x, "mul": lambda n, x: n * x, "div": lambda n, x: n / x, "pow": lambda n, x: n ** x}[op]
        for right in DTYPES:
            for kind, number in NUMBERS.items():
                cases.append([op, [kind, "number"], [DTYPES[right], "tensor"], dtype_of(operator, number, torch.ones(2, dtype=right))])

for op, call in {"sum": torch.sum, "mean": torch.mean, "prod": torch.prod, "exp": torch.exp, "sqrt": torch.sqrt, "neg": torch.neg, "abs": torch.abs, "sigmoid": torch.sigmoid,
                 "relu": torch.relu, "floor": torch.floor, "square": torch.square, "sign": torch.sign, "cumsum": lambda x: x.cumsum(0), "reciprocal": torch.reciprocal}.items():
    for dtype in DTYPES:
        cases.append([op, [DTYPES[dtype], "tensor"], None, dtype_of(call, torch.ones(2, dtype=dtype))])

save("promotion", [dict(zip(("op", "left", "right", "result"), case)) for case in cases])
