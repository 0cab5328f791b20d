namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Expressions of other operations, and what is close to one.</summary>
    private static Op[] Composites() =>
    [
        Op.Of(OpKind.Composite, "flatten", x => x.Flatten(1), Cube,
            new() { Formula = "the elements of several dimensions of x in a row", Torch = "x.flatten(1)", Onnx = "Flatten" }),
        Op.Of(OpKind.Composite, "unflatten", x => x.Unflatten(-1, 2, -1), Cube,
            new() { Formula = "one dimension of x as several", Torch = "x.unflatten(-1, (2, -1))" }),
        Op.Of(OpKind.Composite, "movedim", x => x.MoveDim(0, -1), Cube,
            new() { Formula = "x with a dimension at another place", Torch = "x.movedim(0, -1)" }),
        Op.Of(OpKind.Composite, "tensor_split", x => Parts(x.TensorSplit(3, 2)), Cube,
            new() { Formula = "so many pieces of x, the first ones longer", Torch = "parts(x.tensor_split(3, 2))" }),
        Op.Of(OpKind.Composite, "tile", x => x.Tile(2), Matrix,
            new() { Formula = "copies of x along its last dimensions", Torch = "x.tile(2)", Onnx = "Tile" }),
        Op.Of(OpKind.Composite, "repeat_interleave", x => x.RepeatInterleave(2, 1), Matrix,
            new() { Formula = "every place of a dimension of x several times", Torch = "x.repeat_interleave(2, 1)" }),
        Op.Of(OpKind.Composite, "take_along_dim", x => x.TakeAlongDim(Places(1).Reshape(1, 1), 1), Matrix,
            new() { Formula = "y[i, j] = x[i, place[i, j]], broadcast", Torch = "x.take_along_dim(places(1).reshape(1, 1), 1)" }),
        Op.Of(OpKind.Composite, "diag", x => x.Diag(), Matrix,
            new() { Formula = "x[i, i]; of a row the matrix with that diagonal", Torch = "x.diag()" }),
        Op.Of(OpKind.Composite, "diff", x => x.Diff(), Matrix,
            new() { Formula = "x[i + 1] − x[i]", Torch = "x.diff()" }),
        Op.Of(OpKind.Composite, "div_integer", x => x / 3 * x, Matrix,
            new() { Formula = "x/3·x", Torch = "x / 3 * x" }),
        Op.Of(OpKind.Composite, "hstack", (x, y) => Tensor.HStack([x, y]), Matrix, new OpInput([3, 2], Domain.Reals),
            new() { Formula = "x and y side by side", Torch = "torch.hstack([x, y])" }),
        Op.Of(OpKind.Composite, "vstack", (x, y) => Tensor.VStack([x, y]), Matrix, Row,
            new() { Formula = "x above y", Torch = "torch.vstack([x, y])" }),
        Op.Of(OpKind.Composite, "rot90", x => x.Rot90(3, 1, 2), Cube,
            new() { Formula = "x turned by quarters", Torch = "x.rot90(3, (1, 2))" }),
        Op.Of(OpKind.Composite, "meshgrid",
            (x, y) => Tensor.MeshGrid([x, y])[0] * Tensor.MeshGrid([x, y])[1], Row, new OpInput([3], Domain.Reals),
            new()
            {
                Formula = "y[i, j] = x[i]·y[j] from the grid of both",
                Torch = "torch.meshgrid(x, y, indexing=\"ij\")[0] * torch.meshgrid(x, y, indexing=\"ij\")[1]",
            }),
        Op.Of(OpKind.Composite, "dist", (x, y) => x.Dist(y, 3), Matrix, Row,
            new() { Formula = "‖x − y‖", Torch = "(x - y).norm(3)" }),
        Op.Of(OpKind.Composite, "std_mean", x => x.StdMean([1]).Std + x.StdMean([1]).Mean, Cube,
            new() { Formula = "std x + mean x", Torch = "sum(torch.std_mean(x, (1,)))" }),
        Op.Of(OpKind.Composite, "select_scatter", (x, y) => x.SelectScatter(y, 0, 1), Matrix, Row,
            new() { Formula = "x with y at one place of a dimension", Torch = "x.select_scatter(y, 0, 1)" }),
        Op.Of(OpKind.Composite, "slice_scatter", (x, y) => x.SliceScatter(y, 1, 1, step: 2), Matrix, new OpInput([3, 2], Domain.Reals),
            new() { Formula = "x with y at every n-th place of a dimension", Torch = "x.slice_scatter(y, 1, 1, step=2)" }),
        Op.Of(OpKind.Other, "nansum", x => x.NaNSum(), Matrix,
            new() { Formula = "Σ x over what is a number", Torch = "x.nansum()", Gradient = "g where x is a number, elsewhere 0" }),
        Op.Of(OpKind.Other, "cummax", x => x.CumMax(1).Values, Cube,
            new()
            {
                Formula = "y[i] = the largest x[j] over j ≤ i", Torch = "x.cummax(1).values", Gradient = "g at that element, summed",
            }),
        Op.Of(OpKind.Other, "cummin", x => x.CumMin(-1).Values, Cube,
            new()
            {
                Formula = "y[i] = the smallest x[j] over j ≤ i", Torch = "x.cummin(-1).values", Gradient = "g at that element, summed",
            }),
        Op.Of(OpKind.Other, "mode", x => x.Mode(1).Values, Cube,
            new()
            {
                Formula = "the most frequent element of x over a dimension", Torch = "x.mode(1).values",
                Gradient = "g at that element, elsewhere 0",
            }),
        Op.Of(OpKind.Composite, "addcmul", (x, y, z) => x.AddCMul(y, z, 0.5), Matrix, Row, Matrix,
            new() { Formula = "x + c·y·z", Torch = "x.addcmul(y, z, value=0.5)" }),
        Op.Of(OpKind.Composite, "addcdiv", (x, y, z) => x.AddCDiv(y, z, 0.5), Matrix, Row, new OpInput([3, 1], Domain.Positive),
            new() { Formula = "x + c·y/z", Torch = "x.addcdiv(y, z, value=0.5)" }),
        Op.Of(OpKind.Composite, "lerp_tensor", (x, y, z) => x.Lerp(y, z), Matrix, Row, Matrix,
            new() { Formula = "x + z·(y − x)", Torch = "x.lerp(y, z)" }),
        Op.Of(OpKind.Composite, "clamp_tensor",
            (x, y, z) => x.Clamp(y, z), Matrix, new OpInput([4], new Domain(-2, -1)), new OpInput([4], new Domain(1, 2)),
            new() { Formula = "min(max(x, y), z)", Torch = "x.clamp(y, z)" }),
        Op.Of(OpKind.Composite, "index_assignment", (x, y) => Assigned(x, y), Matrix, Row,
            new() { Formula = "x with y in row 1, and column 0 doubled", Torch = "assigned(x, y)" }),
    ];
}
