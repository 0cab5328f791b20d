using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>
/// One element of the gradient of a factor of a product of matrices, without the others: with the bits of the product going back, of
/// which it is one element.
/// </summary>
/// <remarks>
/// // Note [One element of a product]
/// The gradient of a weight is a product as large as that of its layer, and an explanation reads one number of it. Where the kernel adds
/// up that element step by step, the same steps are taken here for it alone. Where it adds up in lanes or in more than one block, the whole
/// product is computed: its order is not written down a second time.
/// </remarks>
/// <param name="operation">The operation.</param>
/// <param name="input">The number of the operand whose gradient it is an element of.</param>
internal sealed class GraphProductEntry(GraphOperation operation, int input)
{
    // The kernel's blocks are this long at most, see Note [Blocks of a sum]: a sum that is shorter is one.
    private const int Block = 512;

    // The layouts of its operands are those of the graph, in every run.
    private SumOrders? _order;

    /// <summary>The operation.</summary>
    internal GraphOperation Operation => operation;

    /// <summary>The number of the operand.</summary>
    internal int Input => input;

    /// <summary>Whether an element of the gradient can be had by itself.</summary>
    /// <param name="number">The element of it, in row-major order.</param>
    /// <param name="run">The values.</param>
    internal bool IsStepwise(int number, GraphRun run)
    {
        if (operation.Results is not [{ } y] || operation.Inputs[input] is not { DType.IsFloatingPoint: true } x) return false;
        int[] at = GraphPlaces.IndexOf(x.Shape, number);
        if (GraphReads.Factors(operation) is not { } f) return false;
        if (GraphReads.Product(operation, y, input, at) is not { Scale: 1, Results.Count: > 0 }) return false;
        (SumOrder most, int lastRows, int lastColumns, _) = _order ??= OrderOf(f, x, y, run);
        if (at[0] >= x.Shape[0] - lastRows || at[1] >= x.Shape[1] - lastColumns) return false;
        return most == SumOrder.Steps || most is SumOrder.Blocks or SumOrder.Slices && y.Shape[input == f.Left ? 1 : 0] <= Block;
    }

    // As the rule going back multiplies: g·op(B)ᵀ or its transpose for the left factor, op(A)ᵀ·g or its transpose for the right one.
    private SumOrders OrderOf(
        (int Left, int Right, bool TurnedLeft, bool TurnedRight) f, GraphTensor x, GraphTensor y, GraphRun run)
    {
        bool isLeft = input == f.Left;
        Tensor other = run.Show(operation.Inputs[isLeft ? f.Right : f.Left]!).Detach(), g = Tensor.Uninitialized(y.Shape, y.DType);
        bool turned = isLeft ? f.TurnedLeft : f.TurnedRight, turnedOther = isLeft ? f.TurnedRight : f.TurnedLeft;
        var work = isLeft
            ? turned ? new Order(other, turnedOther, g, true, x.Shape) : new Order(g, false, other, !turnedOther, x.Shape)
            : turned ? new Order(g, true, other, turnedOther, x.Shape) : new Order(other, !turnedOther, g, false, x.Shape);
        Dispatch.Elements(x.DType, ref work);
        return work.Result;
    }

    /// <summary>The element of the gradient, where <see cref="IsStepwise"/>.</summary>
    /// <param name="number">The element of it.</param>
    /// <param name="gradient">The gradient of the result, all of its memory.</param>
    /// <param name="run">The values.</param>
    internal double Of(int number, Tensor gradient, GraphRun run)
    {
        GraphTensor y = operation.Results[0]!, x = operation.Inputs[input]!;
        GraphProduct product = GraphReads.Product(operation, y, input, GraphPlaces.IndexOf(x.Shape, number))!;
        double[] factors = run.NumbersOf(product.Other, product.Factors), gradients = product.Results.In(gradient);
        if (operation.Name == "linear_relu")
        {
            double[] results = run.NumbersOf(y, product.Results);
            for (int i = 0; i < results.Length; i++)
                if (results[i] <= 0) gradients[i] = 0;
        }
        var work = new Dot(gradients, factors);
        Dispatch.Floating(x.DType, operation.Name, ref work);
        return work.Sum;
    }

    /// <summary>a + b in the precision of a dtype.</summary>
    internal static double Add(double a, double b, DType dtype)
    {
        var work = new Dot([1, 1], [a, b]);
        Dispatch.Floating(dtype, "Add", ref work);
        return work.Sum;
    }

    private struct Dot(double[] x, double[] y) : IFloatingWork
    {
        internal double Sum { get; private set; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T sum = T.Zero;
            for (int i = 0; i < x.Length; i++) sum = T.FusedMultiplyAdd(T.CreateTruncating(x[i]), T.CreateTruncating(y[i]), sum);
            Sum = double.CreateTruncating(sum);
        }
    }

    private struct Order(Tensor a, bool transA, Tensor b, bool transB, Shape c) : IElementWork
    {
        internal SumOrders Result { get; private set; }

        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            MatrixOperand left = MatrixOperand.Of(a, transA), right = MatrixOperand.Of(b, transB);
            Result = Gemm.OrderOf<T>(
                1, left.Trans, right.Trans, c[0], c[1], a.Shape[transA ? 0 : 1], left.RowStep, 0, right.RowStep, 0, c[1],
                (long)c[0] * c[1]);
        }

        public void Whole<T>() where T : unmanaged, IBinaryInteger<T> => throw new System.Diagnostics.UnreachableException();
    }
}
