namespace Adjoint;

/// <summary>
/// Which generators a piece of code draws from, and where they stood before: what it takes to run it again with the same numbers.
/// </summary>
internal sealed class RandomRecord
{
    private readonly Lock _noting = new();
    private readonly Dictionary<Generator, byte[]> _before = [];
    private readonly RandomRecord? _outer = Here.Now.Rare.Draws;
    private bool _isComplete;

    /// <summary>Called before a generator moves.</summary>
    internal static void Note(Generator generator)
    {
        for (RandomRecord? record = Here.Now.Rare.Draws; record is not null; record = record._outer) record.Add(generator);
    }

    /// <summary>
    /// Calls a function; the second time and later the generators that it drew from stand meanwhile where they stood the first time,
    /// so that they have moved once in the end.
    /// </summary>
    internal T Run<T>(Func<T> f)
    {
        if (_isComplete) return Again(f);
        _isComplete = true;
        ModeState now = ModeState.Now;
        using UserCode _ = UserCode.In(now with { Rare = now.Rare with { Draws = this } });
        return f();
    }

    /// <summary>Brings the generators back to where they stood: the first call came to nothing.</summary>
    internal void Rewind()
    {
        lock (_noting)
        {
            foreach ((Generator generator, byte[] state) in _before) generator.Restore(state);
        }
    }

    private T Again<T>(Func<T> f)
    {
        // To a graph each draw is an operation that moves its generator on.
        if (_before.Count > 0 && GraphCapture.IsAnywhere && GraphCapture.Current is { } capture)
            throw capture.Refuse(
                "Graph.Capture: a function that draws random numbers is computed again with the same ones (Autograd.Checkpoint, or a "
                + "transform in reverse mode), where a run of the graph would draw others. Leave the draws out of it, or draw before it.");
        (Generator Generator, byte[] State)[] present;
        lock (_noting)
        {
            present = [.. _before.Keys.Select(generator => (generator, generator.GetState()))];
            foreach ((Generator generator, byte[] state) in _before) generator.Restore(state);
        }
        try
        {
            ModeState now = ModeState.Now;
            using UserCode _ = UserCode.In(now with { Rare = now.Rare with { Draws = null } });
            return f();
        }
        finally
        {
            foreach ((Generator generator, byte[] state) in present) generator.Restore(state);
        }
    }

    private void Add(Generator generator)
    {
        lock (_noting) _before.TryAdd(generator, generator.GetState());
    }
}
