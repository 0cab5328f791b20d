namespace Adjoint.Nn;

public static partial class F
{
    /// <summary>
    /// softmax(q·kᵀ·s + mask)·v over the last two dimensions: each query is answered with a mean of the values (Vaswani et al. 2017).
    /// </summary>
    /// <remarks>
    /// As PyTorch 2's <c>scaled_dot_product_attention</c>. A query that may see no key at all has no mean: its answer is NaN, as in the
    /// formula there.
    /// </remarks>
    /// <param name="query">q [N, …, L, E].</param>
    /// <param name="key">k [N, …, S, E].</param>
    /// <param name="value">v [N, …, S, Ev].</param>
    /// <param name="attnMask">
    /// Broadcast to [N, …, L, S]: Bool, true where a query may see a key (the other way round than in <see cref="MultiheadAttention"/>),
    /// or numbers that are added to the scores; null for none.
    /// </param>
    /// <param name="dropoutP">The probability that a weight becomes 0; in [0, 1]. The caller says 0 where nothing is trained.</param>
    /// <param name="isCausal">Whether query i sees keys up to i only; without another mask.</param>
    /// <param name="scale">s; any finite number, 1/√E by default.</param>
    /// <param name="enableGqa">Whether keys and values may have fewer heads, in dimension −3, than queries, which share them in
    /// groups.</param>
    /// <param name="generator">Where the dropout is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <returns>[N, …, L, Ev].</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not of floating point.</exception>
    /// <exception cref="ArgumentException">There is a mask beside the causal one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <example><code>
    /// Tensor x = Tensor.Randn([2, 4, 6, 8]);                             // 2 sequences, 4 heads, 6 steps, 8 numbers
    /// Tensor y = F.ScaledDotProductAttention(x, x, x, isCausal: true);   // [2, 4, 6, 8]
    /// </code></example>
    public static Tensor ScaledDotProductAttention(
        Tensor query, Tensor key, Tensor value, Tensor? attnMask = null, double dropoutP = 0, bool isCausal = false, double? scale = null,
        bool enableGqa = false, Generator? generator = null)
    {
        try
        {
            query.Given();
            key.Given();
            value.Given();
            dropoutP.In(Interval.Unit);
            scale?.In(Interval.Finite);
            AttentionScores.Check(nameof(ScaledDotProductAttention), query, key, value);
            if (isCausal && attnMask is not null)
                throw new ArgumentException(
                    "ScaledDotProductAttention: attnMask must be null where isCausal says what is masked.", nameof(attnMask));
            if (enableGqa) (key, value) = (AttentionScores.Shared(query, key, nameof(key)), AttentionScores.Shared(query, value,
                nameof(value)));
            Tensor scores = (query * (scale ?? 1 / Math.Sqrt(query.Shape[-1]))).MatMul(key.Transpose(-2, -1));
            Tensor? mask = isCausal ? AttentionScores.Causal(scores.Shape[-2], scores.Shape[-1], scores.DType)
                : AttentionScores.Added(nameof(ScaledDotProductAttention), attnMask, nameof(attnMask), scores, isBlocking: false);
            Tensor weights = (mask is null ? scores : scores + mask).Softmax(-1);
            return weights.Dropout(dropoutP, true, generator).MatMul(value);
        }
        catch (TensorException e) when (e.IsOf(nameof(ScaledDotProductAttention)))
        {
            throw;
        }
    }
}

/// <summary>What attention checks, and masks as numbers that are added to its scores.</summary>
internal static class AttentionScores
{
    internal static void Check(string name, Tensor query, Tensor key, Tensor value)
    {
        if (query.NDim < 2 || key.NDim < 2 || value.NDim < 2)
            throw new ShapeException(
                $"{name}: query, key and value must have two dimensions at least, but their shapes are {query.Shape}, {key.Shape} and {value.Shape}.");
        if (!query.DType.IsFloatingPoint || query.DType != key.DType || query.DType != value.DType)
            throw new DTypeException(
                $"{name}: query, key and value must be of one dtype of floating point, but are {query.DType}, {key.DType} and {value.DType}.");
        if (query.Shape[-1] != key.Shape[-1])
            throw new ShapeException(
                $"{name}: query and key must have equally many numbers in their last dimension, but their shapes are {query.Shape} and {key.Shape}.");
        if (key.Shape[-2] != value.Shape[-2])
            throw new ShapeException($"{name}: there must be a value for each key, but their shapes are {key.Shape} and {value.Shape}.");
    }

    /// <summary>Keys or values once for each head of the queries.</summary>
    internal static Tensor Shared(Tensor query, Tensor x, string name)
    {
        if (query.NDim < 3 || x.NDim < 3 || x.Shape[-3] == 0 || query.Shape[-3] % x.Shape[-3] != 0)
            throw new ShapeException(
                $"ScaledDotProductAttention: the heads of {name}, its dimension −3, must divide those of query, but the shapes are {x.Shape} and {query.Shape}.");
        int times = query.Shape[-3] / x.Shape[-3];
        return times == 1 ? x : x.RepeatInterleave(times, -3);
    }

    /// <summary>0 where query i sees key j ≤ i, and −∞ beyond.</summary>
    internal static Tensor Causal(int queries, int keys, DType dtype) => Tensor.Full([queries, keys], double.NegativeInfinity,
        dtype).Triu(1);

    /// <summary>A mask as numbers to add, in a shape that broadcasts to that of the scores; null for none.</summary>
    /// <param name="name">The operation.</param>
    /// <param name="mask">Bool or of floating point.</param>
    /// <param name="parameter">Its name there.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="isBlocking">Whether true is where nothing may be seen.</param>
    internal static Tensor? Added(string name, Tensor? mask, string parameter, Tensor scores, bool isBlocking)
    {
        if (mask is null) return null;
        if (Layout.Broadcast(mask.Shape, scores.Shape) is not { } shape || !shape.Equals(scores.Shape))
            throw new ShapeException($"{name}: {parameter} of shape {mask.Shape} does not broadcast to the scores' {scores.Shape}.");
        return Numbers(name, mask, parameter, scores.DType, isBlocking);
    }

    /// <summary>A mask as numbers to add.</summary>
    internal static Tensor Numbers(string name, Tensor mask, string parameter, DType dtype, bool isBlocking)
    {
        if (mask.DType == dtype) return mask;
        if (!mask.DType.IsBool)
            throw new DTypeException($"{name}: {parameter} must be Bool or {dtype}, as the query is, but is {mask.DType}.");
        return Tensor.Zeros(mask.Shape, dtype).MaskedFill(isBlocking ? mask : mask.LogicalNot(), double.NegativeInfinity);
    }
}
