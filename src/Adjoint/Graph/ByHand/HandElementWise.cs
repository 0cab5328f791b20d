namespace Adjoint;

/// <summary>Element-wise operations and their gradients, all of them, written from their formulas.</summary>
internal static class HandElementWise
{
    /// <summary>y = op(x).</summary>
    internal static void Unary<TOp>(Hand hand, TOp op, bool inPlace) where TOp : struct, IUnaryOp
    {
        DType given = hand.Input(0).DType;
        DType dtype = given.IsFloatingPoint || TOp.KeepsIntegers ? given : DType.Float32;
        HandTensor y = inPlace ? hand.Input(0) : hand.Result;
        HandFormula.Write(hand, dtype, [y], [hand.Input(0)], new UnaryText<TOp>(op));
    }

    /// <summary>z = op(x, y).</summary>
    internal static void Binary<TOp>(Hand hand, TOp op, bool inPlace) where TOp : struct, IBinaryOp
    {
        Tensor x = hand.StandIn(0), y = hand.StandIn(1);
        if (inPlace && x.DType != y.DType && y.IsNumber) y = y.AsNumber.Beside(x);
        DType dtype = Adjoint.Binary.ResultType(op, x, y);
        HandTensor z = inPlace ? hand.Input(0) : hand.Result;
        HandFormula.Write(hand, dtype, [z], [hand.Input(0), hand.Input(1)], new BinaryText<TOp>(op));
    }

    /// <summary>x = op(x, y) of a tensor that is just being made.</summary>
    internal static void InPlace<TOp>(Hand hand, TOp op, HandTensor x, HandTensor y) where TOp : struct, IBinaryOp =>
        HandFormula.Write(hand, x.DType, [x], [x, y], new BinaryText<TOp>(op));

    /// <summary>x = op(x, y) with a number.</summary>
    internal static void InPlace<TOp>(Hand hand, TOp op, HandTensor x, double y) where TOp : struct, IBinaryOp =>
        HandFormula.Write(hand, x.DType, [x], [x], new NumberText<TOp>(op, y));

    /// <summary>z = op(x, y), to where it is wanted.</summary>
    internal static void Into<TOp>(Hand hand, TOp op, HandTensor z, HandTensor x, HandTensor y) where TOp : struct, IBinaryOp =>
        HandFormula.Write(hand, z.DType, [z], [x, y], new BinaryText<TOp>(op));

    /// <summary>The same gradients of arguments that are others of the operation's inputs.</summary>
    internal static void Slopes<TOp>(Hand hand, TOp op, bool needsX, bool needsY, HandTensor[] xyz) where TOp : struct, IBinaryOp =>
        HandFormula.Write(
            hand, xyz[0].DType, [hand.ResultOrNull(0), hand.ResultOrNull(1)], [hand.Input(0), .. xyz], new SlopesText<TOp>(op, needsX,
                needsY));

    /// <summary>dx = g·slope.</summary>
    internal static void Slope<TOp>(Hand hand, TOp op) where TOp : struct, IUnaryOp => HandFormula.Write(
        hand, hand.Result.DType, [hand.Result], [hand.Input(0), hand.InputOrNull(1), hand.InputOrNull(2)], new SlopeText<TOp>(op));

    /// <summary>dx = g·∂z/∂x, dy = g·∂z/∂y.</summary>
    internal static void Slopes<TOp>(Hand hand, TOp op, bool needsX, bool needsY) where TOp : struct, IBinaryOp => HandFormula.Write(
        hand, hand.Input(0).DType, [hand.ResultOrNull(0), hand.ResultOrNull(1)],
        [hand.Input(0), hand.InputOrNull(1), hand.InputOrNull(2), hand.InputOrNull(3)], new SlopesText<TOp>(op, needsX, needsY));

    private readonly struct UnaryText<TOp>(TOp op) : HandFormula.IText where TOp : struct, IUnaryOp
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged => [op.Value(x[0])];
    }

    private readonly struct BinaryText<TOp>(TOp op) : HandFormula.IText where TOp : struct, IBinaryOp
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged => [op.Value(x[0], x[1])];
    }

    private readonly struct NumberText<TOp>(TOp op, double number) : HandFormula.IText where TOp : struct, IBinaryOp
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged => [op.Value(x[0], Code<T>.Constant(number))];
    }

    private readonly struct SlopeText<TOp>(TOp op) : HandFormula.IText where TOp : struct, IUnaryOp
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged => [x[0] * op.Slope(x[1], x[2])];
    }

    private readonly struct SlopesText<TOp>(TOp op, bool needsX, bool needsY) : HandFormula.IText where TOp : struct, IBinaryOp
    {
        public Code<T>?[] Of<T>(Code<T>[] x) where T : unmanaged =>
            [needsX ? x[0] * op.SlopeX(x[1], x[2], x[3]) : null, needsY ? x[0] * op.SlopeY(x[1], x[2], x[3]) : null];
    }
}
