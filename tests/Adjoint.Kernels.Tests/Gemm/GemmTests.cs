using System.Numerics;
using System.Runtime.Intrinsics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Every layout, for float and double, against a scalar loop.</summary>
public abstract class GemmTests<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Trans[] s_layouts = [Trans.No, Trans.Yes];

    // Around one and two registers, tile heights and widths, and packing thresholds.
    private static readonly int[] s_sizes = [1, 2, 5, 6, 7, 13, 16, 17, 33, 63, 70];

    [Fact]
    public void All_tiny_sizes()
    {
        foreach (var (a, b) in Layouts())
            for (int m = 0; m < 10; m++)
                for (int n = 0; n < 10; n++)
                    for (int k = 0; k < 10; k++)
                        Check(new(a, b, m, n, k, pad: (m + n + k) % 3, accumulate: (m + k) % 2 == 1, bias: n % 2 == 1, relu: k % 3 == 0));
    }

    [Fact]
    public void All_combinations_of_odd_sizes()
    {
        foreach (var (a, b) in Layouts())
            foreach (int m in s_sizes)
                foreach (int n in s_sizes)
                    foreach (int k in s_sizes)
                        Check(new(a, b, m, n, k, pad: m % 4, accumulate: n % 3 == 0, bias: (m + n) % 2 == 0, relu: k % 5 == 0));
    }

    [Theory]
    [InlineData(1, 500, 300)]
    [InlineData(1, 300, 1)]
    [InlineData(300, 500, 1)]
    [InlineData(300, 1, 200)]
    [InlineData(2, 1000, 70)]
    [InlineData(64, 512, 10)]
    [InlineData(64, 10, 512)]
    [InlineData(10, 64, 512)]
    [InlineData(512, 64, 10)]
    [InlineData(64, 784, 512)]
    [InlineData(130, 900, 140)]
    [InlineData(400, 33, 300)]
    [InlineData(3, 5000, 3)]
    [InlineData(90, 1024, 200)]
    [InlineData(31, 2048, 75)]
    public void Shapes_of_every_proportion(int m, int k, int n)
    {
        foreach (var (a, b) in Layouts())
        {
            Check(new(a, b, m, n, k));
            Check(new(a, b, m, n, k, pad: 3, accumulate: true, bias: true, relu: true));
            Check(new(a, b, m, n, k, pad: 1, bias: true));
        }
    }

    [Fact]
    public void No_steps_give_zeros_or_the_bias()
    {
        foreach (var (a, b) in Layouts())
        {
            Check(new(a, b, 9, 40, 0));
            Check(new(a, b, 40, 9, 0, bias: true));
            Check(new(a, b, 70, 70, 0, accumulate: true));
        }
    }

    [Fact]
    public void Products_too_large_to_pack_at_once()
    {
        Check(new(Trans.No, Trans.No, 20, 33, 20_000, bias: true, relu: true));
        Check(new(Trans.Yes, Trans.Yes, 4500, 40, 40, bias: true));

        // 4500 × 1000 numbers on either side: compared with the product of every half.
        const int Long = 4500, K = 1000, Short = 40;
        T[] a = [.. Enumerable.Range(0, Long * K).Select(i => T.CreateTruncating(i % 7 - 3))];
        T[] b = [.. Enumerable.Range(0, Short * K).Select(i => T.CreateTruncating(i % 5 - 2))];
        T[] whole = new T[Long * Short], halves = new T[Long * Short];
        Gemm.Multiply<T>(Trans.No, Trans.No, Long, Short, K, a, K, b, Short, whole, Short);
        foreach (int first in new[] { 0, Long / 2 })
            Gemm.Multiply<T>(Trans.No, Trans.No, Long / 2, Short, K, a.AsSpan(first * K), K, b, Short, halves.AsSpan(first * Short), Short);
        whole.ShouldBe(halves);

        Gemm.Multiply<T>(Trans.Yes, Trans.No, Short, Long, K, b, Short, a, Long, whole, Long);
        foreach (int first in new[] { 0, Long / 2 })
            Gemm.Multiply<T>(Trans.Yes, Trans.No, Short, Long / 2, K, b, Short, a.AsSpan(first), Long, halves.AsSpan(first), Long);
        whole.ShouldBe(halves);
    }

    [Fact]
    public void Registers_of_every_width()
    {
        int[] sizes = [1, 7, 14, 37];
        foreach (var (a, b) in Layouts())
            foreach (int m in sizes)
                foreach (int n in sizes)
                    foreach (int k in sizes)
                        CheckEveryWidth(new(a, b, m, n, k, pad: 2, accumulate: m == 7, bias: n != 14, relu: k == 7));
    }

    [Theory]
    [InlineData(64, 512, 10)]
    [InlineData(1, 200, 40)]
    [InlineData(100, 70, 130)]
    public void Registers_of_every_width_in_larger_products(int m, int k, int n)
    {
        foreach (var (a, b) in Layouts()) CheckEveryWidth(new(a, b, m, n, k, pad: 1, accumulate: true, bias: true));
    }

    // One row, one column, few steps, several blocks of steps, and rows a page apart.
    [Theory]
    [InlineData(1, 784, 50)]
    [InlineData(50, 600, 1)]
    [InlineData(3, 17, 1)]
    [InlineData(9, 15, 1)]
    [InlineData(7, 9, 33)]
    [InlineData(64, 10, 512)]
    [InlineData(70, 1100, 90)]
    [InlineData(80, 1024, 130)]
    [InlineData(1, 40_000, 1)]
    [InlineData(70, 500, 10)]
    [InlineData(1, 1_100, 300)]
    public void Bits_are_the_same_for_registers_of_every_width(int m, int k, int n)
    {
        foreach (var (a, b) in Layouts())
        {
            foreach (bool more in new[] { false, true })
            {
                var product = new GemmCase<T>(a, b, m, n, k, accumulate: more, bias: more, relu: more);
                T[] wide = product.Run<Simd512<T>, Vector512<T>>();
                product.Check(wide);
                product.Run<Simd256<T>, Vector256<T>>().ShouldBe(wide, product.ToString());
                product.Run<Simd128<T>, Vector128<T>>().ShouldBe(wide, product.ToString());
            }
        }
    }

    [Fact]
    public void Matrices_that_do_not_fit_are_refused()
    {
        Should.Throw<ArgumentException>(() =>
            Gemm.Multiply<T>(Trans.No, Trans.No, 2, 2, 2, new T[3], 2, new T[4], 2, new T[4], 2)).ParamName.ShouldBe("a");
        Should.Throw<ArgumentException>(() =>
            Gemm.Multiply<T>(Trans.No, Trans.No, 2, 2, 2, new T[4], 2, new T[4], 1, new T[4], 2)).ParamName.ShouldBe("b");
        Should.Throw<ArgumentException>(() =>
            Gemm.Multiply<T>(Trans.No, Trans.No, 2, 2, 2, new T[4], 2, new T[4], 2, new T[3], 2)).ParamName.ShouldBe("c");
        Should.Throw<ArgumentException>(() =>
            Gemm.Multiply<T>(Trans.No, Trans.No, 2, 2, 2, new T[4], 2, new T[4], 2, new T[4], 2, bias: new T[1])).ParamName.ShouldBe(
                "bias");
    }

    [Fact]
    public void Not_a_number_stays_through_relu()
    {
        T[] a = [T.NaN, T.One, -T.One, T.Zero], b = [T.One, T.Zero, T.Zero, T.One], c = new T[4];
        Gemm.Multiply<T>(Trans.No, Trans.No, 2, 2, 2, a, 2, b, 2, c, 2, epilogue: Epilogue.Relu);
        c.ShouldBe([T.NaN, T.NaN, T.Zero, T.Zero]);
    }

    private static void CheckEveryWidth(GemmCase<T> product)
    {
        product.Check(product.Run<Simd128<T>, Vector128<T>>());
        product.Check(product.Run<Simd256<T>, Vector256<T>>());
        product.Check(product.Run<Simd512<T>, Vector512<T>>());
    }

    private static void Check(GemmCase<T> product) => product.Check(product.Run());

    private static IEnumerable<(Trans A, Trans B)> Layouts() => s_layouts.SelectMany(a => s_layouts.Select(b => (a, b)));
}

public class GemmFloatTests : GemmTests<float>;

public class GemmDoubleTests : GemmTests<double>;
