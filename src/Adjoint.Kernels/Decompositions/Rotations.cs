using System.Numerics;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// Plane rotations of pairs of rows, kept until there are many and then done for some columns after the other, which stay in the cache.
/// </summary>
internal unsafe ref struct Rotations<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Most = 1 << 14;

    private readonly Scratch<T> _factors;
    private readonly Scratch<int> _rows;
    private readonly T* _matrix;
    private readonly int _ld, _columns;
    private int _count;

    /// <param name="matrix">The rows; null where nobody wants them.</param>
    /// <param name="ld">How far apart they are.</param>
    /// <param name="columns">How long they are.</param>
    internal Rotations(T* matrix, int ld, int columns)
    {
        _ld = ld;
        _columns = columns;
        if (matrix == null || columns == 0) return;
        _matrix = matrix;
        _factors = new Scratch<T>(2L * Room(columns));
        _rows = new Scratch<int>(2L * Room(columns));
    }

    private static int Room(int columns) => columns < 64 ? 256 : Most;

    /// <summary>xᵢ = c·xᵢ + s·xⱼ,   xⱼ = c·xⱼ − s·xᵢ.</summary>
    internal void Add(int i, int j, T c, T s)
    {
        if (_matrix == null) return;
        if (_count == Room(_columns)) Flush();
        (_factors.Data[2 * _count], _factors.Data[2 * _count + 1]) = (c, s);
        (_rows.Data[2 * _count], _rows.Data[2 * _count + 1]) = (i, j);
        _count++;
    }

    /// <summary>Does what was added.</summary>
    internal void Flush()
    {
        if (_matrix == null || _count == 0) return;
        var body = new Body { Factors = _factors.Data, Rows = _rows.Data, Count = _count, Matrix = _matrix, Ld = _ld, Columns = _columns };
        if ((long)_count * _columns < 1 << 16) body.All();
        else Threads.Run((_columns + Body.Width - 1) / Body.Width, ref body);
        _count = 0;
    }

    /// <summary>Lets go of what it kept them in.</summary>
    internal readonly void Dispose()
    {
        _factors.Dispose();
        _rows.Dispose();
    }

    private struct Body : IChunkBody
    {
        internal const int Width = 32;

        public T* Factors, Matrix;
        public int* Rows;
        public int Count, Ld, Columns;

        public readonly void All()
        {
            for (int chunk = 0; chunk * Width < Columns; chunk++) Run(chunk);
        }

        public readonly void Run(int chunk)
        {
            int start = chunk * Width, n = Math.Min(Width, Columns - start), lanes = Vector256<T>.Count;
            T* at = Matrix + start;
            for (int k = 0; k < Count; k++)
            {
                T c = Factors[2 * k], s = Factors[2 * k + 1];
                T* x = at + (long)Rows[2 * k] * Ld, y = at + (long)Rows[2 * k + 1] * Ld;
                Vector256<T> cs = Vector256.Create(c), sn = Vector256.Create(s), minus = -sn;
                int i = 0;
                for (; i <= n - lanes; i += lanes)
                {
                    Vector256<T> first = Vector256.Load(x + i), second = Vector256.Load(y + i);
                    Simd256<T>.MultiplyAdd(sn, second, cs * first).Store(x + i);
                    Simd256<T>.MultiplyAdd(minus, first, cs * second).Store(y + i);
                }
                for (; i < n; i++)
                {
                    T first = x[i], second = y[i];
                    x[i] = T.FusedMultiplyAdd(s, second, c * first);
                    y[i] = T.FusedMultiplyAdd(-s, first, c * second);
                }
            }
        }
    }
}
