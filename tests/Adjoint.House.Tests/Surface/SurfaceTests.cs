using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Adjoint.Tests.Surface;

/// <summary>No public member crashes, hangs or answers with a bare exception, whatever it is given.</summary>
public class SurfaceTests
{
    private const string Report = "ADJOINT_WALK_REPORT";
    private const int MostPerMember = 12;

    // Set to some thousands for a longer walk.
    private static readonly int s_variety = int.TryParse(Environment.GetEnvironmentVariable("ADJOINT_WALK"), out int n) ? n : 6;

    // Set to the beginning of a type's name for a walk of that type.
    private static readonly string s_only = Environment.GetEnvironmentVariable("ADJOINT_WALK_ONLY") ?? "";

    /// <summary>
    /// The walk has a process of its own: a crash is then a line of the report, what is set globally ends with it, and a small limit of
    /// its memory lets every size be asked for.
    /// </summary>
    [Fact]
    public async Task Every_argument_gives_a_result_or_an_error_that_names_it()
    {
        if (Environment.GetEnvironmentVariable(Report) is { } report)
        {
            Walk(report);
            return;
        }
        using var folder = new TemporaryFolder();
        string file = folder.File("report"), place = folder.File("place");
        Directory.CreateDirectory(Path.Combine(place, "inner"));
        await OwnProcess.Run(
            typeof(SurfaceTests).GetMethod(nameof(Every_argument_gives_a_result_or_an_error_that_names_it))!, Path.Combine(place, "inner"),
            (Report, file), ("DOTNET_GCHeapHardLimit", "0x20000000"), ("DOTNET_gcServer", "0"), ("DOTNET_TieredPGO", "0"));
        string[] lines = File.ReadAllLines(file);
        string[] faults = [.. lines.Where(l => l.StartsWith('!')).Select(l => l[2..])];
        if (lines.LastOrDefault()?.StartsWith("done", StringComparison.Ordinal) != true)
            faults = [.. faults, $"The process ended in {lines.LastOrDefault(l => l.StartsWith('>'))}."];
        string.Join('\n', faults).ShouldBeEmpty();
        if (Environment.GetEnvironmentVariable("ADJOINT_WALK_KEEP") is { } keep) File.Copy(file, keep, overwrite: true);
    }

    [Fact]
    public void Nearly_every_member_is_reached()
    {
        MethodBase[] all = [.. PublicSurface.Types.SelectMany(PublicSurface.Members)];
        // One of the closed forms of a generic member is enough.
        MethodBase[][] members = [.. all.GroupBy(m => (m.Module, m.MetadataToken)).Select(g => g.ToArray())];
        MethodBase[] missed = [.. members.Where(forms => !forms.Any(SurfaceWalk.IsReached)).Select(forms => forms[0])];
        ((double)missed.Length / members.Length)
            .ShouldBeLessThan(0.02, string.Join('\n', missed.Select(m => $"{m.DeclaringType}.{m.Name}")));
    }

    private static void Walk(string report)
    {
        // What it reports may be no text: half of a pair of surrogates.
        using var writer = new StreamWriter(report, append: false, new System.Text.UTF8Encoding(false)) { AutoFlush = true };
        // A thread of its own: modes that a call leaves behind end with it.
        var thread = new Thread(() =>
        {
            foreach (Type type in PublicSurface.Types.Where(t => t.Name.StartsWith(s_only, StringComparison.Ordinal)))
            {
                foreach (MethodBase member in PublicSurface.Members(type))
                {
                    long began = Stopwatch.GetTimestamp();
                    writer.WriteLine($"> {type.Name}.{member}");
                    foreach (string fault in SurfaceWalk.Faults(member, s_variety).Take(MostPerMember))
                        writer.WriteLine($"! {fault.Replace('\n', ' ')}");
                    writer.WriteLine($"= {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms {type.Name}.{member.Name}");
                }
            }
        }, 4 << 20)
        { IsBackground = true };
        thread.Start();
        Func<string>? last = null;
        for (int still = 0; still < 100 && !thread.Join(100);)
        {
            still = ReferenceEquals(last, SurfaceWalk.Current) ? still + 1 : 0;
            last = SurfaceWalk.Current;
        }
        if (thread.IsAlive) writer.WriteLine($"! {last?.Invoke()}: does not end");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done {SurfaceWalk.Calls}"));
    }
}
