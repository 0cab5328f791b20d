using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>A view with two dimensions exchanged: <see cref="Transpose(int, int)"/> by NumPy's name.</summary>
    /// <param name="axis0">One dimension.</param>
    /// <param name="axis1">The other.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor SwapAxes(int axis0, int axis1)
    {
        try
        {
            return Transpose(axis0, axis1);
        }
        catch (TensorException e) when (e.IsOf(nameof(SwapAxes)))
        {
            throw;
        }
    }

    /// <summary>A view with two dimensions exchanged: <see cref="Transpose(int, int)"/>.</summary>
    /// <param name="dim0">One dimension.</param>
    /// <param name="dim1">The other.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor SwapDims(int dim0, int dim1)
    {
        try
        {
            return Transpose(dim0, dim1);
        }
        catch (TensorException e) when (e.IsOf(nameof(SwapDims)))
        {
            throw;
        }
    }

    /// <summary>A view in which dimension sources[i] stands at place destinations[i]; the others keep their order.</summary>
    /// <param name="sources">Which dimensions move.</param>
    /// <param name="destinations">Where to.</param>
    /// <exception cref="ShapeException">There is no such dimension, one is named twice, or there are not as many of both.</exception>
    public Tensor MoveDim(ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations)
    {
        try
        {
            return Axes.Move(this, sources, destinations);
        }
        catch (TensorException e) when (e.IsOf(nameof(MoveDim)))
        {
            throw;
        }
    }

    /// <summary>A view without those of the named dimensions whose size is 1.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <exception cref="ShapeException">There is no such dimension, or one is named twice.</exception>
    public Tensor Squeeze(ReadOnlySpan<int> dims)
    {
        try
        {
            return Axes.Squeeze(this, dims);
        }
        catch (TensorException e) when (e.IsOf(nameof(Squeeze)))
        {
            throw;
        }
    }

    /// <summary>The tensors as views of the one shape that all of theirs broadcast to.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    [OverloadResolutionPriority(1)]
    public static Tensor[] BroadcastTensors(IReadOnlyList<Tensor> tensors)
    {
        try
        {
            return Axes.Broadcast(tensors.AllGiven());
        }
        catch (TensorException e) when (e.IsOf(nameof(BroadcastTensors)))
        {
            throw;
        }
    }

    /// <summary>A copy moved on by so many places along each of several dimensions; what leaves at the end comes in at the start.</summary>
    /// <param name="shifts">How many places along each.</param>
    /// <param name="dims">The dimensions; one may be named several times.</param>
    /// <exception cref="ShapeException">There is no such dimension, or there are not as many of both.</exception>
    public Tensor Roll(ReadOnlySpan<int> shifts, ReadOnlySpan<int> dims)
    {
        try
        {
            return Axes.Roll(this, shifts, dims);
        }
        catch (TensorException e) when (e.IsOf(nameof(Roll)))
        {
            throw;
        }
    }

    /// <summary>Every slice along a dimension so many times in a row as a number says that belongs to it.</summary>
    /// <param name="repeats">How often: integers, one for each slice or one for all; not negative.</param>
    /// <param name="dim">The dimension; without one the elements, in a row, are repeated.</param>
    /// <exception cref="ShapeException">There is no such dimension, or there are not as many numbers.</exception>
    /// <exception cref="DTypeException">The numbers are not integers.</exception>
    /// <exception cref="ArgumentException">A number is negative.</exception>
    public Tensor RepeatInterleave(Tensor repeats, int? dim = null)
    {
        try
        {
            return Axes.Repeat(this, repeats.Given(), dim);
        }
        catch (TensorException e) when (e.IsOf(nameof(RepeatInterleave)))
        {
            throw;
        }
    }

    /// <summary>The elements, in a row, each several times in a row.</summary>
    /// <param name="repeats">How often; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public Tensor RepeatInterleave(int repeats)
    {
        try
        {
            return Flatten().RepeatInterleave(repeats, 0);
        }
        catch (TensorException e) when (e.IsOf(nameof(RepeatInterleave)))
        {
            throw;
        }
    }
}

/// <summary>Dimensions, several at a time.</summary>
internal static class Axes
{
    internal static Tensor Move(Tensor x, ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations)
    {
        if (sources.Length != destinations.Length)
            throw new ShapeException(
                $"MoveDim: {Shape.Text(sources)} are to stand at {Shape.Text(destinations)}, which are not as many dimensions.");
        int[] from = Reduction.Dims(x, sources), to = Reduction.Dims(x, destinations);
        if (sources.Length == 0 || x.NDim == 0) return x.Permute([.. Enumerable.Range(0, x.NDim)]);
        var order = new int[x.NDim];
        order.AsSpan().Fill(-1);
        for (int i = 0; i < sources.Length; i++) order[x.Shape.Wrap(destinations[i])] = x.Shape.Wrap(sources[i]);
        int rest = 0;
        for (int d = 0; d < order.Length; d++)
        {
            if (order[d] >= 0) continue;
            while (from.Contains(rest)) rest++;
            order[d] = rest++;
        }
        return to.Length == 0 ? x : x.Permute(order);
    }

    internal static Tensor Squeeze(Tensor x, ReadOnlySpan<int> dims)
    {
        if (dims.Length == 0) return x.View(x.Shape);
        // From the last on, so that the places of the others stay.
        int[] sorted = Reduction.Dims(x, dims);
        Tensor y = x;
        for (int i = sorted.Length - 1; i >= 0; i--) y = y.Squeeze(sorted[i]);
        return ReferenceEquals(y, x) ? x.View(x.Shape) : y;
    }

    internal static Tensor[] Broadcast(IReadOnlyList<Tensor> tensors)
    {
        Shape shape = Shape.Scalar;
        for (int i = 0; i < tensors.Count; i++)
            shape = Layout.Broadcast(shape, tensors[i].Shape)
                ?? throw new ShapeException($"BroadcastTensors: tensor {i} of shape {tensors[i].Shape} does not broadcast with {shape}.");
        return [.. tensors.Select(x => x.Expand(shape))];
    }

    internal static Tensor Roll(Tensor x, ReadOnlySpan<int> shifts, ReadOnlySpan<int> dims)
    {
        if (dims.Length == 0 && shifts.Length == 1) return x.Roll(shifts[0]);
        if (shifts.Length != dims.Length || dims.Length == 0)
            throw new ShapeException($"Roll: the shifts {Shape.Text(shifts)} and dimensions {Shape.Text(dims)} must be as many, at least one.");
        for (int i = 0; i < dims.Length; i++) x = x.Roll(shifts[i], dims[i]);
        return x;
    }

    internal static Tensor Repeat(Tensor x, Tensor repeats, int? dim)
    {
        if (!repeats.DType.Row.IsIndex)
            throw new DTypeException($"RepeatInterleave: the numbers must be integers (Int64 or Int32), but are {repeats.DType}.");
        if (dim is null) (x, dim) = (x.Flatten(), 0);
        int d = x.Shape.Wrap(dim.Value), size = x.NDim == 0 ? 1 : x.Shape[d];
        if (repeats.NDim > 1 || (repeats.NumEl != 1 && repeats.NumEl != size))
            throw new ShapeException(
                $"RepeatInterleave: numbers of shape {repeats.Shape} are neither one nor one for each of the {size} places of dimension {d}.");
        return x.IndexSelect(d, Door.Run(new RepeatPlacesOp(), repeats.Expand(size)));
    }

    /// <summary>Each place so often as the number at it says.</summary>
    private readonly struct RepeatPlacesOp : ITensorOperation
    {
        public string Name => "repeat_interleave";

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            long[] repeats = Elements.ToArray<long>(inputs[0]!);
            long total = 0;
            foreach (long count in repeats)
                total += count >= 0 ? Math.Min(count, int.MaxValue)
                    : throw new ArgumentException($"RepeatInterleave: a slice cannot be repeated {count} times.", nameof(repeats));
            Shape shape = Shape.Computed([total]);
            var places = new long[shape.NumEl];
            int at = 0;
            for (int i = 0; i < repeats.Length; i++)
                for (long k = 0; k < repeats[i]; k++) places[at++] = i;
            return Tensor.From(places);
        }
    }
}

public static partial class OpTable
{
    private static Op MoveDims => Op.Of(OpKind.Composite, "movedim_several", x => x.MoveDim([0, 2], [-1, 0]).SwapAxes(0, 1), Cube,
        new() { Formula = "x with several dimensions elsewhere", Torch = "x.movedim((0, 2), (-1, 0)).swapaxes(0, 1)" });

    private static Op SqueezeDims => Op.Of(OpKind.Composite, "squeeze_dims", x => x.Unsqueeze(0).Unsqueeze(-1).Squeeze([-1, 1, 0]), Matrix,
        new() { Formula = "x without some sizes of 1", Torch = "x.unsqueeze(0).unsqueeze(-1).squeeze(-1).squeeze(0)" });

    private static Op BroadcastTensors => Op.Of(OpKind.Composite, "broadcast_tensors",
        (x, y) => Tensor.BroadcastTensors([x, y])[1] * x, Matrix, Row,
        new() { Formula = "y in the shape of x, times x", Torch = "torch.broadcast_tensors(x, y)[1] * x" });

    private static Op RollDims => Op.Of(OpKind.Composite, "roll_dims", x => x.Roll([1, -2], [0, 1]), Cube,
        new() { Formula = "x moved on along several dimensions", Torch = "x.roll((1, -2), (0, 1))" });

    private static Op RepeatInterleaveTensor => Op.Of(OpKind.Composite, "repeat_interleave_tensor",
        x => x.RepeatInterleave(Places(2, 0, 3), 1), Cube,
        new() { Formula = "each place of a dimension of x so often as said", Torch = "x.repeat_interleave(places(2, 0, 3), 1)" });
}
