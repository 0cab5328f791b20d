namespace Adjoint.Nn;

/// <summary>Dimensions become one; by default all but the first, that of the batch.</summary>
/// <param name="startDim">The first of them; any dimension.</param>
/// <param name="endDim">The last of them; any dimension.</param>
public sealed class Flatten(int startDim = 1, int endDim = -1) : Module
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => input.Flatten(startDim, endDim);

    /// <inheritdoc/>
    protected override string ExtraText => $"start_dim={startDim}, end_dim={endDim}";
}
