namespace Adjoint;

/// <summary>Sets a generator back to the state it had at <see cref="Generator.Fork"/>, when disposed.</summary>
public sealed class GeneratorFork : IDisposable
{
    private readonly Generator _generator;
    private byte[]? _state;

    internal GeneratorFork(Generator generator) => (_generator, _state) = (generator, generator.GetState());

    /// <summary>Sets the generator back. A second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _state, null) is { } state) _generator.SetState(state);
    }
}
