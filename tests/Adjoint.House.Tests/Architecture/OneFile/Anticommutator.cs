namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>x·y + y·x of square matrices.</summary>
    /// <param name="other">y, of the same size.</param>
    /// <exception cref="ShapeException">They are no square matrices of one size.</exception>
    public Tensor Anticommutator(Tensor other) => Bilinear.Apply(new AnticommutatorOp(), this, other.Given());
}

/// <summary>z = x·y + y·x,   dx = g·yᵀ + yᵀ·g,   dy = xᵀ·g + g·xᵀ: anticommutators again.</summary>
internal readonly struct AnticommutatorOp : IBilinearOp
{
    public string NodeName => "AnticommutatorBackward0";

    public (string Left, string Right) Arguments => ("self", "other");

    public Tensor Forward(Tensor a, Tensor b)
    {
        if (a.NDim != 2 || a.Shape[0] != a.Shape[1] || !a.Shape.Equals(b.Shape))
            throw new ShapeException($"Anticommutator: needs two square matrices of one size, but got {a.Shape} and {b.Shape}.");
        Tensor sum = Product.Forward(a, false, b, false);
        Elements.AddTo(Product.Forward(b, false, a, false), sum);
        return sum;
    }

    public Tensor GradientOfLeft(Tensor g, Tensor b) => g.Anticommutator(b.Transpose());

    public Tensor GradientOfRight(Tensor g, Tensor a) => g.Anticommutator(a.Transpose());
}

public static partial class OpTable
{
    private static Op Anticommutator => Op.Of(OpKind.Bilinear, "anticommutator", (x, y) => x.Anticommutator(y),
        new OpInput([3, 3], Domain.Reals), new OpInput([3, 3], Domain.Reals), new() { Formula = "x·y + y·x", Torch = "x.mm(y) + y.mm(x)" });
}
