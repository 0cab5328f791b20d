using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>What the operations of a stretch of code took: how often each ran, for how long, and what memory its results have.</summary>
/// <remarks>
/// Every operation that passes is counted by itself: what runs within another belongs to that one. Threads that are started inside are
/// counted too. Looking at it costs each operation some tenths of a microsecond beside what is measured.
/// </remarks>
public sealed class Profile : IDisposable
{
    /// <summary>So many calls are kept one by one, for <see cref="WriteTrace(string)"/>; the table counts all.</summary>
    public const int MostEvents = 1_000_000;

    private readonly Lock _adding = new();
    private readonly Dictionary<string, ProfileRow> _rows = [];
    private readonly List<ProfileEvent> _events = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ModeScope _scope;

    internal Profile() => _scope = new ProfileMode(this).Enter();

    /// <summary>The innermost that measures what this thread does, if one does.</summary>
    internal static Profile? Current
    {
        get
        {
            Profile? found = null;
            for (ModeStack? modes = Here.Now.Rare.Outermost; modes is not null; modes = modes.Inner)
                if (modes.Mode is ProfileMode mode) found = mode.Profile;
            return found;
        }
    }

    /// <summary>A row for each operation, the longest first.</summary>
    public IReadOnlyList<ProfileRow> Rows
    {
        get
        {
            lock (_adding) return [.. _rows.Values.OrderByDescending(row => row.Time).ThenBy(row => row.Operation, StringComparer.Ordinal)];
        }
    }

    /// <summary>How many calls were not kept for the trace.</summary>
    public long Dropped { get; private set; }

    /// <summary>Ends the measuring; what was measured can be read as before.</summary>
    public void Dispose() => _scope.Dispose();

    /// <summary>The table as text: operation, calls, time in all and of one call, memory of the results.</summary>
    public override string ToString()
    {
        IReadOnlyList<ProfileRow> rows = Rows;
        int width = Math.Max("operation".Length, rows.Count == 0 ? 0 : rows.Max(row => row.Operation.Length));
        var text = new StringBuilder();
        text.AppendLine($"{"operation".PadRight(width)} {"calls",9} {"ms",10} {"us/call",9} {"MB",9}");
        foreach (ProfileRow row in rows) text.AppendLine(Line(row));
        TimeSpan time = TimeSpan.FromTicks(rows.Sum(row => row.Time.Ticks));
        text.Append(Line(new ProfileRow("all", rows.Sum(row => row.Calls), time, rows.Sum(row => row.Bytes))));
        return text.ToString();

        string Line(ProfileRow row)
        {
            double each = row.Time.TotalMicroseconds / Math.Max(1, row.Calls);
            return string.Create(CultureInfo.InvariantCulture,
                $"{row.Operation.PadRight(width)} {row.Calls,9} {row.Time.TotalMilliseconds,10:F3} {each,9:F2} {row.Bytes / 1e6,9:F3}");
        }
    }

    /// <summary>Writes the calls one by one as a trace file, which chrome://tracing and ui.perfetto.dev show.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="ArgumentException">The path is empty or has a null character.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteTrace(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0'))
            throw new ArgumentException("WriteTrace: the path has a null character, so there is no such file.", nameof(path));
        using FileStream file = File.Create(path);
        WriteTrace(file);
    }

    /// <summary>Writes the calls one by one as a trace: JSON with times in microseconds.</summary>
    /// <param name="target">Where to.</param>
    public void WriteTrace(Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        ProfileEvent[] events;
        lock (_adding) events = [.. _events];
        using var json = new System.Text.Json.Utf8JsonWriter(target);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ns");
        json.WriteStartArray("traceEvents");
        foreach (ProfileEvent e in events)
        {
            json.WriteStartObject();
            json.WriteString("name", e.Operation);
            json.WriteString("cat", "op");
            json.WriteString("ph", "X");
            json.WriteNumber("ts", Microseconds(e.Begin - _start));
            json.WriteNumber("dur", Microseconds(e.End - e.Begin));
            json.WriteNumber("pid", 1);
            json.WriteNumber("tid", e.Thread);
            json.WriteStartObject("args");
            json.WriteNumber("bytes", e.Bytes);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal void Add(ProfileEvent e)
    {
        TimeSpan time = Stopwatch.GetElapsedTime(e.Begin, e.End);
        lock (_adding)
        {
            ProfileRow row = _rows.GetValueOrDefault(e.Operation) ?? new(e.Operation, 0, TimeSpan.Zero, 0);
            _rows[e.Operation] = row with { Calls = row.Calls + 1, Time = row.Time + time, Bytes = row.Bytes + e.Bytes };
            if (_events.Count < MostEvents) _events.Add(e);
            else Dropped++;
        }
    }

    private static double Microseconds(long ticks) => ticks * (1e6 / Stopwatch.Frequency);
}

/// <summary>What one operation took.</summary>
/// <param name="Operation">Its name, see <see cref="OpCall.Name"/>.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Time">How long in all.</param>
/// <param name="Bytes">The memory of its results, where it was new.</param>
public sealed record ProfileRow(string Operation, long Calls, TimeSpan Time, long Bytes);

/// <summary>One call that was measured; its times are those of the <see cref="Stopwatch"/>.</summary>
internal readonly record struct ProfileEvent(string Operation, long Begin, long End, int Thread, long Bytes);

/// <summary>The mode of <see cref="Profile"/>.</summary>
internal sealed class ProfileMode(Profile profile) : OpMode(ModeLayer.Profile)
{
    internal override bool MayKeep => false;

    internal Profile Profile => profile;

    protected override IReadOnlyList<Tensor?> Run(OpCall call)
    {
        long begin = Stopwatch.GetTimestamp();
        IReadOnlyList<Tensor?> results = call.Run();
        long end = Stopwatch.GetTimestamp(), bytes = 0;
        for (int i = 0; i < results.Count; i++)
        {
            if (results[i] is not { } y || call.Inputs.Any(x => x is not null && x.SharesStorageWith(y))) continue;
            bytes += (long)y.NumEl * y.DType.Size;
        }
        profile.Add(new ProfileEvent(call.Name, begin, end, Environment.CurrentManagedThreadId, bytes));
        return results;
    }
}

public static partial class Autograd
{
    /// <summary>
    /// Measures every operation, forward and backward, until the result is disposed: <c>torch.autograd.profiler.profile</c>.
    /// </summary>
    /// <example><code>
    /// Tensor w = Tensor.Ones([3], requiresGrad: true);
    /// using Profile profile = Autograd.Profile();
    /// (w * w).Sum().Backward();
    /// Console.WriteLine(profile.Rows.Single(row =&gt; row.Operation == "mul").Calls);   // 1
    /// </code></example>
    public static Profile Profile() => new();
}
