namespace Adjoint.Symbolic;

/// <summary>A primitive function of one argument: ln x, sin x.</summary>
/// <param name="Function">The operation, the same that computes tensors.</param>
/// <param name="Argument">Its argument.</param>
public sealed record UnaryCall(UnaryFunction Function, Expr Argument) : Expr(HashCode.Combine(Function, Argument), Argument)
{
    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => [Argument];

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => new UnaryCall(Function, operands[0]);
}
