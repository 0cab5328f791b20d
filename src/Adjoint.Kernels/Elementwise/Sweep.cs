using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Writes elements one register after another, on as many threads as pay.</summary>
internal static unsafe class Sweep
{
    /// <summary>Elements a chunk; below two chunks a second thread costs more than it saves.</summary>
    public const int Grain = 8192;

    /// <summary>Results larger than this many bytes leave the caches before anyone reads them: they are written past them.</summary>
    public const long NonTemporalBytes = 12 << 20;

    /// <summary>target[i] = elements[i] for every i. The target may be one of the arrays that the elements are computed from.</summary>
    public static void Run<TElements, T>(TElements elements, T* target, long length) where TElements : struct, IElements<T>
        where T : unmanaged
    {
        if (length <= 2 * Grain)
        {
            Range(elements, target, 0, (nuint)length, false);
            return;
        }
        var body = new Body<TElements, T>(elements, target, new Chunks(length, Grain));
        Threads.Run(body.Chunks.Count, ref body);
    }

    private readonly struct Body<TElements, T>(TElements elements, T* target, Chunks chunks) : IChunkBody
        where TElements : struct, IElements<T> where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk) => Range(elements, target, (nuint)Chunks.Start(chunk), (nuint)Chunks.End(chunk),
            Chunks.Length * sizeof(T) >= NonTemporalBytes);
    }

    /// <summary>The part of a sweep from <paramref name="start"/> to <paramref name="end"/>, on this thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Range<TElements, T>(TElements elements, T* target, nuint start, nuint end, bool nonTemporal)
        where TElements : struct, IElements<T> where T : unmanaged
    {
        // Fewer elements than a register has go into a narrower one: row by row of ten classes, one at a time takes three times as long.
        nuint length = end - start;
        if (Vector512.IsHardwareAccelerated && length >= (nuint)Lanes512<T>.Count)
            Range<TElements, Lanes512<T>, T>(elements, target, start, end, nonTemporal);
        else if (Vector256.IsHardwareAccelerated && length >= (nuint)Lanes256<T>.Count)
            Range<TElements, Lanes256<T>, T>(elements, target, start, end, nonTemporal);
        else Range<TElements, Lanes128<T>, T>(elements, target, start, end, nonTemporal);
    }

    /// <summary>The same with registers of a chosen width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Range<TElements, R, T>(TElements elements, T* target, nuint start, nuint end, bool nonTemporal)
        where TElements : struct, IElements<T> where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (end - start < (nuint)R.Count) One<TElements, Lane<T>, T>(elements, target, start, end);
        else if (nonTemporal && end - start >= 2 * (nuint)R.Count && (nuint)target % (nuint)sizeof(T) == 0)
            PastCaches<TElements, R, T>(elements, target, start, end);
        else if (TElements.AreCostly) ManyCostly<TElements, R, T>(elements, target, start, end);
        else Many<TElements, R, T>(elements, target, start, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TElements, R, T>(TElements elements, T* target, nuint start, nuint end)
        where TElements : struct, IElements<T> where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "cannot", "be", "swept", "over", "this",
                "sentence", "is", "never",
                "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler", "to", "put", "all", "functions",
                "that", "follow", "in",
                "place", "of", "their", "calls"));
        }
        for (nuint i = start; i < end; i++) R.Store(elements.At<R>(i), ref *target, i);
    }

    // The last register overlaps the one before it, so there is no tail. It is computed before the first is stored:
    // where the target is also the source, it must still see the source.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Many<TElements, R, T>(TElements elements, T* target, nuint start, nuint end)
        where TElements : struct, IElements<T> where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "cannot", "be", "swept", "over", "this",
                "sentence", "is", "never",
                "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler", "to", "put", "all", "functions",
                "that", "follow", "in",
                "place", "of", "their", "calls"));
        }
        nuint last = end - (nuint)R.Count;
        R tail = elements.At<R>(last);
        for (nuint i = start; i < last; i += (nuint)R.Count) R.Store(elements.At<R>(i), ref *target, i);
        R.Store(tail, ref *target, last);
    }

    // Note [One place]: what takes many instructions stands once in a method, so that formulas as long as possible are within the
    // compiler's budget (see Note [Inlining budget]). So the loop begins with the register that is not stored in its turn, the last one,
    // which lies beside until the end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ManyCostly<TElements, R, T>(TElements elements, T* target, nuint start, nuint end)
        where TElements : struct, IElements<T> where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "cannot", "be", "swept", "over", "this",
                "sentence", "is", "never",
                "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler", "to", "put", "all", "functions",
                "that", "follow", "in",
                "place", "of", "their", "calls"));
        }
        Unsafe.SkipInit(out R tail);
        nuint last = end - (nuint)R.Count, i = last, next = start;
        T* to = (T*)Unsafe.AsPointer(ref tail);
        while (true)
        {
            R.Store(elements.At<R>(i), ref *to, 0);
            if (next >= last) break;
            i = next;
            to = target + next;
            next += (nuint)R.Count;
        }
        R.Store(tail, ref *target, last);
    }

    // The first, the first aligned and the last register may overlap: the first and the last lie beside until the end. See Note [One
    // place].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PastCaches<TElements, R, T>(TElements elements, T* target, nuint start, nuint end)
        where TElements : struct, IElements<T> where R : struct, IRegister<R, T> where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == 0)
        {
            // See Note [Inlining budget].
            throw new NotSupportedException(string.Join(' ', "Elements", "of", "no", "size", "cannot", "be", "swept", "over", "this",
                "sentence", "is", "never",
                "thrown", "but", "makes", "the", "method", "large", "enough", "for", "the", "compiler", "to", "put", "all", "functions",
                "that", "follow", "in",
                "place", "of", "their", "calls"));
        }
        nuint last = end - (nuint)R.Count, register = (nuint)(R.Count * sizeof(T));
        nuint next = start + (register - (nuint)(target + start) % register) / (nuint)sizeof(T);
        byte* beside = stackalloc byte[3 * (int)register];
        T* first = (T*)(((nuint)beside + register - 1) / register * register), to = first;
        nuint i = start;
        while (true)
        {
            R.StoreNonTemporal(elements.At<R>(i), to);
            if (to == first)
            {
                i = last;
                to = first + R.Count;
                continue;
            }
            if (next >= last) break;
            i = next;
            to = target + next;
            next += (nuint)R.Count;
        }
        // Orders the streamed stores before what is read here, and before the signal that this chunk is done.
        Thread.MemoryBarrier();
        R.Store(R.Load(in *first, 0), ref *target, start);
        R.Store(R.Load(in *first, (nuint)R.Count), ref *target, last);
    }
}
