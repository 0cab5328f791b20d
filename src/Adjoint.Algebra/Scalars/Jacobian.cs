namespace Adjoint;

/// <summary>The Jacobian of a function Rⁿ → Rᵐ at a point, and what it cost.</summary>
/// <param name="Matrix">∂yᵢ/∂xⱼ at [i, j]: m rows, n columns.</param>
/// <param name="Mode">How it was found.</param>
/// <param name="Passes">How many directions were followed: n forward, or m in reverse.</param>
/// <param name="Evaluations">How often the function was evaluated; several directions can share one evaluation.</param>
public sealed record Jacobian(double[,] Matrix, DerivativeMode Mode, int Passes, int Evaluations)
{
    /// <summary>∂yᵢ/∂xⱼ.</summary>
    public double this[int i, int j]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)Rows, nameof(i));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)j, (uint)Columns, nameof(j));
            return Matrix[i, j];
        }
    }

    /// <summary>m, the number of results.</summary>
    public int Rows => Matrix.GetLength(0);

    /// <summary>n, the number of arguments.</summary>
    public int Columns => Matrix.GetLength(1);
}
