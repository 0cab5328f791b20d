namespace Adjoint.Tests.Graphs;

/// <summary>What is written by hand gives the bits of the operations: values, gradients, and gradients of gradients.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphByHandTests
{
    [Fact]
    public void Every_operation_of_the_table_is_written_with_the_same_bits()
    {
        var programs = new WrittenPrograms();
        List<(string Name, int Program, Graph Graph, Tensor[] X, Tensor[] Other, Op Op)> written = [];
        Dictionary<string, string> refused = [];
        foreach (Op op in OpTable.All)
        {
            Tensor[] x = GraphRunTests.Samples(op, 0), other = GraphRunTests.Samples(op, 5);
            try
            {
                Graph graph = Graph.Capture(xs => GraphRunTests.Everything(op, xs), x);
                written.Add((op.Name, programs.Add(graph), graph, x, other, op));
            }
            catch (GraphException e)
            {
                refused[op.Name] = e.Message;
            }
        }
        List<string> wrong = [];
        foreach ((string name, int program, Graph graph, Tensor[] x, Tensor[] other, Op op) in written)
        {
            foreach (Tensor[] given in new[] { x, other })
            {
                Tensor[] expected = GraphRun.Live(graph, given);
                programs.Run(program, given);
                for (int i = 0; i < expected.Length; i++)
                {
                    if (AreSame(programs.Bits(program, graph.Outputs[i]), GraphRunTests.Bits(expected[i]))) continue;
                    wrong.Add($"{name}: result {i}");
                    break;
                }
            }
        }
        string.Join("\n", wrong).ShouldBe("");
        // Rows that draw make their generator themselves, which no graph can repeat: GraphByHandDrawTests has them.
        refused.Where(r => !r.Value.Contains("Make the generator outside")).Select(r => $"{r.Key}: {r.Value}").ShouldBeEmpty();
    }

    /// <summary>Whole numbers and truth values too, as far as the operation takes them.</summary>
    [Fact]
    public void Every_operation_of_the_table_is_written_for_every_dtype_that_it_takes()
    {
        var programs = new WrittenPrograms();
        List<string> wrong = [];
        List<(string Name, int Program, Graph Graph, Tensor[] X)> written = [];
        foreach (Op op in OpTable.All)
        {
            foreach (DType dtype in Enum.GetValues<DType>())
            {
                Tensor[] x = [.. op.Inputs.Select((input, i) => (input.Sample(i) * 3).Detach().To(dtype))];
                Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f = xs => [op.Apply(xs)];
                try
                {
                    f(x);
                    if (GraphRunTests.MakesItsGenerator(op, x)) continue;
                }
                catch (Exception e) when (e is TensorException or ArgumentException or InvalidOperationException or NotSupportedException)
                {
                    continue;
                }
                try
                {
                    Graph graph = Graph.Capture(f, x);
                    written.Add(($"{op.Name} {dtype}", programs.Add(graph), graph, x));
                }
                catch (GraphException e)
                {
                    wrong.Add($"{op.Name} {dtype}: {e.Message}");
                }
            }
        }
        foreach ((string name, int program, Graph graph, Tensor[] x) in written)
        {
            Tensor expected = GraphRun.Live(graph, x)[0];
            programs.Run(program, x);
            if (!AreSame(programs.Bits(program, graph.Outputs[0]), GraphRunTests.Bits(expected))) wrong.Add(name);
        }
        string.Join("\n", wrong).ShouldBe("");
    }

    /// <summary>A graph has one shape for each tensor: another number of elements that a mask chooses is an error, not another result.</summary>
    [Fact]
    public void Masks_that_choose_other_elements_are_followed_and_other_counts_refused()
    {
        Tensor x = Tensor.From([1.0, -2.0, 3.0, -4.0, 5.0, 0.0]).Reshape(2, 3);
        Func<Tensor, Tensor> chosen = x => x[x > 0] * 10, places = x => (x > 0).NonZero(), transposed = x => x.T.MaskedSelect(x.T > 0);
        var programs = new WrittenPrograms();
        Graph[] graphs = [Graph.Capture(chosen, x), Graph.Capture(places, x), Graph.Capture(transposed, x)];
        int[] all = [.. graphs.Select(programs.Add)];
        Tensor other = Tensor.From([-1.0, 2.0, -3.0, 4.0, -5.0, 6.0]).Reshape(2, 3);
        foreach ((int program, int i) in all.Select((program, i) => (program, i)))
        {
            programs.Run(program, other);
            Tensor expected = ((Func<Tensor, Tensor>[])[chosen, places, transposed])[i](other);
            programs.Bits(program, graphs[i].Outputs[0]).ShouldBe(GraphRunTests.Bits(expected));
            Should.Throw<InvalidOperationException>(() => programs.Run(program, x.Abs())).Message.ShouldContain("now there are others");
            Should.Throw<InvalidOperationException>(() => programs.Run(program, -x.Abs())).Message.ShouldContain("now there are others");
        }
    }

    [Theory]
    [InlineData(DType.Float32), InlineData(DType.Float64)]
    public void Norms_of_every_power_and_shape_are_written(DType dtype)
    {
        var programs = new WrittenPrograms();
        List<(string, int, Graph, Tensor[])> written = [];
        foreach (double p in (double[])[0, 0.5, 1, 1.5, 2, 3, double.PositiveInfinity, double.NegativeInfinity])
        {
            foreach (int[] dims in (int[][])[[], [0], [1], [0, 1]])
            {
                Tensor x = (Tensor.Arange(0, 60, dtype: dtype).Reshape(6, 10) * 0.37 - 7.3).T.Detach().RequiresGradInPlace();
                Graph graph = Graph.Capture(xs =>
                {
                    Tensor y = xs[0].Norm(p, dims);
                    return [y, .. Autograd.Grad([y.Sum()], xs).OfType<Tensor>()];
                }, [x]);
                written.Add(($"{p} over {string.Join(' ', dims)}", programs.Add(graph), graph, [x]));
            }
        }
        foreach ((string name, int program, Graph graph, Tensor[] x) in written)
        {
            Tensor[] expected = GraphRun.Live(graph, x);
            programs.Run(program, x);
            for (int i = 0; i < expected.Length; i++)
                AreSame(programs.Bits(program, graph.Outputs[i]), GraphRunTests.Bits(expected[i])).ShouldBeTrue($"{name}: result {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a b")]
    public void A_class_is_called_as_classes_are(string name) =>
        Should.Throw<ArgumentException>(() => Graph.Capture(() => Tensor.Ones([1]) * 2).ToCSharp(name));

    /// <summary>The language has the name, or a field or method of the class.</summary>
    [Theory]
    [InlineData("class"), InlineData("file"), InlineData("System"), InlineData("Run"), InlineData("Main"), InlineData("w"), InlineData("w_grad")]
    [InlineData("Tanh")]
    public void A_class_is_not_called_as_something_in_it(string name)
    {
        Tensor w = Tensor.Scalar(0.5, requiresGrad: true);
        Graph graph = Graph.Capture(() => w.Tanh().Backward());
        Should.Throw<ArgumentException>(() => graph.ToCSharp(name, main: true)).Message.ShouldContain($"\"{name}\"");
        graph.ToCSharp("Neuron").ShouldContain("class Neuron");
    }

    // One NaN is as good as another: their bits depend on the order of the operands in the machine's instruction.
    internal static bool AreSame(long[] x, long[] y) =>
        x.Length == y.Length && x.Zip(y).All(p => p.First == p.Second || (IsNaN(p.First) && IsNaN(p.Second)));

    private static bool IsNaN(long bits) => double.IsNaN(BitConverter.Int64BitsToDouble(bits));
}
