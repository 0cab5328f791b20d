using Adjoint.Nn;

namespace Adjoint.Benchmarks.Ops;

/// <summary>
/// What rows are called with: x and y [size/1000, 1000] between 0.05 and 0.95, w of a row, places, and square matrices, n³ of which is the
/// size. As <c>contiguous</c> says, or x <c>transposed</c>, or y <c>broadcast</c> from one row.
/// </summary>
internal sealed class Arguments
{
    public const int Width = 1000;

    public Arguments(string layout, int size)
    {
        int rows = size / Width;
        Tensor x = Numbers(size, 1);
        X = layout == "transposed" ? x.Reshape(Width, rows).T : x.Reshape(rows, Width);
        Y = layout == "broadcast" ? Numbers(Width, 2) : Numbers(size, 2).Reshape(rows, Width);
        (W, B) = (Numbers(Width, 3), Numbers(Width, 4));
        Places = Tensor.RandInt(0, Width, [rows, Width], generator: new Generator(5));
        RowPlaces = Tensor.RandInt(0, rows, [rows], generator: new Generator(6));
        Chosen = X > 0.5;
        Other = Y > 0.3;
        Doubles = X.To(DType.Float64);
        (Whole, Bytes) = ((X * 1000).To(DType.Int64), (X * 255).To(DType.UInt8));
        (Side, Root) = ((int)Math.Round(Math.Cbrt(size)), (int)Math.Sqrt(size));
        Square = Numbers(Side * Side, 7).Reshape(Side, Side) / Side + Tensor.Eye(Side);
        Symmetric = (Square + Square.T) * 0.5;
        Factors = Linalg.LuFactor(Square);
        Grid = Tensor.Linspace(0, 1, 100);
    }

    public Tensor X { get; private set; }
    public Tensor Y { get; private set; }
    public Tensor W { get; private set; }
    public Tensor B { get; private set; }
    public Tensor Places { get; }
    public Tensor RowPlaces { get; }
    public Tensor Chosen { get; }
    public Tensor Other { get; }
    public BatchNorm1d Norm { get; } = new(Width);
    public Tensor Doubles { get; private set; }
    public Tensor Whole { get; }
    public Tensor Bytes { get; }
    public int Side { get; }
    public int Root { get; }
    public Tensor Square { get; private set; }
    public Tensor Symmetric { get; private set; }
    public (Tensor Lu, Tensor Pivots) Factors { get; }
    public Tensor Grid { get; }

    /// <summary>Ten products of ten by ten.</summary>
    public Tensor Left => X[..100].Reshape(10, 10, Width);
    public Tensor Right => Y[..100].Reshape(10, Width, 10);

    /// <summary>Whole numbers from 0 to 6.</summary>
    public Tensor Few => field ??= Places.Remainder(7);

    /// <summary>1 where x is chosen, else 0.</summary>
    public Tensor Truth => field ??= Chosen.To(DType.Float32);

    /// <summary>The same with new leaves, whose gradients begin empty.</summary>
    public Arguments AsLeaves()
    {
        var leaves = (Arguments)MemberwiseClone();
        (leaves.X, leaves.Y, leaves.W, leaves.B) = (Leaf(X), Leaf(Y), Leaf(W), Leaf(B));
        (leaves.Doubles, leaves.Square, leaves.Symmetric) = (Leaf(Doubles), Leaf(Square), Leaf(Symmetric));
        return leaves;
    }

    private static Tensor Leaf(Tensor x) => x.Detach().RequiresGradInPlace();

    private static Tensor Numbers(int count, ulong seed) => Tensor.Rand([count], generator: new Generator(seed)) * 0.9 + 0.05;
}
