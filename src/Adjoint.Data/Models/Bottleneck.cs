using Adjoint.Nn;

namespace Adjoint.Vision;

/// <summary>
/// Convolutions of 1×1, 3×3 and 1×1, narrow in the middle: the block of the larger residual networks. The one in the middle has the
/// stride, as in torchvision, and not the first, as in the paper.
/// </summary>
internal sealed class Bottleneck : Module
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly ReLU relu = new(inplace: true);
    private readonly Sequential? downsample;

    internal Bottleneck(BlockShape shape, int width, Sequential? downsample)
    {
        (conv1, bn1) = (shape.Conv1x1(shape.Inputs, width), shape.Norm(width));
        (conv2, bn2) = (shape.Conv3x3(width, width, shape.Stride, shape.Groups), shape.Norm(width));
        (conv3, bn3) = (shape.Conv1x1(width, shape.Outputs), shape.Norm(shape.Outputs));
        this.downsample = downsample;
    }

    /// <summary>With weights of 0 it makes the block an identity.</summary>
    internal BatchNorm2d Last => bn3;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor y = relu.Call(bn2.Call(conv2.Call(relu.Call(bn1.Call(conv1.Call(input))))));
        y = bn3.Call(conv3.Call(y));
        return relu.Call(y + (downsample is null ? input : downsample.Call(input)));
    }
}
