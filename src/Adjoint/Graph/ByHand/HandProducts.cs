using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Writes products of matrices: three loops where the kernel adds up step by step, a method where it adds up in lanes.</summary>
internal static class HandProducts
{
    // Sums are taken in blocks of so many steps, and a product of very many steps in slices.
    private const int Block = 512, Slice = Block * 16;

    /// <summary>c = op(a)·op(b), of matrices or batches of them.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="a">The left operand.</param>
    /// <param name="transA">Whether it is meant transposed.</param>
    /// <param name="b">The right operand.</param>
    /// <param name="transB">Whether it is meant transposed.</param>
    /// <param name="c">The product.</param>
    /// <param name="bias">What is added to each row, if anything.</param>
    /// <param name="finish">What is done to each element last.</param>
    /// <param name="turnsB">Whether the kernel is given a transposed copy of the right operand.</param>
    internal static void Write(
        Hand hand, HandTensor a, bool transA, HandTensor b, bool transB, HandTensor c, HandTensor? bias = null,
        Func<string, string>? finish = null, bool turnsB = false)
    {
        if (c.Shape.NumEl == 0) return;
        int k = a.Shape[transA ? -2 : -1];
        Tensor given = turnsB ? Tensor.Uninitialized([b.Shape[1], b.Shape[0]], b.DType) : b.Shown();
        var work = new Order(a.Shown(), transA, given, transB != turnsB, c.Shape, k);
        Dispatch.Elements(c.DType, ref work);
        // As [batch, m, n, k], of which the last is added up.
        HandTensor left = Matrix(a, transA), right = Matrix(b, transB).Permuted(0, 2, 1), target = Matrix(c, false);
        (int batch, int m, int n) = (target.Shape[0], target.Shape[1], target.Shape[2]);
        left = left.As([batch, m, n, k], [left.Strides[0], left.Strides[1], 0, left.Strides[2]], left.Offset);
        right = right.As([batch, m, n, k], [right.Strides[0], 0, right.Strides[1], right.Strides[2]], right.Offset);
        HandTensor[] all = bias is null ? [target, left, right] : [target, left, right, bias.Expanded([batch, m, n])];
        SumOrders orders = work.Result;
        if (orders.IsOne && orders.LastRows > 0)
        {
            // The last rows are those of all matrices together.
            all = [.. all.Select(x => x.As(Shape.Of([1, batch * m, .. x.Shape.Sizes[2..]]), [0, .. x.Strides[1..]], x.Offset))];
            m *= batch;
        }
        void Part(SumOrder order, int firstRow, int rows, int firstColumn, int columns) => hand.Scope(() => hand.Over(3, e =>
        {
            string sum = Sum(hand, e[1], e[2], order);
            if (bias is not null) sum = $"{sum} + {hand.Element(e[3])}";
            hand.Store(e[0], Narrowed(finish is null ? sum : finish(sum), c.Word, bias is not null));
        }, [.. all.Select(x => x.Narrow(1, firstRow, rows).Narrow(2, firstColumn, columns))]));

        (int last, int lastColumns) = (orders.LastRows, orders.LastColumns);
        Part(orders.Most, 0, m - last, 0, n - lastColumns);
        if (last > 0) Part(SumOrder.Lanes, m - last, last, 0, n);
        if (lastColumns > 0) Part(SumOrder.Lanes, 0, m, n - lastColumns, lastColumns);
    }

    private static string Narrowed(string value, string word, bool isSum) => word == "byte" && isSum ? $"(byte)({value})" : value;

    private static HandTensor Matrix(HandTensor x, bool transposed)
    {
        HandTensor batched = x.Shape.NDim == 3 ? x : x.As([1, x.Shape[0], x.Shape[1]], [0, x.Strides[0], x.Strides[1]], x.Offset);
        return transposed ? batched.Permuted(0, 2, 1) : batched;
    }

    /// <summary>The sum of the products of two vectors.</summary>
    private static string Sum(Hand hand, HandTensor a, HandTensor b, SumOrder order)
    {
        string word = a.Word;
        int n = a.Shape.NumEl;
        if (!a.DType.IsFloatingPoint)
        {
            string wide = word == "byte" ? "int" : word;
            hand.Line($"{wide} sum = 0;");
            hand.Each(e => hand.Line($"sum += {hand.Element(e[0])} * {hand.Element(e[1])};"), a, b);
            return word == "byte" ? "(byte)sum" : "sum";
        }
        string math = word == "float" ? "MathF" : "Math";
        if (order == SumOrder.Steps || (order is SumOrder.Blocks or SumOrder.Slices && n <= Block))
        {
            hand.Line($"{word} sum = 0;");
            hand.Each(e => hand.Line($"sum = {math}.FusedMultiplyAdd({hand.Element(e[0])}, {hand.Element(e[1])}, sum);"), a, b);
            return "sum";
        }
        string vectors = $"{hand.Whole(a)}, {a.Place}, {a.Strides[0]}, {hand.Whole(b)}, {b.Place}, {b.Strides[0]}";
        if (order is SumOrder.Blocks or SumOrder.Slices)
        {
            hand.Needs(HandProductText.Blocks, word);
            return $"DotInBlocks({vectors}, {n}, {(order == SumOrder.Blocks ? n : Slice)})";
        }
        int lanes = (order == SumOrder.Lanes ? 64 : 128) / a.DType.Size;
        hand.Needs(HandProductText.Dot, word);
        if (order == SumOrder.Lanes || n <= HandProductText.Longest) return $"Dot({vectors}, {n}, {lanes})";
        hand.Needs(HandProductText.Pieces, word);
        return $"DotInPieces({vectors}, {n}, {lanes})";
    }

    private struct Order(Tensor a, bool transA, Tensor b, bool transB, Shape c, int k) : IElementWork
    {
        internal SumOrders Result { get; private set; }

        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int m = c[-2], n = c[-1];
            MatrixOperand left = MatrixOperand.Of(a, transA), right = MatrixOperand.Of(b, transB);
            Result = Gemm.OrderOf<T>(
                c.NDim == 2 ? 1 : c[0], left.Trans, right.Trans, m, n, k, left.RowStep, left.BatchStep, right.RowStep, right.BatchStep, n,
                (long)m * n);
        }

        public void Whole<T>() where T : unmanaged, IBinaryInteger<T> => Result = new(SumOrder.Steps, 0, 0, false);
    }
}
