namespace Adjoint;

public partial class Tensor
{
    /// <summary>Radians to degrees, element by element.</summary>
    public Tensor Rad2Deg() => Unary.Apply(new Rad2DegOp(), this);

    /// <summary>x = rad2deg x, in place: <see cref="Rad2Deg"/>.</summary>
    public Tensor Rad2DegInPlace() => Unary.ApplyInPlace(new Rad2DegOp(), this);
}

/// <summary>y = x·180/π,   dy/dx = 180/π.</summary>
internal readonly struct Rad2DegOp : IUnaryOp
{
    public static string Name => "rad2deg";
    public static OpInfo Info => new()
    {
        Formula = "x*180/pi",
        Torch = "torch.rad2deg(x)",
        FormulaNames = ["rad2deg"],
        Word = "Rad2Deg",
    };
    public static Saves Saves => Saves.None;
    public V Value<V>(V x) where V : IAlgebra<V> => x * (180 / Math.PI);
    public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(180 / Math.PI);
}

public static partial class AlgebraWords
{
    extension<V>(V x) where V : IAlgebra<V>
    {
        /// <summary>x·180/π.</summary>
        public V Rad2Deg() => default(Rad2DegOp).Value(x);
    }
}
