namespace Adjoint.Tests.Kernels.Memory;

/// <summary>Scopes give back what was made inside: nothing else, and nobody reads it afterwards.</summary>
[Collection(NativeMemory.Collection)]
public partial class MemoryScopeTests
{
    private const int Many = 5_000;

    private static Tensor Made(double value = 1) => Tensor.Full([Many], value, DType.Float32) + 1;

    private static void IsGone(Tensor x)
    {
        var error = Should.Throw<ObjectDisposedException>(() => x.Sum());
        error.Message.ShouldContain("made inside a memory scope that has ended");
        error.Message.ShouldContain("scope.Keep");
        // And every other way to its numbers.
        Should.Throw<ObjectDisposedException>(() => x.ToArray<float>());
        if (x.DType == DType.Float32)
        {
            Should.Throw<ObjectDisposedException>(() => x.Detach().AsSpan<float>());
            Should.Throw<ObjectDisposedException>(() => x.Read<float, float>(static all => all[0]));
        }
        Should.Throw<ObjectDisposedException>(() => x.Detach().FillInPlace(1));
        Should.Throw<ObjectDisposedException>(() => x.Detach().View(-1)[0].Item());
        Should.Throw<ObjectDisposedException>(() => x.Clone());
    }

    // What the pool hands out next is what was given back, so whoever still reads it would see these numbers.
    private static void Overwrite()
    {
        for (int i = 0; i < 30; i++) Tensor.Full([Many], -7, DType.Float32);
    }

    private static void IsStill(Tensor x, double value)
    {
        Overwrite();
        x.ToArray<float>().ShouldAllBe(element => element == (float)value);
    }

    [Fact]
    public void What_was_made_inside_is_given_back_and_says_so()
    {
        Tensor before = Made(), inside;
        long inUse = Cpu.Memory.InUse;
        using (Cpu.Memory.Scope())
        {
            inside = before * 2;
            (Cpu.Memory.InUse - inUse).ShouldBeGreaterThanOrEqualTo(4 * Many);
        }
        Cpu.Memory.InUse.ShouldBeLessThanOrEqualTo(inUse);
        IsGone(inside);
        IsStill(before, 2);
        inside.Shape.ShouldBe([Many]);
    }

    [Fact]
    public void The_next_result_lies_where_the_last_one_did()
    {
        Tensor x = Made();
        var places = new HashSet<nint>();
        for (int i = 0; i < 10; i++)
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            Tensor y = x * 3;
            y.Read<float, bool>(all => places.Add(Address(all)));
        }
        places.Count.ShouldBe(1);
    }

    private static unsafe nint Address(ReadOnlySpan<float> all)
    {
        fixed (float* first = all) return (nint)first;
    }

    [Fact]
    public void What_is_kept_stays_and_views_of_it()
    {
        Tensor kept, seen, base1;
        using (MemoryScope scope = Cpu.Memory.Scope())
        {
            kept = scope.Keep(Made());
            base1 = Made();
            seen = scope.Keep(base1[10..20]);
        }
        IsStill(kept, 2);
        IsStill(seen, 2);
        IsStill(base1, 2);
    }

    [Fact]
    public void A_view_of_what_was_given_back_is_gone_with_it()
    {
        Tensor view;
        using (Cpu.Memory.Scope()) view = Made().View(50, 100)[3..].T;
        Should.Throw<ObjectDisposedException>(() => view.Sum());
        Should.Throw<ObjectDisposedException>(() => view.Contiguous().ToArray<float>());
    }

    [Fact]
    public void A_view_made_inside_of_a_tensor_from_outside_stays()
    {
        Tensor x = Made(), view;
        using (Cpu.Memory.Scope()) view = x[5..];
        IsStill(view, 2);
    }

    [Fact]
    public void A_kept_tensor_belongs_to_the_scope_around()
    {
        Tensor twice, once, never;
        using (MemoryScope outer = Cpu.Memory.Scope())
        {
            using (MemoryScope inner = Cpu.Memory.Scope())
            {
                (twice, once, never) = (inner.Keep(Made()), inner.Keep(Made()), Made());
            }
            IsGone(never);
            IsStill(once, 2);
            outer.Keep(twice);
        }
        IsGone(once);
        IsStill(twice, 2);
    }

    [Fact]
    public void The_outer_scope_can_keep_what_an_inner_one_made()
    {
        using MemoryScope outer = Cpu.Memory.Scope();
        Tensor y;
        using (Cpu.Memory.Scope())
        {
            y = Made();
            outer.Keep(y);
        }
        IsStill(y, 2);
    }

    [Fact]
    public void Scopes_may_lie_within_each_other_as_deep_as_one_likes()
    {
        var scopes = new Stack<MemoryScope>();
        var made = new List<Tensor>();
        for (int i = 0; i < 600; i++)
        {
            scopes.Push(Cpu.Memory.Scope());
            made.Add(Made());
        }
        while (scopes.TryPop(out MemoryScope? scope)) scope.Dispose();
        IsGone(made[0]);
        IsGone(made[254]);
        Overwrite();
        foreach (Tensor deep in made[255..]) deep.Sum().Item().ShouldBe(2 * Many);
    }

    [Fact]
    public void A_scope_that_is_never_disposed_holds_nothing()
    {
        Forgotten();
        GC.Collect();
        Cpu.Memory.Trim();
        Made().Sum().Item().ShouldBe(2 * Many);

        static void Forgotten()
        {
            using (Autograd.NoGrad()) // ends it, too
            {
                MemoryScope forgotten = Cpu.Memory.Scope();
                Made();
                GC.KeepAlive(forgotten);
            }
        }
    }

    [Fact]
    public void A_scope_around_a_long_program_keeps_nothing_alive()
    {
        using MemoryScope scope = Cpu.Memory.Scope();
        WeakReference first = Left();
        long before = Cpu.Memory.InUse;
        for (int i = 0; i < 20_000; i++) Made();
        GC.Collect();
        Cpu.Memory.Trim();
        first.IsAlive.ShouldBeFalse();
        (Cpu.Memory.InUse - before).ShouldBeLessThan(20_000_000);

        static WeakReference Left() => new(Made());
    }

    [Fact]
    public void An_exception_ends_the_scope()
    {
        Tensor? y = null;
        Should.Throw<ShapeException>(() =>
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            y = Made();
            y.MatMul(Tensor.Ones(3, 3));
        });
        IsGone(y!);
        IsStill(Made(), 2);
    }

    [Fact]
    public void Disposing_a_tensor_inside_is_no_second_give_back()
    {
        Tensor y, z;
        using (MemoryScope scope = Cpu.Memory.Scope())
        {
            y = Made();
            y.Dispose();
            z = scope.Keep(Made(3)); // in the same memory
            Should.Throw<ObjectDisposedException>(() => scope.Keep(y));
        }
        IsStill(z, 4);
    }

    [Fact]
    public void A_span_that_was_handed_out_stays_what_it_is()
    {
        Tensor y;
        Span<float> span;
        using (Cpu.Memory.Scope())
        {
            y = Made();
            span = y.AsSpan<float>();
        }
        Overwrite();
        span.ToArray().ShouldAllBe(x => x == 2);
        IsStill(y, 2);
    }

    [Fact]
    public void A_scope_that_ends_in_a_callback_takes_nothing_from_under_it()
    {
        MemoryScope scope = Cpu.Memory.Scope();
        Tensor y = Made();
        y.Read<float, bool>(all =>
        {
            scope.Dispose();
            Overwrite();
            foreach (float x in all) x.ShouldBe(2);
            return true;
        });
        IsStill(y, 2);
    }
}
