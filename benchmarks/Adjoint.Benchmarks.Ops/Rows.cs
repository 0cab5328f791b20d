using Adjoint.Nn;

namespace Adjoint.Benchmarks.Ops;

/// <summary>One row: what is called, in which layouts, and whether there is a gradient.</summary>
internal sealed record Row(string Name, Func<Arguments, Tensor> Call, string Layouts = "contiguous", bool HasGradient = true);

/// <summary>
/// The rows of <see cref="OpTable"/>: element-wise ones as they are, of others those whose work grows with their argument, called as
/// benchmarks/torch/ops.py calls PyTorch under the same name.
/// </summary>
internal static class Rows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        .. OpTable.All.Where(op => op.Kind == OpKind.ElementWise && op.Inputs.Count == 1).Select(op => new Row(op.Name, a => op.Apply(Fit(op, a.X)), "contiguous,transposed")),
        .. OpTable.All.Where(op => op.Kind == OpKind.ElementWise && op.Inputs.Count == 2).Select(op => new Row(op.Name, a => op.Apply(a.X, a.Y), "contiguous,transposed,broadcast")),
        new("clone", a => a.X.Clone()),
        new("contiguous", a => a.X.Contiguous(), "transposed"),
        new("sum", a => a.X.Sum(), "contiguous,transposed"),
        new("sum_0", a => a.X.Sum(0), "contiguous,transposed"),
        new("sum_1", a => a.X.Sum(1), "contiguous,transposed"),
        new("mean", a => a.X.Mean(), "contiguous,transposed"),
        new("nansum", a => a.X.NanSum()),
        new("amax_1", a => a.X.Amax([1])),
        new("max_1", a => a.X.Max(1).Values),
        new("argmax_1", a => a.X.ArgMax(1), HasGradient: false),
        new("var_1", a => a.X.Var([1])),
        new("norm", a => a.X.Norm()),
        new("norm_1", a => a.X.Norm(2, [1])),
        new("logsumexp_1", a => a.X.LogSumExp([1])),
        new("cumsum_0", a => a.X.CumSum(0)),
        new("cumsum_1", a => a.X.CumSum(1)),
        new("cumprod_1", a => a.X.CumProd(1)),
        new("cummax_1", a => a.X.CumMax(1).Values),
        new("sort_1", a => a.X.Sort(1).Values),
        new("sort_all", a => a.X.Reshape(-1).Sort().Values),
        new("sort_int64", a => a.Whole.Reshape(-1).Sort().Values, HasGradient: false),
        new("topk_1", a => a.X.TopK(5, 1).Values),
        new("topk_all", a => a.X.Reshape(-1).TopK(10).Values),
        new("kthvalue_1", a => a.X.KthValue(7, 1).Values),
        new("median", a => a.X.Median()),
        new("median_1", a => a.X.Median(1).Values),
        new("softmax_1", a => a.X.Softmax(1)),
        new("log_softmax_1", a => a.X.LogSoftmax(1)),
        new("layer_norm", a => F.LayerNorm(a.X, [Arguments.Width], a.W, a.B)),
        new("mse_loss", a => F.MseLoss(a.X, a.Y)),
        new("cat_0", a => Tensor.Cat([a.X, a.Y], 0)),
        new("cat_1", a => Tensor.Cat([a.X, a.Y], 1)),
        new("stack", a => Tensor.Stack([a.X, a.Y])),
        new("flip", a => a.X.Flip(1)),
        new("roll", a => a.X.Roll(7, 1)),
        new("tril", a => a.X.Tril()),
        new("repeat_interleave", a => a.X.RepeatInterleave(2, 1)),
        new("index_select_0", a => a.X.IndexSelect(0, a.RowPlaces)),
        new("index_select_1", a => a.X.IndexSelect(1, a.Places[0])),
        new("gather_1", a => a.X.Gather(1, a.Places)),
        new("scatter_1", a => a.X.Scatter(1, a.Places, a.Y)),
        new("scatter_add_1", a => a.X.ScatterAdd(1, a.Places, a.Y)),
        new("masked_select", a => a.X.MaskedSelect(a.Chosen)),
        new("masked_fill", a => a.X.MaskedFill(a.Chosen, 2)),
        new("where", a => Tensor.Where(a.Chosen, a.X, a.Y)),
        new("nan_to_num", a => a.X.NanToNum()),
        new("to_float64", a => a.X.To(DType.Float64)),
        new("from_uint8", a => a.Bytes.To(DType.Float32), HasGradient: false),
        new("from_int64", a => a.Whole.To(DType.Float32), HasGradient: false),
        new("logical_not", a => !a.Chosen, HasGradient: false),
        new("lt", a => a.X < a.Y, "contiguous,transposed,broadcast", false),
        new("isnan", a => a.X.IsNaN(), HasGradient: false),
        new("any", a => a.Chosen.Any(), HasGradient: false),
        new("nonzero", a => a.Chosen.NonZero(), HasGradient: false),
        new("count_nonzero", a => a.X.CountNonZero(), HasGradient: false),
        new("linear", a => F.Linear(a.X, a.Y[..100], a.B[..100])),
        new("mm_int64", a => a.Whole[..100].Mm(a.Whole[..100].T), HasGradient: false),
        new("arange", a => Tensor.Arange(a.X.NumEl), HasGradient: false),
        new("rand", a => Tensor.Rand(a.X.NumEl), HasGradient: false),
        new("randn", a => Tensor.Randn(a.X.NumEl), HasGradient: false),
    ];

    // The inverse hyperbolic cosine begins at 1.
    private static Tensor Fit(Op op, Tensor x) => op.Name == "acosh" ? x + 1 : x;
}
