namespace Adjoint.Nn;

public static partial class Parametrizations
{
    /// <summary>
    /// Makes a weight w = g·v/‖v‖, with a length g of each slice along a dimension and a direction v (Salimans and Kingma 2016): PyTorch
    /// 2's <c>parametrizations.weight_norm</c>. g is <c>original0</c>, v <c>original1</c>; states of its older <c>weight_norm</c>, which
    /// calls them <c>weight_g</c> and <c>weight_v</c>, are loaded, too.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="name">The name of the weight.</param>
    /// <param name="dim">The dimension along which each slice has its length; negative ones count from the end. Null for one length of
    /// all.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="ArgumentException">The module has no such tensor.</exception>
    /// <example><code>
    /// var layer = new Linear(3, 2);
    /// Parametrizations.WeightNorm(layer);
    /// // bias parametrizations.weight.original0 parametrizations.weight.original1
    /// string names = string.Join(" ", layer.StateDict().Keys);
    /// </code></example>
    public static Module WeightNorm(Module module, string name = "weight", int? dim = 0)
    {
        Tensor weight = Of(nameof(WeightNorm), module, name);
        Parametrize.RegisterParametrization(module, name, new WeightNormParametrization(dim is { } d ? weight.Shape.Wrap(d) : null));
        module.RegisterLoadStateDictPreHook((m, state, prefix) =>
        {
            if (!Parametrize.IsParametrized(m, name) || !state.ContainsKey($"{prefix}{name}_v")) return;
            if (!state.Remove($"{prefix}{name}_g", out Tensor? length)) return;
            state.Remove($"{prefix}{name}_v", out Tensor? direction);
            state[$"{prefix}parametrizations.{name}.original0"] = length;
            state[$"{prefix}parametrizations.{name}.original1"] = direction!;
        });
        return module;
    }

    private static Tensor Of(string operation, Module module, string name) =>
        module.Given().Look().FirstOrDefault(slot => slot.Name == name.Given()).Value as Tensor
        ?? throw new ArgumentException($"{operation}: {TypeText.Of(module.GetType())} has no parameter \"{name}\" of its own.",
            nameof(name));
}

/// <summary>w = g·v/‖v‖.</summary>
internal sealed class WeightNormParametrization(int? dim) : Module<IReadOnlyList<Tensor>, Tensor>, IRightInverse
{
    protected override string TypeName => "_WeightNorm";

    protected override Tensor Forward(IReadOnlyList<Tensor> input) => input[1] * (input[0] / Lengths(input[1]));

    public IReadOnlyList<Tensor> RightInverse(Tensor value) => [Lengths(value), value];

    private Tensor Lengths(Tensor v)
    {
        int[] others = [.. Enumerable.Range(0, v.NDim).Where(d => d != dim)];
        return others.Length == 0 ? v.Abs() : v.Square().Sum(others, keepDim: true).Sqrt().Reshape(dim is null ? [] : Kept(v));
    }

    private int[] Kept(Tensor v) => [.. Enumerable.Range(0, v.NDim).Select(d => d == dim ? v.Shape[d] : 1)];
}
