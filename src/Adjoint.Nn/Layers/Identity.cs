namespace Adjoint.Nn;

/// <summary>The input itself: for a place where a layer is left out.</summary>
public sealed class Identity : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input;
}
