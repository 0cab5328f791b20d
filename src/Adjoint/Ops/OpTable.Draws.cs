namespace Adjoint;

public static partial class OpTable
{
    /// <summary>What is drawn, each from a generator of its own.</summary>
    private static Op[] Draws() =>
    [
        Bernoulli,
        Exponential,
        Multinomial,
        Normal,
        RandInt,
        RandPerm,
        Uniform,
        Cauchy,
        Geometric,
        LogNormal,
        Poisson,
    ];
}
