namespace Adjoint.Kernels;

/// <summary>The gradient of a convolution's weight: weight[o, c, k] = Σ output[n, o, l]·input[n, c, i].</summary>
internal unsafe struct WeightSum<T> where T : unmanaged
{
    public ConvolutionSizes Sizes;
    public TapLine Depth, Height, Width;
    public T* Input, Output, Weight;

    /// <summary>That of y and x for a convolution of these sizes.</summary>
    public static WeightSum<T> Of(in ConvolutionSizes sizes, T* y, T* x, T* w) => new()
    {
        Sizes = sizes,
        Depth = TapLine.Forward(sizes.Depth),
        Height = TapLine.Forward(sizes.Height),
        Width = TapLine.Forward(sizes.Width),
        Input = x,
        Output = y,
        Weight = w,
    };

    /// <summary>How many places of all images are added up.</summary>
    public readonly int Steps => Sizes.Batch * Sizes.Outputs;

    /// <summary>How many taps of all channels of a group there are.</summary>
    public readonly int Rows => Sizes.InChannels * Sizes.Taps;
}
