namespace Adjoint.Symbolic;

/// <summary>A variable.</summary>
/// <param name="Name">Its name: <c>x</c>, <c>x1</c>.</param>
public sealed record Variable(string Name) : Expr(HashCode.Combine(typeof(Variable), Name))
{
    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => [];

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => this;
}
