using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Graphs;

/// <summary>The contributions that explain a gradient sum to it, whatever the model.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphExplainTests
{
    private static readonly Dictionary<string, Func<(Tensor[] Parameters, Func<Tensor> Loss)>> s_models = new()
    {
        ["mlp"] = () =>
        {
            var net = new Sequential(new Adjoint.Nn.Linear(5, 7), new ReLU(), new BatchNorm1d(7), new Tanh(), new Adjoint.Nn.Linear(7, 3));
            Tensor x = Tensor.Randn(6, 5), t = Tensor.RandInt(0, 3, [6]);
            return ([.. net.Parameters()], () => F.CrossEntropy(net.Call(x), t));
        },
        ["tied"] = () =>
        {
            Tensor w = Tensor.Randn(4, 3).RequiresGradInPlace(), x = Tensor.Randn(5, 3);
            return ([w], () => (x.MatMul(w.T).Tanh().MatMul(w) - x).Square().Mean());
        },
        ["rnn"] = () =>
        {
            Tensor w = (Tensor.Randn(4, 4) * 0.5).RequiresGradInPlace(), u = Tensor.Randn(4, 2).RequiresGradInPlace(), x = Tensor.Randn(3, 6, 2);
            return ([w, u], () =>
            {
                Tensor h = Tensor.Zeros(3, 4);
                for (int t = 0; t < 6; t++) h = (h.MatMul(w.T) + x.Select(1, t).MatMul(u.T)).Tanh();
                return h.Square().Sum();
            }
            );
        },
        ["gru"] = () =>
        {
            Tensor[] p = [.. Enumerable.Range(0, 6).Select(i => (Tensor.Randn(3, 3) * 0.7).RequiresGradInPlace())];
            Tensor x = Tensor.Randn(4, 5, 3);
            return (p, () =>
            {
                Tensor h = Tensor.Zeros(4, 3);
                for (int t = 0; t < 5; t++)
                {
                    Tensor now = x[.., t];
                    Tensor z = (now.MatMul(p[0]) + h.MatMul(p[1])).Sigmoid(), r = (now.MatMul(p[2]) + h.MatMul(p[3])).Sigmoid();
                    Tensor n = (now.MatMul(p[4]) + r * h.MatMul(p[5])).Tanh();
                    h = (1 - z) * n + z * h;
                }
                return h.Mean();
            }
            );
        },
        ["attention"] = () =>
        {
            Tensor q = Tensor.Randn(4, 4).RequiresGradInPlace(), k = Tensor.Randn(4, 4).RequiresGradInPlace(), x = Tensor.Randn(2, 3, 4);
            var norm = new LayerNorm([4]);
            return ([q, k, .. norm.Parameters()], () =>
            {
                Tensor a = (x.MatMul(q).MatMul(x.MatMul(k).Transpose(1, 2)) / 2).Softmax(-1);
                return norm.Call(x + a.MatMul(x)).Square().Mean();
            }
            );
        },
        ["embedding"] = () =>
        {
            var rows = new Embedding(5, 3);
            Tensor at = Tensor.From([0L, 3, 3, 1], [2, 2]), weights = Tensor.Randn(3);
            return ([rows.Weight], () => (rows.Call(at) * weights).Sum(-1).Tanh().Sum());
        },
        ["in place"] = () =>
        {
            Tensor w = Tensor.Randn(3).RequiresGradInPlace(), x = Tensor.Randn(4, 3);
            return ([w], () =>
            {
                Tensor y = x * w, z = y * 1.0;
                z[.., 1..].MulInPlace(y[.., ..2]);
                z[.., 0].CopyInPlace(y[.., 2]);
                z[0].AddInPlace(w);
                return (z * z).Sum();
            }
            );
        },
        ["views"] = () =>
        {
            Tensor w = Tensor.Randn(2, 6).RequiresGradInPlace(), x = Tensor.Randn(3, 4);
            return ([w], () => (x.Reshape(3, 1, 4).Expand(3, 3, 4) * w.T.Reshape(3, 4)).Permute(2, 0, 1).Reshape(4, 9).Sum(1).Exp().Sum());
        },
        ["weight norm"] = () =>
        {
            Tensor v = Tensor.Randn(3, 4).RequiresGradInPlace(), s = Tensor.Rand(3, 1).RequiresGradInPlace(), x = Tensor.Randn(5, 4);
            return ([v, s], () => x.MatMul((v * (s / v.Norm(2, [1], keepDim: true))).T).Tanh().Square().Mean());
        },
        ["dropout"] = () =>
        {
            Tensor w = Tensor.Randn(4, 4).RequiresGradInPlace(), x = Tensor.Randn(5, 4);
            var generator = new Generator(3);
            return ([w], () => x.MatMul(w).Dropout(0.5, generator: generator).Square().Sum() + w.Square().Sum() * 0.01);
        },
        ["penalty"] = () =>
        {
            Tensor w = Tensor.Randn(3, 3).RequiresGradInPlace(), x = Tensor.Randn(4, 3).RequiresGradInPlace();
            return ([w], () =>
            {
                Tensor y = x.MatMul(w).Tanh().Sum();
                return Autograd.Grad([y], [x], createGraph: true)[0]!.Square().Sum() + y;
            }
            );
        },
        ["scalars"] = () =>
        {
            Tensor a = Tensor.Scalar(3.0, DType.Float64).RequiresGradInPlace(), b = Tensor.Scalar(2.0, DType.Float64).RequiresGradInPlace();
            return ([a, b], () => a * a * (a * 4) + b.Exp() * a);
        },
        ["stack"] = () =>
        {
            Tensor w = Tensor.Randn(3).RequiresGradInPlace(), x = Tensor.Randn(4, 3);
            return ([w], () => Tensor.Stack([.. x.Unbind().Select(row => (row * w).Sum().Sigmoid())]).Log().Neg().Mean());
        },
    };

    public static TheoryData<string> Models => [.. s_models.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void Contributions_sum_to_the_gradient(string model)
    {
        foreach (bool inside in new[] { true, false })
        {
            Rng.ManualSeed(5);
            (Tensor[] parameters, Func<Tensor> loss) = s_models[model]();
            Graph graph = inside ? Graph.Capture(() => loss().Backward()) : Graph.Capture(loss);
            List<GraphExplanation> all = [];
            foreach (Tensor p in parameters)
                for (int i = 0; i < p.NumEl; i += Math.Max(1, p.NumEl / 4)) all.Add(graph.Explain(p, GraphPlaces.IndexOf(p.Shape, i)));
            parameters.ShouldAllBe(p => p.Grad == null!);
            loss().Backward();
            int next = 0;
            foreach (Tensor p in parameters)
            {
                double[] gradient = p.Grad!.ToArray<double>();
                for (int i = 0; i < p.NumEl; i += Math.Max(1, p.NumEl / 4)) Check(all[next++], gradient[i], p.DType);
            }
        }

        static void Check(GraphExplanation why, double gradient, DType dtype)
        {
            double size = Math.Max(Math.Abs(gradient), why.Terms.Select(t => Math.Abs(t.Contribution)).DefaultIfEmpty().Max());
            double unit = dtype == DType.Float32 ? Math.Pow(2, -23) : Math.Pow(2, -52), ulp = Math.Max(size * unit, double.Epsilon);
            // What the sum rounds; the gradient of a value with many readers is a sum itself.
            why.Gradient!.Value.ShouldBe(gradient, ulp * 4, why.Name);
            why.Terms.Sum(t => t.Contribution).ShouldBe(gradient, ulp * Math.Max(4, why.Terms.Count), why.Name);
            why.Operations.Sum(o => o.Contribution).ShouldBe(why.Terms.Sum(t => t.Contribution), ulp);
            if (why.Examples.Count > 0 && why.Terms.All(t => t.Example is not null))
                why.Examples.Sum(o => o.Contribution).ShouldBe(why.Terms.Sum(t => t.Contribution), ulp);
            // Tangents are rounded on their way, where terms cancel to gradients.
            if (why.Paths.Count > 0) why.Paths.Sum(path => path.Contribution).ShouldBe(gradient, Math.Abs(gradient) * 1e-3 + 1e-6, why.Name);
            why.ToText().ShouldContain(why.Name);
        }
    }

    [Fact]
    public void A_layer_is_explained_as_one_writes_it_by_hand()
    {
        Rng.ManualSeed(1);
        var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new Tanh(), new Adjoint.Nn.Linear(4, 2));
        Tensor x = Tensor.Randn(5, 3), t = Tensor.Randn(5, 2);
        Graph graph = Graph.Capture(() => F.MseLoss(net.Call(x), t).Backward());
        GraphExplanation why = graph.Explain("0.weight", 1, 2);
        why.Terms.Count.ShouldBe(5);
        foreach (GraphTerm term in why.Terms)
        {
            term.Slope.ShouldBe(x[term.Example!.Value, 2].Item());
            term.Formula.ShouldStartWith($"x[{term.Example}, 2] · d_addmm1[{term.Example}, 1] = ");
        }
        why.Examples.Select(e => e.Name).Order().ShouldBe(["x[0]", "x[1]", "x[2]", "x[3]", "x[4]"]);
        why.Examples[0].Contribution.ShouldBe(why.Terms[0].Contribution);
        why.Way.Select(step => step.Operation.Name).ShouldBe(["addmm", "tanh", "addmm", "mse_loss"]);
        why.Way[0].Factor.ShouldBe(why.Terms[0].Slope);
        why.Reason.ShouldBe(GraphReason.Ordinary);
        why.Paths.Single().Operations.Select(o => o.Name).ShouldBe(["addmm", "tanh", "addmm", "mse_loss"]);
        graph.Explain(((Adjoint.Nn.Linear)net[0]).Weight, -3, -1).Gradient.ShouldBe(why.Gradient);
    }

    [Fact]
    public void Every_use_of_a_shared_parameter_has_its_share()
    {
        Rng.ManualSeed(1);
        (Tensor[] parameters, Func<Tensor> loss) = s_models["rnn"]();
        GraphExplanation why = Graph.Capture(() => loss().Backward()).Explain(parameters[0], 1, 2);
        why.Operations.Count.ShouldBe(5);
        why.Examples.Count.ShouldBe(3);
        why.Paths.Count.ShouldBeInRange(5, 6);
    }

    [Fact]
    public void What_is_no_gradient_of_the_graph_is_refused()
    {
        Tensor w = Tensor.Ones([2], requiresGrad: true), rows = Tensor.From([0L, 1]), x = Tensor.Ones(2);
        Graph graph = Graph.Capture(() => (w[rows] * x).Sum().Backward());
        Should.Throw<ArgumentException>(() => graph.Explain(Tensor.Ones(2))).Message.ShouldContain("neither reads nor writes");
        Should.Throw<ArgumentException>(() => graph.Explain("v")).Message.ShouldContain("w");
        Should.Throw<TensorIndexException>(() => graph.Explain(w, 2));
        Should.Throw<TensorIndexException>(() => graph.Explain(w));
        Should.Throw<ArgumentException>(() => graph.Explain(rows, 0)).Message.ShouldContain("Int64");
        Should.Throw<GraphException>(() => Graph.Capture(() => w * 2).Explain(w, 0)).Message.ShouldContain("single number");
        Should.Throw<GraphException>(() => Graph.Capture(() => { _ = w * 2; }).Explain(w, 0)).Message.ShouldContain("backward");
    }

    [Fact]
    public void Nothing_is_changed_and_the_step_is_explained_as_the_tensors_are_now()
    {
        Rng.ManualSeed(1);
        var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new BatchNorm1d(4), new Adjoint.Nn.Linear(4, 2));
        var optimizer = new Adam(net.Parameters());
        Tensor x = Tensor.Randn(5, 3), t = Tensor.Randn(5, 2);
        Graph graph = Graph.Capture(() =>
        {
            optimizer.ZeroGrad();
            F.MseLoss(net.Call(x).Dropout(0.2), t).Backward();
            optimizer.Step();
        });
        byte[] state = Rng.GetState();
        string Values() => string.Join(' ', net.StateDict().Values.SelectMany(GraphRunTests.Bits));
        string before = Values();
        double first = graph.Explain("0.weight", 0, 0).Gradient!.Value;
        Values().ShouldBe(before);
        Rng.GetState().ShouldBe(state);
        ((Adjoint.Nn.Linear)net[0]).Weight.Grad.ShouldBeNull();
        GraphRun.Live(graph);
        ((Adjoint.Nn.Linear)net[0]).Weight.Grad![0, 0].Item().ShouldBe(first);
        graph.Explain("0.weight", 0, 0).Gradient.ShouldNotBe(first);
    }

    [Fact]
    public void A_second_loss_is_explained_from_where_its_gradients_were_cleared()
    {
        Tensor w = Tensor.From([2.0], requiresGrad: true);
        Graph graph = Graph.Capture(() =>
        {
            (w * 3).Sum().Backward();
            w.Grad = null;
            (w * w).Sum().Backward();
            (w * 5).Sum().Backward();
        });
        GraphExplanation why = graph.Explain(w, 0);
        (why.Gradient, why.Operations.Count).ShouldBe((9.0, 2));
        // Cleared at the end of a step, it was there for the step.
        var optimizer = new SGD([w], 0.1);
        Graph.Capture(() =>
        {
            (w * 7).Sum().Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        }).Explain(w, 0).Gradient.ShouldBe(7.0);
    }
}
