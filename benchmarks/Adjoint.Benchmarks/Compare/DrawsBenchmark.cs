namespace Adjoint.Benchmarks.Compare;

/// <summary>Uniform and normal numbers drawn into a tensor, from eight to sixteen million of them, and into new memory.</summary>
internal static class DrawsBenchmark
{
    public static int Run(string[] arguments)
    {
        var works = new List<(string, Clock, Action)>();
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
            foreach (int size in (int[])[8, 1_000, 100_000, 1_000_000, 16_000_000])
            {
                Clock clock = size <= 1_000 ? Clock.Thread : Clock.Wall;
                string kind = dtype == DType.Float32 ? "" : " float64";
                Tensor x = Tensor.Empty([size], dtype);
                works.Add(($"uniform {size}{kind}", clock, () => x.UniformInPlace()));
                works.Add(($"normal {size}{kind}", clock, () => x.NormalInPlace()));
                if (dtype == DType.Float32) works.Add(($"bernoulli {size}", clock, () => x.BernoulliInPlace(0.5)));
            }
        works.Add(("randn 168000000", Clock.Wall, () => Tensor.Randn(168_000_000).Dispose()));
        works.Add(("randperm 60000", Clock.Wall, () => Tensor.RandPerm(60_000).Dispose()));
        return Rounds.Time(arguments, target: 0.01, [.. works]);
    }
}
