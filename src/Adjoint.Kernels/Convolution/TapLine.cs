namespace Adjoint.Kernels;

/// <summary>
/// One dimension of a sum over taps: place j of the result, which stands at First + j·Step of the target, reads place
/// j·SourceStep + Offsets[t] of the source with each of its taps.
/// </summary>
/// <remarks>
/// Note [Phases]: an element of a transposed convolution with a stride reads only every stride-th tap, and which these are depends on its
/// place modulo the stride. The elements of one such phase are a convolution with a stride of 1 and these taps: so both directions are
/// sums of what is read, none is a scattering, and nobody multiplies the zeros between.
/// </remarks>
internal readonly struct TapLine
{
    private TapLine(int count, int source, int first, int step, int sourceStep, int[] taps, int[] offsets)
    {
        (Count, Source, First, Step, SourceStep, Kernel, Offsets) = (count, source, first, step, sourceStep, taps, offsets);
    }

    /// <summary>How many places of the result there are.</summary>
    public readonly int Count;

    /// <summary>How many places the source has.</summary>
    public readonly int Source;

    /// <summary>Where in the target the first place stands.</summary>
    public readonly int First;

    /// <summary>How far apart in the target they stand.</summary>
    public readonly int Step;

    /// <summary>How far apart in the source neighbours read.</summary>
    public readonly int SourceStep;

    /// <summary>Where in the kernel each tap is, in rising order.</summary>
    public readonly int[] Kernel;

    /// <summary>Where in the source each tap reads for the first place.</summary>
    public readonly int[] Offsets;

    /// <summary>How many taps there are.</summary>
    public int Taps => Offsets.Length;

    /// <summary>The output of a convolution reads its input.</summary>
    public static TapLine Forward(in ConvolutionDim d)
    {
        int[] taps = new int[d.Kernel], offsets = new int[d.Kernel];
        for (int k = 0; k < d.Kernel; k++) (taps[k], offsets[k]) = (k, (int)((long)k * d.Dilation - d.Padding));
        return new(d.Output, d.Input, 0, 1, d.Stride, taps, offsets);
    }

    /// <summary>How many phases the input has.</summary>
    public static int Phases(in ConvolutionDim d) => Math.Min(d.Stride, d.Input);

    /// <summary>A phase of the input of a convolution reads its output.</summary>
    public static TapLine Backward(in ConvolutionDim d, int phase)
    {
        var taps = new List<int>();
        for (int k = 0; k < d.Kernel; k++)
            if ((phase + d.Padding - (long)k * d.Dilation) % d.Stride == 0) taps.Add(k);
        var offsets = new int[taps.Count];
        for (int t = 0; t < offsets.Length; t++) offsets[t] = (int)((phase + d.Padding - (long)taps[t] * d.Dilation) / d.Stride);
        return new((int)(((long)d.Input - phase + d.Stride - 1) / d.Stride), d.Output, phase, d.Stride, 1, [.. taps], offsets);
    }

    /// <summary>Whether its taps are those of the kernel from the first to the last.</summary>
    public bool IsWhole(int kernel) => Taps == kernel;
}
