namespace Adjoint;

/// <summary>The p-norm of each window without absolute values: (Σ xᵖ)^(1/p).</summary>
internal static class LpPool
{
    internal static Tensor Of(string operation, Tensor x, int dims, double normType, Sizes kernelSize, Sizes stride, bool ceilMode)
    {
        double count = kernelSize.Over(dims, 1, operation, nameof(kernelSize)).Aggregate(1.0, (product, k) => product * k);
        try
        {
            Tensor mean = AvgPool.Of(operation, x.Pow(normType), dims, kernelSize, stride, default, ceilMode, true, null);
            return (mean.Sign() * mean.Abs().Relu() * count).Pow(1 / normType);
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }
    }
}

public static partial class OpTable
{
    private static Op LpPool1d => Op.Of(OpKind.Composite, "lp_pool1d", x => LpPool.Of("LPPool1d", x, 1, 2, 3, 2, false),
        new OpInput([2, 2, 7], Domain.Positive), new() { Formula = "(Σ xᵖ)^(1/p) over windows", Torch = "F.lp_pool1d(x, 2, 3, 2)" });

    private static Op LpPool2d => Op.Of(OpKind.Composite, "lp_pool2d", x => LpPool.Of("LPPool2d", x, 2, 3, 2, default, true),
        new OpInput([2, 2, 3, 5], Domain.Positive),
        new() { Formula = "(Σ xᵖ)^(1/p) over windows of two dimensions", Torch = "F.lp_pool2d(x, 3, 2, ceil_mode=True)" });
}
