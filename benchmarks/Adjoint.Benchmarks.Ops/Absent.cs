namespace Adjoint.Benchmarks.Ops;

/// <summary>
/// Names of <see cref="OpTable"/> that have no row of their own: which rows measure the same code, or why there is nothing to measure.
/// </summary>
internal static class Absent
{
    /// <summary>The rows that measure the same code under another name.</summary>
    public static IReadOnlyDictionary<string, string[]> Measured { get; } = new Dictionary<string, string[]>
    {
        ["to"] = ["to_float64", "float64_to_float32"],
        ["split"] = ["chunk_sum"],
        ["chunk"] = ["chunk_sum"],
        ["slice"] = ["slice_step"],
        ["narrow"] = ["relu_inner_slice", "chunk_sum"],
        ["cat"] = ["cat_0", "cat_1"],
        ["hstack"] = ["cat_1"],
        ["vstack"] = ["cat_0"],
        ["dstack"] = ["stack", "stack_1"],
        ["column_stack"] = ["cat_1"],
        ["index"] = ["index_pairs", "index_mask"],
        ["index_select"] = ["index_select_0", "index_select_1"],
        ["index_add"] = ["index_add_0"],
        ["index_fill"] = ["index_fill_1"],
        ["index_put_accumulate"] = ["index_put_add"],
        ["index_assignment"] = ["index_put", "copy"],
        ["gather"] = ["gather_0", "gather_1"],
        ["scatter"] = ["scatter_1"],
        ["scatter_add"] = ["scatter_add_1"],
        ["sum_dim"] = ["sum_0", "sum_1"],
        ["mean_dim"] = ["mean_0", "mean_1"],
        ["std"] = ["std_0"],
        ["max_dim"] = ["max_1"],
        ["min_dim"] = ["min_0"],
        ["amax"] = ["amax_1"],
        ["amin"] = ["amin_0"],
        ["prod_dim"] = ["prod_1"],
        ["median_dim"] = ["median_1"],
        ["nanmedian_dim"] = ["nanmedian_1"],
        ["nansum_dim"] = ["nansum_1"],
        ["nanmean"] = ["nanmean_1"],
        ["kthvalue"] = ["kthvalue_1"],
        ["mode"] = ["mode_1"],
        ["sort"] = ["sort_1", "sort_all"],
        ["topk"] = ["topk_1", "topk_all"],
        ["cumsum"] = ["cumsum_0", "cumsum_1"],
        ["cumprod"] = ["cumprod_1"],
        ["cummax"] = ["cummax_0", "cummax_1"],
        ["cummin"] = ["cummin_1"],
        ["logcumsumexp"] = ["logcumsumexp_1"],
        ["logsumexp"] = ["logsumexp_0", "logsumexp_1"],
        ["softmax"] = ["softmax_0", "softmax_1"],
        ["softmin"] = ["softmin_1"],
        ["log_softmax"] = ["log_softmax_1"],
        ["aminmax"] = ["aminmax_1"],
        ["quantile"] = ["quantile_1"],
        ["nanquantile"] = ["nanquantile_1"],
        ["matmul"] = ["mm", "mm_nn", "mm_tn", "mm_tt"],
        ["chain_matmul"] = ["multi_dot"],
        ["argsort"] = ["argsort_1"],
        ["any_dims"] = ["any_1"],
        ["div_integer"] = ["div_number"],
        ["fliplr"] = ["flip", "flip_0"],
        ["meshgrid_xy"] = ["meshgrid"],
        ["conv2d_same"] = ["conv2d"],
        ["conv_transpose1d"] = ["conv_transpose2d"],
        ["conv_transpose3d"] = ["conv_transpose2d"],
        ["max_pool1d"] = ["max_pool2d", "max_pool2d_overlapping"],
        ["max_pool3d"] = ["max_pool2d", "max_pool2d_overlapping"],
        ["adaptive_max_pool1d"] = ["adaptive_max_pool2d"],
        ["adaptive_max_pool3d"] = ["adaptive_max_pool2d"],
        ["avg_pool1d"] = ["avg_pool2d"],
        ["avg_pool3d"] = ["avg_pool2d"],
        ["adaptive_avg_pool1d"] = ["adaptive_avg_pool2d"],
        ["adaptive_avg_pool3d"] = ["adaptive_avg_pool2d"],
        ["max_unpool1d"] = ["max_unpool2d"],
        ["max_unpool3d"] = ["max_unpool2d"],
        ["fractional_max_pool3d"] = ["fractional_max_pool2d"],
        ["lp_pool1d"] = ["lp_pool2d"],
        ["upsample_nearest_exact1d"] = ["upsample_nearest2d"],
        ["upsample_linear1d"] = ["upsample_bilinear2d"],
        ["affine_grid3d"] = ["affine_grid"],
    };

    /// <summary>
    /// Views take the same few hundred nanoseconds for any size, and the work of their gradients is that of the rows named above.
    /// </summary>
    public static IReadOnlyList<string> Views { get; } =
    [
        "view", "reshape", "expand", "transpose", "t", "squeeze", "squeeze_dim", "squeeze_dims", "unsqueeze", "select", "diagonal", "diag",
        "as_strided", "unbind", "flatten", "unflatten", "movedim", "movedim_several", "tensor_split", "tensor_split_indices", "hsplit",
        "atleast_3d", "broadcast_tensors",
    ];

    /// <summary>What PyTorch 1.13 does not have.</summary>
    public static IReadOnlyList<string> WithoutPeer { get; } = ["unravel_index"];
}
