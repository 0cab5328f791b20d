using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>The error function, element by element.</summary>
    public Tensor Erf() => Unary.Apply(new ErfOp(), this);

    /// <summary>x = erf x, in place: <see cref="Erf"/>.</summary>
    public Tensor ErfInPlace() => Unary.ApplyInPlace(new ErfOp(), this);
}

/// <summary>y = erf x = 2/√π ∫₀ˣ e⁻ᵗ² dt,   dy/dx = 2/√π · e⁻ˣ².</summary>
internal readonly struct ErfOp : IPrimitive
{
    public static string Name => "erf";
    public static OpInfo Info => new()
    {
        Formula = "erf(x)",
        Torch = "torch.erf(x)",
        FormulaNames = ["erf"],
        Onnx = "Erf",
        Facts = OpFacts.Odd | OpFacts.Total | OpFacts.Smooth,
        Ulps = (1, 1),
    };
    public static Saves Saves => Saves.Input;
    public static bool IsLong => true;
    public V Value<V>(V x) where V : IAlgebra<V> => V.Inlined<ErfOp>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => 2 / Math.Sqrt(Math.PI) * V.Inlined<ExpOp>(-(x * x));
    public static R Evaluate<R, T>(R x) where R : struct, IRegister<R, T> where T : unmanaged => Registers.Erf<R, T>(x);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>The error function.</summary>
        public V Erf() => V.Apply<ErfOp>(x);
    }
}

public static partial class Special
{
    /// <summary>torch.special.erf, <see cref="Tensor.Erf()"/>.</summary>
    /// <param name="x">x.</param>
    public static Tensor Erf(Tensor x) => x.Given().Erf();
}
