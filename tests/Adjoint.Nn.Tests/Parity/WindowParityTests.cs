namespace Adjoint.Tests.Parity;

using Adjoint.Nn;

/// <summary>Pools and interpolations have PyTorch's values, indices and gradients with every option.</summary>
public class WindowParityTests
{
    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["max_pool"] = (x, a) => MaxPool(x[0], a.Ints(0), a.Ints(1), a.Ints(2), a.Ints(3), a.Flag(4)),
        ["avg_pool"] = (x, a) =>
            [AvgPool(x[0], a.Ints(0), a.Ints(1), a.Ints(2), a.Flag(3), a.Flag(4), a.Int(5) == 0 ? null : a.Int(5))],
        ["adaptive_max_pool"] = (x, a) => Both(a.Ints(0) switch
        {
            [_] => F.AdaptiveMaxPool1dWithIndices(x[0], a.Ints(0)),
            [_, _] => F.AdaptiveMaxPool2dWithIndices(x[0], a.Ints(0)),
            _ => F.AdaptiveMaxPool3dWithIndices(x[0], a.Ints(0)),
        }),
        ["adaptive_avg_pool"] = (x, a) => a.Ints(0) switch
        {
            [_] => [F.AdaptiveAvgPool1d(x[0], a.Ints(0))],
            [_, _] => [F.AdaptiveAvgPool2d(x[0], a.Ints(0))],
            _ => [F.AdaptiveAvgPool3d(x[0], a.Ints(0))],
        },
        ["interpolate"] = (x, a) =>
        [
            F.Interpolate(x[0], a.Ints(0) is { Length: > 0 } size ? size : default(Sizes), a.Numbers(1), ModeOf(a.Text(2)),
                a.Int(3) < 0 ? null : a.Int(3) > 0, a.Flag(4), a.Flag(5)),
        ],
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("windows").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation)
    {
        Cases[operation].ShouldNotBeEmpty();
        OpParity.Differences(Cases[operation], Calls[operation], slack: 2).Take(10).ShouldBeEmpty();
    }

    private static Tensor[] Both((Tensor Values, Tensor Indices) pair) => [pair.Values, pair.Indices];

    private static Tensor[] MaxPool(Tensor x, int[] k, int[] s, int[] p, int[] d, bool ceil) => Both(k.Length switch
    {
        1 => F.MaxPool1dWithIndices(x, k, s, p, d, ceil),
        2 => F.MaxPool2dWithIndices(x, k, s, p, d, ceil),
        _ => F.MaxPool3dWithIndices(x, k, s, p, d, ceil),
    });

    private static Tensor AvgPool(Tensor x, int[] k, int[] s, int[] p, bool ceil, bool pad, int? divisor) => k.Length switch
    {
        1 => F.AvgPool1d(x, k, s, p, ceil, pad),
        2 => F.AvgPool2d(x, k, s, p, ceil, pad, divisor),
        _ => F.AvgPool3d(x, k, s, p, ceil, pad, divisor),
    };

    private static InterpolateMode ModeOf(string mode) => mode == "nearest-exact" ? InterpolateMode.NearestExact
        : Enum.Parse<InterpolateMode>(mode, ignoreCase: true);
}
