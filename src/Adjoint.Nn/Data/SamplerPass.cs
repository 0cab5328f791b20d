using System.Collections;
using Adjoint.Training;

namespace Adjoint.Data;

/// <summary>
/// One pass of a sampler that draws its indices in pieces. It can be left between two indices and gone on with elsewhere.
/// </summary>
/// <remarks>
/// // Note [A pass that goes on]
/// What a pass remembers is not the indices that are still to come, which may be many, but the state of the generator before the present
/// piece and how much of the piece was given. Whoever goes on draws the piece again, from a generator of its own, and finds the same
/// indices.
/// The generator that the pass draws from is somebody else's and is put back by whoever keeps it; one that is the pass's own has, after the
/// piece was drawn again, the state that it had.
/// </remarks>
/// <param name="generator">What draws.</param>
/// <param name="isOwn">Whether nobody else draws from it.</param>
/// <param name="left">How many indices are to be drawn.</param>
/// <param name="draw">The next piece, when so many are left; null when there is none.</param>
internal sealed class SamplerPass(Generator generator, bool isOwn, int left, Func<Generator, int, SamplerPass.Piece?> draw)
    : IEnumerator<int>, IStateful
{
    /// <summary>Indices that were drawn together.</summary>
    /// <param name="Indices">The indices.</param>
    /// <param name="Given">How many of them are given, from the first.</param>
    /// <param name="Left">How many are left for later pieces; below 0 for none.</param>
    internal sealed record Piece(int[] Indices, int Given, int Left);

    private byte[]? _before;
    private bool _isOver;
    private Piece? _piece;
    private readonly int _all = left;
    private int _left = left, _leftBefore, _at = -1;

    /// <inheritdoc/>
    public int Current => _piece is { } piece && _at >= 0 && _at < piece.Given ? piece.Indices[_at]
        : throw new InvalidOperationException("There is no index before the first MoveNext, and none after it has returned false.");

    object IEnumerator.Current => Current;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        _at++;
        while (_piece is null || _at >= _piece.Given)
        {
            if (!Draw(generator))
            {
                _isOver = true;
                return false;
            }
            _at = 0;
        }
        return true;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> StateDict() => new OrderedDictionary<string, object?>
    {
        ["generator"] = Tensor.From(_before ?? generator.GetState()),
        ["given"] = _piece is null ? 0 : Math.Min(_at + 1, _piece.Given),
        ["left"] = Math.Max(0, _piece is null ? _left : _leftBefore),
        ["is_over"] = _isOver,
    };

    /// <inheritdoc/>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        byte[] before = States.Bytes(state, "generator", "SamplerPass");
        int given = States.Whole(state, "given", "SamplerPass"), leftNow = States.Whole(state, "left", "SamplerPass");
        if (leftNow > _all)
            throw new ArgumentException($"SamplerPass: the state has {leftNow} indices left, but a pass has {_all}.", nameof(state));
        // See Note [A pass that goes on].
        Generator again = isOwn ? generator : new Generator(0);
        again.Restore(before);
        _isOver = state.TryGetValue("is_over", out object? over) && over is true;
        // Who has asked for more than there is has had the generator draw all: nothing is drawn again.
        (_left, _piece, _at) = (_isOver ? -1 : leftNow, null, -1);
        if (given == 0 || _isOver) return;
        if (!Draw(again) || given > _piece!.Given)
            throw new ArgumentException("SamplerPass: the state is that of another sampler, with more indices in a piece.", nameof(state));
        _at = given - 1;
    }

    /// <inheritdoc/>
    public void Reset() => throw new NotSupportedException("A pass of a sampler cannot be begun again; ask the sampler for another.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private bool Draw(Generator from)
    {
        (byte[] before, int leftBefore) = (from.GetState(), _left);
        if (draw(from, _left) is not { } piece) return false;
        (_before, _leftBefore, _piece, _left) = (before, leftBefore, piece, piece.Left);
        return true;
    }
}
