using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Comparisons and logic on every element type.</summary>
public sealed class CompareTests
{
    [Fact]
    public void Floats() =>
        Compared<float>(
            [1, 2, 3, -0f, float.NaN, 1, float.PositiveInfinity], [2, 2, 1, 0, 1, float.NaN, float.PositiveInfinity], (x, y) => x < y,
            (x, y) => x == y);
    [Fact]
    public void Doubles() =>
        Compared<double>(
            [1, 2, 3, -0.0, double.NaN, 1, double.NegativeInfinity], [2, 2, 1, 0, 1, double.NaN, 0], (x, y) => x < y, (x, y) => x == y);
    [Fact] public void Ints() => Compared<int>([1, -2, int.MinValue, 7], [2, -2, 5, int.MaxValue], (x, y) => x < y, (x, y) => x == y);
    [Fact] public void Longs() => Compared<long>([1, -2, long.MinValue, 7], [2, -2, 5, long.MaxValue], (x, y) => x < y, (x, y) => x == y);
    [Fact] public void Bytes() => Compared<byte>([1, 200, 0, 7], [2, 100, 0, 255], (x, y) => x < y, (x, y) => x == y);

    private static void Compared<T>(T[] xs, T[] ys, Func<T, T, bool> less, Func<T, T, bool> equal) where T : unmanaged
    {
        for (int n = 0; n <= 67; n++)
        {
            T[] x = [.. Enumerable.Range(0, n).Select(i => xs[i % xs.Length])],
                y = [.. Enumerable.Range(0, n).Select(i => ys[(i + i / ys.Length) % ys.Length])];
            Relation<Less>(x, y, less);
            Relation<LessOrEqual>(x, y, (a, b) => less(a, b) || equal(a, b));
            Relation<Greater>(x, y, (a, b) => less(b, a));
            Relation<GreaterOrEqual>(x, y, (a, b) => less(b, a) || equal(a, b));
            Relation<Equal>(x, y, equal);
            Relation<NotEqual>(x, y, (a, b) => !equal(a, b));
        }

        void Relation<TComparison>(T[] x, T[] y, Func<T, T, bool> expected) where TComparison : struct, IComparison
        {
            byte[] z = new byte[x.Length];
            ElementWise.Compare<TComparison, T>(x, y, z);
            z.ShouldBe([.. x.Zip(y, (a, b) => (byte)(expected(a, b) ? 1 : 0))]);
            if (x.Length == 0) return;
            ElementWise.Compare<TComparison, T>(x, y.AsSpan(0, 1), z);
            z.ShouldBe([.. x.Select(a => (byte)(expected(a, y[0]) ? 1 : 0))]);
            ElementWise.Compare<TComparison, T>(x.AsSpan(0, 1), y, z);
            z.ShouldBe([.. y.Select(b => (byte)(expected(x[0], b) ? 1 : 0))]);
        }
    }

    [Fact]
    public void Not_a_number_and_infinity()
    {
        float[] x = [1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0];
        byte[] y = new byte[5];
        ElementWise.IsNaN<float>(x, y);
        y.ShouldBe([0, 1, 0, 0, 0]);
        ElementWise.IsInfinite<float>(x, y);
        y.ShouldBe([0, 0, 1, 1, 0]);
        ElementWise.IsFinite<float>(x, y);
        y.ShouldBe([1, 0, 0, 0, 1]);
    }

    [Fact]
    public void Logic()
    {
        byte[] x = [0, 0, 1, 1], y = [0, 1, 0, 1], z = new byte[4];
        ElementWise.Binary<LogicalAnd, byte>(default, x, y, z);
        z.ShouldBe([0, 0, 0, 1]);
        ElementWise.Binary<LogicalOr, byte>(default, x, y, z);
        z.ShouldBe([0, 1, 1, 1]);
        ElementWise.Binary<LogicalXor, byte>(default, x, y, z);
        z.ShouldBe([0, 1, 1, 0]);
        ElementWise.Unary<LogicalNot, byte>(default, y, z);
        z.ShouldBe([1, 0, 1, 0]);
    }

    [Fact]
    public void Whole_numbers_run_through_the_same_loops()
    {
        int[] x = [.. Enumerable.Range(-30, 61)], y = [.. Enumerable.Range(0, 61)], z = new int[61];
        ElementWise.Binary<MulOp, int>(default, x, y, z);
        z.ShouldBe([.. x.Zip(y, (a, b) => a * b)]);
        ElementWise.Binary<MaximumOp, int>(default, x, y.AsSpan(10, 1), z);
        z.ShouldBe([.. x.Select(a => Math.Max(a, 10))]);
        ElementWise.Unary<AbsOp, int>(default, x, z);
        z.ShouldBe([.. x.Select(Math.Abs)]);
        long[] l = [long.MaxValue - 1, -3, 1L << 40], m = new long[3];
        ElementWise.Binary<AddOp, long>(default, l, [1], m);
        m.ShouldBe([long.MaxValue, -2, (1L << 40) + 1]);
        ElementWise.Unary<NegOp, long>(default, l, m);
        m.ShouldBe([1 - long.MaxValue, 3, -(1L << 40)]);
    }
}
