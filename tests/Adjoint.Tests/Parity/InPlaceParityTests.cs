using Adjoint.Nn;

namespace Adjoint.Tests.Parity;

/// <summary>
/// In-place forms, second names, changes of shape and what else PyTorch has though nobody asked: values, dtypes, shapes and gradients are
/// PyTorch's (tests/Parity/in_place_fixtures.py).
/// </summary>
public partial class InPlaceParityTests
{
    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("in_place").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Cases.Select(group => group.Key)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation) =>
        OpParity.Differences(Cases[operation], Call(operation), slack: 10).Take(10).ShouldBeEmpty();

    private static OpCall Call(string operation)
    {
        if (Kept.TryGetValue(operation, out OpCall? kept)) return kept;
        if (!Changes.TryGetValue(operation, out var change))
            throw new InvalidOperationException($"Add how {operation} is called.");
        return (inputs, arguments) =>
        {
            Tensor x = inputs[0].Clone();
            change(Part(x, arguments.Text(0)), inputs[1..]);
            return [x];
        };
    }

    private static Tensor Part(Tensor x, string how) => how switch
    {
        "whole" => x,
        "columns" => x[.., TensorIndex.Slice(step: 2)],
        "turned" => x.Transpose(),
        _ => throw new InvalidOperationException(how),
    };
}
