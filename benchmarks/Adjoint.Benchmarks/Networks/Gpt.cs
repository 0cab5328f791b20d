using Adjoint.Nn;

namespace Adjoint.Benchmarks.Networks;

/// <summary>The GPT of benchmarks/torch/networks.py: words [N, T] to scores [N·T, words].</summary>
internal sealed class Gpt(int words, int steps, int wide, int heads, int depth) : Module
{
    private readonly Embedding wte = new(words, wide), wpe = new(steps, wide);
    private readonly Sequential h = new([.. Enumerable.Range(0, depth).Select(_ => new Block(wide, heads))]);
    private readonly LayerNorm ln_f = new(wide);
    private readonly Nn.Linear lm_head = new(wide, words, bias: false);

    protected override Tensor Forward(Tensor input)
    {
        Tensor x = wte.Call(input) + wpe.Call(Tensor.Arange(input.Shape[1]));
        return lm_head.Call(ln_f.Call(h.Call(x))).Flatten(0, 1);
    }

    private sealed class Block(int wide, int heads) : Module
    {
        private readonly LayerNorm ln_1 = new(wide), ln_2 = new(wide);
        private readonly Attention attn = new(wide, heads);
        private readonly Nn.Linear c_fc = new(wide, 4 * wide), c_proj = new(4 * wide, wide);

        protected override Tensor Forward(Tensor input)
        {
            Tensor x = input + attn.Call(ln_1.Call(input));
            return x + c_proj.Call(F.Gelu(c_fc.Call(ln_2.Call(x))));
        }
    }

    private sealed class Attention(int wide, int heads) : Module
    {
        private readonly Nn.Linear c_attn = new(wide, 3 * wide), c_proj = new(wide, wide);

        protected override Tensor Forward(Tensor input)
        {
            (int n, int t) = (input.Shape[0], input.Shape[1]);
            Tensor[] parts = [.. c_attn.Call(input).Split(wide, -1).Select(part => part.View(n, t, heads, -1).Transpose(1, 2))];
            Tensor y = F.ScaledDotProductAttention(parts[0], parts[1], parts[2], isCausal: true);
            return c_proj.Call(y.Transpose(1, 2).Reshape(n, t, wide));
        }
    }
}
