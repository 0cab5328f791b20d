namespace Adjoint;

/// <summary>
/// Special functions, PyTorch's <c>torch.special</c>: <c>Special.Erf(x)</c> or <c>x.Special.Erf()</c>. What PyTorch has on tensors as well
/// is on <see cref="Tensor"/>, and here by its name in <c>torch.special</c>.
/// </summary>
/// <example><code>
/// Tensor x = Tensor.Linspace(-2, 2, 5);
/// Tensor p = x.Special.Expit();                        // x.Sigmoid()
/// Tensor e = Special.Erfc(x);
/// </code></example>
[TensorGroup]
public static partial class Special
{
    /// <summary>torch.special.erf, <see cref="Tensor.Erf()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Erf(Tensor x) => x.Given().Erf();

    /// <summary>torch.special.erfc, <see cref="Tensor.Erfc()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Erfc(Tensor x) => x.Given().Erfc();

    /// <summary>1/(1 + e⁻ˣ): torch.special.expit, <see cref="Tensor.Sigmoid()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Expit(Tensor x) => x.Given().Sigmoid();

    /// <summary>ln(x/(1 − x)): torch.special.logit, <see cref="Tensor.Logit"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="eps">Keeps x in [ε, 1 − ε]; null for not.</param>
    public static Tensor Logit(Tensor x, double? eps = null) => x.Given().Logit(eps);

    /// <summary>2ˣ: torch.special.exp2, <see cref="Tensor.Exp2()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Exp2(Tensor x) => x.Given().Exp2();

    /// <summary>eˣ − 1: torch.special.expm1, <see cref="Tensor.Expm1()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Expm1(Tensor x) => x.Given().Expm1();

    /// <summary>ln(1 + x): torch.special.log1p, <see cref="Tensor.Log1p()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Log1p(Tensor x) => x.Given().Log1p();

    /// <summary>x·ln y, 0 where x is: torch.special.xlogy, <see cref="Tensor.Xlogy(Tensor)"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="other">y.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Xlogy(Tensor x, Tensor other) => x.Given().Xlogy(other.Given());

    /// <summary>sin(πx)/(πx): torch.special.sinc, <see cref="Tensor.Sinc()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Sinc(Tensor x) => x.Given().Sinc();

    /// <summary>To whole numbers, halves to even: torch.special.round, <see cref="Tensor.Round()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Round(Tensor x) => x.Given().Round();

    /// <summary>ln Σ eˣ along a dimension: torch.special.logsumexp, <see cref="Tensor.LogSumExp(int, bool)"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether it stays, with size 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor LogSumExp(Tensor x, int dim, bool keepDim = false) => x.Given().LogSumExp(dim, keepDim);

    /// <summary>torch.special.softmax, <see cref="Tensor.Softmax"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="dim">The dimension whose shares add up to 1.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor Softmax(Tensor x, int dim) => x.Given().Softmax(dim);

    /// <summary>torch.special.log_softmax, <see cref="Tensor.LogSoftmax"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="dim">The dimension.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public static Tensor LogSoftmax(Tensor x, int dim) => x.Given().LogSoftmax(dim);
}
