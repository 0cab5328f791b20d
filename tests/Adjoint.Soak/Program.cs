using System.Globalization;

namespace Adjoint.Soak;

/// <summary>
/// Programs that are left to the collector for long, and that run out of memory.
/// </summary>
/// <remarks>
/// <code>
/// dotnet run -c Release --project tests/Adjoint.Soak -- GIGABYTES THREADS [SEED [MEGABYTES [LEAK]]]    sizes that change all the time
/// DOTNET_GCHeapHardLimit=0x10000000 dotnet run … -- full                          no more memory, again and again
/// </code>
/// GIGABYTES are what each thread makes: 15 with three threads take about a minute on two processors.
/// The exit code is 0 if what was resident stayed within one and a half times what lived and MEGABYTES (100), and nothing grew from round
/// to round (Note [Three looks]), or the program survived. LEAK are the MB that it is to hold of each GB, which then must be found.
/// </remarks>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["full"]) return FullMemory.Run();
        if (arguments is ["never", var bytes]) return HostCollections.Run(long.Parse(bytes, CultureInfo.InvariantCulture));
        int Number(int place, int otherwise) =>
            arguments.Length > place ? int.Parse(arguments[place], CultureInfo.InvariantCulture) : otherwise;
        return new ChangingSizes(gigabytes: Number(0, 10), threads: Number(1, 1), seed: Number(2, 1), megabytes: Number(3, 100), leak: Number(4, 0)).Run();
    }
}
