using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// The gradient of a convolution's weight as a product of matrices: what every place reads times the gradient of the output. Its rows are
/// the taps and its columns the channels of the output, since then the larger matrix is packed as it lies, and only the smaller turned.
/// </summary>
internal static unsafe class PatchWeights<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private const int Enough = 8;
    private const long WorthAThread = 1 << 16;

    private static int PanelWidth => 2 * S.Lanes;

    /// <summary>Computes it.</summary>
    public static void Run(in WeightSum<T> sum)
    {
        int depth = PatchProduct<S, V, T>.DepthOf(sum.Steps), strips = (sum.Rows + S.TileRows - 1) / S.TileRows;
        using Scratch<T> packed = new((long)sum.Sizes.Groups * sum.Sizes.OutChannels * sum.Steps);
        var pack = new PackOutput { Sum = sum, Depth = depth, Target = packed.Data };
        Threads.Run(pack.Count, ref pack);
        var source = new PatchSource<S, V, T>(sum.Depth, sum.Height, sum.Width, sum.Sizes.Batch * sum.Sizes.Groups * sum.Sizes.InChannels);
        using Scratch<T> memory = new(Math.Max(1, source.Room));
        source.Fill(sum.Input, memory.Data);
        var body = new Compute { Sum = sum, Depth = depth, Packed = packed.Data, Source = source, RowBlocks = 1, ColumnBlocks = 1 };
        body.Height = (sum.Rows + strips - 1) / strips;
        body.Cut(strips);
        Threads.Run(sum.Sizes.Groups * body.RowBlocks * body.ColumnBlocks, ref body);
    }

    /// <summary>
    /// Packs the gradient of the output: for each group and block of steps, panels of so many channels: panel[s·width + o].
    /// </summary>
    private struct PackOutput : IChunkBody
    {
        public WeightSum<T> Sum;
        public int Depth;
        public T* Target;

        public readonly int Count => Sum.Sizes.Groups * BlocksOf;

        private readonly int BlocksOf => (Sum.Steps + Depth - 1) / Depth;

        public readonly void Run(int chunk)
        {
            int g = chunk / BlocksOf, first = chunk % BlocksOf * Depth, steps = Math.Min(Depth, Sum.Steps - first);
            int channels = Sum.Sizes.OutChannels, places = Sum.Sizes.Outputs;
            T* block = Target + ((nint)g * Sum.Steps + first) * channels;
            for (long o = 0; o < channels; o += PanelWidth)
            {
                int width = (int)Math.Min(PanelWidth, channels - o);
                T* target = block + (nint)o * steps;
                for (int s = first; s < first + steps;)
                {
                    int n = s / places, l = s % places, count = Math.Min(places - l, first + steps - s);
                    T* source = Sum.Output + (((nint)n * Sum.Sizes.Groups + g) * channels + o) * places + l;
                    Blocks.PackTransposed(source, places, target, width, count);
                    target += (nint)count * width;
                    s += count;
                }
            }
        }
    }

    private struct Compute : IChunkBody
    {
        public WeightSum<T> Sum;
        public int Depth, Height, RowBlocks, ColumnBlocks;
        public T* Packed;
        public PatchSource<S, V, T> Source;

        /// <summary>Cuts it into so many chunks that threads share it, if each is worth one.</summary>
        public void Cut(int strips)
        {
            int panels = (Sum.Sizes.OutChannels + PanelWidth - 1) / PanelWidth;
            long wanted = (long)Sum.Rows * Sum.Sizes.OutChannels * Sum.Steps * Sum.Sizes.Groups / WorthAThread;
            wanted = Math.Clamp(wanted, 1, Enough);
            while (Sum.Sizes.Groups * RowBlocks * 2 <= wanted && RowBlocks * 2 <= strips) RowBlocks *= 2;
            while (Sum.Sizes.Groups * RowBlocks * ColumnBlocks * 2 <= wanted && ColumnBlocks * 2 <= panels) ColumnBlocks *= 2;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int rest = chunk / ColumnBlocks, column = chunk % ColumnBlocks, row = rest % RowBlocks, g = rest / RowBlocks;
            int channels = Sum.Sizes.OutChannels, panels = (channels + PanelWidth - 1) / PanelWidth;
            int strips = (Sum.Rows + Height - 1) / Height;
            int i0 = strips * row / RowBlocks * Height, i1 = Math.Min(Sum.Rows, strips * (row + 1) / RowBlocks * Height);
            int o0 = panels * column / ColumnBlocks * PanelWidth;
            int o1 = Math.Min(channels, panels * (column + 1) / ColumnBlocks * PanelWidth);
            int line = (Depth + 2 * S.Lanes - 1) / S.Lanes * S.Lanes, width = o1 - o0;
            using Scratch<T> memory = new((nint)(i1 - i0) * width + (nint)Height * line);
            T* product = memory.Data, strip = product + (nint)(i1 - i0) * width;
            for (long first = 0; first < Sum.Steps; first += Depth)
            {
                int steps = (int)Math.Min(Depth, Sum.Steps - first);
                T* block = Packed + ((nint)g * Sum.Steps + first) * channels;
                Finish finish = first > 0 ? Finish.Accumulate : Finish.None;
                for (long i = i0; i < i1; i += Height)
                {
                    int height = (int)Math.Min(Height, i1 - i);
                    for (int r = 0; r < height; r++) Fill(g, (int)i + r, (int)first, steps, strip + (nint)r * line);
                    for (long o = o0; o < o1; o += PanelWidth)
                    {
                        int count = (int)Math.Min(PanelWidth, o1 - o);
                        Tiles<S, V, T>.Run(
                            height, count, steps, strip, line, 1, block + (nint)o * steps, count,
                            product + (nint)(i - i0) * width + (o - o0), width, finish, null, strip, 0);
                    }
                }
            }
            T* target = Sum.Weight + ((nint)g * channels + o0) * Sum.Rows + i0;
            Blocks.Transpose(product, width, target, Sum.Rows, i1 - i0, width);
        }

        /// <summary>What places from the first on read with one tap of one channel; behind them is room for a register.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Fill(int g, int row, int first, int steps, T* target)
        {
            int taps = Sum.Sizes.Taps, c = row / taps, t = row % taps, tw = t % Sum.Width.Taps, rest = t / Sum.Width.Taps;
            nint ofW = Sum.Width.Offsets[tw], ofH = Sum.Height.Offsets[rest % Sum.Height.Taps];
            nint ofD = Sum.Depth.Offsets[rest / Sum.Height.Taps];
            int places = Sum.Sizes.Outputs, n = first / places, l = first % places, w = l % Sum.Width.Count;
            int h = l / Sum.Width.Count % Sum.Height.Count, d = l / Sum.Width.Count / Sum.Height.Count;
            nint plane = Sum.Sizes.Inputs, image = plane * Sum.Sizes.Groups * Sum.Sizes.InChannels;
            T* source = Sum.Input + n * image + ((nint)g * Sum.Sizes.InChannels + c) * plane;
            if (Source.Fits)
            {
                int channel = (n * Sum.Sizes.Groups + g) * Sum.Sizes.InChannels + c, next = Sum.Sizes.Groups * Sum.Sizes.InChannels;
                T* from = Source.At(channel, d, h, w) + Source.OffsetOf(t);
                while (true)
                {
                    int count = Math.Min(Sum.Width.Count - w, steps);
                    Source.Copy(from, target, count);
                    if ((steps -= count) == 0) return;
                    target += count;
                    w = 0;
                    if (++h == Sum.Height.Count)
                    {
                        h = 0;
                        if (++d == Sum.Depth.Count) (d, channel) = (0, channel + next);
                    }
                    from = Source.At(channel, d, h, 0) + Source.OffsetOf(t);
                }
            }
            while (steps > 0)
            {
                int count = Math.Min(Sum.Width.Count - w, steps);
                nint sd = (nint)d * Sum.Depth.SourceStep + ofD, sh = (nint)h * Sum.Height.SourceStep + ofH;
                if ((nuint)sd < (nuint)Sum.Depth.Source && (nuint)sh < (nuint)Sum.Height.Source)
                {
                    T* line = source + (sd * Sum.Height.Source + sh) * Sum.Width.Source;
                    PatchLine<S, V, T>.Copy(
                        line, Sum.Width.Source, (nint)w * Sum.Width.SourceStep + ofW, Sum.Width.SourceStep, target, count);
                }
                else
                {
                    PatchLine<S, V, T>.Clear(target, count);
                }
                target += count;
                (steps, w) = (steps - count, 0);
                if (++h < Sum.Height.Count) continue;
                h = 0;
                if (++d < Sum.Depth.Count) continue;
                d = 0;
                source += image;
            }
        }
    }
}
