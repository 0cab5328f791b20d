"""The first steps of a process: one neuron's, and the MLP's."""

import torch

import mlp_step
import neuron_step
from rounds import answer, seconds


def sample():
    return {
        "first 100,000 neuron steps, each": seconds(neuron_step.step, 100_000),
        "first 100 mlp steps, each": seconds(mlp_step.work(64, torch.optim.SGD), 100),
    }


answer(sample)
