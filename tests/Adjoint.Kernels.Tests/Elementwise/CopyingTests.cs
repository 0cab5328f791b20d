using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Copies of pieces of memory, at every place of a cache line, and additions to places laid out by strides.</summary>
public sealed unsafe class CopyingTests
{
    [Fact]
    public void What_is_copied_is_all_that_changes()
    {
        byte[] source = new byte[2000], target = new byte[2000];
        new System.Random(1).NextBytes(source);
        foreach (int length in new[] { 0, 1, 63, 64, 65, 127, 128, 129, 191, 192, 193, 500, 1025 })
            for (int place = 0; place < 70; place += 7)
                for (int shift = 0; shift < 66; shift += 13)
                {
                    Array.Clear(target);
                    fixed (byte* from = source, to = target) Copying.Run(from + shift, to + place, length);
                    target.AsSpan(place, length).SequenceEqual(source.AsSpan(shift, length)).ShouldBeTrue();
                    target.AsSpan(0, place).ContainsAnyExcept((byte)0).ShouldBeFalse();
                    target.AsSpan(place + length).ContainsAnyExcept((byte)0).ShouldBeFalse();
                }
    }

    [Theory, InlineData(100), InlineData(65537), InlineData(300_000), InlineData(4_000_000)]
    public void Spans_of_any_length(int length)
    {
        float[] source = [.. Enumerable.Range(0, length + 1).Select(i => (float)i)], target = new float[length + 2];
        Copying.Run<float>(source.AsSpan(1), target.AsSpan(1, length));
        target.AsSpan(1, length).SequenceEqual(source.AsSpan(1)).ShouldBeTrue();
        (target[0], target[^1]).ShouldBe((0f, 0f));
        // Onto themselves, moved: as if all had been read first.
        Copying.Run<float>(source.AsSpan(0, length), source.AsSpan(1));
        source.AsSpan(1).SequenceEqual([.. Enumerable.Range(0, length).Select(i => (float)i)]).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => Copying.Run<float>(source, target.AsSpan(0, 5)));
    }

    /// <summary>Sizes, strides, offset.</summary>
    public static TheoryData<int[], int[], int> Places => new()
    {
        { [], [], 3 },
        { [67], [1], 2 },
        { [67], [-1], 70 },
        { [5, 40], [50, 1], 1 },
        { [5, 40], [7, 1], 1 },
        { [4, 10, 5], [30, 3, 1], 0 },
        { [6, 20], [20, 0], 0 },
        { [3, 0], [1, 1], 0 },
    };

    [Theory, MemberData(nameof(Places))]
    public void What_coincides_is_added_in_order(int[] sizes, int[] strides, int offset)
    {
        int length = sizes.Aggregate(1, (a, b) => a * b);
        var random = new System.Random(2);
        float[] terms = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())];
        float[] sums = new float[300], expected = new float[300];
        for (int i = 0; i < length; i++)
        {
            int place = offset, rest = i;
            for (int d = sizes.Length - 1; d >= 0; d--) (rest, place) = (rest / sizes[d], place + rest % sizes[d] * strides[d]);
            expected[place] += terms[i];
        }
        StridedSum.Add<float>(terms, sums, offset, sizes, strides);
        sums.ShouldBe(expected);
        if (length < 2) return;
        Should.Throw<ArgumentException>(() => StridedSum.Add<float>(terms, new float[20], offset, sizes, strides));
        Should.Throw<ArgumentException>(() => StridedSum.Add<float>(terms.AsSpan(1), sums, offset, sizes, strides));
    }
}
