namespace Adjoint.Tests.Graphs;

/// <summary>
/// Models and mistakes of <see cref="GraphMistakes"/>, written by hand: what goes wrong with autograd goes wrong by hand too, to the bit.
/// </summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GraphMistakeByHandTests
{
    [Fact]
    public void A_mistake_is_the_same_mistake_by_hand()
    {
        var steps = new WrittenSteps();
        int count = 0;
        foreach ((string name, GraphMistake mistake) in GraphMistakes.All)
        {
            Rng.ManualSeed(1);
            steps.Add(name, mistake.Make().Step);
            count++;
        }
        steps.Compare(1);
        count.ShouldBeGreaterThan(150);
    }
}
