namespace Adjoint.Kernels;

/// <summary>
/// A convolution in either direction, seen as what each element reads:
/// target[n, r, j] = Σ weight[r, c, k(t)]·source[n, c, j·step + t] + bias[r] for the elements of one phase. See Note [Phases].
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

    /// <summary>The output of a convolution.</summary>
    public static Gathering<T> Forward(in ConvolutionSizes sizes, T* x, T* w, T* bias, T* y) => new()
    {
        Batch = sizes.Batch,
        Groups = sizes.Groups,
        Rows = sizes.OutChannels,
        Channels = sizes.InChannels,
        KernelTaps = sizes.Taps,
        RowDistance = sizes.InChannels * sizes.Taps,
        ChannelDistance = sizes.Taps,
        Kernel = sizes,
        Depth = TapLine.Forward(sizes.Depth),
        Height = TapLine.Forward(sizes.Height),
        Width = TapLine.Forward(sizes.Width),
        TargetHeight = sizes.Height.Output,
        TargetWidth = sizes.Width.Output,
        TargetPlane = sizes.Outputs,
        Source = x,
        Weight = w,
        Bias = bias,
        Target = y,
    };

    /// <summary>A phase of the input of a convolution.</summary>
    public static Gathering<T> Transposed(in ConvolutionSizes sizes, int depth, int height, int width, T* y, T* w, T* bias, T* x) => new()
    {
        Batch = sizes.Batch,
        Groups = sizes.Groups,
        Rows = sizes.InChannels,
        Channels = sizes.OutChannels,
        KernelTaps = sizes.Taps,
        RowDistance = sizes.Taps,
        ChannelDistance = sizes.InChannels * sizes.Taps,
        Kernel = sizes,
        Depth = TapLine.Backward(sizes.Depth, depth),
        Height = TapLine.Backward(sizes.Height, height),
        Width = TapLine.Backward(sizes.Width, width),
        TargetHeight = sizes.Height.Input,
        TargetWidth = sizes.Width.Input,
        TargetPlane = sizes.Inputs,
        Source = y,
        Weight = w,
        Bias = bias,
        Target = x,
    };

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
