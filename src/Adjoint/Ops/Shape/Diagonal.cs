namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view of the diagonals of two dimensions, which become the last one.</summary>
    /// <param name="offset">0 for the main diagonal, positive above it, negative below.</param>
    /// <param name="dim1">The dimension of rows.</param>
    /// <param name="dim2">The dimension of columns.</param>
    /// <exception cref="ShapeException">The two dimensions are one, or do not exist.</exception>
    public Tensor Diagonal(int offset = 0, int dim1 = 0, int dim2 = 1) => Linear.View(DiagonalOp.Of(this, offset, dim1, dim2), this);

    /// <summary>A tensor whose last two dimensions are matrices with this tensor's last dimension on their diagonal.</summary>
    /// <param name="offset">0 for the main diagonal, positive above it, negative below.</param>
    public Tensor DiagEmbed(int offset = 0) => DiagonalOp.Embed(this, offset, -2, -1);

    /// <summary>A tensor with matrices in two of its dimensions, with this tensor's last dimension on their diagonal.</summary>
    /// <param name="offset">0 for the main diagonal, positive above it, negative below.</param>
    /// <param name="dim1">The dimension of rows, in the result.</param>
    /// <param name="dim2">The dimension of columns, in the result.</param>
    /// <exception cref="ShapeException">The two dimensions are one, or do not exist.</exception>
    public Tensor DiagEmbed(int offset, int dim1, int dim2) => DiagonalOp.Embed(this, offset, dim1, dim2);

    /// <summary>The diagonal of a matrix (a copy), or the matrix with a vector on its diagonal.</summary>
    /// <param name="diagonal">0 for the main diagonal, positive above it, negative below.</param>
    /// <exception cref="ShapeException">The tensor is neither vector nor matrix.</exception>
    public Tensor Diag(int diagonal = 0) => DiagonalOp.Diag(this, diagonal);
}

/// <summary>yᵢ = x[…, i, i + offset, …]; its transpose puts the gradient on the diagonal among zeros.</summary>
internal readonly struct DiagonalOp(int offset, int dim1, int dim2) : ILinearOp
{
    public void Describe(OpAttributes to)
    {
        to.Add("offset", offset);
        to.Add("dim1", dim1);
        to.Add("dim2", dim2);
    }

    public string NodeName => "DiagonalBackward0";

    internal static DiagonalOp Of(Tensor x, int offset, int dim1, int dim2)
    {
        if (x.NDim < 2) throw new ShapeException($"Diagonal: needs at least two dimensions, but the shape is {x.Shape}.");
        int d1 = x.Shape.Wrap(dim1), d2 = x.Shape.Wrap(dim2);
        if (d1 == d2)
            throw new ShapeException($"Diagonal: needs two different dimensions, but {dim1} and {dim2} are one (shape {x.Shape}).");
        return new DiagonalOp(offset, d1, d2);
    }

    internal static Tensor Embed(Tensor x, int offset, int dim1, int dim2)
    {
        if (x.NDim == 0) throw new ShapeException("DiagEmbed: needs at least one dimension.");
        long n = x.Shape[-1] + Math.Abs((long)offset);
        Shape shape = Shape.Computed([.. x.Shape.SkipLast(1), n, n]);
        int d1 = shape.Wrap(dim1), d2 = shape.Wrap(dim2);
        if (d1 == d2) throw new ShapeException($"DiagEmbed: needs two different dimensions, but {dim1} and {dim2} are one.");
        Queue<int> others = new(x.Shape.SkipLast(1));
        shape = [.. Enumerable.Range(0, shape.NDim).Select(d => d == d1 || d == d2 ? (int)n : others.Dequeue())];
        return Linear.Apply(new DiagEmbedOp(new EmbedOp<DiagonalOp>(new DiagonalOp(offset, d1, d2), shape)), x);
    }

    internal static Tensor Diag(Tensor x, int offset) => x.NDim switch
    {
        1 => x.DiagEmbed(offset),
        2 => x.Diagonal(offset).Clone(),
        _ => throw new ShapeException($"Diag: needs a vector or a matrix, but the shape is {x.Shape}. Use Diagonal or DiagEmbed."),
    };

    public Tensor Forward(Tensor x)
    {
        long row = Math.Max(-(long)offset, 0), column = Math.Max(offset, 0);
        int length = (int)Math.Max(0, Math.Min(x.Shape[dim1] - row, x.Shape[dim2] - column));
        int start = length > 0 ? (int)(x.Offset + row * x.Strides[dim1] + column * x.Strides[dim2]) : x.Offset;
        var sizes = new List<int>(x.NDim);
        var strides = new List<int>(x.NDim);
        for (int d = 0; d < x.NDim; d++)
        {
            if (d == dim1 || d == dim2) continue;
            sizes.Add(x.Shape[d]);
            strides.Add(x.Strides[d]);
        }
        return x.Alias([.. sizes, length], [.. strides, Layout.Stride((long)x.Strides[dim1] + x.Strides[dim2])], start);
    }

    public Tensor Apply(Tensor x) => x.Diagonal(offset, dim1, dim2);

    public Tensor Transpose(Tensor g, TensorFacts x) => EmbedOp<DiagonalOp>.Apply(this, g, x.Shape);
}

/// <summary>y[…, i, i + offset] = xᵢ among zeros: what the gradient of a diagonal does, called by its own name.</summary>
internal readonly struct DiagEmbedOp(EmbedOp<DiagonalOp> embed) : ILinearOp
{
    public void Describe(OpAttributes to) => embed.Describe(to);

    public string NodeName => "DiagEmbedBackward0";

    public Tensor Forward(Tensor x) => embed.Forward(x);

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public Tensor Transpose(Tensor g, TensorFacts x) => embed.Transpose(g, x);
}

public static partial class OpTable
{
    private static Op Diagonal => Op.Of(OpKind.Linear, "diagonal", x => x.Diagonal(1, 1, 2), Cube,
        new() { Formula = "x[…, i, i + k]", Torch = "x.diagonal(1, 1, 2)" });

    private static Op DiagEmbed => Op.Of(OpKind.Linear, "diag_embed", x => x.DiagEmbed(-1), Matrix,
        new() { Formula = "y[…, i, i + k] = x[…, i], elsewhere 0", Torch = "x.diag_embed(-1)" });

    private static Op Diag => Op.Of(OpKind.Composite, "diag", x => x.Diag(), Matrix,
        new() { Formula = "x[i, i]; of a row the matrix with that diagonal", Torch = "x.diag()" });
}
