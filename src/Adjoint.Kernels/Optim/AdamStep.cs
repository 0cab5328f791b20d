using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>The numbers of one step of Adam or AdamW.</summary>
/// <param name="StepSize">lr / (1 − β₁ᵗ).</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Eps">ε.</param>
/// <param name="RootCorrection">√(1 − β₂ᵗ).</param>
/// <param name="WeightDecay">w, added to the gradient as w·p; 0 for AdamW.</param>
/// <param name="Shrink">What the parameter is multiplied by first: 1 − lr·w for AdamW, otherwise 1.</param>
/// <param name="Maximize">Whether the gradient is negated.</param>
internal readonly record struct AdamNumbers(
    double StepSize, double Beta1, double Beta2, double Eps, double RootCorrection, double WeightDecay, double Shrink, bool Maximize);

/// <summary>One step of Adam in one pass over the parameter, its gradient and its moments.</summary>
/// <remarks>
/// Note [Denormals]: the mean of a gradient that has become zero, as for a pixel that is seldom lit, shrinks by β₁ a step, and after
/// some 700 steps is below the least normal number. Processors compute with such numbers a hundred times slower, and there would be
/// tens of thousands of them. Moments that small are set to zero: no parameter of 1e-25 or more sees a difference.
/// </remarks>
internal static unsafe class AdamStep
{
    /// <summary>
    /// p ← shrink·p; g' = ±g + w·p; m ← β₁·m + (1 − β₁)·g'; v ← β₂·v + (1 − β₂)·g'²; p ← p − stepSize·m/(√v/rootCorrection + ε),
    /// where with <paramref name="vMax"/> the largest v so far stands for v. Every operation rounds by itself, as in
    /// a plain loop: see docs/decisions/0008. Moments below the least normal number become 0.
    /// </summary>
    /// <param name="options">The numbers above.</param>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="m">The mean of its gradients.</param>
    /// <param name="v">The mean of their squares.</param>
    /// <param name="vMax">The largest v so far, or empty.</param>
    public static void Run<T>(AdamNumbers options, Span<T> p, ReadOnlySpan<T> g, Span<T> m, Span<T> v, Span<T> vMax) where T : unmanaged
    {
        if (g.Length != p.Length || m.Length != p.Length || v.Length != p.Length || (!vMax.IsEmpty && vMax.Length != p.Length))
            throw new ArgumentException(
                $"Adam: the parameter has {p.Length} elements, the gradient {g.Length}, the moments {m.Length}, {v.Length} and "
                + $"{vMax.Length}.");
        fixed (T* pp = p, pg = g, pm = m, pv = v, pw = vMax)
        {
            var body = new Body<T>(options, pp, pg, pm, pv, pw, new Chunks(p.Length, Chunks.Costly));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<T>(AdamNumbers options, T* p, T* g, T* m, T* v, T* vMax, Chunks chunks) : IChunkBody where T : unmanaged
    {
        public readonly Chunks Chunks = chunks;

        public void Run(int chunk)
        {
            long start = Chunks.Start(chunk), end = Chunks.End(chunk);
            if (Vector512.IsHardwareAccelerated) start = Range<Lanes512<T>>(start, end);
            else if (Vector256.IsHardwareAccelerated) start = Range<Lanes256<T>>(start, end);
            else start = Range<Lanes128<T>>(start, end);
            Range<Lane<T>>(start, end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private long Range<R>(long start, long end) where R : struct, IRegister<R, T>
        {
            AdamFormula<R, T> next = AdamFormula<R, T>.Of(options);
            long i = start;
            for (; i <= end - R.Count; i += R.Count)
            {
                R x = R.Load(in *p, (nuint)i), mean = R.Load(in *m, (nuint)i), square = R.Load(in *v, (nuint)i), largest = default;
                if (vMax != null) largest = R.Load(in *vMax, (nuint)i);
                next.Step(ref x, R.Load(in *g, (nuint)i), ref mean, ref square, ref largest, vMax != null);
                R.Store(mean, ref *m, (nuint)i);
                R.Store(square, ref *v, (nuint)i);
                if (vMax != null) R.Store(largest, ref *vMax, (nuint)i);
                R.Store(x, ref *p, (nuint)i);
            }
            return i;
        }
    }
}
