namespace Adjoint;

/// <summary>
/// A tensor whose dimensions have labels: what is left to multiply and sum of an <see cref="Tensor.Einsum(string, Tensor[])"/>.
/// </summary>
/// <remarks>
/// // Note [Contraction]
/// Each operand is first made as small as it gets: a repeated label becomes a diagonal, a dimension of size 1 that would be broadcast is
/// dropped, and a label that nobody else has is summed. Then every label of a pair belongs to one of four groups: in both and kept
/// (batch), in both and summed, only left, only right. So a pair is one batched matrix product
/// [batch, left, summed] · [batch, summed, right], or, where nothing is summed, a product with broadcasting.
/// </remarks>
internal readonly record struct Contraction(Tensor Tensor, int[] Labels)
{
    /// <summary>The whole sum of products.</summary>
    internal static Tensor Of(EinsumEquation equation, Tensor[] operands)
    {
        EinsumLabels labels = EinsumLabels.Of(equation, operands);
        var parts = new Contraction[operands.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = new Contraction(operands[i], labels.Operands[i]).Diagonal().Squeezed(labels.Sizes);
        for (int i = 0; i < parts.Length; i++) parts[i] = parts[i].Summed(Except(parts, i, labels.Output));

        Contraction result = parts[0];
        for (int i = 1; i < parts.Length; i++)
            result = result.Times(parts[i], [.. labels.Output, .. parts.Skip(i + 1).SelectMany(part => part.Labels)]);
        return result.Ordered(labels.Output);
    }

    private static HashSet<int> Except(Contraction[] parts, int own, int[] output) =>
        [.. output, .. parts.Where((_, i) => i != own).SelectMany(part => part.Labels)];

    private Contraction Diagonal()
    {
        Tensor x = Tensor;
        List<int> labels = [.. Labels];
        for (int d = 0; d < labels.Count;)
        {
            int again = labels.IndexOf(labels[d], d + 1);
            if (again < 0)
            {
                d++;
                continue;
            }
            int label = labels[d];
            x = x.Diagonal(0, d, again);
            labels.RemoveAt(again);
            labels.RemoveAt(d);
            labels.Add(label);
        }
        return new Contraction(x, [.. labels]);
    }

    private Contraction Squeezed(IReadOnlyDictionary<int, int> sizes)
    {
        Tensor x = Tensor;
        List<int> labels = [.. Labels];
        for (int d = labels.Count - 1; d >= 0; d--)
        {
            if (x.Shape[d] != 1 || sizes[labels[d]] == 1) continue;
            x = x.Squeeze(d);
            labels.RemoveAt(d);
        }
        return new Contraction(x, [.. labels]);
    }

    private Contraction Summed(IReadOnlySet<int> kept)
    {
        int[] labels = Labels;
        int[] lone = [.. Enumerable.Range(0, labels.Length).Where(d => !kept.Contains(labels[d]))];
        if (lone.Length == 0) return this;
        return new Contraction(Tensor.Sum(lone), [.. labels.Where(kept.Contains)]);
    }

    private Contraction Times(Contraction other, HashSet<int> kept)
    {
        int[] mine = Labels, theirs = other.Labels;
        int[] batch = [.. mine.Where(label => theirs.Contains(label) && kept.Contains(label))];
        int[] summed = [.. mine.Where(label => theirs.Contains(label) && !kept.Contains(label))];
        int[] left = [.. mine.Except(theirs)], right = [.. theirs.Except(mine)];
        int[] labels = [.. batch, .. left, .. right];
        if (summed.Length == 0)
            return new Contraction(Aligned(labels) * other.Aligned(labels), labels);
        if (left.Length == 0 && right.Length == 0 && batch.Length > 0 && Tensor.DType.IsFloatingPoint)
        {
            int[] order = [.. batch, .. summed], last = [.. Enumerable.Range(batch.Length, summed.Length)];
            return new Contraction((Ordered(order) * other.Ordered(order)).Sum(last), labels);
        }

        // Only integers can differ here: a lone label's sum is of Int64.
        DType dtype = DTypes.Promote(Tensor.DType, other.Tensor.DType);
        Tensor x = Grouped(batch, left, summed).To(dtype), y = other.Grouped(batch, summed, right).To(dtype);
        Tensor product = batch.Length > 0 ? x.Bmm(y)
            : left.Length == 0 && right.Length == 0 ? x.Flatten().Dot(y.Flatten())
            : x.MatMul(y);
        return new Contraction(product.Reshape([.. Sizes(batch), .. Sizes(left), .. other.Sizes(right)]), labels);
    }

    /// <summary>The tensor with its dimensions in the order of <paramref name="labels"/>, and 1 for those it has not.</summary>
    private Tensor Aligned(int[] labels)
    {
        int[] mine = Labels;
        Tensor x = Ordered([.. labels.Where(mine.Contains)]);
        for (int d = 0; d < labels.Length; d++)
            if (!mine.Contains(labels[d])) x = x.Unsqueeze(d);
        return x;
    }

    /// <summary>The tensor with its dimensions in another order; a view, also where the order is the same.</summary>
    private Tensor Ordered(int[] labels)
    {
        int[] mine = Labels;
        return Tensor.Permute([.. labels.Select(label => Array.IndexOf(mine, label))]);
    }

    /// <summary>The tensor as a matrix, or a batch of them: each group of labels is one dimension.</summary>
    private Tensor Grouped(int[] batch, int[] rows, int[] columns)
    {
        Tensor x = Ordered([.. batch, .. rows, .. columns]);
        int r = Count(rows), c = Count(columns);
        if (batch.Length == 0) return rows.Length == 1 && columns.Length == 1 ? x : x.Reshape(r, c);
        return x.NDim == 3 ? x : x.Reshape(Count(batch), r, c);
    }

    private int Count(int[] labels) => Sizes(labels).Aggregate(1, (product, size) => product * size);

    private int[] Sizes(int[] labels)
    {
        (Tensor x, int[] mine) = (Tensor, Labels);
        return [.. labels.Select(label => x.Shape[Array.IndexOf(mine, label)])];
    }
}
