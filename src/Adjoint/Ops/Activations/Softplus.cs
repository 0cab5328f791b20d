using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>ln(1 + e^βx)/β, element by element: a smooth relu.</summary>
    /// <param name="beta">β.</param>
    /// <param name="threshold">Above βx = threshold the function is the identity.</param>
    public Tensor Softplus(double beta = 1, double threshold = 20) => Unary.Apply(new SoftplusOp(beta, threshold), this);
}

/// <summary>y = ln(1 + e^βx)/β, x where βx > threshold,   dy/dx = σ(βx), 1 where βx > threshold.</summary>
internal readonly struct SoftplusOp(double beta, double threshold) : IUnaryOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("beta", beta);
        to.Add("threshold", threshold);
    }

    public static string Name => "softplus";
    public static OpInfo Info => new()
    {
        Formula = "if(beta*x > t, x, ln(1 + exp(beta*x))/beta)",
        Torch = "F.softplus(x, beta, t)",
        FormulaNames = ["softplus"],
        Onnx = "Softplus",
        Facts = OpFacts.Whole | OpFacts.Total,
        Module = "Softplus(beta={beta: above 0}, threshold={threshold: any number})",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : IAlgebra<V> =>
        V.IfLess(V.Constant(threshold), x * beta, x, V.Inlined<Log1pOp>(V.Inlined<ExpOp>(x * beta)) / beta);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y)
        where V : IAlgebra<V> =>
        V.IfLess(V.Constant(threshold), x * beta, V.Constant(1), V.Inlined<SigmoidOp>(x * beta));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ln(1 + e^βx)/β.</summary>
        public V Softplus(double beta = 1, double threshold = 20) => V.Apply(new SoftplusOp(beta, threshold), x);
    }
}
