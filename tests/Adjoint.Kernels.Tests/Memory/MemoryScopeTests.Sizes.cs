using Adjoint.Nn;

namespace Adjoint.Tests.Kernels.Memory;

/// <summary>Whatever was made in a scope is gone with it or kept, in one way for all sizes. See Note [Small as large].</summary>
public partial class MemoryScopeTests
{
    /// <summary>A number, what lies in the storage itself, in an array, in a block of a pocket and of the pool.</summary>
    public static TheoryData<int, DType> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, DType>();
            foreach (DType dtype in Enum.GetValues<DType>())
                foreach (int size in (int[])[0, 1, 2, 16, 17, 100, 128, 129, 256, 257, 1024, 1025, 5_000, 20_000]) sizes.Add(size, dtype);
            return sizes;
        }
    }

    // Without dimensions where the size is 0.
    private static Tensor Of(int size, DType dtype) => Tensor.Full(size == 0 ? [] : [size], 1, dtype);

    [Theory, MemberData(nameof(Sizes))]
    public void All_sizes_are_gone_with_the_scope(int size, DType dtype)
    {
        Tensor x, view, number, before = Of(size, dtype);
        using (Cpu.Memory.Scope())
        {
            x = Of(size, dtype);
            view = x.Unsqueeze(0);
            number = before.Sum();
            x.ToArray<float>().ShouldAllBe(v => v == 1);
        }
        IsGone(x);
        Should.Throw<ObjectDisposedException>(() => view.Sum());
        Should.Throw<ObjectDisposedException>(() => number.Item()).Message.ShouldContain("scope.Keep");
        before.ToArray<float>().ShouldAllBe(v => v == 1);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void All_sizes_are_kept_if_one_says_so(int size, DType dtype)
    {
        Tensor kept, returned, once, twice, never;
        using (MemoryScope outer = Cpu.Memory.Scope())
        {
            using (MemoryScope inner = Cpu.Memory.Scope())
            {
                (kept, once, never) = (outer.Keep(Of(size, dtype)), inner.Keep(Of(size, dtype)), Of(size, dtype));
                twice = inner.Keep(Of(size, dtype));
            }
            once.ToArray<float>().ShouldAllBe(v => v == 1);
            IsGone(never);
            outer.Keep(twice);
        }
        returned = Cpu.Memory.Scope(() => Of(size, dtype));
        IsGone(once);
        foreach (Tensor x in (Tensor[])[kept, returned, twice]) IsStill(x, 1);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void All_sizes_are_kept_where_somebody_else_may_have_them(int size, DType dtype)
    {
        Tensor met, span, called, role, shown;
        using (Cpu.Memory.Scope())
        {
            (met, span, called) = (Of(size, dtype), Of(size, dtype), Of(size, dtype));
            role = Of(size, dtype).AsBuffer();
            using (new Seeing().Enter()) shown = met.Clone();
            var thread = new Thread(() => met.ToArray<float>());
            thread.Start();
            thread.Join();
            if (dtype == DType.Float32) span.AsSpan<float>();
            else span.ShareMemory();
            called.ShareMemory(); // as where a formula of the user's runs
        }
        foreach (Tensor x in (Tensor[])[met, span, called, role, shown]) IsStill(x, 1);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void All_sizes_are_gone_for_a_thread_that_comes_too_late(int size, DType dtype)
    {
        Tensor x;
        using (Cpu.Memory.Scope()) x = Of(size, dtype);
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => x.ToArray<float>()));
        thread.Start();
        thread.Join();
        error.ShouldBeOfType<ObjectDisposedException>().Message.ShouldContain("scope");
        IsGone(x);
    }

    [Theory]
    [InlineData(1), InlineData(4), InlineData(100), InlineData(5_000)]
    public void A_loss_and_its_gradients_of_all_sizes(int size)
    {
        Tensor w = Tensor.Full([size], 2, DType.Float32).RequiresGradInPlace(), loss, early, between;
        using (MemoryScope scope = Cpu.Memory.Scope())
        {
            early = scope.Keep((w * 3).Sin().Sum()); // and with it what was made so far
            between = w * w;
            between.RetainGrad();
            loss = between.Exp().Sum();
            loss.Backward();
        }
        IsGone(loss.Detach());
        Overwrite();
        between.Grad.ShouldNotBeNull().Sum().Item().ShouldBe(Math.Exp(4) * size, 1e-3 * size);
        w.Grad.ShouldNotBeNull().Sum().Item().ShouldBe(4 * Math.Exp(4) * size, 1e-3 * size);
        w.Grad = null;
        Overwrite();
        early.Backward();
        w.Grad.ShouldNotBeNull().Sum().Item().ShouldBe(3 * Math.Cos(6) * size, 1e-3 * size);
    }

    [Theory]
    [InlineData(1), InlineData(4), InlineData(100), InlineData(5_000)]
    public void A_graph_whose_pass_is_yet_to_come_is_gone_in_all_sizes(int size)
    {
        Tensor w = Tensor.Full([size], 2, DType.Float32).RequiresGradInPlace(), loss, kept;
        using (MemoryScope scope = Cpu.Memory.Scope())
        {
            loss = (w * w).Exp().Sum();
            Tensor done = (w * w).Exp();
            done.Sum().Backward();
            kept = scope.Keep(done);
        }
        Should.Throw<ObjectDisposedException>(() => loss.Backward()).Message.ShouldContain("scope");
        Overwrite();
        kept.Detach().Sum().Item().ShouldBe(Math.Exp(4) * size, 1e-3 * size);
    }

    [Theory]
    [InlineData(1), InlineData(4), InlineData(100), InlineData(5_000)]
    public void What_a_callback_has_when_its_scope_ends_stays_in_all_sizes(int size)
    {
        MemoryScope scope = Cpu.Memory.Scope();
        Tensor y = Tensor.Full([size], 2, DType.Float32), z = Tensor.Full([size], 3, DType.Float32);
        y.Read<float, bool>(all =>
        {
            scope.Dispose();
            Overwrite();
            foreach (float x in all) x.ShouldBe(2);
            return true;
        });
        IsStill(y, 2);
        IsGone(z);
    }

    [Fact]
    public void Numbers_of_csharp_are_tensors_of_the_scope_they_became_one_in()
    {
        Tensor before = 0.1, inside, x = Made();
        using (Cpu.Memory.Scope())
        {
            inside = 0.1;
            (x.Double() * inside).Max().Item().ShouldBe(0.2);
            (before + 1).Item();
        }
        Should.Throw<ObjectDisposedException>(() => x.Double() * inside);
        IsGone(inside);
        before.Item().ShouldBe(0.1, 1e-7);
    }

    private sealed class Seeing : OpMode
    {
        protected override IReadOnlyList<Tensor?> Run(OpCall call) => call.Run();
    }
}
