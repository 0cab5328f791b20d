namespace Adjoint.Symbolic;

/// <summary>A primitive function of two arguments: atan2(x, y).</summary>
/// <param name="Function">The operation, the same that computes tensors.</param>
/// <param name="X">The first argument.</param>
/// <param name="Y">The second argument.</param>
public sealed record BinaryCall(BinaryFunction Function, Expr X, Expr Y) : Expr(HashCode.Combine(Function, X, Y), X, Y)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => [X, Y];

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => new BinaryCall(Function, operands[0], operands[1]);
}
