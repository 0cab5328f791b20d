"""torch.nn.utils.prune: masks, one after the other on the same parameter, names in the state dict, outputs and gradients."""

import torch
from torch import nn
from torch.nn.utils import prune

from fixture import save, value

RECIPES = [
    [("l1_unstructured", {"amount": 0.4})], [("l1_unstructured", {"amount": 5}), ("l1_unstructured", {"amount": 0.5})], [("random_unstructured", {"amount": 0.3})],
    [("random_unstructured", {"amount": 3}), ("l1_unstructured", {"amount": 2})], [("ln_structured", {"amount": 0.5, "n": 2, "dim": 0})],
    [("ln_structured", {"amount": 1, "n": 1, "dim": 1}), ("ln_structured", {"amount": 1, "n": 1, "dim": 1})], [("ln_structured", {"amount": 2, "n": "inf", "dim": -1})],
    [("random_structured", {"amount": 2, "dim": 0})], [("random_structured", {"amount": 0.4, "dim": 1}), ("l1_unstructured", {"amount": 0.25})],
    [("identity", {})], [("l1_unstructured", {"amount": 0.5}), ("ln_structured", {"amount": 1, "n": 2, "dim": 0})], [("l1_unstructured", {"amount": 0.0})],
]
cases = []
for convolution in (False, True):
    for recipe in RECIPES:
        torch.manual_seed(7)
        layer = nn.Conv1d(3, 4, 2).double() if convolution else nn.Linear(5, 4).double()
        begin = value(layer.weight)
        for name, options in recipe:
            options = {key: float("inf") if option == "inf" else option for key, option in options.items()}
            getattr(prune, name)(layer, "weight", **options)
        torch.manual_seed(1)
        x = torch.randn(2, 3, 6, dtype=torch.float64) if convolution else torch.randn(2, 5, dtype=torch.float64)
        layer(x).pow(2).sum().backward()
        cases.append({"kind": "layer", "convolution": convolution, "recipe": recipe, "begin": begin, "keys": list(layer.state_dict()), "mask": value(layer.weight_mask),
                      "weight": value(layer.weight), "input": value(x), "bias": value(layer.bias), "gradient": value(layer.weight_orig.grad)})
torch.manual_seed(9)
net = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)).double()
weights = [value(net[0].weight), value(net[2].weight)]
prune.l1_unstructured(net[0], "weight", amount=3)
prune.global_unstructured([(net[0], "weight"), (net[2], "weight")], pruning_method=prune.L1Unstructured, amount=0.5)
cases.append({"kind": "global", "begin": weights, "masks": [value(net[0].weight_mask), value(net[2].weight_mask)]})
save("prune", cases)
