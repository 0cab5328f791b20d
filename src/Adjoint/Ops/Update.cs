namespace Adjoint;

/// <summary>
/// A function that writes a source to chosen places of x, or adds it there: linear in both. Its gradients are what of g is kept
/// for x, and what of g is read for the source.
/// </summary>
internal interface IUpdateOp
{
    /// <summary>PyTorch's node name: <c>IndexPutBackward0</c>.</summary>
    static abstract string NodeName { get; }

    /// <summary>The operation's name, for messages.</summary>
    static abstract string Operation { get; }

    /// <summary>Whether the source is added to what is there.</summary>
    bool Adds { get; }

    /// <summary>Writes to a contiguous target; the source has its dtype.</summary>
    void Write(Tensor target, Tensor source);

    /// <summary>The gradient of x: g, with zeros at places that are overwritten.</summary>
    Tensor Keep(Tensor g);

    /// <summary>The gradient of the source, before it is summed to its shape.</summary>
    Tensor Read(Tensor g);
}

/// <summary>The driver of updates.</summary>
internal static class Update
{
    /// <summary>A copy of x with the source written to it.</summary>
    internal static Tensor Apply<TOp>(TOp op, Tensor x, Tensor source) where TOp : struct, IUpdateOp
    {
        Tensor y = Elements.Copy(x);
        Write(op, y, Binary.Operand(source, x.DType));
        return History.IsWanted(x) || History.IsWanted(source) ? History.Record(y, new UpdateNode<TOp>(op, x, source), x, source) : y;
    }

    /// <summary>Writes the source to x itself.</summary>
    /// <exception cref="AutogradException">x must not be changed in place.</exception>
    internal static Tensor ApplyInPlace<TOp>(TOp op, Tensor x, Tensor source) where TOp : struct, IUpdateOp
    {
        x.CheckInPlace(TOp.Operation, x.RequiresGrad || source.RequiresGrad);
        if (source.SharesStorageWith(x)) source = source.Snapshot();
        Tensor values = Binary.Operand(source, x.DType);
        Tensor target = Elements.ToContiguous(x);
        Write(op, target, values);
        if (!ReferenceEquals(target, x)) Elements.CopyTo(target, x);
        x.BumpVersion();
        if (History.IsWanted(x) || History.IsWanted(source)) History.RecordInPlace(x, new UpdateNode<TOp>(op, x, source), [x, source]);
        return x;
    }

    // Sums of truth values are truth values: a byte would hold 2 and, after 256 of them, 0.
    private static void Write<TOp>(TOp op, Tensor target, Tensor source) where TOp : struct, IUpdateOp
    {
        if (!op.Adds || target.DType != DType.Bool)
        {
            op.Write(target, source);
            return;
        }
        Tensor counts = Elements.Cast(target, DType.Int64);
        op.Write(counts, Elements.Cast(source, DType.Int64));
        Elements.CopyTo(Elements.Cast(counts, DType.Bool), target);
    }

    /// <summary>A number to be written to every place.</summary>
    internal static Tensor Value(Tensor x, Number value) => Tensor.Full(Shape.Scalar, value, x.DType);

    internal static Tensor Scaled(Tensor x, Tensor source, Number? alpha)
    {
        if (alpha is not { } factor) return source;
        Promotion.Factor("IndexAdd", factor, x, source);
        return source * factor;
    }
}

/// <summary>The node of every update.</summary>
internal sealed class UpdateNode<TOp>(TOp op, Tensor x, Tensor source) : BinaryNode(x, source) where TOp : struct, IUpdateOp
{
    private readonly TensorFacts _x = TensorFacts.Of(x), _source = TensorFacts.Of(source);

    public override string Name => TOp.NodeName;

    public override IReadOnlyDictionary<string, object?> Saved => SavedValues.Of(this, op);

    private protected override void Vjp(Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = needsX ? op.Keep(g) : null;
        dy = needsY ? Fit(op.Read(g)) : null;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents) =>
        [Update.Apply(op, tangents[0] ?? Tensor.Zeros(_x.Shape, _x.DType), tangents[1] ?? Tensor.Zeros(_source.Shape, _source.DType))];

    // A source may have been larger than what was read of it, or broadcast to it.
    private Tensor Fit(Tensor g)
    {
        // An index without places may have any number of dimensions.
        if (g.NumEl == 0) return Tensor.Zeros(_source.Shape, _source.DType);
        if (g.NDim == _source.Shape.NDim && !g.Shape.Equals(_source.Shape))
        {
            for (int d = 0; d < g.NDim; d++)
            {
                int missing = _source.Shape[d] - g.Shape[d];
                if (missing <= 0) continue;
                int[] sizes = g.Shape.Sizes.ToArray();
                sizes[d] = missing;
                g = Tensor.Cat([g, Tensor.Zeros(Shape.Of(sizes), g.DType)], d);
            }
        }
        return g.SumTo(_source.Shape).To(_source.DType);
    }
}
