using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>What goes wrong elsewhere when programs are captured: each must not here.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledTrapTests
{
    private static long s_number = 1;

    [Fact]
    public void Results_stay_what_they_are_when_it_runs_again()
    {
        var f = Compiled.Function((Tensor x) => (x * 2 + 1).Exp());
        Tensor first = f.Call(Tensor.From([1f, 2f])), kept = first.Clone(), second = f.Call(Tensor.From([3f, 4f]));
        GraphRunTests.Compare([first], [kept]);
        second.SharesStorageWith(first).ShouldBeFalse();
        second.RequiresGrad.ShouldBeFalse();
    }

    [Fact]
    public void Gradients_that_somebody_holds_stay_what_they_are()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
        var step = Compiled.Step((Tensor x) =>
        {
            w.Grad = null;
            (w * x).Square().Sum().Backward();
        });
        step.Call(Tensor.From([1f, 1f]));
        Tensor held = w.Grad!;
        float[] values = held.ToArray<float>();
        step.Call(Tensor.From([5f, 5f]));
        held.ToArray<float>().ShouldBe(values);
        w.Grad!.ToArray<float>().ShouldBe([50f, 100f]);
        step.Call(Tensor.From([1f, 1f]));
        step.Call(Tensor.From([1f, 1f]));
        w.Grad!.ToArray<float>().ShouldBe(values);
    }

    [Fact]
    public void Each_shape_dtype_and_layout_has_its_own_capture()
    {
        Func<Tensor, Tensor> eager = x => (x.T * 2).Sum(0).Tanh();
        var f = Compiled.Function(eager);
        Tensor[] all = [Tensor.Rand(3, 4), Tensor.Rand(4, 3), Tensor.Rand(4, 3).T, Tensor.Rand([3, 4], DType.Float64), Tensor.Rand(6, 4)[2..5]];
        for (int i = 0; i < 3; i++)
            foreach (Tensor x in all) GraphRunTests.Compare([f.Call(x)], [eager(x)]);
        f.Explain().ShouldStartWith("4 captured, 4 captures");
    }

    [Fact]
    public void Ragged_ends_have_the_same_bits()
    {
        Func<Tensor, Tensor, Tensor> eager = (x, y) => ((x + y) * x).Relu().Clamp(0.1, 2).Exp() / (y.Square() + 0.3);
        foreach (int size in (int[])[1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 65, 127, 1000, 1025, 4099, 70_001])
        {
            var f = Compiled.Function(eager);
            for (int i = 0; i < 2; i++)
            {
                Tensor x = Tensor.Randn(size), y = Tensor.Randn(size);
                GraphRunTests.Compare([f.Call(x, y)], [eager(x, y)]);
            }
        }
    }

    [Fact]
    public void Numbers_keep_all_their_digits()
    {
        Tensor x = Tensor.From([1.0 / 3, Math.PI]);
        Func<Tensor, Tensor> eager = x => x * 0.1 + 1.0 / 7 - x / 1.0000000000000002;
        var f = Compiled.Function(eager);
        for (int i = 0; i < 2; i++) GraphRunTests.Compare([f.Call(x)], [eager(x)]);
    }

    [Fact]
    public void Draws_go_on()
    {
        Func<Tensor, Tensor> f = x => x.Dropout(0.5) + Tensor.Randn(x.Shape);
        Tensor x = Tensor.Ones(40);
        Rng.ManualSeed(4);
        Tensor[] expected = [f(x), f(x), f(x)];
        Rng.ManualSeed(4);
        var compiled = Compiled.Function(f);
        GraphRunTests.Compare([compiled.Call(x), compiled.Call(x), compiled.Call(x)], expected);
    }

    [Fact]
    public void A_variable_that_changes_is_seen_before_the_run()
    {
        double factor = 2;
        Tensor y = Tensor.From([1f, 2f]);
        var f = Compiled.Function((Tensor x) => x * factor + y);
        Tensor x = Tensor.From([1f, 1f]);
        f.Call(x).ToArray<float>().ShouldBe([3f, 4f]);
        factor = 3;
        f.Call(x).ToArray<float>().ShouldBe([4f, 5f]);
        y = Tensor.From([5f, 6f]);
        f.Call(x).ToArray<float>().ShouldBe([8f, 9f]);
        y.MulInPlace(2);
        f.Call(x).ToArray<float>().ShouldBe([13f, 15f]);
        factor = 2;
        f.Call(x).ToArray<float>().ShouldBe([12f, 14f]);
    }

    [Fact]
    public void A_variable_that_always_changes_costs_no_capture_for_ever()
    {
        int i = 0;
        var f = Compiled.Function((Tensor x) => x * i);
        var counted = Compiled.Function((Tensor x) => i >= 0 ? x * 2 : x);
        Tensor x = Tensor.From([1f, 1f]);
        for (i = 0; i < 100; i++)
        {
            f.Call(x).ToArray<float>().ShouldBe([i, i]);
            counted.Call(x).ToArray<float>().ShouldBe([2f, 2f]);
        }
        f.Explain().ShouldContain("the variable i of the function holds something else");
        counted.Explain().ShouldContain("the variable i of the function holds something else");
    }

    [Fact]
    public void What_no_look_sees_a_verification_finds_loudly()
    {
        const string Name = "Adjoint.Tests.CompiledTrapTests";
        AppContext.SetData(Name, 1.0);
        var f = Compiled.Function((Tensor x) => x * (double)AppContext.GetData(Name)!, verify: 3);
        Tensor x = Tensor.From([1f, 1f]);
        f.Call(x);
        AppContext.SetData(Name, 2.0);
        f.Call(x);
        f.Call(x);
        Should.Throw<GraphException>(() => f.Call(x)).Message.ShouldContain("the number 1 became 2");
        f.Call(x).ToArray<float>().ShouldBe([2f, 2f]);
    }

    [Fact]
    public void A_static_field_is_seen()
    {
        s_number = 1;
        var f = Compiled.Function((Tensor x) => x * (double)s_number);
        Tensor x = Tensor.From([1f, 1f]);
        f.Call(x).ToArray<float>().ShouldBe([1f, 1f]);
        s_number = 2;
        f.Call(x).ToArray<float>().ShouldBe([2f, 2f]);
    }

    [Fact]
    public void A_number_may_be_an_argument()
    {
        var f = Compiled.Function((Tensor x, Tensor factor) => x * factor);
        Tensor x = Tensor.From([1.0, 2.0]);
        f.Call(x, 0.1).ToArray<double>().ShouldBe([0.1, 0.2]);
        f.Call(x, 0.3).ToArray<double>().ShouldBe([0.3, 0.6]);
        f.Call(x, 2).ToArray<double>().ShouldBe([2.0, 4.0]);
        f.Call(x, 3).ToArray<double>().ShouldBe([3.0, 6.0]);
        f.Explain().ShouldStartWith("1 captured");
    }

    [Fact]
    public void Modes_of_modules_hooks_and_flags_are_seen()
    {
        Rng.ManualSeed(1);
        var net = new Sequential(new Adjoint.Nn.Linear(3, 4), new BatchNorm1d(4), new Dropout(0.5));
        Func<Tensor, Tensor> eager = x => net.Call(x).Detach();
        var f = Compiled.Function(eager);
        Tensor x = Tensor.Rand(5, 3);
        for (int i = 0; i < 3; i++)
        {
            net.Train();
            f.Call(x);
            net.Eval();
            GraphRunTests.Compare([f.Call(x)], [eager(x)]);
        }
        f.Explain().ShouldStartWith("2 captured, 2 captures");
        int seen = 0;
        using (net[0].RegisterForwardHook((_, _, y) => { seen++; return null; }))
        {
            f.Call(x);
            f.Call(x);
        }
        seen.ShouldBeGreaterThanOrEqualTo(2);
        f.Explain().ShouldContain("has hooks");
        ((Adjoint.Nn.Linear)net[0]).Weight = Tensor.Ones(4, 3).AsParameter();
        GraphRunTests.Compare([f.Call(x)], [eager(x)]);
        net.Double();
        GraphRunTests.Compare([f.Call(x.To(DType.Float64))], [eager(x.To(DType.Float64))]);
    }

    [Fact]
    public void A_hook_on_a_leaf_is_called()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
        Action<Tensor> eager = x =>
        {
            w.Grad = null;
            (w * x).Sum().Backward();
        };
        var step = Compiled.Step(eager);
        Tensor x = Tensor.From([3f, 4f]);
        step.Call(x);
        int seen = 0;
        HookHandle hook = w.RegisterHook(g => { seen++; return g * 2; });
        step.Call(x);
        w.Grad!.ToArray<float>().ShouldBe([6f, 8f]);
        seen.ShouldBeGreaterThan(0);
        hook.Remove();
        step.Call(x);
        w.Grad!.ToArray<float>().ShouldBe([3f, 4f]);
        w.RequiresGrad = false;
        Should.Throw<AutogradException>(() => step.Call(x));
    }

    [Fact]
    public void Gradients_add_up_where_they_are_not_cleared()
    {
        Tensor a = Tensor.From([1f, 2f], requiresGrad: true), b = Tensor.From([1f, 2f], requiresGrad: true), x = Tensor.From([0.1f, 0.2f]);
        Action<Tensor> eager = x => (a * x).Exp().Sum().Backward();
        var step = Compiled.Step((Tensor x) => (b * x).Exp().Sum().Backward());
        for (int i = 0; i < 5; i++)
        {
            if (i == 3) (a.Grad, b.Grad) = (null, null);
            eager(x);
            step.Call(x);
            GraphRunTests.Compare([b.Grad!], [a.Grad!]);
        }
    }

    [Fact]
    public void Gradients_of_arguments_go_to_the_arguments()
    {
        Func<Tensor, Tensor> eager = x =>
        {
            Tensor y = x.Square().Sum();
            y.Backward();
            return y;
        };
        var step = Compiled.Step(eager);
        for (int i = 1; i < 4; i++)
        {
            Tensor x = Tensor.From([i, 2f * i], requiresGrad: true);
            step.Call(x);
            x.Grad!.ToArray<float>().ShouldBe([2f * i, 4f * i]);
            step.Call(x);
            x.Grad!.ToArray<float>().ShouldBe([4f * i, 8f * i]);
        }
    }

    [Fact]
    public void A_parameter_is_stepped_as_often_as_the_function_steps_it()
    {
        foreach (int withGradient in (int[])[1, 2, 3])
            foreach (bool shared in (bool[])[false, true])
            {
                // Two steps in a row, where some have no gradient; a backward pass that adds; a second optimizer of the same parameters.
                (Tensor[] Own, Action Step, Func<string> Explain) Made(bool compiled)
                {
                    Tensor[] w = [.. Enumerable.Range(1, 3).Select(i => Tensor.From([i, 0.5f * i], requiresGrad: true))];
                    var opt = new Adam(w, lr: 0.1);
                    var other = new SGD(w, lr: 0.1, momentum: 0.9);
                    for (int i = 0; i < withGradient; i++) w[i].Grad = Tensor.From([0.5f + i, -1f]);
                    Action eager = () =>
                    {
                        opt.Step();
                        opt.Step();
                        w[0].Square().Sum().Backward();
                        if (shared) other.Step();
                        opt.Step();
                    };
                    if (!compiled) return (w, eager, () => "");
                    var step = Compiled.Step(eager);
                    return (w, step.Call, step.Explain);
                }

                (Tensor[] expected, Action one, _) = Made(false);
                (Tensor[] actual, Action two, Func<string> explain) = Made(true);
                for (int i = 0; i < 6; i++)
                {
                    one();
                    two();
                }
                explain().ShouldNotContain("as it is");
                for (int i = 0; i < 3; i++)
                {
                    actual[i].ToArray<float>().ShouldBe(expected[i].ToArray<float>(), $"{withGradient} {shared} {i}");
                    (actual[i].Grad is null).ShouldBe(expected[i].Grad is null);
                    actual[i].Grad?.ToArray<float>().ShouldBe(expected[i].Grad!.ToArray<float>());
                }
            }
    }

    [Fact]
    public void What_an_optimizer_remembers_stays_the_object_that_was_asked_for()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
        var opt = new Adam([w], lr: 0.1);
        w.Grad = Tensor.From([1f, -1f]);
        opt.Step();
        OptimizerState asked = opt.StateDict();
        var step = Compiled.Step(() => opt.Step());
        for (int i = 2; i < 6; i++)
        {
            step.Call();
            asked.State[0]["step"].ShouldBe((double)i);
            ReferenceEquals(asked.State[0]["exp_avg"], opt.StateDict().State[0]["exp_avg"]).ShouldBeTrue();
        }
        step.Explain().ShouldNotContain("as it is");
    }

    [Fact]
    public void Results_with_a_history_keep_it_or_are_refused()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true), x = Tensor.From([3f, 4f]);
        var f = Compiled.Function((Tensor x) => (w * x).Sum());
        f.Call(x).Backward();
        w.Grad!.ToArray<float>().ShouldBe([3f, 4f]);
        f.Explain().ShouldContain("a history");
        using (Autograd.NoGrad()) f.Call(x).Item().ShouldBe(11);
        using (Autograd.InferenceMode()) f.Call(x).Item().ShouldBe(11);
        Should.Throw<GraphException>(() => Compiled.Step((Tensor x) => (w * x).Sum()).Call(x)).Message.ShouldContain("Backward");
    }

    [Fact]
    public void Derivatives_of_what_is_compiled_go_through_the_function()
    {
        Func<Tensor, Tensor> eager = x => (x * x * x).Sum();
        var f = Compiled.Function(eager);
        Tensor x = Tensor.From([1.0, 2.0]);
        f.Call(x).Item().ShouldBe(9);
        Transforms.Jvp(f.Call, x, Tensor.From([1.0, 0.0])).Jvp.Item().ShouldBe(3);
        Transforms.Hessian(f.Call, x).ToArray<double>().ShouldBe([6.0, 0, 0, 12]);
        f.Explain().ShouldContain("tangents");
    }

    [Fact]
    public void What_cannot_be_captured_is_refused_or_called_as_it_is()
    {
        Func<Tensor, Tensor> f = x => x.Sum().Item() > 0 ? x : -x;
        Tensor x = Tensor.From([-1f, -2f]);
        Should.Throw<GraphException>(() => Compiled.Function(f).Call(x)).Message.ShouldContain("Item");
        var compiled = Compiled.Function(f, fallback: true);
        for (int i = 0; i < 3; i++) compiled.Call(x).ToArray<float>().ShouldBe([1f, 2f]);
        compiled.Explain().ShouldContain("3 calls of the function as it is");
        compiled.Explain().ShouldContain("Item");
    }

    [Fact]
    public void An_argument_that_the_function_also_holds_is_one_thing()
    {
        Tensor w = Tensor.From([1f, 2f]);
        Func<Tensor, Tensor> eager = x =>
        {
            w.MulInPlace(2);
            return x + w;
        };
        var f = Compiled.Function(eager);
        f.Call(Tensor.From([1f, 1f])).ToArray<float>().ShouldBe([3f, 5f]);
        f.Call(w).ToArray<float>().ShouldBe([8f, 16f]);
        f.Call(w[..]).ToArray<float>().ShouldBe([16f, 32f]);
    }

    [Fact]
    public void An_argument_is_changed_in_place()
    {
        var f = Compiled.Function((Tensor x) => x.T.AddInPlace(1));
        foreach (Tensor x in (Tensor[])[Tensor.Zeros(2, 3), Tensor.Zeros(2, 3), Tensor.Zeros(4, 3)[1..3]])
        {
            Tensor y = f.Call(x);
            x.ToArray<float>().ShouldBe([1f, 1, 1, 1, 1, 1]);
            y.SharesStorageWith(x).ShouldBeTrue();
        }
    }
}
