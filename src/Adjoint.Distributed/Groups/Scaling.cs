using System.Numerics;

namespace Adjoint.Distributed;

/// <summary>Values times a number, on the way between gradients and what is sent.</summary>
internal static class Scaling
{
    /// <summary>x ← x / n.</summary>
    internal static void Divide<T>(Span<T> x, int n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T divisor = T.CreateChecked(n);
        int i = 0;
        var all = new Vector<T>(divisor);
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count) (new Vector<T>(x[i..]) / all).CopyTo(x[i..]);
        for (; i < x.Length; i++) x[i] /= divisor;
    }

    /// <summary>y ← x · factor.</summary>
    internal static void Scale<T>(ReadOnlySpan<T> x, T factor, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count) (new Vector<T>(x[i..]) * factor).CopyTo(y[i..]);
        for (; i < x.Length; i++) y[i] = x[i] * factor;
    }
}
