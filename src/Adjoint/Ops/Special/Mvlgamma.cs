namespace Adjoint;

public partial class Tensor
{
    /// <summary>
    /// ln Γₚ(x) = p(p − 1)/4·ln π + Σ ln Γ(x − j/2) over j &lt; p, element by element: torch.mvlgamma, the multivariate log-gamma function.
    /// </summary>
    /// <param name="p">p: the number of dimensions; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is below 1.</exception>
    public Tensor Mvlgamma(int p) => MultivariateGamma.Apply("Mvlgamma", this, p.AtLeast(1));

    /// <summary>x = ln Γₚ(x), in place.</summary>
    /// <inheritdoc cref="Mvlgamma"/>
    public Tensor MvlgammaInPlace(int p) => CopyInPlace(MultivariateGamma.Apply("MvlgammaInPlace", this, p.AtLeast(1)));
}

public static partial class Special
{
    /// <summary>ln Γₚ(x), element by element: torch.special.multigammaln, <see cref="Tensor.Mvlgamma"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="p">p; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is below 1.</exception>
    public static Tensor Multigammaln(Tensor x, int p) => MultivariateGamma.Apply("Multigammaln", x.Given(), p.AtLeast(1));
}

/// <summary>A sum of p log-gamma functions.</summary>
internal static class MultivariateGamma
{
    internal static Tensor Apply(string operation, Tensor x, int p)
    {
        if (!x.DType.IsFloatingPoint) x = x.To(DType.Float32);
        if ((long)x.NumEl * p > int.MaxValue)
            throw new ShapeException($"{operation}: {p} log-gamma functions of each of {x.NumEl} elements are more than a tensor holds.");
        Tensor terms = (x.Unsqueeze(-1) - Tensor.Arange(p).To(x.DType) / 2).Lgamma();
        return InnerResult.Of(terms, all => all.Sum(-1)) + p * (p - 1.0) / 4 * Math.Log(Math.PI);
    }
}

public static partial class OpTable
{
    private static Op Mvlgamma => Op.Of(OpKind.Composite, "mvlgamma", x => x.Mvlgamma(3), new OpInput([2, 3], new Domain(1.3, 4)),
        new() { Formula = "ln Γₚ(x)", Torch = "torch.mvlgamma(x, 3)" });
}
