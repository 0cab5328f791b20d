namespace Adjoint.Tests.Graphs;

/// <summary>What is drawn by hand: the bits of the generator, which is a part of the written program, draw after draw.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphByHandDrawTests
{
    private const int Runs = 3;

    private static Tensor Probabilities(params int[] sizes) =>
        Tensor.Linspace(0.05, 0.95, Shape.Of(sizes).NumEl).Reshape(Shape.Of(sizes));

    // Every kind of draw, few and many, of every type that it has, of tensors that lie in order and of others.
    private static IEnumerable<(string Name, Func<Generator?, Tensor> Draw)> Draws()
    {
        foreach (int n in (int[])[1, 3, 15, 16, 17, 31, 48, 700, 1500])
        {
            foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
            {
                yield return ($"rand {n} {dtype}", g => Tensor.Rand([n], dtype, generator: g));
                yield return ($"randn {n} {dtype}", g => Tensor.Randn([n], dtype, generator: g));
                yield return ($"normal {n} {dtype}", g => Tensor.Normal(-1.5, 0.3, [n], dtype, g));
                yield return ($"exponential {n} {dtype}", g => Tensor.Zeros([n], dtype).ExponentialInPlace(1.7, g));
                yield return ($"uniform {n} {dtype}", g => Tensor.Zeros([n], dtype).UniformInPlace(-0.3, 2.1, g));
                yield return ($"dropout {n} {dtype}", g => Tensor.Ones([n], dtype).Dropout(0.3, generator: g));
                yield return ($"cauchy {n} {dtype}", g => Tensor.Zeros([n], dtype).CauchyInPlace(-0.5, 2, g));
                yield return ($"geometric {n} {dtype}", g => Tensor.Zeros([n], dtype).GeometricInPlace(0.3, g));
                yield return ($"log normal {n} {dtype}", g => Tensor.Zeros([n], dtype).LogNormalInPlace(1, 0.5, g));
                yield return ($"poisson {n} {dtype}", g => (Probabilities(n).To(dtype) * 40).Poisson(g));
                yield return ($"rrelu {n} {dtype}", g => (Probabilities(n).To(dtype) - 0.5).Rrelu(training: true, generator: g));
                yield return ($"bernoulli of each {n} {dtype}", g => Probabilities(n).To(dtype).Bernoulli(g));
            }
            foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.UInt8])
            {
                yield return ($"randint {n} {dtype}", g => Tensor.RandInt(0, 97, [n], dtype, generator: g));
                yield return ($"randperm {n} {dtype}", g => Tensor.RandPerm(n, dtype, g));
                yield return ($"bernoulli {n} {dtype}", g => Tensor.Zeros([n], dtype).BernoulliInPlace(0.3, g));
            }
            yield return ($"truths {n}", g => Tensor.Zeros([n], DType.Bool).BernoulliInPlace(0.3, g));
            yield return ($"truths as whole numbers {n}", g => Tensor.Zeros([n], DType.Bool).RandomInPlace(0, 2, g));
        }
        yield return ("randint around 0", g => Tensor.RandInt(-5, 9, [40], DType.Int32, generator: g));
        yield return ("randint of floats", g => Tensor.RandInt(-(1L << 30), 1L << 40, [40], DType.Float32, generator: g));
        yield return ("randint of doubles", g => Tensor.RandInt(-(1L << 60), 1L << 62, [40], DType.Float64, generator: g));
        yield return ("wide randint", g => Tensor.RandInt(long.MinValue, long.MaxValue, [40], generator: g));
        yield return ("all of int32", g => Tensor.RandInt(int.MinValue, (long)int.MaxValue + 1, [40], DType.Int32, generator: g));
        yield return ("transposed", g => Tensor.Zeros([5, 7]).T.NormalInPlace(1, 2, g));
        yield return ("every second", g => Tensor.Zeros([6, 8])[.., TensorIndex.Slice(0, 8, 2)].UniformInPlace(0, 1, g));
        yield return ("every second of a transposed one", g => Tensor.Zeros([6, 8]).T[TensorIndex.Slice(0, 8, 2)].NormalInPlace(0, 1, g));
        yield return ("like a transposed one", g => Tensor.Zeros([5, 7]).T.RandnLike(generator: g));
        yield return ("a part of a row", g => Tensor.Zeros([40])[3..37].NormalInPlace(0, 1, g));
        yield return ("mean and deviation of each", g => Tensor.Normal(Probabilities(3, 7), Probabilities(7) + 1, g));
        yield return ("no numbers", g => Tensor.Randn([0, 3], generator: g));
        yield return ("no order", g => Tensor.RandPerm(0, generator: g));
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            yield return ($"multinomial {dtype}", g => Probabilities(3, 5).To(dtype).Multinomial(4, generator: g));
            yield return ($"multinomial again {dtype}", g => Probabilities(3, 5).To(dtype).Multinomial(9, replacement: true, g));
            yield return ($"multinomial, transposed {dtype}", g => Probabilities(5, 3).To(dtype).T.Multinomial(2, generator: g));
            yield return ($"geometric {dtype}", g => Tensor.Zeros([40], dtype).GeometricInPlace(0.3, g));
            yield return ($"cauchy {dtype}", g => Tensor.Zeros([40], dtype).CauchyInPlace(0.5, 2, g));
            yield return ($"log_normal {dtype}", g => Tensor.Zeros([41], dtype).LogNormalInPlace(1, 0.5, g));
            yield return ($"poisson {dtype}", g => (Probabilities(60) * 40).To(dtype).Poisson(g));
            yield return ($"rrelu {dtype}", g => (Probabilities(30) - 0.5).To(dtype).Rrelu(0.1, 0.4, true, g));
            yield return ($"gumbel_softmax {dtype}", g => Probabilities(3, 5).To(dtype).GumbelSoftmax(0.7, generator: g));
            yield return ($"one sample {dtype}", g => Probabilities(4).To(dtype).Multinomial(1, generator: g));
        }
    }

    [Fact]
    public void Every_draw_has_the_bits_of_the_generator_run_after_run()
    {
        var programs = new WrittenPrograms();
        var written = new List<(string Name, int Program, Graph Graph, Func<Tensor> Draw, Generator? Generator, byte[] Start)>();
        foreach ((string name, Func<Generator?, Tensor> draw) in Draws())
        {
            foreach (Generator? generator in new[] { new Generator(5), null })
            {
                // A normal number waits, and some words are gone.
                (generator ?? Rng.Default).ManualSeed(written.Count);
                Tensor.Randn([written.Count % 4], generator: generator);
                Func<Tensor> f = () => draw(generator);
                byte[] start = (generator ?? Rng.Default).GetState();
                Graph graph = Graph.Capture(f);
                written.Add((name, programs.Add(graph), graph, f, generator, start));
            }
        }
        List<string> wrong = [];
        foreach (var w in written)
        {
            (w.Generator ?? Rng.Default).SetState(w.Start);
            for (int run = 1; run <= Runs; run++)
            {
                long[] expected = GraphRunTests.Bits(w.Draw());
                programs.Run(w.Program);
                if (!GraphByHandTests.AreSame(programs.Bits(w.Program, w.Graph.Outputs[0]), expected)) wrong.Add($"{w.Name}: run {run}");
            }
        }
        string.Join("\n", wrong).ShouldBe("");
    }

    [Fact]
    public void Draws_of_one_generator_are_one_after_the_other_and_those_of_another_its_own()
    {
        var own = new Generator(11);
        Tensor p = Tensor.Scalar(1.0, requiresGrad: true);
        Action step = () =>
        {
            p.Grad = null;
            Tensor first = Tensor.Randn([20]), second = Tensor.Rand([3], generator: own), third = Tensor.Randn([3], generator: own);
            (p * (first.Sum() + second.Sum() * third.Sum() + Tensor.Randn([5]).Sum()).Dropout(0.5)).Backward();
        };
        Rng.ManualSeed(3);
        Graph graph = Graph.Capture(step);
        var programs = new WrittenPrograms();
        int program = programs.Add(graph);
        programs.Text(program).Split('\n').Count(line => line.Contains("public static MersenneTwister")).ShouldBe(2);
        for (int run = 0; run < 20; run++)
        {
            step();
            programs.Run(program);
            programs.Bits(program, graph.Gradients[0].Value!).ShouldBe(GraphRunTests.Bits(p.Grad!));
        }
    }

    // What is drawn, whether to a new tensor, one like another, or in place.
    private static string Drawn(object operation) =>
        (operation.GetType() is { IsGenericType: true } call ? call.GetGenericArguments()[0] : operation.GetType()).ToString();

    [Fact]
    public void Every_row_that_draws_is_among_these()
    {
        HashSet<string> drawn = [];
        foreach ((_, Func<Generator?, Tensor> draw) in Draws())
            foreach (GraphOperation operation in Graph.Capture(() => draw(null)).Operations)
                if (operation.Attributes.ContainsKey("generator")) drawn.Add(Drawn(operation.Call.Operation));
        foreach (Op op in OpTable.All)
        {
            Tensor[] x = GraphRunTests.Samples(op, 0);
            if (!GraphRunTests.MakesItsGenerator(op, x)) continue;
            foreach (OpCall call in GraphRunTests.CallsOf(op, x).Where(call => call.Attributes.Any(a => a.Key == "generator")))
                drawn.ShouldContain(Drawn(call.Operation), op.Name);
        }
    }

    [Fact]
    public void Weights_and_probabilities_that_are_none_are_refused_by_the_written_program_too()
    {
        Tensor weights = Tensor.From([0.5f, 0.25f, 0.25f]);
        Func<Tensor, Tensor> f = x => x.Multinomial(2), each = x => x.Bernoulli(), many = x => x.Multinomial(2, replacement: true);
        var programs = new WrittenPrograms();
        int[] all = [programs.Add(Graph.Capture(f, weights)), programs.Add(Graph.Capture(each, weights)), programs.Add(Graph.Capture(many, weights))];
        foreach (int program in all)
        {
            programs.Run(program, weights);
            Should.Throw<InvalidOperationException>(() => programs.Run(program, Tensor.From([0.5f, float.NaN, 0.1f])));
            Should.Throw<InvalidOperationException>(() => programs.Run(program, Tensor.From([0.5f, -1f, 0.1f])));
        }
        Should.Throw<InvalidOperationException>(() => programs.Run(all[0], Tensor.From([0.5f, 0f, 0f])));
    }
}
