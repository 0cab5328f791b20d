namespace Adjoint.Nn;

/// <summary>All parameters of a network as one vector, and back.</summary>
public static class ParameterVector
{
    /// <summary>The elements of all parameters one after the other, with their history.</summary>
    public static Tensor From(IEnumerable<Tensor> parameters) => Joined(parameters.Elements());

    private static Tensor Joined(Tensor[] parameters) => parameters.Length > 0 ? Tensor.Cat([.. parameters.Select(p => p.Reshape(p.NumEl))])
        : throw new ArgumentException("ParameterVector: there are no parameters.", nameof(parameters));

    /// <summary>Writes the elements of a vector over the parameters, in their order.</summary>
    /// <exception cref="ShapeException">The vector has not as many elements as the parameters; nothing is changed then.</exception>
    public static void CopyTo(Tensor vector, IEnumerable<Tensor> parameters)
    {
        vector.Given();
        Tensor[] all = parameters.Elements();
        int count = all.Sum(p => p.NumEl), start = 0;
        if (vector.NDim != 1 || vector.NumEl != count)
            throw new ShapeException(
                $"ParameterVector.CopyTo: the parameters have {count} elements, but the vector has shape {vector.Shape}.");
        using Unrecorded _ = Unrecorded.Begin();
        foreach (Tensor p in all)
        {
            p.CopyInPlace(vector.Detach().Slice(0, start, start + p.NumEl).Reshape(p.Shape));
            start += p.NumEl;
        }
    }
}
