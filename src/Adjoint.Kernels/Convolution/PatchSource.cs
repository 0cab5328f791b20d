using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>
/// What the products of a convolution pack from: all channels of all images with zeros around them (<see cref="PaddedPlane{S, V, T}"/>), or
/// the source itself. A row is then copied with each tap by whole registers, which is a small part of what is multiplied with it.
/// </summary>
internal unsafe struct PatchSource<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // Of a channel: beyond it copies of rows need no help.
    private const long MostElements = 1 << 24;

    private readonly PaddedPlane<S, V, T> _plane;
    private readonly int _taps;
    private T* _data, _end;
    private nint* _offsets;

    public PatchSource(in TapLine depth, in TapLine height, in TapLine width, int channels)
    {
        _plane = new(depth, height, width, MostElements, mayBeChannel: true);
        _taps = depth.Taps * height.Taps * width.Taps;
        Fits = _plane.Fits && channels > 0 && (long)_plane.Size * channels <= int.MaxValue / sizeof(T);
        if (!Fits) return;
        Channels = channels;
        Room = (_plane.IsChannel ? 0 : (long)_plane.Size * channels) + ((long)_taps * sizeof(nint) + sizeof(T) - 1) / sizeof(T);
    }

    /// <summary>Whether there is one: else rows are looked up in the source.</summary>
    public bool Fits { get; }

    /// <summary>How many elements of memory it needs.</summary>
    public long Room { get; }

    private int Channels { get; }

    /// <summary>Makes it.</summary>
    /// <param name="source">All channels.</param>
    /// <param name="memory">As much as <see cref="Room"/> says.</param>
    public void Fill(T* source, T* memory)
    {
        if (!Fits) return;
        _offsets = (nint*)memory;
        _plane.Offsets(_offsets, 0);
        T* copy = memory + ((long)_taps * sizeof(nint) + sizeof(T) - 1) / sizeof(T);
        _data = _plane.IsChannel ? source : copy;
        _end = _data + (nint)_plane.Size * Channels;
        if (_plane.IsChannel) return;
        var body = new Filling { Plane = _plane, Source = source, Target = copy, Count = Channels };
        body.Each = (int)Math.Clamp(Chunks.Cheap / _plane.Size, 1, Channels);
        Threads.Run((Channels + body.Each - 1) / body.Each, ref body);
    }

    /// <summary>Where places of a row from w on read of a channel with a tap of no offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T* At(int channel, int d, int h, int w) => _data + (nint)channel * _plane.Size + _plane.RowOf(d, h) + w;

    /// <summary>How much further a tap reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint OffsetOf(int tap) => _offsets[tap];

    /// <summary>Copies what neighbours read; behind them in the target there is room for a register, which may be written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Copy(T* from, T* target, int length)
    {
        int i = 0;
        int whole = from + length + S.Lanes <= _end ? length : length / S.Lanes * S.Lanes;
        for (; i < whole; i += S.Lanes) S.Store(target + i, S.Load(from + i));
        if (i < length) S.Store(target + i, S.Load(from + i, S.Mask(length - i)));
    }

    /// <summary>
    /// Copies what up to two registers of neighbours read in steps from q on, of which each channel has as many as there are taps. What is
    /// packed behind them in a step may be overwritten.
    /// </summary>
    /// <param name="from">What they read of the first channel with a tap of no offset.</param>
    /// <param name="length">How many neighbours there are.</param>
    /// <param name="q">The first step.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="target">Where that of the first step goes.</param>
    /// <param name="left">How many elements from there on are those of the same step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Pack(T* from, int length, int q, int steps, T* target, int left)
    {
        int t = q % _taps, taps = _taps, size = length > S.Lanes ? 2 * S.Lanes : S.Lanes;
        nint plane = _plane.Size;
        nint* offsets = _offsets;
        T* channel = from + q / taps * plane, last = from + (q + steps - 1) / taps * plane + _plane.Size;
        // Of the last channels something may be read behind them.
        bool isWhole = size <= left && (!_plane.IsChannel || last + size <= _end);
        V mask = S.Mask(length > S.Lanes ? length - S.Lanes : length);
        while (steps > 0)
        {
            int end = Math.Min(taps, t + steps);
            steps -= end - t;
            if (!isWhole)
            {
                for (; t < end; t++, target += 2 * S.Lanes)
                {
                    T* row = channel + offsets[t], to = target;
                    if (length > S.Lanes)
                    {
                        S.Store(to, S.Load(row));
                        row += S.Lanes;
                        to += S.Lanes;
                    }
                    S.Store(to, mask, S.Load(row, mask));
                }
            }
            else if (length > S.Lanes)
            {
                for (; t < end; t++, target += 2 * S.Lanes)
                {
                    T* row = channel + offsets[t];
                    S.Store(target, S.Load(row));
                    S.Store(target + S.Lanes, S.Load(row + S.Lanes));
                }
            }
            else
            {
                for (; t < end; t++, target += 2 * S.Lanes) S.Store(target, S.Load(channel + offsets[t]));
            }
            t = 0;
            channel += plane;
        }
    }

    private struct Filling : IChunkBody
    {
        public PaddedPlane<S, V, T> Plane;
        public T* Source, Target;
        public int Count, Each;

        public readonly void Run(int chunk)
        {
            for (int i = chunk * Each; i < Math.Min(chunk * Each + Each, Count); i++)
                Plane.Fill(Source + (nint)i * Plane.Channel, Target + (nint)i * Plane.Size);
        }
    }
}
