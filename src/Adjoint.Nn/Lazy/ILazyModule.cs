namespace Adjoint.Nn;

/// <summary>
/// A layer that may not know yet how large its input is: it learns that from the first input, or from a state that is loaded.
/// </summary>
/// <remarks>
/// // Note [Lazy layers]
/// PyTorch's lazy modules change their class when they know. Here they are derived from what they become, with tensors without elements
/// until then. These grow in place, so that an optimizer which was made before trains them, and a copy or a conversion to another dtype
/// works at any time.
/// What
/// is drawn is drawn then, as in PyTorch: later than the weights of the layers around them.
/// </remarks>
internal interface ILazyModule
{
    /// <summary>Whether the size is not known yet.</summary>
    bool IsLazy { get; }

    /// <summary>Takes the size from a state that is about to be loaded; nothing happens where it does not say.</summary>
    /// <param name="state">The state.</param>
    /// <param name="prefix">What the names of the layer begin with there.</param>
    void Materialize(IReadOnlyDictionary<string, Tensor> state, string prefix);
}

/// <summary>What lazy layers read from an input.</summary>
internal static class LazySizes
{
    /// <summary>The channels of an input [N, C, …] or [C, …].</summary>
    internal static int Channels(string name, Tensor input, int dims, bool isFlat = false)
    {
        if (isFlat && input.NDim == 2) return input.Shape[1];
        if (input.NDim != dims + 1 && input.NDim != dims + 2)
            throw new ShapeException(
                $"{name}: needs an input of {dims + 1} dimensions, or of {dims + 2} with a batch, but the shape is {input.Shape}.");
        return input.Shape[input.NDim - dims - 1];
    }
}
