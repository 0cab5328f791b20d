using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>|x| with the sign of y, −0 and NaN with a sign included, element by element, with broadcasting.</summary>
    /// <param name="other">y; a tensor or a number.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor CopySign(Tensor other) => Binary.Apply(new CopySignOp(), this, other.Given());

    /// <summary>x = |x| with the sign of y, in place.</summary>
    /// <inheritdoc cref="CopySign"/>
    public Tensor CopySignInPlace(Tensor other) => Binary.ApplyInPlace(new CopySignOp(), this, other.Given());
}

/// <summary>z = |x|·sign y with the sign of zeros,   ∂z/∂x = sign x·sign y, 0 at 0,   ∂z/∂y = 0.</summary>
internal readonly struct CopySignOp : IBinaryPrimitive
{
    public static string Name => "copysign";
    public static OpInfo Info => new()
    {
        Formula = "if(y < 0, -abs(x), abs(x))",
        Torch = "torch.copysign(x, y)",
        FormulaNames = ["copysign"],
        DotNet = "Math.CopySign",
        Word = "CopySign",
    };
    public static Saves Saves => Saves.Both;
    public static Reads SlopeXReads => Reads.X | Reads.Z;
    public static Reads SlopeYReads => Reads.None;
    public static Domain DomainX => Domain.Reals.Without(0);
    public static Domain DomainY => Domain.Reals.Without(0);
    public static bool IsShort => true;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<CopySignOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V>
    {
        // PyTorch's z/x, without its NaN at ±∞, where the slope is ±1 as everywhere; of NaN there is none.
        V sign = V.Inlined<CopySignOp>(V.Constant(1), z), slope = V.IfLess(x, V.Constant(0), -sign, sign);
        return V.IfEqual(x, V.Constant(0), V.Constant(0), V.IfEqual(x, x, slope, x));
    }

    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => R.CopySign(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>|x| with the sign of y.</summary>
        public V CopySign(V y) => V.Apply<CopySignOp>(x, y);
    }
}
