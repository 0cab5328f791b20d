namespace Adjoint.Kernels;

/// <summary>yₖ = xₖ − ln Σⱼ e^xⱼ,   dx = g − e^y·Σ g.</summary>
internal readonly unsafe struct LogSoftmax : IRowKernel
{
    public static void Forward<T>(T* x, T* y, int n) where T : unmanaged
    {
        T max = RowSteps.Max(x, n);
        T log = RowSteps.Log(RowSteps.Sum<ShiftedExp, T>(x, x, max, n));
        RowSteps.Map<Shifted, T>(x, x, max, y, n);
        RowSteps.Map<Shifted, T>(y, y, log, y, n);
    }

    public static void Backward<T>(T* g, T* y, T* dx, int n) where T : unmanaged =>
        RowSteps.Map<LogSoftmaxSlope, T>(g, y, Fold.Range<SumFold, Dense<T>, T>(new(g), 0, (nuint)n), dx, n);
}
