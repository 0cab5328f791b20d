namespace Adjoint;

public partial class Tensor
{
    /// <summary>
    /// ln Γₚ(x) = p(p − 1)/4·ln π + Σ ln Γ(x − j/2) over j &lt; p, element by element: torch.mvlgamma, the multivariate log-gamma function.
    /// </summary>
    /// <param name="p">p: the number of dimensions; from 1 to 65536, for a matrix of more would fill no memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is below 1 or above 65536.</exception>
    public Tensor Mvlgamma(int p) => MultivariateGamma.Apply("Mvlgamma", this, p);

    /// <summary>x = ln Γₚ(x), in place.</summary>
    /// <inheritdoc cref="Mvlgamma"/>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    /// <exception cref="DTypeException">x is not of floating point.</exception>
    public Tensor MvlgammaInPlace(int p) => MultivariateGamma.ApplyInPlace("MvlgammaInPlace", this, p);
}

public static partial class Special
{
    /// <summary>ln Γₚ(x), element by element: torch.special.multigammaln, <see cref="Tensor.Mvlgamma"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="p">p; from 1 to 65536.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is below 1 or above 65536.</exception>
    public static Tensor Multigammaln(Tensor x, int p) => MultivariateGamma.Apply("Multigammaln", x.Given(), p);
}

/// <summary>A sum of p log-gamma functions.</summary>
internal static class MultivariateGamma
{
    // PyTorch has no bound. The function is of p × p matrices, and of this size one alone takes 16 GB.
    internal const int Most = 65536;

    internal static Tensor ApplyInPlace(string operation, Tensor x, int p) => Tensor.Speaking(operation, () =>
    {
        x.CheckInPlace(operation, x.RequiresGrad);
        if (!x.DType.IsFloatingPoint)
            throw new DTypeException($"{operation}: the result is of floating point and cannot be stored in place in a {x.DType} tensor.");
        return x.CopyInPlace(Apply(operation, x, p));
    });

    internal static Tensor Apply(string operation, Tensor x, int p)
    {
        if (p is < 1 or > Most)
            throw new ArgumentOutOfRangeException(
                nameof(p), p, $"{operation}: the number of dimensions must be from 1 to {Most}, but is {p}.");
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
