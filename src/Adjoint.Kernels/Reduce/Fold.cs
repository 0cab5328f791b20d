using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Combines elements that stand in a row.</summary>
/// <remarks>
/// Note [Order of summation]: the order in which elements are combined depends on their number alone: not on the number of
/// threads, not on the width of the machine's registers. A leaf of up to 1024 elements is combined in four registers of 256
/// bits side by side, the registers and then their lanes in halves, and leaves are combined in a balanced tree. A sum of n
/// numbers then carries an error of about 32 + log₂(n/1024) roundings instead of n.
/// </remarks>
internal static unsafe class Fold
{
    private const int Leaf = 1024;

    /// <summary>All of <paramref name="length"/> elements combined, by several threads if there are many.</summary>
    public static T Run<TFold, TElements, T>(TElements elements, long length) where TFold : struct, IFold
        where TElements : struct, IElements<T> where T : unmanaged
    {
        var chunks = new Chunks(length, Chunks.Cheap);
        if (chunks.Count <= 1) return Range<TFold, TElements, T>(elements, 0, (nuint)length);
        T[] parts = new T[chunks.Count];
        fixed (T* results = parts)
        {
            var body = new Body<TFold, TElements, T>(elements, results, chunks);
            Threads.Run(chunks.Count, ref body);
            return Range<TFold, Dense<T>, T>(new(results), 0, (nuint)chunks.Count);
        }
    }

    private readonly struct Body<TFold, TElements, T>(TElements elements, T* parts, Chunks chunks) : IChunkBody
        where TFold : struct, IFold where TElements : struct, IElements<T> where T : unmanaged
    {
        public void Run(int chunk) =>
            parts[chunk] = Range<TFold, TElements, T>(elements, (nuint)chunks.Start(chunk), (nuint)chunks.End(chunk));
    }

    /// <summary>The elements from <paramref name="start"/> to <paramref name="end"/> combined, on this thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Range<TFold, TElements, T>(TElements elements, nuint start, nuint end) where TFold : struct, IFold
        where TElements : struct, IElements<T> where T : unmanaged
    {
        nuint length = end - start;
        if (TElements.AreApart && length <= Leaf) return OfLeafApart<TFold, TElements, T>(elements, start, end);
        if (length <= Leaf)
            return TElements.AreCostly
            ? OfCostlyLeaf<TFold, TElements, T>(elements, start, end) : OfLeaf<TFold, TElements, T>(elements, start, end);
        nuint half = (length / 2 + Leaf - 1) / Leaf * Leaf;
        T left = Range<TFold, TElements, T>(elements, start, start + half), right = Range<TFold, TElements, T>(elements, start + half, end);
        return TFold.Combine(Lane<T>.Broadcast(left), Lane<T>.Broadcast(right)).Value.ToScalar();
    }

    /// <summary>All elements are brought together before they are combined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    private static T OfLeafApart<TFold, TElements, T>(TElements elements, nuint start, nuint end)
        where TFold : struct, IFold where TElements : struct, IElements<T> where T : unmanaged
    {
        T* values = stackalloc T[Leaf];
        elements.Gather(start, end, values);
        return OfLeaf<TFold, Dense<T>, T>(new(values), 0, end - start);
    }

    /// <summary>All elements are computed before they are combined. See Note [One place].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    private static T OfCostlyLeaf<TFold, TElements, T>(TElements elements, nuint start, nuint end) where TFold : struct, IFold
        where TElements : struct, IElements<T> where T : unmanaged
    {
        T* values = stackalloc T[Leaf];
        if (end > start) Sweep.Range(elements, values - start, start, end, false);
        return OfLeaf<TFold, Dense<T>, T>(new(values), 0, end - start);
    }

    /// <summary>Four registers side by side, as far as there are four more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T OfLeaf<TFold, TElements, T>(TElements elements, nuint start, nuint end) where TFold : struct, IFold
        where TElements : struct, IElements<T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "cannot", "be", "combined", "and", "this",
                "sentence", "is", "never",
                "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler", "to", "put", "all", "functions",
                "that", "follow", "in",
                "place", "of", "their", "calls"));
        }
        nuint lanes = (nuint)Lanes256<T>.Count, i = start;
        Lanes256<T> a = Lanes256<T>.Constant(TFold.Identity), b = a, c = a, d = a;
        for (; i + 4 * lanes <= end; i += 4 * lanes)
        {
            a = TFold.Combine(a, elements.At<Lanes256<T>>(i));
            b = TFold.Combine(b, elements.At<Lanes256<T>>(i + lanes));
            c = TFold.Combine(c, elements.At<Lanes256<T>>(i + 2 * lanes));
            d = TFold.Combine(d, elements.At<Lanes256<T>>(i + 3 * lanes));
        }
        T* parts = stackalloc T[2 * Lanes256<T>.Count];
        Lanes256<T>.Store(a, ref *parts, 0);
        Lanes256<T>.Store(TFold.Combine(c, d), ref *parts, lanes);
        return Rest<TFold, TElements, T>(elements, i, end, b, parts);
    }

    /// <summary>
    /// The registers that are left go to the first of the four; then all become one, and the elements that are left follow.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Rest<TFold, TElements, T>(TElements elements, nuint i, nuint end, Lanes256<T> b, T* parts) where TFold : struct, IFold
        where TElements : struct, IElements<T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "cannot", "be", "combined", "and", "this",
                "sentence", "is", "never",
                "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler", "to", "put", "all", "functions",
                "that", "follow", "in",
                "place", "of", "their", "calls"));
        }
        nuint lanes = (nuint)Lanes256<T>.Count;
        Lanes256<T> a = Lanes256<T>.Load(in *parts, 0);
        for (; i + lanes <= end; i += lanes) a = TFold.Combine(a, elements.At<Lanes256<T>>(i));
        a = TFold.Combine(TFold.Combine(a, b), Lanes256<T>.Load(in *parts, lanes));
        Lanes256<T>.Store(a, ref *parts, 0);
        for (nuint half = lanes / 2; half > 0; half /= 2)
            for (nuint k = 0; k < half; k++)
                Lane<T>.Store(TFold.Combine(Lane<T>.Load(in *parts, k), Lane<T>.Load(in *parts, k + half)), ref *parts, k);
        Lane<T> rest = Lane<T>.Load(in *parts, 0);
        for (; i < end; i++) rest = TFold.Combine(rest, elements.At<Lane<T>>(i));
        return rest.Value.ToScalar();
    }
}
