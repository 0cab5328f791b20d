using Adjoint.Nn;
using Adjoint.Tests.Ops;

namespace Adjoint.Tests.Parity;

using Reduction = Adjoint.Nn.Reduction;

public partial class GraphTreeParityTests
{
    private static IEnumerable<(string Name, Func<Tensor> Make)> All() =>
        [.. OfOperands(), .. OfLosses(), .. OfLayers(), .. OfViews(), .. OfValues()];

    private static IEnumerable<(string, Func<Tensor>)> OfOperands()
    {
        foreach (var (left, p) in Operands)
        {
            foreach (var (right, r) in Operands) yield return ($"{left} @ {right}", () => p.MatMul(r));
            yield return ($"linear of {left} without bias", () => F.Linear(p, x));
            yield return ($"linear of {left} with bias", () => F.Linear(p, x, v));
            yield return ($"linear of {left}, which needs no gradient, with bias", () => F.Linear(p.Detach(), x, v));
            yield return ($"softmax of {left}", () => F.Softmax(p, -1));
            yield return ($"log_softmax of {left}", () => F.LogSoftmax(p, -1));
            yield return ($"dropout of {left}", () => F.Dropout(p, 0.5, true));
            yield return ($"dropout of {left} in evaluation", () => F.Dropout(p, 0.5, false));
            yield return ($"layer_norm of {left}", () => F.LayerNorm(p, [2]));
            yield return ($"layer_norm of {left} with weight and bias", () => F.LayerNorm(p, [2], v, v));
            yield return ($"flatten of {left}", () => p.Flatten());
            yield return ($"flatten(1) of {left}", () => p.NDim > 1 ? p.Flatten(1) : p.Flatten(0));
            yield return ($"sum of {left}", () => p.Sum());
            yield return ($"mean of {left}", () => p.Mean());
            yield return ($"prod of {left}", () => p.Prod());
            yield return ($"var of {left}", () => p.Var());
            yield return ($"std of {left}", () => p.Std());
            yield return ($"norm of {left}", () => p.Norm());
            foreach (bool keep in (bool[])[false, true])
            {
                string end = $"of {left} over the last{(keep ? ", kept" : "")}";
                yield return ($"sum {end}", () => p.Sum(-1, keep));
                yield return ($"mean {end}", () => p.Mean(-1, keep));
                yield return ($"prod {end}", () => p.Prod(-1, keep));
                yield return ($"var {end}", () => p.Var(-1, keep));
                yield return ($"std {end}", () => p.Std(-1, keep));
                yield return ($"norm {end}", () => p.Norm(2, [-1], keep));
                yield return ($"amax {end}", () => p.Amax([-1], keep));
                yield return ($"logsumexp {end}", () => p.LogSumExp(-1, keep));
            }
        }
    }

    private static IEnumerable<(string, Func<Tensor>)> OfLosses()
    {
        foreach (Reduction reduction in Enum.GetValues<Reduction>())
        {
            string end = reduction.ToString().ToLowerInvariant();
            yield return ($"mse_loss {end}", () => F.MseLoss(x, c, reduction));
            yield return ($"l1_loss {end}", () => F.L1Loss(x, c, reduction));
            yield return ($"smooth_l1_loss {end}", () => F.SmoothL1Loss(x, c, reduction));
            yield return ($"huber_loss {end}", () => F.HuberLoss(x, c, reduction));
            yield return ($"binary_cross_entropy {end}", () => F.BinaryCrossEntropy(x, c, reduction: reduction));
            yield return ($"binary_cross_entropy_with_logits {end}", () => F.BinaryCrossEntropyWithLogits(x, c, reduction: reduction));
            yield return ($"nll_loss {end}", () => F.NllLoss(x, targets, reduction: reduction));
            yield return ($"cross_entropy {end}", () => F.CrossEntropy(x, targets, reduction: reduction));
            yield return ($"cross_entropy of probabilities {end}", () => F.CrossEntropy(x, c, reduction: reduction));
            yield return ($"cross_entropy smoothed {end}", () => F.CrossEntropy(x, targets, reduction: reduction, labelSmoothing: 0.1));
            yield return ($"kl_div {end}", () => F.KlDiv(x, c, reduction));
        }
        Tensor places = Tensor.From([0L, 1, 1, 0], [2, 2]);
        yield return ("cross_entropy of one row", () => F.CrossEntropy(v, Tensor.Scalar(1, DType.Int64)));
        yield return ("nll_loss of one row", () => F.NllLoss(v, Tensor.Scalar(1, DType.Int64)));
        yield return ("nll_loss of 3-D", () => F.NllLoss(b, places));
        yield return ("cross_entropy of 3-D", () => F.CrossEntropy(b, places));
    }

    private static IEnumerable<(string, Func<Tensor>)> OfLayers() =>
    [
        ("embedding", () => F.Embedding(Tensor.From([1L, 0, 1]), x)),
        ("embedding of 2-D", () => F.Embedding(Tensor.From([1L, 0, 0, 0], [2, 2]), x)),
        ("batch_norm in training", () => new BatchNorm1d(2, dtype: DType.Float64).Call(x)),
        ("batch_norm in evaluation", () => new BatchNorm1d(2, dtype: DType.Float64).Eval().Call(x)),
        ("batch_norm of 3-D", () => new BatchNorm1d(2, dtype: DType.Float64).Call(b)),
        ("batch_norm without weights", () => new BatchNorm1d(2, affine: false, dtype: DType.Float64).Call(x)),
        ("an MLP on a batch", () => F.CrossEntropy(F.Linear(F.Linear(x, x, v).Relu(), x, v), targets)),
        ("an MLP on one example", () => F.Linear(F.Linear(v, x, v).Relu(), x, v).Sum()),
        ("the lecture's layer", () => v.MatMul(x) + v),
        ("a neuron", () => (s * 1.5 + s - 4).Pow(2)),
        ("a recurrent cell", () => (x.MatMul((x.MatMul(v) + v).Tanh()) + v).Tanh()),
    ];

    private static IEnumerable<(string, Func<Tensor>)> OfViews() =>
    [
        ("view, transpose, select", () => b.View(4, 2).Transpose(0, 1)[0]),
        ("reshape of a transposed", () => b.Transpose(0, 1).Reshape(4, 2)),
        ("x[0, 1]", () => x[0, 1]),
        ("b[0, 1]", () => b[0, 1]),
        ("x[0][1]", () => x[0][1]),
        ("x[:, 1]", () => x[.., 1]),
        ("x[:, 0:1]", () => x[.., 0..1]),
        ("x[..., 0]", () => x[TensorIndex.Ellipsis, 0]),
        ("x[::2]", () => x[TensorIndex.Slice(step: 2)]),
        ("x[None]", () => x[TensorIndex.NewAxis]),
        ("x[-1]", () => x[^1]),
        ("x[:]", () => x[..]),
        ("b[0, :, 1]", () => b[0, .., 1]),
        ("x[mask]", () => x[mask]),
        ("x[index]", () => x[index]),
        ("x[:, index]", () => x[.., index]),
        ("x[0, index]", () => x[0, index]),
        ("x.T", () => x.T),
        ("b.mT", () => b.MT),
        ("movedim", () => b.MoveDim(0, 2)),
        ("diag of a vector", () => v.Diag()),
        ("diag of a matrix", () => x.Diag()),
        ("diag_embed", () => v.DiagEmbed()),
        ("trace", () => x.Trace()),
        ("unflatten", () => Leaf(4).Unflatten(0, 2, 2)),
        ("unfold", () => Leaf(4).Unfold(0, 2, 1)),
        ("as_strided", () => x.AsStrided([2], [1])),
        ("expand_as", () => v.ExpandAs(x)),
        ("broadcast_to", () => v.BroadcastTo([2, 2])),
        ("tile", () => v.Tile(2)),
        ("repeat_interleave", () => v.RepeatInterleave(2, 0)),
        ("rot90", () => x.Rot90()),
        ("hstack", () => Tensor.HStack([v, v])),
        ("vstack", () => Tensor.VStack([v, v])),
        ("hstack of matrices", () => Tensor.HStack([x, x])),
        ("meshgrid", () => Tensor.MeshGrid([v, v])[1]),
        ("split second", () => b.Split(1, 1)[1]),
        ("split by sizes", () => row.Split([1, 2])[1]),
        ("chunk second", () => b.Chunk(2, 2)[1]),
        ("tensor_split second", () => row.TensorSplit(2)[1]),
        ("unbind second", () => b.Unbind(1)[1]),
        ("unbind, both used", () => x.Unbind() is [var first, var second] ? first * second : x),
        ("chunk, both used", () => x.Chunk(2) is [var first, var second] ? first * second : x),
        ("select_scatter", () => x.SelectScatter(v, 0, 0)),
        ("squeeze(1)", () => one.Squeeze(1)),
        ("squeeze all", () => one.Squeeze()),
        ("unsqueeze", () => v.Unsqueeze(1)),
    ];

    private static IEnumerable<(string, Func<Tensor>)> OfValues() =>
    [
        ("where", () => Tensor.Where(mask, x, y)),
        ("where a number", () => Tensor.Where(mask, x, 0.0)),
        ("where zeros", () => Tensor.Where(mask, x, x.ZerosLike())),
        ("clamp", () => x.Clamp(0, 1)),
        ("clamp min", () => x.Clamp(min: 0)),
        ("clamp max", () => x.Clamp(max: 1)),
        ("clamp by tensors", () => x.Clamp(c, c)),
        ("max", () => x.Max()),
        ("max of two", () => x.Maximum(y)),
        ("max over a dimension", () => x.Max(1).Values),
        ("min over a dimension, kept", () => x.Min(1, keepDim: true).Values),
        ("median over a dimension", () => x.Median(1).Values),
        ("kthvalue", () => x.KthValue(1).Values),
        ("mode", () => x.Mode().Values),
        ("topk", () => x.TopK(1).Values),
        ("sort descending", () => x.Sort(1, descending: true).Values),
        ("cumsum", () => x.CumSum(1)),
        ("cummax", () => x.CumMax(1).Values),
        ("diff", () => row.Diff()),
        ("dist", () => x.Dist(y)),
        ("norm 1", () => x.Norm(1)),
        ("norm 3", () => x.Norm(3)),
        ("norm 1 over a dimension", () => x.Norm(1, [1])),
        ("sum over two", () => b.Sum([0, 1])),
        ("mean over two", () => b.Mean([0, 1])),
        ("var over two", () => b.Var([0, 1])),
        ("var_mean, mean", () => x.VarMean([]).Mean),
        ("var_mean over a dimension, variance", () => x.VarMean([1]).Var),
        ("nansum", () => x.NaNSum()),
        ("nan_to_num", () => x.Word("nan_to_num")),
        ("addmm", () => v.AddMm(x, y)),
        ("outer", () => v.Outer(v)),
        ("einsum", () => Tensor.Einsum("ij,jk->ik", x, y)),
        ("addcmul", () => x.AddCMul(x, y)),
        ("take_along_dim", () => x.TakeAlongDim(Tensor.From([0L, 1], [1, 2]), 0)),
        ("index_fill", () => x.IndexFill(0, index, 1.0)),
        ("index_copy", () => x.IndexCopy(0, index, y)),
        ("index_put", () => x.IndexPut([index], v)),
        ("softsign", () => F.Softsign(x)),
        ("tanhshrink", () => F.Tanhshrink(x)),
        ("softplus", () => F.Softplus(x)),
        ("minus one", () => 1 - x),
        ("1 / x", () => 1 / x),
        ("x ** -1", () => x.Pow(-1)),
        ("2 ** x", () => x.PowOf(2)),
        ("x ** s", () => x.Pow(s)),
        ("add in place", () => x.Clone().AddInPlace(1)),
        ("a row set", () => RowSet()),
        ("a row set, another read", () => RowSet()[1]),
        ("a view changed", () => ViewChanged()),
        ("to float", () => x.To(DType.Float32)),
        ("detached", () => x.Detach() + x),
    ];

    private static Tensor RowSet()
    {
        Tensor z = x.Clone();
        z[0] = v;
        return z;
    }

    private static Tensor ViewChanged()
    {
        Tensor z = x.Clone();
        z[0].MulInPlace(2);
        return z;
    }
}
