using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// Layers of long short-term memory (Hochreiter and Schmidhuber 1997; projections: Sak et al. 2014): i, f, o = σ(W·x + b + U·h + b′),
/// g = tanh(W·x + b + U·h + b′), c ← f·c + i·g, h ← o·tanh(c).
/// </summary>
/// <remarks>
/// [T, N, inputSize] → [T, N, hiddenSize] and the last states (h, c), each [layers·directions, N, hiddenSize]; with batchFirst [N, T, …],
/// of one sequence without
/// N. With a projection h and the output are projSize wide, h ← R·h. Of both directions the outputs lie side by side. Packed sequences are
/// taken as they are: <see cref="Call(PackedSequence, ValueTuple{Tensor, Tensor}?)"/>. As PyTorch's <c>LSTM</c>, with its initial numbers
/// for the same seed.
/// </remarks>
/// <example><code>
/// var lstm = new LSTM(10, 20, numLayers: 2);
/// (Tensor output, (Tensor h, Tensor c)) = lstm.Call(Tensor.Randn([5, 3, 10]));
/// Shape shape = output.Shape;      // [5, 3, 20]
/// Shape state = h.Shape;           // [2, 3, 20]
/// </code></example>
public sealed class LSTM : RnnBase<(Tensor H, Tensor C)?, (Tensor H, Tensor C)>
{
    /// <summary>Makes the layers and draws their weights.</summary>
    /// <param name="inputSize">How many numbers the input has at each step; at least 0.</param>
    /// <param name="hiddenSize">How many cells each layer has; at least 1.</param>
    /// <param name="numLayers">How many layers lie on each other; at least 1.</param>
    /// <param name="bias">Whether the gates have biases.</param>
    /// <param name="batchFirst">Whether inputs and outputs are [N, T, …].</param>
    /// <param name="dropout">The probability of 0 in the output of each layer but the last, in training; in [0, 1].</param>
    /// <param name="bidirectional">Whether each layer also goes through the sequence from its end.</param>
    /// <param name="projSize">How wide the state is after a projection; at least 0 and below hiddenSize, 0 for none.</param>
    /// <param name="dtype">The dtype of the parameters.</param>
    /// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public LSTM(
        int inputSize, int hiddenSize, int numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0,
        bool bidirectional = false,
        int projSize = 0, DType dtype = DType.Float32, Generator? generator = null)
        : base(RecurrentKind.Lstm, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, projSize, dtype, generator)
    {
    }

    /// <summary>The output of all steps and the last states, from states of zeros.</summary>
    /// <param name="input">[T, N, inputSize], with batchFirst [N, T, inputSize], or [T, inputSize].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public new (Tensor Output, (Tensor H, Tensor C) State) Call(Tensor input) => Call(input, null);

    /// <summary>The output of all steps and the last states.</summary>
    /// <param name="input">[T, N, inputSize], with batchFirst [N, T, inputSize], or [T, inputSize].</param>
    /// <param name="hx">The first states, each [layers·directions, N, …], or null for zeros.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public (Tensor Output, (Tensor H, Tensor C) State) Call(Tensor input, (Tensor H, Tensor C)? hx) => Call(input, hx, null);

    /// <summary>
    /// The packed output of packed sequences and the last state of each, in the order of the sequences before they were sorted.
    /// </summary>
    /// <param name="input">The sequences.</param>
    /// <param name="hx">The first states, in the order of the sequences, or null for zeros.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public (PackedSequence Output, (Tensor H, Tensor C) State) Call(PackedSequence input, (Tensor H, Tensor C)? hx = null)
    {
        input.Given();
        (Tensor H, Tensor C)? first = hx is { } given ? (input.Sorted(given.H), input.Sorted(given.C)) : null;
        (Tensor output, (Tensor h, Tensor c)) = Call(input.Data, first, input.BatchSizes);
        return (input.With(output), (input.Unsorted(h), input.Unsorted(c)));
    }

    /// <inheritdoc/>
    protected override (Tensor Output, (Tensor H, Tensor C) State) Forward(Tensor input1, (Tensor H, Tensor C)? input2,
        IReadOnlyList<int>? input3)
    {
        (Tensor output, Tensor h, Tensor? c) = Run(input1.Given("input"), input2?.H.Given("hx"), input2?.C.Given("hx"), input3);
        return (output, (h, c!));
    }
}
