namespace Adjoint;

/// <summary>y[o] = Σ x₁[i]·W[o, i, j]·x₂[j] + b[o]: torch's bilinear, as a sum of products.</summary>
internal static class BilinearForm
{
    internal static Tensor Apply(Tensor x, Tensor y, Tensor weight, Tensor? bias)
    {
        if (weight.NDim != 3) throw new ShapeException($"Bilinear: the weight must be [out, in1, in2], but its shape is {weight.Shape}.");
        if (x.NDim == 0 || y.NDim == 0 || !x.Shape.Sizes[..^1].SequenceEqual(y.Shape.Sizes[..^1])
            || x.Shape[-1] != weight.Shape[1] || y.Shape[-1] != weight.Shape[2])
            throw new ShapeException(
                $"Bilinear: inputs of shapes {x.Shape} and {y.Shape} do not fit the weight of shape {weight.Shape}: all dimensions but the last "
                + $"must be the same, and the last ones {weight.Shape[1]} and {weight.Shape[2]}.");
        if (bias is not null && (bias.NDim != 1 || bias.Shape[0] != weight.Shape[0]))
            throw new ShapeException($"Bilinear: the bias of shape {bias.Shape} does not fit the weight of shape {weight.Shape}.");
        MatrixBatch.SameType("Bilinear", x, y);
        MatrixBatch.SameType("Bilinear", x, weight);
        if (bias is not null) MatrixBatch.SameType("Bilinear", x, bias);
        // Rows of x times W, and then the sum over the second input: of three orders that with the least memory.
        int rows = Shape.Of(x.Shape.Sizes[..^1]).NumEl, outputs = weight.Shape[0], n1 = weight.Shape[1], n2 = weight.Shape[2];
        Tensor products = x.Reshape(rows, n1).MatMul(weight.Permute(1, 0, 2).Reshape(n1, checked(outputs * n2)));
        Tensor z = products.Reshape(rows, outputs, n2).MatMul(y.Reshape(rows, n2, 1)).Reshape([.. x.Shape.Sizes[..^1], outputs]);
        return bias is null ? z : z + bias;
    }
}

public static partial class OpTable
{
    private static Op BilinearProduct => Op.Of(OpKind.Composite, "bilinear",
        (x, y, w) => BilinearForm.Apply(x, y, w, null), Matrix, new OpInput([3, 2], Domain.Reals), new OpInput([5, 4, 2], Domain.Reals),
        new() { Formula = "Σ x[i]·z[o, i, j]·y[j]", Torch = "F.bilinear(x, y, z)" });
}
