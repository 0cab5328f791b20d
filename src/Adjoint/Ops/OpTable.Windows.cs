namespace Adjoint;

public static partial class OpTable
{
    /// <summary>Pools, and grids with more or fewer places.</summary>
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
    ];
}
