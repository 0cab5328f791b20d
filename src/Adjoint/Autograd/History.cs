using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Gives the result of an operation its history: the node for reverse mode, the tangents for forward mode.</summary>
internal static class History
{
    /// <summary>Whether an operation on <paramref name="x"/> has to be remembered or has a tangent to compute.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsWanted(Here here, Tensor x) => here.IsPlain ? x.RequiresGrad : IsWantedInMode(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsWanted(Here here, Tensor x, Tensor y) =>
        here.IsPlain ? x.RequiresGrad || y.RequiresGrad : IsWantedInMode(x) || IsWantedInMode(y);

    /// <inheritdoc cref="IsWanted(Here, Tensor)"/>
    internal static bool IsWanted(Tensor x) => IsWanted(Here.Now, x);

    internal static bool IsWanted(Tensor x, Tensor y) => IsWanted(Here.Now, x, y);

    private static bool IsWantedInMode(Tensor x) =>
        (GradMode.IsEnabled && x.RequiresGrad) || (ForwardMode.Level != 0 && ForwardMode.HasTangent(x));

    internal static bool IsWanted(ReadOnlySpan<Tensor?> inputs)
    {
        foreach (Tensor? x in inputs)
            if (x is not null && IsWanted(x)) return true;
        return false;
    }

    /// <summary>Whether a backward rule must consist of tensor operations: because it is recorded itself, or carries tangents.</summary>
    internal static bool RulesAreRecorded => GradMode.IsObserved;

    internal static Tensor Record(Tensor y, Node node, Tensor x) => Record(Here.Now, y, node, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor Record(Here here, Tensor y, Node node, Tensor x)
    {
        if (!here.IsPlain) return RecordInMode(y, node, x);
        if (y.DType.IsFloatingPoint) y.SetHistory(node);
        return y;
    }

    private static Tensor RecordInMode(Tensor y, Node node, Tensor x)
    {
        if (!y.DType.IsFloatingPoint) return y;
        if (GradMode.IsEnabled && x.RequiresGrad) Attach(y, node, 0);
        if (ForwardMode.Level != 0) ForwardMode.Propagate(node, [x], [y]);
        return y;
    }

    internal static Tensor Record(Tensor z, Node node, Tensor x, Tensor y) => Record(Here.Now, z, node, x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Tensor Record(Here here, Tensor z, Node node, Tensor x, Tensor y)
    {
        if (!here.IsPlain) return RecordInMode(z, node, x, y);
        if (z.DType.IsFloatingPoint) z.SetHistory(node);
        return z;
    }

    private static Tensor RecordInMode(Tensor z, Node node, Tensor x, Tensor y)
    {
        if (!z.DType.IsFloatingPoint) return z;
        if (GradMode.IsEnabled && (x.RequiresGrad || y.RequiresGrad)) Attach(z, node, 0);
        if (ForwardMode.Level != 0) ForwardMode.Propagate(node, [x, y], [z]);
        return z;
    }

    internal static void Record(ReadOnlySpan<Tensor> outputs, Node node, ReadOnlySpan<Tensor?> inputs)
    {
        if (GradMode.IsEnabled && AnyRequiresGrad(inputs))
        {
            for (int i = 0; i < outputs.Length; i++)
                if (outputs[i].DType.IsFloatingPoint) Attach(outputs[i], node, i);
        }
        if (ForwardMode.Level != 0) ForwardMode.Propagate(node, inputs, outputs);
    }

    /// <summary>Makes the node the newest history of a tensor that it changed in place; the version was bumped before.</summary>
    internal static void RecordInPlace(Tensor x, Node node, ReadOnlySpan<Tensor?> inputs)
    {
        if (GradMode.IsEnabled && AnyRequiresGrad(inputs))
        {
            x.Rebase(node);
            if (Anomaly.IsEnabled) Anomaly.Remember(node);
        }
        if (ForwardMode.Level != 0) ForwardMode.PropagateInPlace(x, node, inputs);
    }

    internal static bool AnyRequiresGrad(ReadOnlySpan<Tensor?> inputs)
    {
        foreach (Tensor? x in inputs)
            if (x is { RequiresGrad: true }) return true;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Attach(Tensor y, Node node, int outputNr)
    {
        y.SetHistory(node, outputNr);
        if (Anomaly.IsEnabled) Anomaly.Remember(node);
    }
}
