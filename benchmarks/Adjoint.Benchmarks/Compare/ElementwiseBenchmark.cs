namespace Adjoint.Benchmarks.Compare;

/// <summary>
/// Element-wise operations and a sum on float32, from a thousand to ten million elements, each into a new tensor: left to the collector,
/// and given back at once, which is what PyTorch's counted references and its <c>out=</c> come to.
/// </summary>
internal static class ElementwiseBenchmark
{
    private static readonly (string Name, Func<Tensor, Tensor, Tensor> Call)[] Operations =
    [
        ("add", (x, y) => x + y),
        ("mul", (x, y) => x * y),
        ("relu", (x, _) => x.Relu()),
        ("exp", (x, _) => x.Exp()),
        ("tanh", (x, _) => x.Tanh()),
        ("sigmoid", (x, _) => x.Sigmoid()),
        ("log", (x, _) => x.Log()),
        ("sum", (x, _) => x.Sum()),
    ];

    public static int Run(string[] arguments)
    {
        var works = new List<(string, Clock, Action)>();
        foreach (int size in (int[])[1_000, 100_000, 1_000_000, 10_000_000])
        {
            Clock clock = size < 10_000 ? Clock.Thread : Clock.Wall; // so few are not shared among threads
            Tensor x = Numbers(size, 1), y = Numbers(size, 2);
            foreach (var (name, call) in Operations)
            {
                works.Add(($"{name} {size}", clock, () => call(x, y)));
                if (name != "sum") works.Add(($"{name} {size}|disposed", clock, () => call(x, y).Dispose()));
            }
        }
        return Rounds.Time(arguments, target: 0.02, [.. works]);
    }

    /// <summary>Uniform in [0.5, 1.5): fit for a logarithm.</summary>
    private static Tensor Numbers(int size, int seed)
    {
        var random = new Random(seed);
        var numbers = new float[size];
        for (int i = 0; i < size; i++) numbers[i] = random.NextSingle() + 0.5f;
        return Tensor.From(numbers);
    }
}
