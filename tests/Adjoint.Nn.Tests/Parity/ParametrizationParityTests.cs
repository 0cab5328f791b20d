namespace Adjoint.Tests.Parity;

using Adjoint.Nn;
using Adjoint.Tests.RandomNumbers;

/// <summary>Parametrized and lazy layers are PyTorch's: text, names, initial bits, outputs, gradients and training.</summary>
[Collection(DefaultGenerator.Collection)]
public class ParametrizationParityTests
{
    private sealed class Symmetric : Module
    {
        protected override Tensor Forward(Tensor x) => x.Triu() + x.Triu(1).T;
    }

    private static readonly Dictionary<string, LayerCase.Make> Parametrized = new()
    {
        ["symmetric"] = d => Parametrize.RegisterParametrization(
            Parametrize.RegisterParametrization(new Linear(3, 3, dtype: d), "weight", new Symmetric()), "weight", new Tanh()),
        ["spectral/linear"] = d => Parametrizations.SpectralNorm(new Linear(3, 4, dtype: d)),
        ["spectral/bias"] = d => Parametrizations.SpectralNorm(Parametrizations.SpectralNorm(new Linear(3, 4, dtype: d)), "bias"),
        ["spectral/conv"] = d => Parametrizations.SpectralNorm(new Conv2d(3, 2, 3, dtype: d), nPowerIterations: 3),
        ["spectral/transposed"] = d => Parametrizations.SpectralNorm(new ConvTranspose2d(3, 2, 3, dtype: d)),
        ["weight_norm/linear"] = d => Parametrizations.WeightNorm(new Linear(3, 4, dtype: d)),
        ["weight_norm/last"] = d => Parametrizations.WeightNorm(new Linear(3, 4, dtype: d), dim: 1),
        ["weight_norm/one"] = d => Parametrizations.WeightNorm(new Linear(3, 4, dtype: d), dim: null),
        ["weight_norm/conv"] = d => Parametrizations.WeightNorm(new Conv2d(3, 2, 3, dtype: d)),
        ["weight_norm/net"] = d => new Sequential(
            Parametrizations.WeightNorm(new Linear(3, 4, dtype: d)), new ReLU(), Parametrizations.SpectralNorm(new Linear(4, 2, dtype: d))),
    };

    private static readonly Dictionary<string, Func<DType, Module>> Lazy = new()
    {
        ["linear"] = d => new LazyLinear(4, dtype: d),
        ["linear/no_bias"] = d => new LazyLinear(4, bias: false, dtype: d),
        ["net"] = d => new Sequential(new LazyLinear(4, dtype: d), new ReLU(), new Linear(4, 3, dtype: d), new LazyLinear(2, dtype: d)),
        ["conv1d"] = d => new LazyConv1d(6, 3, padding: 1, groups: 2, dtype: d),
        ["conv2d"] = d => new LazyConv2d(6, 3, padding: 1, groups: 2, dtype: d),
        ["conv3d"] = d => new LazyConv3d(6, 3, padding: 1, groups: 2, dtype: d),
        ["conv_transpose1d"] = d => new LazyConvTranspose1d(6, 2, stride: 2, groups: 2, dtype: d),
        ["conv_transpose2d"] = d => new LazyConvTranspose2d(6, 2, stride: 2, groups: 2, dtype: d),
        ["conv_transpose3d"] = d => new LazyConvTranspose3d(6, 2, stride: 2, groups: 2, dtype: d),
        ["batch_norm1d"] = d => new LazyBatchNorm1d(dtype: d),
        ["batch_norm1d/flat"] = d => new LazyBatchNorm1d(dtype: d),
        ["batch_norm2d"] = d => new LazyBatchNorm2d(dtype: d),
        ["batch_norm3d"] = d => new LazyBatchNorm3d(dtype: d),
        ["instance_norm1d"] = d => new LazyInstanceNorm1d(affine: true, trackRunningStats: true, dtype: d),
        ["instance_norm2d"] = d => new LazyInstanceNorm2d(affine: true, trackRunningStats: true, dtype: d),
        ["instance_norm3d"] = d => new LazyInstanceNorm3d(affine: true, trackRunningStats: true, dtype: d),
    };

    private static readonly LayerCase[] ParametrizedCases = [.. Fixtures.Read<LayerCase>("parametrizations")], LazyCases = [.. Fixtures.Read<LayerCase>("lazy")];

    public static TheoryData<string> ParametrizedNames => [.. ParametrizedCases.Select(c => c.Name)];

    public static TheoryData<string> LazyNames => [.. LazyCases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(ParametrizedNames))]
    public void A_parametrized_layer_is_PyTorchs(string name) =>
        ParametrizedCases.Single(c => c.Name == name).Differences(Parametrized[name], (m, x) => [m.Call(x[0])]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(ParametrizedNames))]
    public void Compiled_copied_and_loaded_a_parametrized_layer_does_the_same_to_the_bit(string name) =>
        ParametrizedCases.Single(c => c.Name == name).DifferencesOfForms(Parametrized[name], (m, x) => [m.Call(x[0])]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(LazyNames))]
    public void A_lazy_layer_is_PyTorchs_after_its_first_call(string name)
    {
        LayerCase known = LazyCases.Single(c => c.Name == name);
        known.Differences(Called, (m, x) => [m.Call(x[0])]).ShouldBeEmpty();
        known.DifferencesOfForms(Called, (m, x) => [m.Call(x[0])]).ShouldBeEmpty();

        Module Called(DType dtype)
        {
            Module layer = Lazy[name](dtype);
            layer.HasUninitializedParams.ShouldBeTrue();
            layer.Eval();
            layer.Call(known.Inputs[0].ToTensor().To(dtype));
            layer.Train();
            layer.HasUninitializedParams.ShouldBeFalse();
            return layer;
        }
    }

    [Theory]
    [MemberData(nameof(LazyNames))]
    public void A_lazy_layer_takes_its_size_from_a_state(string name)
    {
        LayerCase known = LazyCases.Single(c => c.Name == name);
        Module layer = Lazy[name](DType.Float64);
        layer.LoadStateDict(known.State.ToDictionary(p => p.Key, p => p.Value.ToTensor()));
        layer.HasUninitializedParams.ShouldBeFalse();
        layer.ToString().ShouldBe(known.Text);
        layer.StateDict().ShouldAllBe(p => p.Value.To(DType.Float64).ToArray<double>().SequenceEqual(known.State[p.Key].Numbers));
    }
}
