using Adjoint.Data;

namespace Adjoint.Cli.Training.Language;

/// <summary>
/// A text in stretches of one length, one after the other: example i is a stretch, Int64 [length], and as its target for each character the
/// number of the one that follows. A batch has its targets in one row, [n · length], as scores of characters have theirs.
/// </summary>
internal sealed class TextWindows : Dataset
{
    private readonly long[] _characters;
    private readonly int _length;

    /// <summary>The stretches of a text; what is left over at its end is in none.</summary>
    /// <param name="characters">The numbers of its characters.</param>
    /// <param name="length">Characters of a stretch.</param>
    public TextWindows(ReadOnlySpan<long> characters, int length) =>
        (_characters, _length, Count) = (characters.ToArray(), length, Math.Max(0, (characters.Length - 1) / length));

    public override int Count { get; }

    /// <summary>True: the text is only read.</summary>
    public override bool IsThreadSafe => true;

    public override Tensor[] this[int index]
    {
        get
        {
            (Tensor x, Tensor y) = GetBatch([index]);
            return [x.Select(0, 0), y];
        }
    }

    public override Batch GetBatch(ReadOnlySpan<int> indices)
    {
        long[] x = new long[indices.Length * _length], y = new long[x.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            ReadOnlySpan<long> stretch = _characters.AsSpan(indices[i] * _length, _length + 1);
            stretch[..^1].CopyTo(x.AsSpan(i * _length));
            stretch[1..].CopyTo(y.AsSpan(i * _length));
        }
        return new Batch([Tensor.From(x).View(indices.Length, _length), Tensor.From(y)]);
    }
}
