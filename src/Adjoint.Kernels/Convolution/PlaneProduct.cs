using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>A convolution of groups with one channel of the result each: rows of it at a time, straight from padded channels.</summary>
internal static unsafe class PlaneProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // One block of a sum. See Note [Sums of a convolution].
    private const int MostSteps = 512;

    // A plane stays in the second-level cache.
    private const int MostElements = 1 << 17;

    /// <summary>Whether it is one, and small enough.</summary>
    public static bool Accepts(in Gathering<T> sum) =>
        sum.Rows == 1 && sum.Steps is > 0 and <= MostSteps && sum.Places > 0 && PlaneOf(sum) is { Fits: true } plane
        && (long)plane.Size * sum.Channels <= 2 * MostElements;

    /// <summary>Computes it.</summary>
    public static void Run(in Gathering<T> sum)
    {
        var body = new Compute { Sum = sum, Plane = PlaneOf(sum), Count = sum.Batch * sum.Groups };
        body.Each = (int)Math.Clamp(Chunks.Cheap / Math.Max(1, (long)sum.Places * sum.Steps / 4), 1, body.Count);
        Threads.Run((body.Count + body.Each - 1) / body.Each, ref body);
    }

    private static PaddedPlane<S, V, T> PlaneOf(in Gathering<T> sum) =>
        new(sum.Depth, sum.Height, sum.Width, MostElements, mayBeChannel: false);

    private struct Compute : IChunkBody
    {
        public Gathering<T> Sum;
        public PaddedPlane<S, V, T> Plane;
        public int Count, Each;

        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        public readonly void Run(int chunk)
        {
            int steps = Sum.Steps, rows = Sum.Width.Count + S.Lanes;
            using Scratch<T> memory = new((nint)Plane.Size * Sum.Channels + 4 * (nint)rows);
            T* planes = memory.Data, line = planes + (nint)Plane.Size * Sum.Channels;
            T* weight = stackalloc T[MostSteps];
            nint* offsets = stackalloc nint[MostSteps];
            int* taps = stackalloc int[MostSteps];
            for (int q = 0; q < steps; q++)
                taps[q] = q / Sum.Taps * Sum.KernelTaps + (Sum.IsWhole ? q % Sum.Taps : Sum.TapOf(q % Sum.Taps));
            for (int c = 0; c < Sum.Channels; c++) Plane.Offsets(offsets + c * Sum.Taps, (nint)c * Plane.Size);
            int start = chunk * Each;
            for (int i = start; i < Math.Min(start + Each, Count); i++)
            {
                int g = i % Sum.Groups;
                T* weights = Sum.Weight + (nint)g * Sum.Channels * Sum.KernelTaps;
                for (int q = 0; q < steps; q++) weight[q] = weights[taps[q]];
                for (int c = 0; c < Sum.Channels; c++)
                    Plane.Fill(Sum.Source + ((nint)i * Sum.Channels + c) * Sum.SourcePlane, planes + (nint)c * Plane.Size);
                Rows(planes, offsets, weight, steps, Sum.Bias == null ? null : Sum.Bias + g, Sum.Target + (nint)i * Sum.TargetPlane, line);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Rows(T* planes, nint* offsets, T* weight, int steps, T* bias, T* target, T* line)
        {
            int height = Sum.Height.Count, width = Sum.Width.Count, apart = Sum.Width.Step;
            bool isDense = Sum.IsDense;
            nint step = Plane.RowOf(0, 1);
            for (int d = 0; d < Sum.Depth.Count; d++)
            {
                for (int h = 0; h < height;)
                {
                    // The last four rows may begin before the ones before them ended.
                    int rows = height >= 4 ? 4 : 1;
                    if (rows == 4) h = Math.Min(h, height - 4);
                    T* to = isDense ? target + ((nint)d * height + h) * width : line;
                    T* source = planes + Plane.RowOf(d, h);
                    if (rows == 4) Four(source, step, offsets, weight, steps, bias, to, width);
                    else One(source, offsets, weight, steps, bias, to, width);
                    for (int r = 0; r < rows && !isDense; r++)
                    {
                        T* row = target + Sum.PlaceOf((d * height + h + r) * width), from = line + (nint)r * width;
                        if (apart == 2) EverySecond.Write(from, row, width);
                        else for (int w = 0; w < width; w++, row += apart) *row = from[w];
                    }
                    h += rows;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(T* source, nint step, nint* offsets, T* weight, int steps, T* bias, T* target, int width)
    {
        for (long w = 0; w < width; w += S.Lanes)
        {
            V c0 = default, c1 = default, c2 = default, c3 = default;
            T* at = source + w;
            for (int q = 0; q < steps; q++)
            {
                T* p = at + offsets[q];
                V x = S.Broadcast(weight + q);
                c0 = S.MultiplyAdd(x, S.Load(p), c0);
                c1 = S.MultiplyAdd(x, S.Load(p + step), c1);
                c2 = S.MultiplyAdd(x, S.Load(p + 2 * step), c2);
                c3 = S.MultiplyAdd(x, S.Load(p + 3 * step), c3);
            }
            Put(c0, bias, target + w, (int)(width - w));
            Put(c1, bias, target + width + w, (int)(width - w));
            Put(c2, bias, target + 2 * width + w, (int)(width - w));
            Put(c3, bias, target + 3 * width + w, (int)(width - w));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(T* source, nint* offsets, T* weight, int steps, T* bias, T* target, int width)
    {
        for (long w = 0; w < width; w += S.Lanes)
        {
            V c = default;
            for (int q = 0; q < steps; q++) c = S.MultiplyAdd(S.Broadcast(weight + q), S.Load(source + offsets[q] + w), c);
            Put(c, bias, target + w, (int)(width - w));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V c, T* bias, T* target, int left)
    {
        if (bias != null) c = S.Add(c, S.Broadcast(bias));
        if (left >= S.Lanes) S.Store(target, c);
        else S.Store(target, S.Mask(left), c);
    }
}
