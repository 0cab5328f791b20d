using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A copy with values at the places that indices and masks choose, see <see cref="Index"/>.</summary>
    /// <param name="indices">For each dimension an index, a mask or null.</param>
    /// <param name="values">What is written, broadcast to the shape of what is chosen.</param>
    /// <param name="accumulate">Add instead; places that are chosen several times get all of it.</param>
    /// <exception cref="TensorIndexException">An index is out of range.</exception>
    /// <exception cref="ShapeException">The values do not broadcast.</exception>
    public Tensor IndexPut(IReadOnlyList<Tensor?> indices, Tensor values, bool accumulate = false)
    {
        try
        {
            return Update.Apply(
                x: this, source: values.Given(), op: new IndexPutOp("IndexPutBackward0", IndexPlan.Of(Shape, indices.Given()), accumulate));
        }
        catch (TensorException e) when (e.IsOf(nameof(IndexPut)))
        {
            throw;
        }
    }

    /// <summary>Writes values to the places that indices and masks choose, in place.</summary>
    /// <inheritdoc cref="IndexPut"/>
    public Tensor IndexPutInPlace(IReadOnlyList<Tensor?> indices, Tensor values, bool accumulate = false)
    {
        try
        {
            return Update.ApplyInPlace(
                x: this, source: values.Given(), op: new IndexPutOp("IndexPutBackward0", IndexPlan.Of(Shape, indices.Given()), accumulate));
        }
        catch (TensorException e) when (e.IsOf(nameof(IndexPutInPlace)))
        {
            throw;
        }
    }

    /// <summary>A copy to whose slices at places along a dimension those of a source are added.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">Int64 places, one dimension; one may occur several times.</param>
    /// <param name="source">As many slices as there are places.</param>
    /// <param name="alpha">A factor of the source; by default 1.</param>
    /// <exception cref="TensorIndexException">A place does not exist.</exception>
    /// <exception cref="ShapeException">The source has not the shape of the chosen slices.</exception>
    public Tensor IndexAdd(int dim, Tensor index, Tensor source, Number? alpha = null) =>
        Update.Apply(
            x: this, source: Update.Scaled(this, source.Given(), alpha),
            op: new IndexPutOp("IndexAddBackward0", IndexPlan.Along("IndexAdd", this, dim, index.Given()), true));

    /// <summary>Adds the slices of a source to those at places along a dimension, in place.</summary>
    /// <inheritdoc cref="IndexAdd"/>
    public Tensor IndexAddInPlace(int dim, Tensor index, Tensor source, Number? alpha = null) =>
        Update.ApplyInPlace(
            x: this, source: Update.Scaled(this, source.Given(), alpha),
            op: new IndexPutOp("IndexAddBackward0", IndexPlan.Along("IndexAddInPlace", this, dim, index.Given()), true));

    /// <summary>A copy whose slices at places along a dimension are those of a source.</summary>
    /// <inheritdoc cref="IndexAdd"/>
    public Tensor IndexCopy(int dim, Tensor index, Tensor source) =>
        Update.Apply(
            x: this, source: source.Given(),
            op: new IndexPutOp("IndexCopyBackward0", IndexPlan.Along("IndexCopy", this, dim, index.Given()), false));

    /// <summary>Overwrites the slices at places along a dimension with those of a source, in place.</summary>
    /// <inheritdoc cref="IndexAdd"/>
    public Tensor IndexCopyInPlace(int dim, Tensor index, Tensor source) =>
        Update.ApplyInPlace(
            x: this, source: source.Given(),
            op: new IndexPutOp("IndexCopyBackward0", IndexPlan.Along("IndexCopyInPlace", this, dim, index.Given()), false));

    /// <summary>A copy whose slices at places along a dimension hold a number.</summary>
    /// <inheritdoc cref="IndexAdd"/>
    public Tensor IndexFill(int dim, Tensor index, Number value) =>
        Update.Apply(
            new IndexPutOp("IndexFillBackward0", IndexPlan.Along("IndexFill", this, dim, index.Given()), false), this,
            Update.Value(this, value));

    /// <summary>A copy whose slices at places along a dimension hold the element of a tensor without dimensions.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">The places.</param>
    /// <param name="value">The element; its gradient is the sum of those of all places, each of which counts once.</param>
    /// <exception cref="ShapeException">The value has dimensions, or there is no such dimension.</exception>
    /// <inheritdoc cref="IndexAdd"/>
    public Tensor IndexFill(int dim, Tensor index, Tensor value) =>
        IndexPutOp.Filled(this, dim, index.Given(), value.Given());

    /// <summary>Sets the slices at places along a dimension to a number, in place.</summary>
    /// <inheritdoc cref="IndexAdd"/>
    public Tensor IndexFillInPlace(int dim, Tensor index, Number value) =>
        Update.ApplyInPlace(
            new IndexPutOp("IndexFillBackward0", IndexPlan.Along("IndexFillInPlace", this, dim, index.Given()), false), this,
            Update.Value(this, value));
}

/// <summary>y = x with a source at the places that a plan chooses, or added to them.</summary>
internal readonly struct IndexPutOp(string nodeName, IndexPlan plan, bool accumulate) : IUpdateOp, IHolder<IndexPutOp>
{
    public void Describe(OpAttributes to)
    {
        plan.Describe(to);
        to.Add("accumulate", accumulate);
    }

    internal static Tensor Filled(Tensor x, int dim, Tensor index, Tensor value) =>
        Tensor.Speaking("IndexFill", () => x.MaskedFill(Marked(x, dim, index), value));

    // True at places along a dimension, with size 1 in all others.
    private static Tensor Marked(Tensor x, int dim, Tensor index)
    {
        int d = x.Shape.Wrap(dim);
        var sizes = new int[x.NDim];
        Array.Fill(sizes, 1);
        if (x.NDim > 0) sizes[d] = x.Shape[d];
        Shape shape = Shape.Of(sizes);
        return Tensor.Zeros([shape.NumEl], DType.Int64).IndexFill(0, index, 1).Ne(0).Reshape(shape);
    }

    public IReadOnlyList<Tensor> Held => [plan.Places];

    public IndexPutOp Holding(IReadOnlyList<Tensor> held) => new(nodeName, plan.Choosing(held[0]), accumulate);

    public string NodeName => nodeName;

    public bool Adds => accumulate;

    public void Write(Tensor target, Tensor source)
    {
        Tensor ordered = plan.Ordered(target), block = Elements.ToContiguous(ordered);
        Shape chosen = plan.Result(block.Shape);
        if (Layout.Broadcast(source.Shape, chosen) is not { } shape || !shape.Equals(chosen))
            throw new ShapeException(
                $"{Adjoint.NodeName.Words(nodeName)}: values of shape {source.Shape} do not broadcast to the chosen elements of shape "
                + $"{chosen}.");
        Tensor values =
            Elements.ToContiguous(source.Alias(chosen, Layout.ExpandStrides(source.Shape, source.Strides, chosen), source.Offset));
        var work = new Work(plan, values, block, accumulate);
        Dispatch.Number(target.DType, ref work);
        if (!ReferenceEquals(ordered, block)) Elements.CopyTo(block, ordered);
    }

    public void Write(Hand hand, HandTensor target, HandTensor source)
    {
        bool adds = accumulate;
        Shape ordered = plan.Ordered(target.Shape);
        plan.Write(hand, target, hand.Input(2), source.Expanded(plan.Result(ordered)), (x, y) =>
            hand.Line($"{hand.Element(x)} {(adds ? Hand.Plus(x.Word) : "=")} {hand.Element(y, x.Word)};"));
    }

    public Tensor Keep(Tensor g) =>
        accumulate ? g : Update.Apply(new IndexPutOp(nodeName, plan.Unchanged(NodeName), false), g, Update.Value(g, 0));

    public Tensor Read(Tensor g) => IndexOp.Apply("IndexBackward0", plan.Unchanged(NodeName), g);

    private readonly struct Work(IndexPlan plan, Tensor values, Tensor target, bool accumulate) : INumberWork
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            (int outer, int n, int inner) = plan.Blocks(target.Shape);
            using var memory = new Loan();
            if (accumulate) Slices.ScatterAdd(memory.Of<T>(values), memory.Of<long>(plan.Places), memory.Of<T>(target), outer, n, inner);
            else Slices.Scatter<T>(memory.Of<T>(values), memory.Of<long>(plan.Places), memory.Of<T>(target), outer, n, inner);
        }
    }
}

public static partial class OpTable
{
    private static Op IndexPut => Op.Of(OpKind.Linear, "index_put", (x, y) => x.IndexPut([Places(2, 0)], y), Matrix, Row,
        new() { Formula = "x with y at places", Torch = "x.index_put((places(2, 0),), y)" });

    private static Op IndexPutAccumulate =>
        Op.Of(OpKind.Linear, "index_put_accumulate", (x, y) => x.IndexPut([Places(1, 1)], y, accumulate: true), Matrix, Row,
            new() { Formula = "x with y added at places", Torch = "x.index_put((places(1, 1),), y, accumulate=True)" });

    private static Op IndexAdd =>
        Op.Of(OpKind.Linear, "index_add", (x, y) => x.IndexAdd(0, Places(0, 0), y, 0.5), Matrix, new OpInput([2, 4], Domain.Reals),
            new() { Formula = "x with α·y added at places of one dimension", Torch = "x.index_add(0, places(0, 0), y, alpha=0.5)" });

    private static Op IndexCopy =>
        Op.Of(OpKind.Linear, "index_copy", (x, y) => x.IndexCopy(0, Places(2, 0), y), Matrix, new OpInput([2, 4], Domain.Reals),
            new() { Formula = "x with y at places of one dimension", Torch = "x.index_copy(0, places(2, 0), y)" });

    private static Op IndexFill => Op.Of(OpKind.Linear, "index_fill", x => x.IndexFill(1, Places(3, 0), 2), Matrix,
        new() { Formula = "x with a number at places of one dimension", Torch = "x.index_fill(1, places(3, 0), 2)" });
}
