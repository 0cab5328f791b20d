using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Matrix products of two matrices or of two batches of them, either operand as it is or transposed.</summary>
/// <remarks>
/// // Note [Transposes are flags]
/// The gradients of a product are products again: of C = A·B they are dA = g·Bᵀ and dB = Aᵀ·g. With the transposes as flags the
/// operation is closed under differentiation, no transpose is ever made as a tensor, and every order of derivative follows.
/// </remarks>
internal static class Product
{
    /// <summary>op(A)·op(B), with history.</summary>
    internal static Tensor Apply(Tensor a, bool transA, Tensor b, bool transB) =>
        Bilinear.Apply(new ProductOp(a.NDim == 3, transA, transB), a, b);

    /// <summary>op(A)·op(B) plus a row vector, without history.</summary>
    /// <param name="a">Matrix or matrices.</param>
    /// <param name="transA">Whether A is meant transposed.</param>
    /// <param name="b">Matrix or matrices; both operands have two dimensions, or both three with the same first size.</param>
    /// <param name="transB">Whether B is meant transposed.</param>
    /// <param name="bias">Added to each row.</param>
    /// <param name="epilogue">What is done to each element last; not for bytes.</param>
    internal static Tensor Forward(Tensor a, bool transA, Tensor b, bool transB, Tensor? bias = null, Epilogue epilogue = Epilogue.None)
    {
        int m = a.Shape[transA ? -1 : -2], n = b.Shape[transB ? -2 : -1];
        Tensor c = Tensor.Uninitialized(a.NDim == 2 ? [m, n] : [a.Shape[0], m, n], a.DType);
        if (c.NumEl != 0) ForwardInto(a, transA, b, transB, c, bias, epilogue);
        return c;
    }

    /// <summary>The same to memory that is there.</summary>
    internal static void ForwardInto(Tensor a, bool transA, Tensor b, bool transB, Tensor c, Tensor? bias, Epilogue epilogue)
    {
        if (a.DType.IsBool) throw new DTypeException($"MatMul: needs tensors of numbers, but got {a.DType}.");
        var work = new Work(a, transA, b, transB, c, bias, epilogue);
        Dispatch.Elements(a.DType, ref work);
    }

    private static void Multiply<T>(Tensor a, bool transA, Tensor b, bool transB, Tensor c, Tensor? bias, Epilogue epilogue)
        where T : unmanaged, INumber<T>
    {
        int m = c.Shape[-2], n = c.Shape[-1], k = a.Shape[transA ? -2 : -1];
        MatrixOperand left = MatrixOperand.Of(a, transA), right = MatrixOperand.Of(b, transB);
        Tensor? row = bias is null ? null : Elements.ToContiguous(bias);
        using var memory = new Loan();
        Gemm.MultiplyBatched(
            c.NDim == 2 ? 1 : c.Shape[0], left.Trans, right.Trans, m, n, k, memory.From<T>(left.Tensor), left.RowStep, left.BatchStep,
            memory.From<T>(right.Tensor), right.RowStep, right.BatchStep, memory.Of<T>(c), n, (long)m * n,
            bias: memory.OfNullable<T>(row), epilogue: epilogue);
    }

    private readonly struct Work(Tensor a, bool transA, Tensor b, bool transB, Tensor c, Tensor? bias, Epilogue epilogue) : IElementWork
    {
        public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Multiply<T>(a, transA, b, transB, c, bias, epilogue);

        // Sums of whole numbers, wrapping around as C# does.
        public void Whole<T>() where T : unmanaged, IBinaryInteger<T>
        {
            MatrixOperand left = MatrixOperand.Of(a, transA), right = MatrixOperand.Of(b, transB);
            Tensor? row = bias is null ? null : Elements.ToContiguous(bias);
            using var memory = new Loan();
            WholeProduct.MultiplyBatched(
                c.NDim == 2 ? 1 : c.Shape[0], left.Trans, right.Trans, c.Shape[-2], c.Shape[-1], a.Shape[transA ? -2 : -1],
                memory.From<T>(left.Tensor), left.RowStep, left.BatchStep, memory.From<T>(right.Tensor), right.RowStep, right.BatchStep,
                memory.Of<T>(c), memory.OfNullable<T>(row));
        }
    }

    /// <summary>The gradient of A in op(A)·op(B), given that of the product.</summary>
    internal static Tensor GradientOfA(Tensor g, bool transA, Tensor b, bool transB) =>
        transA ? Apply(b, transB, g, true) : Apply(g, false, b, !transB);

    /// <summary>The gradient of B in op(A)·op(B), given that of the product.</summary>
    internal static Tensor GradientOfB(Tensor g, Tensor a, bool transA, bool transB) =>
        transB ? Apply(g, true, a, transA) : Apply(a, !transA, g, false);
}

/// <summary>The product of matrices, either operand as it is or transposed. See Note [Transposes are flags].</summary>
internal readonly struct ProductOp(bool batched, bool transA, bool transB) : IBilinearInto, IByHand
{
    public void ForwardInto(Tensor a, Tensor b, Tensor y) => Product.ForwardInto(a, transA, b, transB, y, null, Epilogue.None);

    public string NodeName => batched ? "BmmBackward0" : "MmBackward0";

    public (string Left, string Right) Arguments => ("self", "mat2");

    public void DescribeCall(OpAttributes to)
    {
        to.Add("transpose_self", transA);
        to.Add("transpose_mat2", transB);
        to.Add("batched", batched);
    }

    public Tensor Forward(Tensor a, Tensor b) => Product.Forward(a, transA, b, transB);

    public Tensor GradientOfLeft(Tensor g, Tensor b) => Product.GradientOfA(g, transA, b, transB);

    public Tensor GradientOfRight(Tensor g, Tensor a) => Product.GradientOfB(g, a, transA, transB);

    public string Formula => $"{(transA ? "xᵀ" : "x")}·{(transB ? "yᵀ" : "y")}";

    public void Write(Hand hand) => HandProducts.Write(hand, hand.Input(0), transA, hand.Input(1), transB, hand.Result);
}
