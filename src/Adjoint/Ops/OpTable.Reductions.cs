namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Sums, products, extremes and order.</summary>
    private static Op[] Reductions() =>
    [
        Op.Of(OpKind.Linear, "sum", x => x.Sum(), Cube,
            new() { Formula = "Σ x", Torch = "x.sum()" }),
        Op.Of(OpKind.Linear, "sum_dim", x => x.Sum([0, 2]), Cube,
            new() { Formula = "Σ x over dimensions", Torch = "x.sum((0, 2))", Onnx = "ReduceSum" }),
        Op.Of(OpKind.Linear, "mean", x => x.Mean(), Cube,
            new() { Formula = "Σ x / n", Torch = "x.mean()" }),
        Op.Of(OpKind.Linear, "mean_dim", x => x.Mean(-1, keepDim: true), Cube,
            new() { Formula = "Σ x / n over dimensions", Torch = "x.mean(-1, keepdim=True)", Onnx = "ReduceMean" }),
        Op.Of(OpKind.Linear, "cumsum", x => x.CumSum(1), Cube,
            new() { Formula = "y[i] = Σ x[j] over j ≤ i", Torch = "x.cumsum(1)", Onnx = "CumSum" }),
        Op.Of(OpKind.Linear, "trace", x => x.Trace(), Matrix,
            new() { Formula = "Σ x[i, i]", Torch = "x.trace()" }),
        Op.Of(OpKind.Other, "max", x => x.Max(), Matrix,
            new()
            {
                Formula = "the largest element of x", Torch = "x.max()",
                Gradient = "g at that element, elsewhere 0; shared where several are equal",
            }),
        Op.Of(OpKind.Other, "min", x => x.Min(), Matrix,
            new()
            {
                Formula = "the smallest element of x", Torch = "x.min()",
                Gradient = "g at that element, elsewhere 0; shared where several are equal",
            }),
        Op.Of(OpKind.Other, "max_dim", x => x.Max(1).Values, Cube,
            new()
            {
                Formula = "the largest element of x over a dimension", Torch = "x.max(1).values",
                Gradient = "g at that element, elsewhere 0",
            }),
        Op.Of(OpKind.Other, "min_dim", x => x.Min(0, keepDim: true).Values, Cube,
            new()
            {
                Formula = "the smallest element of x over a dimension", Torch = "x.min(0, keepdim=True).values",
                Gradient = "g at that element, elsewhere 0",
            }),
        Op.Of(OpKind.Other, "amax", x => x.Amax([0, 2]), Cube,
            new()
            {
                Formula = "the largest element of x over dimensions", Torch = "x.amax((0, 2))",
                Gradient = "g at that element, elsewhere 0; shared where several are equal", Onnx = "ReduceMax",
            }),
        Op.Of(OpKind.Other, "amin", x => x.Amin([1], keepDim: true), Cube,
            new()
            {
                Formula = "the smallest element of x over dimensions", Torch = "x.amin((1,), keepdim=True)",
                Gradient = "g at that element, elsewhere 0; shared where several are equal", Onnx = "ReduceMin",
            }),
        Op.Of(OpKind.Other, "median", x => x.Median(), Matrix,
            new()
            {
                Formula = "the lower of the middle elements of x", Torch = "x.median()", Gradient = "g at that element, elsewhere 0",
            }),
        Op.Of(OpKind.Other, "median_dim", x => x.Median(1).Values, Cube,
            new()
            {
                Formula = "the lower of the middle elements of x over a dimension", Torch = "x.median(1).values",
                Gradient = "g at that element, elsewhere 0",
            }),
        Op.Of(OpKind.Other, "kthvalue", x => x.KthValue(2, 1).Values, Cube,
            new()
            {
                Formula = "the k-th smallest element of x over a dimension", Torch = "x.kthvalue(2, 1).values",
                Gradient = "g at that element, elsewhere 0",
            }),
        Op.Of(OpKind.Other, "sort", x => x.Sort(1, descending: true).Values, Cube,
            new()
            {
                Formula = "x in order along a dimension", Torch = "x.sort(1, descending=True).values",
                Gradient = "g at the places where the elements were",
            }),
        Op.Of(OpKind.Other, "topk", x => x.TopK(2, 1).Values, Cube,
            new()
            {
                Formula = "the k largest elements of x over a dimension", Torch = "x.topk(2, 1).values",
                Gradient = "g at the places where the elements were", Onnx = "TopK",
            }),
        Op.Of(OpKind.Other, "prod", x => x.Prod(), Row,
            new() { Formula = "Π x", Torch = "x.prod()", Gradient = "g·Π of the others" }),
        Op.Of(OpKind.Other, "prod_dim", x => x.Prod(1), Cube,
            new() { Formula = "Π x over a dimension", Torch = "x.prod(1)", Gradient = "g·Π of the others", Onnx = "ReduceProd" }),
        Op.Of(OpKind.Other, "prod_zeros", x => (x * Chosen(x).To(DType.Float64)).Prod(1), Matrix,
            new()
            {
                Formula = "Π x over a dimension, with zeros among them", Torch = "(x * chosen(x).double()).prod(1)",
                Gradient = "g·Π of the others",
            }),
        Op.Of(OpKind.Other, "cumprod", x => x.CumProd(1), Cube,
            new() { Formula = "y[i] = Π x[j] over j ≤ i", Torch = "x.cumprod(1)", Gradient = "Σ g[i]·Π of the others over i ≥ j" }),
        Op.Of(OpKind.Other, "cumprod_zeros", x => (x * Chosen(x).To(DType.Float64)).CumProd(1), Matrix,
            new()
            {
                Formula = "y[i] = Π x[j] over j ≤ i, with zeros among them", Torch = "(x * chosen(x).double()).cumprod(1)",
                Gradient = "Σ g[i]·Π of the others over i ≥ j",
            }),
        Op.Of(OpKind.Other, "var", x => x.Var([1]), Cube,
            new() { Formula = "Σ (x − mean x)² / (n − c) over dimensions", Torch = "x.var((1,))", Gradient = "g·2(x − mean x)/(n − c)" }),
        Op.Of(OpKind.Other, "std", x => x.Std([0, 2], correction: 0), Cube,
            new()
            {
                Formula = "√(Σ (x − mean x)² / (n − c)) over dimensions", Torch = "x.std((0, 2), unbiased=False)",
                Gradient = "g·(x − mean x)/((n − c)·y)",
            }),
        Op.Of(OpKind.Other, "norm", x => x.Norm(), Matrix,
            new() { Formula = "√(Σ x²)", Torch = "x.norm()", Gradient = "g·x/y" }),
        Op.Of(OpKind.Other, "norm_1", x => x.Norm(1, [0]), new OpInput([3, 4], Domain.Reals.Without(0)),
            new() { Formula = "Σ |x|", Torch = "x.norm(1, (0,))", Gradient = "g·sign x" }),
        Op.Of(OpKind.Other, "norm_1.5", x => x.Norm(1.5, [0]), new OpInput([3, 4], Domain.Reals.Without(0)),
            new() { Formula = "(Σ |x|^1.5)^(1/1.5)", Torch = "x.norm(1.5, (0,))", Gradient = "g·sign x·(|x|/y)^(p − 1)" }),
        Op.Of(OpKind.Other, "norm_3", x => x.Norm(3, [1], keepDim: true), new OpInput([3, 4], Domain.Reals.Without(0)),
            new() { Formula = "(Σ |x|³)^(1/3)", Torch = "x.norm(3, (1,), keepdim=True)", Gradient = "g·sign x·(|x|/y)^(p − 1)" }),
        Op.Of(OpKind.Other, "norm_half", x => x.Norm(0.5), new OpInput([4], Domain.Reals.Without(0)),
            new() { Formula = "(Σ √|x|)²", Torch = "x.norm(0.5)", Gradient = "g·sign x·(|x|/y)^(p − 1)" }),
        Op.Of(OpKind.Other, "norm_inf", x => x.Norm(double.PositiveInfinity, [1]), new OpInput([3, 4], Domain.Positive),
            new()
            {
                Formula = "the largest |x|", Torch = "torch.linalg.vector_norm(x, torch.inf, (1,))",
                Gradient = "g·sign x at that element, elsewhere 0; shared where several are equal",
            }),
        Op.Of(OpKind.Other, "logsumexp", x => x.LogSumExp([0, 1]), Cube,
            new()
            {
                Formula = "ln Σ eˣ over dimensions", Torch = "x.logsumexp((0, 1))", Gradient = "g·e^(x − y)", Onnx = "ReduceLogSumExp",
            }),
    ];
}
