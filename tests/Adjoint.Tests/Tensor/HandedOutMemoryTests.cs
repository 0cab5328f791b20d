using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Adjoint.Kernels;

namespace Adjoint.Tests.Tensors;

/// <summary>What is handed out keeps what it shows, whatever becomes of the tensor, and is the tensor's own memory.</summary>
public class HandedOutMemoryTests
{
    private static readonly int[] s_sizes = [1, 2, 4, 5, 256, 257, 1000, 100_000, 700_000];

    public static TheoryData<int, string> Ends
    {
        get
        {
            var cases = new TheoryData<int, string>();
            foreach (int size in s_sizes)
                foreach (
                    string end in (string[])[
                        "dropped", "disposed", "detached", "view disposed", "other dtype", "gradient cleared", "saved and freed"])
                    cases.Add(size, end);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Ends))]
    public void A_span_keeps_what_it_shows_whatever_becomes_of_the_tensor(int size, string end)
    {
        Span<float> span = Handed(size, end);
        GC.Collect();
        BlockPool.Reclaim();
        var others = new List<Tensor>();
        for (int i = 0; i < 8; i++) others.Add(Tensor.Full([size], 5f));
        span.IndexOfAnyExcept(7f).ShouldBe(-1);
        span.Fill(9f);
        foreach (Tensor other in others) other.Read<float, int>(elements => elements.IndexOfAnyExcept(5f)).ShouldBe(-1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<float> Handed(int size, string end)
    {
        Tensor x = Tensor.Full([size], 7f);
        switch (end)
        {
            case "gradient cleared":
                x.RequiresGrad = true;
                (x * 7f).Sum().Backward();
                Span<float> gradient = x.Grad!.AsSpan<float>();
                new Adjoint.Optim.SGD([x]).ZeroGrad();
                return gradient;
            case "saved and freed":
                x.RequiresGrad = true;
                Tensor y = x * 1f, z = y.Exp() * y;
                Span<float> saved = y.Detach().AsSpan<float>();
                z.Sum().Backward();
                return saved;
        }
        Span<float> span = x.AsSpan<float>();
        switch (end)
        {
            case "disposed": x.Dispose(); break;
            case "detached": _ = x.Detach(); break;
            case "view disposed": x.View(1, size).Dispose(); break;
            case "other dtype": x.ReplaceData(x.To(DType.Float64)); break;
        }
        return span;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_span_is_the_tensors_own_memory_before_and_after_views_and_changes(int size)
    {
        Tensor x = Tensor.Zeros(size), early = x.View(1, size);
        Span<float> span = x.AsSpan<float>();
        Tensor late = x.Detach();
        span[size - 1] = 3;
        foreach (Tensor seen in (Tensor[])[x, early, late, x.T]) seen.Flatten()[-1].Item().ShouldBe(3);
        x.AddInPlace(1f);
        early.MulInPlace(2f);
        span[size - 1].ShouldBe(8);
        Span<float> again = late.AsSpan<float>();
        again[0] = -1;
        span[0].ShouldBe(-1);
        MemoryMarshal.Cast<float, byte>(span).Clear();
        x.Sum().Item().ShouldBe(0);
    }

    public static TheoryData<int> Sizes => new(s_sizes);

    [Fact]
    public void A_span_over_a_part_writes_to_the_whole()
    {
        Tensor x = Tensor.Zeros(100, 10);
        Span<float> row = x[3].AsSpan<float>();
        row.Fill(2);
        x.Sum().Item().ShouldBe(20);
        x.Dispose();
        row.IndexOfAnyExcept(2f).ShouldBe(-1);
        Tensor.Zeros(0, 3).AsSpan<float>().Length.ShouldBe(0);
        Tensor.Zeros(5, 0)[4].AsSpan<float>().Length.ShouldBe(0);
    }

    [Fact]
    public void A_change_in_place_beside_the_first_look_is_not_lost()
    {
        for (int round = 0; round < 300; round++)
        {
            Tensor x = Tensor.Zeros(1), view = x;
            using var start = new Barrier(2);
            var thread = new Thread(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                x.AddInPlace(1f);
            });
            thread.Start();
            start.SignalAndWait(TestContext.Current.CancellationToken);
            view = x.Detach();
            Span<float> span = x.AsSpan<float>();
            thread.Join();
            span[0].ShouldBe(1);
            view.Item().ShouldBe(1);
            x.Item().ShouldBe(1);
            view.Version.ShouldBe(1);
        }
    }

    [Fact]
    public void All_threads_that_look_first_get_the_same_memory()
    {
        foreach (int size in s_sizes)
        {
            Tensor x = Tensor.Zeros(size, 8);
            Parallel.For(0, 8, column => // in one row after the other each writes its own column
            {
                for (int row = 0; row < size; row++) x.AsSpan<float>()[row * 8 + column] = 1;
            });
            x.Sum().Item().ShouldBe(8 * size);
        }
    }

    [Fact]
    public void Rows_filled_by_spans_and_by_operations_on_several_threads_are_all_there()
    {
        for (int round = 0; round < 20; round++)
        {
            Tensor x = Tensor.Zeros(16, 5000);
            Parallel.For(0, 16, row =>
            {
                if (row % 2 == 0) x[row].FillInPlace(1);
                else x[row].AsSpan<float>().Fill(1);
            });
            x.Sum().Item().ShouldBe(16 * 5000);
        }
    }

    [Fact]
    public void Who_enumerates_keeps_what_he_has()
    {
        IEnumerator<Tensor> rows = Enumerator();
        GC.Collect();
        BlockPool.Reclaim();
        Tensor other = Tensor.Full([1000], 5f);
        while (rows.MoveNext()) rows.Current.Sum().Item().ShouldBe(700);
        GC.KeepAlive(other);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IEnumerator<Tensor> Enumerator() => Tensor.Full([10, 100], 7f).GetEnumerator();
}
