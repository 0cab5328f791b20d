using Adjoint.Nn;

namespace Adjoint.Tests.Parity;

internal sealed partial record Program
{
    private static Tensor Well(Tensor x) => x.MatMul(x.T) + 2 * Tensor.Eye(x.Shape[0], dtype: DType.Float64);

    private static bool Fits(Tensor x, Tensor y) => y.NDim <= x.NDim && (x + y).Shape.Equals(x.Shape);

    private static Tensor Parts((Tensor P, Tensor L, Tensor U) lu) => lu.L + lu.U;

    private static Tensor Parts((Tensor Q, Tensor R) qr) => qr.Q.MatMul(qr.R) * 2 + qr.R;

    private static readonly Dictionary<string, Func<Tensor, Tensor, int, Tensor>> UnaryWords = new()
    {
        ["erfcx"] = (x, _, _) => x.Special.Erfcx(),
        ["erfinv"] = (x, _, _) => (0.9 * x.Tanh()).Erfinv(),
        ["lgamma"] = (x, _, _) => (x * x + 0.5).Lgamma(),
        ["digamma"] = (x, _, _) => (x * x + 0.5).Digamma(),
        ["ndtr"] = (x, _, _) => (x * 1).Special.Ndtr(),
        ["ndtri"] = (x, _, _) => (0.1 + 0.8 * x.Sigmoid()).Special.Ndtri(),
        ["log_ndtr"] = (x, _, _) => x.Special.LogNdtr(),
        ["i0"] = (x, _, _) => x.Tanh().I0(),
        ["i0e"] = (x, _, _) => x.Special.I0e(),
        ["i1"] = (x, _, _) => x.Tanh().Special.I1(),
        ["i1e"] = (x, _, _) => x.Special.I1e(),
        ["entr"] = (x, _, _) => x.Sigmoid().Special.Entr(),
        ["mvlgamma"] = (x, _, _) => (x * x + 1.5).Mvlgamma(2),
        ["round1"] = (x, _, _) => x.Round(1),
        ["clip"] = (x, _, _) => x.Clip(-0.8, 0.9),
        ["prelu1"] = (x, _, _) => x.Prelu(Tensor.Full([1], 0.2, DType.Float64)),
        ["rrelu"] = (x, _, _) => x.Rrelu(),
        ["flips"] = (x, _, _) => x.Flip([.. Enumerable.Range(0, x.NDim)]),
        ["atleast3"] = (x, _, _) => x.AtLeast3d(),
        ["atleast2"] = (x, _, _) => x.AtLeast2d(),
        ["diagflat"] = (x, _, _) => x.Flatten()[..Math.Min(3, x.NumEl)].DiagFlat(),
        ["take3"] = (x, _, _) => x.NumEl > 0 ? x.Take(Tensor.From([0L, -1, 0])) : x,
        ["expand_as"] = (x, _, _) => x.Sum().ExpandAs(x),
        ["sum_to"] = (x, _, _) => (x.Unsqueeze(0) + Tensor.Zeros([2, .. x.Shape.Sizes], DType.Float64)).SumToSize(x.Shape),
        ["pad_flat"] = (x, _, _) => x.Flatten().Pad([1, 2], value: 0.3),
        ["pad_circular"] = (x, _, _) => x.NumEl > 0 ? x.Reshape(1, 1, -1).Pad([0, 1], PadMode.Circular).Flatten() : x,
        ["combinations"] = (x, _, _) => x.Flatten()[..Math.Min(4, x.NumEl)].Combinations(),
        ["std_mean"] = (x, _, _) => Tensor.Cat(x.Flatten(), Tensor.Ones([2], DType.Float64)).Std(),
        ["quantile"] = (x, _, _) => x.NumEl > 0 ? x.Flatten().Quantile(0.4, 0) : x,
        ["conv1"] = (x, _, _) =>
            x.NumEl > 0
                ? F.Conv1d(x.Reshape(1, 1, -1), Tensor.Linspace(-1, 1, 3, DType.Float64).Reshape(1, 1, 3), padding: 1).Flatten() : x,
        ["conv_transpose1"] = (x, _, _) =>
            x.NumEl > 0
                ? F.ConvTranspose1d(x.Reshape(1, 1, -1), Tensor.Linspace(-1, 1, 3, DType.Float64).Reshape(1, 1, 3), stride: 2,
                    padding: 1).Flatten()
                : x,
        ["max_pool1"] = (x, _, _) => x.NumEl > 0 ? F.MaxPool1d(x.Reshape(1, 1, -1), 2, 1, 1).Flatten() : x,
        ["avg_pool1"] = (x, _, _) => x.NumEl > 0 ? F.AvgPool1d(x.Reshape(1, 1, -1), 3, 2, 1, countIncludePad: false).Flatten() : x,
        ["adaptive1"] = (x, _, _) => x.NumEl > 0 ? F.AdaptiveMaxPool1d(x.Reshape(1, 1, -1), 3).Flatten() : x,
        ["interpolate1"] = (x, _, _) =>
            x.NumEl > 0 ? F.Interpolate(x.Reshape(1, 1, -1), 5, mode: InterpolateMode.Linear, alignCorners: true).Flatten() : x,
        ["nearest1"] = (x, _, _) => x.NumEl > 0 ? F.Interpolate(x.Reshape(1, 1, -1), scaleFactor: [1.5]).Flatten() : x,
        ["embedding"] = (x, _, _) => x.NumEl > 1 ? F.Embedding(Tensor.From([0L, 1, 0]), x.Reshape(-1, 1)) : x,
        ["heaviside0"] = (x, _, _) => (x * 1).Heaviside(0.5 * x),
        ["block_diag"] = (x, _, _) => Tensor.BlockDiag([x.Flatten()[..Math.Min(2, x.NumEl)], x.Flatten()[..Math.Min(1, x.NumEl)]]),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, int, Tensor>> BinaryWords = new()
    {
        ["copysign"] = (x, y, _) => x.CopySign(y),
        ["floor_divide"] = (x, y, _) => x.Div(y * y + 1, RoundingMode.Floor) + x,
        ["logaddexp2"] = (x, y, _) => x.LogAddExp2(y),
        ["xlog1py"] = (x, y, _) => x.Special.Xlog1py(y * y),
        ["ldexp"] = (x, y, _) => x.LdExp(y.Tanh()),
        ["float_power"] = (x, y, _) => (x * x + 0.5).FloatPower(y.Tanh()),
        ["igamma"] = (x, y, _) => y.FullLike(1.7).Igamma(y * y + 0.1) + x,
        ["zeta"] = (x, y, _) => Special.Zeta(y.FullLike(2.5), y * y + 1) + x,
        ["clamp_min_t"] = (x, y, _) => x.ClampMin(y),
        ["clamp_max_t"] = (x, y, _) => x.ClampMax(y),
        ["kron"] = (x, y, _) => (x * 1).Flatten()[..Math.Min(3, x.NumEl)].Kron((y * 1).Flatten()[..Math.Min(2, y.NumEl)]),
        ["inner"] = (x, y, _) => x.NumEl > 1 && y.NumEl > 1 ? x.Flatten()[..2].Inner(y.Flatten()[..2]) : x + y,
        ["cosine"] = (x, y, _) => x.Shape.Equals(y.Shape) && x.NumEl > 0 ? x.Reshape(1, -1).CosineSimilarity(y.Reshape(1, -1)) : x + y,
        ["pairwise"] = (x, y, _) => x.Shape.Equals(y.Shape) && x.NumEl > 0 ? x.Reshape(1, -1).PairwiseDistance(y.Reshape(1, -1)) : x + y,
        ["cdist"] = (x, y, _) =>
            x.NumEl is > 0 and < 5 && y.NumEl is > 0 and < 5 ? x.Reshape(-1, 1).CDist(y.Reshape(-1, 1) + 5.3) : x + y,
        ["hstack"] = (x, y, _) => Tensor.HStack([x.Flatten(), y.Flatten()]),
        ["column_stack"] = (x, y, _) => x.Shape.Equals(y.Shape) && x.NDim == 1 ? Tensor.ColumnStack([x, y]) : x + y,
        ["dstack"] = (x, y, _) => x.Shape.Equals(y.Shape) ? Tensor.DStack([x, y]) : x + y,
        ["searchsorted"] = (x, y, _) => x + Tensor.Linspace(-1, 1, 4, DType.Float64).SearchSorted(y.Contiguous()),
        ["masked_scatter"] = (x, y, _) => Fits(x, y) ? x.MaskedScatter(x > 0.3, y.ExpandAs(x).Contiguous()) : x + y,
        ["heaviside"] = (x, y, _) => (x * 1).Heaviside(y),
        ["mse_m"] = (x, y, _) => x.Shape.Equals(y.Shape) && x.NumEl > 0 ? F.SoftMarginLoss(x, y.Sign() + (y == 0)) : x + y,
        ["poisson"] = (x, y, _) => x.Shape.Equals(y.Shape) && x.NumEl > 0 ? F.PoissonNllLoss(x.Clamp(-3, 3), y * y) : x + y,
        ["vdot"] = (x, y, _) => x.NumEl == y.NumEl ? x.Flatten().VDot(y.Flatten()) : x + y,
        ["atan2_"] = (x, y, _) => x.Arctan2(y * y + 1),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, int, Tensor>> AlongWords = new()
    {
        ["logcumsumexp"] = (x, _, d) => x.LogCumSumExp(d),
        ["nanmean"] = (x, _, d) => x.NaNMean([d]),
        ["nansum_d"] = (x, _, d) => x.NaNSum([d]),
        ["aminmax"] = (x, _, d) => x.Amin([d]) + 2 * x.Amax([d]),
        ["quantile_d"] = (x, _, d) => x.Quantile(0.3, d),
        ["nanquantile_d"] = (x, _, d) => x.NaNQuantile(0.7, d, keepDim: true),
        ["trapezoid"] = (x, _, d) => x.Trapezoid(dim: d),
        ["cumulative_trapezoid"] = (x, _, d) => x.CumulativeTrapezoid(dim: d),
        ["diff_append"] = (x, _, d) => x.Diff(1, d, append: x.Narrow(d, 0, 1) * 2),
        ["renorm"] = (x, _, d) => x.NDim > 1 ? x.Renorm(2, d, 1.3) : x,
        ["normalize"] = (x, _, d) => (x + 0.3).Normalize(dim: d),
        ["glu"] = (x, _, d) => Tensor.Cat([x, x * 0.5], d).Glu(d),
        ["msort"] = (x, _, d) => x.Sort(d, stable: true).Values,
        ["scatter_prod"] = (x, _, d) => x.ScatterReduce(d, x.ZerosLike(DType.Int64), x + 2, ScatterReduction.Prod),
        ["scatter_amax"] = (x, _, d) => x.ScatterReduce(d, x.ZerosLike(DType.Int64), x * 1.5, ScatterReduction.Amax, includeSelf: false),
        ["scatter_mean"] = (x, _, d) => x.ScatterReduce(d, x.ZerosLike(DType.Int64), x * 1.5, ScatterReduction.Mean),
        ["tensor_split"] = (x, _, d) => x.TensorSplit([1], d)[0],
        ["roll2"] = (x, _, d) => x.Roll(-1, d),
        ["repeat_t"] = (x, _, d) => x.RepeatInterleave(Tensor.Arange(x.Shape[d]).To(DType.Int64), d),
        ["softmin_d"] = (x, _, d) => x.Softmin(d),
        ["narrow_copy"] = (x, _, d) => x.NarrowCopy(d, 0, 1),
        ["median_nan"] = (x, _, d) => x.NaNMedian(d).Values,
        ["mode"] = (x, _, d) => x.Mode(d).Values,
        ["cross"] = (x, _, d) => x.Shape[d] == 3 ? Linalg.Cross(x, x.Flip(d) + 1, d) : x,
        ["slice_scatter"] = (x, _, d) => x.SliceScatter(x.Narrow(d, 0, 1) * 3, d, 0, 1),
        ["squeeze_"] = (x, _, d) => (x * 1).UnsqueezeInPlace(d).SqueezeInPlace(d),
        ["transpose_"] = (x, _, d) => (x * 1).TransposeInPlace(0, d),
        ["cumsum_d_"] = (x, _, d) => (x * 1).CumSumInPlace(d),
        ["cumprod_d_"] = (x, _, d) => (x * 1).CumProdInPlace(d),
        ["index_fill_d_"] = (x, _, d) => (x * 1).IndexFillInPlace(d, Tensor.From([0L]), 0.4),
        ["group_norm"] = (x, _, d) => x.NumEl > 1 ? F.GroupNorm(x.Transpose(0, d).Reshape(1, x.Shape[d], -1), 1).Flatten() : x,
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, int, Tensor>> MatrixWords = new()
    {
        ["cov"] = (x, _, _) => Tensor.Cat([x, x * x + 1], 1).Cov(),
        ["solve"] = (x, _, _) => Well(x).Linalg.Solve(x),
        ["inv"] = (x, _, _) => Well(x).Linalg.Inv(),
        ["det"] = (x, _, _) => (x.MatMul(x.T) * 0.1 + Tensor.Eye(x.Shape[0], dtype: DType.Float64)).Det(),
        ["logdet"] = (x, _, _) => Well(x).LogDet(),
        ["slogdet"] = (x, _, _) => Well(x).Linalg.SLogDet().LogAbsDet,
        ["cholesky"] = (x, _, _) => Well(x).Linalg.Cholesky(),
        ["triangular"] = (x, _, _) => Well(x).Tril().Linalg.SolveTriangular(x, upper: false),
        ["eigvalsh"] = (x, _, _) => (x.MatMul(x.T) + (Tensor.Arange(1, x.Shape[0] + 1).To(DType.Float64) * 30).Diag()).Linalg.EigValsH(),
        ["matrix_exp"] = (x, _, _) => (x.MatMul(x.T).Tanh() * 0.3).MatrixExp(),
        ["power3"] = (x, _, _) => x.MatMul(x.T).Tanh().MatrixPower(3),
        ["power0"] = (x, _, _) => x.MatMul(x.T).MatrixPower(0),
        ["fro"] = (x, _, _) => (x + 0.2).Linalg.MatrixNorm(),
        ["norm_1"] = (x, _, _) => x.Linalg.MatrixNorm(1),
        ["multi_dot"] = (x, _, _) => Linalg.MultiDot([x, x.T, x]),
        ["addmm0"] = (x, _, _) => x.AddMm(x.MatMul(x.T), x, 0, 0.5),
        ["addmv"] = (x, _, _) => x[.., 0].AddMv(x, x[0]),
        ["addr"] = (x, _, _) => x.AddR(x[.., 0], x[0], 0.5),
        ["tensordot"] = (x, _, _) => x.TensorDot(x, [0], [0]),
        ["fliplr"] = (x, _, _) => x.Fliplr() + x.Flipud(),
        ["t_"] = (x, _, _) => (x * 1).TInPlace(),
        ["fill_diagonal_"] = (x, _, _) => (x * 1).FillDiagonalInPlace(0.7),
        ["vander"] = (x, _, _) => Linalg.Vander(x.Tanh(), 3),
        ["diagonal_scatter"] = (x, _, _) => x.DiagonalScatter(x.Diagonal() * 2),
        ["pdist"] = (x, _, _) =>
            x.Shape[0] > 1 && x.Shape[1] > 0 ? (x + Tensor.Arange(x.Shape[0]).To(DType.Float64).Unsqueeze(1) * 3).PDist() : x,
        ["conv2"] = (x, _, _) =>
            x.NumEl > 0
                ? F.Conv2d(x.Unsqueeze(0).Unsqueeze(0), Tensor.Linspace(-1, 1, 4, DType.Float64).Reshape(1, 1, 2, 2), padding: 1)[0, 0]
                : x,
        ["max_pool2"] = (x, _, _) => x.NumEl > 0 ? F.MaxPool2d(x.Unsqueeze(0).Unsqueeze(0), 2, 1, 1)[0, 0] : x,
        ["avg_pool2"] = (x, _, _) => x.NumEl > 0 ? F.AvgPool2d(x.Unsqueeze(0).Unsqueeze(0), 2, 1, 1)[0, 0] : x,
        ["bicubic"] = (x, _, _) =>
            x.NumEl > 0
                ? F.Interpolate(x.Unsqueeze(0).Unsqueeze(0), (3, 4), mode: InterpolateMode.Bicubic, alignCorners: false)[0, 0] : x,
        ["im2col"] = (x, _, _) => x.NumEl is > 0 and < 5 ? F.Unfold(x.Unsqueeze(0).Unsqueeze(0), 2, padding: 1)[0] : x,
        ["grid_sample"] = (x, _, _) =>
            x.NumEl > 0
                ? F.GridSample(x.Unsqueeze(0).Unsqueeze(0), Tensor.From([0.31, -0.27, -0.63, 0.82]).Reshape(1, 1, 2, 2))[0, 0] : x,
        ["pad_reflect"] = (x, _, _) => x.Shape[1] > 1 ? x.Unsqueeze(0).Pad([1, 1], PadMode.Reflect)[0] : x,
        ["pixel_shuffle"] = (x, _, _) => x.NumEl is > 0 and < 7 ? x.Expand([4, .. x.Shape.Sizes]).PixelShuffle(2)[0] : x,
        ["multi_margin"] = (x, _, _) => x.NumEl > 0 ? F.MultiMarginLoss(x, Tensor.Zeros([x.Shape[0]], DType.Int64)) : x,
        ["ctc"] = (x, _, _) =>
            x.Shape[0] > 0 && x.Shape[1] > 1
                ? F.CtcLoss(x.LogSoftmax(1).Unsqueeze(1), Tensor.Ones([1, 1], DType.Int64), Tensor.From([(long)x.Shape[0]]),
                    Tensor.From([1L]))
                : x,
        ["svdvals"] = (x, _, _) =>
            (x.MatMul(x.T) * 0.1 + (Tensor.Arange(1, x.Shape[0] + 1).To(DType.Float64) * 20).Diag()).Linalg.SvdVals(),
        ["pinv"] = (x, _, _) => Well(x).Linalg.PInv(),
        ["lu"] = (x, _, _) => Parts((x.MatMul(x.T) + 9 * Tensor.Eye(x.Shape[0], dtype: DType.Float64)).Linalg.Lu()),
        ["qr"] = (x, _, _) => Parts(Well(x).Linalg.Qr()),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, int, Tensor>> InPlaceWords = new()
    {
        ["cumsum_"] = (x, _, _) => x.NDim > 0 ? x.CumSumInPlace(0) : x.MulInPlace(1),
        ["remainder_"] = (x, _, _) => x.RemainderInPlace(1.5),
        ["fmod_"] = (x, _, _) => x.FmodInPlace(1.5),
        ["clip_"] = (x, _, _) => x.ClipInPlace(-0.7),
        ["negative_"] = (x, _, _) => x.NegativeInPlace(),
        ["arctan_"] = (x, _, _) => x.ArctanInPlace(),
        ["erf_"] = (x, _, _) => x.ErfInPlace(),
        ["nan_to_num_"] = (x, _, _) => x.NaNToNumInPlace(),
        ["lt0_"] = (x, _, _) => x.LtInPlace(0.2),
        ["hardtanh_"] = (x, _, _) => x.HardtanhInPlace(),
        ["celu_"] = (x, _, _) => x.CeluInPlace(),
        ["tril_"] = (x, _, _) => x.NDim == 2 ? x.TrilInPlace() : x.MulInPlace(1),
        ["lgamma_"] = (x, _, _) => x.SquareInPlace().AddInPlace(0.5).LgammaInPlace(),
        ["sinc_"] = (x, _, _) => x.SincInPlace(),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, int, Tensor>> InPlace2Words = new()
    {
        ["multiply_"] = (x, y, _) => x.MultiplyInPlace(y),
        ["subtract_"] = (x, y, _) => x.SubtractInPlace(y),
        ["divide_"] = (x, y, _) => x.DivideInPlace(y * y + 1),
        ["atan2__"] = (x, y, _) => x.Arctan2InPlace(y * y + 1),
        ["lerp_t_"] = (x, y, _) => x.LerpInPlace(y, y.Sigmoid()),
        ["clamp_min_t_"] = (x, y, _) => x.ClampMinInPlace(y),
        ["copysign_"] = (x, y, _) => x.CopySignInPlace(y),
        ["hypot_"] = (x, y, _) => x.HypotInPlace(y * y + 1),
        ["remainder_t_"] = (x, y, _) => x.RemainderInPlace(y * y + 1),
        ["float_power_"] = (x, y, _) => x.SquareInPlace().AddInPlace(0.5).FloatPowerInPlace(y.Tanh()),
        ["xlogy_"] = (x, y, _) => x.XlogyInPlace(y * y + 0.5),
        ["addcdiv_"] = (x, y, _) => x.AddCDivInPlace(y, y * y + 1, 0.3),
    };
}
