namespace Adjoint.Kernels;

/// <summary>yₖ = xₖ − ln Σⱼ e^xⱼ.</summary>
internal readonly unsafe struct LogSoftmax : IRowKernel
{
    public static void Forward<T>(T* x, T* y, Lines lines, T* space) where T : unmanaged
    {
        T* max = space, log = space + lines.Count;
        RowSteps.Max(x, max, lines);
        RowSteps.Sum<ShiftedExp, T>(x, x, max, log, lines);
        RowSteps.Map<Logarithm, T>(log, log, default, log, lines.Count);
        RowSteps.Map<Shifted, T>(x, x, max, y, lines);
        RowSteps.Map<Shifted, T>(y, y, log, y, lines);
    }
}
