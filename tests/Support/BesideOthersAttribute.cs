using System.Reflection;
using Adjoint.Tests;
using Adjoint.Tests.Architecture;
using Xunit.v3;

[assembly: BesideOthers]

namespace Adjoint.Tests;

/// <summary>
/// The test projects run side by side, as many as there are cores. Tests that are marked <see cref="AloneAttribute"/> measure what the rest
/// of the machine disturbs: none of another project begins while they wait and run. See Note [Alone on the machine].
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class BesideOthersAttribute : BeforeAfterTestAttribute
{
    // Note [Alone on the machine]
    // Two files are locked, which the system undoes when a process ends, however it ends. Who runs beside others shares `running`; who must be
    // alone has it to himself. `wanted` is for turns: who waits to be alone has it, and who begins meanwhile has to pass it, so that the first
    // waits no longer than for the tests that run. A test that runs again in a process of its own (OwnProcess) runs within its turn.
    private const string Inner = "ADJOINT_TESTS_INNER";

    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "obj");
    private static readonly Lock Turn = new();
    private static FileStream? s_running, s_wanted;
    private static int s_tests;

    /// <summary>For the environment of a process that a test starts and waits for.</summary>
    internal static (string Name, string Value) Within => (Inner, "1");

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Environment.GetEnvironmentVariable(Inner) is not null) return;
        bool alone = IsAlone(methodUnderTest);
        FileStream wanted = Take("wanted", alone);
        lock (Turn)
        {
            if (s_tests++ == 0) s_running = Take("running", alone);
            if (alone) s_wanted = wanted;
            else wanted.Dispose();
        }
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Environment.GetEnvironmentVariable(Inner) is not null) return;
        lock (Turn)
        {
            if (--s_tests == 0) s_running!.Dispose();
            if (!IsAlone(methodUnderTest)) return;
            s_wanted!.Dispose();
        }
    }

    private static bool IsAlone(MethodInfo method) => method.DeclaringType!.IsDefined(typeof(AloneAttribute));

    private static FileStream Take(string name, bool alone)
    {
        Directory.CreateDirectory(Folder);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(Folder, name + ".lock"), FileMode.OpenOrCreate,
                    alone ? FileAccess.ReadWrite : FileAccess.Read, alone ? FileShare.None : FileShare.Read);
            }
            catch (IOException)
            {
                Thread.Sleep(20);
            }
        }
    }
}

/// <summary>
/// Of a class in a collection that runs beside no other: its tests have the machine to themselves, as far as our tests are concerned.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AloneAttribute : Attribute;
