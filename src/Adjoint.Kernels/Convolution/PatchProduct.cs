using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// A convolution as a product of matrices: the weight times the matrix of what every place reads, whose columns are never all there. A
/// chunk packs those that it multiplies, in panels as the micro-kernel of products reads them, straight from the source.
/// </summary>
/// <remarks>
/// Note [Columns of all images]: the columns of a batch follow each other without a gap, so that small images do not leave registers
/// half empty. A tile whose columns do not lie beside each other in the target is computed apart and then put where it belongs.
/// </remarks>
internal static unsafe class PatchProduct<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // See Note [Sums of a convolution].
    private const int DepthLimit = 512;

    // The panels of a chunk stay in the second-level cache.
    private const int PanelBytes = 1 << 18;

    private const int Enough = 8, FewPanels = 64, LargeBytes = 1 << 20;
    private const long WorthAThread = 1 << 16;

    private static int PanelWidth => 2 * S.Lanes;

    /// <summary>How long the blocks of a sum are.</summary>
    public static int DepthOf(long steps)
    {
        long blocks = Math.Max(1, (steps + DepthLimit - 1) / DepthLimit);
        return (int)Math.Max(1, (steps + blocks - 1) / blocks);
    }

    /// <summary>Computes it.</summary>
    public static void Run(in Gathering<T> sum)
    {
        int steps = sum.Steps, depth = DepthOf(steps), columns = sum.Batch * sum.Places;
        if (columns == 0) return;
        int strips = (sum.Rows + S.TileRows - 1) / S.TileRows, panels = (columns + PanelWidth - 1) / PanelWidth;
        // Large weights that few columns are multiplied with are read where they are.
        bool isDirect = sum.IsWhole && sum.ChannelDistance == sum.Taps && panels < FewPanels
            && (long)sum.Rows * steps * sizeof(T) > LargeBytes;
        using Scratch<T> packed = new(isDirect ? 1 : Math.Max(1, (long)sum.Groups * sum.Rows * steps));
        var source = new PatchSource<S, V, T>(sum.Depth, sum.Height, sum.Width, sum.Batch * sum.Groups * sum.Channels);
        using Scratch<T> memory = new(Math.Max(1, source.Room));
        source.Fill(sum.Source, memory.Data);
        var body = new Compute
        {
            Sum = sum,
            Depth = depth,
            Columns = columns,
            Height = (sum.Rows + strips - 1) / strips,
            Packed = isDirect ? null : packed.Data,
            Source = source,
            PanelsEach = (int)Math.Clamp(PanelBytes / ((long)depth * PanelWidth * sizeof(T)), 1, panels),
            RowBlocks = 1,
        };
        body.Cut(panels, strips);
        var pack = new PackWeight { Sum = sum, Depth = depth, Height = body.Height, Target = packed.Data };
        if (!isDirect) Threads.Run(pack.Count, ref pack);
        Threads.Run(sum.Groups * body.Parts * body.RowBlocks, ref body);
    }

    /// <summary>
    /// Packs the weight: for each group and block of steps, strips of so many rows, one after the other: strip[q·height + r].
    /// </summary>
    private struct PackWeight : IChunkBody
    {
        public Gathering<T> Sum;
        public int Depth, Height;
        public T* Target;

        public readonly int Count => (Sum.Groups + Each - 1) / Each * Strips;

        private readonly int Strips => (Sum.Rows + Height - 1) / Height;

        private readonly int Each => (int)Math.Clamp(Chunks.Cheap / Math.Max(1, (long)Height * Sum.Steps), 1, Sum.Groups);

        public readonly void Run(int chunk)
        {
            int strip = chunk % Strips, i = strip * Height, first = chunk / Strips * Each, height = Math.Min(Height, Sum.Rows - i);
            for (int g = first; g < Math.Min(first + Each, Sum.Groups); g++)
            {
                T* target = Target + (nint)g * Sum.Rows * Sum.Steps;
                T* source = Sum.Weight + (nint)g * Sum.Rows * Sum.Channels * Sum.KernelTaps + (nint)i * Sum.RowDistance;
                for (long q = 0; q < Sum.Steps; q += Depth)
                {
                    int steps = (int)Math.Min(Depth, Sum.Steps - q);
                    Pack(source, (int)q, steps, height, target + (nint)q * Sum.Rows + (nint)i * steps);
                }
            }
        }

        private readonly void Pack(T* source, int first, int steps, int height, T* target)
        {
            int taps = Sum.Taps;
            if (Sum.IsWhole && Sum.ChannelDistance == taps)
            {
                Blocks.PackTransposed(source + first, Sum.RowDistance, target, height, steps);
                return;
            }
            for (int q = first; q < first + steps;)
            {
                int c = q / taps, t = q % taps, count = Math.Min(taps - t, first + steps - q);
                T* channel = source + (nint)c * Sum.ChannelDistance;
                for (int end = t + count; t < end; t++, q++, target += height)
                {
                    T* from = channel + (Sum.IsWhole ? t : Sum.TapOf(t));
                    for (int r = 0; r < height; r++, from += Sum.RowDistance) target[r] = *from;
                }
            }
        }
    }

    private struct Compute : IChunkBody
    {
        public Gathering<T> Sum;
        public int Depth, Columns, Height, PanelsEach, Parts, RowBlocks;
        public T* Packed;
        public PatchSource<S, V, T> Source;

        /// <summary>Cuts it into so many chunks that threads share it, if each is worth one.</summary>
        public void Cut(int panels, int strips)
        {
            long size = (long)Columns * Sum.Rows * Math.Max(1, Sum.Steps);
            long wanted = Math.Clamp(size * Sum.Groups / WorthAThread, 1, Enough);
            while (PanelsEach > 1 && (long)Sum.Groups * ((panels + PanelsEach - 1) / PanelsEach) < wanted)
                PanelsEach = (PanelsEach + 1) / 2;
            Parts = (panels + PanelsEach - 1) / PanelsEach;
            while ((long)Sum.Groups * Parts * RowBlocks * 2 <= wanted && RowBlocks * 2 <= strips) RowBlocks *= 2;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int rowBlock = chunk % RowBlocks, rest = chunk / RowBlocks, g = rest / Parts;
            int strips = (Sum.Rows + Height - 1) / Height;
            int i0 = strips * rowBlock / RowBlocks * Height, i1 = Math.Min(Sum.Rows, strips * (rowBlock + 1) / RowBlocks * Height);
            int j0 = rest % Parts * PanelsEach * PanelWidth, j1 = (int)Math.Min(Columns, (long)j0 + PanelsEach * PanelWidth);
            nint panelSize = (nint)Depth * PanelWidth;
            using Scratch<T> memory = new(panelSize * PanelsEach);
            T* panels = memory.Data;
            int q = 0;
            do
            {
                int steps = Math.Min(Depth, Sum.Steps - q);
                T* panel = panels;
                for (long j = j0; j < j1 && steps > 0; j += PanelWidth, panel += panelSize)
                    Pack(g, (int)j, (int)Math.Min(PanelWidth, j1 - j), q, steps, panel);
                Finish finish = (q > 0 ? Finish.Accumulate : 0) | (q + steps == Sum.Steps && Sum.Bias != null ? Finish.RowBias : 0);
                for (long i = i0; i < i1; i += Height)
                {
                    int height = (int)Math.Min(Height, Sum.Rows - i);
                    T* strip = Packed == null ? Sum.Weight + ((nint)g * Sum.Rows + (nint)i) * Sum.RowDistance + q
                        : Packed + (nint)g * Sum.Rows * Sum.Steps + (nint)q * Sum.Rows + (nint)i * steps;
                    panel = panels;
                    for (long j = j0; j < j1; j += PanelWidth, panel += panelSize)
                        Multiply(g, (int)i, height, (int)j, (int)Math.Min(PanelWidth, j1 - j), steps, strip, panel, finish);
                }
                q += steps;
            }
            while (q < Sum.Steps);
        }

        // What a tile asks for ahead is what it reads anyway: everything of a chunk is near.
        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        private readonly void Multiply(int g, int i, int height, int j, int width, int steps, T* strip, T* panel, Finish finish)
        {
            int n = j / Sum.Places, l = j % Sum.Places;
            nint row = Packed == null ? Sum.RowDistance : 1, step = Packed == null ? 1 : height;
            T* bias = Sum.Bias == null ? null : Sum.Bias + g * Sum.Rows + i;
            T* target = Sum.Target + (((nint)n * Sum.Groups + g) * Sum.Rows + i) * Sum.TargetPlane;
            if (Sum.IsDense && l + width <= Sum.Places)
            {
                Tiles<S, V, T>.Run(
                    height, width, steps, strip, row, step, panel, PanelWidth, target + l, Sum.TargetPlane, finish, bias, strip, 0);
                return;
            }
            T* tile = stackalloc T[height * PanelWidth];
            Tiles<S, V, T>.Run(height, width, steps, strip, row, step, panel, PanelWidth, tile, PanelWidth, Finish.None, null, strip, 0);
            while (width > 0)
            {
                int count = Math.Min(width, Sum.IsDense ? Sum.Places - l : Sum.Width.Count - l % Sum.Width.Count);
                Put(tile, height, count, target + (Sum.IsDense ? l : Sum.PlaceOf(l)), Sum.IsDense ? 1 : Sum.Width.Step, finish, bias);
                tile += count;
                width -= count;
                l += count;
                if (l < Sum.Places) continue;
                l = 0;
                target += (nint)Sum.Groups * Sum.Rows * Sum.TargetPlane;
            }
        }

        // Some columns of a tile, which stand a step apart.
        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        private readonly void Put(T* tile, int height, int count, T* target, nint step, Finish finish, T* bias)
        {
            bool adds = (finish & Finish.Accumulate) != 0, hasBias = (finish & Finish.RowBias) != 0;
            T* apart = stackalloc T[PanelWidth];
            for (int r = 0; r < height; r++, tile += PanelWidth, target += Sum.TargetPlane)
            {
                T* to = step == 1 ? target : apart;
                if (step != 1 && adds)
                    for (int c = 0; c < count; c++) apart[c] = target[c * step];
                for (nint c = 0; c < count; c += S.Lanes)
                {
                    V mask = S.Mask((int)(count - c)), sum = S.Load(tile + c, mask);
                    if (adds) sum = S.Add(sum, S.Load(to + c, mask));
                    if (hasBias) sum = S.Add(sum, S.Broadcast(bias + r));
                    S.Store(to + c, mask, sum);
                }
                if (step == 2) EverySecond.Write(apart, target, count);
                else if (step != 1)
                    for (int c = 0; c < count; c++) target[c * step] = apart[c];
            }
        }

        /// <summary>Packs what the columns from j on read in the steps from q on: panel[(s − q)·width + column].</summary>
        private readonly void Pack(int g, int j, int width, int q, int steps, T* panel)
        {
            int plane = Sum.SourcePlane;
            for (int i = 0; i < width;)
            {
                int n = (j + i) / Sum.Places, l = (j + i) % Sum.Places, w = l % Sum.Width.Count, row = l / Sum.Width.Count;
                int length = Math.Min(width - i, Sum.Width.Count - w);
                int d = row / Sum.Height.Count, h = row % Sum.Height.Count, channel = (n * Sum.Groups + g) * Sum.Channels;
                if (Source.Fits) Source.Pack(Source.At(channel, d, h, w), length, q, steps, panel + i, PanelWidth - i);
                else PackRow(Sum.Source + (nint)channel * plane, d, h, w, length, q, steps, panel + i);
                i += length;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void PackRow(T* image, int d, int h, int w, int length, int q, int steps, T* target)
        {
            int taps = Sum.Taps, size = Sum.Width.Source, step = Sum.Width.SourceStep, tw = q % Sum.Width.Taps;
            int c = q / taps, rest = q % taps / Sum.Width.Taps, th = rest % Sum.Height.Taps, td = rest / Sum.Height.Taps;
            nint start = (nint)w * step, plane = Sum.SourcePlane;
            T* channel = image + c * plane;
            fixed (int* offsets = Sum.Width.Offsets)
            {
                while (steps > 0)
                {
                    int count = Math.Min(Sum.Width.Taps - tw, steps);
                    nint sd = (nint)d * Sum.Depth.SourceStep + Sum.Depth.Offsets[td];
                    nint sh = (nint)h * Sum.Height.SourceStep + Sum.Height.Offsets[th];
                    bool isInside = (nuint)sd < (nuint)Sum.Depth.Source && (nuint)sh < (nuint)Sum.Height.Source;
                    T* row = channel + (sd * Sum.Height.Source + sh) * size;
                    for (int end = tw + count; tw < end; tw++, target += PanelWidth)
                    {
                        if (isInside) PatchLine<S, V, T>.Copy(row, size, start + offsets[tw], step, target, length);
                        else PatchLine<S, V, T>.Clear(target, length);
                    }
                    steps -= count;
                    tw = 0;
                    if (++th < Sum.Height.Taps) continue;
                    th = 0;
                    if (++td < Sum.Depth.Taps) continue;
                    td = 0;
                    channel += plane;
                }
            }
        }
    }
}
