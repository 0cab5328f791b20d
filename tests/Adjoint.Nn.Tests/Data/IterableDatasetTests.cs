using Adjoint.Data;

namespace Adjoint.Tests.Nn.Data;

public class IterableDatasetTests
{
    private static IterableDataset Numbers(int from, int count, Action? ended = null) => IterableDataset.Of(() => Examples(from, count, ended));

    private static IEnumerable<Tensor[]> Examples(int from, int count, Action? ended)
    {
        try
        {
            for (int i = from; i < from + count; i++) yield return [Tensor.Scalar((long)i)];
        }
        finally
        {
            ended?.Invoke();
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(5)]
    public void A_stream_comes_in_batches_of_its_order(int prefetch)
    {
        int ended = 0;
        var loader = new DataLoader(Numbers(0, 3) + Numbers(3, 4, () => ended++), batchSize: 3, prefetch: prefetch);
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            loader.Select(batch => string.Join(" ", batch[0].ToArray<long>())).ShouldBe(["0 1 2", "3 4 5", "6"]);
            ended.ShouldBe(epoch);
        }
        new DataLoader(Numbers(0, 7), batchSize: 3, dropLast: true, prefetch: prefetch).Count().ShouldBe(2);
        new DataLoader(Numbers(0, 2), batchSize: null, prefetch: prefetch).Select(batch => batch[0].NDim).ShouldBe([0, 0]);
        new DataLoader(Numbers(0, 0), prefetch: prefetch).ShouldBeEmpty();
    }

    /// <summary>A stream without end, left early, is closed; so is one that fails.</summary>
    [Theory, InlineData(0), InlineData(4)]
    public void A_stream_that_is_left_is_closed(int prefetch)
    {
        int ended = 0;
        var loader = new DataLoader(Numbers(0, int.MaxValue, () => ended++), batchSize: 2, prefetch: prefetch);
        loader.Take(3).Count().ShouldBe(3);
        ended.ShouldBe(1);
        var failing = new DataLoader(IterableDataset.Of(() => Examples(0, 5, () => ended++).Append(null!)), batchSize: 2, prefetch: prefetch);
        int taken = 0;
        Should.Throw<InvalidOperationException>(() =>
        {
            foreach (Batch batch in failing) taken++;
        }).Message.ShouldContain("null");
        (taken, ended).ShouldBe((2, 2));
    }

    [Fact]
    public void A_stream_has_no_count_and_no_indices()
    {
        var loader = new DataLoader(Numbers(0, 3));
        Should.Throw<NotSupportedException>(() => loader.Count).Message.ShouldContain("IterableDataset");
        Should.Throw<NotSupportedException>(() => loader.Dataset);
    }

    [Fact]
    public void Examples_of_a_stream_can_be_collated()
    {
        var loader = new DataLoader(Numbers(0, 5), batchSize: 2,
            collate: examples => new Batch([Tensor.Stack([.. examples.Select(e => e[0] * 2)])]));
        loader.Select(batch => batch[0].Sum().Item()).ShouldBe([2, 10, 8]);
    }

    [Fact]
    public void Lines_of_files_are_examples()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), "one\n\nthree\n");
        File.WriteAllText(folder.File("b"), "fifth");
        var lines = new TextLines([folder.File("a"), folder.File("b")], line => line.Length == 0 ? null : [Tensor.Scalar(line.Length)]);
        lines.Select(example => example[0].Item()).ShouldBe([3, 5, 5]);
        Should.Throw<IOException>(() => new TextLines([folder.Path], _ => null).Count());
    }
}
