using Adjoint.Tests.Graphs;
using Adjoint.Tests.Parity;
using RandomProgram = Adjoint.Tests.Parity.Program;

namespace Adjoint.Tests.Compile;

/// <summary>What is compiled has the bits of the function: every operation with its derivatives, in place, and random programs.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledRowTests
{
    public static TheoryData<string> Operations => [.. OpTable.All.Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_and_its_derivatives_have_the_same_bits(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        if (GraphRunTests.MakesItsGenerator(op, GraphRunTests.Samples(op, 0))) return;
        var compiled = Compiled.FunctionOfList(x => [.. GraphRunTests.Everything(op, x).Select(y => y.Detach())]);
        foreach (int seed in new[] { 0, 5, 9, 0 })
        {
            Tensor[] x = GraphRunTests.Samples(op, seed);
            Rng.ManualSeed(7);
            IReadOnlyList<Tensor> plain = GraphRunTests.Everything(op, x);
            Rng.ManualSeed(7);
            GraphRunTests.Compare(compiled.Call(x), plain);
        }
        compiled.Explain().ShouldStartWith("1 captured, 1 captures");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_in_place_has_the_same_bits(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        if (op is not (UnaryRow or BinaryRow)) return;
        var compiled = Compiled.FunctionOfList(x => [.. GraphRunTests.InPlace(op, x).Select(y => y.Detach())]);
        foreach (int seed in new[] { 0, 5, 9 })
        {
            Tensor[] x = GraphRunTests.Samples(op, seed);
            GraphRunTests.Compare(compiled.Call(x), GraphRunTests.InPlace(op, x));
        }
    }

    [Fact]
    public void Random_programs_have_the_same_bits()
    {
        List<string> wrong = [];
        int run = 0;
        foreach (RandomProgram program in (RandomProgram[])[.. Fixtures.Read<RandomProgram>("programs"), .. Fixtures.Read<RandomProgram>("programs_wide")])
        {
            var compiled = Compiled.FunctionOfList(x => [.. All(program, x).Select(y => y.Detach())]);
            foreach (double factor in new[] { 1, 0.75, -0.5, 1 })
            {
                Tensor[] x = [.. program.Inputs().Select(x => (factor == 1 ? x.Clone() : x * factor + 0.01).Detach().RequiresGradInPlace())];
                IReadOnlyList<Tensor> expected = All(program, x), actual = compiled.Call(x);
                if (!actual.Zip(expected).All(pair => GraphRunTests.Bits(pair.First).SequenceEqual(GraphRunTests.Bits(pair.Second))))
                    wrong.Add($"{program.Seed}: other bits for {factor}");
                run++;
            }
        }
        string.Join("\n", wrong).ShouldBe("");
        run.ShouldBeGreaterThanOrEqualTo(800);

        static IReadOnlyList<Tensor> All(RandomProgram program, IReadOnlyList<Tensor> x)
        {
            Tensor loss = program.Loss(x);
            return loss.RequiresGrad ? [loss, .. Autograd.Grad([loss], x, allowUnused: true).OfType<Tensor>()] : [loss];
        }
    }
}
