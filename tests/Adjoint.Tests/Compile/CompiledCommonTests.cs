using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>What a run leaves out: what nobody reads, what another operation computed, what never changes.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledCommonTests
{
    // How many operations the plan left out, shared and folded; the bits must be those of the function.
    private static (int Removed, int Shared, int Folded) Of(Func<Tensor, Tensor, Tensor> f, Tensor? x = null, Tensor? y = null)
    {
        (x, y) = (x ?? Tensor.Randn(3, 20), y ?? Tensor.Randn(3, 20));
        var compiled = Compiled.Function(f);
        for (int i = 0; i < 3; i++) GraphRunTests.Compare([compiled.Call(x, y)], [f(x, y)]);
        string text = compiled.Explain();
        int Before(string words)
        {
            int end = text.IndexOf(words, StringComparison.Ordinal);
            end.ShouldBeGreaterThan(0, text);
            return int.Parse(text[(text.LastIndexOf(' ', end - 1) + 1)..end]);
        }
        return (Before(" left out since"), Before(" since another one"), Before(" computed once"));
    }

    [Fact]
    public void The_same_of_the_same_is_computed_once() =>
        Of((x, y) => (x * y + 1).Exp() - ((x * y + 1).Exp() * (x * y)).Tanh()).ShouldBe((0, 4, 0));

    [Fact]
    public void Products_rows_and_sums_are_shared_too() => Of((x, y) =>
        x.Softmax(1).Sum(0) * x.Softmax(1).Sum(0) + x.MatMul(y.T).Sum() / x.MatMul(y.T).Square().Sum(0, true).Sum()).ShouldBe((0, 3, 0));

    [Fact]
    public void Views_of_what_is_shared_show_the_other() => Of((x, y) =>
        ((x + y).T.MatMul(x - y) + (x + y).T.MatMul(x + y)).Narrow(0, 2, 5) * (x + y)[0].Narrow(0, 3, 1)).ShouldBe((0, 3, 0));

    [Fact]
    public void Numbers_are_the_same_by_their_bits()
    {
        Of((x, y) => (x * 0.1 - x * 0.1) + (x * 0.10000001 - y)).ShouldBe((0, 1, 0));
        Of((x, y) => (x * 0.0).Exp() / (x * -0.0) + x.Clamp(0.0, 1) / x.Clamp(-0.0, 1)).ShouldBe((0, 0, 0));
        Of((x, y) => x.LeakyRelu(0.0) / x.LeakyRelu(-0.0)).ShouldBe((0, 0, 0));
        Of((x, y) => x.LeakyRelu(0.2) - x.LeakyRelu(0.2)).ShouldBe((0, 1, 0));
        Of((x, y) => x.Sum(0) * x.Sum(0) - x.Sum(1).Sum()).ShouldBe((0, 1, 0));
    }

    [Fact]
    public void The_order_of_operands_and_their_layout_count()
    {
        Of((x, y) => x * y - y * x).ShouldBe((0, 0, 0));
        Of((x, y) => x.Exp() * y.T.Exp().T, Tensor.Randn(5, 5), Tensor.Randn(5, 5)).ShouldBe((0, 0, 0));
        Of((x, y) => x[0].Exp() + x[1].Exp()).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void What_is_changed_in_between_is_another_value()
    {
        Tensor held = Tensor.Randn(3, 20);
        Func<Tensor, Tensor, Tensor> f = (x, y) =>
        {
            using (Autograd.NoGrad())
            {
                Tensor before = (held * y).Sum();
                held.MulInPlace(1.25);
                Tensor changed = x * y;
                changed.AddInPlace(y);
                return before - (held * y).Sum() + changed - x * y;
            }
        };
        Tensor x = Tensor.Randn(3, 20), y = Tensor.Randn(3, 20), start = held.Clone();
        Tensor[] expected = [.. Enumerable.Range(0, 3).Select(_ => f(x, y))];
        held.CopyInPlace(start);
        var compiled = Compiled.Function(f);
        GraphRunTests.Compare([.. Enumerable.Range(0, 3).Select(_ => compiled.Call(x, y))], expected);
        compiled.Explain().ShouldContain("0 since another one");
    }

    [Fact]
    public void Draws_are_never_shared_or_left_out()
    {
        Func<Tensor, Tensor> f = x =>
        {
            Tensor.Rand(3);
            return x.Dropout(0.5) - x.Dropout(0.5) + Tensor.Rand(20) * Tensor.Rand(20);
        };
        var compiled = Compiled.Function(f);
        Tensor x = Tensor.Ones(3, 20);
        Rng.ManualSeed(4);
        Tensor[] expected = [.. Enumerable.Range(0, 4).Select(_ => f(x))];
        Rng.ManualSeed(4);
        GraphRunTests.Compare([.. Enumerable.Range(0, 4).Select(_ => compiled.Call(x))], expected);
        compiled.Explain().ShouldContain("0 since another one");
    }

    [Fact]
    public void Results_are_two_tensors_and_gradients_too()
    {
        var two = Compiled.FunctionOfList(x => [x[0] * 2, x[0] * 2, (x[0] * 2).Exp(), x[0] * 2]);
        for (int i = 0; i < 3; i++)
        {
            Tensor x = Tensor.Randn(20);
            IReadOnlyList<Tensor> y = two.Call([x]);
            GraphRunTests.Compare(y, [x * 2, x * 2, (x * 2).Exp(), x * 2]);
            y[0].SharesStorageWith(y[1]).ShouldBeFalse();
            y[0].SharesStorageWith(y[3]).ShouldBeFalse();
        }
        Tensor a = Tensor.Randn([20], requiresGrad: true), b = Tensor.Randn([20], requiresGrad: true);
        var step = Compiled.Step((Tensor x) =>
        {
            (a.Grad, b.Grad) = (null, null);
            ((a * x).Sum() + (b * x).Sum()).Backward();
        });
        for (int i = 0; i < 3; i++)
        {
            Tensor x = Tensor.Randn(20);
            step.Call(x);
            GraphRunTests.Compare([a.Grad!, b.Grad!], [x, x]);
            a.Grad!.SharesStorageWith(b.Grad!).ShouldBeFalse();
        }
    }

    [Fact]
    public void What_nobody_reads_is_left_out_also_where_it_is_changed_in_place() => Of((x, y) =>
    {
        Tensor unread = x.Exp();
        unread.MulInPlace(2.5).AddInPlace(y);
        _ = x.MatMul(y.T);
        return x + y;
    }).ShouldBe((4, 0, 0));

    [Fact]
    public void What_never_changes_is_computed_once()
    {
        (int removed, int shared, int folded) =
            Of((x, y) => x * (Tensor.Ones(20) * 3 + Tensor.Arange(20).To(DType.Float32)).Exp() + y);
        (removed, shared).ShouldBe((0, 0));
        folded.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public void Numbers_are_shared_in_programs_of_numbers() => Of(
        (x, y) => (x * y).Tanh() + (x * y).Tanh() * (x * y), Tensor.Scalar(0.3), Tensor.Scalar(0.7)).ShouldBe((0, 3, 0));
}
