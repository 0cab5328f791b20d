using Adjoint.Training;

namespace Adjoint.Data;

/// <summary>Where a pass over a <see cref="DataLoader"/> is.</summary>
/// <param name="Seed">The seed of the epoch.</param>
/// <param name="Given">How many batches were given.</param>
/// <param name="Ahead">The batches that were drawn, but not given.</param>
/// <param name="IsDrawn">Whether all are drawn.</param>
/// <param name="Sampler">Where the sampler is; null where it does not tell, or has not begun.</param>
/// <param name="Before">The states of <see cref="Rng.Default"/> and of the loader's generator before the first batch was drawn, where the
/// sampler does not tell.</param>
internal sealed record EpochPlace(
    long Seed, int Given, int[][] Ahead, bool IsDrawn, IReadOnlyDictionary<string, object?>? Sampler, (byte[] Default, byte[]? Own)? Before)
{
    /// <summary>As it is saved.</summary>
    internal OrderedDictionary<string, object?> ToState()
    {
        var state = new OrderedDictionary<string, object?>
        {
            ["seed"] = Tensor.From([Seed]),
            ["given"] = Given,
            ["drawn_ahead"] = Ahead,
            ["is_drawn"] = IsDrawn,
        };
        if (Sampler is not null) state["sampler"] = Sampler;
        if (Before is { } before)
        {
            state["rng_before"] = Tensor.From(before.Default);
            if (before.Own is { } own) state["generator_before"] = Tensor.From(own);
        }
        return state;
    }

    /// <summary>What was saved.</summary>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    internal static EpochPlace Of(object? saved, int examples)
    {
        if (States.Named(saved) is not { } state
            || !state.TryGetValue("drawn_ahead", out object? drawn) || drawn is not System.Collections.IEnumerable list
            || !state.TryGetValue("is_drawn", out object? flag) || flag is not bool isDrawn
            || !state.TryGetValue("seed", out object? drawnSeed) || drawnSeed is not Tensor { NumEl: 1 } seed
            || seed.DType != DTypes.Of<long>())
            throw new ArgumentException("DataLoader: \"epoch\" of the state is no place in an epoch.", nameof(saved));
        var ahead = new List<int[]>();
        foreach (object? batch in list)
            ahead.Add(States.Wholes(batch) is { } indices && Array.TrueForAll(indices, i => i >= 0 && i < examples) ? indices
                : throw new ArgumentException($"DataLoader: the state has drawn a batch that is no list of indices below {examples}.",
                    nameof(saved)));
        IReadOnlyDictionary<string, object?>? sampler = state.TryGetValue("sampler", out object? place) ? States.Named(place)
            ?? throw new ArgumentException("DataLoader: \"sampler\" of the state is no dictionary.", nameof(saved)) : null;
        (byte[], byte[]?)? before = !state.ContainsKey("rng_before") ? null : (Seen("rng_before"),
            state.ContainsKey("generator_before") ? Seen("generator_before") : null);
        return new(seed.Item<long>(), States.Whole(state, "given", nameof(DataLoader)), [.. ahead], isDrawn, sampler, before);

        byte[] Seen(string name)
        {
            byte[] bytes = States.Bytes(state, name, nameof(DataLoader));
            _ = new Generator(0).With(bytes);
            return bytes;
        }
    }
}
