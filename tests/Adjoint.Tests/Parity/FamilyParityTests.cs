using System.Globalization;
using Adjoint.Nn;

namespace Adjoint.Tests.Parity;

/// <summary>
/// Operations of every family at special values, of integers, of nothing, of views: values, dtypes, shapes and gradients are PyTorch's
/// (tests/Parity/family_fixtures.py).
/// </summary>
public class FamilyParityTests
{
    private static OpCall One(Func<Tensor, Tensor> call) => (x, _) => [call(x[0])];

    private static OpCall Two(Func<Tensor, Tensor, Tensor> call) => (x, _) => [call(x[0], x[1])];

    private static OpCall Pair(Func<Tensor, (Tensor, Tensor)> call) => (x, _) =>
    {
        var (first, second) = call(x[0]);
        return [first, second];
    };

    private static OpCall Several(Func<Tensor, (Tensor, Tensor, Tensor)> call) => (x, _) =>
    {
        var (values, inverse, counts) = call(x[0]);
        return [values, inverse, counts];
    };

    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["div_floor"] = Two((x, y) => x.Div(y, RoundingMode.Floor)),
        ["div_trunc"] = Two((x, y) => x.Div(y, RoundingMode.Trunc)),
        ["copysign"] = Two((x, y) => x.CopySign(y)),
        ["ldexp"] = Two((x, y) => x.LdExp(y)),
        ["frexp"] = One(x => x.FrExp().Mantissa),
        ["frexp_exponent"] = One(x => x.FrExp().Exponent),
        ["signbit"] = One(x => x.SignBit()),
        ["isposinf"] = One(x => x.IsPosInf()),
        ["isneginf"] = One(x => x.IsNegInf()),
        ["logaddexp2"] = Two((x, y) => x.LogAddExp2(y)),
        ["xlog1py"] = Two((x, y) => x.Special.Xlog1py(y)),
        ["entr"] = One(x => x.Special.Entr()),
        ["gcd"] = Two((x, y) => x.Gcd(y)),
        ["lcm"] = Two((x, y) => x.Lcm(y)),
        ["bitwise_and"] = Two((x, y) => x.BitwiseAnd(y)),
        ["bitwise_or"] = Two((x, y) => x.BitwiseOr(y)),
        ["bitwise_xor"] = Two((x, y) => x.BitwiseXor(y)),
        ["bitwise_not"] = One(x => x.BitwiseNot()),
        ["shift_left"] = Two((x, y) => x.BitwiseLeftShift(y)),
        ["shift_right"] = Two((x, y) => x.BitwiseRightShift(y)),
        ["isin"] = Two((x, y) => x.IsIn(y)),
        ["searchsorted"] = Two((x, y) => x.SearchSorted(y)),
        ["searchsorted_rows_False"] = Two((x, y) => x.SearchSorted(y)),
        ["searchsorted_rows_True"] = Two((x, y) => x.SearchSorted(y, right: true)),
        ["bucketize_False"] = Two((x, y) => x.Bucketize(y)),
        ["bucketize_True"] = Two((x, y) => x.Bucketize(y, right: true)),
        ["unique"] = Several(x => x.Unique()),
        ["unique_dim"] = Several(x => x.Unique(0)),
        ["unique_consecutive"] = Several(x => x.UniqueConsecutive()),
        ["unique_consecutive_dim"] = Several(x => x.UniqueConsecutive(1)),
        ["diff_1"] = One(x => x.Diff(1, -1)),
        ["diff_2"] = One(x => x.Diff(2, -1)),
        ["bincount"] = One(x => x.BinCount()),
        ["bincount_weights"] = Two((x, y) => x.BinCount(y, 6)),
        ["sum_f64"] = One(x => x.Sum(DType.Float64)),
        ["cumsum_i32"] = One(x => x.CumSum(0, DType.Int32)),
        ["nansum_0"] = One(x => x.NaNSum([0])),
        ["nansum_1"] = One(x => x.NaNSum([1])),
        ["nansum_all"] = One(x => x.NaNSum([0, 1])),
        ["nanmean_0"] = One(x => x.NaNMean([0])),
        ["nanmean_1"] = One(x => x.NaNMean([1])),
        ["nanmean_all"] = One(x => x.NaNMean()),
        ["nanmedian"] = One(x => x.NaNMedian()),
        ["nanmedian_dim"] = One(x => x.NaNMedian(0).Values),
        ["quantile_several"] = One(x => x.Quantile(Tensor.From([0.3, 0.6]).To(x.DType), 0, keepDim: true)),
        ["quantile_all"] = One(x => x.Quantile(Tensor.From([0.1, 0.9]).To(x.DType))),
        ["nanquantile"] = One(x => x.NaNQuantile(0.4, 1)),
        ["logcumsumexp_0"] = One(x => x.LogCumSumExp(0)),
        ["histc"] = One(x => x.HistC(4, -2, 2)),
        ["histc_auto"] = One(x => x.HistC(3)),
        ["histogram"] = (x, _) => [x[0].Histogram(5).Hist, x[0].Histogram(5).BinEdges],
        ["histogram_edges"] = (x, _) =>
        {
            var (counts, edges) = x[0].Histogram(Tensor.From([-2.0, 0, 0.5, 3]).To(x[0].DType));
            return [counts, edges];
        },
        ["renorm_1"] = One(x => x.Renorm(1, 0, 2.5)),
        ["renorm_2"] = One(x => x.Renorm(2, 0, 2.5)),
        ["renorm_3"] = One(x => x.Renorm(3, 0, 2.5)),
        ["cov"] = One(x => x.Cov()),
        ["corrcoef"] = One(x => x.CorrCoef()),
        ["trapezoid"] = One(x => x.Trapezoid()),
        ["cumulative_trapezoid"] = One(x => x.CumulativeTrapezoid()),
        ["aminmax"] = (x, _) => [x[0].Aminmax().Min, x[0].Aminmax().Max],
        ["pad"] = One(x => x.Pad([1, 2, -1, 1], value: 7)),
        ["flips"] = (x, _) => [x[0].Fliplr(), x[0].Flipud()],
        ["rolls"] = One(x => x.Roll([2, -1], [0, 2])),
        ["dstack"] = Two((x, y) => Tensor.DStack([x, y])),
        ["column_stack"] = Two((x, y) => Tensor.ColumnStack([x, y])),
        ["block_diag"] = Two((x, y) => Tensor.BlockDiag([x, y])),
        ["cartesian_prod"] = Two((x, y) => Tensor.CartesianProd([x, y])),
        ["combinations"] = One(x => x.Combinations(3)),
        ["atleast"] = (x, _) => [x[0].AtLeast1d(), x[0].AtLeast2d(), x[0].AtLeast3d()],
        ["diagflat"] = One(x => x.DiagFlat(1)),
        ["movedim"] = One(x => x.MoveDim([0, 1], [2, 0])),
        ["hsplit"] = (x, _) => x[0].HSplit([1]),
        ["dsplit"] = (x, _) => x[0].DSplit(2),
        ["tensor_split"] = (x, _) => x[0].TensorSplit([1, 3, 9], 2),
        ["repeat_interleave"] = Two((x, y) => x.RepeatInterleave(y, 0)),
        ["repeat_interleave_flat"] = One(x => x.RepeatInterleave(2)),
        ["scatter_prod"] = (x, _) => [x[0].ScatterReduce(0, x[1], x[2], ScatterReduction.Prod)],
        ["scatter_amax"] = (x, _) => [x[0].ScatterReduce(0, x[1], x[2], ScatterReduction.Amax, includeSelf: false)],
        ["scatter_amin"] = (x, _) => [x[0].ScatterReduce(0, x[1], x[2], ScatterReduction.Amin, includeSelf: false)],
        ["scatter_mean"] = (x, _) => [x[0].ScatterReduce(0, x[1], x[2], ScatterReduction.Mean, includeSelf: false)],
        ["scatter_sum"] = (x, _) => [x[0].ScatterReduce(0, x[1], x[2], ScatterReduction.Sum, includeSelf: false)],
        ["put"] = (x, _) => [x[0].Put(x[1], x[2], accumulate: true)],
        ["masked_scatter"] = (x, _) => [x[0].MaskedScatter(x[1], x[2])],
        ["prelu"] = Two((x, y) => x.Prelu(y)),
        ["glu_0"] = One(x => x.Glu(0)),
        ["normalize"] = One(x => x.Normalize(2, 0)),
        ["clamp_min"] = Two((x, y) => x.ClampMin(y)),
        ["clamp_max"] = Two((x, y) => x.ClampMax(y)),
        ["embedding_bag_sum"] = (x, _) => [F.EmbeddingBag(x[0], x[1], x[2], EmbeddingBagMode.Sum)],
        ["embedding_bag_mean"] = (x, _) => [F.EmbeddingBag(x[0], x[1], x[2])],
        ["embedding_bag_max"] = (x, _) => [F.EmbeddingBag(x[0], x[1], x[2], EmbeddingBagMode.Max)],
        ["embedding_bag_rows_sum"] = Two((x, y) => F.EmbeddingBag(x, y, mode: EmbeddingBagMode.Sum, paddingIdx: 1)),
        ["embedding_bag_rows_mean"] = Two((x, y) => F.EmbeddingBag(x, y, paddingIdx: 1)),
        ["embedding_bag_rows_max"] = Two((x, y) => F.EmbeddingBag(x, y, mode: EmbeddingBagMode.Max, paddingIdx: 1)),
        ["embedding_bag_weights"] = (x, _) =>
            [F.EmbeddingBag(x[0], x[1], Tensor.From([0L, 1, 3]), EmbeddingBagMode.Sum, x[2], includeLastOffset: true)],
        ["one_hot"] = One(x => x.OneHot()),
        ["tril_indices"] = (_, _) => [Tensor.TrilIndices(3, 5, -1)],
        ["triu_indices"] = (_, _) => [Tensor.TriuIndices(3, 2, 1)],
        ["meshgrid_xy"] = (x, _) => Tensor.MeshGrid([x[0], x[1]], GridIndexing.XY),
        ["logspace"] = (_, _) => [Tensor.Logspace(-2, 2, 5, dtype: DType.Float64)],
        ["searchsorted_int32"] = Two((x, y) => x.SearchSorted(y, right: true, outInt32: true)),
        ["bucketize_int32"] = Two((x, y) => x.Bucketize(y, outInt32: true)),
        ["extremes_all"] = (x, _) => [x[0].Amax(), x[0].Amin(1), x[0].Amax(0, keepDim: true)],
        ["std_mean_all"] = Pair(x => x.StdMean(correction: 0)),
        ["var_mean_all"] = Pair(x => x.VarMean()),
        ["std_mean_1"] = Pair(x => x.StdMean(1)),
        ["var_mean_0"] = Pair(x => x.VarMean(0, correction: 0, keepDim: true)),
        ["nansum_dtype"] = One(x => x.NaNSum([0], DType.Float64)),
        ["nanmean_dtype"] = One(x => x.NaNMean([1], DType.Float64, keepDim: true)),
        ["softmin_dtype"] = One(x => x.Softmin(1, DType.Float64)),
        ["special_softmax_dtype"] = (x, _) => [Special.Softmax(x[0], 0, DType.Float64), Special.LogSoftmax(x[0], 1, DType.Float64)],
        ["take_along_flat"] = Two((x, y) => x.TakeAlongDim(y)),
        ["index_fill_tensor"] = (x, _) => [x[0].IndexFill(0, x[1], x[2])],
        ["pinv_hermitian"] = One(x => Linalg.PInv(x.MatMul(x.MT), hermitian: true)),
        ["vander"] = One(x => x.Vander()),
        ["vander_5"] = One(x => x.Vander(5, increasing: true)),
        ["vander_1"] = One(x => x.Vander(1)),
        ["vector_norm_dtype"] = One(x => Linalg.VectorNorm(x, 3, [1], dtype: DType.Float64)),
        ["diag_embed_0_2"] = One(x => x.DiagEmbed(1, 0, 2)),
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("family").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Cases.Select(group => group.Key)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation) =>
        OpParity.Differences(Cases[operation], Call(operation), slack: 10).Take(10).ShouldBeEmpty();

    private static OpCall Call(string operation)
    {
        if (Calls.TryGetValue(operation, out OpCall? call)) return call;
        string[] words = operation.Split('_');
        if (words[0] == "round") return One(x => x.Round(int.Parse(words[1], CultureInfo.InvariantCulture)));
        words[0].ShouldBe("quantile", "add how it is called");
        double q = double.Parse(words[1], CultureInfo.InvariantCulture);
        return One(x => x.Quantile(q, 1, interpolation: Enum.Parse<QuantileInterpolation>(words[2], ignoreCase: true)));
    }
}
