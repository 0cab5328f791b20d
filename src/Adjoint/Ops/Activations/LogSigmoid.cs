using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>ln σ(x), element by element, without overflow.</summary>
    public Tensor LogSigmoid() => Unary.Apply(new LogSigmoidOp(), this);
}

/// <summary>y = ln(1/(1 + e⁻ˣ)) = min(x, 0) − ln(1 + e^−|x|),   dy/dx = 1/(1 + eˣ).</summary>
internal readonly struct LogSigmoidOp : IUnaryOp
{
    public static string Name => "log_sigmoid";
    public static OpInfo Info => new()
    {
        Formula = "ln(1/(1 + exp(-x)))",
        Torch = "F.logsigmoid(x)",
        FormulaNames = ["logsigmoid"],
        Word = "LogSigmoid",
        Facts = OpFacts.Whole | OpFacts.Total,
        Module = "LogSigmoid()",
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => x.Minimum(V.Constant(0)) - V.Inlined<Log1pOp>(V.Inlined<ExpOp>(-x.Abs()));
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Inlined<SigmoidOp>(-x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ln σ(x).</summary>
        public V LogSigmoid() => V.Apply(default(LogSigmoidOp), x);
    }
}
