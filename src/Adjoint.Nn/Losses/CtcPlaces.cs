using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>The places of the sequences of a batch: a blank before, between and behind their labels.</summary>
internal sealed class CtcPlaces
{
    private readonly long[] _labels, _lengths, _ends;
    private readonly int _classes, _blank;

    private CtcPlaces(Tensor x, Tensor labels, Tensor lengths, Tensor ends, int blank)
    {
        (_labels, _lengths, _ends) = (Elements.ToArray<long>(labels), Elements.ToArray<long>(lengths), Elements.ToArray<long>(ends));
        (Batch, Count, _classes, _blank) = (labels.Shape[0], labels.Shape[1], x.Shape[2], blank);
        foreach (long label in _labels)
            if (label < 0 || label >= _classes)
                throw new TensorIndexException(
                    $"CtcLoss: label {label} is out of bounds; there are {_classes} classes, 0 to {_classes - 1}.");
    }

    /// <summary>Those of logProbs, labels, lengths and ends, as the operation takes them.</summary>
    internal static CtcPlaces Of(ReadOnlySpan<Tensor?> inputs, int blank) => new(inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!, blank);

    /// <summary>How many sequences.</summary>
    internal int Batch { get; }

    /// <summary>How many places each row has.</summary>
    internal int Count { get; }

    /// <summary>0 where a way may leave out the place before, between two labels that differ; else nothing.</summary>
    internal T[] Skips<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Skips<T>(0);

    /// <summary>0 where a way may leave out the place behind.</summary>
    internal T[] SkipsOn<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Skips<T>(2);

    private T[] Skips<T>(int on) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var skips = new T[_labels.Length];
        for (int i = 0; i < skips.Length; i++)
        {
            int s = i % Count + on, at = i + on;
            bool may = s >= 2 && s < Count && _labels[at] != _blank && _labels[at] != _labels[at - 2];
            skips[i] = may ? T.Zero : T.CreateTruncating(Alignments.Nothing);
        }
        return skips;
    }

    /// <summary>What each place emits at a step.</summary>
    internal void Emitted<T>(ReadOnlySpan<T> x, int step, Span<T> emitted) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T nothing = T.CreateTruncating(Alignments.Nothing);
        for (int n = 0, i = 0; n < Batch; n++)
        {
            ReadOnlySpan<T> row = x.Slice((step * Batch + n) * _classes, _classes);
            for (int s = 0; s < Count; s++, i++)
            {
                T value = row[(int)_labels[i]];
                emitted[i] = value < nothing ? nothing : value;
            }
        }
    }

    /// <summary>The ways after the first step: to the first blank or the first label.</summary>
    internal void Begin<T>(ReadOnlySpan<T> emitted, Span<T> ways) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T nothing = T.CreateTruncating(Alignments.Nothing);
        for (int n = 0, i = 0; n < Batch; n++)
            for (int s = 0; s < Count; s++, i++) ways[i] = s < 2 && s <= _ends[n] ? emitted[i] : nothing;
    }

    /// <summary>Rows with room for two places more before them.</summary>
    internal void Spread<T>(ReadOnlySpan<T> rows, Span<T> target, int room)
    {
        for (int n = 0; n < Batch; n++) rows.Slice(n * Count, Count).CopyTo(target.Slice(n * (Count + 2) + room, Count));
    }

    /// <summary>Beyond its last step a sequence stays as it is.</summary>
    internal void Stay<T>(int step, ReadOnlySpan<T> last, Span<T> now)
    {
        for (int n = 0; n < Batch; n++)
            if (step >= _lengths[n]) last.Slice(n * Count, Count).CopyTo(now.Slice(n * Count, Count));
    }

    /// <summary>At its last step a sequence is at its last label or at the blank behind it; beyond that there is no way.</summary>
    internal void End<T>(int step, Span<T> from) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n < Batch; n++)
        {
            if (step < _lengths[n] - 1) continue;
            Span<T> row = from.Slice(n * Count, Count);
            row.Fill(T.CreateTruncating(Alignments.Nothing));
            if (step >= _lengths[n]) continue;
            row[(int)_ends[n]] = T.Zero;
            if (_ends[n] > 0) row[(int)_ends[n] - 1] = T.Zero;
        }
    }

    /// <summary>The logarithm of the sum of all ways of a sequence.</summary>
    internal T Likelihood<T>(ReadOnlySpan<T> ways, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int end = n * Count + (int)_ends[n];
        T before = _ends[n] == 0 ? T.CreateTruncating(Alignments.Nothing) : ways[end - 1];
        return new LogAddExpOp().Value(new Real<T>(ways[end]), new Real<T>(before)).Value;
    }

    /// <summary>The loss of a sequence: without a way ∞ or 0, and without a step 0 of no labels.</summary>
    internal T Loss<T>(ReadOnlySpan<T> ways, int n, bool zeroInfinity) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_lengths[n] == 0 && _ends[n] == 0) return T.Zero;
        T likelihood = Likelihood(ways, n);
        return !HasWay(likelihood, n) ? zeroInfinity ? T.Zero : T.PositiveInfinity : -likelihood;
    }

    private bool HasWay<T>(T likelihood, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        _lengths[n] > 0 && !(likelihood < T.CreateTruncating(Alignments.Nothing / 10));

    /// <summary>dx −= g·share at the class of each place, of the sequences that have a way.</summary>
    internal void Give<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> shares, ReadOnlySpan<T> likelihoods, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n < Batch; n++)
        {
            if (!HasWay(likelihoods[n], n)) continue;
            Span<T> row = dx.Slice(n * _classes, _classes);
            for (int i = n * Count; i < (n + 1) * Count; i++) row[(int)_labels[i]] -= g[n] * shares[i];
        }
    }
}
