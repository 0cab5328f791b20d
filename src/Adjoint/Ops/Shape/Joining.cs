using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The tensors side by side: along the second dimension, vectors along their only one.</summary>
    /// <exception cref="ShapeException">Other sizes differ.</exception>
    [OverloadResolutionPriority(1)]
    public static Tensor HStack(IReadOnlyList<Tensor> tensors)
    {
        try
        {
            return Joining.HStack(Joining.Some(tensors, nameof(HStack)));
        }
        catch (TensorException e) when (e.IsOf(nameof(HStack)))
        {
            throw;
        }
    }

    /// <summary>The tensors one above the other: along the first dimension, vectors as rows.</summary>
    /// <exception cref="ShapeException">Other sizes differ.</exception>
    [OverloadResolutionPriority(1)]
    public static Tensor VStack(IReadOnlyList<Tensor> tensors)
    {
        try
        {
            return Joining.VStack(Joining.Some(tensors, nameof(VStack)));
        }
        catch (TensorException e) when (e.IsOf(nameof(VStack)))
        {
            throw;
        }
    }

    /// <summary>Views of vectors repeated to one grid: the i-th varies along dimension i (indexing "ij").</summary>
    /// <exception cref="ShapeException">One has more than one dimension.</exception>
    [OverloadResolutionPriority(1)]
    public static Tensor[] MeshGrid(IReadOnlyList<Tensor> tensors) => Joining.MeshGrid(tensors.AllGiven());

    /// <summary>
    /// A copy turned by 90° in the plane of two dimensions, from the first towards the second, <paramref name="times"/> times.
    /// </summary>
    /// <exception cref="ShapeException">There are no such two dimensions.</exception>
    public Tensor Rot90(int times = 1, int dim0 = 0, int dim1 = 1) => Joining.Rotate(this, times, dim0, dim1);

    /// <summary>A copy with <paramref name="source"/> as the slice at <paramref name="index"/> along a dimension.</summary>
    /// <exception cref="TensorIndexException">There is no such slice.</exception>
    /// <exception cref="ShapeException">The source has not the shape of the slice.</exception>
    public Tensor SelectScatter(Tensor source, int dim, int index)
    {
        try
        {
            return Joining.Overwritten(Clone(), x => x.Select(dim, index), source.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(SelectScatter)))
        {
            throw;
        }
    }

    /// <summary>A copy with <paramref name="source"/> at the places start, start + step, … before stop along a dimension.</summary>
    /// <exception cref="ShapeException">The source has not the shape of these places.</exception>
    public Tensor SliceScatter(Tensor source, int dim = 0, int start = 0, int? stop = null, int step = 1)
    {
        try
        {
            return Joining.Overwritten(Clone(), x => x.Slice(dim, start, stop, Joining.Forward(step)), source.Given());
        }
        catch (TensorException e) when (e.IsOf(nameof(SliceScatter)))
        {
            throw;
        }
    }
}

/// <summary>Ways to put tensors together that are expressions of others.</summary>
internal static class Joining
{
    /// <summary>Tensors to be put together: one or more.</summary>
    internal static IReadOnlyList<Tensor> Some(IReadOnlyList<Tensor> tensors, string operation) => tensors.AllGiven().Count > 0
        ? tensors : throw new ArgumentException($"{operation}: needs at least one tensor.", nameof(tensors));

    internal static Tensor HStack(IReadOnlyList<Tensor> tensors)
    {
        Tensor[] all = [.. tensors.Select(x => x.NDim == 0 ? x.Reshape(1) : x)];
        return Tensor.Cat(all, all.Length > 0 && all[0].NDim == 1 ? 0 : 1);
    }

    internal static Tensor VStack(IReadOnlyList<Tensor> tensors) =>
        Tensor.Cat([.. tensors.Select(x => x.NDim switch { 0 => x.Reshape(1, 1), 1 => x.Unsqueeze(0), _ => x })], 0);

    internal static Tensor[] MeshGrid(IReadOnlyList<Tensor> tensors)
    {
        var sizes = new int[tensors.Count];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (tensors[i].NDim > 1) throw new ShapeException($"MeshGrid: needs vectors, but tensor {i} has shape {tensors[i].Shape}.");
            sizes[i] = tensors[i].NumEl;
        }
        var grids = new Tensor[sizes.Length];
        for (int i = 0; i < grids.Length; i++)
        {
            int[] own = [.. Enumerable.Repeat(1, sizes.Length)];
            own[i] = sizes[i];
            grids[i] = tensors[i].Reshape(own).Expand(Shape.Of(sizes));
        }
        return grids;
    }

    internal static Tensor Rotate(Tensor x, int times, int dim0, int dim1)
    {
        if (x.NDim < 2 || x.Shape.Wrap(dim0) == x.Shape.Wrap(dim1))
            throw new ShapeException($"Rot90: needs two different dimensions, but got {dim0} and {dim1} of shape {x.Shape}.");
        int quarter = (times % 4 + 4) % 4;
        return quarter switch
        {
            1 => x.Flip(dim1).Transpose(dim0, dim1),
            2 => x.Flip(dim0, dim1),
            3 => x.Flip(dim0).Transpose(dim0, dim1),
            _ => x.Clone(),
        };
    }

    internal static Tensor Blocks(IReadOnlyList<Tensor> tensors)
    {
        Tensor[] blocks = [.. tensors.Select((x, i) => x.NDim <= 2 ? x.AtLeast2d()
            : throw new ShapeException($"BlockDiag: tensor {i} of shape {x.Shape} is no matrix."))];
        return BlockDiagOp.Apply(blocks);
    }

    internal static Tensor Product(IReadOnlyList<Tensor> tensors)
    {
        for (int i = 0; i < tensors.Count; i++)
            if (tensors[i].NDim != 1) throw new ShapeException($"CartesianProd: tensor {i} of shape {tensors[i].Shape} is no vector.");
        if (tensors.Count == 1) return tensors[0];
        return Tensor.Stack([.. MeshGrid(tensors).Select(grid => grid.Flatten())], 1);
    }

    internal static Tensor Choices(Tensor x, int r, bool withReplacement)
    {
        if (x.NDim != 1) throw new ShapeException($"Combinations: needs a vector, but got shape {x.Shape}.");
        if (r == 0) return Tensor.Zeros([0], x.DType);
        int n = x.NumEl;
        if (n == 0 || (r > n && !withReplacement)) return x.IndexSelect(0, Tensor.From(new long[0])).Reshape(0, r);
        // To choose r is to leave out the others: with the fewer of both the number never falls again, and each step is exact.
        int steps = withReplacement ? r : Math.Min(r, n - r);
        double count = 1;
        for (int i = 0; i < steps && count < int.MaxValue; i++)
            count = count * (withReplacement ? (double)n + i : n - i) / (i + 1);
        if (!(count * r < int.MaxValue))
            throw new ShapeException($"Combinations: there are about {count:0} choices of {r} of {n} elements, too many for a tensor.");
        var places = new long[(long)count * r];
        var chosen = new long[r];
        for (int i = 0; i < r; i++) chosen[i] = withReplacement ? 0 : i;
        for (int at = 0; at < places.Length; at += r)
        {
            for (int i = 0; i < r; i++) places[at + i] = chosen[i];
            // The last that can go on does; those behind it start again.
            int last = r - 1;
            while (last > 0 && chosen[last] >= (withReplacement ? n - 1 : n - r + last)) last--;
            chosen[last]++;
            for (int i = last + 1; i < r; i++) chosen[i] = chosen[i - 1] + (withReplacement ? 0 : 1);
        }
        return x.IndexSelect(0, Tensor.From(places)).Reshape(places.Length / r, r);
    }

    internal static int Forward(int step) => step > 0 ? step
        : throw new ArgumentOutOfRangeException(nameof(step), step, $"SliceScatter: the step must be positive, but is {step}.");

    internal static Tensor Overwritten(Tensor copy, Func<Tensor, Tensor> part, Tensor source)
    {
        Tensor view = part(copy);
        if (!view.Shape.Equals(source.Shape))
            throw new ShapeException(
                $"A source of shape {source.Shape} was to overwrite a part of shape {view.Shape}; the shapes must be equal.");
        view.CopyInPlace(source);
        return copy;
    }
}

public static partial class OpTable
{
    private static Op HStack =>
        Op.Of(OpKind.Composite, "hstack", (x, y) => Tensor.HStack([x, y]), Matrix, new OpInput([3, 2], Domain.Reals),
            new() { Formula = "x and y side by side", Torch = "torch.hstack([x, y])" });

    private static Op VStack => Op.Of(OpKind.Composite, "vstack", (x, y) => Tensor.VStack([x, y]), Matrix, Row,
        new() { Formula = "x above y", Torch = "torch.vstack([x, y])" });

    private static Op Rot90 => Op.Of(OpKind.Composite, "rot90", x => x.Rot90(3, 1, 2), Cube,
        new() { Formula = "x turned by quarters", Torch = "x.rot90(3, (1, 2))" });

    private static Op MeshGrid => Op.Of(OpKind.Composite, "meshgrid",
        (x, y) => Tensor.MeshGrid([x, y])[0] * Tensor.MeshGrid([x, y])[1], Row, new OpInput([3], Domain.Reals),
        new()
        {
            Formula = "y[i, j] = x[i]·y[j] from the grid of both",
            Torch = "torch.meshgrid(x, y, indexing=\"ij\")[0] * torch.meshgrid(x, y, indexing=\"ij\")[1]",
        });

    private static Op SelectScatter => Op.Of(OpKind.Composite, "select_scatter", (x, y) => x.SelectScatter(y, 0, 1), Matrix, Row,
        new() { Formula = "x with y at one place of a dimension", Torch = "x.select_scatter(y, 0, 1)" });

    private static Op SliceScatter =>
        Op.Of(OpKind.Composite, "slice_scatter", (x, y) => x.SliceScatter(y, 1, 1, step: 2), Matrix, new OpInput([3, 2], Domain.Reals),
            new() { Formula = "x with y at every n-th place of a dimension", Torch = "x.slice_scatter(y, 1, 1, step=2)" });
}
