namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The vector product x × y of the vectors along a dimension of size 3: z₁ = x₂·y₃ − x₃·y₂ and so on; the shapes broadcast.
    /// </summary>
    /// <param name="other">y.</param>
    /// <param name="dim">The dimension; by default the first of size 3.</param>
    /// <exception cref="ShapeException">The dimension has not size 3 in both, or the shapes do not broadcast.</exception>
    public Tensor Cross(Tensor other, int? dim = null)
    {
        try
        {
            return CrossProduct.Of(this, other.Given(), dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(Cross)))
        {
            throw;
        }
    }
}

public static partial class Linalg
{
    /// <summary>The vector product x × y of the vectors along a dimension of size 3: torch.linalg.cross, <see
    /// cref="Tensor.Cross"/>.</summary>
    /// <param name="x">x.</param>
    /// <param name="other">y; the shapes broadcast.</param>
    /// <param name="dim">The dimension; negative ones count from the end.</param>
    /// <exception cref="ShapeException">The dimension has not size 3 in both, or the shapes do not broadcast.</exception>
    public static Tensor Cross(Tensor x, Tensor other, int dim = -1) =>
        Tensor.Speaking("Linalg.Cross", () => CrossProduct.Of(x.Given(), other.Given(), dim));
}

/// <summary>Vector products: what is asked for, in the form of <see cref="CrossOp"/>.</summary>
internal static class CrossProduct
{
    internal static Tensor Of(Tensor x, Tensor y, int? dim)
    {
        if (x.NDim != y.NDim)
            throw new ShapeException($"Cross: the shapes {x.Shape} and {y.Shape} must have as many dimensions.");
        int d = dim is { } given ? x.Shape.Wrap(given) : x.Shape.Sizes.IndexOf(3);
        if (d < 0 || x.NDim == 0 || x.Shape[d] != 3 || y.Shape[d] != 3)
            throw new ShapeException(
                $"Cross: needs a dimension of size 3, but {(dim is null ? "none" : $"dimension {d}")} of the shapes {x.Shape} "
                + $"and {y.Shape} "
                + "has it.");
        DType dtype = DTypes.Promote(x.DType, y.DType);
        if (dtype.IsBool) throw new DTypeException("Cross: is not defined for Bool tensors. Convert one with To(DType.Int64).");
        Shape shape = Binary.BroadcastShape("Cross", x, y);
        return Bilinear.Apply(new CrossOp(d), x.To(dtype).Expand(shape), y.To(dtype).Expand(shape));
    }
}

/// <summary>z = x × y along a dimension,   dx = y × g,   dy = g × x.</summary>
internal readonly struct CrossOp(int dim) : IBilinearOp, IByHand
{
    public string NodeName => "LinalgCrossBackward0";

    public (string Left, string Right) Arguments => ("self", "other");

    public void Describe(OpAttributes to) => to.Add("dim", dim);

    public Tensor Forward(Tensor x, Tensor y)
    {
        (x, y) = (Elements.ToContiguous(x), Elements.ToContiguous(y));
        int inner = 1;
        for (int d = dim + 1; d < x.NDim; d++) inner *= x.Shape[d];
        var work = new Work(x, y, Tensor.Uninitialized(x.Shape, x.DType), inner);
        Dispatch.Number(x.DType, ref work);
        return work.Z;
    }

    public Tensor GradientOfLeft(Tensor g, Tensor y) => Bilinear.Apply(this, y, g);

    public Tensor GradientOfRight(Tensor g, Tensor x) => Bilinear.Apply(this, g, x);

    public void Write(Hand hand) => hand.Rows(dim, e =>
    {
        string X(int i) => hand.Element(e[0].At($"{i % 3}"), e[2].Word);
        string Y(int i) => hand.Element(e[1].At($"{i % 3}"), e[2].Word);
        // C# computes with bytes as ints.
        string cast = e[2].DType.IsFloatingPoint ? "" : $"({e[2].Word})";
        for (int i = 0; i < 3; i++) hand.Store(e[2].At($"{i}"), $"{cast}({X(i + 1)} * {Y(i + 2)} - {X(i + 2)} * {Y(i + 1)})");
    }, hand.Input(0), hand.Input(1), hand.Result);

    private readonly struct Work(Tensor x, Tensor y, Tensor z, int inner) : INumberWork
    {
        internal Tensor Z => z;

        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            using var memory = new Loan();
            Kernels.CrossProducts.Run<T>(memory.Of<T>(x), memory.Of<T>(y), memory.Of<T>(z), inner);
        }
    }
}

public static partial class OpTable
{
    private static Op Cross => Op.Of(OpKind.Bilinear, "cross", (x, y) => x.Cross(y, 1), Cube, new OpInput([2, 3, 1], Domain.Reals),
        new() { Formula = "x × y", Torch = "torch.linalg.cross(x, y, dim=1)" });
}
