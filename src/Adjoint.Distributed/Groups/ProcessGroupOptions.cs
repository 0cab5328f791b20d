using System.Globalization;

namespace Adjoint.Distributed;

/// <summary>How the processes of a run wait for each other.</summary>
public sealed record ProcessGroupOptions
{
    /// <summary>The variable of the environment that gives the default of <see cref="Timeout"/>, in seconds.</summary>
    public const string TimeoutVariable = "ADJOINT_DISTRIBUTED_TIMEOUT";

    /// <summary>
    /// How long a process waits in a collective for the others before it ends the run, saying which did not come; greater than 0. By
    /// default ten minutes, or <see cref="TimeoutVariable"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not greater than 0.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = value > TimeSpan.Zero ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"Timeout: must be greater than 0, but is {value}.");
    } = FromEnvironment();

    private static TimeSpan FromEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable(TimeoutVariable);
        if (string.IsNullOrEmpty(text)) return TimeSpan.FromMinutes(10);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 && seconds < 1e9)
            return TimeSpan.FromSeconds(seconds);
        throw new ArgumentException($"{TimeoutVariable}: must be a number of seconds greater than 0, but is \"{text}\".");
    }
}
