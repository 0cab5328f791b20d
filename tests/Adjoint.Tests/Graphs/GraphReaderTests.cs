using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Graphs;

/// <summary>What is read of a graph: text, drawings, figures, and paths whose sum is the gradient.</summary>
public class GraphReaderTests
{
    [Fact]
    public void The_text_of_the_neuron_of_the_Quest()
    {
        Tensor w = Tensor.Scalar(0.5, requiresGrad: true), b = Tensor.Scalar(0.1, requiresGrad: true), x = Tensor.Scalar(2),
            target = Tensor.Scalar(1);
        Graph graph = Graph.Capture(() =>
        {
            Tensor error = (w * x + b).Tanh() - target;
            (error * error).Backward();
        });
        string text =
            string.Join("\n",
                graph.ToText().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        text.ShouldBe("""
            parameters w Float32[], b Float32[]
            constants x Float32[], target Float32[]
            forward
            0 mul1 [] = mul(w, x) # w·x
            1 add1 [] = add(mul1, b) # mul1 + b
            2 tanh1 [] = tanh(add1) # tanh(add1)
            3 sub1 [] = sub(tanh1, target) # tanh1 − target
            4 mul2 [] = mul(sub1, sub1) # sub1·sub1
            backward
            5 d_mul2 [] = full(size=[], fill_value=1, dtype=Float32)
            6 mul3, mul4 [] = mul_backward(d_mul2, sub1, sub1, none, output_mask=[True, True])
            7 d_sub1 [] = add(mul3, mul4) # mul3 + mul4
            8 d_add1 [] = tanh_backward(d_sub1, none, tanh1)
            9 d_w [] = mul_backward(d_add1, none, x, none, output_mask=[True, False])
            10 b.grad [] = clone(d_add1) # d_add1
            11 w.grad [] = clone(d_w) # d_w
            gradient w.grad ← w.grad
            gradient b.grad ← b.grad

            """.ReplaceLineEndings("\n"));
        graph.Operations[0].ToString().ShouldBe("mul1 = mul(w, x)");
    }

    [Fact]
    public void Lines_are_there_on_request()
    {
        Tensor x = Tensor.Ones(3);
        Graph.Capture(x => x.Sin(), x).Operations[0].Line.ShouldBeNull();
        GraphLine line = Graph.Capture(x => x.Sin(), x, lines: true).Operations[0].Line!;
        line.File!.ShouldEndWith("GraphReaderTests.cs");
        line.Number.ShouldBe(new System.Diagnostics.StackTrace(true).GetFrame(0)!.GetFileLineNumber() - 2);
        Graph.Capture(x => x.Sin(), x, lines: true).ToText().ShouldContain("GraphReaderTests.cs:");
    }

    [Fact]
    public void Drawings_have_every_operation_and_edge()
    {
        Tensor w = Tensor.Ones([2, 2], requiresGrad: true), x = Tensor.Ones([3, 2]);
        Graph graph = Graph.Capture(x => x.MatMul(w.T).Relu().Sum(), x);
        string dot = graph.ToDot(), mermaid = graph.ToMermaid();
        dot.ShouldStartWith("digraph {");
        dot.ShouldContain("label=\"w\"");
        mermaid.ShouldStartWith("flowchart TD");
        foreach (GraphOperation operation in graph.Operations)
        {
            dot.Contains($"n{operation.Index} [label=").ShouldBe(!operation.IsView);
            mermaid.Contains($"n{operation.Index}[\"").ShouldBe(!operation.IsView);
        }
        int edges = graph.Operations.Where(op => !op.IsView).Sum(op => op.Inputs.Count);
        dot.Split(" -> ").Length.ShouldBe(edges + 1);
        mermaid.Split(" --> ").Length.ShouldBe(edges + 1);
        graph.ToDot(views: true).ShouldContain($"label=\"{graph.Operations.Single(op => op.IsView).Name}\\n");
        string[] tree = graph.ToTree().Split('\n');
        tree[0].ShouldStartWith("sum1 Float32[] = sum");
        tree.ShouldContain(line => line.EndsWith("w Float32[2, 2]"));
        graph.ToTree(most: 1).ShouldEndWith("…\n");
    }

    [Fact]
    public void The_summary_counts_what_can_be_counted_by_hand()
    {
        // 2·(5·3·4) + 5·4 for the layer, 5·4 for the ReLU, 5·4 for the sum.
        var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new ReLU());
        Tensor x = Tensor.Ones(5, 3);
        GraphSummary forward = Graph.Capture(x => net.Call(x).Sum(), x).Summary();
        forward.Parameters.ShouldBe(16);
        forward.Uncounted.ShouldBeEmpty();
        forward.Flops.ShouldBeInRange(2 * 60 + 20 + 20, 2 * 60 + 20 + 20 + 20);
        forward.SavedBytes.ShouldBe(0);

        Tensor w = Tensor.Ones([100], requiresGrad: true);
        GraphSummary step = Graph.Capture(() => (w.Exp() * w.Sin()).Sum().Backward()).Summary();
        step.Operations[GraphPhase.Forward].ShouldBe(4);
        // The exponentials and the sines: for the product's own gradient.
        step.SavedBytes.ShouldBe(800);
        step.PeakBytes.ShouldBeGreaterThanOrEqualTo(1200);
        step.ToString().ShouldContain("for the backward pass");
        // What cannot be counted is named, not counted as nothing.
        Graph.Capture(x => x.Softmax(0), Tensor.Ones(3)).Summary().Uncounted.ShouldBe(["softmax"]);
    }

    public static Dictionary<string, Func<(Func<Tensor> Loss, Tensor[] Leaves, string[] Names)>> Models => new()
    {
        ["squares"] = () =>
        {
            Tensor a = Tensor.Scalar(3.0, DType.Float64, requiresGrad: true);
            return (() => a * a * (a * 4), [a], ["a"]);
        },
        ["mlp"] = () =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new Tanh(), new Adjoint.Nn.Linear(4, 2), new ReLU());
            net.To(DType.Float64);
            Tensor x = Tensor.Linspace(-1, 1, 6, DType.Float64).Reshape(2, 3);
            return (() => net.Call(x).Square().Mean(), [.. net.Parameters()], ["0.weight", "0.bias", "2.weight", "2.bias"]);
        },
        ["views in place"] = () =>
        {
            Tensor w = Tensor.Linspace(0.5, 1.5, 6, DType.Float64).Reshape(2, 3).Clone().RequiresGradInPlace();
            return (() =>
            {
                Tensor y = w.Sin();
                y[1].MulInPlace(y[0]);
                y.T[0].ExpInPlace();
                return (y.T.MatMul(y) * w.Sum()).Sum();
            }, [w], ["w"]);
        },
        ["softmax cross entropy"] = () =>
        {
            Tensor w = Tensor.Linspace(-1, 1, 6, DType.Float64).Reshape(2, 3).Clone().RequiresGradInPlace(), t = Tensor.From([0L, 2]);
            return (() => F.CrossEntropy(w * w, t), [w], ["w"]);
        },
        ["a dead ReLU"] = () =>
        {
            Tensor w = Tensor.From([-1.0, 2.0], requiresGrad: true);
            return (() => w.Relu().Sum() + w.Clamp(-3, 1).Sum(), [w], ["w"]);
        },
        ["batch norm"] = () =>
        {
            var norm = new BatchNorm1d(2);
            norm.To(DType.Float64);
            Tensor w = Tensor.From([0.3, -1.2, 2.0, 0.7, 0.1, 0.9], [3, 2]).RequiresGradInPlace();
            return (() => norm.Call(w).Tanh().Sum(), [w, .. norm.Parameters()], ["w", "weight", "bias"]);
        },
    };

    public static TheoryData<string> ModelNames => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void The_sum_over_all_paths_is_the_gradient(string name)
    {
        (Func<Tensor> loss, Tensor[] leaves, string[] names) = Models[name]();
        Tensor?[] gradients = [.. Autograd.Grad([loss()], leaves)];
        Graph graph = Graph.Capture(loss);
        GraphEntries entries = graph.Entries();
        entries.Result.Number.ShouldBe(loss().Item(), 1e-12);
        for (int i = 0; i < leaves.Length; i++)
        {
            // A module that is found through the variables of the function is named within it.
            string leaf = graph.Find(leaves[i])!.Name;
            leaf.ShouldEndWith(names[i]);
            double[] expected = gradients[i]!.ToArray<double>();
            for (int k = 0; k < expected.Length; k++)
            {
                int[] index = new int[leaves[i].NDim];
                for (int d = index.Length - 1, rest = k; d >= 0; d--) (rest, index[d]) = Math.DivRem(rest, leaves[i].Shape[d]);
                GraphEntry? entry = entries.Find(leaf, index);
                double derivative = entry is null ? 0 : entries.Derivative(entry);
                derivative.ShouldBe(expected[k], 1e-9 * Math.Max(1, Math.Abs(expected[k])));
                if (entry is null || entries.CountPaths(entry) > 20_000) continue;
                entries.Paths(entry).Sum(path => path.Product!.Value).ShouldBe(expected[k], 1e-9 * Math.Max(1, Math.Abs(expected[k])));
            }
        }
    }

    [Fact]
    public void Paths_are_written_with_their_numbers()
    {
        Tensor a = Tensor.Scalar(3, requiresGrad: true);
        GraphEntries entries = Graph.Capture(() => a * a * (a * 4)).Entries();
        string[] paths = [.. entries.Paths(entries.Find("a")!).Select(path => path.ToString())];
        paths.ShouldBe([
            "mul3 = 108 → mul1 = 9 → a = 3: 12 · 3 = 36",
            "mul3 = 108 → mul1 = 9 → a = 3: 12 · 3 = 36",
            "mul3 = 108 → mul2 = 12 → a = 3: 9 · 4 = 36",
        ]);
        entries.ToTree(values: true).ShouldContain("mul1 = 9");
        a.Grad.ShouldBeNull();
    }

    [Fact]
    public void A_dead_ReLU_is_a_path_with_a_zero()
    {
        Tensor w = Tensor.From([-1f, 2f], requiresGrad: true);
        GraphEntries entries = Graph.Capture(() => w.Relu().Sum()).Entries();
        entries.Paths(entries.Find("w", 0)!).Single().ToString()
            .ShouldBe("sum1 = 0 → relu1[0] = 0 → w[0] = -1: 1 · 0 = 0".Replace("sum1 = 0", "sum1 = 2"));
    }

    [Fact]
    public void What_is_asked_for_wrongly_is_refused()
    {
        Tensor w = Tensor.Ones([2, 2], requiresGrad: true);
        Graph graph = Graph.Capture(() => w.Sin());
        Should.Throw<TensorIndexException>(() => graph.Entries()).Message.ShouldContain("sin1: has shape [2, 2]");
        Should.Throw<TensorIndexException>(() => graph.Entries(null, 2, 0));
        Should.Throw<ArgumentException>(() => graph.Entries(null, 1, 0).Find("v")).ParamName.ShouldBe("name");
        graph.Entries(null, 1, -1).Find("w", 0, 0).ShouldBeNull();
        graph.Entries(null, 1, -1).Find("w", 1, 1)!.Number.ShouldBe(1);
        Tensor large = Tensor.Ones([400, 400], requiresGrad: true);
        Should.Throw<GraphException>(() => Graph.Capture(() => large.Sin().Sum()).Entries()).Message.ShouldContain("100,000");
        Should.Throw<GraphException>(() => Graph.Capture(() => { }).Entries());
    }

    [Fact]
    public void A_long_chain_is_captured_printed_and_followed()
    {
        Tensor x = Tensor.Scalar(0.5, DType.Float64, requiresGrad: true);
        Graph graph = Graph.Capture(() =>
        {
            Tensor y = x;
            for (int i = 0; i < 20_000; i++) y = y * 1.00001;
            return y;
        });
        graph.Operations.Count.ShouldBe(20_000);
        graph.ToText(most: 10).ShouldContain("19990 more operations");
        graph.ToTree(most: 10).ShouldContain("…");
        GraphEntries entries = graph.Entries();
        entries.Derivative(entries.Find("x")!).ShouldBe(Math.Pow(1.00001, 20_000), 1e-9);
    }
}
