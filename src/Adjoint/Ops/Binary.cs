namespace Adjoint;

/// <summary>The driver of element-wise functions of two arguments.</summary>
public static class Binary
{
    /// <summary>z = op(x, y), element by element, with broadcasting.</summary>
    public static Tensor Apply<TOp>(TOp op, Tensor x, Tensor y) where TOp : struct, IBinaryOp => throw new NotSupportedException();
}
