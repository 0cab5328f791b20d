namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Pools, grids with more or fewer places, and what is normalized or dropped by channels.</summary>
    private static Op[] Windows() =>
    [
        MaxPool1d,
        MaxPool2d,
        MaxPool3d,
        AdaptiveMaxPool1d,
        AdaptiveMaxPool2d,
        AdaptiveMaxPool3d,
        AvgPool1d,
        AvgPool2d,
        AvgPool3d,
        AdaptiveAvgPool1d,
        AdaptiveAvgPool2d,
        AdaptiveAvgPool3d,
        UpsampleNearest,
        UpsampleNearestExact,
        UpsampleLinear,
        UpsampleBilinear,
        UpsampleTrilinear,
        UpsampleBicubic,
        UpsampleAntialias,
        MaxUnpool1d,
        MaxUnpool2d,
        MaxUnpool3d,
        FractionalMaxPool2d,
        FractionalMaxPool3d,
        LpPool1d,
        LpPool2d,
        LocalResponseNorm,
        AffineGrid,
        AffineGrid3d,
        GridSample,
        GridSampleBicubic,
        GridSample3d,
        GroupNorm,
        InstanceNorm,
        Dropout2d,
        AlphaDropout,
    ];
}
