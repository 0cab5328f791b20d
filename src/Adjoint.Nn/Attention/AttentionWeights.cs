namespace Adjoint.Nn;

/// <summary>The weights of <see cref="MultiheadAttention"/>.</summary>
/// <param name="Query">[E, E], or all three one below the other, [3·E, E].</param>
/// <param name="Key">[E, keys' width], or null if it lies in Query.</param>
/// <param name="Value">[E, values' width], or null if it lies in Query.</param>
/// <param name="Bias">[3·E], or null.</param>
/// <param name="BiasK">[1, 1, E]: a key that is added to each sequence, or null.</param>
/// <param name="BiasV">[1, 1, E]: its value, or null.</param>
/// <param name="Out">[E, E].</param>
/// <param name="OutBias">[E], or null.</param>
internal readonly record struct AttentionWeights(
    Tensor Query, Tensor? Key, Tensor? Value, Tensor? Bias, Tensor? BiasK, Tensor? BiasV, Tensor Out, Tensor? OutBias)
{
    /// <summary>The projections of queries, keys and values.</summary>
    internal (Tensor Q, Tensor K, Tensor V) Project(Tensor query, Tensor key, Tensor value)
    {
        int e = Out.Shape[1];
        if (Key is not null)
        {
            Tensor[]? biases = Bias?.Chunk(3);
            return (F.Linear(query, Query, biases?[0]), F.Linear(key, Key, biases?[1]), F.Linear(value, Value!, biases?[2]));
        }
        // One product for what is projected of the same tensor.
        if (ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            Tensor all = F.Linear(query, Query, Bias);
            return (all.Narrow(-1, 0, e), all.Narrow(-1, e, e), all.Narrow(-1, 2 * e, e));
        }
        (Tensor weight, Tensor? bias) = (Query, Bias);
        Tensor Part(Tensor x, int first, int count) =>
            F.Linear(x, weight.Narrow(0, first * e, count * e), bias?.Narrow(0, first * e, count * e));
        if (ReferenceEquals(key, value))
        {
            Tensor both = Part(key, 1, 2);
            return (Part(query, 0, 1), both.Narrow(-1, 0, e), both.Narrow(-1, e, e));
        }
        return (Part(query, 0, 1), Part(key, 1, 1), Part(value, 2, 1));
    }
}
