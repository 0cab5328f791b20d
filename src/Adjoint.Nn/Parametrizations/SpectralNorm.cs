namespace Adjoint.Nn;

public static partial class Parametrizations
{
    /// <summary>
    /// Divides a weight by its largest singular value, which steps of the power method follow (Miyato et al. 2018): PyTorch's
    /// <c>parametrizations.spectral_norm</c>.
    /// </summary>
    /// <remarks>The two vectors of the method are drawn, u first, as PyTorch's for the same seed; they are buffers of the state
    /// dictionary.</remarks>
    /// <param name="module">The module.</param>
    /// <param name="name">The name of the weight.</param>
    /// <param name="nPowerIterations">How many steps are made at each call in training; at least 1.</param>
    /// <param name="eps">The least length that a vector is divided by; above 0.</param>
    /// <param name="dim">
    /// The dimension of the weight that stands for rows; negative ones count from the end. By default 1 for transposed convolutions, and 0.
    /// </param>
    /// <param name="generator">Where the vectors are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The module has no such tensor.</exception>
    /// <example><code>
    /// var layer = new Linear(20, 40);
    /// Parametrizations.SpectralNorm(layer);
    /// Tensor largest = Linalg.SvdVals(layer.Weight)[0];      // about 1
    /// </code></example>
    public static Module SpectralNorm(
        Module module, string name = "weight", int nPowerIterations = 1, double eps = 1e-12, int? dim = null, Generator? generator = null)
    {
        Tensor weight = Of(nameof(SpectralNorm), module, name);
        nPowerIterations.AtLeast(1);
        eps.In(Interval.Positive);
        if (weight.NDim == 0) throw new ShapeException($"{nameof(SpectralNorm)}: \"{name}\" must have dimensions, but its shape is [].");
        int rows = weight.Shape.Wrap(dim ?? (module is ConvTranspose1d or ConvTranspose2d or ConvTranspose3d ? 1 : 0));
        return Parametrize.RegisterParametrization(
            module, name, new SpectralNormParametrization(weight.Detach(), nPowerIterations, rows, eps, generator));
    }
}

/// <summary>W/σ with σ = uᵀ·W·v.</summary>
internal sealed class SpectralNormParametrization : Module, IRightInverse
{
    private const int First = 15;

    private readonly Tensor? _u, _v;
    private readonly int _steps, _dim;
    private readonly double _eps;

    internal SpectralNormParametrization(Tensor weight, int steps, int dim, double eps, Generator? generator)
    {
        (_steps, _dim, _eps) = (steps, dim, eps);
        if (weight.NDim == 1) return;
        using GradScope _ = Autograd.NoGrad();
        Tensor matrix = Matrix(weight);
        Tensor u = Tensor.Empty([matrix.Shape[0]], weight.DType).NormalInPlace(generator: generator);
        Tensor v = Tensor.Empty([matrix.Shape[1]], weight.DType).NormalInPlace(generator: generator);
        (_u, _v) = (Normalized(u).AsBuffer(), Normalized(v).AsBuffer());
        Iterate(matrix, First);
    }

    protected override string TypeName => "_SpectralNorm";

    public IReadOnlyList<Tensor> RightInverse(Tensor value) => [value];

    protected override Tensor Forward(Tensor input)
    {
        if (_u is null) return Normalized(input);
        Tensor matrix = Matrix(input);
        if (Training) Iterate(matrix.Detach(), _steps);
        // Copies: another call may come before the gradient of this one.
        (Tensor u, Tensor v) = (_u.Clone(), _v!.Clone());
        return input / u.Dot(matrix.Mv(v));
    }

    private void Iterate(Tensor matrix, int steps)
    {
        using GradScope _ = Autograd.NoGrad();
        for (int step = 0; step < steps; step++)
        {
            _u!.CopyInPlace(Normalized(matrix.Mv(_v!)));
            _v!.CopyInPlace(Normalized(matrix.T.Mv(_u)));
        }
    }

    private Tensor Normalized(Tensor x) => x / x.Square().Sum().Sqrt().ClampMin(_eps);

    private Tensor Matrix(Tensor weight)
    {
        int[] order = [_dim, .. Enumerable.Range(0, weight.NDim).Where(d => d != _dim)];
        return (_dim == 0 ? weight : weight.Permute(order)).Flatten(1);
    }

    private protected override IEnumerable<Slot> Held => _u is null ? [] : [new Slot("_u", _u), new Slot("_v", _v!)];
}
