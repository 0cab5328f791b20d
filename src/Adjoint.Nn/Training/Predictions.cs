namespace Adjoint.Training;

/// <summary>What a network's output says of classes.</summary>
internal static class Predictions
{
    /// <summary>The predicted classes and the true ones.</summary>
    /// <param name="who">Whose errors they are.</param>
    /// <param name="output">Scores [n, classes], or predictions, whole numbers [n].</param>
    /// <param name="target">Whole numbers [n].</param>
    public static (long[] Predicted, long[] Actual) Of(string who, Tensor output, Tensor target)
    {
        if (target.NDim != 1 || target.DType.Row.Kind != DTypeKind.Whole)
            throw new ShapeException($"{who}: the target must be whole numbers [n], the classes, but is {target.DType} {target.Shape}.");
        long[] actual = target.To(DType.Int64).ToArray<long>();
        if (output.NDim == 1 && output.DType.Row.Kind == DTypeKind.Whole && output.Shape[0] == target.Shape[0])
            return (output.To(DType.Int64).ToArray<long>(), actual);
        if (output.NDim != 2 || output.Shape[0] != target.Shape[0] || output.Shape[1] == 0 || !output.DType.IsFloatingPoint)
            throw new ShapeException(
                $"{who}: the output must be scores [{target.Shape[0]}, classes] or Int64 classes [{target.Shape[0]}], but is "
                + $"{output.DType} {output.Shape}.");
        float[] rows = output.To(DType.Float32).ToArray<float>();
        int classes = output.Shape[1];
        long[] predicted = new long[target.Shape[0]];
        for (int i = 0; i < predicted.Length; i++) predicted[i] = Classes.Best(rows.AsSpan(i * classes, classes));
        return (predicted, actual);
    }
}
