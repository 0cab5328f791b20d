using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>g·∂z/∂x and g·∂z/∂y: the gradients of an element-wise function of two arguments, in one pass over the same formula.</summary>
/// <remarks>Both are in the shape of g; an argument that was broadcast has its own summed afterwards.</remarks>
internal readonly struct SlopesTimes<TOp>(TOp op, bool needsX, bool needsY)
    : ITensorsOperation, IIntoOperation, ITileOperation, IScalarOperation, IByHand
    where TOp : struct, IBinaryOp
{
    public string Name => TOp.Name + "_backward";

    public void Describe(OpAttributes to)
    {
        op.Describe(to);
        to.Add("output_mask", new[] { needsX, needsY });
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Of(here, op, inputs[0]!, null, inputs[1], inputs[2], inputs[3], needsX, needsY, out Tensor? dx, out Tensor? dy);
        return [dx, dy];
    }

    public void Write(Hand hand) => HandElementWise.Slopes(hand, op, needsX, needsY);

    // Both are computed of all operands: the first would be overwritten before the second is computed.
    public bool MayOverwrite => !(needsX && needsY);

    public bool GoesInto(GraphOperation call) => !UserFormula<TOp>.Is && IntoCalls.ArePlain(call);

    public TileKernel? Tile(GraphOperation call) => BinaryTiles<TOp>.Of(op, isSlope: true, TileCalls.TypeOf(call));

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results)
    {
        var work = new Work(op, x[0]!, x[1], x[2], x[3], results[0], results[1]);
        Dispatch.Floating(x[0]!.DType, TOp.Name, ref work);
    }

    public IScalarStep?[]? Scalars(DType dtype)
    {
        if (UserFormula<TOp>.Is) return null;
        var work = new ScalarWork(op);
        Dispatch.Floating(dtype, TOp.Name, ref work);
        return [needsX ? work.X : null, needsY ? work.Y : null];
    }

    private struct ScalarWork(TOp op) : IFloatingWork
    {
        internal IScalarStep? X { get; private set; }

        internal IScalarStep? Y { get; private set; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            X = new ScalarStep<SlopeXFormula<TOp, T>, T>(new SlopeXFormula<TOp, T>(op));
            Y = new ScalarStep<SlopeYFormula<TOp, T>, T>(new SlopeYFormula<TOp, T>(op));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Watched(
        TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        Tensor?[] slopes = Door.RunMany(new SlopesTimes<TOp>(op, needsX, needsY), g, x, y, z);
        (dx, dy) = (slopes[0], slopes[1]);
    }

    /// <summary>The gradients.</summary>
    /// <param name="here">The thread.</param>
    /// <param name="op">The function.</param>
    /// <param name="g">The gradient of the value.</param>
    /// <param name="into">Where the last of the two is to lie, if that is anywhere.</param>
    /// <param name="x">The first argument, if a slope reads it.</param>
    /// <param name="y">The second argument, if a slope reads it.</param>
    /// <param name="z">The value, if a slope reads it.</param>
    /// <param name="needsX">Whether the first gradient is wanted.</param>
    /// <param name="needsY">Whether the second gradient is wanted.</param>
    /// <param name="dx">The first gradient.</param>
    /// <param name="dy">The second gradient.</param>
    internal static void Of(Here here, TOp op, Tensor g, Tensor? into, Tensor? x, Tensor? y, Tensor? z, bool needsX, bool needsY,
        out Tensor? dx, out Tensor? dy)
    {
        // What has one gradient has single arguments.
        if (!g.CarriesItself || UserFormula<TOp>.Is)
        {
            OfMany(here, op, g, into, x, y, z, needsX, needsY, out dx, out dy);
            return;
        }
        dx = !needsX ? null : needsY || into is null ? Tensor.SpareNumber(here, g.Shape, g.DType) : into;
        dy = !needsY ? null : into ?? Tensor.SpareNumber(here, g.Shape, g.DType);
        var work = new NumberWork(op, g, x, y, z, dx, dy);
        Dispatch.Floating(g.DType, TOp.Name, ref work);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OfNumbers<T>(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Real<T> vg = new(g.First<T>()), vx = At(x), vy = At(y), vz = At(z);
        if (dx is not null) dx.SetFirst<T>((vg * op.SlopeX(vx, vy, vz)).Value);
        if (dy is not null) dy.SetFirst<T>((vg * op.SlopeY(vx, vy, vz)).Value);

        static Real<T> At(Tensor? v) => v is null ? default : new(v.First<T>());
    }

    private static void OfMany(Here here, TOp op, Tensor g, Tensor? into, Tensor? x, Tensor? y, Tensor? z, bool needsX, bool needsY,
        out Tensor? dx, out Tensor? dy)
    {
        dx = dy = null;
        if (UserFormula<TOp>.Is) UserFormula<TOp>.Share(g, x, y, z);
        // See Note [Results lie as their operands do].
        OperandOrder? order = OperandOrder.Of(g.Shape, g, g);
        if (order is { } o) (g, x, y, z) = (o.Of(g), o.OfNullable(x), o.OfNullable(y), o.OfNullable(z));
        if (needsX) dx = (needsY ? null : into) ?? Tensor.Uninitialized(here, g.Shape, g.DType);
        if (needsY) dy = into ?? Tensor.Uninitialized(here, g.Shape, g.DType);
        var work = new Work(op, g, x, y, z, dx, dy);
        Dispatch.Floating(g.DType, TOp.Name, ref work);
        if (order is { } seen) (dx, dy) = (dx is null ? null : seen.Back(dx), dy is null ? null : seen.Back(dy));
    }

    private static void Run<T>(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g.NumEl == 1)
        {
            Real<T> vg = At(g), vx = At(x), vy = At(y), vz = At(z);
            if (dx is not null) dx.SetFirst<T>((vg * op.SlopeX(vx, vy, vz)).Value);
            if (dy is not null) dy.SetFirst<T>((vg * op.SlopeY(vx, vy, vz)).Value);
        }
        else
        {
            RunMany<T>(op, Elements.ToContiguous(g), x, y, z is null ? null : Elements.ToContiguous(z), dx, dy);
        }

        static Real<T> At(Tensor? v) => v is null ? default : new(v.First<T>());
    }

    private static void RunMany<T>(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A value that the slope does not read is stood in for, as operands are.
        if ((TOp.Saves & Saves.Output) != 0) z ??= g;
        using var memory = new Loan();
        if (IsPlain(x, g) && IsPlain(y, g))
        {
            ElementWise.BinaryBackward(op, memory.Of<T>(g), memory.OfNullable<T>(x), memory.OfNullable<T>(y),
                memory.OfNullable<T>(z), memory.OfNullable<T>(dx), memory.OfNullable<T>(dy));
        }
        else if (g.NumEl > 0)
        {
            Tensor anyX = Binary.InRows(x ?? y!, g.Shape), anyY = Binary.InRows(y ?? x!, g.Shape);
            BroadcastPlan plan = BroadcastPlan.Of(g.Shape, anyX, anyY);
            ElementWise.BinaryBackward(op, plan.AsBroadcast(), memory.Of<T>(g), memory.From<T>(anyX), memory.From<T>(anyY),
                memory.OfNullable<T>(z), memory.OfNullable<T>(dx), memory.OfNullable<T>(dy));
        }
    }

    private readonly struct NumberWork(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy) : IFloatingWork
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => OfNumbers<T>(op, g, x, y, z, dx, dy);
    }

    private readonly struct Work(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => SlopesTimes<TOp>.Run<T>(op, g, x, y, z, dx, dy);
    }

    private static bool IsPlain(Tensor? x, Tensor g) => x is null || (x.IsContiguous && (x.NumEl == g.NumEl || x.NumEl == 1));
}
