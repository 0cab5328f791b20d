using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The inverse of the logistic function, ln(x/(1 − x)), element by element.</summary>
    /// <param name="eps">When given, x is first clamped to [ε, 1 − ε], with no gradient outside; when null, x outside [0, 1] gives
    /// NaN.</param>
    public Tensor Logit(double? eps = null) => Unary.Apply(new LogitOp(eps), this);

    /// <summary>x = logit x, in place.</summary>
    /// <inheritdoc cref="Logit"/>
    public Tensor LogitInPlace(double? eps = null) => Unary.ApplyInPlace(new LogitOp(eps), this);
}

/// <summary>y = ln(x/(1 − x)), x clamped to [ε, 1 − ε] when ε ≥ 0,   dy/dx = 1/(x·(1 − x)), 0 where clamped.</summary>
internal readonly struct LogitOp(double? eps) : IUnaryOp
{
    public void Describe(OpAttributes to) => to.Add("eps", eps);

    public static string Name => "logit";
    public static OpInfo Info => new()
    {
        Formula = "ln(x/(1 - x))",
        Torch = "torch.logit(x)",
        FormulaNames = ["logit"],
        Inverse = "sigmoid",
        Facts = OpFacts.Whole,
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Probability;

    private readonly ClampOp _clamp = eps is { } e ? new ClampOp(e, 1 - e) : default;
    private readonly double _low = eps ?? 0;
    private readonly double _outside = eps is null ? double.NaN : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Clamped<V>(V x) where V : IAlgebra<V> => eps is null ? x : _clamp.Value(x);
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<LogOp>(Clamped(x) / (1 - Clamped(x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(x, V.Constant(_low), V.Constant(_outside),
        V.IfLess(V.Constant(1 - _low), x, V.Constant(_outside),
        V.IfEqual(x, x, V.IsFormula ? 1 / (x * (1 - x)) : 1 / (Clamped(x) * (1 - Clamped(x))), V.Constant(_outside))));
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ln(x/(1 − x)).</summary>
        public V Logit(double? eps = null) => V.Apply(new LogitOp(eps), x);
    }
}

public static partial class Special
{
    /// <summary>ln(x/(1 − x)): torch.special.logit, <see cref="Tensor.Logit"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="eps">Keeps x in [ε, 1 − ε]; null for not.</param>
    public static Tensor Logit(Tensor x, double? eps = null) => x.Given().Logit(eps);
}
