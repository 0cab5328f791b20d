"""The whole graph behind layers, losses and common forms of expressions, written as one line: node(input, input)."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from fixture import save


def leaf(*shape):
    count = torch.Size(shape).numel()
    return ((torch.arange(count, dtype=torch.float64) + 1) / (count + 1)).reshape(shape).requires_grad_()


s, v, x, y, b, q = leaf(), leaf(2), leaf(2, 2), leaf(2, 2), leaf(2, 2, 2), leaf(2, 1, 2, 2)
c, row, one = leaf(2, 2).detach(), leaf(3), leaf(2, 1)
mask, index = torch.tensor([[True, False], [False, True]]), torch.tensor([0, 1])
targets = torch.tensor([0, 1])
OPERANDS = {"v": v, "x": x, "b": b, "q": q}

EXPRESSIONS = {}
for left, p in OPERANDS.items():
    for right, r in OPERANDS.items():
        EXPRESSIONS[f"{left} @ {right}"] = lambda p=p, r=r: p @ r
    EXPRESSIONS[f"linear of {left} without bias"] = lambda p=p: F.linear(p, x)
    EXPRESSIONS[f"linear of {left} with bias"] = lambda p=p: F.linear(p, x, v)
    EXPRESSIONS[f"linear of {left}, which needs no gradient, with bias"] = lambda p=p: F.linear(p.detach(), x, v)
    EXPRESSIONS[f"softmax of {left}"] = lambda p=p: F.softmax(p, -1)
    EXPRESSIONS[f"log_softmax of {left}"] = lambda p=p: F.log_softmax(p, -1)
    EXPRESSIONS[f"dropout of {left}"] = lambda p=p: F.dropout(p, 0.5, True)
    EXPRESSIONS[f"dropout of {left} in evaluation"] = lambda p=p: F.dropout(p, 0.5, False)
    EXPRESSIONS[f"layer_norm of {left}"] = lambda p=p: F.layer_norm(p, [2])
    EXPRESSIONS[f"layer_norm of {left} with weight and bias"] = lambda p=p: F.layer_norm(p, [2], v, v)
    EXPRESSIONS[f"flatten of {left}"] = lambda p=p: p.flatten()
    EXPRESSIONS[f"flatten(1) of {left}"] = (lambda p=p: p.flatten(1)) if p.dim() > 1 else (lambda p=p: p.flatten(0))
    for reduction in ("sum", "mean", "prod", "var", "std", "norm", "amax", "logsumexp"):
        if reduction not in ("amax", "logsumexp"):
            EXPRESSIONS[f"{reduction} of {left}"] = lambda p=p, reduction=reduction: getattr(p, reduction)()
        EXPRESSIONS[f"{reduction} of {left} over the last"] = lambda p=p, reduction=reduction: getattr(p, reduction)(dim=-1)
        EXPRESSIONS[f"{reduction} of {left} over the last, kept"] = lambda p=p, reduction=reduction: getattr(p, reduction)(dim=-1, keepdim=True)
for reduction in ("mean", "sum", "none"):
    for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"):
        EXPRESSIONS[f"{name} {reduction}"] = lambda name=name, reduction=reduction: getattr(F, name)(x, c, reduction=reduction)
    for name in ("nll_loss", "cross_entropy"):
        EXPRESSIONS[f"{name} {reduction}"] = lambda name=name, reduction=reduction: getattr(F, name)(x, targets, reduction=reduction)
    EXPRESSIONS[f"cross_entropy of probabilities {reduction}"] = lambda reduction=reduction: F.cross_entropy(x, c, reduction=reduction)
    EXPRESSIONS[f"cross_entropy smoothed {reduction}"] = lambda reduction=reduction: F.cross_entropy(x, targets, label_smoothing=0.1, reduction=reduction)
    EXPRESSIONS[f"kl_div {reduction}"] = lambda reduction=reduction: F.kl_div(x, c, reduction=reduction)
EXPRESSIONS |= {
    "cross_entropy of one row": lambda: F.cross_entropy(v, torch.tensor(1)),
    "nll_loss of one row": lambda: F.nll_loss(v, torch.tensor(1)),
    "nll_loss of 3-D": lambda: F.nll_loss(b, torch.tensor([[0, 1], [1, 0]])),
    "cross_entropy of 3-D": lambda: F.cross_entropy(b, torch.tensor([[0, 1], [1, 0]])),
    "embedding": lambda: F.embedding(torch.tensor([1, 0, 1]), x),
    "embedding of 2-D": lambda: F.embedding(torch.tensor([[1, 0], [0, 0]]), x),
    "batch_norm in training": lambda: nn.BatchNorm1d(2, dtype=torch.float64)(x),
    "batch_norm in evaluation": lambda: nn.BatchNorm1d(2, dtype=torch.float64).eval()(x),
    "batch_norm of 3-D": lambda: nn.BatchNorm1d(2, dtype=torch.float64)(b),
    "batch_norm without weights": lambda: nn.BatchNorm1d(2, affine=False, dtype=torch.float64)(x),
    "an MLP on a batch": lambda: F.cross_entropy(F.linear(F.relu(F.linear(x, x, v)), x, v), targets),
    "an MLP on one example": lambda: F.linear(F.relu(F.linear(v, x, v)), x, v).sum(),
    "the lecture's layer": lambda: v @ x + v,
    "a neuron": lambda: (s * 1.5 + s - 4) ** 2,
    "a recurrent cell": lambda: torch.tanh(x @ torch.tanh(x @ v + v) + v),
    "view, transpose, select": lambda: b.view(4, 2).transpose(0, 1)[0],
    "reshape of a transposed": lambda: b.transpose(0, 1).reshape(4, 2),
    "x[0, 1]": lambda: x[0, 1],
    "b[0, 1]": lambda: b[0, 1],
    "x[0][1]": lambda: x[0][1],
    "x[:, 1]": lambda: x[:, 1],
    "x[:, 0:1]": lambda: x[:, 0:1],
    "x[..., 0]": lambda: x[..., 0],
    "x[::2]": lambda: x[::2],
    "x[None]": lambda: x[None],
    "x[-1]": lambda: x[-1],
    "x[:]": lambda: x[:],
    "b[0, :, 1]": lambda: b[0, :, 1],
    "x[mask]": lambda: x[mask],
    "x[index]": lambda: x[index],
    "x[:, index]": lambda: x[:, index],
    "x[0, index]": lambda: x[0, index],
    "x.T": lambda: x.T,
    "b.mT": lambda: b.mT,
    "movedim": lambda: b.movedim(0, 2),
    "diag of a vector": lambda: torch.diag(v),
    "diag of a matrix": lambda: torch.diag(x),
    "diag_embed": lambda: torch.diag_embed(v),
    "trace": lambda: x.trace(),
    "unflatten": lambda: leaf(4).unflatten(0, (2, 2)),
    "unfold": lambda: leaf(4).unfold(0, 2, 1),
    "as_strided": lambda: x.as_strided((2,), (1,)),
    "expand_as": lambda: v.expand_as(x),
    "broadcast_to": lambda: v.broadcast_to(2, 2),
    "tile": lambda: v.tile(2),
    "repeat_interleave": lambda: v.repeat_interleave(2),
    "rot90": lambda: x.rot90(),
    "hstack": lambda: torch.hstack([v, v]),
    "vstack": lambda: torch.vstack([v, v]),
    "hstack of matrices": lambda: torch.hstack([x, x]),
    "meshgrid": lambda: torch.meshgrid(v, v, indexing="ij")[1],
    "split second": lambda: b.split(1, 1)[1],
    "split by sizes": lambda: row.split([1, 2])[1],
    "chunk second": lambda: b.chunk(2, 2)[1],
    "tensor_split second": lambda: row.tensor_split(2)[1],
    "unbind second": lambda: b.unbind(1)[1],
    "unbind, both used": lambda: (lambda parts: parts[0] * parts[1])(x.unbind()),
    "chunk, both used": lambda: (lambda parts: parts[0] * parts[1])(x.chunk(2)),
    "where": lambda: torch.where(mask, x, y),
    "where a number": lambda: torch.where(mask, x, 0.0),
    "where zeros": lambda: torch.where(mask, x, torch.zeros_like(x)),
    "clamp": lambda: x.clamp(0, 1),
    "clamp min": lambda: x.clamp(min=0),
    "clamp max": lambda: x.clamp(max=1),
    "clamp by tensors": lambda: x.clamp(c, c),
    "max": lambda: x.max(),
    "max of two": lambda: torch.maximum(x, y),
    "max over a dimension": lambda: x.max(1)[0],
    "min over a dimension, kept": lambda: x.min(1, keepdim=True)[0],
    "median over a dimension": lambda: x.median(1)[0],
    "kthvalue": lambda: x.kthvalue(1)[0],
    "mode": lambda: x.mode()[0],
    "topk": lambda: x.topk(1)[0],
    "sort descending": lambda: x.sort(1, descending=True)[0],
    "cumsum": lambda: x.cumsum(1),
    "cummax": lambda: x.cummax(1)[0],
    "diff": lambda: row.diff(),
    "dist": lambda: torch.dist(x, y),
    "norm 1": lambda: x.norm(1),
    "norm 3": lambda: x.norm(3),
    "norm 1 over a dimension": lambda: x.norm(1, 1),
    "sum over two": lambda: b.sum((0, 1)),
    "mean over two": lambda: b.mean((0, 1)),
    "var over two": lambda: b.var((0, 1)),
    "var_mean, mean": lambda: torch.var_mean(x)[1],
    "var_mean over a dimension, variance": lambda: torch.var_mean(x, 1)[0],
    "nansum": lambda: x.nansum(),
    "nan_to_num": lambda: x.nan_to_num(),
    "addmm": lambda: torch.addmm(v, x, y),
    "outer": lambda: torch.outer(v, v),
    "einsum": lambda: torch.einsum("ij,jk->ik", x, y),
    "addcmul": lambda: torch.addcmul(x, x, y),
    "take_along_dim": lambda: x.take_along_dim(torch.tensor([[0, 1]]), 0),
    "index_fill": lambda: x.index_fill(0, index, 1.0),
    "index_copy": lambda: x.index_copy(0, index, y),
    "index_put": lambda: x.index_put((index,), v),
    "select_scatter": lambda: x.select_scatter(v, 0, 0),
    "softsign": lambda: F.softsign(x),
    "tanhshrink": lambda: F.tanhshrink(x),
    "softplus": lambda: F.softplus(x),
    "minus one": lambda: 1 - x,
    "1 / x": lambda: 1 / x,
    "x ** -1": lambda: x ** -1,
    "2 ** x": lambda: 2 ** x,
    "x ** s": lambda: x ** s,
    "add in place": lambda: x.clone().add_(1),
    "a row set": lambda: (lambda z: (z.__setitem__(0, v), z)[1])(x.clone()),
    "a row set, another read": lambda: (lambda z: (z.__setitem__(0, v), z[1])[1])(x.clone()),
    "a view changed": lambda: (lambda z: (z[0].mul_(2), z)[1])(x.clone()),
    "to float": lambda: x.float(),
    "squeeze(1)": lambda: one.squeeze(1),
    "squeeze all": lambda: one.squeeze(),
    "unsqueeze": lambda: v.unsqueeze(1),
    "detached": lambda: x.detach() + x,
}


def text(node):
    if node is None:
        return "none"
    inputs = ", ".join(text(following) + (f"#{number}" if number else "") for following, number in node.next_functions)
    name = node.name().rsplit("::", 1)[-1]
    return f"{name}({inputs})" if inputs else name


cases = []
for expression, make in EXPRESSIONS.items():
    result = make()
    cases.append({"expression": expression, "graph": text(result.grad_fn) + (f"#{result.output_nr}" if result.output_nr else "")})
save("graph_trees", cases)
