namespace Adjoint;

/// <summary>
/// What a function computes, as a program: its operations in order, forward, backward and update, with what each reads, makes and
/// changes. Made by <c>Graph.Capture</c>; read by printing, paths, explanations, and whoever writes a reader.
/// </summary>
/// <remarks>
/// // Note [Values of memory]
/// The graph is in static single assignment over memory. A <see cref="GraphMemory"/> is what a tensor and its views share; a
/// <see cref="GraphValue"/> is its content between two changes, made by one operation; a <see cref="GraphTensor"/> is a value as a shape
/// and strides show it. So a view computes nothing, and a change in place makes a new value of the same memory, which every view shows
/// from then on. Memory that outlives a run (inputs, parameters, buffers, gradients, optimizer state) is that of live tensors, which a
/// run reads and leaves changed; generators and optimizers are held by their operations.
/// </remarks>
/// <example><code>
/// Tensor w = Tensor.From([1f, 2f], requiresGrad: true), x = Tensor.From([3f, 4f]);
/// Graph g = Graph.Capture(x => (w * x).Sum(), x);
/// Console.WriteLine(string.Join(" ", g.Operations));      // mul1 = mul(w, x) sum1 = sum(mul1)
/// </code></example>
public sealed partial class Graph
{
    internal Graph(
        IReadOnlyList<GraphOperation> operations, IReadOnlyList<GraphMemory> memories, IReadOnlyList<GraphTensor> inputs,
        IReadOnlyList<GraphTensor> outputs, IReadOnlyList<GraphGradient> gradients)
    {
        (Operations, Memories, Inputs, Outputs, Gradients) = (operations, memories, inputs, outputs, gradients);
    }

    /// <summary>The operations in the order in which they run, views among them.</summary>
    public IReadOnlyList<GraphOperation> Operations { get; }

    /// <summary>All memory that they read or write, in the order in which it is met.</summary>
    public IReadOnlyList<GraphMemory> Memories { get; }

    /// <summary>The arguments of the function.</summary>
    public IReadOnlyList<GraphTensor> Inputs { get; }

    /// <summary>What the function returns.</summary>
    public IReadOnlyList<GraphTensor> Outputs { get; }

    /// <summary>
    /// What becomes the gradient of a leaf, or that it has none any more. Gradients that are only added to are changed memory.
    /// </summary>
    public IReadOnlyList<GraphGradient> Gradients { get; }

    /// <summary>The parameters, in the order in which they are met.</summary>
    public IEnumerable<GraphMemory> Parameters => Memories.Where(memory => memory.Role == GraphRole.Parameter);

    /// <summary>The memory of a tensor, or null if the graph neither reads nor writes it.</summary>
    /// <param name="tensor">A tensor from outside, or a view of one.</param>
    public GraphMemory? Find(Tensor tensor)
    {
        object owner = tensor.Given().MemoryOwner;
        return Memories.FirstOrDefault(memory => memory.Tensor is { } known && ReferenceEquals(known.MemoryOwner, owner));
    }

    /// <summary>The memory of that name, or null if there is none.</summary>
    /// <param name="name">A name as <see cref="GraphMemory.Name"/> gives it.</param>
    public GraphMemory? Find(string name)
    {
        name.Given();
        return Memories.FirstOrDefault(memory => memory.Name == name);
    }

    /// <summary>The program as text, see <see cref="GraphPrint.ToText"/>.</summary>
    public override string ToString() => this.ToText();
}

/// <summary>What a run of a <see cref="Graph"/> leaves as the gradient of a leaf.</summary>
/// <param name="Leaf">The leaf's memory.</param>
/// <param name="Value">The new gradient; null if the leaf has none after the run.</param>
/// <param name="Replaces">
/// Whether there may be one before the run; otherwise it was captured without one, and where there is one it would have been added to.
/// </param>
public sealed record GraphGradient(GraphMemory Leaf, GraphTensor? Value, bool Replaces)
{
    /// <summary>The leaf's memory.</summary>
    public GraphMemory Leaf { get; init; } = Leaf.Given();

    /// <summary>The leaf itself.</summary>
    internal Tensor? Tensor { get; init; }
}
