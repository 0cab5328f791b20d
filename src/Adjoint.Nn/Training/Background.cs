using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Adjoint.Training;

/// <summary>A sequence that is gone through in the background.</summary>
internal static class Background
{
    /// <summary>So many may wait to be looked at; then the background waits.</summary>
    private const int Most = 256;

    /// <summary>What a sequence gives; it is told to stop when the enumeration is left or cancelled.</summary>
    public static async IAsyncEnumerable<T> Of<T>(Func<CancellationToken, IEnumerable<T>> sequence, CancellationToken given,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(given, cancellation);
        using var left = new CancellationTokenSource();
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(Most) { SingleReader = true, SingleWriter = true });
        IEnumerable<T> all = sequence(stop.Token);
        Task work = Task.Factory.StartNew(() => Pass(all, channel.Writer, left.Token), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (T one in channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false)) yield return one;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await left.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
        }
    }

    private static void Pass<T>(IEnumerable<T> all, ChannelWriter<T> writer, CancellationToken left)
    {
        try
        {
            foreach (T one in all)
                while (!writer.TryWrite(one))
                    if (!writer.WaitToWriteAsync(left).AsTask().GetAwaiter().GetResult()) return;
            writer.Complete();
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            writer.TryComplete();
        }
        catch (Exception e)
        {
            writer.TryComplete(e);
        }
    }
}
