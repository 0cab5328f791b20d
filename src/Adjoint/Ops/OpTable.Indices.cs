namespace Adjoint;

public static partial class OpTable
{
    /// <summary>What takes elements at places, or puts them there.</summary>
    private static Op[] Indices() =>
    [
        Op.Of(OpKind.Linear, "index", x => x.Index(Places(1, 0, 1), null, Places(3)), Cube,
            new() { Formula = "x at places of several dimensions", Torch = "x[places(1, 0, 1), :, places(3)]" }),
        Op.Of(OpKind.Linear, "index_mask", x => x[TensorIndex.Ellipsis, Tensor.From([true, false, true, true])], Cube,
            new() { Formula = "x where the mask holds", Torch = "x[..., torch.tensor([True, False, True, True])]" }),
        Op.Of(OpKind.Linear, "index_select", x => x.IndexSelect(1, Places(2, 0, 2)), Cube,
            new() { Formula = "x at places of one dimension", Torch = "x.index_select(1, places(2, 0, 2))" }),
        Op.Of(OpKind.Linear, "gather", x => x.Gather(1, Places(0, 3, 3, 1).Reshape(2, 2)), Matrix,
            new()
            {
                Formula = "y[i, j] = x[i, place[i, j]]", Torch = "x.gather(1, places(0, 3, 3, 1).reshape(2, 2))", Onnx = "GatherElements",
            }),
        Op.Of(OpKind.Linear, "take", x => x.Take(Places(5, -1, 5)), Matrix,
            new() { Formula = "x at places of all its elements in a row", Torch = "x.take(places(5, -1, 5))" }),
        Op.Of(OpKind.Linear, "masked_select", x => x.MaskedSelect(Chosen(x)), Matrix,
            new() { Formula = "the elements of x where the mask holds", Torch = "x.masked_select(chosen(x))" }),
        Op.Of(OpKind.Linear, "index_put", (x, y) => x.IndexPut([Places(2, 0)], y), Matrix, Row,
            new() { Formula = "x with y at places", Torch = "x.index_put((places(2, 0),), y)" }),
        Op.Of(OpKind.Linear, "index_put_accumulate", (x, y) => x.IndexPut([Places(1, 1)], y, accumulate: true), Matrix, Row,
            new() { Formula = "x with y added at places", Torch = "x.index_put((places(1, 1),), y, accumulate=True)" }),
        Op.Of(OpKind.Linear, "index_add", (x, y) => x.IndexAdd(0, Places(0, 0), y, 0.5), Matrix, new OpInput([2, 4], Domain.Reals),
            new() { Formula = "x with α·y added at places of one dimension", Torch = "x.index_add(0, places(0, 0), y, alpha=0.5)" }),
        Op.Of(OpKind.Linear, "index_copy", (x, y) => x.IndexCopy(0, Places(2, 0), y), Matrix, new OpInput([2, 4], Domain.Reals),
            new() { Formula = "x with y at places of one dimension", Torch = "x.index_copy(0, places(2, 0), y)" }),
        Op.Of(OpKind.Linear, "index_fill", x => x.IndexFill(1, Places(3, 0), 2), Matrix,
            new() { Formula = "x with a number at places of one dimension", Torch = "x.index_fill(1, places(3, 0), 2)" }),
        Op.Of(OpKind.Linear, "scatter", (x, y) => x.Scatter(1, Places(0, 3, 2, 1).Reshape(2, 2), y), Matrix, Matrix,
            new()
            {
                Formula = "x with y[i, j] at [i, place[i, j]]",
                Torch = "x.scatter(1, places(0, 3, 2, 1).reshape(2, 2), y[:2, :2])",
                Onnx = "ScatterElements",
            }),
        Op.Of(OpKind.Linear, "scatter_value", x => x.Scatter(1, Places(0, 3, 2, 1).Reshape(2, 2), 2), Matrix,
            new() { Formula = "x with a number at [i, place[i, j]]", Torch = "x.scatter(1, places(0, 3, 2, 1).reshape(2, 2), 2)" }),
        Op.Of(OpKind.Linear, "scatter_add", (x, y) => x.ScatterAdd(1, Places(3, 3, 2, 1).Reshape(2, 2), y), Matrix, Matrix,
            new()
            {
                Formula = "x with y[i, j] added at [i, place[i, j]]",
                Torch = "x.scatter_add(1, places(3, 3, 2, 1).reshape(2, 2), y[:2, :2])",
            }),
    ];
}
