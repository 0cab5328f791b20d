namespace Adjoint;

public partial class Tensor
{
    /// <summary>x², element by element.</summary>
    public Tensor Square() => Unary.Apply(new SquareOp(), Promotion.WithNumbers(this, 2));

    /// <summary>x = x², in place.</summary>
    public Tensor SquareInPlace()
    {
        try
        {
            return Unary.ApplyInPlace(new SquareOp(), Promotion.Holding("square", this, 2));
        }
        catch (TensorException e) when (e.IsOf(nameof(SquareInPlace)))
        {
            throw;
        }
    }
}

/// <summary>y = x²,   dy/dx = 2x.</summary>
internal readonly struct SquareOp : IUnaryOp
{
    public static string Name => "pow";
    public static OpInfo Info => new()
    {
        Formula = "x^2",
        Torch = "torch.square(x)",
        FormulaNames = ["square"],
        Facts = OpFacts.Total | OpFacts.Smooth,
    };
    public static Saves Saves => Saves.Input;
    public static bool KeepsIntegers => true;
    public V Value<V>(V x) where V : IAlgebra<V> => x * x;
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 2 * x;
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x².</summary>
        public V Square() => default(SquareOp).Value(x);
    }
}
