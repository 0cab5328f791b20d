using Adjoint.Nn;
using Adjoint.Training;

namespace Adjoint.Data;

/// <summary>The indices of the batches of an epoch, in order, from its beginning or from a place in it.</summary>
/// <param name="batches">Who says what is in a batch.</param>
/// <param name="generator">The loader's generator.</param>
/// <param name="seed">The seed of the epoch.</param>
/// <param name="from">Where to go on; null to begin.</param>
internal sealed class BatchOrder(BatchSampler batches, Generator? generator, long seed, EpochPlace? from) : IBatchOrder
{
    private readonly Queue<int[]> _drawn = new(from?.Ahead ?? []);
    private readonly bool _isDrawn = from?.IsDrawn ?? false;
    private EpochPlace? _from = from;
    private IEnumerator<int[]>? _pass;
    private (byte[] Default, byte[]? Own)? _before;
    private bool _isOver;

    /// <summary>How many batches were given before.</summary>
    public int Given { get; } = from?.Given ?? 0;

    /// <summary>The next batch; null after the last.</summary>
    public int[]? Next()
    {
        if (_isOver) return null;
        if (_drawn.TryDequeue(out int[]? ahead)) return ahead;
        if (_isDrawn) return null;
        _pass ??= Pass();
        if (!_pass.MoveNext()) return null;
        return _pass.Current
            ?? throw new InvalidOperationException($"DataLoader: {TypeText.Of(batches.GetType())} gave null for a batch.");
    }

    /// <summary>Where the pass is, when so many batches were given and these are drawn.</summary>
    public EpochPlace Place(int given, int[][] ahead, bool isDrawn)
    {
        // Nothing was asked for yet: what is ahead has not moved to the epoch.
        int[][] all = [.. ahead, .. _drawn];
        if (isDrawn || _isDrawn) return new(seed, given, all, true, null, null);
        if (_pass is null) return new(seed, given, all, false, _from?.Sampler, _from?.Before);
        IStateful? place = PlaceOf(_pass);
        return new(seed, given, all, false, place?.StateDict(), place is null ? _before : null);
    }

    public void Dispose()
    {
        _isOver = true;
        _pass?.Dispose();
    }

    private static IStateful? PlaceOf(IEnumerator<int[]> pass) => (pass as BatchPass)?.Place ?? pass as IStateful;

    private IEnumerator<int[]> Pass()
    {
        (EpochPlace? place, _from) = (_from, null);
        if (place is null || (place.Sampler is null && place.Before is null)) return Begun();
        // What was drawn for the beginning of this pass was drawn by the one that is gone on with.
        using GeneratorFork rng = Rng.Fork();
        using GeneratorFork? own = generator?.Fork();
        IEnumerator<int[]> pass;
        if (place.Before is { } before)
        {
            Rng.Default.SetState(before.Default);
            if (before.Own is { } state) generator?.SetState(state);
            pass = Begun();
            for (int i = 0; i < place.Given + place.Ahead.Length; i++)
                if (!pass.MoveNext())
                    throw new InvalidOperationException(
                        $"DataLoader: the epoch that is gone on with had {place.Given + place.Ahead.Length} batches, but "
                        + $"{TypeText.Of(batches.GetType())} gives {i}.");
            return pass;
        }
        pass = Begun();
        if (PlaceOf(pass) is not { } told)
            throw new InvalidOperationException("DataLoader: the state was saved with another sampler, which could tell where it was.");
        told.LoadStateDict(place.Sampler!);
        return pass;
    }

    private IEnumerator<int[]> Begun()
    {
        byte[] rng = Rng.Default.GetState();
        byte[]? own = generator?.GetState();
        IEnumerator<int[]> pass = batches.GetEnumerator();
        try
        {
            (pass as BatchPass)?.Begin();
        }
        catch
        {
            pass.Dispose();
            throw;
        }
        if (PlaceOf(pass) is null) _before = (rng, own);
        return pass;
    }
}
