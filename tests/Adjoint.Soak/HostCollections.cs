namespace Adjoint.Soak;

/// <summary>
/// A program whose host forbids collections: beyond the budget it has the collector's own memory, and is bounded by what that decides.
/// </summary>
internal static class HostCollections
{
    internal static int Run(long total)
    {
        Cpu.Memory.Collections = CollectionPolicy.Never;
        Tensor sum = Tensor.Zeros(300_000), other = Tensor.Ones(300_000);
        long made = 0, most = 0;
        for (int step = 0; made < total; step++)
        {
            sum = sum + (step % 3 == 0 ? other[..1] : other);
            made += 4L * sum.NumEl;
            most = Math.Max(most, Cpu.Memory.InUse);
        }
        Console.WriteLine($"{made >> 20} MB made, at most {most >> 20} MB of the pool in use, {Environment.WorkingSet >> 20} MB resident");
        return sum[1].Item() > 0 && most < 5 * Cpu.Memory.Budget ? 0 : 1;
    }
}
