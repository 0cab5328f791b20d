using System.Runtime.CompilerServices;
namespace Adjoint;

public partial class Tensor
{
    /// <summary>The angle in (−π, π] of the point with ordinate x and abscissa other.</summary>
    /// <param name="other">The abscissa; the shapes broadcast.</param>
    public Tensor Atan2(Tensor other) => Binary.Apply(new Atan2Op(), this, other.Given());

    /// <summary>x = atan2(x, y), in place.</summary>
    /// <inheritdoc cref="Atan2"/>
    public Tensor Atan2InPlace(Tensor other) => Binary.ApplyInPlace(new Atan2Op(), this, other.Given());
}

/// <summary>z = arctan2(x, y), the angle of the point (y, x),   ∂z/∂x = y/(x² + y²),   ∂z/∂y = −x/(x² + y²).</summary>
// The sum of squares overflows, or vanishes, where the slopes do not: its root divides twice.
internal readonly struct Atan2Op : IBinaryPrimitive
{
    public static string Name => "atan2";
    public static OpInfo Info => new()
    {
        Formula = "atan2(x, y)",
        Torch = "torch.atan2(x, y)",
        FormulaNames = ["atan2"],
        DotNet = "Math.Atan2",
        Facts = OpFacts.Total,
        Ulps = (3, 3),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain DomainX => Domain.Positive;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<Atan2Op>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => Over(y, x, y);
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -Over(x, x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Over<V>(V side, V x, V y) where V : IAlgebra<V>
    {
        if (V.IsFormula) return side / (x * x + y * y);
        V r = V.Inlined<HypotOp>(x, y);
        return side / r / r;
    }

    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Atan2<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The angle of the point (y, x).</summary>
        public V Atan2(V y) => V.Apply<Atan2Op>(x, y);
    }
}
