namespace Adjoint.Kernels;

/// <summary>A spatial dimension of a convolution: place l of the output reads place l·stride + k·dilation − padding of the input.</summary>
/// <param name="Input">The size of the input.</param>
/// <param name="Output">The size of the output.</param>
/// <param name="Kernel">The size of the kernel.</param>
/// <param name="Stride">How far the kernel moves.</param>
/// <param name="Padding">Zeros before the input; behind it there are as many as are read.</param>
/// <param name="Dilation">How far apart the taps of the kernel are.</param>
internal readonly record struct ConvolutionDim(int Input, int Output, int Kernel, int Stride, int Padding, int Dilation)
{
    /// <summary>A dimension that is not there.</summary>
    public static ConvolutionDim None => new(1, 1, 1, 1, 0, 1);

    /// <summary>Whether each place reads its own and no other.</summary>
    public bool IsPointwise => Kernel == 1 && Stride == 1 && Padding == 0 && Input == Output;
}

/// <summary>
/// The sizes of a convolution: input [batch, groups·in, *], weight [groups·out, in, *], output [batch, groups·out, *], each with three
/// spatial dimensions.
/// </summary>
/// <remarks>
/// Note [Three faces]: Σ x[n, c, i]·w[o, c, k]·y[n, o, l] over all i = l·stride + k·dilation − padding is linear in x, w and y. Without
/// y it is the convolution, without x its transpose, without w the gradient of the weight: three faces of one form, and the derivatives of
/// each are the other two.
/// </remarks>
/// <param name="Batch">How many images.</param>
/// <param name="Groups">How many groups of channels.</param>
/// <param name="InChannels">The input channels of a group.</param>
/// <param name="OutChannels">The output channels of a group.</param>
/// <param name="Depth">The first spatial dimension.</param>
/// <param name="Height">The second.</param>
/// <param name="Width">The third.</param>
internal readonly record struct ConvolutionSizes(
    int Batch, int Groups, int InChannels, int OutChannels, ConvolutionDim Depth, ConvolutionDim Height, ConvolutionDim Width)
{
    /// <summary>How many taps a kernel has.</summary>
    public int Taps => Depth.Kernel * Height.Kernel * Width.Kernel;

    /// <summary>How many places a channel of the input has.</summary>
    public int Inputs => Depth.Input * Height.Input * Width.Input;

    /// <summary>How many places a channel of the output has.</summary>
    public int Outputs => Depth.Output * Height.Output * Width.Output;

    /// <summary>Whether the gradient of the weight is added up in lanes. See Note [Sums of a convolution].</summary>
    public bool IsDepthwise => InChannels == 1 && OutChannels == 1;

    /// <summary>The same with long rows: dimensions behind which nothing but places of their own is read are one.</summary>
    public ConvolutionSizes WithLongRows
    {
        get
        {
            if (!Width.IsPointwise || !Height.IsPointwise) return this;
            ConvolutionDim none = ConvolutionDim.None;
            int plane = Height.Input * Width.Input, volume = Depth.Input * plane;
            return Depth.IsPointwise ? this with { Depth = none, Height = none, Width = none with { Input = volume, Output = volume } }
                : this with { Height = none, Width = none with { Input = plane, Output = plane } };
        }
    }
}
