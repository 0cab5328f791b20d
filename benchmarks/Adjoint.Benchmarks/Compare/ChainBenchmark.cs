namespace Adjoint.Benchmarks.Compare;

/// <summary>A chain of 2,000 operations on one number: v = v·x + b, a thousand times; forward, and forward with backward.</summary>
internal static class ChainBenchmark
{
    private const int Operations = 2000;

    public static int Run(string[] arguments)
    {
        Tensor x = Tensor.Scalar(0.999, requiresGrad: true), b = Tensor.Scalar(0.001, requiresGrad: true), v0 = Tensor.Scalar(1, requiresGrad: true);

        return Rounds.Time(arguments, target: 0.05, Clock.Thread,
            ("chain forward", () => Forward(v0, x, b, Operations)),
            ("chain forward + backward", () =>
            {
                Forward(v0, x, b, Operations).Backward();
                x.Grad = b.Grad = v0.Grad = null;
            }
        ));
    }

    public static Tensor Forward(Tensor v, Tensor x, Tensor b, int operations)
    {
        for (int i = 0; i < operations / 2; i++) v = v * x + b;
        return v;
    }
}
