using Adjoint.Nn;

namespace Adjoint.Tests.Parity;

public partial class InPlaceParityTests
{
    private static readonly Dictionary<string, Action<Tensor, Tensor[]>> Changes = new()
    {
        ["absolute_"] = (x, _) => x.AbsoluteInPlace(),
        ["negative_"] = (x, _) => x.NegativeInPlace(),
        ["fix_"] = (x, _) => x.FixInPlace(),
        ["arccos_"] = (x, _) => x.ArccosInPlace(),
        ["arcsin_"] = (x, _) => x.ArcsinInPlace(),
        ["arctanh_"] = (x, _) => x.ArctanhInPlace(),
        ["arctan_"] = (x, _) => x.ArctanInPlace(),
        ["arcsinh_"] = (x, _) => x.ArcsinhInPlace(),
        ["arccosh_"] = (x, _) => x.ArccoshInPlace(),
        ["arctan2_"] = (x, y) => x.Arctan2InPlace(y[0]),
        ["multiply_"] = (x, y) => x.MultiplyInPlace(y[0]),
        ["subtract_"] = (x, y) => x.SubtractInPlace(y[0]),
        ["divide_"] = (x, y) => x.DivideInPlace(y[0]),
        ["divide_floor_"] = (x, y) => x.DivideInPlace(y[0], RoundingMode.Floor),
        ["subtract_alpha_"] = (x, y) => x.SubtractInPlace(y[0], 2),
        ["lt_"] = (x, y) => x.LtInPlace(y[0]),
        ["le_"] = (x, y) => x.LeInPlace(y[0]),
        ["gt_"] = (x, y) => x.GtInPlace(y[0]),
        ["ge_"] = (x, y) => x.GeInPlace(y[0]),
        ["eq_"] = (x, y) => x.EqInPlace(y[0]),
        ["ne_"] = (x, y) => x.NeInPlace(y[0]),
        ["greater_"] = (x, y) => x.GreaterInPlace(y[0]),
        ["greater_equal_"] = (x, y) => x.GreaterEqualInPlace(y[0]),
        ["less_"] = (x, y) => x.LessInPlace(y[0]),
        ["less_equal_"] = (x, y) => x.LessEqualInPlace(y[0]),
        ["not_equal_"] = (x, y) => x.NotEqualInPlace(y[0]),
        ["logical_and_"] = (x, y) => x.LogicalAndInPlace(y[0]),
        ["logical_or_"] = (x, y) => x.LogicalOrInPlace(y[0]),
        ["logical_xor_"] = (x, y) => x.LogicalXorInPlace(y[0]),
        ["logical_not_"] = (x, _) => x.LogicalNotInPlace(),
        ["remainder_"] = (x, y) => x.RemainderInPlace(y[0]),
        ["remainder_2_"] = (x, _) => x.RemainderInPlace(2),
        ["fmod_"] = (x, y) => x.FmodInPlace(y[0]),
        ["fmod_2_"] = (x, _) => x.FmodInPlace(2),
        ["float_power_"] = (x, y) => x.FloatPowerInPlace(y[0]),
        ["ldexp_"] = (x, y) => x.LdExpInPlace(y[0]),
        ["nan_to_num_"] = (x, _) => x.NaNToNumInPlace(1.5, 2.5, -2.5),
        ["cumsum_"] = (x, _) => x.CumSumInPlace(0),
        ["cumprod_"] = (x, _) => x.CumProdInPlace(0),
        ["clip_"] = (x, _) => x.ClipInPlace(-1, 1.25),
        ["clip_max_"] = (x, _) => x.ClipInPlace(max: 1),
        ["clamp_t_"] = (x, y) => x.ClampInPlace(y[0] - 1, y[0]),
        ["clamp_min_t_"] = (x, y) => x.ClampMinInPlace(y[0]),
        ["clamp_max_t_"] = (x, y) => x.ClampMaxInPlace(y[0]),
        ["lerp_t_"] = (x, y) => x.LerpInPlace(y[0], y[1]),
        ["heaviside_"] = (x, y) => x.HeavisideInPlace(y[0]),
        ["index_copy_"] = (x, y) => x.IndexCopyInPlace(0, y[0], y[1]),
        ["index_fill_"] = (x, y) => x.IndexFillInPlace(0, y[0], 3),
        ["masked_fill_t_"] = (x, y) => x.MaskedFillInPlace(y[0], y[1]),
        ["fill_t_"] = (x, y) => x.FillInPlace(y[0]),
        ["addmm_"] = (x, y) => x.AddMmInPlace(y[0], y[1], 2, 3),
        ["addmv_"] = (x, y) => x.AddMvInPlace(y[0], y[1], 2, 3),
        ["addr_"] = (x, y) => x.AddRInPlace(y[0], y[1], 2, 3),
        ["addbmm_"] = (x, y) => x.AddBmmInPlace(y[0], y[1], 2, 3),
        ["baddbmm_"] = (x, y) => x.BAddBmmInPlace(y[0], y[1], 2, 3),
        ["fill_diagonal_"] = (x, _) => x.FillDiagonalInPlace(2),
        ["fill_diagonal_wrap_"] = (x, _) => x.FillDiagonalInPlace(2, wrap: true),
        ["renorm_"] = (x, _) => x.RenormInPlace(2, 0, 1.5),
        ["celu_"] = (x, _) => x.CeluInPlace(2),
        ["selu_"] = (x, _) => x.SeluInPlace(),
        ["hardtanh_"] = (x, _) => x.HardtanhInPlace(-1, 0.5),
        ["threshold_"] = (x, _) => x.ThresholdInPlace(0.25, 2),
        ["relu6_"] = (x, _) => x.Relu6InPlace(),
        ["hardswish_"] = (x, _) => x.HardswishInPlace(),
        ["mish_"] = (x, _) => x.MishInPlace(),
    };

    private static readonly Dictionary<string, OpCall> Kept = new()
    {
        ["absolute"] = Of(x => x.Absolute()),
        ["negative"] = Of(x => x.Negative()),
        ["fix"] = Of(x => x.Fix()),
        ["arccos"] = Of(x => x.Arccos()),
        ["arcsin"] = Of(x => x.Arcsin()),
        ["arctanh"] = Of(x => x.Arctanh()),
        ["arctan"] = Of(x => x.Arctan()),
        ["arcsinh"] = Of(x => x.Arcsinh()),
        ["arccosh"] = Of(x => x.Arccosh()),
        ["arctan2"] = Of((x, y) => x.Arctan2(y)),
        ["multiply"] = Of((x, y) => x.Multiply(y)),
        ["subtract"] = Of((x, y) => x.Subtract(y)),
        ["divide"] = Of((x, y) => x.Divide(y)),
        ["lt"] = Of((x, y) => x.Lt(y)),
        ["le"] = Of((x, y) => x.Le(y)),
        ["gt"] = Of((x, y) => x.Gt(y)),
        ["ge"] = Of((x, y) => x.Ge(y)),
        ["eq"] = Of((x, y) => x.Eq(y)),
        ["ne"] = Of((x, y) => x.Ne(y)),
        ["greater"] = Of((x, y) => x.Greater(y)),
        ["greater_equal"] = Of((x, y) => x.GreaterEqual(y)),
        ["less"] = Of((x, y) => x.Less(y)),
        ["less_equal"] = Of((x, y) => x.LessEqual(y)),
        ["not_equal"] = Of((x, y) => x.NotEqual(y)),
        ["logical_and"] = Of((x, y) => x.LogicalAnd(y)),
        ["logical_or"] = Of((x, y) => x.LogicalOr(y)),
        ["logical_xor"] = Of((x, y) => x.LogicalXor(y)),
        ["clip"] = Of(x => x.Clip(-1, 1.25)),
        ["heaviside"] = Of((x, y) => x.Heaviside(y)),
        ["argwhere"] = Of(x => x.ArgWhere()),
        ["isreal"] = Of(x => x.IsReal()),
        ["moveaxis"] = Of(x => x.MoveAxis([0, 1], [2, 0])),
        ["moveaxis_one"] = Of(x => x.MoveAxis(0, -1)),
        ["concat"] = Of((x, y) => Tensor.Concat([x, y], 1)),
        ["split_with_sizes"] = (x, _) => x[0].SplitWithSizes([1, 0, 3], 1),
        ["trapz"] = Of(x => x.TrapZ()),
        ["trapz_x"] = Of((x, y) => x.TrapZ(y)),
        ["t_"] = Shaped(x => x.TInPlace()),
        ["transpose_"] = Shaped(x => x.TransposeInPlace(0, 1)),
        ["swapaxes_"] = Shaped(x => x.SwapAxesInPlace(-1, 0)),
        ["swapdims_"] = Shaped(x => x.SwapDimsInPlace(0, 1)),
        ["squeeze_"] = Shaped(x => x.SqueezeInPlace()),
        ["squeeze_1_"] = Shaped(x => x.SqueezeInPlace(1)),
        ["unsqueeze_"] = Shaped(x => x.UnsqueezeInPlace(-1)),
        ["as_strided_"] = Shaped(x => x.AsStridedInPlace([2, 2], [1, 2])),
        ["power_0"] = Of(x => x.MatrixPower(0)),
        ["addmm_0"] = (x, _) => [x[0].AddMm(x[1], x[2], 0)],
        ["baddbmm_0"] = (x, _) => [x[0].BAddBmm(x[1], x[2], 0)],
        ["addmv_0"] = (x, _) => [x[0].AddMv(x[1], x[2], 0)],
        ["amax"] = Of(x => x.Amax([1])),
        ["amin"] = Of(x => x.Amin([0, 1])),
        ["sort_stable"] = Pair(x => x.Sort(1, descending: true, stable: true)),
        ["argsort_stable"] = Of(x => x.ArgSort(1, stable: true)),
        ["sort_stable_all"] = Pair(x => x.Sort(stable: true)),
        ["sort_stable_down"] = Pair(x => x.Sort(descending: true, stable: true)),
        ["view_int32"] = Of(x => x.View(DType.Int32)),
        ["view_int64"] = Of(x => x.View(DType.Int64)),
        ["view_float32"] = Of(x => x.View(DType.Float32)),
        ["view_float64"] = Of(x => x.View(DType.Float64)),
        ["view_uint8"] = Of(x => x.View(DType.UInt8)),
        ["view_bool"] = Of(x => x.View(DType.Bool)),
        ["fractional2"] = Pooled((x, y, n) => F.FractionalMaxPool2dWithIndices(x, (n[0], n[1]), (n[2], n[3]), samples: y)),
        ["fractional3"] =
            Pooled((x, y, n) => F.FractionalMaxPool3dWithIndices(x, (n[0], n[1], n[2]), (n[3], n[4], n[5]), samples: y)),
        ["fractional2_ratio"] = Of((x, y) => F.FractionalMaxPool2d(x, 2, outputRatio: [0.5, 0.7], samples: y)),
        ["embedding"] = Of((x, y) => F.Embedding(y, x)),
        ["embedding_norm"] = Of((x, y) => F.Embedding(y, x, maxNorm: 1.5)),
        ["embedding_norm1"] = Of((x, y) => F.Embedding(y, x, maxNorm: 2, normType: 1)),
        ["embedding_freq"] = Of((x, y) => F.Embedding(y, x, scaleGradByFreq: true)),
        ["embedding_padding"] = Of((x, y) => F.Embedding(y, x, paddingIdx: 1, scaleGradByFreq: true)),
        ["embedding_bag_norm"] = Of((x, y) => F.EmbeddingBag(y, x, mode: EmbeddingBagMode.Sum, maxNorm: 1.5)),
        ["conv1"] = (x, _) => [F.Conv1d(x[0], x[1], x[2])],
        ["conv2"] = (x, _) => [F.Conv2d(x[0], x[1], x[2])],
        ["conv3"] = (x, _) => [F.Conv3d(x[0], x[1], x[2])],
        ["conv_transpose1"] = (x, _) => [F.ConvTranspose1d(x[0], x[1], x[2])],
        ["conv_transpose2"] = (x, _) => [F.ConvTranspose2d(x[0], x[1], x[2])],
        ["conv_transpose3"] = (x, _) => [F.ConvTranspose3d(x[0], x[1], x[2])],
    };

    private static OpCall Of(Func<Tensor, Tensor> call) => (x, a) => [call(Seen(x[0], a))];

    private static OpCall Of(Func<Tensor, Tensor, Tensor> call) => (x, a) => [call(Seen(x[0], a), x[1])];

    private static OpCall Pair(Func<Tensor, (Tensor, Tensor)> call) => (x, _) => call(x[0]) is var (a, b) ? [a, b] : [];

    private static OpCall Pooled(Func<Tensor, Tensor, int[], (Tensor, Tensor)> call) =>
        (x, a) => call(x[0], x[1], a.Ints(0)) is var (values, places) ? [values, places] : [];

    private static Tensor Seen(Tensor x, Arguments arguments) =>
        arguments.IsText(0) && arguments.Text(0) is "columns" or "turned" ? Part(x, arguments.Text(0)) : x;

    private static OpCall Shaped(Func<Tensor, Tensor> change) => (x, a) =>
    {
        Tensor u = a.Text(0) switch
        {
            "x * 1" => x[0] * 1,
            "(x * 1).t()" => (x[0] * 1).Transpose(),
            _ => (x[0] * 2)[1..],
        };
        ReferenceEquals(change(u), u).ShouldBeTrue();
        return [u * Tensor.Arange(1, u.NumEl + 1).To(u.DType).Reshape(u.Shape)];
    };
}
