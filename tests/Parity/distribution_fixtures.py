"""What torch.distributions draws, its densities, entropies, and their gradients."""

import torch
from torch.distributions import Categorical, Normal

from cases import upstream
from fixture import save, value

SEED = 11


def tensor(*shape, step=1.0):
    return torch.sin(step * torch.arange(torch.Size(shape).numel(), dtype=torch.float64) * 1.7 + step).reshape(shape)


def case(name, kind, parameters, sample_shape=(), value_at=None):
    leaves = {key: x.clone().requires_grad_() for key, x in parameters.items()}
    distribution = kind(**leaves)
    torch.manual_seed(SEED)
    drawn = distribution.sample(sample_shape)
    single = kind(**{key: x.float() for key, x in parameters.items()})
    torch.manual_seed(SEED)
    result = {"name": name, "kind": kind.__name__, "parameters": {key: value(x) for key, x in parameters.items()}, "sample_shape": list(sample_shape),
        "drawn": value(drawn), "drawn_single": value(single.sample(sample_shape))}
    at = drawn if value_at is None else value_at
    density, entropy = distribution.log_prob(at), distribution.entropy()
    ((upstream(density) * density).sum() + (upstream(entropy) * entropy).sum()).backward()
    result |= {"at": value(at), "log_prob": value(density), "entropy": value(entropy), "grads": {key: value(x.grad) for key, x in leaves.items()}}
    return result


save("distributions", [
    case("probabilities", Categorical, {"probs": tensor(5) + 1.1}, (3,)),
    case("probabilities of a batch", Categorical, {"probs": tensor(2, 3, 4) + 1.5}, (2, 3)),
    case("probabilities with zeros", Categorical, {"probs": torch.tensor([[0.0, 1.0, 3.0], [0.0, 0.0, 2.0]], dtype=torch.float64)}, (4,)),
    case("logits", Categorical, {"logits": 3 * tensor(6, 4)}),
    case("a broadcast value", Categorical, {"logits": tensor(3, 1, 4)}, value_at=torch.tensor([0, 3])),
    case("normal", Normal, {"loc": tensor(4), "scale": tensor(4, step=0.3) + 1.2}, (5,)),
    case("normal, broadcast", Normal, {"loc": tensor(2, 1), "scale": tensor(3, step=0.3) + 1.2}, (2,), value_at=tensor(2, 3, step=0.7)),
    case("many", Normal, {"loc": tensor(40), "scale": tensor(40, step=0.3) + 1.2}),
])
