namespace Adjoint.Symbolic;

/// <summary>A real number with a name of its own: π or e.</summary>
/// <param name="Name">How it is typed.</param>
/// <param name="Value">The nearest double.</param>
public sealed record NamedConstant(string Name, double Value) : Expr(HashCode.Combine(typeof(NamedConstant), Name))
{
    /// <summary>π.</summary>
    public static NamedConstant Pi { get; } = new("pi", Math.PI);

    /// <summary>Euler's number e.</summary>
    public static NamedConstant E { get; } = new("e", Math.E);

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => [];

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => this;
}
