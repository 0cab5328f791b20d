namespace Adjoint.Tests.Nn;

using Adjoint.Nn;
using Adjoint.Tests.Ops;

/// <summary>Pools, padding, and what is normalised or dropped by channels, as modules: their text, their errors, what they share.</summary>
public class WindowLayerTests
{
    // PyTorch 1.13 says all of this; ZeroPad and Upsample as 2.x.
    public static TheoryData<Module, string> Texts => new()
    {
        { new MaxPool2d(2), "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)" },
        {
            new MaxPool2d((3, 2), stride: (2, 1), padding: 1),
            "MaxPool2d(kernel_size=(3, 2), stride=(2, 1), padding=1, dilation=1, ceil_mode=False)"
        },
        { new AvgPool1d(2), "AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))" },
        { new AvgPool2d(3, 2), "AvgPool2d(kernel_size=3, stride=2, padding=0)" },
        { new AvgPool3d((1, 2, 3)), "AvgPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 3), padding=0)" },
        { new AdaptiveAvgPool2d((5, 7)), "AdaptiveAvgPool2d(output_size=(5, 7))" },
        { new AdaptiveMaxPool1d(5), "AdaptiveMaxPool1d(output_size=5)" },
        { new LPPool2d(2, 3), "LPPool2d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)" },
        { new LPPool1d(1.2, 3, stride: 2), "LPPool1d(norm_type=1.2, kernel_size=3, stride=2, ceil_mode=False)" },
        { new MaxUnpool2d(2), "MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))" },
        { new MaxUnpool1d(3, 2, 1), "MaxUnpool1d(kernel_size=(3,), stride=(2,), padding=(1,))" },
        { new Upsample(scaleFactor: [2]), "Upsample(scale_factor=2.0, mode='nearest')" },
        { new Upsample((4, 5), mode: InterpolateMode.NearestExact), "Upsample(size=(4, 5), mode='nearest-exact')" },
        { new UpsamplingBilinear2d(4), "UpsamplingBilinear2d(size=4, mode='bilinear')" },
        { new LocalResponseNorm(2), "LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1.0)" },
        { new ConstantPad2d((int[])[3, 0, 2, 1], 3.5), "ConstantPad2d(padding=(3, 0, 2, 1), value=3.5)" },
        { new ZeroPad2d(2), "ZeroPad2d((2, 2, 2, 2))" },
        { new ReflectionPad1d(2), "ReflectionPad1d((2, 2))" },
        { new PixelShuffle(3), "PixelShuffle(upscale_factor=3)" },
        { new PixelUnshuffle(3), "PixelUnshuffle(downscale_factor=3)" },
        { new ChannelShuffle(2), "ChannelShuffle(groups=2)" },
        { new Unflatten(1, (2, 5)), "Unflatten(dim=1, unflattened_size=(2, 5))" },
        { new Softmax2d(), "Softmax2d()" },
        { new Dropout2d(0.2), "Dropout2d(p=0.2, inplace=False)" },
        { new FeatureAlphaDropout(), "FeatureAlphaDropout(p=0.5, inplace=False)" },
        { new BatchNorm2d(4), "BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)" },
        { new InstanceNorm2d(4), "InstanceNorm2d(4, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)" },
        { new GroupNorm(2, 4), "GroupNorm(2, 4, eps=1e-05, affine=True)" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Its_text_is_PyTorchs(Module module, string text) => module.ToString().ShouldBe(text);

    [Fact]
    public void What_PyTorch_refuses_is_refused_by_name()
    {
        Tensor x = Tensor.Rand(1, 2, 6, 6);
        Should.Throw<ArgumentException>(() => F.MaxPool2d(x, 2, padding: 2)).Message.ShouldStartWith("MaxPool2d: padding");
        Should.Throw<ArgumentException>(() => F.AvgPool2d(x, 0)).Message.ShouldStartWith("AvgPool2d: kernelSize");
        Should.Throw<ArgumentException>(() => F.AvgPool2d(x, 2, divisorOverride: 0)).Message.ShouldStartWith("AvgPool2d: divisorOverride");
        Should.Throw<ShapeException>(() => F.MaxPool2d(x, 7)).Message.ShouldStartWith("MaxPool2d: dimension 2");
        Should.Throw<ShapeException>(() => F.MaxPool2d(Tensor.Rand(6, 6), 2)).Message.ShouldStartWith("MaxPool2d: needs");
        Should.Throw<ShapeException>(() => F.MaxPool2d(Tensor.Zeros(1, 0, 6, 6), 2)).Message.ShouldStartWith("MaxPool2d: only the batch");
        Should.Throw<DTypeException>(() => F.MaxPool1d(Tensor.Arange(6).Reshape(1, 6), 2)).Message.ShouldStartWith("MaxPool1d: ");
        Should.Throw<ArgumentException>(() => F.Interpolate(x)).Message.ShouldStartWith("Interpolate: exactly one of size");
        Should.Throw<ArgumentException>(() => F.Interpolate(x, 3, alignCorners: true)).Message.ShouldStartWith("Interpolate: alignCorners");
        Should.Throw<ShapeException>(() => F.Interpolate(x, 3, mode: InterpolateMode.Linear)).Message.ShouldStartWith("Interpolate: Linear");
        Should.Throw<ShapeException>(() => F.AdaptiveAvgPool1d(x, int.MaxValue)).Message.ShouldStartWith("AdaptiveAvgPool1d: ");
        Should.Throw<TensorException>(() => F.MaxUnpool2d(x, Tensor.Full([1, 2, 6, 6], 144, DType.Int64), 2)).Message.ShouldStartWith(
            "MaxUnpool2d: index 144");
        Should.Throw<ShapeException>(() => new BatchNorm2d(2).Call(Tensor.Rand(4, 2))).Message.ShouldStartWith("BatchNorm2d: ");
        Should.Throw<ShapeException>(() => F.GroupNorm(x, 3)).Message.ShouldStartWith("GroupNorm: ");
        Should.Throw<ShapeException>(() => new ReflectionPad2d(6).Call(x)).Message.ShouldStartWith("ReflectionPad2d: ");
    }

    [Fact]
    public void Images_are_normalised_as_rows_of_their_places()
    {
        Tensor x = Tensor.Randn([2, 3, 4, 5]);
        var images = new BatchNorm2d(3);
        var rows = new BatchNorm1d(3);
        images.Call(x).ToArray<float>().ShouldBe(rows.Call(x.Reshape(2, 3, 20)).ToArray<float>());
        images.RunningVar!.ToArray<float>().ShouldBe(rows.RunningVar!.ToArray<float>());
    }

    [Fact]
    public void Unpooling_brings_back_what_a_pool_took()
    {
        Tensor x = Tensor.Rand([1, 2, 4, 6], requiresGrad: true);
        (Tensor y, Tensor places) = new MaxPool2d(2).WithIndices(x);
        Tensor back = new MaxUnpool2d(2).Call(y, places);
        back.Shape.ShouldBe(x.Shape);
        back.Sum().Backward();
        x.Grad!.ToArray<float>().ShouldBe(back.Ne(0).To(DType.Float32).ToArray<float>());
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        Tensor x = Tensor.Randn([1, 2, 5, 6], DType.Float64, generator: new Generator(1));
        FiniteDifferences.Check(v => F.MaxPool2d(v[0], 3, 2, 1).Square(), x);
        FiniteDifferences.Check(v => F.AvgPool2d(v[0], 3, 2, 1, true, false).Square(), x);
        FiniteDifferences.Check(v => F.Interpolate(v[0], (4, 9), mode: InterpolateMode.Bicubic).Square(), x);
        FiniteDifferences.Check(v => F.LocalResponseNorm(v[0], 3), x);
        FiniteDifferences.Check(v => new ReflectionPad2d(2).Call(v[0]).Square(), x);
    }
}
