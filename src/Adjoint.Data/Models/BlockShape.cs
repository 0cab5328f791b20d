using Adjoint.Nn;

namespace Adjoint.Vision;

/// <summary>How large a residual block is, and the layers that it is made of.</summary>
/// <param name="Inputs">How many channels come in.</param>
/// <param name="Planes">How many it has inside, before the width of the network.</param>
/// <param name="Outputs">How many go out.</param>
/// <param name="Stride">Of the convolution that makes the picture smaller.</param>
/// <param name="Groups">Of the convolution in the middle.</param>
/// <param name="DType">Of the parameters.</param>
/// <param name="Generator">Where they are drawn from.</param>
internal sealed record BlockShape(int Inputs, int Planes, int Outputs, int Stride, int Groups, DType DType, Generator? Generator)
{
    internal Conv2d Conv3x3(int inputs, int outputs, int stride = 1, int groups = 1) =>
        new(inputs, outputs, 3, stride, padding: 1, groups: groups, bias: false, dtype: DType, generator: Generator);

    internal Conv2d Conv1x1(int inputs, int outputs, int stride = 1) =>
        new(inputs, outputs, 1, stride, bias: false, dtype: DType, generator: Generator);

    internal BatchNorm2d Norm(int channels) => new(channels, dtype: DType);

    /// <summary>What the input goes through where the block changes its shape, or null.</summary>
    internal Sequential? Downsample() =>
        Stride == 1 && Inputs == Outputs ? null : new Sequential(Conv1x1(Inputs, Outputs, Stride), Norm(Outputs));
}
