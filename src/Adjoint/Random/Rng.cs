namespace Adjoint;

/// <summary>
/// The generator that is used where none is given: one for the whole program, seeded differently in every run until
/// <see cref="ManualSeed(long)"/>.
/// </summary>
public static class Rng
{
    private static readonly Generator s_default = CreateDefault();

    /// <summary>
    /// The generator of the whole program. (While a <c>DataLoader</c> prepares a batch in the background, what its dataset calls has one of
    /// that batch's own.)
    /// </summary>
    public static Generator Default => OwnRandomNumbers.OfThisThread ?? s_default;

    /// <summary>
    /// Seeds <see cref="Default"/>, so that what follows is the same in every run, and the same as in PyTorch after
    /// <c>torch.manual_seed(seed)</c>.
    /// </summary>
    /// <returns><see cref="Default"/>.</returns>
    public static Generator ManualSeed(long seed) => Default.ManualSeed(seed);

    /// <inheritdoc cref="ManualSeed(long)"/>
    public static Generator ManualSeed(ulong seed) => Default.ManualSeed(seed);

    /// <summary>A snapshot of <see cref="Default"/>; see <see cref="Generator.GetState"/>.</summary>
    public static byte[] GetState() => Default.GetState();

    /// <summary>Sets <see cref="Default"/> to a snapshot; see <see cref="Generator.SetState"/>.</summary>
    public static void SetState(ReadOnlySpan<byte> state) => Default.SetState(state);

    /// <summary>
    /// What is drawn from <see cref="Default"/> until the result is disposed leaves no trace; see <see cref="Generator.Fork"/>.
    /// </summary>
    public static GeneratorFork Fork() => Default.Fork();

    /// <summary>
    /// What this thread draws from <see cref="Default"/> until the result is disposed has a generator of its own with that seed.
    /// </summary>
    internal static OwnRandomNumbers Own(long seed) => new(seed);

    private static Generator CreateDefault()
    {
        var generator = new Generator();
        generator.Seed();
        return generator;
    }
}
