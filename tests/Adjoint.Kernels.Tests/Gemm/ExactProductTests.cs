using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>
/// Products of whole numbers, whose sums are exact in every order: so each kernel of each width of register must give the same as a
/// plain loop, to the bit. Memory before, between and after the matrices holds what would be seen in the result, and stays as it is.
/// </summary>
public abstract class ExactProductTests<T> where T : unmanaged, INumber<T>
{
    private const int Guard = 19;

    // Around registers, tiles and thresholds; long sums too.
    private static readonly (int M, int N, int K)[] s_larger =
    [
        (1, 1, 40_000), (1, 3, 33_000), (2, 1, 17_000), (1, 130, 1_030), (1, 257, 513), (1, 1_000, 70),
        (300, 1, 100), (70, 1, 16), (1, 64, 4_096),
        (64, 10, 512), (10, 64, 512), (7, 5, 300), (2, 100, 190), (13, 70, 1_040),
        (33, 65, 129), (64, 512, 10),
        // A panel in registers, of one part and of several.
        (40, 900, 6), (17, 8_000, 14), (1_000, 33, 5), (16, 4_097, 1), (130, 530, 13), (67, 1_000, 2), (65, 130, 66), (16, 16, 520),
        // Halves that are no whole tiles, rows a page apart that are copied, columns left over beside whole registers.
        (131, 103, 65), (32, 99, 1_024), (300, 99, 512), (1_100, 20, 1_024), (30, 100, 512), (51, 98, 260), (60, 66, 300),
    ];

    [Fact]
    public void Every_small_size()
    {
        for (int m = 1; m <= 20; m++)
            for (int n = 1; n <= 20; n++)
                for (int k = 0; k <= 20; k++) Check(m, n, k, (m + 3 * n + 5 * k) % 8);
    }

    [Fact]
    public void Rows_columns_and_thresholds()
    {
        foreach (var (m, n, k) in s_larger)
            for (int finish = 0; finish < 8; finish++) Check(m, n, k, finish);
    }

    [Fact]
    public void Numbers_that_are_none_reach_exactly_what_they_belong_to()
    {
        if (T.IsInteger(T.One / (T.One + T.One))) Assert.Skip("Whole numbers have none.");
        T nan = T.CreateChecked(double.NaN), infinity = T.CreateChecked(double.PositiveInfinity);
        T[] special = [nan, infinity, -infinity, -T.Zero];
        foreach (var (m, n, k) in s_larger.Where(s => s.K < 600).Append((3, 4, 5)).Append((1, 20, 20)).Append((20, 1, 20)))
            for (int finish = 0; finish < 8; finish++) Check(m, n, k, finish, special);
    }

    [Fact]
    public void The_same_bits_at_every_width()
    {
        foreach (var (m, n, k) in s_larger)
            foreach (Trans transA in new[] { Trans.No, Trans.Yes })
                foreach (Trans transB in new[] { Trans.No, Trans.Yes })
                {
                    var product = new Case(transA, transB, m, n, k, Finish.None, null, fractions: true);
                    T[] narrow = product.Run<Simd128<T>, Vector128<T>>();
                    Same(product.Run<Simd256<T>, Vector256<T>>(), narrow).ShouldBeTrue($"256 bits, {m}x{k}x{n} {transA} {transB}");
                    Same(product.Run<Simd512<T>, Vector512<T>>(), narrow).ShouldBeTrue($"512 bits, {m}x{k}x{n} {transA} {transB}");
                }
    }

    private static bool Same(T[] x, T[] y) => MemoryMarshal.AsBytes<T>(x).SequenceEqual(MemoryMarshal.AsBytes<T>(y));

    private static void Check(int m, int n, int k, int finish, T[]? special = null)
    {
        foreach (Trans transA in new[] { Trans.No, Trans.Yes })
            foreach (Trans transB in new[] { Trans.No, Trans.Yes })
            {
                var product = new Case(transA, transB, m, n, k, (Finish)((finish & 1) | (finish & 2) | (finish & 4) << 1), special);
                product.Check<Simd128<T>, Vector128<T>>();
                product.Check<Simd256<T>, Vector256<T>>();
                product.Check<Simd512<T>, Vector512<T>>();
            }
    }

    private sealed unsafe class Case
    {
        private readonly Trans _transA, _transB;
        private readonly int _m, _n, _k, _lda, _ldb, _ldc;
        private readonly Finish _finish;
        private readonly T[] _a, _b, _c, _bias, _expected;

        public Case(Trans transA, Trans transB, int m, int n, int k, Finish finish, T[]? special, bool fractions = false)
        {
            (_transA, _transB, _m, _n, _k, _finish) = (transA, transB, m, n, k, finish);
            int pad = (m + n + k) % 3;
            (_lda, _ldb, _ldc) = ((transA == Trans.No ? k : m) + pad, (transB == Trans.No ? n : k) + pad, n + pad);
            var random = new System.Random(m + 31 * n + 1000 * k);
            // What no sum may see.
            T none = T.CreateTruncating(double.NaN), outside = T.IsNaN(none) ? none : T.CreateTruncating(1_000_003);
            _a = Matrix(transA == Trans.No ? m : k, transA == Trans.No ? k : m, _lda);
            _b = Matrix(transB == Trans.No ? k : n, transB == Trans.No ? n : k, _ldb);
            _c = Matrix(m, n, _ldc);
            _bias = Matrix(1, n, n);
            for (int i = 0; special is not null && i < 1 + (m + n) / 20; i++)
            {
                Put(_a, transA == Trans.No ? m : k, transA == Trans.No ? k : m, _lda);
                Put(_b, transB == Trans.No ? k : n, transB == Trans.No ? n : k, _ldb);
            }
            _expected = [.. _c];
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++) _expected[Guard + i * _ldc + j] = Expected(i, j);

            T[] Matrix(int rows, int columns, int ld)
            {
                T[] all = new T[Guard + rows * ld + Guard];
                Array.Fill(all, outside);
                for (int i = 0; i < rows; i++)
                    for (int j = 0; j < columns; j++)
                        all[Guard + i * ld + j] = fractions ? T.CreateTruncating(random.NextDouble() * 9 - 4) : T.CreateChecked(random.Next(-4, 5));
                return all;
            }

            void Put(T[] matrix, int rows, int columns, int ld) =>
                matrix[Guard + random.Next(rows) * ld + random.Next(columns)] = special[random.Next(special.Length)];
        }

        private T Expected(int i, int j)
        {
            T sum = (_finish & Finish.Accumulate) != 0 ? _c[Guard + i * _ldc + j] : T.Zero;
            for (int p = 0; p < _k; p++)
                sum += _a[Guard + (_transA == Trans.No ? i * _lda + p : p * _lda + i)]
                    * _b[Guard + (_transB == Trans.No ? p * _ldb + j : j * _ldb + p)];
            if ((_finish & Finish.ColumnBias) != 0) sum += _bias[Guard + j];
            return (_finish & Finish.Relu) != 0 && sum < T.Zero ? T.Zero : sum;
        }

        public void Check<S, V>() where S : ISimd<V, T> where V : struct
        {
            T[] result = Run<S, V>();
            // Every NaN is as good as another, and so is 0 with either sign where sums begin with 0.
            for (int i = 0; i < result.Length; i++)
                if (!(result[i] == _expected[i] || T.IsNaN(result[i]) && T.IsNaN(_expected[i])))
                    Assert.Fail(
                        $"{typeof(S).Name} {_m}x{_k}x{_n} {_transA} {_transB} {_finish}: element {i - Guard} (rows {_ldc} apart) is {result[i]}, not {_expected[i]}");
        }

        public T[] Run<S, V>() where S : ISimd<V, T> where V : struct
        {
            T[] result = [.. _c];
            // The guard is an odd number of elements: no matrix begins where a register would like it to.
            fixed (T* a = &_a[Guard], b = &_b[Guard], c = &result[Guard], bias = &_bias[Guard])
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
                    Finish = _finish,
                });
            }
            return result;
        }
    }
}

public class ExactFloatProductTests : ExactProductTests<float>;

public class ExactDoubleProductTests : ExactProductTests<double>;

public class ExactIntProductTests : ExactProductTests<int>;

public class ExactLongProductTests : ExactProductTests<long>;
