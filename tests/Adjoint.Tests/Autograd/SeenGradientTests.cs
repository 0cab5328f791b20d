using Adjoint.Nn;
using Adjoint.Tests.Architecture;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Differentiation;

/// <summary>
/// Whatever way a gradient gets to code of the user's: it stays what it was, and the pass goes on as if nobody had looked. A pass writes
/// over its own gradients and gives their memory back, so whoever shows one must not call it its own: Note [A gradient's own memory].
/// </summary>
public class SeenGradientTests
{
    // Each takes the tensor in the middle of the graph, gives what takes its place, and keeps what it sees.
    private static readonly Dictionary<string, Func<Tensor, Action<Tensor?>, Tensor>> s_ways = new()
    {
        ["a hook of the tensor"] = (h, see) =>
        {
            h.RegisterHook(see);
            return h;
        },
        ["a hook that replaces"] = (h, see) =>
        {
            h.RegisterHook(g =>
            {
                see(g);
                Tensor other = g.Clone();
                see(other);
                return other;
            });
            return h;
        },
        ["a hook before the node"] = (h, see) =>
        {
            h.GradFn!.RegisterPreHook(gs =>
            {
                foreach (Tensor? g in gs) see(g);
                return null;
            });
            return h;
        },
        ["a hook after the node"] = (h, see) =>
        {
            h.GradFn!.RegisterHook((results, gs) =>
            {
                foreach (Tensor? g in (Tensor?[])[.. results, .. gs]) see(g);
                return null;
            });
            return h;
        },
        ["a hook of several tensors"] = (h, see) =>
        {
            Autograd.RegisterMultiGradHook([h], gs =>
            {
                foreach (Tensor? g in gs) see(g);
            });
            return h;
        },
        ["a function"] = (h, see) => new Seeing(see, g => g).Apply(h),
        ["a function that gives something else"] = (h, see) => new Seeing(see, g => g.Clone()).Apply(h),
        ["a function that gives a view"] = (h, see) => new Seeing(see, g => g.View(g.Shape)).Apply(h),
        ["a hook of a module"] = (h, see) =>
        {
            var module = new Tanh();
            module.RegisterFullBackwardHook((_, inputs, outputs) =>
            {
                foreach (Tensor? g in (Tensor?[])[.. inputs, .. outputs]) see(g);
                return null;
            });
            return module.Call(h);
        },
    };

    public static IEnumerable<TheoryDataRow<string, int>> Cases =>
        from way in s_ways.Keys from size in (int[])[1, 10, 1000] select new TheoryDataRow<string, int>(way, size);

    private sealed class Seeing(Action<Tensor?> see, Func<Tensor, Tensor> give) : Function
    {
        protected override Tensor Forward(Tensor x) => x * 1;

        protected override Tensor? Backward(Tensor g)
        {
            see(g);
            Tensor given = give(g);
            see(given);
            return given;
        }
    }

    private static Tensor Leaf(int size) =>
        Tensor.Linspace(0.25, 0.75, size).Reshape(size == 1 ? Shape.Scalar : [size]).RequiresGradInPlace();

    private static Tensor Graph(Tensor w, Func<Tensor, Tensor> middle)
    {
        Tensor h = middle((w * 3).Sin());
        // Behind and before it a chain, a branch, and a node that hands on what it gets.
        return (h.Tanh().Exp() + h * h - (h + w)).Square().Sum();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_gradient_that_was_seen_stays_what_it_was(string way, int size)
    {
        var seen = new List<(Tensor Kept, double[] Then)>();
        void See(Tensor? g)
        {
            if (g is not null) seen.Add((g, g.ToArray<double>()));
        }

        Tensor w = Leaf(size), alone = Leaf(size);
        bool module = way == "a hook of a module";
        for (int round = 0; round < 2; round++)
        {
            Graph(w, h => s_ways[way](h, See)).Backward();
            Graph(alone, h => module ? h.Tanh() : h).Backward();
        }
        seen.ShouldNotBeEmpty();
        foreach ((Tensor kept, double[] then) in seen) kept.ToArray<double>().ShouldBe(then);
        w.Grad!.ToArray<double>().ShouldBe(alone.Grad!.ToArray<double>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    public void What_a_pass_is_given_and_what_it_is_asked_for_stay_what_they_are(int size)
    {
        Tensor w = Leaf(size), h = (w * 3).Sin(), y = h.Tanh(), seed = Leaf(size).Detach().Clone();
        double[] given = seed.ToArray<double>();
        Tensor[] asked = Autograd.Grad([y], [h, w], [seed], retainGraph: true)!;
        double[][] then = [.. asked.Select(g => g.ToArray<double>())];
        y.Backward(seed, retainGraph: true);
        Tensor first = w.Grad!;
        double[] grad = first.ToArray<double>();
        w.Grad = null;
        y.Backward(seed);
        seed.ToArray<double>().ShouldBe(given);
        asked.Select(g => g.ToArray<double>()).ShouldBe(then);
        first.ToArray<double>().ShouldBe(grad);
        w.Grad!.ToArray<double>().ShouldBe(grad);
        grad.ShouldBe(then[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1000)]
    public void What_a_mode_keeps_of_a_pass_stays_what_it_was(int size)
    {
        Tensor w = Leaf(size), loss = Graph(w, h => h);
        var keeping = new Keeping();
        using (keeping.Enter()) loss.Backward();
        keeping.Seen.Count.ShouldBeGreaterThan(10);
        Tensor alone = Leaf(size);
        Graph(alone, h => h).Backward();
        // A sum in place is a result that its next change is seen in.
        foreach ((Tensor kept, double[] then, int version) in keeping.Seen)
            if (kept.Version == version) kept.ToArray<double>().ShouldBe(then);
        w.Grad!.ToArray<double>().ShouldBe(alone.Grad!.ToArray<double>());
    }

    private sealed class Keeping : OpMode
    {
        internal List<(Tensor Kept, double[] Then, int Version)> Seen { get; } = [];

        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            IReadOnlyList<Tensor?> results = call.Run();
            foreach (Tensor? x in (Tensor?[])[.. call.Inputs, .. results])
                if (x is { } kept) Seen.Add((kept, kept.ToArray<double>(), kept.Version));
            return results;
        }
    }

    /// <summary>Nobody has to say that he shows a gradient to others: who owns one is known by the engine alone.</summary>
    [Fact]
    public void Who_owns_a_gradient_is_decided_in_the_engine_alone() =>
        SourceTree.Files.Where(
            file => file.Syntax.DescendantNodes().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText == "IsOwned"))
            .Select(file => file.Path).ShouldBe(["Adjoint/Autograd/Engine.cs"]);
}
