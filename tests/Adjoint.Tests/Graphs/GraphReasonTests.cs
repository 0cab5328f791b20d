using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>Mistakes that people make, and what is said of them: the operation, its line and the numbers.</summary>
public class GraphReasonTests
{
    private static readonly Tensor X = Tensor.From([1f, -2f, 3f, 0.5f], [2, 2]), Extra = Tensor.Scalar(1f, requiresGrad: true);

    // Made before a function is captured, and not in it.
    static GraphReasonTests()
    {
    }

    private static Tensor W => Tensor.From([1f, 2f], requiresGrad: true);

    public static Dictionary<string, (Func<Tensor, Tensor> Loss, string[] Says)> Missing => new()
    {
        ["detach"] = (w => (X * w).Detach().Exp().Sum() + Extra, ["exp (exp1) gets mul2 detached", "Detach()", "GraphReasonTests.cs"]),
        ["no grad"] = (NoGrad, ["mul", "NoGrad()", "GraphReasonTests.cs"]),
        ["integers"] = (w => (X * w).ArgMax(1).To(DType.Float32).Sum() + Extra, ["argmax gives Int64", "no gradient"]),
        ["comparison"] = (w => ((X * w) > 1).To(DType.Float32).Sum() + Extra, ["gives Bool", "no gradient"]),
        ["not reached"] = (_ => X.Sum() * Extra, ["w is not reached"]),
        ["unused result"] = (w =>
        {
            _ = (X * w).Tanh();
            return X.Sum() * Extra;
        }, ["tanh1 in the end, does not lead to"]),
        ["new leaf"] = (w => (X * w).Detach().RequiresGradInPlace().Sum(), ["begins anew as a leaf"]),
    };

    private static Tensor NoGrad(Tensor w)
    {
        Tensor y;
        using (Autograd.NoGrad()) y = X * w;
        return (y * Extra).Sum();
    }

    public static TheoryData<string> MissingNames => [.. Missing.Keys];

    [Theory]
    [MemberData(nameof(MissingNames))]
    public void Why_there_is_no_gradient(string name)
    {
        Tensor w = W;
        (Func<Tensor, Tensor> loss, string[] says) = Missing[name];
        Graph graph = Graph.Capture(() =>
        {
            _ = w * 1;
            loss(w).Backward();
        }, lines: true);
        GraphExplanation why = graph.Explain(w, 1);
        if (name == "not reached")
        {
            // It is read, by what leads nowhere.
            why.Causes[0].Text.ShouldContain("does not lead to");
            Tensor v = W;
            Graph.Capture(() => { loss(v).Backward(); v.Grad = null; }).Find(v)?.ShouldNotBeNull();
            return;
        }
        (why.Gradient, why.Reason).ShouldBe((null, GraphReason.Missing));
        string text = why.ToString();
        foreach (string part in says) text.ShouldContain(part);
        why.Terms.ShouldBeEmpty();
    }

    [Fact]
    public void A_parameter_that_the_optimizer_alone_reads_is_not_reached()
    {
        var used = new Adjoint.Nn.Linear(2, 1);
        var forgotten = new Adjoint.Nn.Linear(2, 1);
        forgotten.Weight.Grad = Tensor.Zeros(1, 2);
        var optimizer = new Adjoint.Optim.SGD([.. used.Parameters(), .. forgotten.Parameters()], 0.1);
        Graph graph = Graph.Capture(() =>
        {
            optimizer.ZeroGrad(setToNone: false);
            used.Call(X).Sum().Backward();
            optimizer.Step();
        });
        graph.Explain(forgotten.Weight, 0, 0).ToString().ShouldContain("is not reached: no operation of the forward pass reads it");
        graph.Explain(used.Weight, 0, 0).Gradient.ShouldBe(4);
    }

    [Fact]
    public void A_frozen_parameter_says_so()
    {
        Tensor w = Tensor.From([1f, 2f]);
        Graph.Capture(() => (X * w * Extra).Sum().Backward()).Explain(w, 0).ToString().ShouldContain("does not require grad");
    }

    [Fact]
    public void A_way_that_is_cut_beside_one_that_is_not_is_named()
    {
        Tensor w = W;
        GraphExplanation why = Graph.Capture(() => ((X * w).Exp().Detach() * (X * w)).Sum().Backward()).Explain(w, 0);
        why.Gradient.ShouldNotBeNull();
        why.Cuts.Single().Text.ShouldContain("exp1 detached");
        // What is only looked at is no cut.
        Graph.Capture(() =>
        {
            Tensor y = X * w;
            y.Sum().Backward();
            using (Autograd.NoGrad()) return y.Max();
        }).Explain(w, 0).Cuts.ShouldBeEmpty();
    }

    public static Dictionary<string, (Func<Tensor, Tensor> Loss, string[] Says)> Zeros => new()
    {
        ["dead relu"] = (w => ((X * w).Abs().Neg() - 1).Relu().Sum(), ["relu", "relu is constant", "sub1[0, 1] = -5"]),
        ["saturation"] = (w => ((X * w).Abs() * 100).Sigmoid().Sum(), ["sigmoid", "saturated"]),
        ["clamp"] = (w => (X * w).Clamp(10, 20).Sum(), ["clamp is constant"]),
        ["mask"] = (w => (X * w * Tensor.From([1f, 0f])).Sum(), ["multiplied by 0"]),
        ["masked fill"] = (w => (X * w).MaskedFill(Tensor.From([false, true]), 0).Sum(), ["masked_fill"]),
        ["where"] = (w => Tensor.Where(Tensor.From([true, false]), X * w, X).Sum(), ["where"]),
        ["zero data"] = (w => (Tensor.Zeros(2, 2) * w).Sum(), ["mul1", "w[1] = 2: multiplied by 0"]),
        ["cancel"] = (w => (Tensor.From([1f, 1f, 1f, -1f], [2, 2]) * w).Sum(), ["cancel"]),
        ["floor"] = (w => (X * w).Floor().Sum(), ["floor", "slope is 0 everywhere"]),
        ["not chosen"] = (w => (X * w).Max(), ["max", "chose"]),
    };

    public static TheoryData<string> ZeroNames => [.. Zeros.Keys];

    [Theory]
    [MemberData(nameof(ZeroNames))]
    public void Why_a_gradient_is_zero(string name)
    {
        Tensor w = W;
        (Func<Tensor, Tensor> loss, string[] says) = Zeros[name];
        GraphExplanation why = Graph.Capture(() => loss(w).Backward(), lines: true).Explain(w, 1);
        (why.Gradient, why.Reason).ShouldBe((0.0, GraphReason.Zero));
        string text = why.ToString();
        foreach (string part in says) text.ShouldContain(part);
        text.ShouldContain("why it is 0");
        why.Causes[0].Operation!.Line!.File!.ShouldEndWith("GraphReasonTests.cs");
    }

    [Fact]
    public void A_dead_unit_of_a_fused_layer_is_found()
    {
        var net = new Sequential(new Adjoint.Nn.Linear(2, 2), new ReLU(), new Adjoint.Nn.Linear(2, 1));
        var first = (Adjoint.Nn.Linear)net[0];
        using (Autograd.NoGrad()) first.Bias!.CopyInPlace(Tensor.From([-100f, 5f]));
        Graph graph = Graph.Capture(() => net.Call(X).Sum().Backward());
        GraphExplanation why = graph.Explain(first.Weight, 0, 1);
        why.Reason.ShouldBe(GraphReason.Zero);
        why.ToString().ShouldContain("relu");
        graph.Explain(first.Weight, 1, 1).Reason.ShouldBe(GraphReason.Ordinary);
    }

    public static Dictionary<string, (Func<Tensor, Tensor> Loss, string[] Says)> Broken => new()
    {
        ["0/0 in a masked mean"] = (w =>
        {
            Tensor mask = Tensor.From([1f, 1f, 0f, 0f], [2, 2]);
            return ((X * w * mask).Sum(1) / mask.Sum(1)).Sum();
        }, ["div (div1) first made", "[1] = NaN, of", "[1] = 0"]),
        ["root of 0"] = (w => (X * w * 0).Sum(1).Sqrt().Sum(), ["sqrt (sqrt1) first made it, going back", "the slope ∞"]),
        ["log of 0"] = (w => ((X * w).Relu().Log() * (X * w).Relu()).Sum(), ["log (log1) first made", "−∞", "[0, 1] = 0"]),
        ["exp too large"] = (w => ((X * w).Exp() * Tensor.Full([2, 2], 1e38)).Square().Sum(), ["∞"]),
        ["∞ − ∞"] = (w => ((X * w * 1e38 * 10) - (X * w * 1e38 * 10)).Sum().Square(), ["sub", "NaN"]),
        ["data"] = (w => (Tensor.From([1f, float.NaN]) * w).Sum().Exp(), ["came in so"]),
        ["where hides it going forward only"] = (w =>
        {
            Tensor y = X * w;
            return Tensor.Where(y > 0, y.Sqrt(), Tensor.Zeros(2, 2)).Sum();
        }, ["sqrt (sqrt1) first made"]),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void What_made_a_gradient_NaN_or_infinite(string name)
    {
        Tensor w = W;
        (Func<Tensor, Tensor> loss, string[] says) = Broken[name];
        GraphExplanation why = Graph.Capture(() => loss(w).Backward(), lines: true).Explain(w, 1);
        loss(w).Backward();
        double.IsFinite(w.Grad![1].Item()).ShouldBeFalse();
        why.Reason.ShouldBe(GraphReason.NotFinite);
        string text = why.ToString();
        foreach (string part in says) text.ShouldContain(part);
    }

    [Fact]
    public void The_factor_that_makes_a_gradient_huge_is_named()
    {
        Tensor w = W;
        GraphExplanation why = Graph.Capture(() => ((X * w).Tanh() / 1e-6 * 3).Sum().Backward(), lines: true).Explain(w, 0);
        why.Reason.ShouldBe(GraphReason.Huge);
        why.Causes[0].Text.ShouldContain("The largest factor on the way is 1000000, at div1");
        // Many that are each harmless.
        Tensor a = Tensor.Scalar(1.0, requiresGrad: true);
        why = Graph.Capture(() =>
        {
            Tensor y = a;
            for (int i = 0; i < 20; i++) y = y * 3;
            return y;
        }).Explain(a);
        why.Causes[1].Text.ShouldContain("20 of 20 factors are above 1.5");
        why = Graph.Capture(() =>
        {
            Tensor y = a;
            for (int i = 0; i < 60; i++) y = (y * 0.5).Tanh();
            return y;
        }).Explain(a);
        (why.Reason, why.Causes.Count).ShouldBe((GraphReason.Tiny, 2));
    }

    [Fact]
    public void What_is_done_to_a_gradient_afterwards_is_said()
    {
        Tensor w = W;
        GraphExplanation why = Graph.Capture(() =>
        {
            (X * w).Sum().Backward();
            Gradients.ClipNorm([w], 1);
        }).Explain(w, 0);
        why.Gradient.ShouldBe(4);
        why.Afterwards.Single().Text.ShouldContain("mul_");
        w.Grad = Tensor.Ones(2);
        Graph.Capture(() => (X * w).Sum().Backward()).Explain(w, 0).Afterwards.Single().Text.ShouldContain("was there before");
        var own = new Doubled();
        Tensor v = W;
        Graph.Capture(() => new Doubled().Apply(X * v).Sum().Backward()).Explain(v, 0).ToString().ShouldContain("DoubledBackward");
    }

    private sealed class Doubled : Function
    {
        protected override Tensor Forward(Tensor x) => x * 2;

        protected override Tensor? Backward(Tensor g) => g * 2;
    }

    [Fact]
    public void An_empty_batch_leaves_zero()
    {
        var net = new Sequential(new Adjoint.Nn.Linear(3, 2), new ReLU());
        Tensor none = Tensor.Zeros(0, 3);
        Graph graph = Graph.Capture(() => net.Call(none).Sum().Backward());
        graph.Explain("0.weight", 0, 0).Reason.ShouldBe(GraphReason.Zero);
    }
}
