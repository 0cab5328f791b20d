using Adjoint.Tests.Parity;
using RandomProgram = Adjoint.Tests.Parity.Program;

namespace Adjoint.Tests.Graphs;

/// <summary>
/// What an explanation says of random programs is true: contributions sum to the gradient, within an ulp a term. Some of the programs have
/// checkpoints in them, and every third is asked once more within one.
/// </summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphExplainProgramTests
{
    private int _programs, _gradients, _checkpoints, _ways;

    [Fact]
    public void Contributions_sum_to_the_gradient_in_random_programs()
    {
        List<string> wrong = [];
        foreach (RandomProgram program in (RandomProgram[])[
            .. Fixtures.Read<RandomProgram>("programs").Take(130), .. Fixtures.Read<RandomProgram>("programs_wide").Take(120)])
        {
            Tensor[] inputs = [.. program.Inputs().Select(x => x.Detach().RequiresGradInPlace())];
            Tensor loss = program.Loss(inputs);
            if (!loss.RequiresGrad) continue;
            IReadOnlyList<Tensor?> gradients = Autograd.Grad([loss], inputs, allowUnused: true);
            _programs++;
            if (program.Code.Any(line => line.Name == "checkpoint")) _checkpoints++;
            Ask("", () => program.Loss(inputs));
            if (program.Seed % 3 == 0) Ask("in a checkpoint", () => Autograd.Checkpoint(xs => [program.Loss(xs)], inputs)[0]);
            if (program.Seed % 3 == 1) Ask("with its pass", () => Back(program.Loss(inputs)));
            if (program.Seed % 3 == 2) Ask("with its pass, in a checkpoint", () => Back(Autograd.Checkpoint(xs => [program.Loss(xs)], inputs)[0]));

            void Ask(string how, Func<Tensor> f)
            {
                Graph graph = Graph.Capture(f);
                for (int i = 0; i < inputs.Length; i++)
                {
                    if (inputs[i].NumEl == 0 || graph.Find(inputs[i]) is null) continue;
                    int number = program.Seed % inputs[i].NumEl;
                    GraphExplanation why;
                    try
                    {
                        why = graph.Explain(inputs[i], GraphPlaces.IndexOf(inputs[i].Shape, number));
                    }
                    catch (Exception error)
                    {
                        wrong.Add($"{program.Seed} {how}: {i}: {error}\n{graph.ToText()}");
                        continue;
                    }
                    double? gradient = gradients[i]?.ToArray<double>()[number];
                    if (Fault(why, gradient, inputs[i].DType) is { } fault) wrong.Add($"{program.Seed} {how}: {why.Name}: {fault}");
                    _gradients++;
                    _ways += why.Paths.Count > 1 ? 1 : 0;
                    why.ToText().ShouldContain(why.Name);
                }
            }
        }
        if (wrong.Count > 0) Assert.Fail(string.Join("\n", wrong));
        _programs.ShouldBeGreaterThanOrEqualTo(200);
        _checkpoints.ShouldBeGreaterThanOrEqualTo(5);
        _gradients.ShouldBeGreaterThan(500);
        _ways.ShouldBeGreaterThan(100);
    }

    private static Tensor Back(Tensor loss)
    {
        loss.Backward();
        return loss.Detach();
    }

    private static string? Fault(GraphExplanation why, double? gradient, DType dtype)
    {
        if (gradient is not { } g) return why.Gradient is { } any ? $"none, but {any}" : null;
        if (why.Gradient is not { } said) return $"{g}, but none";
        if (!double.IsFinite(g)) return said.Equals(g) ? null : $"{g}, but {said}";
        double unit = dtype == DType.Float32 ? Math.Pow(2, -23) : Math.Pow(2, -52);
        double terms = Ulp(why.Terms.Select(t => t.Contribution)), parts = Ulp(why.Paths.Select(t => t.Contribution));
        if (Math.Abs(said - g) > terms * 4) return $"{g}, but {said}";
        double sum = why.Terms.Sum(t => t.Contribution);
        if (Math.Abs(sum - g) > terms * Math.Max(4, why.Terms.Count)) return $"{g}, but its {why.Terms.Count} terms sum to {sum}";
        sum = why.Paths.Sum(t => t.Contribution);
        return why.Paths.Count > 0 && Math.Abs(sum - g) > parts * Math.Max(4, why.Paths.Count)
            ? $"{g}, but its {why.Paths.Count} paths sum to {sum}" : null;

        double Ulp(IEnumerable<double> all) =>
            Math.Max(all.Select(Math.Abs).Append(Math.Abs(g)).Max() * unit, dtype == DType.Float32 ? float.Epsilon : double.Epsilon);
    }
}
