using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>What changes between calls, beside the elements of tensors: a run never goes on with what was.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledGuardTests
{
    private class Base
    {
        private double _rate = 1;

        internal double Rate() => _rate;

        internal void Set(double rate) => _rate = rate;
    }

    private sealed class Derived : Base
    {
        internal Tensor Times(Tensor x) => x * Rate();
    }

    private record Options(double Rate);

    private struct Pair
    {
        internal double First;
        internal (int Count, double? Maybe) Second;
    }

    private sealed class Node(double value)
    {
        internal Node? Next { get; set; }

        internal double Value { get; set; } = value;
    }

    private static double s_rate;

    [Fact]
    public void A_tensor_that_becomes_a_view_of_the_argument_is_read_where_it_is()
    {
        Tensor whole = Tensor.Arange(40f).Reshape(10, 4), held = Tensor.Ones(4);
        Func<Tensor, Tensor> eager = x => x * 2 + held;
        var f = Compiled.Function(eager);
        f.Call(Tensor.Ones(4));
        held = whole[9];
        for (int i = 0; i < 3; i++)
        {
            GraphRunTests.Compare([f.Call(whole[0])], [eager(whole[0])]);
            Tensor other = Tensor.Rand(4);
            GraphRunTests.Compare([f.Call(other)], [eager(other)]);
            GraphRunTests.Compare([f.Call(whole[8])], [eager(whole[8])]);
        }
        f.Explain().ShouldContain("memory that the function also holds");
    }

    [Fact]
    public void A_tensor_that_nobody_can_see_and_that_is_a_view_of_the_argument()
    {
        // In a collection of the framework that is not looked into.
        var hidden = new System.Threading.ThreadLocal<Tensor>(() => null!) { Value = Tensor.Ones(4) };
        Tensor whole = Tensor.Arange(4000f).Reshape(1000, 4);
        hidden.Value = whole[999];
        Func<Tensor, Tensor> eager = x => x + hidden.Value!;
        var f = Compiled.Function(eager);
        GraphRunTests.Compare([f.Call(whole[0])], [eager(whole[0])]);
        Tensor small = Tensor.Ones(4);
        GraphRunTests.Compare([f.Call(small)], [eager(small)]);
        GraphRunTests.Compare([f.Call(whole[1])], [eager(whole[1])]);
    }

    [Fact]
    public void Nothing_is_read_beside_the_memory_of_an_argument()
    {
        Func<Tensor, Tensor> eager = x => x.AsStrided([2], [2], x.StorageOffset + 2);
        var f = Compiled.Function((Tensor x) => eager(x) * 1);
        Tensor whole = Tensor.Arange(8f);
        f.Call(whole[..2]).ToArray<float>().ShouldBe([2f, 4f]);
        f.Call(whole[2..4]).ToArray<float>().ShouldBe([4f, 6f]);
        string? message = null;
        try
        {
            eager(Tensor.Arange(2f));
        }
        catch (Exception e)
        {
            message = e.GetType().Name;
        }
        message.ShouldNotBeNull();
        Should.Throw<Exception>(() => f.Call(Tensor.Arange(2f))).GetType().Name.ShouldBe(message);
        Should.Throw<Exception>(() => f.Call(whole[6..])).GetType().Name.ShouldBe(message);
    }

    [Fact]
    public void A_variable_that_did_not_matter_matters_later()
    {
        int epoch = 0;
        var f = Compiled.Function((Tensor x) => epoch >= 3 ? x * 10 : x * 2);
        Tensor x = Tensor.Ones(2);
        for (epoch = 0; epoch < 6; epoch++) f.Call(x).ToArray<float>()[0].ShouldBe(epoch >= 3 ? 10 : 2);
    }

    [Fact]
    public void Another_optimizer_steps()
    {
        string[] states = Twice(isCompiled =>
        {
            Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
            Optimizer optimizer = new SGD([w], 0.1, momentum: 0.9);
            Action step = () =>
            {
                optimizer.ZeroGrad();
                w.Square().Sum().Backward();
                optimizer.Step();
            };
            if (isCompiled) step = Compiled.Step(step).Call;
            for (int i = 0; i < 3; i++) step();
            optimizer = new SGD([w], 0.1, momentum: 0.9);
            for (int i = 0; i < 3; i++) step();
            optimizer = new Adam([w], 0.1);
            for (int i = 0; i < 3; i++) step();
            return Text(w, w.Grad!);
        });
        states[1].ShouldBe(states[0]);
    }

    [Fact]
    public void Gradients_that_are_there_later_are_stepped_along_and_cleared()
    {
        string[] states = Twice(isCompiled =>
        {
            Tensor w = Tensor.From([1f, 2f], requiresGrad: true), v = Tensor.From([3f], requiresGrad: true);
            var optimizer = new SGD([w, v], 0.1);
            Action step = () =>
            {
                w.Grad = null;
                w.Square().Sum().Backward();
                optimizer.Step();
            };
            Action clears = () => optimizer.ZeroGrad();
            if (isCompiled) (step, clears) = (Compiled.Step(step).Call, Compiled.Step(clears).Call);
            step();
            clears();
            step();
            v.Grad = Tensor.From([1f]);
            step();
            step();
            v.Grad = null;
            step();
            v.Grad = Tensor.From([1f]);
            clears();
            string left = $"{w.Grad is null} {v.Grad is null}";
            step();
            return left + Text(w, v);
        });
        states[1].ShouldBe(states[0]);
        states[0].ShouldStartWith("True True");
    }

    [Fact]
    public void Parameters_that_are_added_are_stepped()
    {
        string[] states = Twice(isCompiled =>
        {
            Tensor w = Tensor.From([1f, 2f], requiresGrad: true), v = Tensor.From([3f, 1f], requiresGrad: true);
            var optimizer = new SGD([w], 0.1);
            Action step = () =>
            {
                optimizer.ZeroGrad();
                (w * v).Square().Sum().Backward();
                optimizer.Step();
            };
            if (isCompiled) step = Compiled.Step(step).Call;
            step();
            step();
            optimizer.AddParamGroup(new ParamGroup([v]));
            step();
            step();
            return Text(w, v);
        });
        states[1].ShouldBe(states[0]);
    }

    [Fact]
    public void What_is_made_of_numbers_is_new_in_every_run()
    {
        var f = Compiled.Function((Tensor x) => Tensor.From([1f, 2f]).AddInPlace(x));
        var g = Compiled.Function(() => Tensor.From([1f, 2f]));
        var h = Compiled.FunctionOfList(x =>
        {
            Tensor made = Tensor.From([1f, 2f]);
            return [x[0] * made, made];
        });
        Tensor x = Tensor.Ones(2);
        for (int i = 0; i < 3; i++)
        {
            f.Call(x).ToArray<float>().ShouldBe([2f, 3f]);
            Tensor one = g.Call();
            one.ToArray<float>().ShouldBe([1f, 2f]);
            one.MulInPlace(5);
            h.Call([x])[1].AddInPlace(1).ToArray<float>().ShouldBe([2f, 3f]);
        }
    }

    [Fact]
    public void An_optimizer_that_the_function_makes_is_new_in_every_run()
    {
        Func<Tensor, Tensor> eager = x =>
        {
            Tensor w = Tensor.Ones(2).RequiresGradInPlace();
            var optimizer = new SGD([w], 0.1, momentum: 0.9);
            for (int i = 0; i < 2; i++)
            {
                optimizer.ZeroGrad();
                (w * x).Square().Sum().Backward();
                optimizer.Step();
            }
            return w.Detach();
        };
        var f = Compiled.Function(eager, fallback: true);
        Tensor x = Tensor.From([1f, 3f]);
        for (int i = 0; i < 4; i++) GraphRunTests.Compare([f.Call(x)], [eager(x)]);
    }

    [Fact]
    public void Modules_that_are_not_called_but_asked_are_looked_at()
    {
        string[] states = Twice(isCompiled =>
        {
            Rng.ManualSeed(3);
            var net = new Sequential(new Adjoint.Nn.Linear(2, 2));
            var other = new Dropout(0.5);
            Func<Tensor, Tensor> f = x =>
            {
                Tensor y = x.MatMul(((Adjoint.Nn.Linear)net[0]).Weight.Detach().T) * net.Count;
                foreach (Tensor p in net.Parameters())
                    if (p.RequiresGrad) y += p.Detach().Sum();
                return other.Training ? y * 2 : y;
            };
            if (isCompiled) f = Compiled.Function(f).Call;
            Tensor x = Tensor.Ones(1, 2);
            List<Tensor> all = [f(x), f(x)];
            net.Append(new Adjoint.Nn.Linear(2, 3));
            all.Add(f(x));
            other.Eval();
            all.Add(f(x));
            net.Parameters().First().RequiresGrad = false;
            all.Add(f(x));
            ((Adjoint.Nn.Linear)net[0]).Weight = Tensor.Ones(2, 2).AsParameter();
            all.Add(f(x));
            return Text([.. all]);
        });
        states[1].ShouldBe(states[0]);
    }

    [Fact]
    public void Whatever_a_variable_holds_is_looked_at()
    {
        decimal number = 1;
        int? maybe = null;
        double? half = 0.5;
        (double A, int B) tuple = (1, 2);
        var options = new Options(1);
        Pair pair = default;
        var derived = new Derived();
        var node = new Node(1);
        for (Node at = node; at.Value < 6; at = at.Next!) at.Next = new Node(at.Value + 1);
        Tensor[] row = [Tensor.Ones(1), Tensor.Ones(1)];
        List<Tensor> list = [Tensor.Ones(1)];
        Dictionary<string, double> named = new() { ["a"] = 1 };
        double[] numbers = [1, 2];
        double[,] table = { { 1, 2 }, { 3, 4 } };
        Func<Tensor, Tensor> inner = x => x * 2;
        object boxed = 1.0;
        Lazy<double> lazy = new(1.0);
        HashSet<int> set = [1];
        s_rate = 1;
        Func<Tensor, Tensor> eager = x =>
        {
            Tensor y = x * (double)number + (maybe ?? 7) + (half ?? 3) + tuple.A * tuple.B + options.Rate + pair.First;
            y += pair.Second.Maybe ?? 1;
            y = derived.Times(y) + node.Next!.Next!.Next!.Next!.Next!.Value + row[1] + list[0] * list.Count + named["a"];
            return inner(y) + numbers[1] + table[1, 0] + (double)boxed + s_rate + set.Count + lazy.Value + pair.Second.Count;
        };
        var f = Compiled.Function(eager);
        Tensor x = Tensor.Ones(1);
        Action[] changes =
        [
            () => number = 2.5m, () => maybe = 3, () => half = null, () => tuple.B = 5, () => tuple = (2, 5), () => options = new Options(4),
            () => options = options with { Rate = 3 }, () => pair.First = 9, () => pair.Second.Maybe = 4, () => pair.Second = (3, -0.0),
            () => derived.Set(3), () => node.Next!.Next!.Next!.Next!.Next!.Value = 11, () => row[1] = Tensor.From([4f]),
            () => list[0] = Tensor.From([3f]), () => list.Add(Tensor.From([1f])), () => named["a"] = 5, () => numbers[1] = 8, () => table[1, 0] = 12,
            () => { double factor = 3; inner = x => x * factor; }, () => boxed = 5.0, () => s_rate = 2, () => set.Add(4),
            () => lazy = new Lazy<double>(6.0),
        ];
        GraphRunTests.Compare([f.Call(x)], [eager(x)]);
        foreach (Action change in changes)
        {
            change();
            GraphRunTests.Compare([f.Call(x)], [eager(x)]);
        }
        f.Explain().ShouldNotContain("as it is");
    }

    [Fact]
    public void What_the_function_does_not_read_is_not_looked_at()
    {
        int calls = 0;
        List<double> losses = [];
        float[] many = new float[1_000_000];
        Tensor w = Tensor.Ones(2);
        Action log = () => losses.Add(calls + many[0]);
        var f = Compiled.Function((Tensor x) => x * w);
        Tensor x = Tensor.Ones(2);
        for (int i = 0; i < 50; i++)
        {
            f.Call(x);
            calls++;
            log();
        }
        f.Explain().ShouldStartWith("1 captured, 1 captures in all");
    }

    [Fact]
    public void What_is_too_much_to_be_looked_at_has_the_function_called()
    {
        float[] many = new float[100_000];
        var f = Compiled.Function((Tensor x) => x * many[5]);
        Tensor x = Tensor.Ones(2);
        many[5] = 2;
        f.Call(x).ToArray<float>().ShouldBe([2f, 2f]);
        many[5] = 3;
        f.Call(x).ToArray<float>().ShouldBe([3f, 3f]);
        f.Explain().ShouldContain("100,000 numbers");
    }

    [Fact]
    public void What_the_function_does_to_its_variables_it_does_in_every_call()
    {
        int calls = 0;
        List<Tensor> seen = [];
        Tensor? last = null;
        var f = Compiled.Function((Tensor x) =>
        {
            calls++;
            last = x * 2;
            seen.Add(last);
            return last + 1;
        });
        for (int i = 1; i < 5; i++)
        {
            f.Call(Tensor.Full([2], (float)i)).ToArray<float>().ShouldBe([2f * i + 1, 2f * i + 1]);
            calls.ShouldBe(i);
            seen.Count.ShouldBe(i);
            last!.ToArray<float>().ShouldBe([2f * i, 2f * i]);
        }
        f.Explain().ShouldContain("changes its own variables");
    }

    [Fact]
    public void What_is_made_once_is_made_and_then_it_is_captured()
    {
        Tensor? mask = null;
        var f = Compiled.Function((Tensor x) => x * (mask ??= Tensor.From([1f, 0f])));
        for (int i = 0; i < 4; i++) f.Call(Tensor.Ones(2)).ToArray<float>().ShouldBe([1f, 0f]);
        f.Explain().ShouldStartWith("1 captured");
    }

    [Fact]
    public void What_an_optimizer_remembers_outlives_the_scope_of_the_step()
    {
        string[] states = Twice(isCompiled =>
        {
            Rng.ManualSeed(1);
            var net = new Adjoint.Nn.Linear(40, 40);
            var optimizer = new Adam(net.Parameters(), 0.01);
            Func<Tensor, Tensor> step = x =>
            {
                optimizer.ZeroGrad();
                Tensor loss = net.Call(x).Square().Mean();
                loss.Backward();
                optimizer.Step();
                return loss;
            };
            if (isCompiled) step = Compiled.Step(step).Call;
            for (int i = 0; i < 4; i++)
            {
                using (Cpu.Memory.Scope()) step(Tensor.Rand(8, 40));
                for (int j = 0; j < 20; j++) Tensor.Full([40, 40], 1e9f).Dispose();
            }
            return Text([.. net.Parameters(), .. net.Parameters().Select(p => p.Grad!)]);
        });
        states[1].ShouldBe(states[0]);
    }

    [Fact]
    public void Two_arguments_of_one_memory_are_what_they_are()
    {
        Func<Tensor, Tensor, Tensor> eager = (x, y) =>
        {
            x.MulInPlace(2);
            return x + y;
        };
        var f = Compiled.Function(eager);
        Tensor one = Tensor.Ones(4), other = Tensor.Ones(4);
        for (int i = 0; i < 3; i++)
        {
            GraphRunTests.Compare([f.Call(one, one)], [eager(other, other)]);
            GraphRunTests.Compare([f.Call(one[1..], one[..3])], [eager(other[1..], other[..3])]);
            GraphRunTests.Compare([f.Call(one, Tensor.Ones(4))], [eager(other, Tensor.Ones(4))]);
        }
        GraphRunTests.Compare([one], [other]);
    }

    [Fact]
    public void Hooks_are_called_as_often_as_outside()
    {
        Tensor w = Tensor.From([1f, 2f], requiresGrad: true);
        var net = new Adjoint.Nn.Linear(2, 2);
        int leaf = 0, module = 0;
        var step = Compiled.Step((Tensor x) =>
        {
            w.Grad = null;
            (net.Call(x) * w).Sum().Backward();
        }, verify: 2);
        Tensor x = Tensor.Ones(1, 2);
        for (int i = 0; i < 5; i++) step.Call(x);
        using (w.RegisterHook(_ => { leaf++; return null; }))
            for (int i = 0; i < 5; i++) step.Call(x);
        using (net.RegisterForwardHook((_, _, y) => { module++; return null; }))
            for (int i = 0; i < 5; i++) step.Call(x);
        for (int i = 0; i < 5; i++) step.Call(x);
        leaf.ShouldBe(5);
        module.ShouldBe(5);
    }

    [Fact]
    public void Options_that_the_function_reads_are_looked_at()
    {
        Tensor w = Tensor.From([1f, 2f]);
        var optimizer = new SGD([Tensor.Ones(1).RequiresGradInPlace()], 0.5);
        var f = Compiled.Function((Tensor x) => x * optimizer.ParamGroups[0].Lr + w);
        Tensor x = Tensor.Ones(2);
        f.Call(x).ToArray<float>().ShouldBe([1.5f, 2.5f]);
        optimizer.ParamGroups[0].Lr = 2;
        f.Call(x).ToArray<float>().ShouldBe([3f, 4f]);
    }

    [Fact]
    public void What_is_returned_of_others_is_returned_itself()
    {
        Tensor held = Tensor.Ones(2), w = Tensor.Ones(2).RequiresGradInPlace();
        var f = Compiled.FunctionOfList(x => [x[0], held, w.Detach(), w, x[0] * 2]);
        for (int i = 0; i < 3; i++)
        {
            Tensor x = Tensor.Full([2], (float)i);
            using (Autograd.NoGrad())
            {
                IReadOnlyList<Tensor> y = f.Call([x]);
                ReferenceEquals(y[0], x).ShouldBeTrue();
                ReferenceEquals(y[1], held).ShouldBeTrue();
                ReferenceEquals(y[2], w).ShouldBeFalse();
                y[2].RequiresGrad.ShouldBeFalse();
                y[2].SharesStorageWith(w).ShouldBeTrue();
                ReferenceEquals(y[3], w).ShouldBeTrue();
                y[2].RequiresGradInPlace();
            }
        }
    }

    private static string[] Twice(Func<bool, string> f) => [f(false), f(true)];

    private static string Text(params Tensor[] all) => string.Join("\n", all.Select(x => string.Join(" ", GraphRunTests.Bits(x))));
}
