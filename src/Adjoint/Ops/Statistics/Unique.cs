using System.Numerics;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The elements without repetitions, in order; or the slices along a dimension, ordered by their first elements that differ. NaN
    /// equals nothing, not even itself.
    /// </summary>
    /// <param name="dim">The dimension; without one all elements, in a row.</param>
    /// <returns>What is different; for each element (or slice) the place of its like among it; and how many of each there are.</returns>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public (Tensor Values, Tensor Inverse, Tensor Counts) Unique(int? dim = null)
    {
        try
        {
            return UniqueOp.Apply(this, dim, ordered: true);
        }
        catch (TensorException e) when (e.IsOf(nameof(Unique)))
        {
            throw;
        }
    }

    /// <summary>The elements without those that follow their like; or the slices along a dimension.</summary>
    /// <param name="dim">The dimension; without one all elements, in a row.</param>
    /// <returns>What is left; for each element (or slice) the place of its like among it; and how many of each there were.</returns>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public (Tensor Values, Tensor Inverse, Tensor Counts) UniqueConsecutive(int? dim = null)
    {
        try
        {
            return UniqueOp.Apply(this, dim, ordered: false);
        }
        catch (TensorException e) when (e.IsOf(nameof(UniqueConsecutive)))
        {
            throw;
        }
    }
}

/// <summary>The first of each group of equals: places of the groups, the group of each slice, and the sizes of the groups.</summary>
internal readonly struct UniqueOp(bool ordered) : ITensorsOperation, IByHand
{
    public string Name => ordered ? "unique" : "unique_consecutive";

    public void Describe(OpAttributes to) => to.Add("sorted", ordered);

    internal static (Tensor Values, Tensor Inverse, Tensor Counts) Apply(Tensor x, int? dim, bool ordered)
    {
        x = x.Detach();
        int d = dim is { } given ? x.Shape.Wrap(given) : 0;
        // Slices as rows.
        Tensor rows = dim is null ? x.Reshape(-1, 1) : x.NDim == 0 ? x.Reshape(1, 1) : x.MoveDim(d, 0);
        int count = rows.Shape[0];
        rows = rows.Reshape(count, count == 0 ? 0 : rows.NumEl / count);
        Tensor?[] found = Door.RunMany(new UniqueOp(ordered), rows);
        Tensor places = found[0]!, inverse = found[1]!;
        if (dim is null) return (x.Flatten().IndexSelect(0, places), inverse.Reshape(x.Shape), found[2]!);
        return (x.NDim == 0 ? x : x.IndexSelect(d, places), inverse, found[2]!);
    }

    public void Write(Hand hand)
    {
        HandTensor x = hand.Ordered(hand.Input(0)), groups = hand.ResultOrNull(1) ?? hand.New("groups", [x.Shape[0]], DType.Int64);
        int count = (hand.ResultOrNull(0) ?? hand.ResultOrNull(2))?.Shape[0] ?? -1;
        hand.Needs(HandOrderText.Distinct, x.Word);
        string error = "throw new InvalidOperationException("
            + $"\"What was written holds for {count} that differ, and now there are others.\");";
        hand.Line($"var (first, order, counts) = Distinct({hand.Whole(x)}, {x.Place}, {x.Strides[0]}, {x.Strides[1]}, {x.Shape[0]}, "
            + $"{x.Shape[1]}, {(ordered ? "true" : "false")});");
        if (count >= 0) hand.Line($"if (first.Length != {count}) {error}");
        void Copied(HandTensor? to, string from)
        {
            if (to is { Shape.NumEl: > 0 }) hand.For($"{to.Shape[0]}", i => hand.Store(to.At(i), $"{from}[{i}]"));
        }

        Copied(hand.ResultOrNull(0), "first");
        Copied(groups, "order");
        Copied(hand.ResultOrNull(2), "counts");
    }

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor rows = Elements.ToContiguous(inputs[0]!);
        var work = new Work(rows, ordered, Tensor.Uninitialized(here, [rows.Shape[0]], DType.Int64));
        Dispatch.Number(rows.DType, ref work);
        return [work.Places, work.Groups, work.Counts];
    }

    private struct Work(Tensor rows, bool ordered, Tensor groups) : INumberWork
    {
        internal Tensor? Places { get; private set; }

        internal readonly Tensor Groups => groups;

        internal Tensor? Counts { get; private set; }

        public void Run<T>() where T : unmanaged, INumber<T>
        {
            // As large as can be.
            Tensor first = Tensor.Uninitialized([rows.Shape[0]], DType.Int64), counts = Tensor.Uninitialized(first.Shape, DType.Int64);
            int found;
            using (var memory = new Loan())
                found = Found<T>(memory.Of<T>(rows), memory.Of<long>(groups), memory.Of<long>(first), memory.Of<long>(counts));
            (Places, Counts) = (Begin(first, found), Begin(counts, found));
        }

        // Of few the rest is given back at once.
        private static Tensor Begin(Tensor all, int count)
        {
            Tensor begin = all.Alias([count], null, 0);
            return count > all.NumEl / 2 ? begin : Elements.Copy(begin).After(all);
        }

        private readonly int Found<T>(ReadOnlySpan<T> x, Span<long> numbers, Span<long> first, Span<long> counts)
            where T : unmanaged, INumber<T>
        {
            int width = rows.Shape[1];
            int found = ordered && width == 1 ? Kernels.Groups.Counted(x, first, numbers, counts) : -1;
            return found >= 0 ? found : Kernels.Groups.Runs(x, width, ordered ? Order(x, width) : [], first, numbers, counts);
        }

        private readonly long[] Order<T>(ReadOnlySpan<T> x, int width) where T : unmanaged, INumber<T>
        {
            if (width == 1)
            {
                using Unrecorded _ = Unrecorded.Begin();
                return Elements.ToArray<long>(rows.Reshape(-1).ArgSort(0));
            }
            T[] elements = x.ToArray();
            long[] order = [.. Enumerable.Range(0, rows.Shape[0]).Select(i => (long)i)];
            Array.Sort(order, (a, b) => Compare(elements, width, a, b) is var sign && sign != 0 ? sign : a.CompareTo(b));
            return order;
        }

        // A NaN is behind all numbers, as it is when they are sorted.
        private static int Compare<T>(T[] x, int width, long a, long b) where T : unmanaged, INumber<T>
        {
            for (int i = 0; i < width; i++)
            {
                T left = x[a * width + i], right = x[b * width + i];
                if (left < right) return -1;
                if (left > right) return 1;
                int nan = T.IsNaN(left).CompareTo(T.IsNaN(right));
                if (nan != 0) return nan;
            }
            return 0;
        }
    }
}

public static partial class OpTable
{
    private static Op Unique => Op.Of(OpKind.Zero, "unique", x => Chosen(x).Unique().Counts, Matrix,
        new() { Formula = "how often each value occurs", Torch = "chosen(x).unique(return_counts=True)[1]" });

    private static Op UniqueConsecutive => Op.Of(OpKind.Zero, "unique_consecutive",
        x => Chosen(x).UniqueConsecutive().Inverse, Matrix,
        new()
        {
            Formula = "the elements of x without those that follow their like",
            Torch = "chosen(x).unique_consecutive(return_inverse=True)[1]"
        });
}
