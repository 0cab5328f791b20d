namespace Adjoint.Vision;

/// <summary>Networks for pictures as the papers have them: torchvision's <c>models</c>.</summary>
/// <remarks>
/// They are drawn; trained weights are read from a file of PyTorch, whose keys are the same, into a network of 1,000 classes. Pictures are
/// [N, 3, H, W], normalised as those were that it was trained with.
/// </remarks>
/// <example><code>
/// ResNet net = Models.ResNet18(numClasses: 10);
/// Shape shape = net.Eval().Call(Tensor.Rand(1, 3, 64, 64)).Shape;          // [1, 10]
/// string weights = "resnet18-f37072fd.pth";                                // from PyTorch, for 1,000 classes
/// if (System.IO.File.Exists(weights)) net = Models.ResNet18().Load(weights);
/// net.Fc = new Linear(512, 3);                                             // trained further for three
/// </code></example>
public static class Models
{
    private static readonly int[] s_vgg11 = [64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0];
    private static readonly int[] s_vgg13 = [64, 64, 0, 128, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0];
    private static readonly int[] s_vgg16 = [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0];
    private static readonly int[] s_vgg19 = [64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512, 0];

    /// <summary>A residual network of 18 layers: 11,689,512 parameters for 1,000 classes.</summary>
    /// <param name="numClasses">How many outputs there are; at least 1.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no class.</exception>
    public static ResNet ResNet18(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new([2, 2, 2, 2], numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>A residual network of 34 layers: 21,797,672 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static ResNet ResNet34(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new([3, 4, 6, 3], numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>A residual network of 50 layers, of bottlenecks: 25,557,032 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static ResNet ResNet50(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new([3, 4, 6, 3], bottleneck: true, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>A residual network of 101 layers, of bottlenecks: 44,549,160 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static ResNet ResNet101(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new([3, 4, 23, 3], bottleneck: true, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>A residual network of 152 layers, of bottlenecks: 60,192,808 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static ResNet ResNet152(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new([3, 8, 36, 3], bottleneck: true, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>A VGG of 11 layers with weights: 132,863,336 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static VGG Vgg11(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(s_vgg11, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>The same with batch normalization: torchvision's <c>vgg11_bn</c>.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static VGG Vgg11Bn(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(s_vgg11, batchNorm: true, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>A VGG of 13 layers with weights: 133,047,848 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static VGG Vgg13(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(s_vgg13, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>The same with batch normalization: torchvision's <c>vgg13_bn</c>.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static VGG Vgg13Bn(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(s_vgg13, batchNorm: true, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>A VGG of 16 layers with weights: 138,357,544 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static VGG Vgg16(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(s_vgg16, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>The same with batch normalization: torchvision's <c>vgg16_bn</c>.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static VGG Vgg16Bn(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(s_vgg16, batchNorm: true, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>A VGG of 19 layers with weights: 143,667,240 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static VGG Vgg19(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(s_vgg19, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>The same with batch normalization: torchvision's <c>vgg19_bn</c>.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static VGG Vgg19Bn(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(s_vgg19, batchNorm: true, numClasses: numClasses, dtype: dtype, generator: generator);

    /// <summary>AlexNet: 61,100,840 parameters for 1,000 classes.</summary>
    /// <inheritdoc cref="ResNet18"/>
    public static AlexNet AlexNet(int numClasses = 1000, DType dtype = DType.Float32, Generator? generator = null) =>
        new(numClasses, dtype: dtype, generator: generator);
}
