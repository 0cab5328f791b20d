using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>−1, 0 or 1 for x below, at or above 0, element by element.</summary>
    public Tensor Sign() => Unary.Apply(new SignOp(), this);

    /// <summary>x = sign x, in place.</summary>
    public Tensor SignInPlace() => Unary.ApplyInPlace(new SignOp(), this);
}

/// <summary>y = −1, 0 or 1 for x below, at or above 0,   dy/dx = 0.</summary>
internal readonly struct SignOp : IUnaryOp
{
    public static string Name => "sign";
    public static OpInfo Info => new()
    {
        Formula = "if(x < 0, -1, if(x > 0, 1, 0))",
        Torch = "torch.sign(x)",
        FormulaNames = ["sign"],
        NamesElsewhere = ["sgn", "signum"],
        DotNet = "double.Sign",
        Onnx = "Sign",
    };
    public static Saves Saves => Saves.None;
    public static bool KeepsIntegers => true;
    public static Domain Domain => Domain.Reals.Without(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : IAlgebra<V> =>
        V.IfLess(V.Constant(0), x, V.Constant(1), V.IfLess(x, V.Constant(0), V.Constant(-1), V.Constant(0)));
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(0);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>−1, 0 or 1 for x below, at or above 0.</summary>
        public V Sign() => default(SignOp).Value(x);
    }
}
