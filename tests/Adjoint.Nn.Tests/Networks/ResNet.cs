using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

using Linear = Adjoint.Nn.Linear;

/// <summary>A residual network of bottlenecks.</summary>
internal sealed class ResNet : Module
{
    private readonly Sequential stem;
    private readonly Bottleneck layer1;
    private readonly Sequential layer2;
    private readonly AdaptiveAvgPool2d pool = new((1, 1));
    private readonly Linear fc;

    public ResNet(DType d)
    {
        stem = new(new Conv2d(2, 4, 3, padding: 1, bias: false, dtype: d), new GroupNorm(2, 4, dtype: d), new ReLU(), new MaxPool2d(3, 2, 1));
        layer1 = new(4, 2, 1, d);
        var last = new Bottleneck(8, 4, 1, d);
        layer2 = new(new Bottleneck(4, 4, 2, d), last);
        fc = new(8, 3, dtype: d);
        foreach (Conv2d conv in Modules().OfType<Conv2d>()) Init.KaimingNormal(conv.Weight, mode: FanMode.FanOut, nonlinearity: Nonlinearity.Relu);
        Init.Zeros(last.gn3.Weight!);
    }

    protected override Tensor Forward(Tensor x) => fc.Call(pool.Call(layer2.Call(layer1.Call(stem.Call(x)))).Flatten(1));
}
