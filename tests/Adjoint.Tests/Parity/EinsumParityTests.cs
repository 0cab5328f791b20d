namespace Adjoint.Tests.Parity;

/// <summary>Einstein sums have PyTorch's values, shapes, dtypes and gradients.</summary>
public class EinsumParityTests
{
    private static readonly IReadOnlyList<OpCase> Cases = Fixtures.Read<OpCase>("einsum");

    [Fact] // 15.30
    public void Values_and_gradients_are_PyTorchs()
    {
        Cases.Count.ShouldBeGreaterThan(250);
        OpParity.Differences(Cases, (x, a) => [Tensor.Einsum(a.Text(0), x)], slack: 10).Take(10).ShouldBeEmpty();
    }

    /// <summary>The same sums with numbers for letters.</summary>
    [Fact] // 15.30
    public void Sublists_say_the_same()
    {
        OpParity.Differences(Cases, (x, a) =>
        {
            EinsumEquation equation = EinsumEquation.Parse(a.Text(0), x.Length);
            return [Tensor.Einsum([.. x.Zip(equation.Operands)], equation.Output)];
        }, slack: 10).Take(10).ShouldBeEmpty();
    }
}
