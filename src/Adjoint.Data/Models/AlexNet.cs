using Adjoint.Nn;

namespace Adjoint.Vision;

using Linear = Adjoint.Nn.Linear;

/// <summary>
/// The network of Krizhevsky (2014, one weird trick) for pictures: [N, 3, H, W] → [N, numClasses], for H and W of at least 63.
/// </summary>
/// <remarks>torchvision's <c>models.AlexNet</c>: its keys, its text, and its initial numbers for the same seed.</remarks>
public sealed class AlexNet : Module
{
    /// <summary>Makes the network and draws its weights.</summary>
    /// <param name="numClasses">How many outputs there are; at least 1.</param>
    /// <param name="dropout">The probability of 0 before the last layers, in training; in [0, 1].</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public AlexNet(int numClasses = 1000, double dropout = 0.5, DType dtype = DType.Float32, Generator? generator = null)
    {
        numClasses.AtLeast(1);
        dropout.In(Interval.Unit);
        Features = new(
            Convolution(3, 64, 11, stride: 4, padding: 2), new ReLU(inplace: true), new MaxPool2d(3, stride: 2),
            Convolution(64, 192, 5, padding: 2), new ReLU(inplace: true), new MaxPool2d(3, stride: 2),
            Convolution(192, 384, 3, padding: 1), new ReLU(inplace: true),
            Convolution(384, 256, 3, padding: 1), new ReLU(inplace: true),
            Convolution(256, 256, 3, padding: 1), new ReLU(inplace: true), new MaxPool2d(3, stride: 2));
        Classifier = new(
            new Dropout(dropout, generator: generator), Full(256 * 6 * 6, 4096), new ReLU(inplace: true),
            new Dropout(dropout, generator: generator), Full(4096, 4096), new ReLU(inplace: true),
            Full(4096, numClasses));

        Conv2d Convolution(int inputs, int outputs, int kernel, int stride = 1, int padding = 0) =>
            new(inputs, outputs, kernel, stride, padding, dtype: dtype, generator: generator);

        Linear Full(int inputs, int outputs) => new(inputs, outputs, dtype: dtype, generator: generator);
    }

    /// <summary>The convolutions, their activations and pools.</summary>
    public Sequential Features { get; }

    private readonly AdaptiveAvgPool2d avgpool = new((6, 6));

    /// <summary>The layers that say the class.</summary>
    public Sequential Classifier { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Classifier.Call(avgpool.Call(Features.Call(input)).Flatten(1));
}
