namespace Adjoint.Nn;

/// <summary>Attention of several heads: projections, masks, means, and the projection of what the heads say.</summary>
/// <param name="name">Who asks, for errors.</param>
/// <param name="heads">How many heads.</param>
/// <param name="dropout">The probability that a weight becomes 0; 0 where nothing is trained.</param>
/// <param name="addZeroAttn">Whether each sequence gets a key and a value of zeros.</param>
internal readonly struct HeadedAttention(string name, int heads, double dropout, bool addZeroAttn)
{
    /// <summary>The output [L, N, E] and the weights [N, heads, L, S] of queries, keys and values [·, N, ·].</summary>
    internal (Tensor Output, Tensor Weights) Of(
        Tensor query, Tensor key, Tensor value, Tensor? keyPaddingMask, Tensor? attnMask, AttentionWeights weights)
    {
        (int steps, int batch, int e) = (query.Shape[0], query.Shape[1], query.Shape[2]);
        (Tensor q, Tensor k, Tensor v) = weights.Project(query, key, value);
        Tensor? mask = attnMask is null ? null : AttentionMask(attnMask, steps, key.Shape[0], batch, q.DType);
        if (keyPaddingMask is not null)
        {
            Tensor padding = PaddingMask(keyPaddingMask, key.Shape[0], batch, q.DType);
            mask = mask is null ? padding : mask + padding;
        }
        if (weights.BiasK is not null)
        {
            (k, v) = (Tensor.Cat([k, weights.BiasK.Expand(1, batch, e)], 0), Tensor.Cat([v, weights.BiasV!.Expand(1, batch, e)], 0));
            mask = mask?.Pad([0, 1]);
        }
        (q, k, v) = (Headed(q), Headed(k), Headed(v));
        if (addZeroAttn)
        {
            Tensor zeros = Tensor.Zeros([batch * heads, 1, e / heads], k.DType);
            (k, v) = (Tensor.Cat([k, zeros], 1), Tensor.Cat([v, zeros], 1));
            mask = mask?.Pad([0, 1]);
        }
        int keys = k.Shape[1];
        Tensor scores = (q * (1 / Math.Sqrt((double)e / heads))).Bmm(k.Transpose(1, 2)).View(batch, heads, steps, keys);
        Tensor each = (mask is null ? scores : scores + mask).Softmax(-1).Dropout(dropout, dropout > 0);
        Tensor heard = each.View(batch * heads, steps, keys).Bmm(v);
        Tensor rows = heard.Transpose(0, 1).Reshape(steps * batch, e);
        return (F.Linear(rows, weights.Out, weights.OutBias).View(steps, batch, weights.Out.Shape[0]), each);
    }

    // [S, N, E] as [N·heads, S, E/heads].
    private Tensor Headed(Tensor x) => x.Reshape(x.Shape[0], x.Shape[1] * heads, x.Shape[2] / heads).Transpose(0, 1);

    // Broadcasts to [N, heads, L, S].
    private Tensor AttentionMask(Tensor mask, int steps, int keys, int batch, DType dtype)
    {
        bool isOne = mask.NDim == 2;
        Shape expected = isOne ? [steps, keys] : [batch * heads, steps, keys];
        if (!mask.Shape.Equals(expected))
            throw new ShapeException(
                $"{name}: attnMask must have shape [{steps}, {keys}] or [{batch * heads}, {steps}, {keys}], but its shape is {mask.Shape}.");
        Tensor numbers = AttentionScores.Numbers(name, mask, "attnMask", dtype, isBlocking: true);
        return isOne ? numbers.View(1, 1, steps, keys) : numbers.Reshape(batch, heads, steps, keys);
    }

    private Tensor PaddingMask(Tensor mask, int keys, int batch, DType dtype)
    {
        if (mask.NDim != 2 || mask.Shape[0] != batch || mask.Shape[1] != keys)
            throw new ShapeException($"{name}: keyPaddingMask must have shape [{batch}, {keys}], but its shape is {mask.Shape}.");
        return AttentionScores.Numbers(name, mask, "keyPaddingMask", dtype, isBlocking: true).Reshape(batch, 1, 1, keys);
    }
}
