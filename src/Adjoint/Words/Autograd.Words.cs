using System.Runtime.CompilerServices;

namespace Adjoint;

public static partial class Autograd
{
    /// <summary>The gradients of one output with respect to several inputs: <c>Grad(loss, [w, b])</c>.</summary>
    /// <inheritdoc cref="Grad(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, bool?, bool, bool)"/>
    // [w] is a list of tensors here too, not a tensor literal.
    [OverloadResolutionPriority(1)]
    public static Tensor?[] Grad(
        Tensor output, IReadOnlyList<Tensor> inputs, Tensor? gradOutput = null, bool? retainGraph = null, bool createGraph = false,
        bool allowUnused = false) =>
        Grad(new[] { output.Given() }, inputs, new[] { gradOutput }, retainGraph, createGraph, allowUnused);
}
