namespace Adjoint;

public sealed partial class Graph
{
    /// <summary>
    /// Why one element of a gradient is what it is: which examples, operations and paths contribute how much, down to the numbers; and
    /// where it is missing, 0, huge or not finite, what made it so.
    /// </summary>
    /// <param name="parameter">A parameter, or another tensor from outside that requires grad.</param>
    /// <param name="index">Which element; left out for a single number.</param>
    /// <remarks>
    /// The graph is run once, on the tensors as they are now (arguments are those it was captured with), forward and back, for what
    /// depends on the parameter alone; nothing is changed, and no gradient is set. What it explains is the sum over the last backward
    /// passes between which the gradient was not cleared; of a graph without one, the gradient of its first result, which must be a
    /// single number. The contributions are products of numbers as the run has them; their sum is the gradient but for rounding.
    /// </remarks>
    /// <exception cref="ArgumentException">The graph does not know the tensor.</exception>
    /// <exception cref="TensorIndexException">There is no such element.</exception>
    /// <exception cref="GraphException">Nothing is differentiated, or only after an optimizer stepped.</exception>
    /// <example><code>
    /// Tensor w = Tensor.From([1f, 2f], requiresGrad: true), x = Tensor.From([3f, 4f, 5f, 6f], [2, 2]);
    /// Graph g = Graph.Capture(() => (x * w).Sum().Backward());
    /// GraphExplanation why = g.Explain(w, 1);
    /// Console.WriteLine(why.Gradient);             // 10
    /// Console.WriteLine(why.Examples[0]);          // x[1]: 6
    /// </code></example>
    public GraphExplanation Explain(Tensor parameter, params ReadOnlySpan<int> index)
    {
        parameter.Given();
        GraphMemory memory = Find(parameter) ?? throw new ArgumentException(
            $"Explain: the graph neither reads nor writes this {parameter.DType} tensor of shape {parameter.Shape}, so there is nothing to "
            + "explain: the function that was captured does not use it.", nameof(parameter));
        return Explain(memory, parameter, index);
    }

    /// <inheritdoc cref="Explain(Tensor, ReadOnlySpan{int})"/>
    /// <param name="name">The name of a parameter, see <see cref="GraphMemory.Name"/>.</param>
    /// <param name="index">Which element; left out for a single number.</param>
    public GraphExplanation Explain(string name, params ReadOnlySpan<int> index)
    {
        GraphMemory memory = Find(name) ?? throw new ArgumentException(
            $"Explain: the graph has no {name}; it has {string.Join(", ", Parameters.Select(p => p.Name).Take(20))}.", nameof(name));
        if (memory.Tensor is null)
            throw new ArgumentException($"Explain: {name} is computed by the graph. Explain a parameter or an input.", nameof(name));
        return Explain(memory, memory.Tensor, index);
    }

    private GraphExplanation Explain(GraphMemory memory, Tensor tensor, ReadOnlySpan<int> index)
    {
        int place = GraphPlaces.Of(tensor.Shape, tensor.Strides, tensor.Offset, index, memory.Name);
        if (!memory.DType.IsFloatingPoint)
            throw new ArgumentException(
                $"Explain: {memory.Name} has elements of {memory.DType}, which have no gradient; only floating point does.",
                nameof(tensor));
        if (GraphCapture.IsCapturing)
            throw new GraphException("Explain: is called in a function that is being captured. Explain a graph after it was captured.");
        return new GraphExplainer(this, memory, tensor, place, index.ToArray()).Explain();
    }
}
