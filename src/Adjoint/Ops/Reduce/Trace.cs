namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The sum of the diagonal of a matrix; integers and bools add up as Int64.</summary>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    public Tensor Trace() => Linear.Apply(new TraceOp(), SumOp.Accumulable(this));

    /// <summary>The differences of neighbours along a dimension.</summary>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor Diff(int dim = -1)
    {
        try
        {
            return Slice(dim, 1) - Slice(dim, 0, -1);
        }
        catch (TensorException e) when (e.IsOf(nameof(Diff)))
        {
            throw;
        }
    }

    /// <summary>The differences of neighbours along a dimension, so many times, of what stands there after something was put beside it.</summary>
    /// <param name="n">How many times; not negative.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="prepend">What is put before it: a tensor or a number.</param>
    /// <param name="append">What is put behind it: a tensor or a number.</param>
    /// <exception cref="ShapeException">There is no such dimension, or what is put beside it has other sizes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">n is negative.</exception>
    public Tensor Diff(int n, int dim, Tensor? prepend = null, Tensor? append = null)
    {
        try
        {
            return Differences.Of(this, n.AtLeast(0), dim, prepend, append);
        }
        catch (TensorException e) when (e.IsOf(nameof(Diff)))
        {
            throw;
        }
    }
}

/// <summary>Differences of neighbours, again and again.</summary>
internal static class Differences
{
    internal static Tensor Of(Tensor x, int n, int dim, Tensor? prepend, Tensor? append)
    {
        if (x.NDim == 0) throw new ShapeException("Diff: a tensor without dimensions has no neighbours.");
        int d = x.Shape.Wrap(dim);
        if (prepend is not null || append is not null)
        {
            Tensor[] all = [.. new[] { Beside(prepend, x, d), x, Beside(append, x, d) }.Where(part => part is not null)!];
            x = Tensor.Cat(all, d);
        }
        for (int i = 0; i < n && x.Shape[d] > 0; i++)
        {
            int size = x.Shape[d];
            Tensor after = x.Narrow(d, 1, size - 1), before = x.Narrow(d, 0, size - 1);
            x = x.DType.IsBool ? after ^ before : after - before;
        }
        return x;
    }

    // A number stands beside each row.
    private static Tensor? Beside(Tensor? part, Tensor x, int dim)
    {
        if (part is not { NDim: 0 }) return part;
        int[] sizes = x.Shape.Sizes.ToArray();
        sizes[dim] = 1;
        return (part.IsNumber ? part.To(x.DType) : part).Expand(Shape.Of(sizes));
    }
}

/// <summary>y = Σ xᵢᵢ; its transpose puts g on the diagonal.</summary>
internal readonly struct TraceOp : ILinearOp, IByHand
{
    public string NodeName => "TraceBackward0";

    public Tensor Forward(Tensor x)
    {
        if (x.NDim != 2) throw new ShapeException($"Trace: needs a matrix, but the shape is {x.Shape}.");
        return Reduction.Sum(DiagonalOp.Of(x, 0, 0, 1).Forward(x), [0], keepDim: false);
    }

    public Tensor Apply(Tensor x) => x.Trace();

    public void Write(Hand hand) =>
        HandSums.Write(hand, HandFold.Sum, hand.Input(0).As(x => DiagonalOp.Of(x, 0, 0, 1).Forward(x)), [0], hand.Result);

    public Tensor Transpose(Tensor g, TensorFacts x) =>
        EmbedOp<DiagonalOp>.Apply(new DiagonalOp(0, 0, 1), g.Expand([Math.Min(x.Shape[0], x.Shape[1])]), x.Shape);
}

public static partial class OpTable
{
    private static Op Trace => Op.Of(OpKind.Linear, "trace", x => x.Trace(), Matrix,
        new() { Formula = "Σ x[i, i]", Torch = "x.trace()" });

    private static Op Diff => Op.Of(OpKind.Composite, "diff", x => x.Diff(), Matrix,
        new() { Formula = "x[i + 1] − x[i]", Torch = "x.diff()" });

    private static Op DiffTwice => Op.Of(OpKind.Composite, "diff_n", (x, y) => x.Diff(2, 1, prepend: y, append: y * 2), Matrix, new OpInput([3, 1], Domain.Reals),
        new() { Formula = "the differences of x, several times", Torch = "x.diff(2, 1, prepend=y, append=y * 2)" });
}
