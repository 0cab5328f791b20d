using System.Diagnostics.Tracing;
using System.Globalization;

namespace Adjoint.Benchmarks;

/// <summary>What the just-in-time compiler does, method by method, as the runtime tells it.</summary>
internal sealed class CompiledMethods : EventListener
{
    private const EventKeywords Compiling = (EventKeywords)0x10;

    private readonly Dictionary<long, DateTime> _started = []; // by thread: a thread compiles one method at a time

    /// <summary>The milliseconds that each compilation took; more than there were, where the machine was busy with something else.</summary>
    public List<(string Method, string Tier, double Milliseconds)> All { get; } = [];

    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(source, EventLevel.Verbose, Compiling);
    }

    protected override void OnEventWritten(EventWrittenEventArgs e)
    {
        if (e.EventName is null || e.Payload is null) return;
        lock (All)
        {
            if (e.EventName.StartsWith("MethodJittingStarted", StringComparison.Ordinal)) _started[e.OSThreadId] = e.TimeStamp;
            else if (e.EventName.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) && _started.Remove(e.OSThreadId, out DateTime start))
            {
                uint flags = Convert.ToUInt32(e.Payload[5], CultureInfo.InvariantCulture);
                All.Add(($"{e.Payload[6]}::{e.Payload[7]}", Tier((flags >> 7) & 7), (e.TimeStamp - start).TotalMilliseconds));
            }
        }
    }

    private static string Tier(uint tier) => tier switch
    {
        1 => "no optimization",
        2 => "optimized at once",
        3 => "tier 0",
        4 => "tier 1",
        5 => "tier 1, on the stack",
        6 => "ready to run",
        7 => "counting tier 0",
        _ => "other",
    };
}
