using System.Numerics;
using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>g·∂z/∂x and g·∂z/∂y: the gradients of an element-wise function of two arguments, in one pass over the same formula.</summary>
/// <remarks>Both are in the shape of g; an argument that was broadcast has its own summed afterwards.</remarks>
internal readonly struct SlopesTimes<TOp>(TOp op, bool needsX, bool needsY) : ITensorsOperation where TOp : struct, IBinaryOp
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Watched(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
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
        dx = dy = null;
        if (UserFormula<TOp>.Is) UserFormula<TOp>.Share(g, x, y, z);
        // See Note [Results lie as their operands do].
        OperandOrder? order = OperandOrder.Of(g.Shape, g, g);
        if (order is { } o) (g, x, y, z) = (o.Of(g), o.OfNullable(x), o.OfNullable(y), o.OfNullable(z));
        if (needsX) dx = (needsY ? null : into) ?? Tensor.Uninitialized(here, g.Shape, g.DType);
        if (needsY) dy = into ?? Tensor.Uninitialized(here, g.Shape, g.DType);
        if (g.DType == DType.Float32) Run<float>(op, g, x, y, z, dx, dy);
        else Run<double>(op, g, x, y, z, dx, dy);
        if (order is { } seen) (dx, dy) = (dx is null ? null : seen.Back(dx), dy is null ? null : seen.Back(dy));
    }

    private static void Run<T>(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g.NumEl == 1)
        {
            Real<T> vg = At(g), vx = At(x), vy = At(y), vz = At(z);
            if (dx is not null) dx.First<T>() = (vg * op.SlopeX(vx, vy, vz)).Value;
            if (dy is not null) dy.First<T>() = (vg * op.SlopeY(vx, vy, vz)).Value;
        }
        else
        {
            RunMany<T>(op, Elements.ToContiguous(g), x, y, z is null ? null : Elements.ToContiguous(z), dx, dy);
        }
        GC.KeepAlive(g);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(z);
        GC.KeepAlive(dx);
        GC.KeepAlive(dy);

        static Real<T> At(Tensor? v) => v is null ? default : new(v.First<T>());
    }

    private static void RunMany<T>(TOp op, Tensor g, Tensor? x, Tensor? y, Tensor? z, Tensor? dx, Tensor? dy) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> gx = dx is null ? default : dx.Span<T>(), gy = dy is null ? default : dy.Span<T>();
        // A value that the slope does not read is stood in for, as operands are.
        ReadOnlySpan<T> vz = z is not null ? z.Span<T>() : (TOp.Saves & Saves.Output) != 0 ? g.Span<T>() : default;
        if (IsPlain(x, g) && IsPlain(y, g))
        {
            ElementWise.BinaryBackward(op, g.Span<T>(), x is null ? default : x.Span<T>(), y is null ? default : y.Span<T>(), vz, gx, gy);
        }
        else if (g.NumEl > 0)
        {
            Tensor anyX = Binary.InRows(x ?? y!, g.Shape), anyY = Binary.InRows(y ?? x!, g.Shape);
            BroadcastPlan plan = BroadcastPlan.Of(g.Shape, anyX, anyY);
            ElementWise.BinaryBackward(op, plan.AsBroadcast(), g.Span<T>(), anyX.Memory<T>()[anyX.Offset..], anyY.Memory<T>()[anyY.Offset..], vz, gx, gy);
            GC.KeepAlive(anyX);
            GC.KeepAlive(anyY);
        }
        GC.KeepAlive(g);
        GC.KeepAlive(z);
    }

    private static bool IsPlain(Tensor? x, Tensor g) => x is null || (x.IsContiguous && (x.NumEl == g.NumEl || x.NumEl == 1));
}
