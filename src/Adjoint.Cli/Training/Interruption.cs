using System.Runtime.InteropServices;

namespace Adjoint.Cli.Training;

/// <summary>Makes the first Ctrl-C a wish to stop; a second one ends the program at once.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>The exit code of a program that Ctrl-C ended: 128 + SIGINT.</summary>
    public const int ExitCode = 130;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _registration;

    public Interruption() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
    {
        signal.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    });

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
