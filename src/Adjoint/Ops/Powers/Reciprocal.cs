namespace Adjoint;

public partial class Tensor
{
    /// <summary>1 / x, element by element.</summary>
    public Tensor Reciprocal() => Unary.Apply(new ReciprocalOp(), this);

    /// <summary>x = 1/x, in place.</summary>
    public Tensor ReciprocalInPlace() => Unary.ApplyInPlace(new ReciprocalOp(), this);
}

/// <summary>y = 1/x,   dy/dx = −y².</summary>
internal readonly struct ReciprocalOp : IUnaryOp
{
    public static string Name => "reciprocal";
    public static OpInfo Info => new()
    {
        Formula = "1/x",
        Torch = "torch.reciprocal(x)",
        FormulaNames = ["reciprocal"],
        Onnx = "Reciprocal",
        Facts = OpFacts.Smooth,
    };
    public static Saves Saves => Saves.Output;
    public static Domain Domain => Domain.Positive;
    public V Value<V>(V x) where V : IAlgebra<V> => 1 / x;
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => -(y * y);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>1/x.</summary>
        public V Reciprocal() => default(ReciprocalOp).Value(x);
    }
}
