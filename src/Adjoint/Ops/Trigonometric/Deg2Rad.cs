namespace Adjoint;

public partial class Tensor
{
    /// <summary>Degrees to radians, element by element.</summary>
    public Tensor Deg2Rad() => Unary.Apply(new Deg2RadOp(), this);

    /// <summary>x = deg2rad x, in place: <see cref="Deg2Rad"/>.</summary>
    public Tensor Deg2RadInPlace() => Unary.ApplyInPlace(new Deg2RadOp(), this);
}

/// <summary>y = x·π/180,   dy/dx = π/180.</summary>
internal readonly struct Deg2RadOp : IUnaryOp
{
    public static string Name => "deg2rad";
    public static OpInfo Info => new()
    {
        Formula = "x*pi/180",
        Torch = "torch.deg2rad(x)",
        FormulaNames = ["deg2rad"],
        Word = "Deg2Rad",
    };
    public static Saves Saves => Saves.None;
    public V Value<V>(V x) where V : IAlgebra<V> => x * (Math.PI / 180);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(Math.PI / 180);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x·π/180.</summary>
        public V Deg2Rad() => default(Deg2RadOp).Value(x);
    }
}
