using System.Globalization;

namespace Adjoint.Distributed.Launch;

/// <summary>What the environment says of how this program was started.</summary>
internal static class Launched
{
    // Open MPI's own variables, and that of a PMIx server, as srun is one.
    private const string Size = "OMPI_COMM_WORLD_SIZE", LocalSize = "OMPI_COMM_WORLD_LOCAL_SIZE", Bound = "OMPI_MCA_orte_bound_at_launch",
        Pmix = "PMIX_RANK", OtherSize = "PMI_SIZE";

    private static bool s_shared;

    /// <summary>Whether it is one of the processes of an MPI run.</summary>
    internal static bool ByMpi => Number(Size) is not null || Number(Pmix) is not null || Number(OtherSize) > 1;

    /// <summary>The number of this process, before MPI has begun; 0 where it is alone.</summary>
    internal static int Rank => Number("OMPI_COMM_WORLD_RANK") ?? Number(Pmix) ?? 0;

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
        int local = Number(LocalSize) ?? 1;
        if (local > 1 && Number(Bound) is not > 0) Cpu.Threads = Math.Max(1, Environment.ProcessorCount / local);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : null;
}
