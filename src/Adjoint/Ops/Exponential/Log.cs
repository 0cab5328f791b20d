namespace Adjoint;

public partial class Tensor
{
    /// <summary>The natural logarithm, element by element; −∞ at 0, NaN below.</summary>
    public Tensor Log() => Unary.Apply(new LogOp(), this);

    /// <summary>x = ln x, in place.</summary>
    public Tensor LogInPlace() => Unary.ApplyInPlace(new LogOp(), this);
}

/// <summary>y = ln x,   dy/dx = 1/x.</summary>
internal readonly struct LogOp : IPrimitive
{
    public static string Name => "log";
    public static OpInfo Info => new()
    {
        Formula = "ln(x)",
        Torch = "torch.log(x)",
        FormulaNames = ["ln", "log"],
        Latex = @"\ln",
        DotNet = "Math.Log",
        Onnx = "Log",
        Inverse = "exp",
        Facts = OpFacts.Smooth | OpFacts.Cancels,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public static Domain Domain => Domain.Positive;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<LogOp>(x);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 1 / x;
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Log<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>ln x.</summary>
        public V Log() => V.Apply<LogOp>(x);
    }
}
