using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// Layers of gated recurrent units (Cho et al. 2014): r, z = σ(W·x + b + U·h + b′), n = tanh(W·x + b + r·(U·h + b′)), h ← (1 − z)·n + z·h.
/// </summary>
/// <remarks>
/// [T, N, inputSize] → [T, N, hiddenSize] and the last state [layers·directions, N, hiddenSize]; with batchFirst [N, T, …], of one
/// sequence without N. Of both
/// directions the outputs lie side by side. Packed sequences are taken as they are: <see cref="Call(PackedSequence, Tensor?)"/>. As
/// PyTorch's <c>GRU</c>, with
/// its initial numbers for the same seed.
/// </remarks>
/// <example><code>
/// var gru = new GRU(10, 20, batchFirst: true, bidirectional: true);
/// (Tensor output, Tensor h) = gru.Call(Tensor.Randn([3, 5, 10]));
/// Shape shape = output.Shape;      // [3, 5, 40]
/// </code></example>
public sealed class GRU : RnnBase<Tensor?, Tensor>
{
    /// <summary>Makes the layers and draws their weights.</summary>
    /// <param name="inputSize">How many numbers the input has at each step; at least 0.</param>
    /// <param name="hiddenSize">How many cells each layer has; at least 1.</param>
    /// <param name="numLayers">How many layers lie on each other; at least 1.</param>
    /// <param name="bias">Whether the gates have biases.</param>
    /// <param name="batchFirst">Whether inputs and outputs are [N, T, …].</param>
    /// <param name="dropout">The probability of 0 in the output of each layer but the last, in training; in [0, 1].</param>
    /// <param name="bidirectional">Whether each layer also goes through the sequence from its end.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public GRU(
        int inputSize, int hiddenSize, int numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0,
        bool bidirectional = false,
        DType dtype = DType.Float32, Generator? generator = null)
        : base(RecurrentKind.Gru, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, 0, dtype, generator)
    {
    }

    /// <summary>The output of all steps and the last state, from a state of zeros.</summary>
    /// <param name="input">[T, N, inputSize], with batchFirst [N, T, inputSize], or [T, inputSize].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public new (Tensor Output, Tensor State) Call(Tensor input) => Call(input, null, null);

    /// <summary>The output of all steps and the last state.</summary>
    /// <param name="input">[T, N, inputSize], with batchFirst [N, T, inputSize], or [T, inputSize].</param>
    /// <param name="hx">The first state [layers·directions, N, hiddenSize], or null for zeros.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public new (Tensor Output, Tensor State) Call(Tensor input, Tensor? hx) => Call(input, hx, null);

    /// <summary>
    /// The packed output of packed sequences and the last state of each, in the order of the sequences before they were sorted.
    /// </summary>
    /// <param name="input">The sequences.</param>
    /// <param name="hx">The first state, in the order of the sequences, or null for zeros.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public (PackedSequence Output, Tensor State) Call(PackedSequence input, Tensor? hx = null)
    {
        (Tensor output, Tensor h) = Call(input.Given().Data, hx is null ? null : input.Sorted(hx), input.BatchSizes);
        return (input.With(output), input.Unsorted(h));
    }

    /// <inheritdoc/>
    protected override (Tensor Output, Tensor State) Forward(Tensor input1, Tensor? input2, IReadOnlyList<int>? input3)
    {
        (Tensor output, Tensor h, _) = Run(input1.Given("input"), input2, null, input3);
        return (output, h);
    }
}
