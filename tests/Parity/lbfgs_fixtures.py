"""Parameters and losses after each step of LBFGS on three functions."""

import torch

from fixture import save

FUNCTIONS = {
    "valley": lambda p: (1 - p[0]).pow(2) + 100 * (p[1] - p[0].pow(2)).pow(2),
    "bowl": lambda p: (p * torch.tensor([1.0, 5.0, 0.2, 3.0]) * p).sum() + (p[0] * p[1]) - p.sum(),
    "waves": lambda p: (p.pow(2) * 0.1 - (3 * p).cos()).sum() + p.prod().sin(),
}
STARTS = {"valley": [-1.2, 1.0], "bowl": [3.0, -2.0, 1.0, 0.5], "waves": [1.0, -0.7, 2.3]}
OPTIONS = [
    {"lr": 0.1}, {"lr": 0.01, "max_iter": 5, "history_size": 3}, {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "max_iter": 4, "history_size": 2}, {"line_search_fn": "strong_wolfe", "max_iter": 10, "max_eval": 7, "lr": 0.5},
]

torch.set_default_dtype(torch.float64)
cases = []
for name, function in FUNCTIONS.items():
    for options in OPTIONS:
        p = torch.tensor(STARTS[name], requires_grad=True)
        optimizer = torch.optim.LBFGS([p], **options)
        after, losses = [], []

        def closure():
            optimizer.zero_grad()
            loss = function(p)
            loss.backward()
            return loss

        for _ in range(8):
            losses.append(optimizer.step(closure).item())
            after.append(p.detach().tolist())
        cases.append({"name": name, "options": options, "start": STARTS[name], "after": after, "losses": losses,
                      "evaluations": optimizer.state[p]["func_evals"]})
save("lbfgs", cases)
