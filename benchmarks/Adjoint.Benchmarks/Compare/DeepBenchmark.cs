namespace Adjoint.Benchmarks.Compare;

/// <summary>A chain 1,000,000 nodes deep, forward and backward, without stack overflow; the cost of a node beside that in a short chain.</summary>
internal static class DeepBenchmark
{
    private const int Short = 1_000, Deep = 1_000_000;

    public static int Run(string[] arguments)
    {
        Tensor x = Tensor.Scalar(0.9999999, requiresGrad: true), b = Tensor.Scalar(1e-7, requiresGrad: true), v0 = Tensor.Scalar(1, requiresGrad: true);

        double PerNode(int nodes, int calls) => Rounds.Seconds(() =>
        {
            ChainBenchmark.Forward(v0, x, b, nodes).Backward();
            x.Grad = b.Grad = v0.Grad = null;
        }, calls, Clock.Thread) / nodes;

        PerNode(Short, 2000);
        return Rounds.Sample(arguments, () =>
        {
            double shallow = PerNode(Short, 1000), deep = PerNode(Deep, 1);
            return new()
            {
                ["node of a chain of 1,000"] = shallow,
                ["node of a chain of 1,000,000"] = deep,
                ["deep to short, ratio"] = deep / shallow,
            };
        });
    }
}
