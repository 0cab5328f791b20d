using Adjoint.Nn;

namespace Adjoint.Benchmarks.Ops;

/// <summary>
/// What rows are called with: x and y [size/1000, 1000] between 0.05 and 0.95, w of a row, and places. As <c>contiguous</c> says, or
/// x <c>transposed</c>, or y <c>broadcast</c> from one row.
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
    }

    private Arguments(Arguments a, Tensor x, Tensor y, Tensor w, Tensor b, Tensor doubles)
    {
        (X, Y, W, B, Doubles) = (x, y, w, b, doubles);
        (Places, RowPlaces, Chosen, Other, Whole, Bytes) = (a.Places, a.RowPlaces, a.Chosen, a.Other, a.Whole, a.Bytes);
    }

    public Tensor X { get; }
    public Tensor Y { get; }
    public Tensor W { get; }
    public Tensor B { get; }
    public Tensor Places { get; }
    public Tensor RowPlaces { get; }
    public Tensor Chosen { get; }
    public Tensor Other { get; }
    public BatchNorm1d Norm { get; } = new(Width);
    public Tensor Doubles { get; }
    public Tensor Whole { get; }
    public Tensor Bytes { get; }

    /// <summary>The same with new leaves, whose gradients begin empty.</summary>
    public Arguments AsLeaves() => new(this, Leaf(X), Leaf(Y), Leaf(W), Leaf(B), Leaf(Doubles));

    private static Tensor Leaf(Tensor x) => x.Detach().RequiresGradInPlace();

    private static Tensor Numbers(int count, ulong seed) => Tensor.Rand([count], generator: new Generator(seed)) * 0.9 + 0.05;
}
