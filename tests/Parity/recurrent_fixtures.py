"""Recurrent layers and cells: every option, one sequence and batches, packed sequences, first states."""

import torch
from torch import nn
from torch.nn.utils import rnn as seq

from cases import case as op_case, leaf
from fixture import save
from layers import case, tensor

cases = []
T, N, I, H = 4, 3, 2, 4
x = tensor(T, N, I)
packed_order = [2, 4, 1]


def packed(layer, x, *states):
    hx = None if not states else states[0] if len(states) == 1 else states
    y, state = layer(seq.pack_padded_sequence(x, packed_order, enforce_sorted=False), hx)
    return [y.data, *(state if isinstance(state, tuple) else [state])]


def with_states(layer, x, *states):
    return layer(x, states[0] if len(states) == 1 else states)


for kind in ("RNN", "LSTM", "GRU"):
    make = getattr(nn, kind)
    states = 2 if kind == "LSTM" else 1

    def layer(options):
        return lambda dtype: make(I, H, dtype=dtype, **options)

    def add(name, options, inputs, call=None):
        cases.append(case(f"{kind}/{name}", layer(options), inputs, **({"call": call} if call else {})))

    add("plain", {}, [x])
    add("no_bias", {"bias": False}, [x])
    add("batch_first", {"batch_first": True}, [x.transpose(0, 1).contiguous()])
    add("one_sequence", {}, [x[:, 0].contiguous()])
    add("one_sequence_with_state", {"num_layers": 2, "batch_first": True}, [x[:, 0].contiguous(), *[tensor(2, H, step=0.3 + i) for i in range(states)]], with_states)
    add("deep", {"num_layers": 3, "dropout": 0.4}, [x])
    add("both_ways", {"bidirectional": True, "num_layers": 2}, [x])
    add("states", {"bidirectional": True, "num_layers": 2}, [x, *[tensor(4, N, H, step=0.3 + i) for i in range(states)]], with_states)
    add("packed", {"bidirectional": True, "num_layers": 2, "dropout": 0.3}, [x], packed)
    add("packed_with_state", {"bidirectional": True}, [x, *[tensor(2, N, H, step=0.3 + i) for i in range(states)]], packed)
    if kind == "RNN":
        add("relu", {"nonlinearity": "relu", "num_layers": 2, "bidirectional": True}, [x])
    if kind == "LSTM":
        add("projected", {"proj_size": 3, "num_layers": 2, "bidirectional": True}, [x])
        add("projected_packed", {"proj_size": 3, "bidirectional": True}, [x, tensor(2, N, 3, step=0.3), tensor(2, N, H, step=0.7)], packed)
    cell = getattr(nn, kind + "Cell")
    cases.append(case(f"{kind}Cell/plain", lambda dtype: cell(I, H, dtype=dtype), [x[0]]))
    cases.append(case(f"{kind}Cell/no_bias", lambda dtype: cell(I, H, bias=False, dtype=dtype), [x[0]]))
    cases.append(case(f"{kind}Cell/one_with_state", lambda dtype: cell(I, H, dtype=dtype), [x[0, 0], *[tensor(H, step=0.3 + i) for i in range(states)]], with_states))
cases.append(case("RNNCell/relu", lambda dtype: nn.RNNCell(I, H, nonlinearity="relu", dtype=dtype), [x[0]]))
save("recurrent", cases)

cases = []


def pack(x, lengths, batch_first, enforce_sorted):
    p = seq.pack_padded_sequence(x, lengths, batch_first, enforce_sorted)
    none = torch.tensor([], dtype=torch.int64)
    return p.data, p.batch_sizes, none if p.sorted_indices is None else p.sorted_indices, none if p.unsorted_indices is None else p.unsorted_indices


def pack_and_pad(x, lengths, batch_first, enforce_sorted, padding, total):
    p = seq.pack_padded_sequence(x, lengths, False, enforce_sorted)
    return seq.pad_packed_sequence(p, batch_first, padding, total)


def pad(a, b, c, batch_first, padding):
    return seq.pad_sequence([a, b, c], batch_first, padding)


def pack_parts(a, b, c):
    p = seq.pack_sequence([a, b, c], enforce_sorted=False)
    return p.data, p.batch_sizes, p.sorted_indices


for lengths, enforce_sorted in [([4, 2, 1], True), ([2, 4, 1], False), ([3, 3, 3], True), ([2, 2, 4], False), ([1, 1, 1], False)]:
    for batch_first in (False, True):
        cases.append(op_case("pack", pack, [tensor(3, 4, 2) if batch_first else tensor(4, 3, 2)], lengths, batch_first, enforce_sorted))
        for total in (None, 6):
            cases.append(op_case("pack_and_pad", pack_and_pad, [tensor(4, 3, 2)], lengths, batch_first, enforce_sorted, 1.5, total))
for batch_first in (False, True):
    cases.append(op_case("pad", pad, [tensor(2, 2), tensor(4, 2), tensor(1, 2)], batch_first, -0.5))
cases.append(op_case("pack_parts", pack_parts, [tensor(2), tensor(4), tensor(3)]))
save("sequences", cases)
