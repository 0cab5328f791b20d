using Adjoint.Nn;
using Adjoint.Training;

namespace Adjoint.Data;

public sealed partial class DataLoader
{
    private WeakReference<Epoch>? _epoch;
    private EpochPlace? _goOn;

    /// <summary>
    /// Where the loader is, for saving: between two epochs, or in the middle of the one that was begun last and is not over, after the
    /// batch that was given last. With it come the states of the generators that were given to the loader and its sampler.
    /// </summary>
    /// <remarks>
    /// <see cref="Rng.Default"/> is not in it; a <see cref="Checkpoint"/> keeps that. A sampler of one's own, whose enumerator is not
    /// <see cref="IStateful"/>, is asked again for the batches that were given; it must draw its order when an epoch begins.
    /// </remarks>
    /// <exception cref="NotSupportedException">The examples come from an <see cref="IterableDataset"/>, which does not say where it is.</exception>
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        BatchSampler batches = Known();
        var state = new OrderedDictionary<string, object?> { ["examples"] = Dataset.Count, ["batches"] = Count };
        if (_generator is { } own) state["generator"] = Tensor.From(own.GetState());
        if (batches.Source is { } source) state["sampler_generator"] = Tensor.From(source.GetState());
        if ((_goOn ?? (_epoch is not null && _epoch.TryGetTarget(out Epoch? epoch) ? epoch.Place : null)) is { } place)
            state["epoch"] = place.ToState();
        return state;
    }

    /// <summary>
    /// Continues from a saved state: the next enumeration goes on with the epoch that was begun, if there was one, after the batch that was
    /// given last. (It gives no batch at all where that was the epoch's last.)
    /// </summary>
    /// <param name="state">What <see cref="StateDict"/> of a loader of the same dataset and options gave.</param>
    /// <exception cref="ArgumentException">It is of a loader of another dataset or other batches; nothing is changed then.</exception>
    /// <exception cref="NotSupportedException">The examples come from an <see cref="IterableDataset"/>.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        state.Given();
        BatchSampler sampled = Known();
        int examples = States.Whole(state, "examples", nameof(DataLoader)), batches = States.Whole(state, "batches", nameof(DataLoader));
        if (examples != Dataset.Count || batches != Count)
            throw new ArgumentException(
                $"DataLoader: the state is of a loader of {examples} examples in {batches} batches, but this one has {Dataset.Count} in {Count}.",
                nameof(state));
        EpochPlace? place = state.TryGetValue("epoch", out object? epoch) ? EpochPlace.Of(epoch, examples) : null;
        foreach ((string name, Generator? generator) in (ReadOnlySpan<(string, Generator?)>)[("generator", _generator),
            ("sampler_generator", sampled.Source)])
        {
            if (generator is null && state.ContainsKey(name))
                throw new ArgumentException($"DataLoader: the state has a \"{name}\", but this loader was given none.", nameof(state));
            if (generator is not null) _ = new Generator(0).With(States.Bytes(state, name, nameof(DataLoader)));
        }
        _generator?.SetState(States.Bytes(state, "generator", nameof(DataLoader)));
        sampled.Source?.SetState(States.Bytes(state, "sampler_generator", nameof(DataLoader)));
        _goOn = place;
        _epoch = null;
    }

    private BatchSampler Known() => _batches
        ?? throw new NotSupportedException("DataLoader: the examples come from an IterableDataset, which does not say where it is.");
}
