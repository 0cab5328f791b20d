using System.Runtime.InteropServices;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>The loops of element-wise operations against one number at a time.</summary>
public abstract class ElementWiseTests<T> where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, 68)];

    [Theory, MemberData(nameof(Lengths))]
    public void Unary_is_the_formula_at_every_place(int n)
    {
        T[] x = Samples(n, 1), y = new T[n + 1];
        ElementWise.Unary<TanhshrinkOp, T>(default, x, y.AsSpan(0, n));
        for (int i = 0; i < n; i++) ShouldBeSame(y[i], default(TanhshrinkOp).Value(new Real<T>(x[i])).Value);
        y[n].ShouldBe(T.Zero);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Unary_works_in_place_and_misaligned(int n)
    {
        T[] x = Samples(n + 1, 2), expected = [.. x];
        ElementWise.Unary<SquareOp, T>(default, x.AsSpan(1), x.AsSpan(1));
        x[0].ShouldBe(expected[0]);
        for (int i = 1; i <= n; i++) ShouldBeSame(x[i], expected[i] * expected[i]);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Unary_backward_is_the_gradient_times_the_slope(int n)
    {
        T[] g = Samples(n, 3), x = Samples(n, 4), dx = new T[n];
        ElementWise.UnaryBackward<SquareOp, T>(default, g, x, default, dx);
        for (int i = 0; i < n; i++) ShouldBeSame(dx[i], g[i] * (T.CreateTruncating(2) * x[i]));
        ElementWise.UnaryBackward<TanhOp, T>(default, g, default, x, g);
        for (int i = 0; i < n; i++) ShouldBeSame(g[i], Samples(n, 3)[i] * (T.One - x[i] * x[i]));
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Binary_takes_arrays_and_single_numbers(int n)
    {
        T[] x = Samples(n, 5), y = Samples(n, 6), z = new T[n];
        ElementWise.Binary<DivOp, T>(default, x, y, z);
        for (int i = 0; i < n; i++) ShouldBeSame(z[i], x[i] / y[i]);
        if (n == 0) return;
        ElementWise.Binary<SubOp, T>(default, x.AsSpan(0, 1), y, z);
        for (int i = 0; i < n; i++) ShouldBeSame(z[i], x[0] - y[i]);
        ElementWise.Binary<SubOp, T>(default, x, y.AsSpan(n - 1), x);
        for (int i = 0; i < n; i++) ShouldBeSame(x[i], Samples(n, 5)[i] - y[n - 1]);
    }

    [Theory, MemberData(nameof(Lengths))]
    public void Binary_backward_computes_either_or_both(int n)
    {
        T[] g = Samples(n, 7), x = Samples(n, 8), y = Samples(n, 9), dx = new T[n], dy = new T[n];
        ElementWise.BinaryBackward<MulOp, T>(default, g, x, y, default, dx, dy);
        for (int i = 0; i < n; i++) ShouldBeSame(dx[i], g[i] * y[i]);
        for (int i = 0; i < n; i++) ShouldBeSame(dy[i], g[i] * x[i]);
        Array.Clear(dx);
        ElementWise.BinaryBackward<MulOp, T>(default, g, default, y, default, dx, default);
        for (int i = 0; i < n; i++) ShouldBeSame(dx[i], g[i] * y[i]);
        T[] inPlace = [.. g];
        ElementWise.BinaryBackward<MulOp, T>(default, inPlace, x, y, default, inPlace, dy);
        inPlace.ShouldBe(dx);
        if (n == 0) return;
        ElementWise.BinaryBackward<DivOp, T>(default, g, x, y.AsSpan(0, 1), default, dx, dy);
        for (int i = 0; i < n; i++) ShouldBeSame(dx[i], g[i] * (T.One / y[0]));
        for (int i = 0; i < n; i++) ShouldBeSame(dy[i], g[i] * -(x[i] / y[0] / y[0]));
    }

    /// <summary>Sizes, strides of x, strides of y: rows, columns, transposed, one element, steps.</summary>
    public static TheoryData<int[], int[], int[]> Layouts => new()
    {
        { [5, 7], [7, 1], [0, 1] },
        { [5, 7], [7, 1], [1, 0] },
        { [5, 67], [0, 1], [1, 0] },
        { [33, 9], [1, 33], [9, 1] },
        { [4, 3, 5], [15, 5, 1], [5, 0, 1] },
        { [4, 3, 5], [0, 2, 6], [1, 4, 0] },
        { [1300], [2], [0] },
        { [3, 0], [1, 1], [1, 1] },
        { [300, 200], [200, 1], [1, 0] },
        { [2, 40000], [40000, 1], [0, 1] },
    };

    [Theory, MemberData(nameof(Layouts))]
    public void Binary_broadcasts(int[] sizes, int[] xs, int[] ys)
    {
        T[] x = Samples(Extent(sizes, xs), 10), y = Samples(Extent(sizes, ys), 11);
        int length = sizes.Aggregate(1, (a, b) => a * b);
        T[] z = new T[length], g = Samples(length, 12), dx = new T[length], dy = new T[length];
        var shape = new Broadcast(sizes, xs, ys);
        ElementWise.Binary<SubOp, T>(default, shape, x, y, z);
        ElementWise.BinaryBackward<DivOp, T>(default, shape, g, x, y, z, dx, dy);
        for (int i = 0; i < length; i++)
        {
            T a = x[Offset(i, sizes, xs)], b = y[Offset(i, sizes, ys)];
            ShouldBeSame(z[i], a - b);
            ShouldBeSame(dx[i], g[i] * (T.One / b));
            ShouldBeSame(dy[i], g[i] * -(a / b / b));
        }
        ElementWise.BinaryBackward<MulOp, T>(default, shape, g, x, default, default, default, dy);
        for (int i = 0; i < length; i++) ShouldBeSame(dy[i], g[i] * x[Offset(i, sizes, xs)]);
    }

    [Fact]
    public void Large_results_do_not_depend_on_the_number_of_threads()
    {
        const int n = 4_000_037;
        T[] x = Samples(n, 13), expected = new T[n];
        for (int i = 0; i < n; i++) expected[i] = x[i] * x[i];
        int before = Threads.Count;
        try
        {
            foreach (int threads in (int[])[1, 2, 3])
            {
                Threads.Count = threads;
                T[] y = new T[n + 3];
                ElementWise.Unary<SquareOp, T>(default, x, y.AsSpan(1, n));
                y.AsSpan(1, n).SequenceEqual(expected).ShouldBeTrue();
                y[0].ShouldBe(T.Zero);
                y[n + 1].ShouldBe(T.Zero);
                // In place, and aligned to nothing.
                x.CopyTo(y, 1);
                ElementWise.Unary<SquareOp, T>(default, y.AsSpan(1, n), y.AsSpan(1, n));
                y.AsSpan(1, n).SequenceEqual(expected).ShouldBeTrue();
            }
        }
        finally { Threads.Count = before; }
    }

    [Fact]
    public unsafe void All_widths_compute_the_same_bits()
    {
        T[] x = Samples(1003, 14);
        T[][] results = [new T[1003], new T[1003], new T[1003], new T[1003]];
        fixed (T* px = x, p0 = results[0], p1 = results[1], p2 = results[2], p3 = results[3])
        {
            var elements = new Mish(new Dense<T>(px));
            Sweep.Range<Mish, Lanes128<T>, T>(elements, p0, 0, 1003, false);
            Sweep.Range<Mish, Lanes256<T>, T>(elements, p1, 0, 1003, false);
            Sweep.Range<Mish, Lanes512<T>, T>(elements, p2, 0, 1003, false);
            Sweep.Range<Mish, Lanes256<T>, T>(elements, p3, 0, 1003, true);
        }
        T[] expected = [.. x.Select(v => default(MishOp).Value(new Real<T>(v)).Value)];
        foreach (T[] result in results)
            MemoryMarshal.AsBytes(result.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan())).ShouldBeTrue();
    }

    private readonly struct Mish(Dense<T> x) : IElements<T>
    {
        public R At<R>(nuint index) where R : struct, IRegister<R, T> => default(MishOp).Value(x.At<R>(index));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Should.Throw<ArgumentException>(() => ElementWise.Unary<SquareOp, T>(default, new T[3], new T[2]));
        Should.Throw<ArgumentException>(() => ElementWise.Binary<AddOp, T>(default, new T[3], new T[2], new T[3]));
    }

    private static void ShouldBeSame(T actual, T expected)
    {
        if (!actual.Equals(expected)) actual.ShouldBe(expected);
    }

    private static T[] Samples(int n, int seed)
    {
        var random = new System.Random(seed);
        var samples = new T[n];
        for (int i = 0; i < n; i++) samples[i] = T.CreateTruncating(random.NextDouble() * 6 - 3);
        return samples;
    }

    private static int Offset(int index, int[] sizes, int[] strides)
    {
        int offset = 0;
        for (int d = sizes.Length - 1; d >= 0; d--) (index, offset) = (index / sizes[d], offset + index % sizes[d] * strides[d]);
        return offset;
    }

    private static int Extent(int[] sizes, int[] strides) =>
        1 + sizes.Zip(strides, (size, stride) => (size - 1) * stride).Where(v => v > 0).Sum();
}

public sealed class ElementWiseFloatTests : ElementWiseTests<float>;

public sealed class ElementWiseDoubleTests : ElementWiseTests<double>;
