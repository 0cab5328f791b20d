"""Runs the left side of every row of docs/pytorch-map.md. tests/Adjoint.House.Tests/Documents/PyTorchMapTests.cs runs the right side."""

import collections
import copy
import pathlib
import re
import types
import warnings

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.utils.checkpoint
from torch.utils.data import DataLoader, TensorDataset

from fixture import save

warnings.filterwarnings("ignore")
PAGE = (pathlib.Path(__file__).parents[2] / "docs" / "pytorch-map.md").read_text()
NAMES, CLASSES = re.findall(r"```python\n(.*?)```", PAGE, re.S)


def rows():
    """The cells of every table with a column of PyTorch's code."""
    inside = False
    for line in PAGE.splitlines():
        if re.match(r"\| PyTorch( 2)? \|", line): inside = "| PyTorch |" in line
        elif not line.startswith("|"): inside = False
        elif inside and not line.startswith("|---"): yield [cell.strip() for cell in line.strip("|").split(" | ")]


def plain(value):
    """A value as both languages can write it: text, a number, or a list of such."""
    if isinstance(value, torch.Tensor): return repr(value)
    if value is None or isinstance(value, (bool, int, str)): return value
    if isinstance(value, float): return float(f"{value:.6g}")
    if isinstance(value, torch.dtype): return str(value).removeprefix("torch.")
    if isinstance(value, nn.Module): return repr(value)
    if isinstance(value, dict): return [[k, plain(v)] for k, v in value.items()]
    if isinstance(value, (list, tuple, types.GeneratorType, collections.abc.KeysView)): return [plain(v) for v in value]
    if hasattr(value, "ravel"): return [plain(v.item()) for v in value.ravel()]
    return "an object"


def run(code):
    """The value of the last expression (absent for a statement), or the kind of error; and the tensors afterwards."""
    torch.set_printoptions(profile="default")
    torch.set_grad_enabled(True)
    space = {"torch": torch, "nn": nn, "F": F, "copy": copy, "DataLoader": DataLoader, "TensorDataset": TensorDataset}
    exec(CLASSES, space)
    exec(NAMES, space)
    found = {"code": code}
    before, _, last = ("", "", code) if code.startswith("with ") else code.rpartition("; ")
    try:
        exec(before, space)
        try:
            compiled = compile(last.strip(), "row", "eval")
        except SyntaxError:
            exec(last.strip(), space)
        else:
            found["value"] = plain(eval(compiled, space))
    except Exception as error:
        found["error"] = type(error).__name__
    torch.set_grad_enabled(True)
    torch.set_printoptions(profile="default")
    found["after"] = [plain(space[name]) for name in "xyzw"] + [plain(space["w"].grad)]
    return found


if __name__ == "__main__":
    codes = [code for row in rows() for code in re.findall(r"`([^`]+)`", row[0])]
    save("map", [run(code) for code in dict.fromkeys(codes)])
