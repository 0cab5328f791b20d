namespace Adjoint.Tests.Parity;

using Adjoint.Nn;

/// <summary>What goes with pools, sampled grids, and normalisation and dropout by channels, has PyTorch's values and gradients.</summary>
public class WindowLayerParityTests
{
    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["max_unpool"] = (x, a) => [Unpool(x[0], x[1], a.Ints(0), a.Ints(1), a.Ints(2), a.Ints(3))],
        ["lp_pool"] = (x, a) =>
        [
            a.Ints(1).Length == 1 ? F.LpPool1d(x[0], a.Number(0), a.Ints(1), a.Ints(2), a.Flag(3))
                : F.LpPool2d(x[0], a.Number(0), a.Ints(1), a.Ints(2), a.Flag(3)),
        ],
        ["local_response_norm"] = (x, a) => [F.LocalResponseNorm(x[0], a.Int(0), a.Number(1), a.Number(2), a.Number(3))],
        ["affine_grid"] = (x, a) => [F.AffineGrid(x[0], a.Ints(0), a.Flag(1))],
        ["grid_sample"] = (x, a) =>
        [
            F.GridSample(x[0], x[1], Enum.Parse<GridSampleMode>(a.Text(0), true), Enum.Parse<GridSamplePadding>(a.Text(1), true), a.Flag(2)),
        ],
        ["batch_norm"] = (x, a) =>
        {
            (Tensor mean, Tensor variance) = (x[3].Clone(), x[4].Clone());
            return [F.BatchNorm(x[0], mean, variance, x[1], x[2], a.Flag(0), a.Number(1), a.Number(2)), mean, variance];
        },
        ["batch_norm_plain"] = (x, _) => [F.BatchNorm(x[0], null, null, training: true)],
        ["group_norm"] = (x, a) => [F.GroupNorm(x[0], a.Int(0), x[1], x[2], a.Number(1))],
        ["instance_norm"] = (x, a) =>
        {
            (Tensor mean, Tensor variance) = (x[3].Clone(), x[4].Clone());
            return [F.InstanceNorm(x[0], mean, variance, x[1], x[2], a.Flag(0), a.Number(1), a.Number(2)), mean, variance];
        },
        ["instance_norm_plain"] = (x, _) => [F.InstanceNorm(x[0])],
        ["dropout"] = (x, a) => [Dropped(x[0], a.Text(0), a.Number(1), new Generator((ulong)a.Int(2)))],
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("window_layers").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation)
    {
        Cases[operation].ShouldNotBeEmpty();
        // Norms take a mean off, and lose digits where little is left; of a grid beyond the border nothing is left but noise.
        OpParity.Differences(Cases[operation], Calls[operation], slack: operation == "grid_sample" ? 40 : 8).Take(10).ShouldBeEmpty();
    }

    private static Tensor Unpool(Tensor x, Tensor indices, int[] k, int[] s, int[] p, int[] size)
    {
        Shape? shape = size.Length == 0 ? null : Shape.Of(size);
        return k.Length switch
        {
            1 => F.MaxUnpool1d(x, indices, k, s, p, shape),
            2 => F.MaxUnpool2d(x, indices, k, s, p, shape),
            _ => F.MaxUnpool3d(x, indices, k, s, p, shape),
        };
    }

    private static Tensor Dropped(Tensor x, string kind, double p, Generator generator) => kind switch
    {
        "dropout1d" => F.Dropout1d(x, p, true, generator: generator),
        "dropout2d" => F.Dropout2d(x, p, true, generator: generator),
        "dropout3d" => F.Dropout3d(x, p, true, generator: generator),
        "alpha_dropout" => F.AlphaDropout(x, p, true, generator: generator),
        _ => F.FeatureAlphaDropout(x, p, true, generator: generator),
    };
}
