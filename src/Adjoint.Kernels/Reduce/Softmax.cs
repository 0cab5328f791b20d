namespace Adjoint.Kernels;

/// <summary>yₖ = e^xₖ / Σⱼ e^xⱼ.</summary>
internal readonly unsafe struct Softmax : IRowKernel
{
    public static void Forward<T>(T* x, T* y, Lines lines, T* space) where T : unmanaged
    {
        RowSteps.Max(x, space, lines);
        RowSteps.Map<ShiftedExp, T>(x, x, space, y, lines);
        RowSteps.Sum(y, space, lines);
        RowSteps.Map<Divided, T>(y, y, space, y, lines);
    }
}
