namespace Adjoint.Data;

/// <summary>
/// Stretches of a long sequence with what comes one step later: example i is <c>sequence[s … s + length − 1]</c> and
/// <c>sequence[s + horizon … s + horizon + length − 1]</c> with s = i · stride. For language models (characters, words) and time series.
/// </summary>
public sealed class WindowDataset : Dataset
{
    private readonly Tensor _sequence;
    private readonly int _stride, _horizon;

    /// <summary>The stretches of <paramref name="sequence"/>, of any dtype; its first dimension is time.</summary>
    /// <param name="sequence">The sequence, [time, …]. What requires grad is detached.</param>
    /// <param name="length">Steps of a stretch; at least 1.</param>
    /// <param name="stride">How many steps later the next stretch begins; at least 1.</param>
    /// <param name="horizon">How many steps the target is later; at least 1.</param>
    /// <exception cref="ShapeException">The sequence has no dimension of time.</exception>
    public WindowDataset(Tensor sequence, int length, int stride = 1, int horizon = 1)
    {
        sequence.Given();
        if (sequence.NDim == 0) throw new ShapeException("WindowDataset: the sequence has no dimensions; the first one is time.");
        (Length, _stride, _horizon) = (length.AtLeast(1), stride.AtLeast(1), horizon.AtLeast(1));
        _sequence = Elements.ToContiguous(sequence.Detach());
        _sequence.KeepBeyondScopes();
        long places = (long)_sequence.Shape[0] - length - horizon;
        Count = places < 0 ? 0 : (int)(places / stride) + 1;
    }

    /// <summary>Steps of a stretch.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>True: the sequence is only read.</summary>
    public override bool IsThreadSafe => true;

    /// <inheritdoc/>
    public override Tensor[] this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(
                    nameof(index), index, $"WindowDataset: there is no stretch {index}; the dataset has {Count}.");
            int start = index * _stride;
            return [_sequence.Narrow(0, start, Length), _sequence.Narrow(0, start + _horizon, Length)];
        }
    }
}
