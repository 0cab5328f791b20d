using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// A copy of a channel with zeros around it, each row in as many parts as the step is long: neighbours in the result then read neighbours
/// with every tap, and nobody asks where the edge is. Where no tap reads beside the channel and the step is 1, it is the channel itself.
/// </summary>
/// <remarks>
/// Note [Rows without a gap]: a row is written in whole registers, and what is too much of it goes where the next row begins, which is
/// written later. So rows are no longer than what is read of them, and behind the last there is room for one register.
/// </remarks>
internal readonly unsafe struct PaddedPlane<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // It is no copy of many zeros, and of a few parts.
    private const int MoreThanRead = 4, MostParts = 64;

    private readonly TapLine _depth, _height, _width;
    private readonly int _firstD, _firstH, _firstW, _pitch;
    private readonly long _depths, _heights;
    private readonly ulong _readD, _readH, _readW;

    /// <summary>That of a sum.</summary>
    /// <param name="depth">Its depth.</param>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="most">How many elements it may have.</param>
    /// <param name="mayBeChannel">Whether it may be the channel itself, behind which there may be nothing to read.</param>
    public PaddedPlane(in TapLine depth, in TapLine height, in TapLine width, long most, bool mayBeChannel)
    {
        (_depth, _height, _width) = (depth, height, width);
        (_firstD, _depths) = Extent(depth);
        (_firstH, _heights) = Extent(height);
        (_firstW, long columns) = Extent(width);
        if (depth.Taps * height.Taps * width.Taps == 0) return;
        long read = (long)depth.Source * height.Source * width.Source;
        if (mayBeChannel && width.SourceStep == 1 && IsInside(depth, _firstD, _depths) && IsInside(height, _firstH, _heights)
            && IsInside(width, _firstW, columns))
        {
            (_firstD, _firstH, _firstW, _depths, _heights) = (0, 0, 0, depth.Source, height.Source);
            (_pitch, Size, IsChannel, Fits) = (width.Source, (int)read, true, true);
            return;
        }
        long pitch = (columns + width.SourceStep - 1) / width.SourceStep;
        double size = (double)_depths * _heights * pitch * width.SourceStep + S.Lanes;
        read += (long)depth.Count * height.Count * width.Count;
        Fits = width.SourceStep <= MostParts && size <= most && size <= (read + 1024) * MoreThanRead;
        if (!Fits) return;
        (_pitch, Size) = ((int)pitch, (int)size);
        (_readD, _readH, _readW) = (Read(depth, _firstD), Read(height, _firstH), Read(width, _firstW));
    }

    /// <summary>Whether it is small enough.</summary>
    public bool Fits { get; }

    /// <summary>Whether it is the channel itself.</summary>
    public bool IsChannel { get; }

    /// <summary>How many elements it has.</summary>
    public int Size { get; }

    /// <summary>How many elements the channel has.</summary>
    public int Channel => _depth.Source * _height.Source * _width.Source;

    private nint Row => (nint)_pitch * _width.SourceStep;

    /// <summary>Makes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public void Fill(T* source, T* target)
    {
        int step = _width.SourceStep, pitch = _pitch, width = _width.Source;
        int* begins = stackalloc int[2 * step];
        for (int part = 0; part < step; part++)
        {
            // Elements from the first to the end are those of the row, zeros the others.
            nint start = (nint)_firstW + part, first = start >= 0 ? 0 : Math.Min(pitch, (-start + step - 1) / step);
            nint end = start >= width ? 0 : (width - 1 - start) / step + 1;
            (begins[2 * part], begins[2 * part + 1]) = ((int)first, (int)Math.Clamp(end, first, pitch));
        }
        V mask = S.Mask((begins[1] - begins[0]) % S.Lanes);
        for (long d = 0; d < _depths; d++)
            for (long h = 0; h < _heights; h++)
            {
                long atD = d + _firstD, atH = h + _firstH;
                if (!IsRead(_readD, d, _depth.SourceStep) || !IsRead(_readH, h, _height.SourceStep))
                {
                    target += Row;
                    continue;
                }
                bool isInside = (ulong)atD < (ulong)_depth.Source && (ulong)atH < (ulong)_height.Source;
                T* row = source + (nint)((atD * _height.Source + atH) * width) + _firstW;
                for (int part = 0; part < step; part++, target += pitch, row++)
                {
                    if (!isInside) Zeros(target, 0, pitch);
                    else if (step == 1) Line(row, target, begins[0], begins[1], pitch, mask);
                    else if ((_readW >> part & 1) != 0) Part(row, step, target, begins[2 * part], begins[2 * part + 1], pitch);
                }
            }
    }

    /// <summary>Where a row of the result begins to read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint RowOf(int d, int h) => (nint)((long)d * _depth.SourceStep * _heights + (long)h * _height.SourceStep) * Row;

    /// <summary>How much further each tap reads, in the order of the taps.</summary>
    public void Offsets(nint* offsets, nint start)
    {
        foreach (int d in _depth.Offsets)
            foreach (int h in _height.Offsets)
                foreach (int w in _width.Offsets)
                {
                    int column = w - _firstW, part = column % _width.SourceStep, index = column / _width.SourceStep;
                    *offsets++ = start + (nint)((d - _firstD) * _heights + (h - _firstH)) * Row + (nint)part * _pitch + index;
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line(T* from, T* to, int first, int end, int pitch, V mask)
    {
        Zeros(to, 0, first);
        int i = first;
        for (; i <= end - S.Lanes; i += S.Lanes) S.Store(to + i, S.Load(from + i));
        if (i < end)
        {
            S.Store(to + i, S.Load(from + i, mask));
            i += S.Lanes;
        }
        Zeros(to, i, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Part(T* from, int step, T* to, int first, int end, int pitch)
    {
        Zeros(to, 0, first);
        T* at = from + (nint)first * step;
        int done = step == 2 ? EverySecond.Copy(at, to + first, end - first) : 0;
        at += (nint)done * step;
        for (int i = first + done; i < end; i++, at += step) to[i] = *at;
        Zeros(to, end, pitch);
    }

    // And what a register is too long.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zeros(T* to, int i, int end)
    {
        for (; i < end; i += S.Lanes) S.Store(to + i, default);
    }

    // Which places a tap reads at all, modulo the step.
    private static ulong Read(in TapLine line, int first)
    {
        if (line.SourceStep > MostParts) return ~0UL;
        ulong read = 0;
        foreach (int offset in line.Offsets) read |= 1UL << ((offset - first) % line.SourceStep);
        return read;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsRead(ulong read, long place, int step) => step == 1 || step > MostParts || (read >> (int)(place % step) & 1) != 0;

    private static bool IsInside(in TapLine line, int first, long length) => first >= 0 && first + length <= line.Source;

    // Offsets rise or fall.
    private static (int First, long Length) Extent(in TapLine line)
    {
        if (line.Taps == 0) return (0, 0);
        int first = Math.Min(line.Offsets[0], line.Offsets[^1]), last = Math.Max(line.Offsets[0], line.Offsets[^1]);
        return (first, (line.Count - 1L) * line.SourceStep + last - (long)first + 1);
    }
}
