using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

[Collection(ThreadCount.Collection)]
public class GemmThreadsTests
{
    [Theory]
    [InlineData(Trans.No, Trans.No)]
    [InlineData(Trans.No, Trans.Yes)]
    [InlineData(Trans.Yes, Trans.No)]
    [InlineData(Trans.Yes, Trans.Yes)]
    internal void The_same_bits_for_any_number_of_threads(Trans a, Trans b)
    {
        foreach (
            var (m, k, n) in new[] { (64, 784, 512), (512, 64, 300), (200, 200, 200), (64, 512, 10), (1, 700, 900), (900, 700, 1),
                (33, 1000, 65), (90, 1024, 200),
            (1, 100_000, 1), (3, 40_000, 1), (1, 20_000, 30), (500, 300, 7),
            (301, 65, 203), (65, 1024, 100), (100, 300, 100), (64, 10, 512), (20, 6, 9_000), (700, 14, 99), (300, 512, 99) })
        {
            Same(new GemmCase<float>(a, b, m, n, k, bias: true));
            Same(new GemmCase<double>(a, b, m, n, k, pad: 1, accumulate: true));
        }
    }

    private static void Same<T>(GemmCase<T> product) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        T[]? first = null;
        foreach (int threads in new[] { 1, 2, 3, 4 })
        {
            using var _ = ThreadCount.Of(threads);
            T[] result = product.Run();
            first ??= result;
            result.AsSpan().SequenceEqual(first).ShouldBeTrue($"{product} on {threads} threads");
        }
    }

    [Fact]
    public void Several_user_threads_may_multiply_at_once()
    {
        using var _ = ThreadCount.Of(2);
        var product = new GemmCase<float>(Trans.No, Trans.Yes, 70, 150, 90, bias: true);
        float[] expected = product.Run();
        int wrong = 0;
        var users = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 100; i++)
                if (!product.Run().AsSpan().SequenceEqual(expected)) Interlocked.Increment(ref wrong);
        })).ToList();
        users.ForEach(user => user.Start());
        users.ForEach(user => user.Join());
        wrong.ShouldBe(0);
    }
}
