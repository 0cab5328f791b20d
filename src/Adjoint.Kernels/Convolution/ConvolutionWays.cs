using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>Finds the way to compute a convolution that suits its sizes. The bits are the same on all of them.</summary>
internal static class ConvolutionWays<S, V, T>
    where S : ISimd<V, T>
    where V : struct
    where T : unmanaged, INumber<T>
{
    /// <summary>Computes a phase of an output or of an input.</summary>
    public static void Run(in Gathering<T> sum)
    {
        if (PlaneProduct<S, V, T>.Accepts(sum)) PlaneProduct<S, V, T>.Run(sum);
        else PatchProduct<S, V, T>.Run(sum);
    }

    /// <summary>Computes a weight.</summary>
    public static void Run(in WeightSum<T> sum)
    {
        if (sum.Sizes.IsDepthwise) LaneWeights<S, V, T>.Run(sum);
        else PatchWeights<S, V, T>.Run(sum);
    }
}
