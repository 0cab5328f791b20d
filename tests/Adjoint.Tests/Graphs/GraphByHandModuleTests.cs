using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>Every module and every loss of the library, forward and backward, written by hand.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphByHandModuleTests
{
    // What a module is made with, and of which shapes it is called; left out: without arguments, and [6, 4].
    private static readonly Dictionary<Type, Func<DType, (Module Module, Shape Input)>[]> s_made = new()
    {
        [typeof(Adjoint.Nn.Linear)] =
        [
            d => (new Adjoint.Nn.Linear(4, 3, dtype: d), [6, 4]), d => (new Adjoint.Nn.Linear(4, 3, bias: false, dtype: d), [4]),
            d => (new Adjoint.Nn.Linear(4, 3, dtype: d), [2, 3, 4]),
        ],
        [typeof(BatchNorm1d)] =
        [
            d => (new BatchNorm1d(4, dtype: d), [6, 4]), d => (new BatchNorm1d(4, affine: false, dtype: d), [6, 4]),
            d => (new BatchNorm1d(4, dtype: d), [3, 4, 5]), d => (new BatchNorm1d(3, dtype: d), [2, 3, 37]),
            d => (new BatchNorm1d(4, trackRunningStats: false, dtype: d), [2, 4, 8]), d => (new BatchNorm1d(4, dtype: d), [6, 4, 1]),
            d => (new BatchNorm1d(4, momentum: null, affine: false, dtype: d), [2, 4, 3]),
        ],
        [typeof(LayerNorm)] =
        [
            d => (new LayerNorm([4], dtype: d), [6, 4]), d => (new LayerNorm([3, 4], dtype: d), [2, 3, 4]),
            d => (new LayerNorm([37], elementwiseAffine: false, dtype: d), [3, 37]),
        ],
        [typeof(Conv1d)] =
        [
            d => (new Conv1d(4, 3, 2, dtype: d), [2, 4, 5]),
            d => (new Conv1d(4, 6, 3, stride: 2, padding: 2, dilation: 2, groups: 2, dtype: d), [4, 8]),
            d => (new Conv1d(3, 3, 3, padding: 1, groups: 3, dtype: d), [2, 3, 37]),
            d => (new Conv1d(1, 1, 1, stride: 2, dtype: d), [1, 1, 5]),
        ],
        [typeof(Conv2d)] =
        [
            d => (new Conv2d(2, 3, 3, padding: 1, dtype: d), [2, 2, 4, 5]),
            d => (new Conv2d(2, 17, (3, 2), stride: (2, 1), bias: false, dtype: d), [3, 2, 5, 4]),
            d => (new Conv2d(4, 4, (2, 3), padding: "same", groups: 2, dtype: d), [4, 4, 5]),
            d => (new Conv2d(60, 2, 3, padding: 1, dtype: d), [2, 60, 3, 3]),
            d => (new Conv2d(3, 3, 3, stride: 2, padding: 1, groups: 3, dtype: d), [2, 3, 7, 35]),
            d => (new Conv2d(1, 2, 2, dtype: d), [1, 1, 26, 24]),
            d => (new Conv2d(2, 3, 3, padding: (1, 2), paddingMode: PadMode.Replicate, dtype: d), [2, 2, 3, 4]),
            d => (new Conv2d(6, 2, 3, padding: 2, dilation: 2, groups: 2, dtype: d), [2, 6, 4, 5]),
        ],
        [typeof(Conv3d)] = [d => (new Conv3d(2, 3, (2, 1, 3), padding: 1, stride: (1, 2, 1), dtype: d), [1, 2, 2, 3, 4])],
        [typeof(ConvTranspose1d)] =
        [
            d => (new ConvTranspose1d(4, 6, 3, stride: 3, padding: 1, outputPadding: 2, groups: 2, dtype: d), [2, 4, 5]),
        ],
        [typeof(ConvTranspose2d)] =
        [
            d => (new ConvTranspose2d(2, 3, 3, dtype: d), [2, 2, 4, 5]),
            d => (new ConvTranspose2d(3, 3, (2, 3), stride: 2, groups: 3, dtype: d), [3, 4, 3]),
            d => (new ConvTranspose2d(70, 2, 3, padding: 1, dilation: 2, bias: false, dtype: d), [1, 70, 4, 4]),
        ],
        [typeof(ConvTranspose3d)] = [d => (new ConvTranspose3d(2, 2, 2, stride: (1, 2, 3), dtype: d), [1, 2, 2, 2, 3])],
        [typeof(Unfold)] = [d => (new Unfold((2, 3), padding: 1, stride: (1, 2)), [2, 2, 4, 5]),
            d => (new Unfold(2, dilation: 2), [2, 4, 5])],
        [typeof(Fold)] = [d => (new Fold((4, 5), (2, 3), stride: (1, 2)), [2, 6, 6]),
            d => (new Fold(3, 2, padding: 1), [4, 16])],
        [typeof(Embedding)] = [d => (new Embedding(9, 5, dtype: d), [4, 3]), d => (new Embedding(9, 5, paddingIdx: 2, dtype: d), [7])],
        [typeof(Dropout)] = [d => (new Dropout(0.3), [6, 4]), d => (new Dropout(0.3, generator: new Generator(3)), [40])],
        [typeof(Adjoint.Nn.Softmax)] = [d => (new Adjoint.Nn.Softmax(1), [6, 4]), d => (new Adjoint.Nn.Softmax(0), [40, 3])],
        [typeof(Adjoint.Nn.Softmin)] = [d => (new Adjoint.Nn.Softmin(1), [6, 4])],
        [typeof(Adjoint.Nn.LogSoftmax)] = [d => (new Adjoint.Nn.LogSoftmax(1), [6, 40]), d => (new Adjoint.Nn.LogSoftmax(0), [6, 4])],
        [typeof(Flatten)] = [d => (new Flatten(), [2, 3, 4])],
        [typeof(Threshold)] = [d => (new Threshold(0.1, 20), [6, 4])],
        [typeof(MaxPool1d)] =
        [
            _ => (new MaxPool1d(3, 2, 1, ceilMode: true), [2, 3, 8]),
            _ => (new MaxPool1d(2, dilation: 3), [2, 9]),
        ],
        [typeof(MaxPool2d)] =
        [
            _ => (new MaxPool2d(2), [2, 3, 6, 35]),
            _ => (new MaxPool2d((3, 2), 2, 1), [3, 5, 20]),
        ],
        [typeof(MaxPool3d)] =
        [
            _ => (new MaxPool3d(2), [1, 2, 4, 3, 5]),
        ],
        [typeof(AvgPool1d)] =
        [
            _ => (new AvgPool1d(3, 2, 1), [2, 3, 8]),
        ],
        [typeof(AvgPool2d)] =
        [
            _ => (new AvgPool2d(2), [2, 3, 6, 35]),
            _ => (new AvgPool2d(3, 2, 1, true, false), [3, 5, 20]),
        ],
        [typeof(AvgPool3d)] =
        [
            _ => (new AvgPool3d(2, divisorOverride: 3), [1, 2, 4, 3, 5]),
        ],
        [typeof(AdaptiveMaxPool1d)] =
        [
            _ => (new AdaptiveMaxPool1d(5), [2, 3, 12]),
        ],
        [typeof(AdaptiveMaxPool2d)] =
        [
            _ => (new AdaptiveMaxPool2d((1, 7)), [2, 3, 4, 17]),
        ],
        [typeof(AdaptiveMaxPool3d)] =
        [
            _ => (new AdaptiveMaxPool3d(2), [1, 2, 4, 3, 5]),
        ],
        [typeof(AdaptiveAvgPool1d)] =
        [
            _ => (new AdaptiveAvgPool1d(5), [2, 3, 12]),
        ],
        [typeof(AdaptiveAvgPool2d)] =
        [
            _ => (new AdaptiveAvgPool2d((1, 7)), [2, 3, 4, 17]),
        ],
        [typeof(AdaptiveAvgPool3d)] =
        [
            _ => (new AdaptiveAvgPool3d(2), [1, 2, 4, 3, 5]),
        ],
        [typeof(Upsample)] =
        [
            _ => (new Upsample(7), [2, 3, 4]),
            _ => (new Upsample(scaleFactor: [2], mode: InterpolateMode.Bilinear), [2, 2, 5, 9]),
            _ => (new Upsample((9, 21), mode: InterpolateMode.Bicubic), [1, 2, 5, 6]),
        ],
        [typeof(UpsamplingNearest2d)] =
        [
            _ => (new UpsamplingNearest2d(scaleFactor: [2]), [1, 2, 3, 9]),
        ],
        [typeof(UpsamplingBilinear2d)] =
        [
            _ => (new UpsamplingBilinear2d((7, 20)), [1, 2, 3, 9]),
        ],
        [typeof(ConstantPad1d)] = [_ => (new ConstantPad1d(1, 0.5), [2, 3, 7])],
        [typeof(ZeroPad1d)] = [_ => (new ZeroPad1d(1), [2, 3, 7])],
        [typeof(ReflectionPad1d)] = [_ => (new ReflectionPad1d(1), [2, 3, 7])],
        [typeof(ReplicationPad1d)] = [_ => (new ReplicationPad1d(1), [2, 3, 7])],
        [typeof(CircularPad1d)] = [_ => (new CircularPad1d(1), [2, 3, 7])],
        [typeof(InstanceNorm1d)] = [d => (new InstanceNorm1d(3, affine: true, trackRunningStats: true, dtype: d), [2, 3, 7])],
        [typeof(Dropout1d)] = [_ => (new Dropout1d(0.4), [2, 3, 7])],
        [typeof(ConstantPad2d)] = [_ => (new ConstantPad2d(1, 0.5), [2, 3, 4, 5])],
        [typeof(ZeroPad2d)] = [_ => (new ZeroPad2d(1), [2, 3, 4, 5])],
        [typeof(ReflectionPad2d)] = [_ => (new ReflectionPad2d(1), [2, 3, 4, 5])],
        [typeof(ReplicationPad2d)] = [_ => (new ReplicationPad2d(1), [2, 3, 4, 5])],
        [typeof(CircularPad2d)] = [_ => (new CircularPad2d(1), [2, 3, 4, 5])],
        [typeof(InstanceNorm2d)] = [d => (new InstanceNorm2d(3, affine: true, trackRunningStats: true, dtype: d), [2, 3, 4, 5])],
        [typeof(BatchNorm2d)] = [d => (new BatchNorm2d(3, dtype: d), [2, 3, 4, 5])],
        [typeof(Dropout2d)] = [_ => (new Dropout2d(0.4), [2, 3, 4, 5])],
        [typeof(ConstantPad3d)] = [_ => (new ConstantPad3d(1, 0.5), [1, 2, 3, 4, 3])],
        [typeof(ZeroPad3d)] = [_ => (new ZeroPad3d(1), [1, 2, 3, 4, 3])],
        [typeof(ReflectionPad3d)] = [_ => (new ReflectionPad3d(1), [1, 2, 3, 4, 3])],
        [typeof(ReplicationPad3d)] = [_ => (new ReplicationPad3d(1), [1, 2, 3, 4, 3])],
        [typeof(CircularPad3d)] = [_ => (new CircularPad3d(1), [1, 2, 3, 4, 3])],
        [typeof(InstanceNorm3d)] = [d => (new InstanceNorm3d(2, affine: true, trackRunningStats: true, dtype: d), [1, 2, 3, 4, 3])],
        [typeof(BatchNorm3d)] = [d => (new BatchNorm3d(2, dtype: d), [1, 2, 3, 4, 3])],
        [typeof(Dropout3d)] = [_ => (new Dropout3d(0.4), [1, 2, 3, 4, 3])],
        [typeof(AlphaDropout)] = [_ => (new AlphaDropout(0.3), [6, 4])],
        [typeof(FeatureAlphaDropout)] = [_ => (new FeatureAlphaDropout(0.3), [3, 4, 5])],
        [typeof(GroupNorm)] = [d => (new GroupNorm(2, 4, dtype: d), [2, 4, 19])],
        [typeof(LocalResponseNorm)] = [_ => (new LocalResponseNorm(3), [2, 5, 4])],
        [typeof(LPPool1d)] = [_ => (new LPPool1d(2, 2), [2, 3, 8])],
        [typeof(LPPool2d)] = [_ => (new LPPool2d(2, 2, 1), [2, 3, 4, 5])],
        [typeof(PixelShuffle)] = [_ => (new PixelShuffle(2), [1, 8, 3, 2])],
        [typeof(PixelUnshuffle)] = [_ => (new PixelUnshuffle(2), [1, 2, 4, 6])],
        [typeof(ChannelShuffle)] = [_ => (new ChannelShuffle(2), [1, 4, 2, 3])],
        [typeof(Unflatten)] = [_ => (new Unflatten(1, (2, 2)), [6, 4])],
        [typeof(Softmax2d)] = [_ => (new Softmax2d(), [2, 3, 2, 2])],
        [typeof(Sequential)] = [d => (new Sequential(new Adjoint.Nn.Linear(4, 3, dtype: d), new Tanh(), new Dropout()), [6, 4])],
        [typeof(PReLU)] = [d => (new PReLU(dtype: d), [6, 4]), d => (new PReLU(4, 0.1, d), [6, 4])],
        [typeof(RMSNorm)] = [d => (new RMSNorm(4, dtype: d), [6, 4])],
        [typeof(FractionalMaxPool2d)] = [_ => (new FractionalMaxPool2d(2, 2, generator: new Generator(3)), [2, 2, 5, 6])],
        [typeof(FractionalMaxPool3d)] = [_ => (new FractionalMaxPool3d(2, 2, generator: new Generator(3)), [1, 2, 5, 6, 4])],
    };

    // Losses of several tensors are tested below. Containers compute nothing themselves. The adaptive softmax follows the values of its
    // target, and is refused.
    private static readonly HashSet<Type> s_elsewhere =
    [
        typeof(CosineSimilarity), typeof(PairwiseDistance), typeof(MarginRankingLoss), typeof(CosineEmbeddingLoss), typeof(TripletMarginLoss),
        typeof(TripletMarginWithDistanceLoss), typeof(GaussianNLLLoss), typeof(CTCLoss), typeof(ParametrizationList), typeof(ModuleList),
        typeof(ModuleDict), typeof(ParameterList), typeof(ParameterDict), typeof(AdaptiveLogSoftmaxWithLoss), .. GraphByHandLayerTests.Types(),
    ];

    private static IEnumerable<Type> Types(bool losses) => typeof(Module).Assembly.GetExportedTypes()
        .Where(t => t.IsSubclassOf(typeof(Module)) && !t.IsAbstract && !t.IsGenericType && t.IsSubclassOf(typeof(Loss)) == losses);

    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Every_module_trains_and_is_evaluated_with_the_same_bits(DType dtype)
    {
        var steps = new WrittenSteps();
        Rng.ManualSeed(5);
        foreach (Type type in Types(losses: false))
        {
            if (!s_made.ContainsKey(type) && s_elsewhere.Contains(type)) continue;
            Func<DType, (Module Module, Shape Input)>[] made = s_made.TryGetValue(type, out var known) ? known : [_ => (Plain(type), [6, 4])];
            foreach (var make in made)
            {
                foreach (bool training in (bool[])[true, false])
                {
                    (Module module, Shape shape) = make(dtype);
                    module.Train(training);
                    bool isOfRows = type == typeof(Embedding);
                    Tensor x = isOfRows ? Tensor.RandInt(0, 9, shape) : (Tensor.Randn(shape, dtype) * 2).Detach().RequiresGradInPlace();
                    Tensor weights = Tensor.Randn(module.Call(x).Shape, dtype);
                    steps.Add($"{module.GetType().Name} {shape} {(training ? "training" : "evaluated")}", () =>
                    {
                        module.ZeroGrad();
                        x.Grad = null;
                        (module.Call(x) * weights).Sum().Backward();
                    });
                }
            }
        }
        steps.Compare(2);
    }

    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Every_loss_has_the_same_bits_with_every_reduction(DType dtype)
    {
        var steps = new WrittenSteps();
        Rng.ManualSeed(6);
        Tensor classes = Tensor.RandInt(0, 4, [40]), ignored = classes.Clone();
        ignored[3] = Tensor.Scalar(-100L);
        Tensor labels = Tensor.RandInt(-1, 4, [40, 4]);
        Tensor shares = Tensor.Rand([40, 4], dtype).Softmax(1).Detach(), weight = Tensor.Rand([4], dtype) + 0.5;
        foreach (Adjoint.Nn.Reduction reduction in Enum.GetValues<Adjoint.Nn.Reduction>())
        {
            List<(Loss Loss, Tensor Input, Tensor Target)> all = [];
            foreach (Type type in Types(losses: true))
            {
                foreach (Loss loss in Made(type, reduction, weight))
                {
                    Tensor x = Tensor.Randn([40, 4], dtype);
                    if (type == typeof(BCELoss)) x = x.Sigmoid().Detach();
                    if (type == typeof(NLLLoss) || type == typeof(KLDivLoss)) x = x.LogSoftmax(1).Detach();
                    if (type == typeof(NLLLoss) || type == typeof(CrossEntropyLoss)) all.AddRange([(loss, x, classes), (loss, x, ignored)]);
                    if (type == typeof(MultiMarginLoss)) all.Add((loss, x, classes));
                    else if (type == typeof(MultiLabelMarginLoss)) all.Add((loss, x, labels));
                    else if (type == typeof(PoissonNLLLoss)) all.Add((loss, x.Abs() + 0.1, shares * 9));
                    else if (type == typeof(HingeEmbeddingLoss)) all.Add((loss, x, (shares - 0.25).Sign()));
                    else if (type != typeof(NLLLoss)) all.Add((loss, x, shares));
                }
            }
            foreach (((Loss loss, Tensor input, Tensor target), int i) in all.Select((l, i) => (l, i)))
            {
                Tensor x = input.Clone().RequiresGradInPlace();
                steps.Add($"{loss.GetType().Name} {i} {reduction}", () =>
                {
                    x.Grad = null;
                    (loss.Call(x, target) * 1.5).Sum().Backward();
                });
            }
        }
        steps.Compare(1);
    }

    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Every_loss_of_several_tensors_has_the_same_bits(DType dtype)
    {
        var steps = new WrittenSteps();
        Rng.ManualSeed(7);
        Tensor signs = (Tensor.RandInt(0, 2, [9]) * 2 - 1).Detach(), third = Tensor.Randn([9, 4], dtype);
        var bilinear = new Adjoint.Nn.Bilinear(4, 4, 2, dtype: dtype, generator: new Generator(1));
        Tensor labels = Tensor.RandInt(1, 5, [3, 4]), steps3 = Tensor.From([7L, 6, 7]), sizes = Tensor.From([4L, 2, 0]);
        foreach (Adjoint.Nn.Reduction reduction in Enum.GetValues<Adjoint.Nn.Reduction>())
        {
            (string Name, Shape Shape, Func<Tensor, Tensor, Tensor> Call)[] all =
            [
                ("ranking", [9], (x, y) => new MarginRankingLoss(0.3, reduction).Call(x, y, signs)),
                ("cosine", [9, 4], (x, y) => new CosineEmbeddingLoss(0.1, reduction).Call(x, y, signs)),
                ("triplet", [9, 4], (x, y) => new TripletMarginLoss(reduction: reduction).Call(x, y, third)),
                ("triplet swapped", [9, 4], (x, y) => new TripletMarginLoss(2, 1, swap: true, reduction: reduction).Call(x, y, third)),
                ("distance", [9, 4], (x, y) =>
                    new TripletMarginWithDistanceLoss((u, v) => (u - v).Abs().Sum(-1), 2, reduction: reduction).Call(x, y, third)),
                ("gaussian", [9, 4], (x, y) => new GaussianNLLLoss(full: true, reduction: reduction).Call(x, third, y.Square())),
                ("bilinear", [9, 4], (x, y) => bilinear.Call(x, y)),
                ("cosine similarity", [9, 4], (x, y) => new CosineSimilarity().Call(x, y)),
                ("distance of pairs", [9, 4], (x, y) => new PairwiseDistance(3, keepDim: true).Call(x, y)),
                ("ctc", [7, 3, 5], (x, y) => new CTCLoss(reduction: reduction).Call((x + y).LogSoftmax(2), labels, steps3, sizes)),
            ];
            foreach ((string name, Shape shape, Func<Tensor, Tensor, Tensor> call) in all)
            {
                Tensor x = Tensor.Randn(shape, dtype).RequiresGradInPlace(), y = Tensor.Randn(shape, dtype).RequiresGradInPlace();
                steps.Add($"{name} {reduction}", () =>
                {
                    (x.Grad, y.Grad) = (null, null);
                    bilinear.ZeroGrad();
                    (call(x, y) * 1.5).Sum().Backward();
                });
            }
        }
        steps.Compare(1);
    }

    private static Module Plain(Type type)
    {
        var constructor = type.GetConstructors().Single();
        constructor.GetParameters().ShouldAllBe(p => p.HasDefaultValue, $"{type.Name}: say in this test how it is made");
        return (Module)constructor.Invoke([.. constructor.GetParameters().Select(p => p.DefaultValue)]);
    }

    // As it is by itself, and with each of its options.
    private static IEnumerable<Loss> Made(Type type, Adjoint.Nn.Reduction reduction, Tensor weight)
    {
        var constructor = type.GetConstructors().Single();
        var parameters = constructor.GetParameters();
        Loss With(string? option, object? value) => (Loss)constructor.Invoke([.. parameters.Select(p =>
            p.ParameterType == typeof(Adjoint.Nn.Reduction) ? reduction : p.Name == option ? value : p.DefaultValue)]);
        yield return With(null, null);
        foreach (var p in parameters)
        {
            if (p.ParameterType == typeof(Tensor)) yield return With(p.Name, weight);
            if (p.Name == "labelSmoothing") yield return With(p.Name, 0.2);
            if (p.ParameterType == typeof(bool)) yield return With(p.Name, true);
            if (p.Name is "delta" or "beta") yield return With(p.Name, 0.7);
        }
    }
}
