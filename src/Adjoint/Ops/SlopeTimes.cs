using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>g·f′(x): the gradient of an element-wise function of one argument, in one pass over the same formula.</summary>
internal readonly struct SlopeTimes<TOp>(TOp op) : ITensorOperation, IIntoOperation, ITileOperation, IScalarOperation, IByHand
    where TOp : struct, IUnaryOp
{
    public string Name => TOp.Name + "_backward";

    public void Describe(OpAttributes to) => op.Describe(to);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs) => Of(here, op, inputs[0]!, inputs[1], inputs[2], null);

    public void Write(Hand hand) => HandElementWise.Slope(hand, op);

    public bool MayOverwrite => true;

    public bool GoesInto(GraphOperation call) => !UserFormula<TOp>.Is && IntoCalls.ArePlain(call);

    public TileKernel? Tile(GraphOperation call) => UnaryTiles<TOp>.Of(op, isSlope: true, TileCalls.TypeOf(call));

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results)
    {
        var work = new Work(op, x[0]!, x[1], x[2], results[0]!);
        Dispatch.Floating(x[0]!.DType, TOp.Name, ref work);
    }

    public IScalarStep?[]? Scalars(DType dtype)
    {
        if (UserFormula<TOp>.Is) return null;
        var work = new ScalarWork(op);
        Dispatch.Floating(dtype, TOp.Name, ref work);
        return [work.Step];
    }

    private struct ScalarWork(TOp op) : IFloatingWork
    {
        internal IScalarStep? Step { get; private set; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Step = new ScalarStep<SlopeFormula<TOp, T>, T>(new SlopeFormula<TOp, T>(op));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Tensor Watched(TOp op, Tensor g, Tensor? x, Tensor? y) => Door.Run(new SlopeTimes<TOp>(op), g, x, y);

    /// <summary>The gradient of the argument.</summary>
    /// <param name="here">The thread.</param>
    /// <param name="op">The function.</param>
    /// <param name="g">The gradient of the value.</param>
    /// <param name="x">The argument, if the slope reads it.</param>
    /// <param name="y">The value, if the slope reads it.</param>
    /// <param name="into">Where it is to lie, if that is anywhere.</param>
    internal static Tensor Of(Here here, TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? into)
    {
        // What has one gradient has a single argument.
        if (!g.CarriesItself || UserFormula<TOp>.Is) return OfMany(here, op, g, x, y, into);
        Tensor result = into ?? Tensor.UninitializedNumber(here, g.Shape, g.DType);
        var work = new NumberWork(op, g, x, y, result);
        Dispatch.Floating(g.DType, TOp.Name, ref work);
        return result;
    }

    private static Tensor OfMany(Here here, TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? into)
    {
        if (UserFormula<TOp>.Is) UserFormula<TOp>.Share(g, x, y);
        // See Note [Results lie as their operands do].
        OperandOrder? order = OperandOrder.Of(g.Shape, g, g);
        if (order is { } o) (g, x, y) = (o.Of(g), o.OfNullable(x), o.OfNullable(y));
        Tensor result = into ?? Tensor.Uninitialized(here, g.Shape, g.DType);
        var work = new Work(op, g, x, y, result);
        Dispatch.Floating(g.DType, TOp.Name, ref work);
        return order is { } seen ? seen.Back(result) : result;
    }

    private static void Run<T>(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor result) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (result.NumEl == 1)
        {
            Real<T> vx = x is null ? default : new(x.First<T>());
            Real<T> vy = y is null ? default : new(y.First<T>());
            result.SetFirst<T>(g.First<T>() * op.Slope(vx, vy).Value);
        }
        else
        {
            RunMany<T>(op, Elements.ToContiguous(g), InOrder(x), InOrder(y), result);
        }

        static Tensor? InOrder(Tensor? v) => v is null ? null : Elements.ToContiguous(v);
    }

    private static void RunMany<T>(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var memory = new Loan();
        ElementWise.UnaryBackward(op, memory.Of<T>(g), memory.OfNullable<T>(x), memory.OfNullable<T>(y), memory.Of<T>(result));
    }

    /// <summary>The gradient of a single element, which carries itself.</summary>
    private readonly struct NumberWork(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor result) : IFloatingWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            result.SetFirst<T>(g.First<T>() * op.Slope(At(x), At(y)).Value);

            static Real<T> At(Tensor? v) => v is null ? default : new(v.First<T>());
        }
    }

    private readonly struct Work(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor result) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => SlopeTimes<TOp>.Run<T>(op, g, x, y, result);
    }
}
