using System.Runtime.InteropServices;

namespace Adjoint.Cli.Training;

/// <summary>
/// Makes the first Ctrl-C, request to terminate or loss of the terminal a wish to stop; a second one ends the program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly Dictionary<PosixSignal, int> Numbers = new()
    {
        [PosixSignal.SIGHUP] = 1,
        [PosixSignal.SIGINT] = 2,
        [PosixSignal.SIGTERM] = 15,
    };

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private int _signal;

    public Interruption() => _registrations = [.. Numbers.Keys.Select(signal => PosixSignalRegistration.Create(signal, Stop))];

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code of a program that the signal ended: 130 for Ctrl-C.</summary>
    public int ExitCode => 128 + _signal;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = Interlocked.CompareExchange(ref _signal, Numbers[context.Signal], 0) == 0;
        _source.Cancel();
    }
}
