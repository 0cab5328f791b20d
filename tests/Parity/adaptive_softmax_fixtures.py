"""nn.AdaptiveLogSoftmaxWithLoss: targets in the head, in clusters and in all of them, one input and batches."""

import torch
from torch import nn

from fixture import save
from layers import case, tensor

x = tensor(5, 6)
cases = [case(f"adaptive/{name}", lambda d, o=options: nn.AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], dtype=d, **o), [inputs, targets], lambda m, x, t: tuple(m(x, t)))
    for name, options, inputs, targets in [
        ("all", {}, x, torch.tensor([0, 11, 3, 6, 2])),
        ("head", {"head_bias": True}, x, torch.tensor([0, 1, 2, 1, 0])),
        ("last", {"div_value": 2.0}, x, torch.tensor([7, 11, 8, 9, 11])),
        ("one", {"div_value": 2.0}, x[0].contiguous(), torch.tensor(5)),
    ]]
cases += [case("adaptive/log_prob", lambda d: nn.AdaptiveLogSoftmaxWithLoss(6, 12, [3, 7], 2.0, dtype=d), [x], lambda m, x: [m.log_prob(x), m.predict(x)])]
save("adaptive_softmax", cases)
