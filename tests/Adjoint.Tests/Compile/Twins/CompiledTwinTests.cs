namespace Adjoint.Tests.Compile.Twins;

/// <summary>
/// Models of every kind of layer, optimizer and step are trained as they are and compiled, while their user does all that users do.
/// </summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledTwinTests
{
    public static TheoryData<string> Models => [.. TwinModels.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_compiled_step_leaves_what_the_step_leaves_whatever_happens_between(string name)
    {
        TwinModel model = TwinModels.All.Single(one => one.Name == name);
        int captured = 0;
        for (int seed = 0; seed < 4; seed++)
            if (new TwinProgram(model, seed).Run().Contains(" captured,", StringComparison.Ordinal)) captured++;
        // It was a compiled step that was compared.
        captured.ShouldBe(4);
    }

    [Theory]
    [InlineData("lbfgs", "Item")]
    [InlineData("average of weights", "Item")]
    [InlineData("checkpoint that draws", "draws random numbers")]
    public void What_cannot_be_captured_is_refused_and_leaves_nothing(string name, string why)
    {
        TwinModel model = TwinModels.Refused.Single(one => one.Name == name);
        var twin = new Twin(model, isCompiled: true);
        string before = twin.State();
        Tensor x = model.Input(4), t = Tensor.RandInt(0, 3, [4]);
        Should.Throw<GraphException>(() => twin.Call(x, t)).Message.ShouldContain(why);
        twin.State().ShouldBe(before);
    }
}
