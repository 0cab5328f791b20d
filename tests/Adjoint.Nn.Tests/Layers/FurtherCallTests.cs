using System.Reflection;
using System.Runtime.CompilerServices;
using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Nn;

/// <summary>
/// What PyTorch reaches by an option or an argument of a module's call, and is a method here, is a call as well: hooks run.
/// </summary>
public class FurtherCallTests
{
    /// <summary>Methods that PyTorch has beside the call, too, without hooks.</summary>
    private static readonly string[] s_noCalls = ["AdaptiveLogSoftmaxWithLoss.LogProb", "AdaptiveLogSoftmaxWithLoss.Predict"];

    private static readonly Tensor s_offsets = Tensor.From([0L, 2]);

    private static readonly Dictionary<string, (Func<Module> Make, Func<Module, Tensor, object> Call)> s_calls = new()
    {
        ["MaxPool.WithIndices"] = (() => new MaxPool2d(2), (m, x) => ((Adjoint.Nn.MaxPool)m).WithIndices(x)),
        ["AdaptiveMaxPool.WithIndices"] = (() => new AdaptiveMaxPool2d(2), (m, x) => ((Adjoint.Nn.AdaptiveMaxPool)m).WithIndices(x)),
        ["FractionalMaxPool.WithIndices"] = (() => new FractionalMaxPool2d(2, 3),
            (m, x) => ((Adjoint.Nn.FractionalMaxPool)m).WithIndices(x, Tensor.Full([1, 2, 2], 0.4, DType.Float32))),
        ["MaxUnpool.To"] = (() => new MaxUnpool2d(2),
            (m, x) => ((Adjoint.Nn.MaxUnpool)m).To(x, Tensor.Arange(36).Reshape(6, 6).Expand(1, 2, 6, 6).Contiguous(), [12, 13])),
        ["ConvTranspose1d.To"] = (() => new ConvTranspose1d(6, 2, 3, 2), (m, x) => ((ConvTranspose1d)m).To(x.Select(0, 0), [14])),
        ["ConvTranspose2d.To"] = (() => new ConvTranspose2d(2, 2, 3, 2), (m, x) => ((ConvTranspose2d)m).To(x, [14, 13])),
        ["ConvTranspose3d.To"] = (() => new ConvTranspose3d(1, 2, 3, 2), (m, x) => ((ConvTranspose3d)m).To(x, [6, 14, 13])),
        ["EmbeddingBag.Weighted"] = (() => new EmbeddingBag(9, 3, EmbeddingBagMode.Sum),
            (m, x) => ((EmbeddingBag)m).Weighted(Tensor.From([1L, 2, 8, 0, 3, 4]), s_offsets, x.Select(0, 0).Select(0, 0).Select(0, 0))),
    };

    public static TheoryData<string> Calls => [.. s_calls.Keys];

    private static Tensor Input() => Tensor.Arange(72).To(DType.Float32).Cos().Reshape(1, 2, 6, 6).RequiresGradInPlace();

    [Fact]
    public void Every_method_of_a_module_that_computes_is_looked_at() =>
        (from type in typeof(Module).Assembly.GetExportedTypes()
         where type.IsSubclassOf(typeof(Module)) && type.Namespace == typeof(Module).Namespace
         from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
         where !method.IsSpecialName && method.Name is not ("Call" or "FunctionalCall") && HoldsTensor(method.ReturnType)
         where method.GetParameters().Any(p => p.ParameterType == typeof(Tensor))
         select $"{type.Name}.{method.Name}").Except(["ParametrizationList.Value", "WeightNorm.RightInverse", "SpectralNorm.RightInverse"])
        .ShouldBe(s_calls.Keys.Concat(s_noCalls), ignoreOrder: true);

    [Theory, MemberData(nameof(Calls))]
    public void Hooks_run_and_what_they_give_counts(string name)
    {
        Module module = s_calls[name].Make();
        Func<Module, Tensor, object> call = s_calls[name].Call;
        Tensor[] plain = Parts(call(module, Input()));
        int before = 0, after = 0, backward = 0;
        module.RegisterForwardPreHook((_, x) =>
        {
            before++;
            x.ShouldAllBe(tensor => tensor.NumEl > 0);
            return null;
        });
        module.RegisterForwardHook((_, _, y) =>
        {
            after++;
            return y.DType.IsFloatingPoint ? y + 1 : null;
        });
        module.RegisterFullBackwardHook((_, _, given) =>
        {
            backward++;
            given[0].ShouldNotBeNull();
            return null;
        });
        Tensor input = Input();
        Tensor[] hooked = Parts(call(module, input));
        (before, after).ShouldBe((1, plain.Length));
        hooked[0].ToArray<float>().ShouldBe((plain[0] + 1).ToArray<float>());
        for (int i = 1; i < plain.Length; i++) hooked[i].ToArray<long>().ShouldBe(plain[i].ToArray<long>());
        hooked[0].Sum().Backward();
        backward.ShouldBe(1);
        input.Grad.ShouldNotBeNull();
    }

    [Fact]
    public void What_a_hook_puts_in_the_place_of_an_input_is_computed_with()
    {
        var pool = new MaxPool2d(2);
        Tensor expected = pool.WithIndices(-Input()).Indices;
        pool.RegisterForwardPreHook((_, x) => [-x[0]]);
        pool.WithIndices(Input()).Indices.ToArray<long>().ShouldBe(expected.ToArray<long>());
    }

    [Fact]
    public void A_lazy_layer_that_is_first_called_so_learns_its_channels()
    {
        var layer = new LazyConvTranspose2d(3, 3, 2);
        layer.To(Input(), [14, 13]).Shape.ShouldBe([1, 3, 14, 13]);
        layer.InChannels.ShouldBe(2);
    }

    [Fact]
    public void A_graph_knows_the_module_they_are_in()
    {
        var pool = new MaxPool2d(2);
        Graph graph = Graph.Capture(x => pool.WithIndices(x).Values, Input().Detach());
        graph.ToString().ShouldContain("[pool]");
    }

    private static bool HoldsTensor(Type type) => type == typeof(Tensor)
        || (type.IsGenericType && type.GetInterfaces().Contains(typeof(ITuple)) && type.GenericTypeArguments.Any(HoldsTensor));

    private static Tensor[] Parts(object result) => result is Tensor one ? [one]
        : [.. Enumerable.Range(0, ((ITuple)result).Length).Select(i => ((ITuple)result)[i]).OfType<Tensor>()];
}
