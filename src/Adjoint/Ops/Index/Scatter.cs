namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy with y[…, index[i, j, …], …] = source[i, j, …]: the counterpart of <see cref="Gather"/>.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">Int64 places, as many dimensions as this tensor.</param>
    /// <param name="source">What is written; no smaller than the index.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    /// <exception cref="ShapeException">Index and source do not fit.</exception>
    public Tensor Scatter(int dim, Tensor index, Tensor source) =>
        Update.Apply(ScatterOp.Of("ScatterBackward0", this, dim, index.Given(), source.Given(), false), this, source);

    /// <summary>A copy with a number at the places that the index names along a dimension.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor Scatter(int dim, Tensor index, Number value) =>
        Update.Apply(ScatterOp.Of("ScatterBackward1", this, dim, index.Given(), null, false), this, Update.Value(this, value));

    /// <summary>A copy to which a source is added at the places that the index names along a dimension.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor ScatterAdd(int dim, Tensor index, Tensor source) =>
        Update.Apply(ScatterOp.Of("ScatterAddBackward0", this, dim, index.Given(), source.Given(), true), this, source);

    /// <summary>Writes a source to the places that the index names along a dimension, in place.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor ScatterInPlace(int dim, Tensor index, Tensor source) =>
        Update.ApplyInPlace(ScatterOp.Of("ScatterBackward0", this, dim, index.Given(), source.Given(), false), this, source);

    /// <summary>Writes a number to the places that the index names along a dimension, in place.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor ScatterInPlace(int dim, Tensor index, Number value) =>
        Update.ApplyInPlace(ScatterOp.Of("ScatterBackward1", this, dim, index.Given(), null, false), this, Update.Value(this, value));

    /// <summary>Adds a source to the places that the index names along a dimension, in place.</summary>
    /// <inheritdoc cref="Scatter(int, Tensor, Tensor)"/>
    public Tensor ScatterAddInPlace(int dim, Tensor index, Tensor source) =>
        Update.ApplyInPlace(ScatterOp.Of("ScatterAddBackward0", this, dim, index.Given(), source.Given(), true), this, source);
}

/// <summary>y = x with a source at one index along a dimension, or added there.</summary>
// isGiven: the index comes from elsewhere, and is checked when it is used.
internal readonly struct ScatterOp(string nodeName, int dim, Tensor index, bool accumulate, bool isGiven = false) : IUpdateOp,
    IHolder<ScatterOp>
{
    public IReadOnlyList<Tensor> Held => [index];

    public ScatterOp Holding(IReadOnlyList<Tensor> held) =>
        ReferenceEquals(held[0], index) ? this : new(nodeName, dim, IndexTensors.Like(held[0], index), accumulate, isGiven: true);

    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("index", index);
        to.Add("accumulate", accumulate);
    }

    private readonly int _version = index.ChangeCount;

    public string NodeName => nodeName;

    public bool Adds => accumulate;

    internal static ScatterOp Of(string nodeName, Tensor x, int dim, Tensor index, Tensor? source, bool accumulate) =>
        new(nodeName, x.Shape.Wrap(dim), Checked(nodeName, x, dim, index, source), accumulate);

    /// <summary>The index as places that exist, none of which lacks a number of the source.</summary>
    internal static Tensor Checked(string nodeName, Tensor x, int dim, Tensor index, Tensor? source)
    {
        Tensor places = Picking.Checked(Adjoint.NodeName.Words(nodeName), x, dim, index);
        bool fits = source is null || index.NumEl == 0 || source.NDim == index.NDim;
        for (int d = 0; fits && source is not null && index.NumEl > 0 && d < index.NDim; d++) fits = index.Shape[d] <= source.Shape[d];
        if (!fits)
            throw new ShapeException(
                $"{Adjoint.NodeName.Words(nodeName)}: the source of shape {source!.Shape} is smaller than the index of shape "
                + $"{index.Shape}.");
        return places;
    }

    public void Write(Tensor target, Tensor source)
    {
        if (isGiven) IndexTensors.RequireInside(index, target.NDim == 0 ? 1 : target.Shape[dim]);
        if (source.NDim == 0 && index.NDim > 0) source = source.Alias(index.Shape, new int[index.NDim], source.Offset);
        Picking.Write(target, dim, index, source, accumulate);
    }

    public void Write(Hand hand, HandTensor target, HandTensor source)
    {
        bool adds = accumulate;
        HandTensor places = hand.Input(2);
        if (places.Shape.NumEl == 0) return;
        HandTensor values = source.Shape.NDim == 0 ? source.Expanded(places.Shape) : source.As(places.Shape, source.Strides, source.Offset);
        Picking.Write(hand, target, dim, places, values, (x, y) =>
            hand.Line($"{hand.Element(x)} {(adds ? Hand.Plus(x.Word) : "=")} {hand.Element(y, x.Word)};"));
    }

    public Tensor Keep(Tensor g) => accumulate ? g : g.Scatter(dim, IndexTensors.Unchanged(NodeName, index, _version), 0.0);

    public Tensor Read(Tensor g) => g.Gather(dim, IndexTensors.Unchanged(NodeName, index, _version));
}

public static partial class OpTable
{
    private static Op Scatter =>
        Op.Of(OpKind.Linear, "scatter", (x, y) => x.Scatter(1, Places(0, 3, 2, 1).Reshape(2, 2), y), Matrix, Matrix,
            new()
            {
                Formula = "x with y[i, j] at [i, place[i, j]]",
                Torch = "x.scatter(1, places(0, 3, 2, 1).reshape(2, 2), y[:2, :2])",
                Onnx = "ScatterElements",
            });

    private static Op ScatterValue => Op.Of(OpKind.Linear, "scatter_value", x => x.Scatter(1, Places(0, 3, 2, 1).Reshape(2, 2), 2), Matrix,
        new() { Formula = "x with a number at [i, place[i, j]]", Torch = "x.scatter(1, places(0, 3, 2, 1).reshape(2, 2), 2)" });

    private static Op ScatterAdd =>
        Op.Of(OpKind.Linear, "scatter_add", (x, y) => x.ScatterAdd(1, Places(3, 3, 2, 1).Reshape(2, 2), y), Matrix, Matrix,
            new()
            {
                Formula = "x with y[i, j] added at [i, place[i, j]]",
                Torch = "x.scatter_add(1, places(3, 3, 2, 1).reshape(2, 2), y[:2, :2])",
            });
}
