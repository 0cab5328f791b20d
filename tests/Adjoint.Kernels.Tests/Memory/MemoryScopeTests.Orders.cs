namespace Adjoint.Tests.Kernels.Memory;

/// <summary>Scopes that end in another order than they began, elsewhere, twice, or never. See Note [In any order].</summary>
public partial class MemoryScopeTests
{
    [Theory]
    [InlineData(1), InlineData(100), InlineData(5_000)]
    public void Disposing_twice_or_out_of_order_harms_nobody(int size)
    {
        Tensor Of() => Tensor.Full([size], 2, DType.Float32);
        Tensor later, innerMade, outerMade, kept;
        MemoryScope outer = Cpu.Memory.Scope();
        outerMade = Of();
        MemoryScope inner = Cpu.Memory.Scope();
        innerMade = Of();
        kept = inner.Keep(Of());
        outer.Dispose();
        // The inner one ended with the outer, which took what had been kept for it.
        foreach (Tensor x in (Tensor[])[outerMade, innerMade, kept]) IsGone(x);
        Should.Throw<ObjectDisposedException>(() => inner.Keep(innerMade)).Message.ShouldContain("scope has ended");
        later = Of();
        outer.Dispose();
        inner.Dispose();
        inner.Dispose();
        IsStill(later, 2);
        Should.Throw<ObjectDisposedException>(() => outer.Keep(later)).Message.ShouldContain("scope has ended");
        IsStill(Of(), 2);
        MemoryScope.Current.ShouldBeNull();
    }

    /// <summary>Whatever is done in whichever order: what is there is right, and in the end no scope is left and no memory in use.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void In_any_order_memory_comes_back_and_numbers_are_right(int seed)
    {
        var random = new Random(seed);
        GC.Collect();
        Cpu.Memory.Trim();
        long before = Cpu.Memory.InUse;
        Run(random);
        GC.Collect();
        Cpu.Memory.Trim();
        (Cpu.Memory.InUse - before).ShouldBeLessThan(1_000_000);
        MemoryScope.Current.ShouldBeNull();
    }

    private static void Run(Random random)
    {
        var scopes = new List<MemoryScope>();
        int[] sizes = [1, 3, 100, 5_000];
        var made = new List<(Tensor X, float Value)>();
        int gone = 0;
        for (int step = 0; step < 4_000; step++)
        {
            int what = random.Next(12);
            if (what < 2)
            {
                scopes.Add(Cpu.Memory.Scope());
            }
            else if (what < 4 && scopes.Count > 0)
            {
                MemoryScope scope = scopes[random.Next(scopes.Count)];
                if (random.Next(8) == 0) OnAnotherThread(scope.Dispose);
                else scope.Dispose();
                if (random.Next(2) == 0) scopes.Remove(scope);
            }
            else if (what < 9)
            {
                made.Add((Tensor.Full([sizes[random.Next(sizes.Length)]], step, DType.Float32), step));
            }
            else if (made.Count > 0)
            {
                int place = random.Next(made.Count);
                var (x, value) = made[place];
                if (what == 9 && scopes.Count > 0)
                {
                    TryKeep(scopes[random.Next(scopes.Count)], x);
                }
                else if (Record.Exception(() => x.ToArray<float>().ShouldAllBe(v => v == value)) is { } error)
                {
                    error.ShouldBeOfType<ObjectDisposedException>();
                    made.RemoveAt(place);
                    gone++;
                }
            }
        }
        gone.ShouldBeGreaterThan(100);
        for (int i = scopes.Count - 1; i >= 0; i--) scopes[i].Dispose();

        static void TryKeep(MemoryScope scope, Tensor x)
        {
            if (Record.Exception(() => scope.Keep(x)) is { } error) error.ShouldBeOfType<ObjectDisposedException>();
        }
    }

    [Theory]
    [InlineData(1), InlineData(100), InlineData(5_000)]
    public void Disposed_on_another_thread_a_scope_takes_nothing_and_is_over(int size)
    {
        Tensor Of() => Tensor.Full([size], 2, DType.Float32);
        Tensor before, after;
        using MemoryScope around = Cpu.Memory.Scope();
        MemoryScope scope = Cpu.Memory.Scope();
        before = Of();
        OnAnotherThread(scope.Dispose);
        Should.Throw<ObjectDisposedException>(() => scope.Keep(before)).Message.ShouldContain("scope has ended");
        IsStill(before, 2);
        after = Of(); // belongs to the one around
        IsStill(after, 2);
        scope.Dispose();
        IsStill(before, 2);
        around.Dispose();
        IsGone(after);
        IsStill(before, 2);
    }

    [Fact]
    public void However_a_scope_ends_or_does_not_it_holds_no_memory()
    {
        var scopes = new List<MemoryScope>();
        List<WeakReference> left = [.. Enumerable.Range(0, 6).Select(way => Left(way, scopes))];
        GC.Collect();
        Cpu.Memory.Trim();
        left.ShouldAllBe(reference => !reference.IsAlive);
        GC.KeepAlive(scopes);
        while (MemoryScope.Current is { } scope) scope.Dispose();

        // A graph of which nobody but a scope could know.
        static WeakReference Left(int way, List<MemoryScope> scopes)
        {
            MemoryScope outer = Cpu.Memory.Scope(), inner = Cpu.Memory.Scope();
            scopes.AddRange([outer, inner]);
            Tensor w = Tensor.Ones([Many], requiresGrad: true), y = (w * 2).Sum();
            y.Backward();
            inner.Keep(y);
            if (way == 1) outer.Dispose();
            if (way == 2) OnAnotherThread(outer.Dispose);
            if (way == 3) OnAnotherThread(inner.Dispose);
            if (way == 4) inner.Dispose();
            if (way == 5) Task.Run(inner.Dispose).Wait();
            return new(y.GradFn);
        }
    }

    private static void OnAnotherThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }
}
