using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// A copy of a channel with zeros around it, each row in as many parts as the step is long: neighbours in the result then read neighbours
/// with every tap, and nobody asks where the edge is.
/// </summary>
internal readonly unsafe struct PaddedPlane<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // It stays in the second-level cache, and is no copy of many zeros.
    private const int MostElements = 1 << 17, MoreThanRead = 4;

    private readonly TapLine _depth, _height, _width;
    private readonly int _firstD, _firstH, _firstW, _pitch;
    private readonly long _depths, _heights;

    public PaddedPlane(in TapLine depth, in TapLine height, in TapLine width)
    {
        (_depth, _height, _width) = (depth, height, width);
        (_firstD, _depths) = Extent(depth);
        (_firstH, _heights) = Extent(height);
        (_firstW, long columns) = Extent(width);
        long part = (columns + width.SourceStep - 1) / width.SourceStep;
        long pitch = (Math.Max(part, width.Count) + 2 * S.Lanes - 1) / S.Lanes * S.Lanes;
        double size = (double)_depths * _heights * pitch * width.SourceStep;
        long read = (long)depth.Source * height.Source * width.Source + (long)depth.Count * height.Count * width.Count;
        Fits = depth.Taps * height.Taps * width.Taps > 0 && size <= MostElements && size <= (read + 1024) * MoreThanRead;
        if (Fits) (_pitch, Size) = ((int)pitch, (int)size);
    }

    /// <summary>Whether it is small enough.</summary>
    public bool Fits { get; }

    /// <summary>How many elements it has.</summary>
    public int Size { get; }

    private nint Row => (nint)_pitch * _width.SourceStep;

    /// <summary>Makes it.</summary>
    public void Fill(T* source, T* target)
    {
        int step = _width.SourceStep;
        for (long d = _firstD; d < _firstD + _depths; d++)
            for (long h = _firstH; h < _firstH + _heights; h++)
            {
                bool isInside = (ulong)d < (ulong)_depth.Source && (ulong)h < (ulong)_height.Source;
                T* row = source + (nint)((d * _height.Source + h) * _width.Source);
                for (int part = 0; part < step; part++, target += _pitch)
                {
                    if (isInside) PatchLine<S, V, T>.Copy(row, _width.Source, (nint)_firstW + part, step, target, _pitch);
                    else PatchLine<S, V, T>.Clear(target, _pitch);
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

    // Offsets rise or fall.
    private static (int First, long Length) Extent(in TapLine line)
    {
        if (line.Taps == 0) return (0, 0);
        int first = Math.Min(line.Offsets[0], line.Offsets[^1]), last = Math.Max(line.Offsets[0], line.Offsets[^1]);
        return (first, (line.Count - 1L) * line.SourceStep + last - (long)first + 1);
    }
}
