using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>The gradient of the weight of a depthwise convolution: some taps at a time, a register of places after the other.</summary>
/// <remarks>See Note [Sums of a convolution]: the partial sums of a tap fill 64 bytes, whatever the registers are.</remarks>
internal static unsafe class LaneWeights<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // A plane stays in the second-level cache.
    private const int MostElements = 1 << 17;

    private static int Wide => 64 / sizeof(T);

    /// <summary>Computes it.</summary>
    public static void Run(in WeightSum<T> sum)
    {
        var plane = new PaddedPlane<S, V, T>(sum.Depth, sum.Height, sum.Width, MostElements, mayBeChannel: false);
        var body = new Compute { Sum = sum, Plane = plane };
        body.Each = (int)Math.Clamp(Chunks.Cheap / Math.Max(1, (long)sum.Steps * sum.Rows / 4), 1, sum.Sizes.Groups);
        Threads.Run((sum.Sizes.Groups + body.Each - 1) / body.Each, ref body);
    }

    private struct Compute : IChunkBody
    {
        public WeightSum<T> Sum;
        public PaddedPlane<S, V, T> Plane;
        public int Each;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int taps = Sum.Rows, start = chunk * Each, end = Math.Min(start + Each, Sum.Sizes.Groups);
            nint room = (Plane.Fits ? Plane.Size : Sum.Width.Count) / Wide * Wide + Wide;
            using Scratch<T> memory = new(room + (nint)taps * (Wide + sizeof(nint) / sizeof(int)));
            T* copy = memory.Data, sums = copy + room;
            nint* offsets = (nint*)(sums + (nint)taps * Wide);
            if (Plane.Fits) Plane.Offsets(offsets, 0);
            for (int g = start; g < end; g++)
            {
                new Span<T>(sums, taps * Wide).Clear();
                for (int n = 0; n < Sum.Sizes.Batch; n++)
                {
                    nint image = (nint)n * Sum.Sizes.Groups + g;
                    T* x = Sum.Input + image * Sum.Sizes.Inputs, y = Sum.Output + image * Sum.Sizes.Outputs;
                    if (Plane.Fits) AddPlane(x, y, copy, offsets, sums);
                    else AddLines(x, y, copy, sums);
                }
                for (int t = 0; t < taps; t++) Sum.Weight[(nint)g * taps + t] = Total(sums + t * Wide);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void AddPlane(T* x, T* y, T* copy, nint* offsets, T* sums)
        {
            Plane.Fill(x, copy);
            int rows = Sum.Height.Count, width = Sum.Width.Count, taps = Sum.Rows;
            nint step = Plane.RowOf(0, 1);
            for (int t = 0; t < taps;)
            {
                int count = taps - t >= 9 ? 9 : taps - t >= 3 ? 3 : 1;
                for (int d = 0; d < Sum.Depth.Count; d++)
                {
                    T* from = copy + Plane.RowOf(d, 0), to = y + (nint)d * rows * width, s = sums + (nint)t * Wide;
                    if (count == 9) AddNine(from, step, offsets + t, to, rows, width, s);
                    else if (count == 3) AddThree(from, step, offsets + t, to, rows, width, s);
                    else AddOne(from + offsets[t], step, to, rows, width, s);
                }
                t += count;
            }
        }

        // Where the padded channel would be too large, each row is copied for each tap.
        private readonly void AddLines(T* x, T* y, T* copy, T* sums)
        {
            int width = Sum.Width.Count;
            for (int t = 0; t < Sum.Rows; t++)
            {
                int tw = t % Sum.Width.Taps, th = t / Sum.Width.Taps % Sum.Height.Taps, td = t / Sum.Width.Taps / Sum.Height.Taps;
                for (int row = 0; row < Sum.Depth.Count * Sum.Height.Count; row++)
                {
                    nint sd = (nint)(row / Sum.Height.Count) * Sum.Depth.SourceStep + Sum.Depth.Offsets[td];
                    nint sh = (nint)(row % Sum.Height.Count) * Sum.Height.SourceStep + Sum.Height.Offsets[th];
                    if ((nuint)sd < (nuint)Sum.Depth.Source && (nuint)sh < (nuint)Sum.Height.Source)
                    {
                        T* line = x + (sd * Sum.Height.Source + sh) * Sum.Width.Source;
                        PatchLine<S, V, T>.Copy(line, Sum.Width.Source, Sum.Width.Offsets[tw], Sum.Width.SourceStep, copy, width);
                    }
                    else
                    {
                        PatchLine<S, V, T>.Clear(copy, width);
                    }
                    AddOne(copy, 0, y + (nint)row * width, 1, width, sums + t * Wide);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddNine(T* x, nint step, nint* offsets, T* y, int rows, int width, T* sums)
    {
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = offsets[4];
        nint o5 = offsets[5], o6 = offsets[6], o7 = offsets[7], o8 = offsets[8];
        for (nint lane = 0; lane < Wide && lane < width; lane += S.Lanes)
        {
            // Places of whole registers, and of the one that is left.
            nint whole = lane + (width - lane) / Wide * Wide, left = width - whole;
            if (left >= S.Lanes) (whole, left) = (whole + Wide, 0);
            V mask = S.Mask((int)Math.Max(left, 0));
            T* s = sums + lane;
            V c0 = S.Load(s), c1 = S.Load(s + Wide), c2 = S.Load(s + 2 * Wide), c3 = S.Load(s + 3 * Wide);
            V c4 = S.Load(s + 4 * Wide), c5 = S.Load(s + 5 * Wide), c6 = S.Load(s + 6 * Wide), c7 = S.Load(s + 7 * Wide);
            V c8 = S.Load(s + 8 * Wide);
            for (int r = 0; r < rows; r++)
            {
                T* from = x + r * step, to = y + (nint)r * width;
                for (nint w = lane; w < whole; w += Wide)
                {
                    T* p = from + w;
                    V g = S.Load(to + w);
                    c0 = S.MultiplyAdd(g, S.Load(p + o0), c0);
                    c1 = S.MultiplyAdd(g, S.Load(p + o1), c1);
                    c2 = S.MultiplyAdd(g, S.Load(p + o2), c2);
                    c3 = S.MultiplyAdd(g, S.Load(p + o3), c3);
                    c4 = S.MultiplyAdd(g, S.Load(p + o4), c4);
                    c5 = S.MultiplyAdd(g, S.Load(p + o5), c5);
                    c6 = S.MultiplyAdd(g, S.Load(p + o6), c6);
                    c7 = S.MultiplyAdd(g, S.Load(p + o7), c7);
                    c8 = S.MultiplyAdd(g, S.Load(p + o8), c8);
                }
                if (left <= 0) continue;
                from += whole;
                V h = S.Load(to + whole, mask);
                c0 = S.MultiplyAdd(h, S.Load(from + o0, mask), c0);
                c1 = S.MultiplyAdd(h, S.Load(from + o1, mask), c1);
                c2 = S.MultiplyAdd(h, S.Load(from + o2, mask), c2);
                c3 = S.MultiplyAdd(h, S.Load(from + o3, mask), c3);
                c4 = S.MultiplyAdd(h, S.Load(from + o4, mask), c4);
                c5 = S.MultiplyAdd(h, S.Load(from + o5, mask), c5);
                c6 = S.MultiplyAdd(h, S.Load(from + o6, mask), c6);
                c7 = S.MultiplyAdd(h, S.Load(from + o7, mask), c7);
                c8 = S.MultiplyAdd(h, S.Load(from + o8, mask), c8);
            }
            S.Store(s, c0);
            S.Store(s + Wide, c1);
            S.Store(s + 2 * Wide, c2);
            S.Store(s + 3 * Wide, c3);
            S.Store(s + 4 * Wide, c4);
            S.Store(s + 5 * Wide, c5);
            S.Store(s + 6 * Wide, c6);
            S.Store(s + 7 * Wide, c7);
            S.Store(s + 8 * Wide, c8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddThree(T* x, nint step, nint* offsets, T* y, int rows, int width, T* sums)
    {
        nint o0 = offsets[0], o1 = offsets[1], o2 = offsets[2];
        for (nint lane = 0; lane < Wide && lane < width; lane += S.Lanes)
        {
            // Places of whole registers, and of the one that is left.
            nint whole = lane + (width - lane) / Wide * Wide, left = width - whole;
            if (left >= S.Lanes) (whole, left) = (whole + Wide, 0);
            V mask = S.Mask((int)Math.Max(left, 0));
            T* s = sums + lane;
            V c0 = S.Load(s), c1 = S.Load(s + Wide), c2 = S.Load(s + 2 * Wide);
            for (int r = 0; r < rows; r++)
            {
                T* from = x + r * step, to = y + (nint)r * width;
                for (nint w = lane; w < whole; w += Wide)
                {
                    T* p = from + w;
                    V g = S.Load(to + w);
                    c0 = S.MultiplyAdd(g, S.Load(p + o0), c0);
                    c1 = S.MultiplyAdd(g, S.Load(p + o1), c1);
                    c2 = S.MultiplyAdd(g, S.Load(p + o2), c2);
                }
                if (left <= 0) continue;
                from += whole;
                V h = S.Load(to + whole, mask);
                c0 = S.MultiplyAdd(h, S.Load(from + o0, mask), c0);
                c1 = S.MultiplyAdd(h, S.Load(from + o1, mask), c1);
                c2 = S.MultiplyAdd(h, S.Load(from + o2, mask), c2);
            }
            S.Store(s, c0);
            S.Store(s + Wide, c1);
            S.Store(s + 2 * Wide, c2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOne(T* x, nint step, T* y, int rows, int width, T* sums)
    {
        for (nint lane = 0; lane < Wide && lane < width; lane += S.Lanes)
        {
            V c = S.Load(sums + lane);
            for (int r = 0; r < rows; r++)
            {
                T* from = x + r * step, to = y + (nint)r * width;
                for (nint w = lane; w < width; w += Wide)
                {
                    if (width - w >= S.Lanes)
                    {
                        c = S.MultiplyAdd(S.Load(to + w), S.Load(from + w), c);
                    }
                    else
                    {
                        V mask = S.Mask((int)(width - w));
                        c = S.MultiplyAdd(S.Load(to + w, mask), S.Load(from + w, mask), c);
                    }
                }
            }
            S.Store(sums + lane, c);
        }
    }

    // Halves are added to each other, the last 16 bytes in pairs of neighbours, as in Note [Lanes of a dot].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Total(T* sums)
    {
        int lanes = Vector128<T>.Count;
        for (int count = Wide / 2; count >= lanes; count /= 2)
            for (nint l = 0; l < count; l += lanes) (Vector128.Load(sums + l) + Vector128.Load(sums + count + l)).Store(sums + l);
        Vector128<T> x = Vector128.Load(sums);
        if (sizeof(T) == 4)
        {
            x += Vector128.Shuffle(x.As<T, int>(), Vector128.Create(1, 0, 3, 2)).As<int, T>();
            return (x + Vector128.Shuffle(x.As<T, int>(), Vector128.Create(2, 3, 0, 1)).As<int, T>()).ToScalar();
        }
        return (x + Vector128.Shuffle(x.As<T, long>(), Vector128.Create(1L, 0)).As<long, T>()).ToScalar();
    }
}
