namespace Adjoint;

/// <summary>
/// Where a function is smooth, so that tests know which points to try: the open interval (<see cref="Low"/>, <see cref="High"/>)
/// without a neighbourhood of each of <see cref="Kinks"/>.
/// </summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public readonly record struct Domain(double Low, double High)
{
    private readonly double[]? _kinks;

    /// <summary>Points inside the interval where the function has a kink or a jump.</summary>
    public IReadOnlyList<double> Kinks => _kinks ?? [];

    /// <summary>(−3, 3): functions smooth on all reals.</summary>
    public static Domain Reals => new(-3, 3);

    /// <summary>(0.5, 2): logarithms, roots, fractional powers.</summary>
    public static Domain Positive => new(0.5, 2);

    /// <summary>(−0.9, 0.9): inverse functions of sine and hyperbolic tangent.</summary>
    public static Domain Unit => new(-0.9, 0.9);

    /// <summary>(0.1, 0.9): probabilities.</summary>
    public static Domain Probability => new(0.1, 0.9);

    /// <summary>The same interval without a neighbourhood of <paramref name="points"/>.</summary>
    public Domain Without(params double[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return new(this, points);
    }

    private Domain(Domain of, double[] kinks) : this(of.Low, of.High) => _kinks = kinks;
}
