namespace Adjoint.Nn;

/// <summary>A <see cref="Linear"/> whose first input says how many features it has: PyTorch's <c>LazyLinear</c>.</summary>
/// <remarks>
/// Until then its weight has no elements; the weights are drawn at the first call, or taken from a state that is loaded. From then on it
/// is a <see cref="Linear"/> in every respect. An optimizer may be made before.
/// </remarks>
/// <example><code>
/// var layer = new LazyLinear(3);
/// Shape shape = layer.Call(Tensor.Randn([2, 5])).Shape;      // [2, 3]
/// string text = layer.ToString();                            // Linear(in_features=5, out_features=3, bias=True)
/// </code></example>
public sealed class LazyLinear : Linear
{
    /// <summary>Makes the layer.</summary>
    /// <param name="outFeatures">The size of the last dimension of the output; at least 0.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    public LazyLinear(int outFeatures, bool bias = true, DType dtype = DType.Float32, Generator? generator = null)
        : base(outFeatures, bias, dtype)
    {
        LazyGenerator = generator;
        IsLazy = true;
    }

    /// <inheritdoc/>
    protected override string TypeName => IsLazy ? base.TypeName : nameof(Linear);
}
