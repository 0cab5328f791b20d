using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>
/// Operations on an operand whose runs lie beside each other, like columns: turned in squares, and with the bits of plain loops.
/// </summary>
public sealed class TurnedOperandTests
{
    public static TheoryData<int, int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int, int>();
            foreach (int rows in new[] { 1, 3, 4, 7, 8, 9, 15, 16, 17, 67 })
                foreach (int inner in new[] { 64, 65, 67, 100, 512, 513, 700 }) sizes.Add(2, rows, inner);
            sizes.Add(1, 300, 90);
            return sizes;
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Either_operand_in_columns(int planes, int rows, int inner)
    {
        Each<float>(planes, rows, inner);
        Each<double>(planes, rows, inner);
        Each<long>(planes, rows, inner);
    }

    private static void Each<T>(int planes, int rows, int inner) where T : unmanaged, INumber<T>
    {
        int length = planes * rows * inner;
        T[] dense = Values<T>(length + rows, 1), turned = Values<T>(length, 2), z = new T[length], expected = new T[length];
        int[] sizes = [planes, rows, inner], columns = [rows * inner, 1, rows];
        // The other operand: dense, a row or a column or one number for all, rows further apart.
        foreach (int[] layout in new int[][] { [rows * inner, inner, 1], [0, 0, 1], [0, 1, 0], [0, 0, 0], [0, 0, 1] })
        {
            for (int i = 0; i < length; i++)
            {
                (int plane, int row, int column) = (i / (rows * inner), i / inner % rows, i % inner);
                int place = plane * layout[0] + row * layout[1] + column * layout[2];
                expected[i] = dense[place] - turned[plane * columns[0] + row * columns[1] + column * columns[2]];
            }
            ElementWise.Binary<SubOp, T>(default, new Broadcast(sizes, layout, columns), dense, turned, z);
            z.ShouldBe(expected);
            ElementWise.Binary<RsubOp, T>(default, new Broadcast(sizes, columns, layout), turned, dense, z);
            z.ShouldBe(expected);
            byte[] isLess = new byte[length];
            ElementWise.Compare<Less, T>(new Broadcast(sizes, layout, columns), dense, turned, isLess);
            isLess.ShouldBe([.. expected.Select(difference => difference < T.Zero ? (byte)1 : (byte)0)]);
        }
    }

    [Theory, InlineData(9, 70), InlineData(70, 9), InlineData(100, 120)]
    public void Transposed_and_plain_tensors_and_their_gradients(int rows, int columns)
    {
        Tensor x = Tensor.Rand([columns, rows], generator: new Generator(1)).T.RequiresGradInPlace();
        Tensor y = Tensor.Rand([rows, columns], generator: new Generator(2)).RequiresGradInPlace();
        Tensor a = x.Detach().Clone().Contiguous().RequiresGradInPlace(), b = y.Detach().Clone().RequiresGradInPlace();
        Func<Tensor, Tensor, Tensor>[] functions = [(u, v) => u * v, (u, v) => u / v, (u, v) => u.Atan2(v), (u, v) => v - u];
        foreach (Func<Tensor, Tensor, Tensor> f in functions)
        {
            foreach (Tensor leaf in new[] { x, y, a, b }) leaf.Grad = null;
            Tensor z = f(x, y), w = f(a, b);
            z.ToArray<float>().ShouldBe(w.ToArray<float>());
            z.Backward(y.Detach());
            w.Backward(b.Detach());
            x.Grad!.ToArray<float>().ShouldBe(a.Grad!.ToArray<float>());
            y.Grad!.ToArray<float>().ShouldBe(b.Grad!.ToArray<float>());
        }
        (x > y).ToArray<bool>().ShouldBe((a > b).ToArray<bool>());
        (x > x.Clone()).ToArray<bool>().ShouldAllBe(v => !v);
    }

    private static T[] Values<T>(int count, int seed) where T : INumber<T>
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked(random.Next(-1000, 1000)))];
    }
}
