using Adjoint.Nn;

namespace Adjoint.Vision;

/// <summary>Two convolutions of 3×3: the block of the smaller residual networks, and of torchvision's.</summary>
internal sealed class BasicBlock : Module
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly ReLU relu = new(inplace: true);
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    internal BasicBlock(BlockShape shape, Sequential? downsample)
    {
        (conv1, bn1) = (shape.Conv3x3(shape.Inputs, shape.Planes, shape.Stride), shape.Norm(shape.Planes));
        (conv2, bn2) = (shape.Conv3x3(shape.Planes, shape.Planes), shape.Norm(shape.Planes));
        this.downsample = downsample;
    }

    /// <summary>With weights of 0 it makes the block an identity.</summary>
    internal BatchNorm2d Last => bn2;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor y = bn2.Call(conv2.Call(relu.Call(bn1.Call(conv1.Call(input)))));
        return relu.Call(y + (downsample is null ? input : downsample.Call(input)));
    }
}
