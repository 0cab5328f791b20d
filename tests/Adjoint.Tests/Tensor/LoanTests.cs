using System.Runtime.CompilerServices;
using Adjoint.Kernels;

namespace Adjoint.Tests.Tensors;

/// <summary>A loan keeps whose memory it lent until its block ends: Note [Lent until the end of the block].</summary>
public class LoanTests
{
    private const int Large = 1000; // elements: a block of the pool

    // More than a loan has places for.
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(30)]
    public void All_that_is_lent_stays_lent_until_the_loan_ends(int count)
    {
        var memory = new Loan();
        Tenancy[] lent = Lent(ref memory, count), others = NotLent(count);
        Collect();
        lent.ShouldAllBe(tenancy => tenancy.Lasts());
        others.ShouldAllBe(tenancy => !tenancy.Lasts());
        memory.Dispose();
        memory = default;
        Collect();
        lent.ShouldAllBe(tenancy => !tenancy.Lasts());
    }

    [Fact]
    public void The_tensor_of_a_running_kernel_lives_though_nobody_mentions_it_again()
    {
        bool kept = true;
        for (int i = 0; i < 50; i++) kept &= IsKept(i);
        kept.ShouldBeTrue();
    }

    [Fact]
    public void Who_is_lent_again_and_again_takes_one_place()
    {
        Tensor x = Tensor.Ones([Large]), y = Tensor.Ones([Large]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (var memory = new Loan())
            for (int i = 0; i < 1000; i++) Write(memory.Of<float>(x), memory.Of<float>(y));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    [Fact]
    public void What_is_lent_is_what_was_asked_for()
    {
        Tensor matrix = Tensor.Arange(12).Reshape([3, 4]), part = matrix[1..], turned = part.Transpose(0, 1);
        using var memory = new Loan();
        memory.Of<long>(part).ToArray().ShouldBe([4, 5, 6, 7, 8, 9, 10, 11]);
        memory.From<long>(turned)[4].ShouldBe(8);
        memory.Around<long>(turned)[0].ShouldBe(0);
        memory.Bytes(part).Length.ShouldBe(64);
        memory.OfNullable<long>(null).IsEmpty.ShouldBeTrue();
        memory.From<long>(matrix[3..]).IsEmpty.ShouldBeTrue();
        memory.Of<long>(Tensor.From<long>([3]))[0].ShouldBe(3);
    }

    [Fact]
    public void Elements_that_do_not_lie_one_after_the_other_are_not_lent_as_if_they_did() =>
        Should.Throw<InvalidOperationException>(() =>
        {
            using var memory = new Loan();
            return memory.Of<float>(Tensor.Ones([3, 4]).Transpose(0, 1)).Length;
        }).Message.ShouldContain("[4, 3]");

    [Fact]
    public void Disposed_memory_is_not_lent() =>
        Should.Throw<ObjectDisposedException>(() =>
        {
            Tensor x = Tensor.Ones([Large]);
            x.Dispose();
            using var memory = new Loan();
            return memory.Of<float>(x).Length;
        });

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static bool IsKept(int value)
    {
        Tensor x = Tensor.Full([Large], value);
        var tenancy = new Tenancy(x);
        using var memory = new Loan();
        return IsKept(memory.Of<float>(x), tenancy, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsKept(Span<float> x, Tenancy tenancy, int value)
    {
        Collect();
        return tenancy.Lasts() && x.IndexOfAnyExcept(value) < 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tenancy[] Lent(ref Loan memory, int count)
    {
        var lent = new Tenancy[count];
        for (int i = 0; i < count; i++)
        {
            Tensor x = Tensor.Ones([Large]);
            lent[i] = new Tenancy(x);
            memory.Of<float>(x)[0] = i;
        }
        return lent;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tenancy[] NotLent(int count) => [.. Enumerable.Range(0, count).Select(_ => new Tenancy(Tensor.Ones([Large])))];

    private static void Write(Span<float> x, Span<float> y) => x[0] = y[0] + 1;

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>That a tensor has its block; another may have it afterwards, under another number.</summary>
    private readonly struct Tenancy(Tensor x)
    {
        private readonly Lease _lease = x.Lease!;
        private readonly long _number = x.Lease!.Number;

        internal bool Lasts()
        {
            if (_lease.Number == _number) _lease.ReturnIfDead();
            return _lease.Number == _number;
        }
    }
}
