namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Products of matrices, and functions of whole rows.</summary>
    private static Op[] Matrices() =>
    [
        Op.Of(OpKind.Bilinear, "mm", (x, y) => x.Mm(y), Matrix, new OpInput([4, 2], Domain.Reals),
            new() { Formula = "x·y", Torch = "x.mm(y)", Onnx = "MatMul" }),
        Op.Of(OpKind.Bilinear, "bmm", (x, y) => x.Bmm(y), Cube, new OpInput([2, 4, 2], Domain.Reals),
            new() { Formula = "x[b]·y[b] for every b", Torch = "x.bmm(y)" }),
        Op.Of(OpKind.Bilinear, "matmul",
            (x, y) => x.MatMul(y), new OpInput([2, 1, 2, 3], Domain.Reals), new OpInput([2, 3, 2], Domain.Reals),
            new() { Formula = "x·y, broadcast over all but the last two dimensions", Torch = "x.matmul(y)", Onnx = "MatMul" }),
        Op.Of(OpKind.Bilinear, "vm", (x, y) => x.MatMul(y), new OpInput([3], Domain.Reals), Matrix,
            new() { Formula = "xᵀ·y", Torch = "x.matmul(y)" }),
        Op.Of(OpKind.Bilinear, "mv", (x, y) => x.Mv(y), Matrix, Row,
            new() { Formula = "x·y", Torch = "x.mv(y)" }),
        Op.Of(OpKind.Bilinear, "dot", (x, y) => x.Dot(y), Row, Row,
            new() { Formula = "Σ x·y", Torch = "x.dot(y)" }),
        Op.Of(OpKind.Bilinear, "outer", (x, y) => x.Outer(y), Row, new OpInput([3], Domain.Reals),
            new() { Formula = "x·yᵀ", Torch = "x.outer(y)" }),
        Op.Of(OpKind.Bilinear, "addmm",
            (x, y, z) => x.AddMm(y, z, 0.5, 2), new OpInput([2], Domain.Reals), Matrix, new OpInput([4, 2], Domain.Reals),
            new() { Formula = "β·x + α·(y·z)", Torch = "x.addmm(y, z, beta=0.5, alpha=2)", Onnx = "Gemm" }),
        Op.Of(OpKind.Composite, "einsum",
            (x, y) => Tensor.Einsum("iij,...kj->...ik", x, y), new OpInput([2, 2, 3], Domain.Reals), new OpInput([2, 1, 3], Domain.Reals),
            new()
            {
                Formula = "Σ of products over the letters that the result has not", Torch = "torch.einsum(\"iij,...kj->...ik\", x, y)",
                Onnx = "Einsum",
            }),
        Op.Of(OpKind.Composite, "einsum_3",
            (x, y, z) => Tensor.Einsum("ij,jk,...k", x, y, z), Matrix,
            new OpInput([4, 2], Domain.Reals), new OpInput([3, 1, 2], Domain.Reals),
            new()
            {
                Formula = "Σ of products over the letters that the result has not, of three tensors",
                Torch = "torch.einsum(\"ij,jk,...k\", x, y, z)",
            }),
        Op.Of(OpKind.Other, "softmax", x => x.Softmax(1), Cube,
            new() { Formula = "eˣ / Σ eˣ over a dimension", Torch = "x.softmax(1)", Gradient = "y·(g − Σ g·y)", Onnx = "Softmax" }),
        Op.Of(OpKind.Other, "log_softmax", x => x.LogSoftmax(-1), Cube,
            new()
            {
                Formula = "x − ln Σ eˣ over a dimension", Torch = "x.log_softmax(-1)", Gradient = "g − eʸ·Σ g", Onnx = "LogSoftmax",
            }),
        Op.Of(OpKind.Other, "layer_norm", (x, w, b) => LayerNormOp.Apply(x, 1, w, b, 1e-5), Matrix, Row, Row,
            new()
            {
                Formula = "(x − mean x)/√(var x + ε)·y + z over the last dimensions", Torch = "F.layer_norm(x, y.shape, y, z, 1e-5)",
                Gradient = "∂x: (g·y − mean(g·y) − x̂·mean(g·y·x̂))/σ with x̂ = (x − mean x)/σ, ∂y: Σ g·x̂, ∂z: Σ g",
                Onnx = "LayerNormalization",
            }),
        Op.Of(OpKind.Other, "batch_norm", (x, w, b) => BatchNormOp.Apply(x, w, b, null, 1e-5, out _, out _), Matrix, Row, Row,
            new()
            {
                Formula = "(x − mean x)/√(var x + ε)·y + z over all but the channels",
                Torch = "F.batch_norm(x, None, None, y, z, True, eps=1e-5)", Slack = 2,
                Gradient = "∂x: (g·y − mean(g·y) − x̂·mean(g·y·x̂))/σ with x̂ = (x − mean x)/σ, ∂y: Σ g·x̂, ∂z: Σ g",
            }),
        Op.Of(OpKind.Composite, "dropout", x => x.Dropout(0.5, training: true, new Generator(1)), Matrix,
            new() { Formula = "0 with probability p, elsewhere x/(1 − p)", Torch = "seeded(1, F.dropout, x, 0.5)", Onnx = "Dropout" }),
    ];
}
