using System.Reflection;
using Adjoint.Formats;

namespace Adjoint.Tests.Surface.Depth;

/// <summary>
/// Whatever a user can put into itself again and again: it works, or ends in an exception that says so; never in the end of the process.
/// </summary>
public class DepthTests
{
    private const string Report = "ADJOINT_DEPTH_REPORT";

    // Set to the beginning of a case's name.
    private static readonly string s_only = Environment.GetEnvironmentVariable("ADJOINT_DEPTH_ONLY") ?? "";

    /// <summary>
    /// A stack that ends cannot be caught, so all runs in a process of its own, whose report says which case was the last.
    /// </summary>
    [Fact]
    public async Task Nothing_nested_deep_ends_the_process()
    {
        if (Environment.GetEnvironmentVariable(Report) is { } report)
        {
            Run(report);
            return;
        }
        using var folder = new TemporaryFolder();
        string file = folder.File("report");
        var faults = new List<string>();
        int done = 0;
        // After a crash the next process goes on behind it.
        for (bool ended = false; !ended;)
        {
            await OwnProcess.Run(Test, folder.Path,
                (Report, file), ("ADJOINT_DEPTH_SKIP", $"{done}"), ("DOTNET_gcServer", "0"), ("DOTNET_DbgEnableMiniDump", "0"));
            string[] lines = File.ReadAllLines(file);
            faults.AddRange(lines.Where(l => l.StartsWith('!')));
            ended = lines.LastOrDefault() == "done";
            if (!ended) faults.Add($"The process ended in {lines.LastOrDefault(l => l.StartsWith('>'))}");
            int ran = lines.Count(l => l.StartsWith('>'));
            done += Math.Max(ran, 1);
            if (Environment.GetEnvironmentVariable("ADJOINT_DEPTH_KEEP") is { } keep) File.AppendAllLines(keep, lines);
        }
        string.Join('\n', faults).ShouldBeEmpty();
        done.ShouldBeGreaterThan(s_only.Length > 0 ? 0 : 1000);
    }

    private static MethodInfo Test => typeof(DepthTests).GetMethod(nameof(Nothing_nested_deep_ends_the_process))!;

    private static IEnumerable<(string Name, Action Work)> Cases() =>
        ModuleDepth.Cases().Concat(CallDepth.Cases()).Concat(GraphDepth.Cases()).Concat(FormulaDepth.Cases());

    private static void Run(string report)
    {
        using var writer = new StreamWriter(report) { AutoFlush = true };
        int skip =
            int.Parse(Environment.GetEnvironmentVariable("ADJOINT_DEPTH_SKIP") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        foreach ((string name, Action work) in Cases().Where(c => c.Name.StartsWith(s_only, StringComparison.Ordinal)).Skip(skip))
        {
            writer.WriteLine($"> {name}");
            long began = System.Diagnostics.Stopwatch.GetTimestamp();
            string how = "works";
            var thread = new Thread(() =>
            {
                try
                {
                    work();
                }
                catch (Exception e)
                {
                    how = Named(e) ? $"{e.GetType().Name}: {e.Message}" : $"bare {e.GetType().Name}: {e.Message}";
                }
            }, maxStackSize: 1 << 20);
            thread.Start();
            thread.Join();
            if (how.StartsWith("bare", StringComparison.Ordinal)) writer.WriteLine($"! {name}: {how}");
            writer.WriteLine($"= {System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms {name}: {how}");
        }
        writer.WriteLine("done");
    }

    /// <summary>Whether an error says that something is too deep, in words of this library.</summary>
    private static bool Named(Exception e) =>
        e is AutogradException or Adjoint.Nn.SlotException or InsufficientExecutionStackException or Adjoint.Symbolic.ParseException
        or Adjoint.Formats.DataFormatException
            or System.Text.Json.JsonException or ShapeException or NotSupportedException
        && (e.Message.Contains("deep", StringComparison.Ordinal) || e.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            || e.Message.Contains("nested", StringComparison.Ordinal) || e.Message.Contains("dimensions", StringComparison.Ordinal))
        // what some modules cannot do at all
        || e is NotSupportedException && e.Message.Contains("has no Forward", StringComparison.Ordinal)
        || e is ArgumentException && e.Message.Contains("parameters", StringComparison.Ordinal);
}
