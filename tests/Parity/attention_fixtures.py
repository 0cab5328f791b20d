"""Attention of several heads and transformers: every option, masks of both kinds, single sequences and batches.

scaled_dot_product_attention is not in PyTorch 1.13: the reference of PyTorch 2's documentation is asked instead.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from cases import CONSTANT, case as op_case
from fixture import save
from layers import case, tensor

cases = []
L, S, N, E = 3, 4, 2, 6
x, memory = tensor(L, N, E), tensor(S, N, E, step=0.6)
causal = nn.Transformer.generate_square_subsequent_mask(L).double()
padding = torch.tensor([[False, False, True], [False, True, False]])
memory_padding = torch.tensor([[False, False, True, True], [False, False, False, True]])


def attention(name, options, inputs, call, heads=2):
    cases.append(case(f"attention/{name}", lambda dtype: nn.MultiheadAttention(E, heads, dtype=dtype, **options), inputs, call))


attention("self", {}, [x], lambda m, x: m(x, x, x))
attention("memory", {"dropout": 0.3}, [x, memory], lambda m, x, y: m(x, y, y))
attention("three", {"bias": False}, [x, memory, tensor(S, N, E, step=0.9)], lambda m, x, y, z: m(x, y, z, need_weights=False))
attention("query_is_value", {}, [x, tensor(L, N, E, step=0.9)], lambda m, x, y: m(x, y, x))
attention("widths", {"kdim": 5, "vdim": 4}, [x, tensor(S, N, 5, step=0.6), tensor(S, N, 4, step=0.9)], lambda m, x, y, z: m(x, y, z))
attention("widths_no_bias", {"kdim": 5, "vdim": 4, "bias": False}, [x, tensor(S, N, 5, step=0.6), tensor(S, N, 4, step=0.9)], lambda m, x, y, z: m(x, y, z))
attention("bias_kv", {"add_bias_kv": True}, [x, memory, memory_padding], lambda m, x, y, p: m(x, y, y, key_padding_mask=p))
attention("zero", {"add_zero_attn": True}, [x, causal], lambda m, x, mask: m(x, x, x, attn_mask=mask))
attention("both", {"add_zero_attn": True, "add_bias_kv": True}, [x, causal, padding], lambda m, x, mask, p: m(x, x, x, attn_mask=mask, key_padding_mask=p))
attention("padding", {}, [x, memory, memory_padding], lambda m, x, y, p: m(x, y, y, key_padding_mask=p))
attention("causal_bool", {}, [x, causal != 0], lambda m, x, mask: m(x, x, x, attn_mask=mask))
attention("each_head", {}, [x, memory, tensor(N * 2, L, S, step=0.4)], lambda m, x, y, mask: m(x, y, y, attn_mask=mask, average_attn_weights=False))
attention("batch_first", {"batch_first": True}, [x, padding.t().contiguous()[:, :2]], lambda m, x, p: m(x, x, x, key_padding_mask=p))
attention("one", {}, [x[:, 0].contiguous(), memory[:, 0].contiguous(), memory_padding[0]], lambda m, x, y, p: m(x, y, y, key_padding_mask=p))
attention("one_each_head", {"batch_first": True}, [x[:, 0].contiguous()], lambda m, x: m(x, x, x, average_attn_weights=False), heads=3)


def layer(name, make, inputs, call=lambda m, *inputs: m(*inputs)):
    cases.append(case(name, make, inputs, call))


W = 5
layer("encoder_layer/plain", lambda d: nn.TransformerEncoderLayer(E, 2, W, dtype=d), [x])
layer("encoder_layer/masks", lambda d: nn.TransformerEncoderLayer(E, 3, W, 0.0, dtype=d), [x, causal, padding])
layer("encoder_layer/norm_first", lambda d: nn.TransformerEncoderLayer(E, 2, W, 0.2, F.gelu, 1e-3, True, True, dtype=d), [x])
layer("encoder_layer/module", lambda d: nn.TransformerEncoderLayer(E, 2, W, 0.2, nn.Tanh(), dtype=d), [x])
layer("encoder_layer/one", lambda d: nn.TransformerEncoderLayer(E, 3, W, dtype=d), [x[:, 0].contiguous()])
layer("decoder_layer/plain", lambda d: nn.TransformerDecoderLayer(E, 2, W, dtype=d), [x, memory])
layer("decoder_layer/masks", lambda d: nn.TransformerDecoderLayer(E, 2, W, 0.0, norm_first=True, dtype=d), [x, memory, causal, padding, memory_padding],
    lambda m, x, y, mask, p, q: m(x, y, tgt_mask=mask, tgt_key_padding_mask=p, memory_key_padding_mask=q))
layer("encoder", lambda d: nn.TransformerEncoder(nn.TransformerEncoderLayer(E, 3, W, dtype=d), 2, nn.LayerNorm(E, dtype=d)), [x])
layer("decoder", lambda d: nn.TransformerDecoder(nn.TransformerDecoderLayer(E, 3, W, dtype=d), 2), [x, memory])
layer("transformer/plain", lambda d: nn.Transformer(E, 2, 1, 2, W, dtype=d), [memory, x], lambda m, x, y: m(x, y))
layer("transformer/masks", lambda d: nn.Transformer(E, 2, 2, 1, W, 0.1, F.gelu, batch_first=True, norm_first=True, dtype=d),
    [memory.transpose(0, 1).contiguous(), x.transpose(0, 1).contiguous(), causal, memory_padding, padding],
    lambda m, x, y, mask, p, q: m(x, y, tgt_mask=mask, src_key_padding_mask=p, tgt_key_padding_mask=q, memory_key_padding_mask=p))
save("attention", cases)

cases = []


def reference(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    length, keys = query.size(-2), key.size(-2)
    scale_factor = 1 / math.sqrt(query.size(-1)) if scale is None else scale
    attn_bias = torch.zeros(length, keys, dtype=query.dtype)
    if is_causal:
        attn_bias = attn_bias.masked_fill(torch.ones(length, keys, dtype=torch.bool).tril(diagonal=0).logical_not(), float("-inf"))
    if attn_mask is not None:
        attn_bias = attn_bias.masked_fill(attn_mask.logical_not(), float("-inf")) if attn_mask.dtype == torch.bool else attn_mask + attn_bias
    if enable_gqa:
        key = key.repeat_interleave(query.size(-3) // key.size(-3), -3)
        value = value.repeat_interleave(query.size(-3) // value.size(-3), -3)
    weight = torch.softmax(query @ key.transpose(-2, -1) * scale_factor + attn_bias, dim=-1)
    torch.manual_seed(5)
    return torch.dropout(weight, dropout_p, train=True) @ value


def sdpa(query, key, value, *rest):
    *mask, dropout, is_causal, scale, gqa = rest
    return reference(query, key, value, mask[0] if mask else None, dropout, is_causal, scale, gqa)


for q, k, v in [((3, 4), (5, 4), (5, 2)), ((2, 3, 4), (2, 3, 4), (2, 3, 4)), ((2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 3)), ((2, 2, 3, 4), (1, 5, 4), (2, 1, 5, 3))]:
    inputs = [tensor(*q), tensor(*k, step=0.6), tensor(*v, step=0.9)]
    length, keys = q[-2], k[-2]
    for mask in (None, tensor(length, keys, step=0.3), (torch.arange(length * keys).reshape(length, keys) % 3 != 1, CONSTANT)):
        given = inputs + ([] if mask is None else [mask])
        for scale in (None, 0.7):
            cases.append(op_case("sdpa", sdpa, given, 0.0, False, scale, False))
    cases.append(op_case("sdpa", sdpa, inputs, 0.4, True, None, False))
cases.append(op_case("sdpa", sdpa, [tensor(2, 4, 3, 2), tensor(2, 2, 3, 2, step=0.6), tensor(2, 2, 3, 2, step=0.9)], 0.0, True, None, True))
cases.append(op_case("sdpa", sdpa, [tensor(2, 4, 3, 2), tensor(2, 1, 3, 2, step=0.6), tensor(2, 4, 3, 2, step=0.9)], 0.0, False, None, True))
save("scaled_dot_product", cases)
