namespace Adjoint;

public static partial class OpTable
{
    /// <summary>What has no gradient.</summary>
    private static Op[] Zeros() =>
    [
        Op.Of(OpKind.Zero, "argmax", x => x.ArgMax(1), Matrix,
            new() { Formula = "the place of the largest element of x", Torch = "x.argmax(1)", Onnx = "ArgMax" }),
        Op.Of(OpKind.Zero, "argmin", x => x.ArgMin(), Matrix,
            new() { Formula = "the place of the smallest element of x", Torch = "x.argmin()", Onnx = "ArgMin" }),
        Op.Of(OpKind.Zero, "argsort", x => x.ArgSort(), Matrix,
            new() { Formula = "the places of x in order", Torch = "x.argsort()" }),
        Op.Of(OpKind.Zero, "lt", (x, y) => x < y, Matrix, Row,
            new() { Formula = "x < y", Torch = "x < y", Onnx = "Less" }),
        Op.Of(OpKind.Zero, "eq", (x, y) => x.Eq(y), Matrix, Row,
            new() { Formula = "x = y", Torch = "x == y", Onnx = "Equal" }),
        Op.Of(OpKind.Zero, "isnan", x => x.IsNaN(), Matrix,
            new() { Formula = "x ≠ x", Torch = "x.isnan()", Onnx = "IsNaN" }),
        Op.Of(OpKind.Zero, "logical_and", (x, y) => x & y, Matrix, Row,
            new() { Formula = "x ≠ 0 and y ≠ 0", Torch = "x.logical_and(y)" }),
        Op.Of(OpKind.Zero, "any", x => x.Any(1), Matrix,
            new() { Formula = "whether any x ≠ 0", Torch = "x.bool().any(1)" }),
        Op.Of(OpKind.Zero, "nonzero", x => x.NonZero(), Matrix,
            new() { Formula = "the places where x ≠ 0", Torch = "x.nonzero()", Onnx = "NonZero" }),
        Op.Of(OpKind.Zero, "count_nonzero", x => x.CountNonZero(), Matrix,
            new() { Formula = "how many x ≠ 0", Torch = "x.count_nonzero()" }),
    ];
}
