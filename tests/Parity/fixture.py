"""How the answers of PyTorch are written down: JSON, one case a line, the same bytes at every run."""

import json
import math
import pathlib

import torch

FOLDER = pathlib.Path(__file__).parent / "fixtures"

DTYPES = {
    torch.float32: "float32", torch.float64: "float64", torch.int32: "int32",
    torch.int64: "int64", torch.uint8: "uint8", torch.bool: "bool",
}


def number(value):
    """A number that any JSON reader takes; the others by name."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def numbers(tensor):
    """The elements in row-major order. Doubles carry every bit of a float32, and JSON every bit of a double."""
    if tensor.dtype == torch.float32:
        tensor = tensor.double()
    return [number(value) for value in tensor.detach().reshape(-1).tolist()]


def value(tensor):
    """Dtype, shape and elements; null for no tensor."""
    if tensor is None:
        return None
    return {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data": numbers(tensor)}


def save(name, cases):
    """Writes fixtures/<name>.json, one case a line so that a change of one case is a change of one line."""
    FOLDER.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
    path = FOLDER / f"{name}.json"
    path.write_text(f"[\n{lines}\n]\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size:,} bytes")
