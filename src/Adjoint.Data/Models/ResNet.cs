using Adjoint.Nn;

namespace Adjoint.Vision;

using Linear = Adjoint.Nn.Linear;

/// <summary>A residual network (He et al. 2015) for pictures: [N, 3, H, W] → [N, numClasses].</summary>
/// <remarks>
/// torchvision's <c>models.ResNet</c>: its keys, its text, and its initial numbers for the same seed. Those of the papers are made by
/// <see cref="Models"/>. A picture may be of any size; the networks were trained with 224×224.
/// </remarks>
/// <example><code>
/// var net = new ResNet([1, 1, 1, 1], numClasses: 10);            // a small one
/// Shape shape = net.Call(Tensor.Rand(2, 3, 32, 32)).Shape;       // [2, 10]
/// </code></example>
public sealed class ResNet : Module
{
    private const int Stages = 4, Narrowest = 64;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly ReLU relu = new(inplace: true);
    private readonly MaxPool2d maxpool = new(3, stride: 2, padding: 1);
    private readonly Sequential layer1, layer2, layer3, layer4;
    private readonly AdaptiveAvgPool2d avgpool = new((1, 1));

    /// <summary>Makes the network and draws its weights.</summary>
    /// <param name="blocks">How many blocks each of the four stages has; each at least 1.</param>
    /// <param name="bottleneck">Whether a block is three convolutions, narrow in the middle, and not two.</param>
    /// <param name="numClasses">How many outputs there are; at least 1.</param>
    /// <param name="zeroInitResidual">Whether each block starts as an identity.</param>
    /// <param name="groups">How many groups the convolution in the middle of a bottleneck has; at least 1, and 1 for other blocks.</param>
    /// <param name="widthPerGroup">How wide it is, for each group in the first stage; at least 1, and 64 for other blocks.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">There are not four stages; or groups and width of blocks that have none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ResNet(
        IReadOnlyList<int> blocks, bool bottleneck = false, int numClasses = 1000, bool zeroInitResidual = false, int groups = 1,
        int widthPerGroup = 64, DType dtype = DType.Float32, Generator? generator = null)
    {
        if (blocks.Given().Count != Stages)
            throw new ArgumentException(
                $"ResNet: has {Stages} stages, but {blocks.Count} numbers of blocks are given.", nameof(blocks));
        foreach (int number in blocks) number.AtLeast(1, nameof(blocks));
        if (!bottleneck && (groups.AtLeast(1), widthPerGroup.AtLeast(1)) != (1, Narrowest))
            throw new ArgumentException(
                "ResNet: groups and their width are those of bottlenecks; blocks of two convolutions have none.", nameof(groups));
        numClasses.AtLeast(1);

        conv1 = new(3, Narrowest, 7, stride: 2, padding: 3, bias: false, dtype: dtype, generator: generator);
        bn1 = new(Narrowest, dtype: dtype);
        int inputs = Narrowest;
        layer1 = Stage(0);
        layer2 = Stage(1);
        layer3 = Stage(2);
        layer4 = Stage(3);
        Fc = new Linear(inputs, numClasses, dtype: dtype, generator: generator);

        foreach (Conv2d conv in Modules().OfType<Conv2d>())
            Init.KaimingNormal(conv.Weight, mode: FanMode.FanOut, nonlinearity: Nonlinearity.Relu, generator: generator);
        if (!zeroInitResidual) return;
        foreach (Module block in Modules())
            if (((block as BasicBlock)?.Last ?? (block as Bottleneck)?.Last) is { } last) Init.Zeros(last.Weight!);

        Sequential Stage(int stage)
        {
            int planes = Narrowest << stage;
            // In the order in which torchvision draws: what the input goes through first.
            List<Module> made = [];
            for (int i = 0; i < blocks[stage]; i++)
            {
                int outputs = bottleneck ? 4 * planes : planes, stride = i == 0 && stage > 0 ? 2 : 1;
                var shape = new BlockShape(inputs, planes, outputs, stride, groups, dtype, generator);
                Sequential? downsample = shape.Downsample();
                made.Add(bottleneck
                    ? new Bottleneck(shape, planes * widthPerGroup / Narrowest * groups, downsample) : new BasicBlock(shape, downsample));
                inputs = shape.Outputs;
            }
            return new Sequential(made);
        }
    }

    /// <summary>The layer that says the class: assign another one to train for other classes.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public Module Fc
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor x = maxpool.Call(relu.Call(bn1.Call(conv1.Call(input))));
        x = layer4.Call(layer3.Call(layer2.Call(layer1.Call(x))));
        return Fc.Call(avgpool.Call(x).Flatten(1));
    }
}
