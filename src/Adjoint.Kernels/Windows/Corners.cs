using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Adjoint.Kernels;

/// <summary>
/// The sizes of Σ w[n, k, p]·x[n, c, i(n, k, p)]·y[n, c, p]: each place p of y reads a few elements of x, its corners, which all channels
/// share. Without y it is a sampling, without x its transpose, without w the gradient of the weights: three faces of one form.
/// </summary>
/// <param name="Batch">How many images.</param>
/// <param name="Channels">How many channels.</param>
/// <param name="Depth">The first dimension of x.</param>
/// <param name="Height">The second.</param>
/// <param name="Width">The third.</param>
/// <param name="Places">The places of y.</param>
internal readonly record struct CornerSizes(int Batch, int Channels, CornerDim Depth, CornerDim Height, CornerDim Width, int Places)
{
    /// <summary>How many elements a channel of x has.</summary>
    public int Inputs => Depth.Size * Height.Size * Width.Size;

    /// <summary>How many corners there are.</summary>
    public int Corners => Depth.Taps * Height.Taps * Width.Taps;
}

/// <summary>A dimension: how many elements it has, and in how many of them corners are.</summary>
/// <param name="Size">Elements of x.</param>
/// <param name="Taps">Corners.</param>
internal readonly record struct CornerDim(int Size, int Taps);

/// <summary>
/// Sums over corners, whose places are given as numbers along each dimension, [n, taps, p]: one that is no place of x (or no number) has
/// an element of 0. Each product is rounded, and they are added in the order of corners, of places and then corners, or of channels.
/// </summary>
internal static unsafe class Corners
{
    // So many places are looked up before channels go through them.
    private const int Block = 256, Enough = 8;

    /// <summary>y[n, c, p] = Σ w[n, k, p]·x[n, c, i].</summary>
    public static void Output<T>(in CornerSizes s, ReadOnlySpan<T> x, ReadOnlySpan<T> w, in CornerPlaces<T> at, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(s, x.Length, w.Length, y.Length, at);
        if (y.IsEmpty) return;
        fixed (T* px = x, pw = w, py = y, pd = at.Depth, ph = at.Height, pz = at.Width)
        {
            var body = new OutputBody<T> { S = s, X = px, W = pw, Y = py, At = new(s, pd, ph, pz) };
            Threads.Run(s.Batch * Blocks(s), ref body);
        }
    }

    /// <summary>x[n, c, i] = Σ w[n, k, p]·y[n, c, p] over the corners at i.</summary>
    public static void Input<T>(in CornerSizes s, ReadOnlySpan<T> y, ReadOnlySpan<T> w, in CornerPlaces<T> at, Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(s, x.Length, w.Length, y.Length, at);
        x.Clear();
        if (y.IsEmpty) return;
        fixed (T* px = x, pw = w, py = y, pd = at.Depth, ph = at.Height, pz = at.Width)
        {
            int parts = Math.Clamp((Enough + s.Batch - 1) / s.Batch, 1, s.Channels);
            var body = new InputBody<T> { S = s, X = px, W = pw, Y = py, At = new(s, pd, ph, pz), Parts = parts };
            Threads.Run(s.Batch * parts, ref body);
        }
    }

    /// <summary>w[n, k, p] = Σ y[n, c, p]·x[n, c, i].</summary>
    public static void Weight<T>(in CornerSizes s, ReadOnlySpan<T> y, ReadOnlySpan<T> x, in CornerPlaces<T> at, Span<T> w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(s, x.Length, w.Length, y.Length, at);
        if (w.IsEmpty) return;
        fixed (T* px = x, pw = w, py = y, pd = at.Depth, ph = at.Height, pz = at.Width)
        {
            var body = new WeightBody<T> { S = s, X = px, W = pw, Y = py, At = new(s, pd, ph, pz) };
            Threads.Run(s.Batch * Blocks(s), ref body);
        }
    }

    private static int Blocks(in CornerSizes s) => (s.Places + Block - 1) / Block;

    private static void Check<T>(in CornerSizes s, int x, int w, int y, in CornerPlaces<T> at) where T : unmanaged
    {
        checked
        {
            int each = s.Batch * s.Places;
            if (x != s.Batch * s.Channels * s.Inputs || w != each * s.Corners || y != each * s.Channels
                || (at.Depth.Length != each * s.Depth.Taps && (s.Depth != new CornerDim(1, 1) || !at.Depth.IsEmpty))
                || at.Height.Length != each * s.Height.Taps || at.Width.Length != each * s.Width.Taps)
                throw new ArgumentException($"{x}, {w} and {y} elements do not fit {s}.");
        }
    }

    /// <summary>Finds the elements that are read.</summary>
    private readonly struct Finder<T>(CornerSizes s, T* depth, T* height, T* width) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>index[k, p] = i, −1 where there is none; rows have the length of a block.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        public void Find(int n, int first, int count, int* index)
        {
            int* d = stackalloc int[s.Depth.Taps * Block], h = stackalloc int[s.Height.Taps * Block];
            int* w = stackalloc int[s.Width.Taps * Block];
            Along(depth, s.Depth, n, first, count, d);
            Along(height, s.Height, n, first, count, h);
            Along(width, s.Width, n, first, count, w);
            for (int i = 0; i < s.Depth.Taps; i++)
                for (int j = 0; j < s.Height.Taps; j++)
                    for (int k = 0; k < s.Width.Taps; k++, index += Block)
                        for (nint p = 0; p < count; p += Vector256<int>.Count)
                        {
                            Vector256<int> a = Vector256.Load(d + i * Block + p), b = Vector256.Load(h + j * Block + p);
                            Vector256<int> c = Vector256.Load(w + k * Block + p), place = (a * s.Height.Size + b) * s.Width.Size + c;
                            (place | ((a | b | c) >> 31)).Store(index + p);
                        }
        }

        private void Along(T* at, CornerDim dim, int n, int first, int count, int* places)
        {
            if (at == null)
            {
                new Span<int>(places, count).Clear();
                return;
            }
            T last = T.CreateTruncating(dim.Size - 1);
            for (int t = 0; t < dim.Taps; t++, places += Block)
            {
                T* from = at + ((nint)n * dim.Taps + t) * s.Places + first;
                for (int p = 0; p < count; p++)
                    places[p] = from[p] >= T.Zero && from[p] <= last ? Math.Min((int)Numbers.ToDouble(from[p]), dim.Size - 1) : -1;
            }
        }
    }

    // x at places, 0 where there is none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Gather<T>(T* x, int* index) where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            Vector256<int> i = Vector256.Load(index), there = Vector256.GreaterThanOrEqual(i, Vector256<int>.Zero);
            return (Avx2.GatherVector256((int*)x, i & there, 4) & there).As<int, T>();
        }
        Vector128<int> j = Vector128.Load(index), isThere = Vector128.GreaterThanOrEqual(j, Vector128<int>.Zero);
        return (Avx2.GatherVector256((long*)x, j & isThere, 8) & Avx2.ConvertToVector256Int64(isThere)).As<long, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T At<T>(T* x, int index) where T : unmanaged => index < 0 ? default : x[index];

    private static bool Gathers<T>() where T : unmanaged => Avx2.IsSupported && sizeof(T) is 4 or 8;

    private struct OutputBody<T> : IChunkBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public CornerSizes S;
        public Finder<T> At;
        public T* X, W, Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        public readonly void Run(int chunk)
        {
            int n = chunk / Blocks(S), first = chunk % Blocks(S) * Block, count = Math.Min(Block, S.Places - first), corners = S.Corners;
            int* index = stackalloc int[corners * Block];
            At.Find(n, first, count, index);
            T* weights = W + (nint)n * corners * S.Places + first;
            for (int c = 0; c < S.Channels; c++)
            {
                T* x = X + ((nint)n * S.Channels + c) * S.Inputs, y = Y + ((nint)n * S.Channels + c) * S.Places + first;
                int p = 0;
                for (; Gathers<T>() && p <= count - Vector256<T>.Count; p += Vector256<T>.Count)
                {
                    Vector256<T> sum = Vector256.Create(T.NegativeZero);
                    T* w = weights + p;
                    int* at = index + p;
                    for (int k = 0; k < corners; k++, w += S.Places, at += Block) sum += Gather(x, at) * Vector256.Load(w);
                    sum.Store(y + p);
                }
                for (; p < count; p++)
                {
                    T sum = T.NegativeZero;
                    for (int k = 0; k < corners; k++) sum += Corners.At(x, index[k * Block + p]) * weights[(nint)k * S.Places + p];
                    y[p] = sum;
                }
            }
        }
    }

    private struct InputBody<T> : IChunkBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public CornerSizes S;
        public Finder<T> At;
        public T* X, W, Y;
        public int Parts;

        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        public readonly void Run(int chunk)
        {
            int n = chunk / Parts, part = chunk % Parts, corners = S.Corners;
            int begin = (int)((long)S.Channels * part / Parts), end = (int)((long)S.Channels * (part + 1) / Parts);
            int* index = stackalloc int[corners * Block];
            for (long from = 0; from < S.Places; from += Block)
            {
                int first = (int)from, count = Math.Min(Block, S.Places - first);
                At.Find(n, first, count, index);
                T* weights = W + (nint)n * corners * S.Places + first;
                for (int c = begin; c < end; c++)
                {
                    T* x = X + ((nint)n * S.Channels + c) * S.Inputs, y = Y + ((nint)n * S.Channels + c) * S.Places + first;
                    for (int p = 0; p < count; p++)
                    {
                        T g = y[p];
                        T* w = weights + p;
                        int* at = index + p;
                        for (int k = 0; k < corners; k++, w += S.Places, at += Block)
                            if (*at >= 0) x[*at] += *w * g;
                    }
                }
                if (first > int.MaxValue - Block) break;
            }
        }
    }

    private struct WeightBody<T> : IChunkBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public CornerSizes S;
        public Finder<T> At;
        public T* X, W, Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
        public readonly void Run(int chunk)
        {
            int n = chunk / Blocks(S), first = chunk % Blocks(S) * Block, count = Math.Min(Block, S.Places - first), corners = S.Corners;
            int* index = stackalloc int[corners * Block];
            At.Find(n, first, count, index);
            for (int k = 0; k < corners; k++)
            {
                T* w = W + ((nint)n * corners + k) * S.Places + first;
                T* x = X + (nint)n * S.Channels * S.Inputs, y = Y + (nint)n * S.Channels * S.Places + first;
                int* at = index + k * Block;
                int p = 0;
                for (; Gathers<T>() && p <= count - Vector256<T>.Count; p += Vector256<T>.Count)
                {
                    Vector256<T> sum = Vector256.Create(T.NegativeZero);
                    T* from = x, g = y + p;
                    for (int c = 0; c < S.Channels; c++, from += S.Inputs, g += S.Places) sum += Gather(from, at + p) * Vector256.Load(g);
                    sum.Store(w + p);
                }
                for (; p < count; p++)
                {
                    T sum = T.NegativeZero;
                    for (int c = 0; c < S.Channels; c++)
                        sum += Corners.At(x + (nint)c * S.Inputs, at[p]) * y[(nint)c * S.Places + p];
                    w[p] = sum;
                }
            }
        }
    }
}

/// <summary>Where corners are along each dimension, as numbers: [n, taps, p].</summary>
internal readonly ref struct CornerPlaces<T>(ReadOnlySpan<T> depth, ReadOnlySpan<T> height, ReadOnlySpan<T> width) where T : unmanaged
{
    /// <summary>Along the first; empty where it has one element, in which all corners are.</summary>
    public readonly ReadOnlySpan<T> Depth = depth;

    /// <summary>Along the second.</summary>
    public readonly ReadOnlySpan<T> Height = height;

    /// <summary>Along the third.</summary>
    public readonly ReadOnlySpan<T> Width = width;
}
