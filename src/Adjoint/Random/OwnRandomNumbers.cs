namespace Adjoint;

/// <summary>A default generator of this thread alone, from its making to its disposal; seeded only when it is asked for.</summary>
internal sealed class OwnRandomNumbers : IDisposable
{
    [ThreadStatic]
    private static OwnRandomNumbers? t_now;

    private readonly OwnRandomNumbers? _outer;
    private readonly long _seed;
    private Generator? _generator;

    internal OwnRandomNumbers(long seed)
    {
        (_seed, _outer) = (seed, t_now);
        t_now = this;
    }

    /// <summary>This thread's own default generator; null where it has the program's.</summary>
    internal static Generator? OfThisThread => t_now is { } now ? now._generator ??= new Generator(now._seed) : null;

    /// <summary>The thread has again what it had before.</summary>
    public void Dispose() => t_now = _outer;
}
