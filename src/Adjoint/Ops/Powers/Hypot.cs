namespace Adjoint;

public partial class Tensor
{
    /// <summary>√(x² + y²), element by element, with broadcasting, without overflow.</summary>
    /// <param name="other">The second operand; the shapes broadcast.</param>
    public Tensor Hypot(Tensor other) => Binary.Apply(new HypotOp(), this, other.Given());

    /// <summary>x = hypot(x, y), in place.</summary>
    /// <inheritdoc cref="Hypot"/>
    public Tensor HypotInPlace(Tensor other) => Binary.ApplyInPlace(new HypotOp(), this, other.Given());
}

/// <summary>z = √(x² + y²),   ∂z/∂x = x/z,   ∂z/∂y = y/z.</summary>
internal readonly struct HypotOp : IBinaryPrimitive
{
    public static string Name => "hypot";
    public static OpInfo Info => new()
    {
        Formula = "sqrt(x^2 + y^2)",
        Torch = "torch.hypot(x, y)",
        FormulaNames = ["hypot"],
        DotNet = "double.Hypot",
        Facts = OpFacts.Total,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Both;
    public static bool IsLong => true;
    public static Reads SlopeXReads => Reads.X | Reads.Z;
    public static Reads SlopeYReads => Reads.Y | Reads.Z;
    public static Domain DomainX => Domain.Positive;
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<HypotOp>(x, y);
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => x / z;
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => y / z;
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Hypot<R, T>(x, y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>√(x² + y²).</summary>
        public V Hypot(V y) => V.Apply<HypotOp>(x, y);
    }
}
