using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>One product with random operands in padded memory, run by the kernels and by a scalar loop in double precision.</summary>
internal sealed class GemmCase<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Trans _transA, _transB;
    private readonly int _m, _n, _k, _lda, _ldb, _ldc;
    private readonly bool _accumulate;
    private readonly Epilogue _epilogue;
    private readonly T[] _a, _b, _c, _bias;

    /// <param name="transA">Layout of the left operand.</param>
    /// <param name="transB">Layout of the right operand.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="pad">How much longer a row is in memory than in the matrix.</param>
    /// <param name="accumulate">Add to what is there.</param>
    /// <param name="bias">Add a bias to each row.</param>
    /// <param name="relu">Cut negative values off.</param>
    public GemmCase(
        Trans transA, Trans transB, int m, int n, int k, int pad = 0, bool accumulate = false, bool bias = false, bool relu = false)
    {
        (_transA, _transB, _m, _n, _k, _accumulate) = (transA, transB, m, n, k, accumulate);
        _epilogue = relu ? Epilogue.Relu : Epilogue.None;
        (_lda, _ldb, _ldc) = ((transA == Trans.No ? k : m) + pad, (transB == Trans.No ? n : k) + pad, n + pad);
        var random = new System.Random(m + 100 * n + 10000 * k);
        _a = Random(random, (transA == Trans.No ? m : k) * _lda);
        _b = Random(random, (transB == Trans.No ? k : n) * _ldb);
        _c = Random(random, m * _ldc);
        _bias = bias ? Random(random, n) : [];
    }

    public override string ToString() =>
        $"{typeof(T).Name} {_m}x{_k}x{_n} {(_transA == Trans.No ? 'N' : 'T')}{(_transB == Trans.No ? 'N' : 'T')} ld {_lda},{_ldb},{_ldc}"
        + (_accumulate ? " accumulate" : "") + (_bias.Length > 0 ? " bias" : "") + (_epilogue == Epilogue.Relu ? " relu" : "");

    /// <summary>The product as the kernels of this machine compute it, padding included.</summary>
    public T[] Run()
    {
        T[] c = [.. _c];
        Gemm.Multiply(_transA, _transB, _m, _n, _k, _a, _lda, _b, _ldb, c, _ldc, _accumulate, _bias, _epilogue);
        return c;
    }

    /// <summary>The product as the kernels of one register width compute it, padding included.</summary>
    public unsafe T[] Run<S, V>() where S : ISimd<V, T> where V : struct
    {
        T[] result = [.. _c];
        fixed (T* a = _a, b = _b, c = result, bias = _bias)
        {
            MatrixProduct<S, V, T>.Run(new Product<T>
            {
                M = _m,
                N = _n,
                K = _k,
                Left = _transA == Trans.No ? new(a, _lda, 1) : new(a, 1, _lda),
                Right = _transB == Trans.No ? new(b, _ldb, 1) : new(b, 1, _ldb),
                Out = new(c, _ldc, 1),
                Bias = bias,
                Finish = (_accumulate ? Finish.Accumulate : 0)
                    | (_bias.Length > 0 ? Finish.ColumnBias : 0)
                    | (_epilogue == Epilogue.Relu ? Finish.Relu : 0),
            });
        }
        return result;
    }

    /// <summary>Compares with the scalar loop; the padding must be untouched.</summary>
    public void Check(T[] result)
    {
        double[] a = [.. _a.Select(double.CreateTruncating)], b = [.. _b.Select(double.CreateTruncating)];
        var (rowA, stepA) = _transA == Trans.No ? (_lda, 1) : (1, _lda);
        var (stepB, columnB) = _transB == Trans.No ? (_ldb, 1) : (1, _ldb);
        double epsilon = typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;
        for (int i = 0; i < _m; i++)
        {
            for (int j = 0; j < _ldc; j++)
            {
                double found = double.CreateTruncating(result[i * _ldc + j]), before = double.CreateTruncating(_c[i * _ldc + j]);
                double expected = before, tolerance = 0;
                if (j < _n)
                {
                    double already = _accumulate ? before : 0, bias = _bias.Length > 0 ? double.CreateTruncating(_bias[j]) : 0;
                    expected = already + bias;
                    tolerance = Math.Abs(already) + Math.Abs(bias);
                    for (int p = 0; p < _k; p++)
                    {
                        double term = a[i * rowA + p * stepA] * b[p * stepB + j * columnB];
                        expected += term;
                        tolerance += Math.Abs(term);
                    }
                    if (_epilogue == Epilogue.Relu) expected = Math.Max(expected, 0);
                    tolerance *= (3 + Math.Sqrt(_k)) * epsilon;
                }
                if (!(Math.Abs(found - expected) <= tolerance))
                    Assert.Fail($"{this}: element ({i}, {j}) is {found}, expected {expected} within {tolerance}");
            }
        }
    }

    private static T[] Random(System.Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() - 0.5))];
}
