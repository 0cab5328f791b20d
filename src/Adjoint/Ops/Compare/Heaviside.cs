using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>0 for x &lt; 0, a value of one's own for x = 0, 1 for x &gt; 0, element by element, with broadcasting:
    /// torch.heaviside.</summary>
    /// <param name="values">The values for x = 0; the shapes broadcast.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public Tensor Heaviside(Tensor values) =>
        Binary.Apply(new HeavisideOp(), HeavisideOp.Fitting("Heaviside", this, values.Given()), values);

    /// <summary>x = 0, a value of one's own or 1, in place: torch's heaviside_.</summary>
    /// <inheritdoc cref="Heaviside"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor HeavisideInPlace(Tensor values) =>
        Binary.ApplyInPlace(new HeavisideOp(), HeavisideOp.Fitting("HeavisideInPlace", this, values.Given()), values);
}

/// <summary>z = 0 for x &lt; 0, y for x = 0, 1 for x > 0; 0 for NaN as in PyTorch.   ∂z/∂x = 0,   ∂z/∂y = 1 for x = 0, else 0.</summary>
internal readonly struct HeavisideOp : IBinaryPrimitive
{
    public static string Name => "heaviside";
    public static OpInfo Info => new()
    {
        Formula = "if(x = 0, y, if(x > 0, 1, 0))",
        Torch = "torch.where(x == 0, y, (x > 0) + 0 * x)",
        FormulaNames = ["heaviside"],
        Facts = OpFacts.PassesOverNaN,
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public static Reads SlopeXReads => Reads.None;
    public static Reads SlopeYReads => Reads.X;
    public static Domain DomainX => Domain.Reals.Without(0);

    // As in PyTorch: what is neither 0 nor 1 would be another number in another dtype.
    internal static Tensor Fitting(string operation, Tensor x, Tensor values) => x.DType == values.DType || values.IsNumber ? x
        : throw new DTypeException(
            $"{operation}: both tensors must have the same dtype, but this one is {x.DType} and the values are {values.DType}. Convert "
            + $"one with To(DType.{DTypes.Promote(x.DType, values.DType)}).");

    public static bool IsShort => true;

    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<HeavisideOp>(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x, R y) where R : struct, IRegister<R, T> where T : unmanaged =>
        R.IfEqual(x, R.Constant(0), y, R.IfLess(R.Constant(0), x, R.Constant(1), R.Constant(0)));

    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.Constant(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.IfEqual(x, V.Constant(0), V.Constant(1), V.Constant(0));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>0 for x &lt; 0, y for x = 0, 1 for x &gt; 0.</summary>
        public V Heaviside(V y) => V.Apply<HeavisideOp>(x, y);
    }
}
