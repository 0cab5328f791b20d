namespace Adjoint;

/// <summary>The driver of element-wise functions of one argument.</summary>
public static class Unary
{
    /// <summary>y = op(x), element by element.</summary>
    public static Tensor Apply<TOp>(TOp op, Tensor x) where TOp : struct, IUnaryOp => throw new NotSupportedException();
}
