namespace Adjoint.Tests.Graphs;

/// <summary>
/// What is said of a gradient is true and complete: its number, its terms, the reason, for models and mistakes of all kinds.
/// </summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public partial class GraphMistakeTests
{
    public static TheoryData<string> Names => [.. GraphMistakes.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_said_is_true(string name)
    {
        GraphMistake mistake = GraphMistakes.All[name];
        Rng.ManualSeed(1);
        (Tensor leaf, Action step) = mistake.Make();
        Graph graph = Graph.Capture(step, lines: true);
        GraphExplanation why = graph.Explain(leaf, mistake.At);
        Rng.ManualSeed(1);
        step();
        TensorIndex[] at = [.. mistake.At.Select(i => (TensorIndex)i)];
        double? truth = mistake.Truth ?? (leaf.Grad is { } g ? (at.Length == 0 ? g : g[at]).Item() : null);

        string text = why.ToString();
        if (Environment.GetEnvironmentVariable("HAND") is { Length: > 0 } folder)
            File.WriteAllText(Path.Combine(folder, $"explained {name.Replace('/', '_')}.txt"), text);
        IsAsNear(why.Gradient, truth, leaf.DType, 4).ShouldBeTrue($"{truth} is the gradient\n{text}");
        why.Reason.ShouldBe(mistake.Reason, text);
        foreach (string part in mistake.Says) text.ShouldContain(part, Case.Sensitive, text);
        foreach (string part in mistake.SaysNot) text.ShouldNotContain(part, Case.Sensitive, text);
        if (why.Reason is not GraphReason.Ordinary) why.Causes.ShouldNotBeEmpty(text);
        if (mistake.IsOwnCode || truth is not { } gradient) return;
        bool overflows = why.Causes.Any(cause => cause.Text.StartsWith("Overflow", StringComparison.Ordinal));
        if (why.Terms.Count > 0 || gradient != 0)
            Sums(why.Terms.Select(t => t.Contribution), gradient, leaf.DType, overflows).ShouldBeTrue("the terms\n" + text);
        if (why.Paths.Count > 0)
            Sums(why.Paths.Select(p => p.Contribution), gradient, leaf.DType, overflows).ShouldBeTrue("the paths\n" + text);
        if (why.Examples.Count > 0 && why.Terms.All(t => t.Example is not null))
            Sums(why.Examples.Select(p => p.Contribution), gradient, leaf.DType, overflows).ShouldBeTrue("the examples\n" + text);
    }

    [Fact]
    public void What_no_pass_has_shown_is_refused()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
        Func<Tensor> hooked = () =>
        {
            Tensor y = w * 2;
            y.RegisterHook(g => g * 10);
            return y.Sum();
        };
        Should.Throw<GraphException>(() => Graph.Capture(hooked).Explain(w, 0)).Message.ShouldContain("loss.Backward()");
        Graph.Capture(() => hooked().Backward()).Explain(w, 0).Gradient.ShouldBe(20);
    }

    // Within an ulp a term of the largest.
    private static bool Sums(IEnumerable<double> parts, double whole, DType dtype, bool overflows)
    {
        double[] all = [.. parts];
        double sum = all.Sum();
        if (!double.IsFinite(whole)) return overflows || !double.IsFinite(sum);
        double size = all.Select(Math.Abs).Append(Math.Abs(whole)).Max();
        return Math.Abs(sum - whole) <= Math.Max(4, all.Length) * Ulp(size, dtype);
    }

    private static bool IsAsNear(double? a, double? b, DType dtype, int ulps) => a is null || b is null ? a is null && b is null
        : a.Value.Equals(b.Value) || Math.Abs(a.Value - b.Value) <= ulps * Ulp(Math.Max(Math.Abs(a.Value), Math.Abs(b.Value)), dtype);

    private static double Ulp(double size, DType dtype) => dtype == DType.Float64
        ? Math.BitIncrement(size) - size : MathF.BitIncrement((float)Math.Min(size, 1e38)) - (float)Math.Min(size, 1e38);
}
