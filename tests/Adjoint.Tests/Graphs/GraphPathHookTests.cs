using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>
/// Paths where hooks stand in the way. A hook may give any other gradient back, which is no product of local derivatives: paths through it
/// are refused by name, and a hook is never called with a gradient that no pass has.
/// </summary>
public class GraphPathHookTests
{
    private static readonly Tensor s_x = Tensor.Scalar(3, requiresGrad: true);

    // Made before anything is captured.
    static GraphPathHookTests() { }

    public static Dictionary<string, Func<Action, (Tensor Result, HookHandle Hook)>> Hooks => new()
    {
        ["on a result"] = seen =>
        {
            Tensor y = s_x * 2;
            return (y * y, y.RegisterHook(g => { seen(); return g * 10; }));
        },
        ["on a result, that only looks"] = seen =>
        {
            Tensor y = s_x * 2;
            return (y * y, y.RegisterHook(_ => { seen(); return null; }));
        },
        ["on the leaf"] = seen => (s_x * s_x, s_x.RegisterHook(g => { seen(); return g * 10; })),
        ["on the loss"] = seen =>
        {
            Tensor y = s_x * s_x;
            return (y, y.RegisterHook(g => { seen(); return g * 10; }));
        },
        ["on a node"] = seen =>
        {
            Tensor y = s_x.Exp();
            return (y * y, y.GradFn!.RegisterHook((dx, _) => { seen(); return [dx[0]! * 10]; }));
        },
        ["before a node"] = seen =>
        {
            Tensor y = s_x.Exp();
            return (y * y, y.GradFn!.RegisterPreHook(g => { seen(); return [g[0]! * 10]; }));
        },
        ["of a module"] = seen =>
        {
            var module = new Tanh();
            HookHandle hook = module.RegisterFullBackwardHook((_, dx, _) => { seen(); return [dx[0]! * 10]; });
            return (module.Call(s_x * 2).Square(), hook);
        },
    };

    public static TheoryData<string> HookNames => [.. Hooks.Keys];

    [Theory]
    [MemberData(nameof(HookNames))]
    public void Paths_through_a_recorded_hook_are_refused_and_without_it_they_sum_to_the_gradient(string name)
    {
        int seen = 0;
        (Tensor result, HookHandle hook) = Hooks[name](() => seen++);
        using HookHandle _ = hook;
        RecordedGraph graph = RecordedGraph.Of(result, ("x", s_x));
        AutogradException error = Should.Throw<AutogradException>(() => graph.Paths(s_x));
        error.Message.ShouldContain("hook");
        error.Message.ShouldContain("Remove()");
        Should.Throw<AutogradException>(() => graph.Paths(graph.Nodes[^1])).Message.ShouldStartWith("Paths: ");
        // What is drawn has the local derivatives, which no hook changes.
        graph.ToTree(values: true).ShouldContain("·");
        graph.CountPaths(s_x).ShouldBeGreaterThan(0);
        seen.ShouldBe(0);

        hook.Remove();
        if (name == "of a module") return;
        double sum = graph.Paths(s_x).Sum(path => path.Product!.Value);
        sum.ShouldBe(Autograd.Grad([result], [s_x])[0]!.Item(), 1e-5 * Math.Abs(sum));
    }

    [Theory]
    [MemberData(nameof(HookNames))]
    public void Paths_of_a_captured_hook_are_refused(string name)
    {
        foreach (bool isPass in (bool[])[false, true])
        {
            List<HookHandle> hooks = [];
            Graph graph = Graph.Capture(() =>
            {
                hooks.ForEach(hook => hook.Remove());
                (Tensor result, HookHandle hook) = Hooks[name](() => { });
                hooks.Add(hook);
                if (!isPass) return result;
                result.Backward();
                return result.Detach();
            });
            hooks.ForEach(hook => hook.Remove());
            GraphEntries entries = graph.Entries();
            entries.Nodes.Count.ShouldBeGreaterThan(1);
            GraphException error = Should.Throw<GraphException>(() => entries.Paths(entries.Nodes[^1]));
            error.Message.ShouldContain("hook");
            error.Message.ShouldContain("Graph.Explain");
            Should.Throw<GraphException>(() => entries.Derivative(entries.Nodes[^1])).Message.ShouldStartWith("Derivative: ");
        }
    }

    [Fact]
    public void A_hook_elsewhere_and_one_that_runs_afterwards_or_looks_at_several_leaves_paths_as_they_are()
    {
        Tensor a = Tensor.Scalar(3, requiresGrad: true), b = Tensor.Scalar(5, requiresGrad: true);
        using HookHandle other = b.RegisterHook(g => g * 10), after = a.RegisterPostAccumulateGradHook(_ => { }),
            several = Autograd.RegisterMultiGradHook([a], _ => { });
        RecordedGraph.Of(a * a + b, ("a", a)).Paths(a).Sum(path => path.Product!.Value).ShouldBe(6);
        Should.Throw<AutogradException>(() => RecordedGraph.Of(a * a + b, ("b", b)).Paths(b)).Message.ShouldContain("b");
        GraphEntries entries = Graph.Capture(() => (a * a).Backward()).Entries();
        entries.Derivative(entries.Find("a")!).ShouldBe(6);
    }

    [Fact]
    public void Paths_through_a_function_of_ones_own_are_refused_in_a_captured_graph()
    {
        Tensor a = Tensor.Scalar(3, requiresGrad: true);
        GraphEntries entries = Graph.Capture(() => new Cube().Apply(a) * a).Entries();
        Should.Throw<GraphException>(() => entries.Derivative(entries.Find("a")!)).Message.ShouldContain("CubeBackward");
        RecordedGraph.Of(new Cube().Apply(a) * a, ("a", a)).Paths(a).Sum(path => path.Product!.Value).ShouldBe(4 * 27);
    }

    private sealed class Cube : Function
    {
        protected override Tensor Forward(Tensor x)
        {
            Save(x);
            return x * x * x;
        }

        protected override Tensor? Backward(Tensor g) => Saved(0) is { } x ? 3 * x * x * g : null;
    }
}
