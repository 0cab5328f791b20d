namespace Adjoint;

/// <summary>
/// What only some tensors carry: leaves a gradient, duals tangents, parts of a result their number, views where they come from.
/// </summary>
/// <remarks>
/// Most tensors are results of which nobody asks for any of it, and a graph of numbers consists of little else than tensors and
/// nodes: what each is smaller by, all are quicker by.
/// </remarks>
internal class TensorExtras
{
    /// <summary>The gradient that has been added up.</summary>
    internal Tensor? Grad;

    /// <summary>The tangents of forward mode, the newest level first.</summary>
    internal Tangent? Tangents;

    /// <summary>Which output of its node the tensor is.</summary>
    internal int OutputNr;

    internal TensorExtras()
    {
    }

    private protected TensorExtras(TensorExtras? other)
    {
        if (other is not null) (Grad, Tangents, OutputNr) = (other.Grad, other.Tangents, other.OutputNr);
    }
}
