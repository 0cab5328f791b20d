using System.Globalization;

namespace Adjoint.Distributed.Launch;

/// <summary>What the environment says of how this program was started.</summary>
internal static class Launched
{
    // Open MPI's own variables, and that of a PMIx server, as srun is one.
    private const string Size = "OMPI_COMM_WORLD_SIZE", LocalSize = "OMPI_COMM_WORLD_LOCAL_SIZE", Bound = "OMPI_MCA_orte_bound_at_launch",
        Pmix = "PMIX_RANK", OtherSize = "PMI_SIZE", Yields = "OMPI_MCA_mpi_yield_when_idle";

    private static bool s_shared;

    /// <summary>Whether it is one of the processes of an MPI run.</summary>
    internal static bool ByMpi => Number(Size) is not null || Number(Pmix) is not null || Number(OtherSize) > 1;

    /// <summary>The number of this process, before MPI has begun; 0 where it is alone.</summary>
    internal static int Rank => Number("OMPI_COMM_WORLD_RANK") ?? Number(Pmix) ?? 0;

    /// <summary>Whether there are more ranks on this machine than processors, or MPI was told that they yield.</summary>
    internal static bool IsCrowded => Environment.GetEnvironmentVariable(Yields) is "1" or "true"
        || (!IsBound && LocalRanks > Environment.ProcessorCount);

    // How many processes of the run are on this machine.
    private static int LocalRanks => Number(LocalSize) is > 0 and int ranks ? ranks : 1;

    private static bool IsBound => Number(Bound) is > 0;

    /// <summary>Throws where MPI sees other processes than who started them: each would then compute by itself without a word.</summary>
    /// <exception cref="DistributedException">It does.</exception>
    internal static void CheckSize(int size)
    {
        int? said = Number(Size) ?? Number(OtherSize);
        if (said is { } number && number != size)
            throw new DistributedException(
                $"{number} processes were started, but MPI sees {size}: they were started by another MPI than the one that was loaded. "
                + $"Start them with Open MPI's mpirun. {MpiLibrary.HowToGet}");
    }

    /// <summary>
    /// Gives each process of the machine its share of the processors, where they are not bound to processors of their own already.
    /// </summary>
    internal static void ShareProcessors()
    {
        if (s_shared) return;
        s_shared = true;
        if (LocalRanks > 1 && !IsBound) Cpu.Threads = Math.Max(1, Environment.ProcessorCount / LocalRanks);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : null;
}
