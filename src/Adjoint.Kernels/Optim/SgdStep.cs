using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>The numbers of one step of stochastic gradient descent.</summary>
internal readonly record struct SgdNumbers(double Lr, double Momentum, double Dampening, double WeightDecay, bool Nesterov, bool Maximize);

/// <summary>One step of stochastic gradient descent in one pass over parameter, gradient and momentum.</summary>
internal static unsafe class SgdStep
{
    // Too few for a register or a thread: choosing among them would take longer than the step.
    private const int Few = 4;

    /// <summary>
    /// g' = ±g + w·p; with a buffer b ← m·b + (1 − d)·g' (the first time b ← g') and g' ← b, or g' + m·b with Nesterov; p ← p − lr·g'.
    /// Every operation rounds by itself, as in a plain loop: see docs/decisions/0008.
    /// </summary>
    /// <param name="options">lr, m, d, w and the variants.</param>
    /// <param name="p">The parameter.</param>
    /// <param name="g">Its gradient.</param>
    /// <param name="b">Its momentum, or empty for none.</param>
    /// <param name="first">Whether the momentum is still undefined.</param>
    public static void Run<T>(SgdNumbers options, Span<T> p, ReadOnlySpan<T> g, Span<T> b, bool first) where T : unmanaged
    {
        if (g.Length != p.Length || (!b.IsEmpty && b.Length != p.Length))
            throw new ArgumentException($"SGD: the parameter has {p.Length} elements, the gradient {g.Length}, the momentum {b.Length}.");
        fixed (T* pp = p, pg = g, pb = b)
        {
            if (p.Length < Few)
            {
                new Body<T>(options, pp, pg, pb, first, default).Range<Lane<T>>(0, p.Length);
                return;
            }
            var body = new Body<T>(options, pp, pg, pb, first, new Chunks(p.Length, Sweep.Grain));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<T>(SgdNumbers options, T* p, T* g, T* b, bool first, Chunks chunks) : IChunkBody where T : unmanaged
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
        public long Range<R>(long start, long end) where R : struct, IRegister<R, T>
        {
            SgdFormula<R> next = SgdFormula<R>.Of(options, R.Constant(options.Lr));
            long i = start;
            for (; i <= end - R.Count; i += R.Count)
            {
                R x = R.Load(in *p, (nuint)i), m = default;
                if (b != null && !first) m = R.Load(in *b, (nuint)i);
                next.Step(ref x, R.Load(in *g, (nuint)i), ref m, b != null, first);
                if (b != null) R.Store(m, ref *b, (nuint)i);
                R.Store(x, ref *p, (nuint)i);
            }
            return i;
        }
    }
}
