namespace Adjoint.Tests.Graphs;

/// <summary>What was captured runs again with the bits of the function: so nothing of it was lost.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphRunTests
{
    public static TheoryData<string> Operations => [.. OpTable.All.Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_and_its_derivatives_run_again_with_the_same_bits(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        Tensor[] x = Samples(op, 0);
        Rng.ManualSeed(7);
        IReadOnlyList<Tensor> plain = Everything(op, x);
        Rng.ManualSeed(7);
        if (MakesItsGenerator(op, x))
        {
            Should.Throw<GraphException>(() => Graph.Capture(xs => Everything(op, xs), x)).Message
                .ShouldContain("Make the generator outside");
            return;
        }
        Graph graph = Graph.Capture(xs => Everything(op, xs), x);
        graph.Operations.ShouldNotBeEmpty();
        Compare(GraphRun.Live(graph, x), plain);
        // Other numbers: nothing of the first ones is left in the graph.
        Tensor[] other = Samples(op, 5);
        Rng.ManualSeed(8);
        plain = Everything(op, other);
        Rng.ManualSeed(8);
        Compare(GraphRun.Live(graph, other), plain);
    }

    /// <summary>A view of a number has its shape again: [1] times [] is [1].</summary>
    [Fact]
    public void A_number_that_is_looked_at_in_another_shape_keeps_it()
    {
        double rate = 0.3;
        Tensor Function(Tensor x) => ((Tensor)rate).To(x.DType).Reshape(-1) * 4.0 + x[0] * Graph.Number(() => rate).Reshape(1, 1);
        Tensor x = Tensor.From([1f, 2f]);
        Graph graph = Graph.Capture(Function, x);
        Tensor again = GraphRun.Live(graph, [x])[0];
        again.Shape.ShouldBe(Function(x).Shape);
        Compare([again], [Function(x)]);
        var compiled = Compiled.Function((Func<Tensor, Tensor>)Function);
        for (int i = 0; i < 3; i++) Compare([compiled.Call(x)], [Function(x)]);
    }

    public static TheoryData<string> Draws => [.. s_draws.Keys];

    private static readonly Dictionary<string, Func<Tensor, Generator?, Tensor>> s_draws = new()
    {
        ["bernoulli"] = (x, g) => x.Bernoulli(g),
        ["bernoulli_like"] = (x, g) => x.BernoulliLike(0.3, g),
        ["bernoulli_"] = (x, g) => (x * 1).BernoulliInPlace(0.3, g),
        ["exponential_"] = (x, g) => (x.T * 1).ExponentialInPlace(2, g),
        ["multinomial"] = (x, g) => x.Multinomial(2, replacement: true, g),
        ["normal_"] = (x, g) => (x * 1).T.NormalInPlace(1, 2, g),
        ["normal"] = (x, g) => Tensor.Normal(1, 2, x.Shape, generator: g),
        ["randn_like"] = (x, g) => x.T.RandnLike(DType.Float64, g),
        ["randint"] = (x, g) => Tensor.RandInt(-2, 9, x.Shape, generator: g),
        ["randint_like"] = (x, g) => x.RandIntLike(-2, 9, DType.Int64, g),
        ["random_"] = (x, g) => (x * 1).RandomInPlace(-3, 7, g),
        ["randperm"] = (x, g) => Tensor.RandPerm(x.NumEl, generator: g),
        ["uniform_"] = (x, g) => (x * 1).UniformInPlace(-1, 2, g),
        ["rand"] = (x, g) => Tensor.Rand(x.Shape, generator: g),
        ["dropout"] = (x, g) => x.Dropout(0.4, generator: g),
    };

    [Theory]
    [MemberData(nameof(Draws))]
    public void A_draw_goes_on_from_its_generator_or_the_default_one(string name)
    {
        Tensor x = Tensor.Linspace(0.1, 0.9, 12).Reshape(3, 4);
        foreach (Generator? generator in new[] { new Generator(5), null })
        {
            Func<Tensor, Tensor> f = x => s_draws[name](x, generator);
            (generator ?? Rng.Default).ManualSeed(5);
            Tensor[] expected = [f(x), f(x)];
            (generator ?? Rng.Default).ManualSeed(5);
            Graph graph = Graph.Capture(f, x);
            Compare([GraphRun.Live(graph, x)[0], GraphRun.Live(graph, x)[0]], expected);
            graph.Operations.Single(op => op.Attributes.ContainsKey("generator")).Attributes["generator"].ShouldBeSameAs(generator);
        }
    }

    // Rows that draw make their generator themselves, so that they can be compared.
    internal static bool MakesItsGenerator(Op op, Tensor[] x) =>
        CallsOf(op, x).Any(call => call.Attributes.Values.Any(value => value is Generator));

    internal static IReadOnlyList<OpCall> CallsOf(Op op, Tensor[] x)
    {
        var seen = new Calls();
        using (seen.Enter()) op.Apply(x);
        return seen.All;
    }

    private sealed class Calls : OpMode
    {
        internal List<OpCall> All { get; } = [];

        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            All.Add(call);
            return call.Run();
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_in_place_runs_again_with_the_same_bits(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        if (op is not (UnaryRow or BinaryRow)) return;
        Tensor[] x = Samples(op, 0);
        IReadOnlyList<Tensor> plain = InPlace(op, x);
        Graph graph = Graph.Capture(xs => InPlace(op, xs), x);
        Compare(GraphRun.Live(graph, x), plain);
        Tensor[] other = Samples(op, 5);
        Compare(GraphRun.Live(graph, other), InPlace(op, other));
    }

    internal static IReadOnlyList<Tensor> InPlace(Op op, IReadOnlyList<Tensor> x)
    {
        Tensor y = x[0] * 1.0;
        Tensor z = op is UnaryRow unary ? unary.ApplyInPlace(y) : ((BinaryRow)op).ApplyInPlace(y, x[1]);
        return z.RequiresGrad ? [z, .. Autograd.Grad([(z * z).Sum()], x, allowUnused: true).OfType<Tensor>()] : [z];
    }

    internal static Tensor[] Samples(Op op, int seed) =>
        [.. op.Inputs.Select((input, i) => input.Sample(i + seed).RequiresGradInPlace(op.Kind != OpKind.Zero))];

    // Value, gradients, and gradients of gradients.
    internal static IReadOnlyList<Tensor> Everything(Op op, IReadOnlyList<Tensor> x)
    {
        Tensor y = op.Apply(x);
        List<Tensor> all = [y];
        if (!y.RequiresGrad) return all;
        Tensor weights = Tensor.Linspace(0.5, 1.5, y.NumEl, y.DType).Reshape(y.Shape);
        Tensor?[] once = [.. Autograd.Grad([(y * weights).Sum()], x, retainGraph: true, allowUnused: true)];
        Tensor?[] twice = [.. Autograd.Grad([(y * weights).Sum()], x, createGraph: true, allowUnused: true)];
        all.AddRange(once.OfType<Tensor>());
        all.AddRange(twice.OfType<Tensor>());
        Tensor[] wanted = [.. twice.Where(g => g is { RequiresGrad: true }).Select(g => g!.Square().Sum())];
        if (wanted.Length > 0) all.AddRange(Autograd.Grad(wanted, x, allowUnused: true).OfType<Tensor>());
        return all;
    }

    internal static void Compare(IReadOnlyList<Tensor> actual, IReadOnlyList<Tensor> expected)
    {
        actual.Count.ShouldBe(expected.Count);
        for (int i = 0; i < actual.Count; i++)
        {
            actual[i].Shape.ShouldBe(expected[i].Shape);
            Bits(actual[i]).ShouldBe(Bits(expected[i]), $"result {i}");
        }
    }

    internal static long[] Bits(Tensor x) => [.. x.Detach().ToArray<double>().Select(BitConverter.DoubleToInt64Bits)];
}
