using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>min(max(x + 3, 0), 6)/6, element by element: a piecewise linear σ.</summary>
    public Tensor Hardsigmoid() => Unary.Apply(new HardsigmoidOp(), this);

    /// <summary>x = min(max(x + 3, 0), 6)/6, in place.</summary>
    /// <exception cref="AutogradException">The tensor must not be changed in place.</exception>
    public Tensor HardsigmoidInPlace() => Unary.ApplyInPlace(new HardsigmoidOp(), this);
}

/// <summary>y = min(max(x + 3, 0), 6)/6,   dy/dx = 1/6 for −3 &lt; x &lt; 3, else 0.</summary>
internal readonly struct HardsigmoidOp : IUnaryOp
{
    public static string Name => "hardsigmoid";
    // PyTorch is asked by its own definition: the slope of its kernel for float64 is 1/6 rounded to float32.
    public static OpInfo Info => new()
    {
        Formula = "min(max(x + 3, 0), 6)/6",
        Torch = "F.relu6(x + 3) / 6",
        FormulaNames = ["hardsigmoid"],
        Facts = OpFacts.Whole,
        Module = "Hardsigmoid({inplace: not printed})",
    };
    public static Saves Saves => Saves.Input;
    public static Domain Domain => new Domain(-5, 5).Without(-3, 3);
    public V Value<V>(V x) where V : IAlgebra<V> => default(Relu6Op).Value(x + 3) / 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
        V.IfLess(V.Constant(-3), x, V.IfLess(x, V.Constant(3), V.Constant(1.0 / 6), V.Constant(0)), V.Constant(0));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>min(max(x + 3, 0), 6)/6.</summary>
        public V Hardsigmoid() => V.Apply(default(HardsigmoidOp), x);
    }
}
