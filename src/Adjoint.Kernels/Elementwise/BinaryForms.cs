using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>Which of the three functions of a binary operation a loop computes.</summary>
internal unsafe interface IBinaryForm
{
    /// <summary>Whether it is a slope, multiplied by the gradient.</summary>
    static abstract bool IsSlope { get; }

    /// <summary>The function of one register of each operand.</summary>
    static abstract R Of<TOp, R>(TOp op, R x, R y, R z) where TOp : struct, IBinaryOp where R : struct, IAlgebra<R>;
}

/// <summary>f(x, y).</summary>
internal readonly struct ValueOf : IBinaryForm
{
    public static bool IsSlope => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<TOp, R>(TOp op, R x, R y, R z) where TOp : struct, IBinaryOp where R : struct, IAlgebra<R> => op.Value(x, y);
}

/// <summary>∂z/∂x.</summary>
internal readonly struct SlopeXOf : IBinaryForm
{
    public static bool IsSlope => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<TOp, R>(TOp op, R x, R y, R z) where TOp : struct, IBinaryOp where R : struct, IAlgebra<R> => op.SlopeX(x, y, z);
}

/// <summary>∂z/∂y.</summary>
internal readonly struct SlopeYOf : IBinaryForm
{
    public static bool IsSlope => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Of<TOp, R>(TOp op, R x, R y, R z) where TOp : struct, IBinaryOp where R : struct, IAlgebra<R> => op.SlopeY(x, y, z);
}

/// <summary>
/// The elements of a binary operation, or the gradient times one of its slopes, over operands laid out as <typeparamref name="X"/> and
/// <typeparamref name="Y"/>.
/// </summary>
internal readonly unsafe struct BinaryElements<TForm, TOp, T, X, Y>(TOp op, T* g, X x, Y y, T* z) : IElements<T>
    where TForm : struct, IBinaryForm where TOp : struct, IBinaryOp where T : unmanaged
    where X : struct, IElements<T> where Y : struct, IElements<T>
{
    public static bool AreCostly => TOp.IsLong;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public R At<R>(nuint index) where R : struct, IRegister<R, T>
    {
        if (!TForm.IsSlope) return TForm.Of(op, x.At<R>(index), y.At<R>(index), default);
        bool inputs = (TOp.Saves & Saves.Input) != 0, output = (TOp.Saves & Saves.Output) != 0;
        return R.Load(in *g, index) * TForm.Of(op,
            inputs ? x.At<R>(index) : default, inputs ? y.At<R>(index) : default, output ? R.Load(in *z, index) : default);
    }
}
