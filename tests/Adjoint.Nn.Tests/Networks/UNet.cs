using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Networks;

/// <summary>A small U-Net: down, up by a transposed convolution and by interpolation, and what was before beside it.</summary>
internal sealed class UNet(DType d) : Module
{
    private readonly Sequential down1 = Double(1, 3, d), down2 = Double(3, 4, d);
    private readonly MaxPool2d pool = new(2);
    private readonly ConvTranspose2d up = new(4, 3, 2, stride: 2, dtype: d);
    private readonly Sequential up1 = Double(6, 3, d);
    private readonly Upsample upsample = new(scaleFactor: [2], mode: InterpolateMode.Bilinear, alignCorners: false);
    private readonly Conv2d @out = new(7, 2, 1, dtype: d);

    protected override Tensor Forward(Tensor x)
    {
        Tensor a = down1.Call(x), b = down2.Call(pool.Call(a));
        Tensor c = up1.Call(Tensor.Cat([a, up.Call(b)], 1));
        return @out.Call(Tensor.Cat([c, upsample.Call(b)], 1));
    }

    private static Sequential Double(int inputs, int outputs, DType d) => new(
        new Conv2d(inputs, outputs, 3, padding: 1, bias: false, dtype: d), new BatchNorm2d(outputs, dtype: d), new ReLU(),
        new Conv2d(outputs, outputs, 3, padding: "same", paddingMode: PadMode.Reflect, dtype: d), new InstanceNorm2d(outputs, affine: true, dtype: d),
        new LeakyReLU(0.1));
}
