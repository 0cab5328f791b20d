using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Graphs;

/// <summary>What a graph cannot repeat is refused with the line that is in the way: nothing is frozen silently.</summary>
public class GraphRefusalTests
{
    private static Tensor X => Tensor.From([1f, 2f, 3f]);

    public static Dictionary<string, Func<Tensor, Tensor>> Reads => new()
    {
        ["Item"] = x => x * x.Sum().Item(),
        ["Item<float>"] = x => x * x.Sum().Item<float>(),
        ["cast"] = x => x * (double)x.Sum(),
        ["if"] = x => (bool)(x.Sum() > 2) ? x : -x,
        ["ToArray"] = x => x * x.ToArray<float>()[0],
        ["Read"] = x => x * x.Read<float, double>(all => all[0]),
        ["AsSpan"] = x => x * x.AsSpan<float>()[0],
        ["CopyTo"] = x =>
        {
            var all = new float[3];
            x.CopyTo<float>(all);
            return x * all[0];
        },
        ["print"] = x =>
        {
            _ = x.ToString();
            return x;
        },
        ["AllClose"] = x => x.AllClose(x) ? x : -x,
        ["equal"] = x => x.ElementsEqual(x) ? x : -x,
    };

    public static TheoryData<string> ReadNames => [.. Reads.Keys];

    [Theory]
    [MemberData(nameof(ReadNames))]
    public void A_look_at_values_is_refused_with_its_line(string name)
    {
        GraphException error = Should.Throw<GraphException>(() => Graph.Capture(Reads[name], X));
        error.Message.ShouldContain("reads elements of a tensor in C#");
        error.Message.ShouldContain("Tensor.Where");
        error.Line!.File!.ShouldEndWith("GraphRefusalTests.cs");
        error.Line.Number.ShouldBeGreaterThan(10);
        Here.Now.IsPlain.ShouldBeTrue();
        GraphCapture.Current.ShouldBeNull();
    }

    [Fact]
    public void Forward_mode_is_refused()
    {
        Should.Throw<GraphException>(() => Graph.Capture(a => Transforms.Jvp(b => b * b * b, a, Tensor.Ones(3)).Jvp, X)).Message
            .ShouldContain("tangent");
        Should.Throw<GraphException>(() => Graph.Capture(a => Transforms.Hessian(b => (b * b * b).Sum(), a), X)).Message
            .ShouldContain("tangent");
    }

    [Fact]
    public void A_refusal_that_is_caught_still_stops_the_capture()
    {
        Should.Throw<GraphException>(() => Graph.Capture(x =>
        {
            try { return x * x.Sum().Item(); }
            catch (GraphException) { return x; }
        }, X)).Message.ShouldContain("Item");
    }

    [Fact]
    public void A_write_from_outside_is_refused()
    {
        Tensor x = X;
        Should.Throw<GraphException>(() => Graph.Capture(() => { x.Write<float>(all => all[0] = 5); return x * 2; })).Message.ShouldContain(
            "Write");
        Should.Throw<GraphException>(() => Graph.Capture(() => { x.CopyFrom<float>([4, 5, 6]); return x * 2; })).Message.ShouldContain(
            "CopyFrom");
        x.ToArray<float>().ShouldBe([1f, 2f, 3f]);
    }

    [Fact]
    public void A_number_that_changes_between_two_calls_is_refused_and_the_way_out_works()
    {
        double lr = 0.1;
        GraphException error = Should.Throw<GraphException>(() => Graph.Capture(x => { lr *= 0.9; return x * lr; }, X));
        error.Message.ShouldContain("mul: the number 0.09");
        error.Message.ShouldContain("became 0.08");
        error.Message.ShouldContain("Graph.Number(() => …)");
        error.Line!.File!.ShouldEndWith("GraphRefusalTests.cs");

        double rate = 0.5;
        Tensor w = Tensor.From([1.0, 2.0]);
        Graph graph = Graph.Capture(() => (w * Graph.Number(() => rate), X * Graph.Number(() => rate)).Item1);
        GraphRun.Live(graph)[0].ToArray<double>().ShouldBe([0.5, 1.0]);
        rate = 0.1;
        GraphRun.Live(graph)[0].ToArray<double>().ShouldBe([0.1, 0.2]);
    }

    [Fact]
    public void An_attribute_that_changes_is_refused()
    {
        double slope = 0.1;
        Should.Throw<GraphException>(() => Graph.Capture(x => x.LeakyRelu(slope += 0.1), X))
            .Message.ShouldContain("leaky_relu: its negative_slope was 0.2 in one call of the function and 0.3");
    }

    [Fact]
    public void Data_that_changes_is_refused()
    {
        int call = 0;
        Should.Throw<GraphException>(() => Graph.Capture(x => x + Tensor.From([1f, 2f, call++]), X)).Message.ShouldContain(
            "add: its operand 2");
        var random = new Random();
        Should.Throw<GraphException>(() => Graph.Capture(x => x * random.NextDouble(), X)).Message.ShouldContain("the number");
    }

    [Fact]
    public void Another_way_through_the_function_is_refused()
    {
        int call = 0;
        Should.Throw<GraphException>(() => Graph.Capture(x => call++ % 2 == 0 ? x.Sin() : x.Cos(), X)).Message.ShouldContain(
            "sin: ran in one call of the function, cos");
        Should.Throw<GraphException>(() =>
            Graph.Capture(x => { for (int i = 0; i < call; i++) x = x.Sin(); call++; return x; }, X)).Message.ShouldContain(
                "operations ran");
    }

    [Fact]
    public void A_schedule_inside_is_refused_and_outside_it_works()
    {
        Tensor w = Tensor.From([1f], requiresGrad: true);
        var optimizer = new SGD([w], 0.1);
        Should.Throw<GraphException>(() => Graph.Capture(() =>
        {
            optimizer.ZeroGrad();
            (w * w).Sum().Backward();
            optimizer.Step();
            optimizer.ParamGroups[0].Lr *= 0.5;
        })).Message.ShouldContain("sets options of an optimizer");
        optimizer.ParamGroups[0].Lr.ShouldBe(0.1);
    }

    [Fact]
    public void Seeds_and_draws_in_CSharp_are_refused()
    {
        var generator = new Generator(1);
        Should.Throw<GraphException>(() =>
            Graph.Capture(x => { generator.ManualSeed(1); return x.RandLike(generator: generator); }, X)).Message.ShouldContain(
                "ManualSeed");
        Should.Throw<GraphException>(() => Graph.Capture(x => x * generator.NextDouble(), X)).Message.ShouldContain("NextDouble");
        Should.Throw<GraphException>(() => Graph.Capture(x => x.RandLike(generator: new Generator(1)), X)).Message.ShouldContain(
            "Make the generator outside");
    }

    [Fact]
    public void Another_thread_is_refused()
    {
        Should.Throw<GraphException>(() => Graph.Capture(x =>
        {
            Tensor y = x;
            var thread = new Thread(() => { try { y = x.Sin(); } catch (GraphException) { } });
            thread.Start();
            thread.Join();
            return y;
        }, X)).Message.ShouldContain("another thread");
    }

    [Fact]
    public void A_shape_that_depends_on_values_is_refused_when_it_is_another()
    {
        Graph graph = Graph.Capture(x => x.MaskedSelect(x > 1.5) * 2, X);
        GraphRun.Live(graph, X)[0].ToArray<float>().ShouldBe([4f, 6f]);
        Should.Throw<GraphException>(() => GraphRun.Live(graph, Tensor.From([2f, 2f, 2f]))).Message.ShouldContain("Tensor.Where");
    }

    [Fact]
    public void Arguments_of_another_shape_or_dtype_are_refused()
    {
        Graph graph = Graph.Capture(x => x * 2, X);
        Should.Throw<GraphException>(() => GraphRun.Live(graph, Tensor.Ones(4))).Message.ShouldContain("captured for Float32 [3]");
        Should.Throw<GraphException>(() => GraphRun.Live(graph, Tensor.Ones([3], DType.Float64)));
        Should.Throw<GraphException>(() => GraphRun.Live(graph));
        GraphRun.Live(graph, Tensor.Ones(3, 2).Select(1, 0))[0].ToArray<float>().ShouldBe([2f, 2f, 2f]);
    }

    [Fact]
    public void A_gradient_that_would_be_added_to_is_refused()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
        Graph graph = Graph.Capture(() => (w * w).Sum().Backward());
        w.Grad.ShouldBeNull();
        GraphRun.Live(graph);
        w.Grad!.ToArray<float>().ShouldBe([2f, 4f]);
        Should.Throw<GraphException>(() => GraphRun.Live(graph)).Message.ShouldContain("ZeroGrad");
        // Where there is one when it is captured, it is added to in every run.
        graph = Graph.Capture(() => (w * w).Sum().Backward());
        graph.Memories.Single(m => m.Role == GraphRole.Gradient).Name.ShouldBe("w.grad");
        w.Grad.ToArray<float>().ShouldBe([2f, 4f]);
        GraphRun.Live(graph);
        w.Grad.ToArray<float>().ShouldBe([4f, 8f]);
    }

    [Fact]
    public void An_error_of_the_function_leaves_no_trace()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true), buffer = Tensor.Zeros(2);
        Should.Throw<InvalidOperationException>(() => Graph.Capture(() =>
        {
            (w * w).Sum().Backward();
            buffer.AddInPlace(w.Grad!);
            throw new InvalidOperationException("mine");
        })).Message.ShouldBe("mine");
        w.Grad.ShouldBeNull();
        buffer.ToArray<float>().ShouldBe([0f, 0f]);
        Here.Now.IsPlain.ShouldBeTrue();
        GraphCapture.Current.ShouldBeNull();
    }

    [Fact]
    public void A_capture_within_a_capture_is_refused() =>
        Should.Throw<GraphException>(() => Graph.Capture(x => { Graph.Capture(y => y * 2, x); return x; }, X)).Message.ShouldContain(
            "captures another");

    [Fact]
    public void Arguments_in_one_memory_are_refused()
    {
        Tensor x = X;
        Should.Throw<GraphException>(() => Graph.Capture((a, b) => a * b, x, x)).Message.ShouldContain("0 and 1 lie in the same memory");
        Should.Throw<GraphException>(() => Graph.Capture((a, b) => a * b, x[..2], x[1..]));
        Graph.Capture((a, b) => a * b, x, x.Clone()).Operations.Count.ShouldBe(1);
    }

    [Fact]
    public void Draws_that_are_repeated_are_refused()
    {
        Tensor x = Tensor.From([2f, 3f], requiresGrad: true);
        Should.Throw<GraphException>(() => Graph.Capture(
            () => Autograd.Checkpoint(a => a.Exp() * Tensor.Rand(2), x).Sum().Backward())).Message.ShouldContain("draws random numbers");
        Graph.Capture(() => Autograd.Checkpoint(a => a.Exp() * a, x).Sum().Backward()).Operations.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_pass_that_frees_what_was_recorded_before_is_refused()
    {
        Tensor x = Tensor.From([2f, 3f], requiresGrad: true), y = (x * x).Sum();
        Should.Throw<GraphException>(() => Graph.Capture(() => y.Backward())).Message.ShouldContain("retainGraph: true");
        y.Backward();
        x.Grad!.ToArray<float>().ShouldBe([4f, 6f]);
    }

    [Fact]
    public async Task What_goes_on_after_a_capture_is_not_captured()
    {
        Tensor x = X;
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Tensor>? later = null;
        Graph graph = Graph.Capture(() =>
        {
            later = Later();
            return x * 2;
        });
        over.SetResult();
        (await later!).ToArray<float>().ShouldBe([3f, 6f, 9f]);
        graph.Operations.Count.ShouldBe(1);

        async Task<Tensor> Later()
        {
            await over.Task;
            return x * 3;
        }
    }
}
