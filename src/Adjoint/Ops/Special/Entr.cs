using System.Runtime.CompilerServices;

namespace Adjoint;

public static partial class Special
{
    /// <summary>−x·ln x, element by element: 0 at 0, −∞ below it. The entropy of probabilities is its sum: torch.special.entr.</summary>
    /// <param name="x">x.</param>
    public static Tensor Entr(Tensor x) => Unary.Apply(new EntrOp(), x.Given());
}

/// <summary>y = −x·ln x, 0 at 0, −∞ below,   dy/dx = −(1 + ln x).</summary>
internal readonly struct EntrOp : IUnaryOp
{
    public static string Name => "entr";
    public static OpInfo Info => new()
    {
        Formula = "if(0 < x, -x*ln(x), if(x = 0, 0, if(x < 0, -Infinity, x)))",
        Torch = "torch.special.entr(x)",
        FormulaNames = ["entr"],
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Positive;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, -x * V.Inlined<LogOp>(x),
        V.IfEqual(x, V.Constant(0), V.Constant(0), V.IfLess(x, V.Constant(0), V.Constant(double.NegativeInfinity), x)));
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => -(V.Inlined<LogOp>(x) + 1);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>−x·ln x; 0 at 0, −∞ below.</summary>
        public V Entr() => V.Apply(new EntrOp(), x);
    }
}
