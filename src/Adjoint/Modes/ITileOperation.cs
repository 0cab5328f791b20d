using Adjoint.Kernels;

namespace Adjoint;

/// <summary>An element-wise operation that can be done on some elements and then on the next, with the bits that it has on all.</summary>
/// <remarks>It throws for no values, and does nothing besides giving its results or changing its first operand.</remarks>
internal interface ITileOperation : IOperation
{
    /// <summary>What does it on some elements; null where it cannot, for operands and results as they are in a call.</summary>
    /// <remarks>Results have one shape, and lie one element after the other; operands may be broadcast to it and lie anyhow.</remarks>
    TileKernel? Tile(GraphOperation call);
}

/// <summary>What calls have in common that can be done by tiles.</summary>
internal static class TileCalls
{
    /// <summary>The one type of floating point of all operands and results; null where there is none.</summary>
    internal static DType? TypeOf(GraphOperation call) => IntoCalls.ArePlain(call) ? TypeOfOperands(call) : null;

    /// <summary>The same for an operation that changes its first operand, which lies one element after the other.</summary>
    internal static DType? TypeInPlace(GraphOperation call)
    {
        if (call.Saved.Count > 0 || call.Changes.Count != 1) return null;
        if (call.Inputs[0] is not { IsContiguous: true } x || x.Shape.NumEl == 0) return null;
        if (call.Results is not [{ IsContiguous: true } y] || !y.Shape.Equals(x.Shape) || y.Offset != x.Offset) return null;
        if (!ReferenceEquals(y.Value.Memory, x.Value.Memory) || !ReferenceEquals(call.Changes[0].Memory, x.Value.Memory)) return null;
        return x.DType.IsFloatingPoint && call.Inputs.All(other => other?.DType == x.DType) ? x.DType : null;
    }

    /// <summary>Whether the one result is new memory, whose elements lie one after the other.</summary>
    internal static bool GivesPlain(GraphOperation call) => call.Saved.Count == 0 && call.Changes.Count == 0
        && call.Results is [{ IsWhole: true, Value.Version: 0 } y] && y.Shape.NumEl > 0;

    /// <summary>Whether an operand is of a type, or a C# number that is taken in it.</summary>
    internal static bool IsOf(GraphTensor x, DType dtype) =>
        x.DType == dtype || (dtype.IsFloatingPoint && x is { Value.Memory.Role: GraphRole.Number, Shape.NDim: 0 });

    /// <summary>An operand that is a C# number of another type, in the type of what it stands beside; null for any other.</summary>
    internal static Tensor? Number(GraphOperation call, int operand)
    {
        if (call.Inputs[operand] is not { Value.Memory.Role: GraphRole.Number, Shape.NDim: 0 } x) return null;
        DType dtype = call.Results.First(y => y is not null)!.DType;
        if (dtype.IsBool) dtype = call.Inputs[1 - operand]!.DType;
        return x.DType == dtype ? null : Elements.Cast(x.Value.Memory.Tensor!, dtype);
    }

    private static DType? TypeOfOperands(GraphOperation call) => call.Results.First(y => y is not null)!.DType;
}
