namespace Adjoint.Tests.Modes;

/// <summary>Modes of a user's own: what they see, in what order, what they may replace, and where they end.</summary>
public class OpModeTests
{
    [Fact]
    public void A_mode_sees_the_operations_forward_and_backward_with_inputs_and_attributes()
    {
        Tensor x = Tensor.From([1f, 2f], requiresGrad: true);
        var calls = new List<OpCall>();
        using (new Watching(calls).Enter())
        {
            Tensor y = x.LeakyRelu(0.2);
            y.Sum().Backward();
        }
        calls.Select(call => call.Name)
            .ShouldBe(["leaky_relu", "sum", "full", "expand", "leaky_relu_backward", "clone"], ignoreOrder: true);
        OpCall first = calls[0];
        first.Inputs[0].ShouldBeSameAs(x);
        first.Attributes["negative_slope"].ShouldBe(0.2);
        first.IsInPlace.ShouldBeFalse();
        x.Grad!.ToArray<float>().ShouldBe([1f, 1f]);
    }

    [Fact]
    public void A_mode_may_replace_results()
    {
        Tensor x = Tensor.From([1f, 2f], requiresGrad: true);
        using (new Doubling("exp").Enter())
        {
            Tensor y = x.Exp();
            y.ToArray<float>().ShouldBe([2 * MathF.Exp(1), 2 * MathF.Exp(2)], tolerance: 1e-5f);
            // What stands in the place of a result has its own history.
            y.Sum().Backward();
        }
        x.Grad!.ToArray<float>().ShouldBe([2 * MathF.Exp(1), 2 * MathF.Exp(2)], tolerance: 1e-5f);
    }

    [Fact]
    public void A_call_may_be_run_on_other_tensors()
    {
        Tensor other = Tensor.From([5f]);
        using (new Replacing(call => call.Name == "add" ? call.With(call.Inputs[0], other).Run() : call.Run()).Enter())
            (Tensor.From([1f]) + Tensor.From([1f])).ToArray<float>().ShouldBe([6f]);
    }

    public static MatrixTheoryData<ModeLayer, ModeLayer> Pairs => new(Enum.GetValues<ModeLayer>(), Enum.GetValues<ModeLayer>());

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Modes_stand_in_the_order_of_their_layers_whichever_is_entered_first(ModeLayer first, ModeLayer second)
    {
        var log = new List<string>();
        using (new Logging("first", first, log).Enter())
        using (new Logging("second", second, log).Enter())
            Tensor.Ones(2).Exp();
        string[] outsideIn = first < second ? ["first", "second"] : ["second", "first"];
        log.Where(entry => entry.EndsWith("exp")).ShouldBe([$"{outsideIn[0]} exp", $"{outsideIn[1]} exp"]);
    }

    public static MatrixTheoryData<string, string> OwnPairs =>
        new(["nan", "profile", "own", "tangents", "no grad"], ["nan", "profile", "own", "tangents", "no grad"]);

    [Theory]
    [MemberData(nameof(OwnPairs))]
    public void All_pairs_of_modes_nest(string outer, string inner)
    {
        Tensor x = Tensor.From([0.5, 1.5]);
        Tensor expected = x.Sin() * x;
        using (Enter(outer))
        using (Enter(inner))
            (x.Sin() * x).ToArray<double>().ShouldBe(expected.ToArray<double>());
        Here.Now.IsPlain.ShouldBeTrue();

        static IDisposable Enter(string mode) => mode switch
        {
            "nan" => Autograd.CheckNaN(),
            "profile" => Autograd.Profile(),
            "own" => new Watching([]).Enter(),
            "tangents" => ForwardAD.EnterDualLevel(),
            _ => Autograd.NoGrad(),
        };
    }

    [Fact]
    public void A_mode_is_off_for_its_own_work_and_on_again_after_it()
    {
        int depth = 0, deepest = 0, calls = 0;
        using (new Replacing(call =>
        {
            calls++;
            deepest = Math.Max(deepest, ++depth);
            Tensor.Ones(2).Exp();
            IReadOnlyList<Tensor?> results = call.Run();
            depth--;
            return results;
        }).Enter())
        {
            Tensor.Ones(2).Sin();
            Tensor.Ones(2).Cos();
        }
        deepest.ShouldBe(1);
        calls.ShouldBe(4);
    }

    [Fact]
    public void Tangents_and_history_are_further_in_than_modes()
    {
        Tensor x = Tensor.From([0.3], requiresGrad: true);
        var calls = new List<OpCall>();
        using (new Watching(calls).Enter())
        using (ForwardAD.EnterDualLevel())
        {
            Tensor y = ForwardAD.MakeDual(x, Tensor.From([1.0])).Sin();
            y.GradFn!.Name.ShouldBe("SinBackward0");
            ForwardAD.UnpackDual(y).Tangent!.Item().ShouldBe(Math.Cos(0.3), 1e-15);
        }
        calls.Count(call => call.Name == "sin").ShouldBe(1);
    }

    [Fact]
    public async Task A_mode_goes_with_the_code_and_ends_with_its_scope()
    {
        var calls = new List<OpCall>();
        Task<Tensor> later;
        using (new Watching(calls).Enter())
        {
            await Task.Yield();
            later = Task.Run(() => Tensor.Ones(2).Exp(), TestContext.Current.CancellationToken);
            await later;
        }
        int seen = calls.Count;
        seen.ShouldBeGreaterThan(0);
        Tensor.Ones(2).Exp();
        await Task.Run(() => Tensor.Ones(2).Exp(), TestContext.Current.CancellationToken);
        calls.Count.ShouldBe(seen);
    }

    [Fact]
    public void An_error_in_a_mode_or_below_it_leaves_the_modes_as_they_were()
    {
        using (new Replacing(call => call.Name == "exp" ? throw new InvalidOperationException("mine") : call.Run()).Enter())
        {
            Should.Throw<InvalidOperationException>(() => Tensor.Ones(2).Exp()).Message.ShouldBe("mine");
            Should.Throw<ShapeException>(() => Tensor.Ones(2) + Tensor.Ones(3));
            Tensor.Ones(2).Sin().ShouldNotBeNull();
            Should.Throw<InvalidOperationException>(() => Tensor.Ones(2).Exp());
        }
        Here.Now.IsPlain.ShouldBeTrue();
    }

    [Fact]
    public void What_a_mode_returns_is_checked()
    {
        using (new Replacing(_ => null!).Enter())
            Should.Throw<AutogradException>(() => Tensor.Ones(2)).Message.ShouldContain("Replacing returned no result");
        Tensor x = Tensor.Ones(2);
        using (new Replacing(call => call.IsInPlace ? [Tensor.Ones(2)] : call.Run()).Enter())
            Should.Throw<AutogradException>(() => x.ExpInPlace()).Message.ShouldContain("exp_");
        using (new Replacing(call => [.. call.Run(), null]).Enter())
            Should.Throw<AutogradException>(() => Tensor.Ones(2)).Message.ShouldContain("2 results");
    }

    [Fact]
    public void The_inputs_of_a_call_are_checked()
    {
        OpCall? call = null;
        using (new Replacing(c => (call = c).Run()).Enter()) _ = Tensor.Ones(2) + Tensor.Ones(2);
        Should.Throw<ArgumentException>(() => call!.With(Tensor.Ones(2))).ParamName.ShouldBe("inputs");
        Should.Throw<ArgumentException>(() => call!.With(Tensor.Ones(2), null)).ParamName.ShouldBe("inputs");
        Should.Throw<ArgumentNullException>(() => call!.With(null!));
        call!.With(Tensor.Ones(2), Tensor.Ones(2)).Run()[0]!.ToArray<float>().ShouldBe([2f, 2f]);
        Should.Throw<ArgumentOutOfRangeException>(() => new Logging("", (ModeLayer)9, [])).ParamName.ShouldBe("layer");
    }

    [Fact]
    public void What_is_shown_of_an_operation_cannot_change_it()
    {
        Tensor x = Tensor.Ones([2, 3], requiresGrad: true), other = Tensor.Zeros(2, 3);
        Tensor y = x.Sum([1]);
        ((int[])y.GradFn!.Saved["dim"]!)[0] = 0;
        y.Backward(Tensor.From([1f, 2f]));
        x.Grad!.ToArray<float>().ShouldBe([1f, 1f, 1f, 2f, 2f, 2f]);
        using (new Replacing(call =>
        {
            if (call.Attributes.GetValueOrDefault("dim") is int[] dims) dims[0] = 0;
            Should.Throw<NotSupportedException>(() => ((IList<Tensor?>)call.Inputs)[0] = other);
            return call.Run();
        }).Enter())
            x.Detach().Sum([1]).ToArray<float>().ShouldBe([3f, 3f]);
    }

    [Fact]
    public void What_a_mode_keeps_stays_what_it_was()
    {
        var kept = new List<(Tensor Tensor, double[] Values)>();
        Tensor w = Tensor.Linspace(0, 1, 3000, requiresGrad: true);
        using (new Replacing(call =>
        {
            IReadOnlyList<Tensor?> results = call.Run();
            if (!call.IsInPlace && results[0] is { } y) kept.Add((y, y.Detach().ToArray<double>()));
            return results;
        }).Enter())
        {
            for (int i = 0; i < 3; i++)
            {
                (w.Exp() * w.Sin() + w.Tanh() * w).Sum().Backward();
                w.DropGrad();
            }
        }
        for (int i = 0; i < 50; i++) (w.Exp() * w.Sin()).Sum().Backward();
        foreach ((Tensor tensor, double[] values) in kept) tensor.Detach().ToArray<double>().ShouldBe(values);
    }

    private sealed class Watching(List<OpCall> calls) : OpMode
    {
        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            lock (calls) calls.Add(call);
            return call.Run();
        }
    }

    private sealed class Logging(string name, ModeLayer layer, List<string> log) : OpMode(layer)
    {
        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            log.Add($"{name} {call.Name}");
            return call.Run();
        }
    }

    private sealed class Doubling(string operation) : OpMode
    {
        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            IReadOnlyList<Tensor?> results = call.Run();
            return call.Name == operation ? [results[0]! * 2] : results;
        }
    }

    private sealed class Replacing(Func<OpCall, IReadOnlyList<Tensor?>> run) : OpMode
    {
        protected override IReadOnlyList<Tensor?> Run(OpCall call) => run(call);
    }
}
