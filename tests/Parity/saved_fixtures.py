"""Which changes in place the backward pass refuses: what an operation keeps, as a user notices it.

A case is {op, args, inputs, changes, refused}: one for every operation and its arguments of elementwise_fixtures.py. `changes` names what is
changed after the call, "input 0" or "output"; `refused` is the outcome, in the same order. Where no operand requires grad or the change
itself is refused (a Bool), there is no case.
"""

import cases
import fixture
import torch

found = {}


def outcome(call, leaves, args, change):
    inputs = [leaf.detach().clone().requires_grad_(leaf.requires_grad) for leaf in leaves]
    inputs = [leaf * 1 if leaf.requires_grad else leaf for leaf in inputs]
    output = call(*inputs, *args)
    if not isinstance(output, torch.Tensor) or not output.requires_grad: return None
    with torch.no_grad():
        (output if change == "output" else inputs[int(change[6:])]).add_(1)
    try:
        output.sum().backward()
    except RuntimeError:
        return True
    return False


def case(op, call, given, *args):
    leaves = [x[0] if isinstance(x, tuple) else x for x in given]
    leaves = [x.detach().clone().requires_grad_(x.is_floating_point()) for x in leaves]
    key = (op, repr(args))
    if key not in found and all(x.dtype in (torch.float64, torch.int64) for x in leaves):
        changes = [f"input {i}" for i in range(len(leaves))] + ["output"]
        refused = [outcome(call, leaves, args, change) for change in changes]
        if None not in refused:
            found[key] = {"op": op, "args": list(args), "inputs": [fixture.value(x) for x in leaves], "changes": changes, "refused": refused}
    return {}


cases.case = case
save, fixture.save = fixture.save, lambda name, values: None
import elementwise_fixtures  # noqa: E402,F401  asks for every operation, and saves nothing here

save("saved", list(found.values()))
