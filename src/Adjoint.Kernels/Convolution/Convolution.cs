using System.Numerics;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>The three faces of a convolution. See Note [Three faces].</summary>
/// <remarks>
/// Note [Sums of a convolution]: an element of the output adds up, for each channel of its group and in it for each tap, what is read times
/// the weight, zeros of the padding too; one of the input the same for each channel of the output, and in it for each tap that reaches
/// it; one of the weight for each image, and in it each place. In this order, each product added without being rounded before, in
/// equal blocks of at most 512 whose sums are added: <see cref="SumOrder.Blocks"/>. Only the weight of a group with one channel in and one
/// out is added up in lanes: place w of a row goes to partial sum w mod 64 bytes. So nothing depends on registers and threads, and
/// <c>ToCSharp</c> can write it. The bias is added last.
/// </remarks>
internal static unsafe class Convolution
{
    /// <summary>y[n, o, l] = Σ w[o, c, k]·x[n, c, i] + b[o] over all i = l·stride + k·dilation − padding.</summary>
    /// <param name="sizes">The sizes.</param>
    /// <param name="x">The input.</param>
    /// <param name="w">The weight.</param>
    /// <param name="bias">The bias, or nothing.</param>
    /// <param name="y">The output.</param>
    public static void Forward<T>(in ConvolutionSizes sizes, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> bias, Span<T> y)
        where T : unmanaged, INumber<T>
    {
        Check(sizes, x.Length, w.Length, y.Length, bias.Length, sizes.OutChannels);
        if (y.IsEmpty) return;
        fixed (T* px = x, pw = w, pb = bias, py = y)
        {
            Run(Gathering<T>.Forward(sizes.WithLongRows, px, pw, bias.IsEmpty ? null : pb, py));
        }
    }

    /// <summary>x[n, c, i] = Σ w[o, c, k]·y[n, o, l] + b[c] over all i = l·stride + k·dilation − padding.</summary>
    /// <param name="sizes">The sizes of the convolution that is transposed.</param>
    /// <param name="y">As its output.</param>
    /// <param name="w">Its weight.</param>
    /// <param name="bias">The bias, or nothing.</param>
    /// <param name="x">As its input.</param>
    public static void Transposed<T>(in ConvolutionSizes sizes, ReadOnlySpan<T> y, ReadOnlySpan<T> w, ReadOnlySpan<T> bias, Span<T> x)
        where T : unmanaged, INumber<T>
    {
        Check(sizes, x.Length, w.Length, y.Length, bias.Length, sizes.InChannels);
        if (x.IsEmpty) return;
        ConvolutionSizes rows = sizes.WithLongRows;
        fixed (T* px = x, pw = w, pb = bias, py = y)
        {
            for (int d = 0; d < TapLine.Phases(rows.Depth); d++)
                for (int h = 0; h < TapLine.Phases(rows.Height); h++)
                    for (int c = 0; c < TapLine.Phases(rows.Width); c++)
                        Run(Gathering<T>.Transposed(rows, d, h, c, py, pw, bias.IsEmpty ? null : pb, px));
        }
    }

    /// <summary>w[o, c, k] = Σ y[n, o, l]·x[n, c, i] over all i = l·stride + k·dilation − padding.</summary>
    /// <param name="sizes">The sizes.</param>
    /// <param name="y">As the output.</param>
    /// <param name="x">The input.</param>
    /// <param name="w">As the weight.</param>
    public static void OfWeight<T>(in ConvolutionSizes sizes, ReadOnlySpan<T> y, ReadOnlySpan<T> x, Span<T> w)
        where T : unmanaged, INumber<T>
    {
        Check(sizes, x.Length, w.Length, y.Length, 0, 0);
        if (w.IsEmpty) return;
        if ((long)sizes.Batch * sizes.Outputs == 0)
        {
            w.Clear();
            return;
        }
        fixed (T* px = x, pw = w, py = y)
        {
            // Lanes begin anew with each row.
            Run(WeightSum<T>.Of(sizes.IsDepthwise ? sizes : sizes.WithLongRows, py, px, pw));
        }
    }

    private static void Run<T>(in Gathering<T> sum) where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated) ConvolutionWays<Simd512<T>, Vector512<T>, T>.Run(sum);
        else if (Vector256.IsHardwareAccelerated) ConvolutionWays<Simd256<T>, Vector256<T>, T>.Run(sum);
        else ConvolutionWays<Simd128<T>, Vector128<T>, T>.Run(sum);
    }

    private static void Run<T>(in WeightSum<T> sum) where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated) ConvolutionWays<Simd512<T>, Vector512<T>, T>.Run(sum);
        else if (Vector256.IsHardwareAccelerated) ConvolutionWays<Simd256<T>, Vector256<T>, T>.Run(sum);
        else ConvolutionWays<Simd128<T>, Vector128<T>, T>.Run(sum);
    }

    // Kernels write through pointers: what they are given must be as large as it is said to be.
    private static void Check(in ConvolutionSizes s, int x, int w, int y, int bias, int channels)
    {
        checked
        {
            if (x != s.Batch * s.Groups * s.InChannels * s.Inputs || w != s.Groups * s.OutChannels * s.InChannels * s.Taps
                || y != s.Batch * s.Groups * s.OutChannels * s.Outputs || (bias != 0 && bias != s.Groups * channels))
                throw new ArgumentException($"{x}, {w}, {y} and {bias} elements do not fit {s}.");
        }
    }
}
