using System.Runtime.InteropServices;

namespace Adjoint.Distributed;

/// <summary>Whether ranks of one machine may read each other's memory.</summary>
/// <remarks>
/// // Note [Neighbours' memory]
/// Open MPI takes large messages out of the memory of the process that sends them, by process_vm_readv. In many containers that call
/// is forbidden. Open MPI 4 does not ask, but fails in the midst of the first large message, with "Read -1, expected …" and ranks that
/// wait for ever. So it is asked here, before MPI begins, by a look at this process's own memory, which is as forbidden; where it
/// is, Open MPI is told to copy by way of shared memory instead. What the user has chosen stays.
/// </remarks>
internal static partial class NeighboursMemory
{
    private const string Variable = "OMPI_MCA_btl_vader_single_copy_mechanism";

    internal static void ForbidWhereImpossible()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Variable) is not null || CanRead()) return;
        // Environment.SetEnvironmentVariable changes what .NET sees, not what C does.
        _ = SetVariable(Variable, "none", 1);
    }

    private static unsafe bool CanRead()
    {
        byte from = 42, to = 0;
        var source = new Part { At = (nint)(&from), Length = 1 };
        var target = new Part { At = (nint)(&to), Length = 1 };
        try
        {
            return Read(Environment.ProcessId, ref target, 1, ref source, 1, 0) == 1 && to == from;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "process_vm_readv")]
    private static partial nint Read(int process, ref Part target, nuint targets, ref Part source, nuint sources, nuint flags);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        internal nint At;
        internal nuint Length;
    }
}
