using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

/// <summary>A residual block that is narrow inside, with group normalization.</summary>
internal sealed class Bottleneck : Module
{
    private readonly Conv2d conv1;
    private readonly GroupNorm gn1;
    private readonly Conv2d conv2;
    private readonly GroupNorm gn2;
    private readonly Conv2d conv3;
    internal readonly GroupNorm gn3;
    private readonly ReLU relu = new();
    private readonly Sequential? downsample;

    public Bottleneck(int inputs, int wide, int stride, DType d)
    {
        (conv1, gn1) = (new(inputs, wide, 1, bias: false, dtype: d), new(2, wide, dtype: d));
        (conv2, gn2) = (new(wide, wide, 3, stride, padding: 1, groups: 2, bias: false, dtype: d), new(2, wide, dtype: d));
        (conv3, gn3) = (new(wide, 2 * wide, 1, bias: false, dtype: d), new(2, 2 * wide, dtype: d));
        if (stride != 1 || inputs != 2 * wide)
            downsample = new(new Conv2d(inputs, 2 * wide, 1, stride, bias: false, dtype: d), new GroupNorm(2, 2 * wide, dtype: d));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor y = relu.Call(gn2.Call(conv2.Call(relu.Call(gn1.Call(conv1.Call(x))))));
        return relu.Call(gn3.Call(conv3.Call(y)) + (downsample is null ? x : downsample.Call(x)));
    }
}
