using System.Reflection;

namespace Adjoint.Tests.Surface;

/// <summary>No public member crashes, hangs or answers with a bare exception, whatever it is given.</summary>
public class SurfaceTests
{
    // Set to some thousands for a longer walk.
    private static readonly int s_variety = int.TryParse(Environment.GetEnvironmentVariable("ADJOINT_WALK"), out int n) ? n : 8;

    public static TheoryData<Type> Types => [.. SurfaceWalk.Types.Where(t => SurfaceWalk.Members(t).Any())];

    [Theory]
    [MemberData(nameof(Types), DisableDiscoveryEnumeration = true)]
    public void Every_argument_gives_a_result_or_an_error_that_names_it(Type type)
    {
        List<string> faults = [];
        MethodBase? current = null;
        // A thread of its own: modes that a call leaves behind end with it.
        var thread = new Thread(() =>
        {
            foreach (MethodBase member in SurfaceWalk.Members(type))
            {
                current = member;
                faults.AddRange(SurfaceWalk.Faults(member, s_variety).Take(s_variety));
            }
        }, 4 << 20) { IsBackground = true };
        thread.Start();
        if (!thread.Join(TimeSpan.FromSeconds(60 + s_variety))) faults.Add($"{type.Name}.{current?.Name} does not end.");

        string.Join('\n', faults).ShouldBeEmpty();
    }

    [Fact]
    public void Nearly_every_member_is_reached()
    {
        MethodBase[] all = [.. SurfaceWalk.Types.SelectMany(SurfaceWalk.Members)];
        MethodBase[] missed = [.. all.Where(m => !SurfaceWalk.IsReached(m))];
        ((double)missed.Length / all.Length).ShouldBeLessThan(0.05, string.Join('\n', missed.Select(m => $"{m.DeclaringType}.{m.Name}")));
    }
}
