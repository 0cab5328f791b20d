using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Linear = Adjoint.Nn.Linear;

/// <summary>A small vision transformer (Dosovitskiy et al. 2020).</summary>
internal sealed class ViT : Module
{
    private readonly Tensor cls, pos;
    private readonly Conv2d patch;
    private readonly TransformerEncoder blocks;
    private readonly Linear head;

    public ViT(DType d)
    {
        patch = new(2, 6, 2, stride: 2, dtype: d);
        cls = Tensor.Zeros([1, 1, 6], d).AsParameter();
        pos = Init.TruncNormal(Tensor.Empty([1, 5, 6], d).AsParameter(), std: 0.02);
        blocks = new(
            new TransformerEncoderLayer(6, 3, 8, 0.1, x => x.Gelu(), batchFirst: true, normFirst: true, dtype: d), 2, norm: new LayerNorm(6, dtype: d));
        head = new(6, 3, dtype: d);
        Init.Zeros(head.Bias!);
    }

    protected override Tensor Forward(Tensor x)
    {
        x = patch.Call(x).Flatten(2).Transpose(1, 2);
        x = Tensor.Cat([cls.Expand(x.Shape[0], -1, -1), x], 1) + pos;
        return head.Call(blocks.Call(x)[.., 0]);
    }
}
