using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>√x, element by element; NaN below 0.</summary>
    public Tensor Sqrt() => Unary.Apply(new SqrtOp(), this);

    /// <summary>x = √x, in place.</summary>
    public Tensor SqrtInPlace() => Unary.ApplyInPlace(new SqrtOp(), this);
}

/// <summary>y = √x,   dy/dx = 1/(2y).</summary>
internal readonly struct SqrtOp : IPrimitive
{
    public static string Name => "sqrt";
    public static OpInfo Info => new()
    {
        Formula = "sqrt(x)",
        Torch = "torch.sqrt(x)",
        FormulaNames = ["sqrt"],
        NamesElsewhere = ["root"],
        Latex = @"\sqrt{#}",
        DotNet = "Math.Sqrt",
        Onnx = "Sqrt",
        Inverse = "square",
        Facts = OpFacts.NotNegative | OpFacts.Smooth,
    };
    public static Saves Saves => Saves.Output;
    public static Domain Domain => Domain.Positive;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<SqrtOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 0.5 / y;
    public static bool IsShort => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => R.Sqrt(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>√x.</summary>
        public V Sqrt() => V.Apply<SqrtOp>(x);
    }
}
