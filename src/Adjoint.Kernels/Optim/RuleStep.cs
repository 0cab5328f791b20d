using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>One step of a rule in one pass over the parameter, its gradient and what is remembered of it.</summary>
internal static unsafe class RuleStep
{
    /// <summary>Runs the rule over all elements; empty spans are parts of the state that the rule does not have.</summary>
    public static void Run<TRule, TOptions, T>(
        TOptions options, StepNumbers numbers, Span<T> p, ReadOnlySpan<T> g, Span<T> first, Span<T> second, Span<T> third)
        where TRule : struct, IUpdateRule<TOptions> where TOptions : class where T : unmanaged
    {
        foreach (int length in (ReadOnlySpan<int>)[g.Length, first.Length, second.Length, third.Length])
        {
            if (length != p.Length && (length != 0 || g.Length != p.Length))
                throw new ArgumentException(
                    $"{TRule.Name}: the parameter has {p.Length} elements, the gradient {g.Length}, the state {first.Length}, "
                    + $"{second.Length} and {third.Length}.");
        }
        fixed (T* pp = p, pg = g, p1 = first, p2 = second, p3 = third)
        {
            var body = new Body<TRule, TOptions, T>(options, numbers, pp, pg, p1, p2, p3, new Chunks(p.Length, Chunks.Costly));
            Threads.Run(body.Chunks.Count, ref body);
        }
    }

    private readonly struct Body<TRule, TOptions, T>(
        TOptions options, StepNumbers numbers, T* p, T* g, T* first, T* second, T* third, Chunks chunks)
        : IChunkBody
        where TRule : struct, IUpdateRule<TOptions> where TOptions : class where T : unmanaged
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
            TOptions o = options;
            R one = R.Constant(numbers.First.Value), two = R.Constant(numbers.Second.Value), three = R.Constant(numbers.Third.Value);
            long i = start;
            for (; i <= end - R.Count; i += R.Count)
            {
                var state = new UpdateState<R> { FirstNumber = one, SecondNumber = two, ThirdNumber = three };
                if (first != null) state.First = R.Load(in *first, (nuint)i);
                if (second != null) state.Second = R.Load(in *second, (nuint)i);
                if (third != null) state.Third = R.Load(in *third, (nuint)i);
                R x = R.Load(in *p, (nuint)i);
                TRule.Update(ref x, R.Load(in *g, (nuint)i), ref state, o);
                R.Store(x, ref *p, (nuint)i);
                if (first != null) R.Store(state.First, ref *first, (nuint)i);
                if (second != null) R.Store(state.Second, ref *second, (nuint)i);
                if (third != null) R.Store(state.Third, ref *third, (nuint)i);
            }
            return i;
        }
    }
}
