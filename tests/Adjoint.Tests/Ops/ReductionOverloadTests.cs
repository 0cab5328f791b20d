namespace Adjoint.Tests.Ops;

/// <summary>
/// Every overload of a reduction along a dimension is the reduction of every slice, whatever the dtype and the layout (F2).
/// </summary>
public class ReductionOverloadTests
{
    /// <summary>How the reduction of a vector v is written, and ways to write the reduction of x along its dimension 1 of three.</summary>
    private static readonly (string Vector, string[] Forms)[] Reductions =
    [
        ("v.Sum()", ["x.Sum(1)", "x.Sum(-2)", "x.Sum([1])", "x.Sum(1, keepDim: true).Squeeze(1)", "x.Sum([-2], keepDim: true).Squeeze(1)"]),
        ("v.Mean()", ["x.Mean(1)", "x.Mean(-2)", "x.Mean([1])", "x.Mean(1, true).Squeeze(1)", "x.Mean([1], true).Squeeze(1)"]),
        ("v.Std()", ["x.Std(1)", "x.Std(-2)", "x.Std([1])", "x.Std(1, keepDim: true).Squeeze(1)", "x.Std(1, true).Squeeze(1)",
            "x.Std(1, 1.0)", "x.StdMean([1]).Std"]),
        ("v.Var()", ["x.Var(1)", "x.Var(-2)", "x.Var([1])", "x.Var(1, keepDim: true).Squeeze(1)", "x.Var(1, true).Squeeze(1)",
            "x.Var(1, 1.0)", "x.VarMean([1]).Var"]),
        ("v.Std(0.0)", ["x.Std(1, 0)", "x.Std(1, correction: 0)", "x.Std([1], 0)", "x.Std(1, 0, true).Squeeze(1)"]),
        ("v.Var(correction: 0)", ["x.Var(1, 0)", "x.Var(1, correction: 0)", "x.Var([1], 0)", "x.Var(1, 0, true).Squeeze(1)"]),
        ("v.Prod()", ["x.Prod(1)", "x.Prod(-2)", "x.Prod(1, true).Squeeze(1)"]),
        ("v.Amax([0])", ["x.Amax([1])", "x.Amax([-2], true).Squeeze(1)", "x.Max(1).Values", "x.Max(-2, true).Values.Squeeze(1)"]),
        ("v.Amin([0])", ["x.Amin([1])", "x.Amin([-2], true).Squeeze(1)", "x.Min(1).Values", "x.Min(-2, true).Values.Squeeze(1)"]),
        ("v.ArgMax()", ["x.ArgMax(1)", "x.ArgMax(-2, true).Squeeze(1)", "x.Max(1).Indices"]),
        ("v.ArgMin()", ["x.ArgMin(1)", "x.ArgMin(-2, true).Squeeze(1)", "x.Min(1).Indices"]),
        ("v.Norm()", ["x.Norm(2, [1])", "x.Norm(2, [-2], true).Squeeze(1)"]),
        ("v.Norm(1)", ["x.Norm(1, [1])"]),
        ("v.Norm(0)", ["x.Norm(0, [1])"]),
        ("v.All()", ["x.All(1)", "x.All(-2, true).Squeeze(1)"]),
        ("v.Any()", ["x.Any(1)", "x.Any(-2, true).Squeeze(1)"]),
        ("v.CountNonZero()", ["x.CountNonZero(1)", "x.CountNonZero(-2)"]),
        ("v.LogSumExp(0)", ["x.LogSumExp(1)", "x.LogSumExp(-2)", "x.LogSumExp([1])"]),
        ("v.Median(0).Values", ["x.Median(1).Values", "x.Median(-2, true).Values.Squeeze(1)", "x.KthValue(2, 1).Values"]),
        ("v.Mode().Values", ["x.Mode(1).Values", "x.Mode(-2, true).Values.Squeeze(1)"]),
        ("v.CumSum(0)[^1]", ["x.CumSum(1)[.., ^1]", "x.Sum(1)"]),
        ("v.CumProd(0)[^1]", ["x.CumProd(-2)[.., ^1]", "x.Prod(1)"]),
        ("v.Sort().Values[0]", ["x.Sort(1).Values[.., 0]", "x.TopK(1, 1, largest: false).Values.Squeeze(1)", "x.CumMin(1).Values[.., ^1]"]),
    ];

    private static readonly (string Name, Func<Tensor, Tensor> Of)[] Layouts =
    [
        ("contiguous", x => x), ("permuted", x => x.Permute(2, 0, 1).Contiguous().Permute(1, 2, 0)),
            ("transposed", x => x.Transpose(0, 1).Contiguous().Transpose(0, 1)),
        ("every second", x => Tensor.Stack([x, x], 3).Flatten(2)[.., .., TensorIndex.Slice(step: 2)]),
        ("expanded", x => x[..1].Expand(2, 4, 3)),
    ];

    [Fact]
    public void Every_overload_is_the_reduction_of_every_slice()
    {
        string[] vectors = [.. Reductions.Select(r => $"(Func<Tensor, Tensor>)(v => {r.Vector})")],
            forms = [.. Reductions.SelectMany(r => r.Forms.Select(f => $"(Func<Tensor, Tensor>)(x => {f})"))];
        Func<Tensor, Tensor>[] calls =
            [.. Snippets.Compile([.. vectors, .. forms], "").Select(m => (Func<Tensor, Tensor>)m.Invoke(null, [])!)];
        List<string> wrong = [];
        int compared = 0;
        foreach (DType dtype in Enum.GetValues<DType>())
            foreach ((string layout, Func<Tensor, Tensor> lay) in Layouts)
            {
                Tensor x =
                    lay(Tensor.From([.. Enumerable.Range(0, 24)
                        .Select(i => (i * 7 % 5 - (dtype == DType.UInt8 ? 0 : 2)) * (dtype.IsFloatingPoint ? 0.75 : 1))], [2, 4, 3])
                        .To(dtype));
                for (int r = 0, f = vectors.Length; r < vectors.Length; r++)
                {
                    Tensor? meant =
                        Try(() =>
                            Tensor.Stack([.. from i in Enumerable.Range(0, 2) from k in Enumerable.Range(0, 3)
                                select calls[r](x[i, .., k])]).Reshape(2, 3));
                    foreach (string form in Reductions[r].Forms)
                    {
                        Tensor? found = Try(() => calls[f](x));
                        f++;
                        string what = $"{form} of {dtype}, {layout}";
                        // What the whole refuses for a dtype (a mean of integers), the slices refuse as well.
                        if ((meant is null) != (found is null)) { wrong.Add($"{what}: {found?.ToString() ?? "refused"} where the slices give {meant?.ToString() ?? "nothing"}"); continue; }
                        if (meant is null) continue;
                        compared++;
                        if (found!.DType != meant.DType || !found.Shape.Equals(meant.Shape)
                            || !found.To(DType.Float64).AllClose(meant.To(DType.Float64), 1e-6, 1e-6, equalNaN: true))
                            wrong.Add($"{what}: {found} instead of {meant}");
                    }
                }
            }
        string.Join('\n', wrong.Take(20)).ShouldBeEmpty();
        compared.ShouldBeGreaterThan(1000);
    }

    private static Tensor? Try(Func<Tensor> call)
    {
        try
        {
            return call();
        }
        catch (TensorException)
        {
            return null;
        }
    }
}
