using System.Collections;
using Adjoint.Training;

namespace Adjoint.Data;

/// <summary>0, 1, 2, …</summary>
/// <param name="count">How many; at least 0.</param>
public sealed class SequentialSampler(int count) : Sampler
{
    private readonly int _count = count.AtLeast(0);

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override IEnumerator<int> GetEnumerator() => new Pass(_count);

    private sealed class Pass(int count) : IEnumerator<int>, IStateful
    {
        private int _given;

        public int Current => _given > 0 ? _given - 1 : throw new InvalidOperationException("There is no index before the first MoveNext.");

        object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_given == count) return false;
            _given++;
            return true;
        }

        public IReadOnlyDictionary<string, object?> StateDict() => new Dictionary<string, object?> { ["given"] = _given };

        public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
        {
            int given = States.Whole(state, "given", nameof(SequentialSampler));
            _given = given <= count ? given
                : throw new ArgumentException($"SequentialSampler: the state has given {given} indices of {count}.", nameof(state));
        }

        public void Reset() => _given = 0;

        public void Dispose()
        {
        }
    }
}
