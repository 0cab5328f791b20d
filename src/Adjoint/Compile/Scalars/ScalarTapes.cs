using System.Numerics;

namespace Adjoint;

/// <summary>Which operations are programs of numbers, and their making.</summary>
internal static class ScalarTapes
{
    /// <summary>The dtype in which an operation is a formula of single numbers; null if it is none.</summary>
    internal static DType? TypeOf(GraphOperation operation, ReplayPlan plan)
    {
        if (operation.Saved.Count > 0 || operation.Call.Operation is not IScalarOperation scalar) return null;
        if (operation.Changes.Count > 0 && operation.Call.Operation is not IPreparedOperation) return null;
        if (operation.Changes.Any(value => value.Memory.Role == GraphRole.State)) return null;
        if (operation.Results.OfType<GraphTensor>().FirstOrDefault() is not { DType: { IsFloatingPoint: true } dtype }) return null;
        foreach (GraphTensor y in operation.Results.OfType<GraphTensor>())
            if (y.Value.Memory.Length != 1 || y.Shape.NumEl != 1 || y.DType != dtype) return null;
        if (operation.Inputs.Count > 4) return null;
        foreach (GraphTensor x in operation.Inputs.OfType<GraphTensor>())
            if (x.Shape.NumEl != 1 || x.DType != dtype) return null;
        return scalar.Scalars(dtype) is null ? null : dtype;
    }

    internal static ReplayStep Of(DType dtype, ReplayPart part, ReplayPlan plan)
    {
        var work = new Work(part, plan);
        Dispatch.Floating(dtype, "Compiled", ref work);
        return work.Tape!;
    }

    private struct Work(ReplayPart part, ReplayPlan plan) : IFloatingWork
    {
        internal ReplayStep? Tape { get; private set; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Tape = new ScalarTape<T>(part, plan);
    }
}
