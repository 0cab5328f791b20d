namespace Adjoint.Kernels;

/// <summary>yₖ = e^xₖ / Σⱼ e^xⱼ,   dx = y·(g − Σ g·y).</summary>
internal readonly unsafe struct Softmax : IRowKernel
{
    public static void Forward<T>(T* x, T* y, int n) where T : unmanaged
    {
        RowSteps.Map<ShiftedExp, T>(x, x, RowSteps.Max(x, n), y, n);
        RowSteps.Map<Divided, T>(y, y, Fold.Range<SumFold, Dense<T>, T>(new(y), 0, (nuint)n), y, n);
    }

    public static void Backward<T>(T* g, T* y, T* dx, int n) where T : unmanaged =>
        RowSteps.Map<SoftmaxSlope, T>(g, y, RowSteps.Sum<Product, T>(g, y, default, n), dx, n);
}
