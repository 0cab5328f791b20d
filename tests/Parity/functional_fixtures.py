"""torch.autograd.functional with several inputs and outputs: values, and which calls strict mode refuses."""

import torch
import torch.autograd.functional as AF

from fixture import save, value

torch.manual_seed(0)
a = torch.tensor([0.5, -1.25], dtype=torch.float64)
b = torch.tensor([[2.0, 0.3, -0.7], [1.5, -0.4, 0.9]], dtype=torch.float64)
c = torch.tensor(0.8, dtype=torch.float64)
va = torch.tensor([1.0, -2.0], dtype=torch.float64)
vb = torch.tensor([[0.5, 0.25, -1.0], [2.0, 1.0, -0.5]], dtype=torch.float64)
vc = torch.tensor(-3.0, dtype=torch.float64)

# To numbers: for gradients, Hessians and the products with them.
SCALAR = {
    "mixed": lambda a, b, c: (a @ b).tanh().sum() * c.exp() + (a * a).sum().sin() * c,
    "quotient": lambda a, b, c: (b / (1 + c * c)).sigmoid().prod() / (2 + a.cos().sum()),
    "separate": lambda a, b, c: (a ** 3).sum() + (b ** 4).sum() + c.exp(),
    "without b": lambda a, b, c: a.exp().sum() * c,
    "linear": lambda a, b, c: 2 * a.sum() + 3 * b.sum() - c,
}

# To tensors: for Jacobians and the products with them.
TENSORS = {
    "one": lambda a, b, c: (a @ b) * c,
    "two": lambda a, b, c: ((a @ b).sin(), a * c),
    "three": lambda a, b, c: (b.t() @ a, c * c, (b * b).sum(0, keepdim=True)),
    "a number": lambda a, b, c: (a @ b).sum() / c,
    "without b": lambda a, b, c: (a * c, c.exp()),
}


def tuple_of(x):
    return x if isinstance(x, tuple) else (x,)


def attempt(function):
    try:
        function()
        return False
    except RuntimeError:
        return True


cases = []
inputs, vs = (a, b, c), (va, vb, vc)
for name, f in SCALAR.items():
    y, hvp = AF.hvp(f, inputs, vs)
    _, vhp = AF.vhp(f, inputs, vs)
    hessian = AF.hessian(f, inputs)
    # The trace of the whole Hessian.
    laplacian = sum(hessian[i][i].reshape(x.numel(), x.numel()).trace() for i, x in enumerate(inputs))
    cases.append({
        "kind": "scalar", "name": name, "value": value(y), "hvp": [value(t) for t in hvp], "vhp": [value(t) for t in vhp],
        "hessian": [[value(t) for t in row] for row in hessian], "laplacian": value(laplacian),
        "strict": {
            "hvp": attempt(lambda: AF.hvp(f, inputs, vs, strict=True)), "vhp": attempt(lambda: AF.vhp(f, inputs, vs, strict=True)),
            "hessian": attempt(lambda: AF.hessian(f, inputs, strict=True)),
        },
    })
for name, f in TENSORS.items():
    ys = tuple_of(f(*inputs))
    us = tuple(torch.linspace(-1, 1, y.numel(), dtype=torch.float64).reshape(y.shape) for y in ys)
    one = len(ys) == 1
    _, vjp = AF.vjp(f, inputs, us[0] if one else us)
    _, jvp = AF.jvp(f, inputs, vs)
    jacobian = AF.jacobian(f, inputs)
    rows = [jacobian] if one else jacobian
    cases.append({
        "kind": "tensors", "name": name, "vectors": [value(u) for u in us], "vjp": [value(t) for t in vjp],
        "jvp": [value(t) for t in tuple_of(jvp)], "jacobian": [[value(t) for t in row] for row in rows],
        "strict": {
            "jacobian": attempt(lambda: AF.jacobian(f, inputs, strict=True)),
            "vjp": attempt(lambda: AF.vjp(f, inputs, us[0] if one else us, strict=True)),
        },
    })
save("functional", cases)
