using System.Runtime.CompilerServices;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Tests.Graphs;

/// <summary>
/// What cannot be captured is refused with the line of the user's code that is in the way, and with what to do instead; and the way out
/// that is named works. After a refusal everything is as it was before.
/// </summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphWayOutTests
{
    private static readonly Random s_random = new(1);

    private static Tensor X => Tensor.From([1f, 2f, 3f], requiresGrad: true);

    /// <summary>A function that is refused, what the refusal says, its line, and the same as the refusal would have it.</summary>
    private sealed record Refused(Func<Tensor, Tensor> F, string Says, int Line, Func<Tensor, Tensor>? Instead = null);

    private static Refused At(
        Func<Tensor, Tensor> f, string says, Func<Tensor, Tensor>? instead = null, [CallerLineNumber] int line = 0) =>
        new(f, says, line, instead);

    private static Dictionary<string, Refused> All
    {
        get
        {
            int calls = 0;
            double rate = 0.1;
            var generator = new Generator(1);
            var w = Tensor.From([1f], requiresGrad: true);
            var optimizer = new SGD([w], 0.1);
            var scheduler = new StepLR(optimizer, 1);
            Tensor outer = X.Sin();
            return new()
            {
                ["a number is read"] = At(x => x * x.Sum().Item(), "Tensor.Where", x => x * x.Sum()),
                ["elements are read"] = At(x => x * x.ToArray<float>()[1], "Tensor.Where", x => x * x[1]),
                ["a span is read"] = At(x => x * x.AsSpan<float>()[1], "Tensor.Where", x => x * x[1]),
                ["an if on a value"] = At(x => (bool)(x.Sum() > 2) ? x : -x, "Tensor.Where", x => Tensor.Where(x.Sum() > 2, x, -x)),
                ["a loop on a value"] = At(x => { while ((double)x.Sum() > 1) x = x * 0.5; return x; }, "Tensor.Where"),
                ["a comparison in C#"] = At(x => x.AllClose(x * 1) ? x : -x, "Tensor.Where"),
                ["printing"] = At(x => { _ = $"{x}"; return x; }, "Tensor.Where"),
                ["a number that changes"] = At(x => x * (rate *= 0.5), "Graph.Number(() => ", x => x * Graph.Number(() => rate)),
                ["a random number of C#"] = At(x => x * s_random.NextDouble(), "Graph.Number", x => x * Tensor.Rand([1])),
                ["a random number of a generator"] = At(x => x * generator.NextDouble(), "NextDouble",
                    x => x * Tensor.Rand([1], generator: generator)),
                ["an attribute that changes"] = At(x => x.LeakyRelu(0.1 + 0.1 * calls++), "argument"),
                ["a shape that changes"] = At(x => x.Expand(++calls % 2 + 2, 3), "in one call of the function"),
                ["data that changes"] = At(x => x + Tensor.From([1f, 2f, calls++]), "argument"),
                ["an if on a counter"] = At(x => calls++ % 2 == 0 ? x.Sin() : x.Cos(), "Tensor.Where"),
                ["a loop over a counter"] = At(x => { for (int i = 0; i < calls; i++) x = x.Sin(); calls++; return x; }, "if or a loop"),
                ["a generator made anew"] = At(x => x * x.RandLike(generator: new Generator(1)), "outside",
                    x => x * x.RandLike(generator: generator)),
                ["a seed"] = At(x => { generator.ManualSeed(1); return x * x.RandLike(generator: generator); }, "ManualSeed"),
                ["a schedule"] = At(x => { scheduler.Step(); return x * 2; }, "outside", x => x * 2),
                ["an option that is set"] = At(x => { optimizer.ParamGroups[0].Lr *= 0.5; optimizer.Step(); return x; }, "outside"),
                ["an optimizer made anew"] = At(x => { w.Sum().Backward(); new SGD([w], 0.1).Step(); return x; }, "outside"),
                ["another thread"] = At(x => InThread(() => x.Sin()), "same thread", x => x.Sin()),
                ["a capture inside"] = At(x => { Graph.Capture(y => y * 2, x.Detach()); return x; }, "before", x => x * 2),
                ["forward mode"] = At(x => Transforms.Jvp(b => b * b * b, x, Tensor.Ones(3)).Jvp, "Backward in the capture"),
                ["a write in C#"] = At(x => { Tensor y = x.Detach() * 1; y.Write<float>(all => all[0] = 1); return y * 2; }, "",
                    x => x * 2),
                ["a pass through the past"] = At(x => { outer.Sum().Backward(); return x; }, "retainGraph: true",
                    x => { outer.Sum().Backward(retainGraph: true); return x; }),
            };
        }
    }

    private static Tensor InThread(Func<Tensor> f)
    {
        Tensor? y = null;
        Exception? error = null;
        var thread = new Thread(() => { try { y = f(); } catch (GraphException e) { error = e; } });
        thread.Start();
        thread.Join();
        return y ?? throw error!;
    }

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_refusal_names_the_line_and_the_way_out_works(string name)
    {
        Refused refused = All[name];
        GraphException error = Should.Throw<GraphException>(() => Graph.Capture(refused.F, X));
        error.Message.ShouldContain(refused.Says);
        error.Line.ShouldNotBeNull(error.Message);
        error.Line.File!.ShouldEndWith("GraphWayOutTests.cs", Case.Sensitive, error.Message);
        error.Line.Number.ShouldBe(refused.Line, error.Message);
        error.Message.ShouldContain($"GraphWayOutTests.cs:{refused.Line}");
        GraphCapture.Current.ShouldBeNull();
        Here.Now.IsPlain.ShouldBeTrue();
        if (refused.Instead is { } instead) Graph.Capture(instead, X).Operations.ShouldNotBeNull();
    }

    [Fact]
    public void There_are_more_than_twenty() => All.Count.ShouldBeGreaterThan(20);

    [Fact]
    public void An_exception_of_the_function_is_its_own_and_the_next_capture_works()
    {
        Tensor x = X;
        Should.Throw<FormatException>(() => Graph.Capture(y => throw new FormatException("mine"), x)).Message.ShouldBe("mine");
        Should.Throw<ShapeException>(() => Graph.Capture(y => y.MatMul(Tensor.Ones(4)), x));
        Graph.Capture(y => y * 2, x).Operations.Count.ShouldBe(1);
    }
}
