namespace Adjoint.Nn;

/// <summary>Targets whose classes have weights that are differentiated themselves: the loss as operations on tensors.</summary>
internal sealed class WeightedTargets
{
    private readonly Tensor _classes, _weights;

    internal WeightedTargets(ClassTargets targets, Tensor weight)
    {
        _classes = targets.Classes();
        _weights = weight.IndexSelect(0, _classes.Flatten()).Reshape(targets.Places) * targets.Counted(weight.DType);
    }

    /// <summary>What the mean divides by.</summary>
    internal Tensor Total => _weights.Sum();

    /// <summary>−w[t]·x[t] at the right class t of each place.</summary>
    internal Tensor Nll(Tensor logs, Reduction reduction)
    {
        int dim = ClassTargets.ClassDim(logs);
        Tensor each = -(_weights * logs.Gather(dim, _classes.Unsqueeze(dim)).Squeeze(dim));
        return reduction switch
        {
            Reduction.None => each,
            Reduction.Sum => each.Sum(),
            _ => each.Sum() / Total,
        };
    }
}
