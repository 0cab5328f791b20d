using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Which of the tensors of a sampling is computed from the others.</summary>
internal enum CornersFace
{
    /// <summary>y of x and w: the sampling.</summary>
    Output,

    /// <summary>x of y and w: its transpose.</summary>
    Input,

    /// <summary>w of y and x: the gradient of the weights.</summary>
    Weight,
}

/// <summary>
/// The faces of Σ w[n, k, p]·x[n, c, i(n, k, p)]·y[n, c, p], where i is an element at a corner of place p, and all channels have the same
/// corners. The gradients of each face are the other two. Inputs behind the two factors say where corners are along each dimension:
/// [n, taps, p], whole numbers; what is none of x counts as 0.
/// </summary>
/// <param name="sizes">The sizes.</param>
/// <param name="dims">How many dimensions x has, two or three.</param>
/// <param name="face">What is computed.</param>
internal readonly struct CornersOp(CornerSizes sizes, int dims, CornersFace face) : ITensorOperation, IByHand
{
    internal CornersFace Face => face;

    public string Name => $"grid_sampler_{dims}d" + (face == CornersFace.Output ? "" : "_backward");

    internal string NodeName =>
        face == CornersFace.Output ? $"GridSampler{dims}DBackward0" : $"GridSampler{dims}DBackwardBackward0";

    public string Formula => face switch
    {
        CornersFace.Output => "Σ y·x over corners",
        CornersFace.Input => "Σ x·y over the places with a corner here",
        _ => "Σ x·y over channels",
    };

    public void Describe(OpAttributes to)
    {
        to.Add("face", face.ToString());
        to.Add("size", Along.Select(d => d.Size).ToArray());
    }

    /// <summary>The same sizes, seen from another side.</summary>
    internal Tensor Apply(CornersFace other, Tensor a, Tensor b, Tensor[] at) => new CornersOp(sizes, dims, other).Apply(a, b, at);

    internal Tensor Apply(Tensor a, Tensor b, Tensor[] at) => Door.Run(this, [a, b, .. at]);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> x)
    {
        Tensor a = x[0]!, b = x[1]!, y = Tensor.Uninitialized(here, Result, a.DType);
        Tensor[] at = [.. x[2..]!];
        var work = new Work(sizes, face, Elements.ToContiguous(a), Elements.ToContiguous(b), [.. at.Select(Elements.ToContiguous)], y);
        Dispatch.Floating(y.DType, "GridSample", ref work);
        return History.IsWanted(here, a, b)
            ? History.Record(here, y, new RuleNode<CornersRule>(here, new CornersRule(here, this, a, b, at), a, b), a, b)
            : y;
    }

    public void Write(Hand hand) => CornersHand.Write(hand, sizes, dims, face);

    private CornerDim[] Along => [.. ((CornerDim[])[sizes.Depth, sizes.Height, sizes.Width])[(3 - dims)..]];

    private Shape Result => face switch
    {
        CornersFace.Output => [sizes.Batch, sizes.Channels, sizes.Places],
        CornersFace.Input => [sizes.Batch, sizes.Channels, sizes.Inputs],
        _ => [sizes.Batch, sizes.Corners, sizes.Places],
    };

    private readonly struct Work(CornerSizes sizes, CornersFace face, Tensor a, Tensor b, Tensor[] at, Tensor y) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            CornerPlaces<T> places = new(
                memory.OfNullable<T>(at.Length == 3 ? at[0] : null), memory.Of<T>(at[^2]), memory.Of<T>(at[^1]));
            if (face == CornersFace.Output) Corners.Output<T>(sizes, memory.Of<T>(a), memory.Of<T>(b), places, memory.Of<T>(y));
            else if (face == CornersFace.Input) Corners.Input<T>(sizes, memory.Of<T>(a), memory.Of<T>(b), places, memory.Of<T>(y));
            else Corners.Weight<T>(sizes, memory.Of<T>(a), memory.Of<T>(b), places, memory.Of<T>(y));
        }
    }
}

/// <summary>The rule of a <see cref="CornersOp"/>: the product rule.</summary>
internal struct CornersRule : IRule
{
    private readonly CornersOp _op;
    private readonly Saved[] _at;
    private BilinearFactors _saved;

    internal CornersRule(Here here, CornersOp op, Tensor a, Tensor b, Tensor[] at)
    {
        (_op, _saved, _at) = (op, new(here, a, b), new Saved[at.Length]);
        for (int d = 0; d < at.Length; d++) _at[d] = Saved.Input(here, at[d]);
    }

    public readonly string NodeName => _op.NodeName;

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor g = gradients[0]!;
        Tensor[] at = At(node);
        if (wanted[0])
        {
            Tensor b = _saved.Right(node);
            dx[0] = _op.Face switch
            {
                CornersFace.Output => _op.Apply(CornersFace.Input, g, b, at),
                CornersFace.Input => _op.Apply(CornersFace.Output, g, b, at),
                _ => _op.Apply(CornersFace.Output, b, g, at),
            };
        }
        if (wanted[1])
        {
            Tensor a = _saved.Left(node);
            dx[1] = _op.Face switch
            {
                CornersFace.Output => _op.Apply(CornersFace.Weight, g, a, at),
                CornersFace.Input => _op.Apply(CornersFace.Weight, a, g, at),
                _ => _op.Apply(CornersFace.Input, a, g, at),
            };
        }
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor[] at = At(node);
        Tensor? left = t[0] is { } ta ? _op.Apply(ta, _saved.Right(node), at) : null;
        Tensor? right = t[1] is { } tb ? _op.Apply(_saved.Left(node), tb, at) : null;
        dy[0] = left is null || right is null ? left ?? right : left + right;
    }

    public readonly void Show(SavedValues to)
    {
        string left = _op.Face == CornersFace.Output ? "input" : "grad_output";
        _saved.Show(to, (left, _op.Face == CornersFace.Weight ? "input" : "weight"));
        _op.Describe(to.Attributes);
    }

    public void Free()
    {
        _saved.Free();
        for (int d = 0; d < _at.Length; d++) _at[d].Free();
    }

    private readonly Tensor[] At(Node node)
    {
        var at = new Tensor[_at.Length];
        for (int d = 0; d < at.Length; d++) at[d] = _at[d].Get(node);
        return at;
    }
}
