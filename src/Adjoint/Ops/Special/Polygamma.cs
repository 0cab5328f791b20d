namespace Adjoint;

public partial class Tensor
{
    /// <summary>
    /// ψ⁽ⁿ⁾(x), the n-th derivative of <see cref="Digamma"/>, element by element: torch.polygamma. Its own derivative is ψ⁽ⁿ⁺¹⁾.
    /// </summary>
    /// <param name="n">n; from 0 to 169, since n! is no number beyond.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is below 0 or above 169.</exception>
    public Tensor Polygamma(int n) => n == 0 ? Tensor.Speaking("Polygamma", Digamma) : Unary.Apply(PolygammaOp.Of(n), this);

    /// <summary>x = ψ⁽ⁿ⁾(x), in place.</summary>
    /// <inheritdoc cref="Polygamma"/>
    public Tensor PolygammaInPlace(int n) =>
        n == 0 ? Tensor.Speaking("PolygammaInPlace", DigammaInPlace) : Unary.ApplyInPlace(PolygammaOp.Of(n), this);
}

public static partial class Special
{
    /// <summary>ψ⁽ⁿ⁾(x), element by element: torch.special.polygamma, <see cref="Tensor.Polygamma"/>.</summary>
    /// <param name="n">n; from 0 to 169.</param>
    /// <param name="x">x.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is below 0 or above 169.</exception>
    public static Tensor Polygamma(int n, Tensor x) => x.Given().Polygamma(n);
}

/// <summary>y = (−1)ⁿ⁺¹·n!·ζ(n + 1, x),   dy/dx = (−1)ⁿ·(n + 1)!·ζ(n + 2, x).</summary>
internal readonly struct PolygammaOp(int n) : IUnaryOp
{
    internal const int Most = 169;

    private readonly double _factor = Factor(n), _next = Factor(n + 1);

    public void Describe(OpAttributes to) => to.Add("n", n);

    public static string Name => "polygamma";
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => new(0.3, 4);

    internal static PolygammaOp Of(int n) => n is >= 1 and <= Most ? new PolygammaOp(n)
        : throw new ArgumentOutOfRangeException(nameof(n), n, $"The order of a polygamma function must be from 0 to {Most}.");

    public V Value<V>(V x) where V : IAlgebra<V> => _factor * V.Inlined<ZetaOp>(V.Constant(n + 1), x);

    public V Slope<V>(V x, V y) where V : IAlgebra<V> => _next * V.Inlined<ZetaOp>(V.Constant(n + 2), x);

    private static double Factor(int n)
    {
        double product = n % 2 == 0 ? -1 : 1;
        for (int i = 2; i <= n; i++) product *= i;
        return product;
    }
}

public static partial class OpTable
{
    private static Op Polygamma => Op.Of(OpKind.Other, "polygamma", x => x.Polygamma(2), new OpInput([2, 3], new Domain(0.3, 4)),
        new() { Formula = "ψ⁽ⁿ⁾(x)", Torch = "torch.polygamma(2, x)", Gradient = "g·ψ⁽ⁿ⁺¹⁾(x)" });

    // What torch.polygamma(1, x) gives is right to 3·10⁻¹⁰ only; its ζ has all digits.
    private static Op Trigamma => Op.Of(OpKind.Other, "trigamma", x => x.Polygamma(1), new OpInput([2, 3], new Domain(0.3, 4)),
        new() { Formula = "ψ′(x)", Torch = "torch.special.zeta(2, x)", Gradient = "g·ψ″(x)" });
}
