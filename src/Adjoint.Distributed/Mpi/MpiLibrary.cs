using System.Runtime.InteropServices;
using System.Text;

namespace Adjoint.Distributed;

/// <summary>Open MPI's library, which is loaded when a program that <c>mpirun</c> started asks for its group, and never
/// otherwise.</summary>
/// <remarks>
/// // Note [Handles of Open MPI]
/// In C a communicator, a type or an operation is a macro: MPI_COMM_WORLD stands for the address of the exported object
/// ompi_mpi_comm_world. So
/// the handles here are addresses of exported symbols, and what a call gives (a new communicator, a request) is an address too. MPICH has
/// the same functions with numbers for handles; it is told apart by its lack of these symbols, and refused.
/// </remarks>
internal sealed class MpiLibrary
{
    /// <summary>The name under which <see cref="MpiCalls"/> finds it.</summary>
    internal const string Name = "adjoint-mpi";

    /// <summary>A variable of the environment with the path of the library, where it is in no usual place.</summary>
    internal const string PathVariable = "ADJOINT_MPI_LIBRARY";

    internal const string HowToGet =
        "Install Open MPI: 'apt-get install openmpi-bin' on Debian and Ubuntu, 'dnf install openmpi' on Fedora, 'brew install open-mpi' on macOS; "
        + "or set " + PathVariable + " to the path of its libmpi.";

    private static readonly string[] s_names = OperatingSystem.IsMacOS()
        ? ["libmpi.40.dylib", "libmpi.dylib", "/opt/homebrew/lib/libmpi.dylib", "/usr/local/lib/libmpi.dylib"]
        : ["libmpi.so.40", "libmpi.so", "/usr/lib64/openmpi/lib/libmpi.so.40", "/usr/lib/x86_64-linux-gnu/openmpi/lib/libmpi.so"];

    private static readonly Lock s_loading = new();
    private static MpiLibrary? s_loaded;

    private readonly nint _handle;

    private MpiLibrary(nint handle) => _handle = handle;

    /// <summary>The library, loaded.</summary>
    /// <exception cref="DistributedException">It is not there, or another than Open MPI; the message says how to get it.</exception>
    internal static MpiLibrary Load()
    {
        lock (s_loading)
        {
            if (s_loaded is { } loaded) return loaded;
            nint handle = Find(out string path);
            if (!NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out _))
                throw new DistributedException(
                    $"{path} is a library of MPI, but not Open MPI, whose handles are needed. {HowToGet}");
            NativeLibrary.SetDllImportResolver(typeof(MpiLibrary).Assembly, (name, _, _) => name == Name ? handle : 0);
            return s_loaded = new MpiLibrary(handle);
        }
    }

    /// <summary>The handle that a symbol stands for.</summary>
    internal nint this[string symbol] => NativeLibrary.TryGetExport(_handle, symbol, out nint address) ? address
        : throw new DistributedException($"Open MPI's library has no symbol {symbol}. {HowToGet}");

    /// <summary>The type of elements.</summary>
    internal nint TypeOf(ElementKind kind) => this[kind switch
    {
        ElementKind.Float32 => "ompi_mpi_float",
        ElementKind.Float64 => "ompi_mpi_double",
        ElementKind.Int8 => "ompi_mpi_int8_t",
        ElementKind.Int16 => "ompi_mpi_int16_t",
        ElementKind.UInt16 => "ompi_mpi_uint16_t",
        ElementKind.Int32 => "ompi_mpi_int32_t",
        ElementKind.UInt32 => "ompi_mpi_uint32_t",
        ElementKind.Int64 => "ompi_mpi_int64_t",
        ElementKind.UInt64 => "ompi_mpi_uint64_t",
        _ => "ompi_mpi_uint8_t", // truth values are the numbers 0 and 1
    }];

    /// <summary>The operation; an average is a sum that is divided afterwards.</summary>
    internal nint OperationOf(ReduceOp op) => this[op switch
    {
        ReduceOp.Product => "ompi_mpi_op_prod",
        ReduceOp.Min => "ompi_mpi_op_min",
        ReduceOp.Max => "ompi_mpi_op_max",
        ReduceOp.BAnd => "ompi_mpi_op_band",
        ReduceOp.BOr => "ompi_mpi_op_bor",
        ReduceOp.BXor => "ompi_mpi_op_bxor",
        _ => "ompi_mpi_op_sum",
    }];

    /// <summary>Throws where a call did not succeed.</summary>
    /// <exception cref="DistributedException">It did not.</exception>
    internal static void Check(int code, string call)
    {
        if (code == 0) return;
        byte[] text = new byte[512];
        bool isKnown = MpiCalls.ErrorText(code, ref text[0], out int length) == 0;
        string words = isKnown ? Encoding.UTF8.GetString(text, 0, length) : $"error {code}";
        throw new DistributedException($"{call}: MPI says: {words}.");
    }

    private static nint Find(out string path)
    {
        string[] names = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } given ? [given] : s_names;
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint handle)) continue;
            path = name;
            return handle;
        }
        throw new DistributedException(
            $"This program was started for several processes, but the library of MPI was not found ({string.Join(", ", names)}). {HowToGet}");
    }
}
