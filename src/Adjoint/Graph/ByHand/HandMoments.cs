namespace Adjoint;

/// <summary>Writes means and variances.</summary>
internal static class HandMoments
{
    internal static void Write(Hand hand, HandTensor x, int[] dims, HandTensor? variance, HandTensor? mean, double correction, bool root) =>
        throw hand.Refused("");
}
