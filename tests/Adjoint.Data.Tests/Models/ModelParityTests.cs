using System.Security.Cryptography;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Tests.Kernels;
using Adjoint.Tests.Parity;
using Adjoint.Vision;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Data.Models;

/// <summary>
/// Networks for pictures are torchvision's: text, keys, initial bits, outputs and gradients. See tests/Parity/vision_model_fixtures.py.
/// </summary>
[Collection(ThreadCount.Collection)]
public class ModelParityTests
{
    private const ulong Seed = 3, CallSeed = 5;

    private sealed record ModelCase(
        string Name, string Text, int Parameters, Dictionary<string, string> Bits, int[]? Input, TensorValue? Outputs,
        Dictionary<string, double[]>? Grads, TensorValue? Evaluated);

    private static readonly Dictionary<string, Func<Module>> Networks = new()
    {
        ["resnet18"] = () => Vision.Models.ResNet18(7),
        ["resnet34"] = () => Vision.Models.ResNet34(3),
        ["resnet50"] = () => Vision.Models.ResNet50(5),
        ["resnext"] = () => new ResNet([1, 1, 2, 1], bottleneck: true, numClasses: 4, zeroInitResidual: true, groups: 4, widthPerGroup: 8),
        ["alexnet"] = () => Vision.Models.AlexNet(6),
        ["vgg11_bn"] = () => Vision.Models.Vgg11Bn(4),
        ["vgg16"] = () => Vision.Models.Vgg16(2),
    };

    private static readonly ModelCase[] Cases = [.. Fixtures.Read<ModelCase>("vision_models")];

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_is_torchvisions(string name)
    {
        ModelCase expected = Cases.Single(c => c.Name == name);
        Rng.ManualSeed(Seed);
        Module net = Networks[name]();
        net.ToString().ShouldBe(expected.Text);
        net.Parameters().Sum(p => p.NumEl).ShouldBe(expected.Parameters);
        OrderedDictionary<string, Tensor> state = net.StateDict();
        state.Keys.ShouldBe(expected.Bits.Keys);
        state.Where(pair => Hash(pair.Value) != expected.Bits[pair.Key]).Select(pair => pair.Key).ShouldBeEmpty("initial bits");
        if (expected.Input is not { } sizes) return;

        net.Double();
        Shape shape = Shape.Of(sizes);
        Tensor x = (Tensor.Arange(shape.NumEl, dtype: DType.Float64) * 0.37 * 1.7 + 0.37).Sin().Reshape(shape);
        Rng.ManualSeed(CallSeed);
        Tensor y = net.Call(x);
        (OpParity.Upstream(y) * y).Sum().Backward();
        Close(y, expected.Outputs!);
        foreach ((string key, Tensor p) in net.NamedParameters())
        {
            // The convolution before a normalization has a bias whose gradient is 0 but for rounding.
            double[] sums = expected.Grads![key];
            p.Grad!.Norm().Item().ShouldBe(sums[1], 1e-8 * sums[1] + 1e-9, key);
            p.Grad!.Sum().Item().ShouldBe(sums[0], 1e-8 * sums[1] * Math.Sqrt(p.NumEl) + 1e-9, key);
        }
        net.Eval();
        using (Autograd.NoGrad()) Close(net.Call(x), expected.Evaluated!);
    }

    [Fact]
    public void Its_file_is_one_of_PyTorch_and_its_last_layer_another_one()
    {
        var other = new ResNet([1, 1, 1, 1], numClasses: 3, generator: new Generator(2));
        ResNet net = new ResNet([1, 1, 1, 1], numClasses: 3, generator: new Generator(1)).Eval();
        using var folder = new TemporaryFolder();
        net.Save(folder.File("net.pth"));
        other.Load(folder.File("net.pth"));
        other.Eval();
        Tensor x = Tensor.Rand(2, 3, 32, 32, generator: new Generator(3));
        other.Call(x).ToArray<float>().ShouldBe(net.Call(x).ToArray<float>());
        net.Fc = new Nn.Linear(512, 10);
        net.Call(x).Shape.ShouldBe([2, 10]);
        net.StateDict()["fc.weight"].Shape.ShouldBe([10, 512]);
        Should.Throw<ArgumentNullException>(() => net.Fc = null!);
    }

    [Fact]
    public void What_is_no_network_is_refused()
    {
        Should.Throw<ArgumentException>(() => new ResNet([1, 1, 1])).Message.ShouldContain("4 stages");
        Should.Throw<ArgumentOutOfRangeException>(() => new ResNet([1, 0, 1, 1]));
        Should.Throw<ArgumentException>(() => new ResNet([1, 1, 1, 1], groups: 2)).Message.ShouldContain("bottleneck");
        Should.Throw<ArgumentOutOfRangeException>(() => new ResNet([1, 1, 1, 1], bottleneck: true, groups: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Vision.Models.ResNet18(0));
        Should.Throw<ArgumentException>(() => new VGG([64, 0])).Message.ShouldContain("512");
        Should.Throw<ArgumentOutOfRangeException>(() => new AlexNet(dropout: 2));
    }

    private static string Hash(Tensor x) => Convert.ToHexStringLower(SHA256.HashData(
        System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(x.DType == DType.Int64 ? default : x.Contiguous().ToArray<float>())
        is { Length: > 0 } bytes ? bytes : BitConverter.GetBytes(x.Item<long>())));

    private static void Close(Tensor x, TensorValue expected)
    {
        x.Shape.ShouldBe(Shape.Of(expected.Shape));
        double[] actual = x.ToArray<double>(), numbers = expected.Numbers;
        double scale = numbers.Max(Math.Abs);
        for (int i = 0; i < actual.Length; i++) actual[i].ShouldBe(numbers[i], 1e-9 * scale, $"element {i}");
    }
}
