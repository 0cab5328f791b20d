using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Where a backward pass starts: the edges of its roots and a checked gradient for each.</summary>
internal readonly ref struct BackwardSeeds
{
    internal Edge[] Roots { get; private init; }

    internal Tensor[] Gradients { get; private init; }

    /// <summary>Checks everything before anything is run.</summary>
    internal static BackwardSeeds Of(
        IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor?>? gradients, bool createGraph,
        [CallerArgumentExpression(nameof(gradients))] string? name = null)
    {
        if (gradients is not null && gradients.Count != outputs.Count)
            throw new ArgumentException($"Backward: {outputs.Count} tensors were given, but {gradients.Count} gradients.", name);
        var roots = new Edge[outputs.Count];
        var seeds = new Tensor[outputs.Count];
        for (int i = 0; i < roots.Length; i++) (roots[i], seeds[i]) = Of(outputs[i], gradients?[i], i, createGraph);
        return new BackwardSeeds { Roots = roots, Gradients = seeds };
    }

    /// <summary>The edge and the checked gradient of one root.</summary>
    internal static (Edge Root, Tensor Seed) Of(Tensor output, Tensor? gradient, int index, bool createGraph)
    {
        Edge root = output.GradientEdge;
        if (root.Node is null)
            throw new NoHistoryException($"Backward: tensor {index} does not require grad and has no GradFn, so there is nothing to "
                + "differentiate. Was it computed inside NoGrad(), from detached tensors, or without requiresGrad: true?");
        return (root, Seed(output, gradient, index, createGraph));
    }

    private static Tensor Seed(Tensor output, Tensor? gradient, int index, bool createGraph)
    {
        if (gradient is null)
        {
            if (output.NumEl != 1)
                throw new AutogradException($"Backward: a gradient is implied only for a tensor of one element, but tensor {index} has "
                    + $"shape {output.Shape}. "
                    + "Reduce it first (Sum(), Mean()) or pass gradient:.");
            Here here = Here.Now;
            return Door.IsWatched(here) ? Tensor.Ones(output.Shape, output.DType) : Elements.One(here, output.Shape, output.DType);
        }
        if (!gradient.Shape.Equals(output.Shape))
            throw new ShapeException(
                $"Backward: the gradient of tensor {index} has shape {gradient.Shape}, but the tensor has {output.Shape}.");
        if (gradient.DType != output.DType) gradient = gradient.To(output.DType);
        return createGraph ? gradient : gradient.RequiresGrad ? gradient.Detach() : gradient;
    }
}

/// <summary>A gradient was asked for of something that was not recorded.</summary>
internal sealed class NoHistoryException(string message) : AutogradException(message);
