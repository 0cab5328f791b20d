using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x for x > 0, otherwise a·x, element by element.</summary>
    /// <param name="negativeSlope">a.</param>
    public Tensor LeakyRelu(double negativeSlope = 0.01) => Unary.Apply(new LeakyReluOp(negativeSlope), this);

    /// <summary>x = x for x > 0, else slope·x, in place.</summary>
    public Tensor LeakyReluInPlace(double negativeSlope = 0.01) => Unary.ApplyInPlace(new LeakyReluOp(negativeSlope), this);
}

/// <summary>y = x for x > 0, else a·x,   dy/dx = 1 for x > 0, else a.</summary>
internal readonly struct LeakyReluOp(double slope) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("negative_slope", slope);

    public static string Name => "leaky_relu";
    public static OpInfo Info => new()
    {
        Formula = "if(x > 0, x, a*x)",
        Torch = "F.leaky_relu(x, a)",
        FormulaNames = ["leaky_relu"],
        Onnx = "LeakyRelu",
        Facts = OpFacts.Whole,
        Module = "LeakyReLU(negative_slope={negativeSlope: any finite number}{inplace})",
    };
    public static Saves Saves => Saves.Input;
    public static Domain Domain => Domain.Reals.Without(0);
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, x, x * slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, V.Constant(1), V.Constant(slope));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x for x > 0, otherwise a·x.</summary>
        public V LeakyRelu(double negativeSlope = 0.01) => V.Apply(new LeakyReluOp(negativeSlope), x);
    }
}
