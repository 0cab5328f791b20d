namespace Adjoint;

/// <summary>Operations that are made of others: those are captured, and written one after the other.</summary>
internal static class HandParts
{
    /// <summary>Writes what a function does with operands.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="f">The function. It is called with tensors that lie as the operands do, and are 0.</param>
    /// <param name="operands">What stands for its arguments.</param>
    /// <returns>Its results.</returns>
    internal static HandTensor[] Made(Hand hand, Func<Tensor[], Tensor[]> f, params HandTensor[] operands)
    {
        Tensor[] zeros = [.. operands.Select(Zeros)];
        Graph parts = Graph.Capture(all => f([.. all]), zeros);
        for (int i = 0; i < operands.Length; i++) hand.Stands(operands[i].Memory, parts.Inputs[i].Value.Memory);
        foreach (GraphMemory memory in parts.Memories)
        {
            if (memory.Role == GraphRole.Constant) hand.New(memory, memory.Tensor!);
            else if (memory.Role == GraphRole.Result) hand.IsArray(memory);
        }
        foreach (GraphOperation operation in parts.Operations)
        {
            if (operation.IsView) continue;
            foreach (string line in HandComments.Of(operation, hand.Names)) hand.Line(line);
            foreach (string line in HandDeclarations.Of(hand, operation, hand.Write(operation), _ => false)) hand.Line(line);
        }
        return [.. parts.Outputs.Select(hand.Of)];
    }

    /// <summary>The same, whose results are those of the operation.</summary>
    internal static void Written(Hand hand, Func<Tensor[], Tensor[]> f, params HandTensor[] operands)
    {
        HandTensor[] made = Made(hand, f, operands);
        for (int i = 0; i < made.Length; i++)
            if (hand.ResultOrNull(i) is { } result) hand.Copy(made[i], result);
    }

    private static Tensor Zeros(HandTensor x)
    {
        using Unrecorded _ = Unrecorded.Begin();
        return Tensor.Zeros([x.Memory.Length], x.DType).Alias(x.Shape, x.Strides, x.Offset);
    }
}
