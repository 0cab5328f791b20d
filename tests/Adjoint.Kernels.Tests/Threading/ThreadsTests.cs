using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

[Collection(ThreadCount.Collection)]
public class ThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_chunk_runs_exactly_once(int threads)
    {
        using var _ = ThreadCount.Of(threads);
        for (int chunks = 0; chunks < 70; chunks++)
        {
            var body = new Counting(new int[chunks]);
            Threads.Run(chunks, ref body);
            body.Runs.ShouldAllBe(runs => runs == 1);
        }
    }

    // More than a share can count: several are claimed as one.
    [Theory]
    [InlineData(1, 262_144)]
    [InlineData(2, 262_143)]
    [InlineData(2, 262_144)]
    [InlineData(3, 1_000_001)]
    public void Every_one_of_many_chunks_runs_exactly_once(int threads, int chunks)
    {
        using var _ = ThreadCount.Of(threads);
        var body = new Counting(new int[chunks]);
        Threads.Run(chunks, ref body);
        body.Runs.ShouldAllBe(runs => runs == 1);
    }

    [Fact]
    public void The_caller_takes_the_first_chunks_and_the_worker_the_last()
    {
        using var _ = ThreadCount.Of(2);
        for (int round = 0; round < 20; round++)
        {
            var body = new Together(new Barrier(2), new int[2]);
            Threads.Run(2, ref body);
            body.Threads[0].ShouldBe(Environment.CurrentManagedThreadId);
            body.Threads[1].ShouldNotBe(Environment.CurrentManagedThreadId);
        }
    }

    [Fact]
    public void Body_may_hold_spans_and_its_fields_are_shared_with_the_caller()
    {
        using var _ = ThreadCount.Of(2);
        Span<int> squares = stackalloc int[100];
        var body = new Squares { Output = squares };
        Threads.Run(100, ref body);
        for (int i = 0; i < 100; i++) squares[i].ShouldBe(i * i);
        body.Calls.ShouldBe(100);
    }

    [Fact]
    public void A_worker_takes_part()
    {
        using var _ = ThreadCount.Of(2);
        // Two chunks that wait for each other can only finish on two threads.
        var body = new Meeting(new Barrier(2));
        Threads.Run(2, ref body);
        body.Barrier.CurrentPhaseNumber.ShouldBe(1);
    }

    [Fact]
    public void An_idle_worker_sleeps_and_wakes_again()
    {
        using var _ = ThreadCount.Of(2);
        for (int round = 0; round < 20; round++)
        {
            Thread.Sleep(2);
            var body = new Meeting(new Barrier(2));
            Threads.Run(2, ref body);
            body.Barrier.CurrentPhaseNumber.ShouldBe(1);
        }
    }

    [Fact]
    public void A_loop_inside_a_loop_runs_on_the_same_thread()
    {
        using var _ = ThreadCount.Of(2);
        var body = new Nested(new int[8]);
        Threads.Run(8, ref body);
        body.Foreign.ShouldAllBe(foreign => foreign == 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void An_exception_reaches_the_caller_and_the_next_loop_works(int threads)
    {
        using var _ = ThreadCount.Of(threads);
        for (int round = 0; round < 50; round++)
        {
            Should.Throw<ArithmeticException>(() => { var failing = new Failing(round % 10); Threads.Run(10, ref failing); })
                .Message.ShouldBe($"chunk {round % 10}");
            var counting = new Counting(new int[10]);
            Threads.Run(10, ref counting);
            counting.Runs.ShouldAllBe(runs => runs == 1);
        }
    }

    [Fact]
    public void Several_user_threads_may_run_loops_at_once()
    {
        using var _ = ThreadCount.Of(3);
        var wrong = 0;
        var users = Enumerable.Range(0, 4).Select(user => new Thread(() =>
        {
            for (int round = 0; round < 5000; round++)
            {
                var body = new Counting(new int[1 + (round + user) % 9]);
                Threads.Run(body.Runs.Length, ref body);
                if (body.Runs.Any(runs => runs != 1)) Interlocked.Increment(ref wrong);
            }
        })).ToList();
        users.ForEach(user => user.Start());
        users.ForEach(user => user.Join());
        wrong.ShouldBe(0);
    }

    [Fact]
    public void A_loop_allocates_nothing()
    {
        using var _ = ThreadCount.Of(2);
        Span<int> squares = stackalloc int[16];
        var body = new Squares { Output = squares };
        Threads.Run(16, ref body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) Threads.Run(16, ref body);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Count_of_zero_restores_the_number_of_processors()
    {
        using var _ = ThreadCount.Of(3);
        Threads.Count.ShouldBe(3);
        Threads.Count = 0;
        Threads.Count.ShouldBe(Environment.ProcessorCount);
    }

    private readonly struct Counting(int[] runs) : IChunkBody
    {
        public int[] Runs => runs;
        public void Run(int chunk) => Interlocked.Increment(ref runs[chunk]);
    }

    private ref struct Squares : IChunkBody
    {
        public Span<int> Output;
        public int Calls;

        public void Run(int chunk)
        {
            Output[chunk] = chunk * chunk;
            Interlocked.Increment(ref Calls);
        }
    }

    private readonly struct Meeting(Barrier barrier) : IChunkBody
    {
        public Barrier Barrier => barrier;
        public void Run(int chunk) => barrier.SignalAndWait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    private readonly struct Together(Barrier barrier, int[] threads) : IChunkBody
    {
        public int[] Threads => threads;

        public void Run(int chunk)
        {
            barrier.SignalAndWait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
            threads[chunk] = Environment.CurrentManagedThreadId;
        }
    }

    private readonly struct Nested(int[] foreign) : IChunkBody
    {
        public int[] Foreign => foreign;

        public void Run(int chunk)
        {
            var inner = new OnThread(Environment.CurrentManagedThreadId, foreign, chunk);
            Threads.Run(16, ref inner);
        }
    }

    private readonly struct OnThread(int thread, int[] foreign, int slot) : IChunkBody
    {
        public void Run(int chunk)
        {
            if (Environment.CurrentManagedThreadId != thread) Interlocked.Increment(ref foreign[slot]);
        }
    }

    private readonly struct Failing(int at) : IChunkBody
    {
        public void Run(int chunk)
        {
            if (chunk == at) throw new ArithmeticException($"chunk {chunk}");
        }
    }
}
