"""PyTorch's side of benchmarks/ops: answers "row|layout|size|pass" with the seconds of processor time of one call, or nan."""

import sys
import time

import torch
import torch.nn.functional as F

import ops_matrices
import ops_others
import ops_windows

THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
torch.set_num_threads(THREADS)
now = time.thread_time if THREADS == 1 else time.perf_counter
WIDTH, WARM_UP, SAMPLE = 1000, 0.06, 0.01


class Arguments:
    def __init__(self, layout, size):
        torch.manual_seed(1)
        rows = size // WIDTH
        x = torch.rand(size) * 0.9 + 0.05
        self.x = x.reshape(WIDTH, rows).T if layout == "transposed" else x.reshape(rows, WIDTH)
        self.y = torch.rand(WIDTH) * 0.9 + 0.05 if layout == "broadcast" else torch.rand(rows, WIDTH) * 0.9 + 0.05
        self.w, self.b = torch.rand(WIDTH), torch.rand(WIDTH)
        self.places, self.row_places = torch.randint(0, WIDTH, (rows, WIDTH)), torch.randint(0, rows, (rows,))
        self.norm = torch.nn.BatchNorm1d(WIDTH)
        self.other, self.doubles = self.y > 0.3, self.x.double()
        self.side, self.root = round(size ** (1 / 3)), int(size ** 0.5)
        self.square = (torch.rand(self.side, self.side) * 0.9 + 0.05) / self.side + torch.eye(self.side)
        self.symmetric = (self.square + self.square.T) * 0.5
        self.factors, self.grid, self.few = torch.linalg.lu_factor(self.square), torch.linspace(0, 1, 100), self.places % 7
        self.chosen, self.whole, self.bytes = self.x > 0.5, (self.x * 1000).long(), (self.x * 255).to(torch.uint8)
        self.truth = self.chosen.float()

    left = property(lambda self: self.x[:100].reshape(10, 10, WIDTH))
    right = property(lambda self: self.y[:100].reshape(10, WIDTH, 10))

    def leaves(self):
        for name in ("x", "y", "w", "b", "doubles", "square", "symmetric"):
            setattr(self, name, getattr(self, name).detach().requires_grad_())


# The rows whose names and arguments are not simply PyTorch's.
ROWS = {
    "acosh": lambda a: (a.x + 1).acosh(), "celu": lambda a: F.celu(a.x, 1.3), "clamp": lambda a: a.x.clamp(-1, 1), "clamp_max": lambda a: a.x.clamp_max(1),
    "clamp_min": lambda a: a.x.clamp_min(-1), "elu": lambda a: F.elu(a.x, 1.2), "fmod_number": lambda a: a.x.fmod(1.7), "gelu": lambda a: F.gelu(a.x),
    "gelu_tanh": lambda a: F.gelu(a.x, approximate="tanh"), "hardshrink": lambda a: F.hardshrink(a.x), "hardsigmoid": lambda a: F.hardsigmoid(a.x),
    "hardswish": lambda a: F.hardswish(a.x), "hardtanh": lambda a: F.hardtanh(a.x), "leaky_relu": lambda a: F.leaky_relu(a.x, 0.1),
    "log_sigmoid": lambda a: F.logsigmoid(a.x), "mish": lambda a: F.mish(a.x), "pow_of_number": lambda a: 1.5 ** a.x, "pow_number": lambda a: a.x ** 3,
    "relu6": lambda a: F.relu6(a.x), "remainder_number": lambda a: a.x.remainder(1.7), "selu": lambda a: F.selu(a.x), "silu": lambda a: F.silu(a.x),
    "softplus": lambda a: F.softplus(a.x), "softshrink": lambda a: F.softshrink(a.x), "softsign": lambda a: F.softsign(a.x),
    "tanhshrink": lambda a: F.tanhshrink(a.x), "threshold": lambda a: F.threshold(a.x, 0.5, 0.25),
    "add_alpha": lambda a: torch.add(a.x, a.y, alpha=0.7), "sub_alpha": lambda a: torch.sub(a.x, a.y, alpha=0.7), "lerp": lambda a: torch.lerp(a.x, a.y, 0.3),
    "rsub": lambda a: torch.rsub(a.x, a.y),
    "clone": lambda a: a.x.clone(), "contiguous": lambda a: a.x.contiguous(), "sum": lambda a: a.x.sum(), "sum_0": lambda a: a.x.sum(0), "sum_1": lambda a: a.x.sum(1),
    "mean": lambda a: a.x.mean(), "nansum": lambda a: a.x.nansum(), "amax_1": lambda a: a.x.amax(1), "max_1": lambda a: a.x.max(1).values,
    "argmax_1": lambda a: a.x.argmax(1), "var_1": lambda a: a.x.var(1), "norm": lambda a: a.x.norm(), "norm_1": lambda a: a.x.norm(dim=1),
    "logsumexp_1": lambda a: a.x.logsumexp(1), "cumsum_0": lambda a: a.x.cumsum(0), "cumsum_1": lambda a: a.x.cumsum(1), "cumprod_1": lambda a: a.x.cumprod(1),
    "cummax_1": lambda a: a.x.cummax(1).values, "sort_1": lambda a: a.x.sort(1).values, "sort_all": lambda a: a.x.reshape(-1).sort().values,
    "sort_int64": lambda a: a.whole.reshape(-1).sort().values, "topk_1": lambda a: a.x.topk(5, 1).values, "topk_all": lambda a: a.x.reshape(-1).topk(10).values,
    "kthvalue_1": lambda a: a.x.kthvalue(7, 1).values, "median": lambda a: a.x.median(), "median_1": lambda a: a.x.median(1).values,
    "softmax_1": lambda a: a.x.softmax(1), "log_softmax_1": lambda a: a.x.log_softmax(1), "layer_norm": lambda a: F.layer_norm(a.x, (WIDTH,), a.w, a.b),
    "mse_loss": lambda a: F.mse_loss(a.x, a.y), "cat_0": lambda a: torch.cat([a.x, a.y], 0), "cat_1": lambda a: torch.cat([a.x, a.y], 1),
    "stack": lambda a: torch.stack([a.x, a.y]), "flip": lambda a: a.x.flip(1), "roll": lambda a: a.x.roll(7, 1), "tril": lambda a: a.x.tril(),
    "repeat_interleave": lambda a: a.x.repeat_interleave(2, 1), "index_select_0": lambda a: a.x.index_select(0, a.row_places),
    "index_select_1": lambda a: a.x.index_select(1, a.places[0]), "gather_1": lambda a: a.x.gather(1, a.places), "scatter_1": lambda a: a.x.scatter(1, a.places, a.y),
    "scatter_add_1": lambda a: a.x.scatter_add(1, a.places, a.y), "masked_select": lambda a: a.x.masked_select(a.chosen), "masked_fill": lambda a: a.x.masked_fill(a.chosen, 2),
    "where": lambda a: torch.where(a.chosen, a.x, a.y), "nan_to_num": lambda a: a.x.nan_to_num(), "to_float64": lambda a: a.x.double(), "from_uint8": lambda a: a.bytes.float(),
    "from_int64": lambda a: a.whole.float(), "logical_not": lambda a: ~a.chosen, "lt": lambda a: a.x < a.y, "isnan": lambda a: a.x.isnan(), "any": lambda a: a.chosen.any(),
    "nonzero": lambda a: a.chosen.nonzero(), "count_nonzero": lambda a: a.x.count_nonzero(), "linear": lambda a: F.linear(a.x, a.y[:100], a.b[:100]),
    "mm_int64": lambda a: a.whole[:100] @ a.whole[:100].T, "arange": lambda a: torch.arange(a.x.numel()), "rand": lambda a: torch.rand(a.x.numel()),
    "randn": lambda a: torch.randn(a.x.numel()),
    "std_0": lambda a: a.x.std(0), "var": lambda a: a.x.var(), "prod_1": lambda a: a.x.prod(1), "max": lambda a: a.x.max(), "amin_0": lambda a: a.x.amin(0),
    "min_0": lambda a: a.x.min(0).values, "argmax": lambda a: a.x.argmax(), "argsort_1": lambda a: a.x.argsort(1), "logsumexp_0": lambda a: a.x.logsumexp(0),
    "softmax_0": lambda a: a.x.softmax(0), "mean_0": lambda a: a.x.mean(0), "mean_1": lambda a: a.x.mean(1), "cummax_0": lambda a: a.x.cummax(0).values,
    "cumsum_int64": lambda a: a.whole.cumsum(1), "chunk_sum": lambda a: a.x.chunk(2, 1)[1].sum(),
    "batch_norm": lambda a: a.norm(a.x), "l1_loss": lambda a: F.l1_loss(a.x, a.y), "smooth_l1_loss": lambda a: F.smooth_l1_loss(a.x, a.y),
    "binary_cross_entropy": lambda a: F.binary_cross_entropy(a.x, a.y.detach()), "bce_with_logits": lambda a: F.binary_cross_entropy_with_logits(a.x, a.y.detach()),
    "cross_entropy": lambda a: F.cross_entropy(a.x, a.row_places), "dropout": lambda a: F.dropout(a.x, 0.3), "embedding": lambda a: F.embedding(a.row_places, a.x),
    "addcmul": lambda a: torch.addcmul(a.x, a.y, a.x, value=0.5), "addcdiv": lambda a: torch.addcdiv(a.x, a.y, a.x, value=0.5), "add_number": lambda a: a.x + 1.5,
    "mul_number": lambda a: a.x * 1.5, "div_number": lambda a: a.x / 1.5, "rdiv_number": lambda a: 1.5 / a.x, "pow_0.5": lambda a: a.x ** 0.5, "pow_2": lambda a: a.x ** 2,
    "pow_2.5": lambda a: a.x ** 2.5, "add_column": lambda a: a.x + a.y[:, :1], "permute": lambda a: a.x.reshape(-1, 50, 100).permute(1, 2, 0).contiguous(),
    "flip_0": lambda a: a.x.flip(0), "roll_0": lambda a: a.x.roll(7, 0), "unfold": lambda a: a.x.unfold(1, 10, 5) * 1.5, "slice_step": lambda a: a.x[:, ::2] * 1.5,
    "relu_inner_slice": lambda a: a.x.narrow(1, 100, 800).relu(), "repeat": lambda a: a.x.repeat(2, 2), "stack_1": lambda a: torch.stack([a.x, a.y], 1),
    "gather_0": lambda a: a.x.gather(0, a.places % a.x.shape[0]), "index_add_0": lambda a: a.x.index_add(0, a.row_places, a.y),
    "index_pairs": lambda a: a.x[a.row_places, a.row_places], "index_mask": lambda a: a.x[a.chosen], "index_put": lambda a: a.x.index_put((a.row_places,), a.y),
    "index_put_add": lambda a: a.x.index_put((a.row_places,), a.y, accumulate=True), "index_fill_1": lambda a: a.x.index_fill(1, a.places[0], 2), "take": lambda a: a.x.take(a.places),
    "isfinite": lambda a: a.x.isfinite(), "eq": lambda a: a.x == a.y, "le_number": lambda a: a.x <= 0.5, "logical_and": lambda a: a.chosen & a.other,
    "logical_xor": lambda a: a.chosen ^ a.other, "all": lambda a: a.other.logical_or(a.chosen).all(), "any_1": lambda a: a.chosen.any(1), "to_int64": lambda a: a.x.long(),
    "to_int32": lambda a: a.x.int(), "to_bool": lambda a: a.x.bool(), "bool_to_float32": lambda a: a.chosen.float(), "float64_to_float32": lambda a: a.doubles.float(),
    "float64_add": lambda a: a.doubles + a.doubles, "float64_mul": lambda a: a.doubles * a.doubles, "float64_exp": lambda a: a.doubles.exp(), "float64_log": lambda a: a.doubles.log(),
    "float64_sin": lambda a: a.doubles.sin(), "float64_tanh": lambda a: a.doubles.tanh(), "float64_sigmoid": lambda a: a.doubles.sigmoid(),
    "float64_pow": lambda a: a.doubles ** a.doubles, "float64_sum": lambda a: a.doubles.sum(), "int64_add": lambda a: a.whole + a.whole, "int64_mul": lambda a: a.whole * a.whole,
    "int64_sum": lambda a: a.whole.sum(), "int64_remainder": lambda a: a.whole % 7, "int64_max_1": lambda a: a.whole.max(1).values,
    "mm_nn": lambda a: a.x[:100, :100] @ a.y[:100], "mm_tn": lambda a: a.x[:100, :100].T @ a.y[:100], "mm_tt": lambda a: a.x[:100, :200].T @ a.y[:100, :100].T,
    "bmm": lambda a: a.x[:100].reshape(10, 10, WIDTH).bmm(a.y[:100].reshape(10, WIDTH, 10)),
    "mm": lambda a: a.x[:100] @ a.y[:100].T,
    "mv": lambda a: a.x.mv(a.w), "outer": lambda a: torch.outer(a.x[:100, 0], a.w), "full": lambda a: torch.full((a.x.numel(),), 2.5),
    "linspace": lambda a: torch.linspace(0, 1, a.x.numel()), "rand_float64": lambda a: torch.rand(a.x.numel(), dtype=torch.float64),
    "randn_float64": lambda a: torch.randn(a.x.numel(), dtype=torch.float64), "randint": lambda a: torch.randint(0, 1000, (a.x.numel(),)),
    "randperm": lambda a: torch.randperm(a.x.numel()), "bernoulli": lambda a: a.x.detach().bernoulli(),
}
ROWS.update(ops_matrices.ROWS)
ROWS.update(ops_others.ROWS)
ROWS.update(ops_windows.ROWS)
ROWS.update({
    "round_decimals": lambda a: torch.round(a.x, decimals=2), "div_trunc": lambda a: torch.div(a.x, a.y, rounding_mode="trunc"),
    "floor_divide": lambda a: torch.div(a.x, a.y, rounding_mode="floor"), "prelu": lambda a: torch.where(a.x > 0, a.x, a.y * a.x),
    "heaviside": lambda a: torch.where(a.x == 0, a.y, (a.x > 0).to(a.x.dtype)),
})
BINARY = ("copysign logaddexp2 xlog1py add atan2 div fmax fmin fmod hypot logaddexp maximum minimum mul pow remainder sub xlogy").split()
prepared = {}


def call_of(name, layout, size, backward):
    a = Arguments(layout, size)
    function = getattr(torch, name, None) or getattr(torch.special, name, None)
    row = ROWS.get(name) or ((lambda a: function(a.x, a.y)) if name in BINARY else (lambda a: function(a.x)))
    if not backward:
        return lambda: row(a)
    ones = torch.ones_like(row(a))

    def both():
        a.leaves()
        row(a).backward(ones)

    return both


def seconds(line):
    if line not in prepared:
        prepared.clear()
        name, layout, size, which = line.split("|")
        call = call_of(name, layout, int(size), which == "backward")
        start, calls = now(), 0
        while now() - start < WARM_UP:
            call()
            calls += 1
        prepared[line] = call, max(1, int(calls * SAMPLE / WARM_UP))
    call, count = prepared[line]
    start = now()
    for _ in range(count):
        call()
    return (now() - start) / count


for line in sys.stdin:
    try:
        print(repr(seconds(line.strip())), flush=True)
    except Exception as error:  # a row without a peer
        print(error, file=sys.stderr)
        print("nan", flush=True)
