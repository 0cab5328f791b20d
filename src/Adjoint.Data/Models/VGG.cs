using Adjoint.Nn;

namespace Adjoint.Vision;

using Linear = Adjoint.Nn.Linear;

/// <summary>
/// A network of convolutions of 3×3 (Simonyan and Zisserman 2014) for pictures of at least 32×32: [N, 3, H, W] → [N, numClasses].
/// </summary>
/// <remarks>
/// torchvision's <c>models.VGG</c>: its keys, its text, and its initial numbers for the same seed. Those of the paper are made by
/// <see cref="Models"/>. <see cref="Features"/> without the rest is what styles are taken from.
/// </remarks>
public sealed class VGG : Module
{
    private const int Pool = 0;

    /// <summary>Makes the network and draws its weights.</summary>
    /// <param name="channels">How many channels each convolution gives; 0 stands for a pool that halves the picture.</param>
    /// <param name="batchNorm">Whether each convolution is normalised.</param>
    /// <param name="numClasses">How many outputs there are; at least 1.</param>
    /// <param name="dropout">The probability of 0 between the last layers, in training; in [0, 1].</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">The last convolution gives another number of channels than 512.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public VGG(
        IReadOnlyList<int> channels, bool batchNorm = false, int numClasses = 1000, double dropout = 0.5, DType dtype = DType.Float32,
        Generator? generator = null)
    {
        foreach (int number in channels.Given()) number.AtLeast(0, nameof(channels));
        if (channels.LastOrDefault(number => number != Pool) != 512)
            throw new ArgumentException("VGG: its last convolution gives 512 channels, which the layers behind it take.", nameof(channels));
        numClasses.AtLeast(1);
        dropout.In(Interval.Unit);

        Features = new(Layers(channels, batchNorm, dtype, generator));
        Classifier = new(
            Full(512 * 7 * 7, 4096), new ReLU(inplace: true), new Dropout(dropout, generator: generator),
            Full(4096, 4096), new ReLU(inplace: true), new Dropout(dropout, generator: generator),
            Full(4096, numClasses));

        foreach (Module module in Modules())
        {
            if (module is Conv2d conv)
            {
                Init.KaimingNormal(conv.Weight, mode: FanMode.FanOut, nonlinearity: Nonlinearity.Relu, generator: generator);
                Init.Zeros(conv.Bias!);
            }
            else if (module is Linear linear)
            {
                Init.Normal(linear.Weight, 0, 0.01, generator);
                Init.Zeros(linear.Bias!);
            }
        }

        Linear Full(int inputs, int outputs) => new(inputs, outputs, dtype: dtype, generator: generator);
    }

    /// <summary>The convolutions, their activations and pools.</summary>
    public Sequential Features { get; }

    private readonly AdaptiveAvgPool2d avgpool = new((7, 7));

    /// <summary>The layers that say the class.</summary>
    public Sequential Classifier { get; }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Classifier.Call(avgpool.Call(Features.Call(input)).Flatten(1));

    private static IEnumerable<Module> Layers(IReadOnlyList<int> channels, bool batchNorm, DType dtype, Generator? generator)
    {
        int inputs = 3;
        foreach (int outputs in channels)
        {
            if (outputs == Pool)
            {
                yield return new MaxPool2d(2, stride: 2);
                continue;
            }
            yield return new Conv2d(inputs, outputs, 3, padding: 1, dtype: dtype, generator: generator);
            if (batchNorm) yield return new BatchNorm2d(outputs, dtype: dtype);
            yield return new ReLU(inplace: true);
            inputs = outputs;
        }
    }
}
