using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

internal static unsafe partial class ElementWise
{
    /// <summary>sum = x + c·(y·z), or x + c·(y/z), each operation rounded by itself.</summary>
    public static void AddScaled<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, double c, bool quotient, Span<T> sum)
        where T : unmanaged
    {
        CheckLength(x.Length, sum.Length);
        CheckLength(y.Length, sum.Length);
        CheckLength(z.Length, sum.Length);
        fixed (T* px = x, py = y, pz = z, ps = sum)
        {
            if (quotient) Sweep.Run(new PlusQuotient<T>(px, py, pz, c), ps, sum.Length);
            else Sweep.Run(new PlusProduct<T>(px, py, pz, c), ps, sum.Length);
        }
    }

    private readonly struct PlusProduct<T>(T* x, T* y, T* z, double c) : IElements<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T> => R.Load(in *x, i) + c * (R.Load(in *y, i) * R.Load(in *z, i));
    }

    private readonly struct PlusQuotient<T>(T* x, T* y, T* z, double c) : IElements<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public R At<R>(nuint i) where R : struct, IRegister<R, T> => R.Load(in *x, i) + c * (R.Load(in *y, i) / R.Load(in *z, i));
    }
}
