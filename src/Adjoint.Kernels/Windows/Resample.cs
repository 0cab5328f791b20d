using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// The last dimensions of a tensor, each through its <see cref="Taps"/>: y[o, i, j, …] = Σ Σ w·v·x[o, p, q, …]. What shrinks comes first
/// and what grows last; of those that do alike, the outer before the inner where they shrink, and the inner first where they grow, so
/// that the most is done with whole rows.
/// </summary>
internal static unsafe class Resample
{
    /// <summary>The order in which the dimensions are gone through; those that stay as they are are left out.</summary>
    public static int[] Order(Taps[] axes)
    {
        double Growth(int d) => (double)axes[d].Outputs / axes[d].Inputs;
        return [.. Enumerable.Range(0, axes.Length).Where(d => !axes[d].IsIdentity)
            .OrderBy(Growth).ThenBy(d => Growth(d) > 1 ? -d : d)];
    }

    /// <summary>Goes through all blocks.</summary>
    /// <param name="x">[outer, inputs of each dimension].</param>
    /// <param name="y">[outer, outputs of each dimension].</param>
    /// <param name="outer">How many blocks.</param>
    /// <param name="axes">The dimensions.</param>
    /// <param name="order">As <see cref="Order"/> gives it.</param>
    /// <param name="divisors">What each element of a block is divided by, or one number for all, or none.</param>
    /// <param name="dividesFirst">Whether those of x are divided, and not those of y.</param>
    public static void Run<T>(
        ReadOnlySpan<T> x, Span<T> y, int outer, Taps[] axes, int[] order, T[] divisors, bool dividesFirst) where T : unmanaged, INumber<T>
    {
        (long inputs, long outputs, long most) = (1, 1, 1);
        foreach (Taps axis in axes)
        {
            inputs *= axis.Inputs;
            outputs *= axis.Outputs;
            most *= Math.Max(axis.Inputs, axis.Outputs);
        }
        if (x.Length != outer * inputs || y.Length != outer * outputs || (divisors.Length > 1
            && divisors.Length != (dividesFirst ? inputs : outputs)))
        {
            throw new ArgumentException(
                $"{outer} blocks of {inputs} and {outputs} elements, but the arrays have {x.Length} and {y.Length}.");
        }
        if (y.IsEmpty) return;
        if (x.IsEmpty)
        {
            y.Clear();
            return;
        }
        fixed (T* px = x, py = y)
        {
            var blocks = new Blocks<T>(px, py, outer, axes, order, divisors, dividesFirst, inputs, outputs, most);
            Threads.Run(blocks.Chunks, ref blocks);
        }
    }

    private readonly struct Blocks<T> : IChunkBody where T : unmanaged, INumber<T>
    {
        private readonly T* _x, _y;
        private readonly int _outer, _size;
        private readonly Taps[] _axes;
        private readonly int[] _order;
        private readonly T[] _divisors;
        private readonly bool _dividesFirst;
        private readonly long _inputs, _outputs, _most;

        public Blocks(
            T* x, T* y, int outer, Taps[] axes, int[] order, T[] divisors, bool dividesFirst, long inputs, long outputs, long most)
        {
            _x = x;
            _y = y;
            (_outer, _axes, _order, _divisors, _dividesFirst) = (outer, axes, order, divisors, dividesFirst);
            (_inputs, _outputs, _most) = (inputs, outputs, most);
            int grain = (int)Math.Max(1, Adjoint.Kernels.Chunks.Cheap / Math.Max(inputs, outputs));
            _size = outer <= 2 * grain ? outer > 1 && Math.Max(inputs, outputs) * outer > 2 * Adjoint.Kernels.Chunks.Cheap
                ? (outer + 1) / 2 : outer : grain;
        }

        public int Chunks => (_outer + _size - 1) / _size;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            int start = chunk * _size, end = Math.Min(start + _size, _outer);
            int steps = _order.Length - 1 + (_dividesFirst && _divisors.Length > 0 ? 1 : 0);
            using var memory = new Scratch<T>(steps > 0 ? 2 * _most : 1);
            T* one = memory.Data, other = one + _most;
            for (int b = start; b < end; b++) Block(_x + b * _inputs, _y + b * _outputs, one, other);
        }

        private void Block(T* x, T* y, T* one, T* other)
        {
            if (_dividesFirst && _divisors.Length > 0)
            {
                T* divided = _order.Length == 0 ? y : other;
                Divide(x, divided, _inputs);
                x = divided;
                if (_order.Length == 0) return;
            }
            if (_order.Length == 0)
            {
                new ReadOnlySpan<T>(x, (int)_inputs).CopyTo(new Span<T>(y, (int)_outputs));
            }
            Span<int> sizes = stackalloc int[_axes.Length];
            for (int d = 0; d < sizes.Length; d++) sizes[d] = _axes[d].Inputs;
            for (int step = 0; step < _order.Length; step++)
            {
                int axis = _order[step], outer = 1, inner = 1;
                for (int d = 0; d < axis; d++) outer *= sizes[d];
                for (int d = axis + 1; d < sizes.Length; d++) inner *= sizes[d];
                T* to = step == _order.Length - 1 ? y : x == one ? other : one;
                TapPass.Run(x, to, outer, _axes[axis], inner);
                sizes[axis] = _axes[axis].Outputs;
                x = to;
            }
            if (!_dividesFirst && _divisors.Length > 0) Divide(y, y, _outputs);
        }

        private void Divide(T* x, T* y, long count)
        {
            var from = new ReadOnlySpan<T>(x, (int)count);
            var to = new Span<T>(y, (int)count);
            int lanes = Vector256<T>.Count, i = 0;
            if (_divisors.Length == 1)
            {
                var by = Vector256.Create(_divisors[0]);
                for (; i <= to.Length - lanes; i += lanes)
                    Vector256.Store(Vector256.Load(x + i) / by, y + i);
                for (; i < to.Length; i++) to[i] = from[i] / _divisors[0];
                return;
            }
            fixed (T* by = _divisors)
            {
                for (; i <= to.Length - lanes; i += lanes)
                    Vector256.Store(
                        Vector256.Load(x + i) / Vector256.Load(by + i), y + i);
                for (; i < to.Length; i++) y[i] = x[i] / by[i];
            }
        }
    }
}
