using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>Training steps that are compiled leave everything as the steps themselves do, to the bit.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledTrainingTests
{
    [Theory]
    [MemberData(nameof(GraphTrainingTests.Optimizers), MemberType = typeof(GraphTrainingTests))]
    public void A_training_step_leaves_the_same_state(string kind)
    {
        var eager = new GraphTrainingTests.Training(kind);
        var compiled = new GraphTrainingTests.Training(kind);
        var step = Compiled.Step(compiled.Step);
        for (int i = 0; i < 20; i++)
        {
            eager.Step();
            step.Call();
            if (i is 0 or 1 or 5 or 19) compiled.State().ShouldBe(eager.State(), $"{kind}, step {i}");
        }
        step.Explain().ShouldStartWith("1 captured");
    }

    [Fact]
    public void Options_are_read_in_every_run()
    {
        var eager = new GraphTrainingTests.Training("momentum");
        var compiled = new GraphTrainingTests.Training("momentum");
        var step = Compiled.Step(compiled.Step);
        for (int i = 0; i < 6; i++)
        {
            eager.Optimizer.ParamGroups[0].Lr = compiled.Optimizer.ParamGroups[0].Lr = 0.01 / (i + 1);
            eager.Optimizer.ParamGroups[0]["momentum"] = compiled.Optimizer.ParamGroups[0]["momentum"] = i < 3 ? 0.9 : 0.0;
            eager.Step();
            step.Call();
        }
        compiled.State().ShouldBe(eager.State());
    }
}
