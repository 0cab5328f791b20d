namespace Adjoint;

public static partial class Autograd
{
    /// <summary>
    /// The gradients for several gradients of the outputs at once: PyTorch's <c>grad(…, is_grads_batched=True)</c>. Row b of each
    /// result belongs to row b of the given gradients.
    /// </summary>
    /// <param name="outputs">What to differentiate.</param>
    /// <param name="inputs">With respect to what.</param>
    /// <param name="gradOutputs">For each output gradients of its shape, with one more dimension in front of it.</param>
    /// <param name="retainGraph">Keep the graph to run it again; by default as <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the computation.</param>
    /// <param name="allowUnused">Give null for an input the outputs do not depend on.</param>
    /// <exception cref="ShapeException">The gradients do not have the outputs' shapes behind a common first dimension.</exception>
    public static Tensor?[] GradBatched(
        IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> gradOutputs,
        bool? retainGraph = null, bool createGraph = false, bool allowUnused = false)
    {
        outputs.AllGiven();
        inputs.AllGiven();
        gradOutputs.AllGiven();
        if (gradOutputs.Count != outputs.Count)
            throw new ArgumentException(
                $"GradBatched: {outputs.Count} outputs were given, but {gradOutputs.Count} gradients.", nameof(gradOutputs));
        int rows = gradOutputs.Count == 0 || gradOutputs[0].NDim == 0 ? 0 : gradOutputs[0].Shape[0];
        for (int i = 0; i < outputs.Count; i++)
        {
            Shape shape = gradOutputs[i].Shape;
            if (shape.NDim != outputs[i].NDim + 1 || shape[0] != rows || !shape.Sizes[1..].SequenceEqual(outputs[i].Shape.Sizes))
                throw new ShapeException(
                    $"GradBatched: gradient {i} has shape {shape}; it must be [{rows}] followed by the shape {outputs[i].Shape} of "
                    + $"output {i}.");
        }

        var results = new Tensor?[rows][];
        for (int row = 0; row < rows; row++)
        {
            int r = row;
            bool retain = row < rows - 1 || (retainGraph ?? createGraph);
            results[row] = Grad(outputs, inputs, [.. gradOutputs.Select(g => g.Select(0, r))], retain, createGraph, allowUnused);
        }
        return [.. Enumerable.Range(0, inputs.Count).Select(i =>
            rows == 0 ? Tensor.Zeros([0, .. inputs[i].Shape.Sizes], inputs[i].DType)
            : results[0][i] is null ? null
            : Tensor.Stack([.. results.Select(row => row[i]!)]))];
    }
}
