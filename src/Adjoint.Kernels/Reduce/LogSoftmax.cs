namespace Adjoint.Kernels;

/// <summary>yₖ = xₖ − ln Σⱼ e^xⱼ,   dx = g − e^y·Σ g.</summary>
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

    public static void Backward<T>(T* g, T* y, T* dx, Lines lines, T* space) where T : unmanaged
    {
        RowSteps.Sum(g, space, lines);
        RowSteps.Map<LogSoftmaxSlope, T>(g, y, space, dx, lines);
    }
}
