namespace Adjoint.Kernels;

/// <summary>
/// A convolution in either direction, seen as what each element reads: target[n, r, j] = Σ weight[r, c, k(t)]·source[n, c, j·step + t] + bias[r]
/// for the elements of one phase. See Note [Phases].
/// </summary>
internal unsafe struct Gathering<T> where T : unmanaged
{
    public int Batch, Groups;

    /// <summary>Channels of the target, and of the source, in a group.</summary>
    public int Rows, Channels;

    /// <summary>All taps of the kernel, and how far apart in the weight the channels are.</summary>
    public int KernelTaps, RowDistance, ChannelDistance;

    public ConvolutionSizes Kernel;
    public TapLine Depth, Height, Width;
    public int TargetHeight, TargetWidth, TargetPlane;
    public T* Source, Weight, Bias, Target;

    /// <summary>How many taps take part.</summary>
    public readonly int Taps => Depth.Taps * Height.Taps * Width.Taps;

    /// <summary>How many products an element adds up.</summary>
    public readonly int Steps => Channels * Taps;

    /// <summary>How many places of an image are computed.</summary>
    public readonly int Places => Depth.Count * Height.Count * Width.Count;

    /// <summary>How many places a channel of the source has.</summary>
    public readonly int SourcePlane => Depth.Source * Height.Source * Width.Source;

    /// <summary>Whether the elements of a row of the target are neighbours in memory, and all rows of a channel are computed.</summary>
    public readonly bool IsDense => Places == TargetPlane;

    /// <summary>Whether every tap takes part.</summary>
    public readonly bool IsWhole => Taps == KernelTaps;

    /// <summary>Where in the kernel a tap is.</summary>
    public readonly int TapOf(int t)
    {
        int w = Width.Kernel[t % Width.Taps], rest = t / Width.Taps;
        return (Depth.Kernel[rest / Height.Taps] * Kernel.Height.Kernel + Height.Kernel[rest % Height.Taps]) * Kernel.Width.Kernel + w;
    }

    /// <summary>Where in a channel of the target a place stands.</summary>
    public readonly int PlaceOf(int j)
    {
        int w = Width.First + j % Width.Count * Width.Step, rest = j / Width.Count;
        int h = Height.First + rest % Height.Count * Height.Step, d = Depth.First + rest / Height.Count * Depth.Step;
        return (d * TargetHeight + h) * TargetWidth + w;
    }
}
