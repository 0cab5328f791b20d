namespace Adjoint;

public sealed partial class Tensor
{
    private Tensor GetPart(ReadOnlySpan<TensorIndex> index) => Indexing.Get(this, index);

    private void SetPart(ReadOnlySpan<TensorIndex> index, Tensor value)
    {
        try
        {
            Indexing.Set(this, index, value);
        }
        catch (TensorException e) when (e.IsOf("x[…] = y"))
        {
            throw;
        }
    }
}

/// <summary>What the brackets of <c>x[…]</c> mean: views first, then what index tensors and masks choose from the view.</summary>
internal static class Indexing
{
    internal static Tensor Get(Tensor x, ReadOnlySpan<TensorIndex> index)
    {
        Tensor view = View(x, index, out List<Tensor?>? chosen);
        if (chosen is not null) return view.Index(chosen);
        return ReferenceEquals(view, x) ? x.View(x.Shape) : view;
    }

    // Note [Compound assignment]
    // C# reads b[2] *= x as b[2] = b[2] * x: the product has saved the old elements of b, and the assignment overwrites them. It
    // means a change in place, whose old values are kept; so the operation that made what is assigned copies its operand, if that
    // shows the very place that is assigned to. Whatever else has saved it still finds that it changed.
    internal static void Set(Tensor x, ReadOnlySpan<TensorIndex> index, Tensor value)
    {
        Tensor view = View(x, index, out List<Tensor?>? chosen);
        if (chosen is not null)
        {
            view.IndexPutInPlace(chosen, value);
            return;
        }
        value.GradFn?.KeepOperands(view);
        view.CopyInPlace(WithoutLeadingOnes(value, view.NDim));
    }

    private static Tensor View(Tensor x, ReadOnlySpan<TensorIndex> index, out List<Tensor?>? chosen)
    {
        int named = 0, ellipses = 0;
        foreach (TensorIndex item in index)
        {
            named += item.What switch
            {
                TensorIndex.Kind.Number or TensorIndex.Kind.Range => 1,
                TensorIndex.Kind.Tensor => IsMask(item.Tensor!) ? item.Tensor!.NDim : 1,
                _ => 0,
            };
            if (item.What == TensorIndex.Kind.Ellipsis) ellipses++;
        }
        if (ellipses > 1) throw new TensorIndexException("Index: only one Ellipsis can stand for the dimensions that are not named.");
        if (named > x.NDim)
            throw new TensorIndexException(x.NDim == 0
                ? "Index: a tensor without dimensions cannot be indexed; Item() gives its number."
                : $"Index: {named} indices are too many for the {x.NDim} dimensions of shape {x.Shape}.");

        chosen = null;
        int dim = 0, rest = x.NDim - named;
        foreach (TensorIndex item in index)
        {
            switch (item.What)
            {
                case TensorIndex.Kind.Number: x = x.Select(dim, item.Start); break;
                case TensorIndex.Kind.Range: x = Slice(x, dim++, item); break;
                case TensorIndex.Kind.NewAxis: x = x.Unsqueeze(dim++); break;
                case TensorIndex.Kind.Ellipsis: dim += rest; break;
                default:
                    Tensor tensor = item.Tensor!;
                    chosen ??= [];
                    while (chosen.Sum(Width) < dim) chosen.Add(null);
                    chosen.Add(tensor);
                    dim += Width(tensor);
                    break;
            }
        }
        return x;
    }

    // A whole dimension needs no node of its own.
    private static Tensor Slice(Tensor x, int dim, TensorIndex item) =>
        item is { Start: 0, Stop: null, Step: 1 } ? x : x.Slice(dim, item.Start, item.Stop, item.Step);

    private static bool IsMask(Tensor x) => x.DType.Row.IsMask;

    private static int Width(Tensor? index) => index is not null && IsMask(index) ? index.NDim : 1;

    // As in PyTorch: x[0] = y also for a y of shape [1, …].
    private static Tensor WithoutLeadingOnes(Tensor value, int dims)
    {
        int extra = 0;
        while (value.NDim - extra > dims && value.Shape[extra] == 1) extra++;
        return extra == 0 ? value : value.Reshape([.. value.Shape.Sizes[extra..]]);
    }
}

public static partial class OpTable
{
    private static Op IndexAssignment => Op.Of(OpKind.Composite, "index_assignment", (x, y) => Assigned(x, y), Matrix, Row,
        new() { Formula = "x with y in row 1, and column 0 doubled", Torch = "assigned(x, y)" });

    private static Tensor Assigned(Tensor x, Tensor y)
    {
        Tensor z = x * 1;
        z[1] = y;
        z[.., 0] *= 2;
        return z;
    }
}
