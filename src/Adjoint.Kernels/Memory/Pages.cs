using System.Runtime.InteropServices;

namespace Adjoint.Kernels;

/// <summary>
/// What the operating system is told about the pages of a block. Linux listens; elsewhere nothing changes, and the collector
/// alone gives memory back.
/// </summary>
internal static partial class Pages
{
    /// <summary>
    /// The bytes of a huge page: a five-hundredth of the page faults and of the address translations, which a pass over memory outside
    /// the caches is up to a fifth faster for. A block must start at a multiple to be made of them.
    /// </summary>
    internal const int Huge = 2 << 20;

    /// <summary>The smallest block that is worth a call to the system when it is given up.</summary>
    internal const int WorthGivingBack = 64 << 10;

    private const int WantHuge = 14, WantSmall = 15, NotNeeded = 4; // MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTNEED

    /// <summary>Asks for huge pages for a block that is not yet used. What the answer is does not matter.</summary>
    internal static void AskForHuge(nuint start, nuint bytes) => Advise(start, bytes, WantHuge);

    /// <summary>
    /// Gives the memory of a block back now; the addresses stay, and read as zeros. The collector, which has the addresses until its
    /// next full collection, neither reads nor trusts what lies in a dead array of numbers.
    /// </summary>
    /// <remarks>
    /// Where they were asked for, huge pages are declined again: what the collector puts at these addresses next is smaller or begins
    /// elsewhere, and its first byte would make 2 MB resident, with the padding between two blocks.
    /// </remarks>
    internal static void GiveBack(nuint start, nuint bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint first = (start + page - 1) / page * page, end = (start + bytes) / page * page;
        if (end <= first) return;
        Advise(first, end - first, NotNeeded);
        if (bytes >= Huge) Advise(first, end - first, WantSmall);
    }

    private static void Advise(nuint start, nuint bytes, int advice)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Advise((nint)start, bytes, advice);
        }
        catch (DllNotFoundException)
        {
            // A C library of another name: blocks are then made of small pages, and wait for the collector.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);
}
