namespace Adjoint.Kernels;

/// <summary>yₖ = e^xₖ / Σⱼ e^xⱼ,   dx = y·(g − Σ g·y).</summary>
internal readonly unsafe struct Softmax : IRowKernel
{
    public static void Forward<T>(T* x, T* y, Lines lines, T* space) where T : unmanaged
    {
        RowSteps.Max(x, space, lines);
        RowSteps.Map<ShiftedExp, T>(x, x, space, y, lines);
        RowSteps.Sum(y, space, lines);
        RowSteps.Map<Divided, T>(y, y, space, y, lines);
    }

    public static void Backward<T>(T* g, T* y, T* dx, Lines lines, T* space) where T : unmanaged
    {
        RowSteps.Sum<Product, T>(g, y, y, space, lines);
        RowSteps.Map<SoftmaxSlope, T>(g, y, space, dx, lines);
    }
}
