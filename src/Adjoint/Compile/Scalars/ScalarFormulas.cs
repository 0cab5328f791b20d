using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>op(a).</summary>
internal readonly struct UnaryFormula<TOp, T>(TOp op) : IScalarFormula<T>
    where TOp : struct, IUnaryOp where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Value(T a, T b, T c, T d) => op.Value(new Real<T>(a)).Value;
}

/// <summary>op(a, b).</summary>
internal readonly struct BinaryFormula<TOp, T>(TOp op) : IScalarFormula<T>
    where TOp : struct, IBinaryOp where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Value(T a, T b, T c, T d) => op.Value(new Real<T>(a), new Real<T>(b)).Value;
}

/// <summary>a·op′, where b is the argument and c the value.</summary>
internal readonly struct SlopeFormula<TOp, T>(TOp op) : IScalarFormula<T>
    where TOp : struct, IUnaryOp where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Value(T a, T b, T c, T d) => a * op.Slope(new Real<T>(b), new Real<T>(c)).Value;
}

/// <summary>a·∂op/∂x, where b and c are the arguments and d is the value.</summary>
internal readonly struct SlopeXFormula<TOp, T>(TOp op) : IScalarFormula<T>
    where TOp : struct, IBinaryOp where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Value(T a, T b, T c, T d) => (new Real<T>(a) * op.SlopeX(new Real<T>(b), new Real<T>(c), new Real<T>(d))).Value;
}

/// <summary>a·∂op/∂y, where b and c are the arguments and d is the value.</summary>
internal readonly struct SlopeYFormula<TOp, T>(TOp op) : IScalarFormula<T>
    where TOp : struct, IBinaryOp where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Value(T a, T b, T c, T d) => (new Real<T>(a) * op.SlopeY(new Real<T>(b), new Real<T>(c), new Real<T>(d))).Value;
}

/// <summary>a.</summary>
internal readonly struct CopyFormula<T> : IScalarFormula<T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Value(T a, T b, T c, T d) => a;
}
