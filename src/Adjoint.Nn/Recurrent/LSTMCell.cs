using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// A step of long short-term memory: i, f, o = σ(W·x + b + U·h + b′), g = tanh(W·x + b + U·h + b′), c′ = f·c + i·g, h′ = o·tanh(c′).
/// </summary>
/// <remarks>As PyTorch's <c>LSTMCell</c>, with its initial numbers for the same seed.</remarks>
/// <param name="inputSize">How many numbers the input has; at least 0.</param>
/// <param name="hiddenSize">How many cells there are; at least 1.</param>
/// <param name="bias">Whether the gates have biases.</param>
/// <param name="dtype">The dtype of the parameters.</param>
/// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
/// <example><code>
/// var cell = new LSTMCell(10, 20);
/// (Tensor h, Tensor c) = cell.Call(Tensor.Randn([3, 10]));
/// (h, c) = cell.Call(Tensor.Randn([3, 10]), (h, c));
/// </code></example>
public sealed class LSTMCell(int inputSize, int hiddenSize, bool bias = true, DType dtype = DType.Float32, Generator? generator = null)
    : RnnCellBase<(Tensor H, Tensor C)?, (Tensor H, Tensor C)>(RecurrentKind.Lstm, inputSize, hiddenSize, bias, dtype, generator)
{
    /// <summary>The states after a step from states of zeros.</summary>
    /// <param name="input">[N, inputSize] or [inputSize].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public new (Tensor H, Tensor C) Call(Tensor input) => Call(input, null);

    /// <inheritdoc/>
    protected override (Tensor H, Tensor C) Forward(Tensor input1, (Tensor H, Tensor C)? input2)
    {
        (Tensor h, Tensor? c) = Step(input1.Given("input"), input2?.H.Given("hx"), input2?.C.Given("hx"));
        return (h, c!);
    }
}
