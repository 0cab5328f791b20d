using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>A parallel loop belongs to its caller, and callers share the processors.</summary>
[Collection(ThreadCount.Collection)]
public class CallersTests
{
    [Fact]
    public void One_thread_alone_has_all()
    {
        using var _ = ThreadCount.Of(8);
        for (int i = 0; i < 1000; i++) Share(8).ShouldBe(8);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(8, 4)]
    [InlineData(3, 1)]
    public void Two_that_take_turns_have_half_each_and_who_stays_has_all_again(int count, int half)
    {
        using var _ = ThreadCount.Of(count);
        Share(count).ShouldBe(count);
        Thread other = Waiting(() => Share(count).ShouldBe(half), out Func<Exception?> start);
        Callers.Enter(count).ShouldBe(count);
        start().ShouldBeNull();
        Callers.Leave();
        other.Join();
        Thread.Sleep(5);
        Share(count).ShouldBe(count);
        Share(count).ShouldBe(count);
    }

    // As requests do that a server answers on whichever thread is free.
    [Fact]
    public void Who_comes_after_another_has_all()
    {
        using var _ = ThreadCount.Of(4);
        Share(4).ShouldBe(4);
        Thread.Sleep(5);
        Waiting(() => Share(4).ShouldBe(4), out Func<Exception?> start);
        start().ShouldBeNull();
    }

    // All four chunks have to run at once: each caller in a team of its own.
    [Fact]
    public void Two_loops_run_at_once_each_on_several_threads()
    {
        using var _ = ThreadCount.Of(8);
        using var all = new Barrier(4);
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            var body = new Meeting(all);
            Threads.Run(2, ref body);
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        all.CurrentPhaseNumber.ShouldBe(1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public void Many_callers_get_the_same_bits_as_one(int threads)
    {
        Tensor a = Tensor.Rand(300, 200), b = Tensor.Rand(200, 310);
        float[] expected = Result();
        using var _ = ThreadCount.Of(threads);
        int wrong = 0;
        Thread[] all = [.. Enumerable.Range(0, 10).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < 10; round++)
                if (!Result().AsSpan().SequenceEqual(expected)) Interlocked.Increment(ref wrong);
        }))];
        foreach (Thread thread in all) thread.Start();
        foreach (Thread thread in all) thread.Join();
        wrong.ShouldBe(0);

        float[] Result() => (a.MatMul(b).Exp() + 1).Sum(0).ToArray<float>();
    }

    private static int Share(int count)
    {
        int share = Callers.Enter(count);
        Callers.Leave();
        return share;
    }

    // While a long loop of another's runs, who begins one sees it.
    [Fact]
    public void Who_comes_while_another_runs_has_half()
    {
        using var _ = ThreadCount.Of(4);
        Callers.Enter(4).ShouldBe(4);
        Thread.Sleep(5);
        Thread other = Waiting(() => Share(4).ShouldBe(2), out Func<Exception?> start);
        start().ShouldBeNull();
        Callers.Leave();
        other.Join();
    }

    // A thread that is there already and does the work at a word: to start one may take longer than callers are remembered.
    private static Thread Waiting(Action work, out Func<Exception?> start)
    {
        Exception? error = null;
        bool begun = false, ready = false, done = false;
        var thread = new Thread(() =>
        {
            Volatile.Write(ref ready, true);
            while (!Volatile.Read(ref begun)) Thread.SpinWait(1);
            try
            {
                work();
            }
            catch (Exception e)
            {
                error = e;
            }
            Volatile.Write(ref done, true);
        });
        thread.Start();
        while (!Volatile.Read(ref ready)) Thread.Yield();
        start = () =>
        {
            Volatile.Write(ref begun, true);
            while (!Volatile.Read(ref done)) Thread.SpinWait(1);
            return error;
        };
        return thread;
    }

    private readonly struct Meeting(Barrier all) : IChunkBody
    {
        public void Run(int chunk) => all.SignalAndWait();
    }
}
