using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>One graph explained again and again, and explanations that are read when something has changed.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphExplainLaterTests
{
    private static (Sequential Net, Tensor X, Tensor Y, Graph Graph) Made()
    {
        Rng.ManualSeed(0);
        var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new Tanh(), new Adjoint.Nn.Linear(4, 2));
        Tensor x = Tensor.Randn(5, 3), y = Tensor.Randn(5, 2);
        return (net, x, y, Graph.Capture(() => F.MseLoss(net.Call(x), y).Backward()));
    }

    [Fact]
    public void Every_explanation_is_of_the_numbers_of_now()
    {
        (Sequential net, Tensor x, Tensor y, Graph graph) = Made();
        for (int round = 0; round < 3; round++)
        {
            net.ZeroGrad();
            F.MseLoss(net.Call(x), y).Backward();
            foreach ((string name, Tensor p) in net.NamedParameters())
            {
                for (int i = 0; i < p.NumEl; i++)
                {
                    GraphExplanation why = graph.Explain(p, GraphPlaces.IndexOf(p.Shape, i));
                    double gradient = p.Grad!.Reshape(-1)[i].Item();
                    why.Gradient.ShouldBe(gradient, $"{name} {i}");
                    why.Value.ShouldBe(p.Detach().Reshape(-1)[i].Item());
                    why.Terms.Sum(t => t.Contribution).ShouldBe(gradient, 1e-6);
                }
            }
            using GradScope _ = Autograd.NoGrad();
            foreach (Tensor p in net.Parameters()) p.SubInPlace(p.Grad! * 0.1);
            x.MulInPlace(0.5);
        }
    }

    [Fact]
    public void A_tensor_that_is_frozen_in_between_says_so()
    {
        (Sequential net, _, _, Graph graph) = Made();
        Tensor w = net.Parameters().First();
        graph.Explain(w, 1, 2).Reason.ShouldBe(GraphReason.Ordinary);
        Tensor alias = w.Detach();
        graph.Explain(alias, 1, 2).Gradient.ShouldBe(graph.Explain(w, 1, 2).Gradient);
        w.RequiresGrad = false;
        try
        {
            GraphExplanation frozen = graph.Explain(w, 1, 2);
            (frozen.Gradient is null).ShouldBe(frozen.Reason == GraphReason.Missing);
        }
        finally
        {
            w.RequiresGrad = true;
        }
        graph.Explain(w, 1, 2).Reason.ShouldBe(GraphReason.Ordinary);
    }

    [Fact]
    public void What_rounding_leaves_of_terms_that_cancel_is_said_to_be_that()
    {
        Rng.ManualSeed(1);
        Tensor q = Tensor.Randn(3, 4), k = Tensor.Randn(5, 4), b = Tensor.Zeros(3, 1).RequiresGradInPlace(), v = Tensor.Randn(5, 2);
        Graph graph = Graph.Capture(() => (q.MatMul(k.T) + b).Softmax(1).MatMul(v).Square().Sum().Backward());
        for (int i = 0; i < 3; i++)
        {
            // A softmax takes away what is added to all of a row: the gradient is 0, but for rounding.
            GraphExplanation why = graph.Explain(b, i, 0);
            if (why.Gradient == 0) why.Causes[0].Text.ShouldContain("cancel");
            else (why.Reason, why.Causes[0].Text.Contains("of the size of rounding")).ShouldBe((GraphReason.Tiny, true), why.ToString());
        }
        graph.Explain(b, 1, 0).Gradient.ShouldNotBe(0);
    }

    [Fact]
    public void Threads_explain_one_graph_side_by_side()
    {
        (Sequential net, _, _, Graph graph) = Made();
        (string Name, Tensor P)[] parameters = [.. net.NamedParameters()];
        string[] alone = [.. parameters.Select(p => graph.Explain(p.P, new int[p.P.NDim]).ToString())];
        Parallel.For(0, 64, i =>
        {
            int at = i % parameters.Length;
            graph.Explain(parameters[at].P, new int[parameters[at].P.NDim]).ToString().ShouldBe(alone[at]);
        });
    }

    [Fact]
    public void What_was_explained_stays_when_the_parameters_step_on()
    {
        (Sequential net, Tensor x, _, Graph graph) = Made();
        Tensor w = net.Parameters().First();
        GraphExplanation before = graph.Explain(w, 1, 2), same = graph.Explain(w, 1, 2);
        string whole = same.ToString();
        using (Autograd.NoGrad())
        {
            foreach (Tensor p in net.Parameters()) p.MulInPlace(2);
            x.MulInPlace(3);
        }
        // The numbers that it is made of were taken when it was made.
        before.Terms.Select(t => t.ToString()).ShouldBe(same.Terms.Select(t => t.ToString()));
        before.Examples.Select(t => t.ToString()).ShouldBe(same.Examples.Select(t => t.ToString()));
        before.Terms.Sum(t => t.Contribution).ShouldBe(before.Gradient!.Value, 1e-6);
        same.ToString().ShouldBe(whole);
        // What is looked up when it is asked for would mix the numbers of two times.
        string refused = Should.Throw<GraphException>(() => before.Way).Message;
        refused.ShouldContain("was changed after this was explained");
        refused.ShouldContain("explain again");
        // The only path contributes what is there already.
        before.Paths.Single().Contribution.ShouldBe(before.Gradient!.Value);
        string later = before.ToString();
        later.ShouldContain("was changed since");
        later.ShouldStartWith(whole[..whole.IndexOf("one way", StringComparison.Ordinal)]);
        graph.Explain(w, 1, 2).Way.Count.ShouldBe(4);
    }
}
