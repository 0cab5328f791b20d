"""The table of operations as `adjoint ops --json` prints it, and the expressions in which its rows say how PyTorch is asked."""

import functools
import json
import pathlib
import subprocess

import torch
import torch.nn.functional as F


@functools.cache
def rows():
    """Every row: name, kind, torch (the expression), parameters, inputs (shape and sample)."""
    project = pathlib.Path(__file__).parents[2] / "src" / "Adjoint.Cli"
    command = ["dotnet", "run", "-c", "Release", "--project", str(project), "--", "ops", "--json"]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)["operations"]


def call(row, *inputs):
    """What PyTorch makes of the inputs, which the expression calls x, y and z."""
    parameters = {"lambda_" if name == "lambda" else name: float(number) for name, number in row["parameters"].items()}
    return eval(row["torch"], {**WORDS, **parameters, **dict(zip("xyz", inputs))})


def places(*indices):
    return torch.tensor(indices)


def chosen(x):
    """Every third element, whatever the values."""
    return (torch.arange(x.numel()).remainder(3) == 0).reshape(x.shape)


def parts(pieces):
    """One number that tells the pieces apart."""
    if not pieces:
        return torch.zeros((), dtype=torch.float64)
    return sum((piece.square().sum() * i for i, piece in enumerate(pieces) if i > 0), pieces[0].sum())


def assigned(x, y):
    z = x * 1
    z[1] = y
    z[..., 0] *= 2
    return z


def copied(x, y):
    z = x.clone()
    z.copy_(y)
    return z


def seeded(seed, function, *arguments):
    torch.manual_seed(seed)
    return function(*arguments)


def positive_definite(x):
    return (x + x.mT) * 0.2 + torch.eye(x.shape[-1], dtype=x.dtype) * 4


def well_conditioned(x):
    return x * 0.3 + torch.eye(*x.shape[-2:], dtype=x.dtype) * 3


class Digamma(torch.autograd.Function):
    """torch.digamma with the gradient by Hurwitz's zeta: that by torch.polygamma(1, x) is right to 3e-10 only, even in double."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.digamma(x)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * torch.special.zeta(2, x)


class Lgamma(torch.autograd.Function):
    """torch.lgamma with that gradient."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.lgamma(x)

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * Digamma.apply(x)


WORDS = {"torch": torch, "F": F, "places": places, "chosen": chosen, "parts": parts, "assigned": assigned, "copied": copied, "seeded": seeded,
    "positive_definite": positive_definite, "well_conditioned": well_conditioned,
    "digamma": Digamma.apply,
}
