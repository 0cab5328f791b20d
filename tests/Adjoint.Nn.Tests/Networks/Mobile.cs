using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Linear = Adjoint.Nn.Linear;

/// <summary>Depthwise convolutions with squeeze and excitation, as in MobileNet V3, and a pixel shuffle.</summary>
internal sealed class Mobile(DType d) : Module<Tensor, Tensor[]>
{
    private readonly Sequential stem = new(new ZeroPad2d(new int[] { 0, 1, 0, 1 }), new Conv2d(2, 4, 3, stride: 2, dtype: d), new Hardswish());
    private readonly ModuleList blocks = new([new Block(4, d), new Block(4, d)]);
    private readonly ModuleDict heads = new() { ["class"] = new Linear(4, 3, dtype: d), ["picture"] = new PixelShuffle(2) };
    private readonly ParameterList scale = new([Tensor.Ones([1], d).AsParameter(), Tensor.Full([2], 0.5, d).AsParameter()]);

    protected override Tensor[] Forward(Tensor x)
    {
        x = stem.Call(x);
        foreach (Module block in blocks) x = block.Call(x);
        Tensor mean = F.AdaptiveAvgPool2d(x, 1).Flatten(1);
        return [heads["class"].Call(mean) * scale[0], heads["picture"].Call(x) * scale[1].Mean(), F.Normalize(mean, dim: 1)];
    }

    private sealed class Block(int wide, DType d) : Module
    {
        private readonly Conv2d depth = new(wide, wide, 3, padding: 1, groups: wide, bias: false, dtype: d);
        private readonly BatchNorm2d bn = new(wide, eps: 1e-3, momentum: 0.01, dtype: d);
        private readonly Sequential squeeze = new(
            new AdaptiveAvgPool2d(1), new Conv2d(wide, 2, 1, dtype: d), new ReLU6(), new Conv2d(2, wide, 1, dtype: d), new Hardsigmoid());
        private readonly Hardswish act = new();

        protected override Tensor Forward(Tensor x)
        {
            Tensor y = act.Call(bn.Call(depth.Call(x)));
            return x + y * squeeze.Call(y);
        }
    }
}
