using System.Reflection;
using Adjoint.Nn;
using Adjoint.Tests.Kernels;
using Adjoint.Tests.Parity;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn.Layers;

/// <summary>What takes <c>inplace</c>, as PyTorch's does: the bits and gradients are those without it, in the input's memory.</summary>
[Collection(ThreadCount.Collection)]
public class InPlaceLayerTests
{
    private const string Option = "inplace";

    private sealed record InPlaceCase(string Name, string Text);

    private static readonly Dictionary<string, string> Texts =
        Fixtures.Read<InPlaceCase>("inplace").ToDictionary(c => c.Name, c => c.Text);

    private static readonly Type[] Layers = [.. typeof(Module).Assembly.GetExportedTypes()
        .Where(t => t.GetConstructors().Any(c => c.GetParameters().Any(p => p.Name == Option)))];

    private static readonly MethodInfo[] Functions = [.. typeof(F).GetMethods().Where(m => m.GetParameters().Any(p => p.Name == Option))];

    public static TheoryData<string> LayerNames => [.. Layers.Select(t => t.Name)];

    public static TheoryData<string> FunctionNames => [.. Functions.Select(m => m.Name)];

    [Fact]
    public void They_are_those_of_PyTorch_with_its_texts()
    {
        Layers.Select(t => t.Name).Order(StringComparer.Ordinal).ShouldBe(Texts.Keys.Order(StringComparer.Ordinal));
        foreach (Type layer in Layers)
        {
            Made(layer, true).ToString().ShouldBe(Texts[layer.Name]);
            Made(layer, false).ToString().ShouldNotContain("inplace=True");
        }
    }

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void A_layer_in_place_gives_the_same_to_the_bit(string name)
    {
        Type layer = Layers.Single(t => t.Name == name);
        Same((x, inPlace) => Made(layer, inPlace).Call(x), Sizes(name));
    }

    [Theory]
    [MemberData(nameof(FunctionNames))]
    public void So_does_a_function_which_leaves_leaves_alone(string name)
    {
        MethodInfo function = Functions.Single(m => m.Name == name);
        Same((x, inPlace) => Called(function, x, inPlace), Sizes(name));
        Tensor leaf = Tensor.Ones(Sizes(name), requiresGrad: true);
        Should.Throw<AutogradException>(() => Called(function, leaf, true)).Message.ShouldContain("leaf");
        leaf.Sum().Item().ShouldBe(24);
    }

    [Fact]
    public void In_evaluation_what_draws_leaves_its_input()
    {
        foreach (Type layer in Layers.Where(t => t.GetProperty("P") is not null))
        {
            Tensor x = Tensor.Ones(Sizes(layer.Name), requiresGrad: true);
            Made(layer, true).Eval().Call(x).ShouldBeSameAs(x);
        }
    }

    [Fact]
    public void In_a_sequence_it_is_trained_and_compiled()
    {
        var net = new Sequential(
            new Adjoint.Nn.Linear(4, 8, generator: new Generator(1)), new ReLU(inplace: true), new Adjoint.Nn.LayerNorm(8),
            new ReLU(inplace: true), new Adjoint.Nn.Linear(8, 2, generator: new Generator(2)));
        var plain = new Sequential(net[0], new ReLU(), net[2], new ReLU(), net[4]);
        Tensor x = Tensor.Rand([5, 4], generator: new Generator(3));
        using (Autograd.NoGrad()) net.Call(x).ToArray<float>().ShouldBe(plain.Call(x).ToArray<float>());
        float loss = Step(plain, x).Item<float>();
        float[][] grads = [.. net.Parameters().Select(p => p.Grad!.ToArray<float>())];
        var compiled = Compiled.Step((Tensor a) => Step(net, a));
        foreach (Func<Tensor> step in new Func<Tensor>[] { () => Step(net, x), () => compiled.Call(x), () => compiled.Call(x) })
        {
            step().Item<float>().ShouldBe(loss);
            net.Parameters().Zip(grads).ShouldAllBe(pair => pair.First.Grad!.ToArray<float>().SequenceEqual(pair.Second));
        }
    }

    private static Tensor Step(Module net, Tensor x)
    {
        net.ZeroGrad();
        Tensor loss = net.Call(x).Square().Sum();
        loss.Backward();
        return loss;
    }

    private static Shape Sizes(string name) => name switch
    {
        "Dropout1d" => [2, 3, 4],
        "Dropout2d" => [1, 2, 3, 4],
        _ => [1, 2, 3, 2, 2],
    };

    private static void Same(Func<Tensor, bool, Tensor> f, Shape sizes)
    {
        Tensor w = (Tensor.Arange(24, dtype: DType.Float64) - 11.5).Mul(0.37).Reshape(sizes).RequiresGradInPlace();
        double[][] results = [.. new[] { false, true }.SelectMany(inPlace =>
        {
            w.Grad = null;
            Rng.ManualSeed(4);
            Tensor input = w * 1, y = f(input, inPlace);
            (y * Tensor.Arange(24, dtype: DType.Float64).Reshape(y.Shape)).Sum().Backward();
            ReferenceEquals(y, input).ShouldBe(inPlace, "the input itself is changed, and given back");
            return new[] { y.ToArray<double>(), w.Grad!.ToArray<double>() };
        })];
        results[2].ShouldBe(results[0]);
        results[3].ShouldBe(results[1]);
    }

    private static Module Made(Type layer, bool inPlace)
    {
        ConstructorInfo made = layer.GetConstructors().Single();
        return (Module)made.Invoke([.. made.GetParameters().Select(p => Value(p, inPlace))]);
    }

    private static Tensor Called(MethodInfo function, Tensor x, bool inPlace) =>
        (Tensor)function.Invoke(null, BindingFlags.DoNotWrapExceptions, null,
            [x, .. function.GetParameters().Skip(1).Select(p => Value(p, inPlace))], null)!;

    private static object? Value(ParameterInfo parameter, bool inPlace) => parameter.Name switch
    {
        Option => inPlace,
        "threshold" => 1.0,
        "value" => 2.0,
        "training" => true,
        _ => parameter.DefaultValue,
    };
}
