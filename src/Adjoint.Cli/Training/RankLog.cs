using System.Globalization;
using Adjoint.Distributed;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>What a rank leaves of itself in the folder of the run: <c>rank-2.log</c>.</summary>
internal sealed class RankLog : ITrainingObserver, IDisposable
{
    private readonly StreamWriter _writer;
    private int _steps;

    /// <exception cref="IOException">It cannot be written there.</exception>
    public RankLog(string folder, ProcessGroup world)
    {
        Directory.CreateDirectory(folder);
        _writer = new StreamWriter(Path.Combine(folder, $"rank-{world.Rank}.log")) { AutoFlush = true };
        Line($"rank {world.Rank} of {world.Size} on {Environment.MachineName}, process {Environment.ProcessId}, {Cpu.Threads} threads");
    }

    public void BeginEpoch(int epoch)
    {
        _steps = 0;
        Line($"epoch {epoch} begins");
    }

    public void Step(int images, double loss) => _steps++;

    public void EndEpoch(EpochResult r) =>
        Line($"epoch {r.Epoch}: {_steps} steps in {r.TrainSeconds:F2} s, loss {r.TrainLoss:F4} and accuracy {r.TrainAccuracy:F4} over all ranks");

    public void Dispose()
    {
        Line($"ends");
        _writer.Dispose();
    }

    private void Line(FormattableString text) =>
        _writer.WriteLine($"{DateTime.Now.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {text.ToString(CultureInfo.InvariantCulture)}");
}
