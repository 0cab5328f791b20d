namespace Adjoint.Tests.Graphs;

/// <summary>What is written by hand gives the bits of the operations: values, gradients, and gradients of gradients.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphByHandTests
{
    // What has no written form, and why.
    private static readonly Dictionary<string, string> s_unwritten = new()
    {
        ["cholesky"] = Decomposition,
        ["cholesky_upper"] = Decomposition,
        ["cholesky_inverse"] = Decomposition,
        ["cholesky_solve"] = Decomposition,
        ["solve_triangular"] = Decomposition,
        ["solve_triangular_right"] = Decomposition,
        ["lu_factor"] = Decomposition,
        ["lu_factor_wide"] = Decomposition,
        ["lu_factor_tall"] = Decomposition,
        ["lu"] = Decomposition,
        ["lu_solve"] = Decomposition,
        ["solve"] = Decomposition,
        ["solve_vector"] = Decomposition,
        ["inv"] = Decomposition,
        ["det"] = Decomposition,
        ["slogdet"] = Decomposition,
        ["logdet"] = Decomposition,
        ["qr"] = Decomposition,
        ["qr_wide"] = Decomposition,
        ["householder_product"] = Decomposition,
        ["eigh"] = Decomposition,
        ["eigvalsh"] = Decomposition,
        ["svd"] = Decomposition,
        ["svd_wide"] = Decomposition,
        ["svdvals"] = Decomposition,
        ["pinv"] = Decomposition,
        ["pinv_wide"] = Decomposition,
        ["lstsq"] = Decomposition,
        ["matrix_exp"] = Decomposition,
        ["matrix_power_inverse"] = Decomposition,
        ["matrix_norm_nuc"] = Decomposition,
        ["matrix_norm_2"] = Decomposition,
        ["cond"] = Decomposition,
        ["cond_fro"] = Decomposition,
        ["matrix_rank"] = Decomposition,
        ["tensorinv"] = Decomposition,
        ["tensorsolve"] = Decomposition,
        ["mode"] = "the most frequent element is found in several passes",
        ["index_mask"] = Mask,
        ["masked_select"] = Mask,
        ["nonzero"] = Mask,
        ["bernoulli"] = Draw,
        ["dropout"] = Draw,
        ["exponential"] = Draw,
        ["multinomial"] = Draw,
        ["normal"] = Draw,
        ["random"] = Draw,
        ["randperm"] = Draw,
        ["uniform"] = Draw,
    };

    private const string Decomposition =
        "the kernels of decompositions go by blocks and registers: what a person would write has other bits";

    private const string Mask = "how many places there are depends on the values, and a graph has one shape",
        Draw = "the generator of PyTorch's streams is not written";

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
        if (Environment.GetEnvironmentVariable("HAND") is { } folder)
        {
            foreach (var w in written) File.WriteAllText(Path.Combine(folder, w.Name.Replace('/', '_') + ".cs"), programs.Text(w.Program));
            File.WriteAllLines(Path.Combine(folder, "refused.txt"), refused.Select(r => $"{r.Key}: {r.Value}"));
        }
        string.Join("\n", wrong).ShouldBe("");
        // Rows that draw make their generator themselves, which no graph can repeat.
        refused.ShouldAllBe(r => r.Value.Contains("has no form written by hand") || r.Value.Contains("Make the generator outside"));
        refused.Keys.Order().ShouldBe(s_unwritten.Keys.Order());
    }

    [Fact]
    public void A_draw_is_refused_with_its_name_and_line()
    {
        Graph graph = Graph.Capture(() => Tensor.Ones([3]).Dropout(0.5), lines: true);
        GraphException refused = Should.Throw<GraphException>(() => graph.ToCSharp());
        refused.Message.ShouldContain("bernoulli_: has no form written by hand");
        refused.Line.ShouldNotBeNull();
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
