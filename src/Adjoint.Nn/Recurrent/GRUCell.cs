using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// A step of gated recurrent units: r, z = σ(W·x + b + U·h + b′), n = tanh(W·x + b + r·(U·h + b′)), h′ = (1 − z)·n + z·h.
/// </summary>
/// <remarks>As PyTorch's <c>GRUCell</c>, with its initial numbers for the same seed.</remarks>
/// <param name="inputSize">How many numbers the input has; at least 0.</param>
/// <param name="hiddenSize">How many cells there are; at least 1.</param>
/// <param name="bias">Whether the gates have biases.</param>
/// <param name="dtype">The dtype of the parameters.</param>
/// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class GRUCell(int inputSize, int hiddenSize, bool bias = true, DType dtype = DType.Float32, Generator? generator = null)
    : RnnCellBase<Tensor?, Tensor>(RecurrentKind.Gru, inputSize, hiddenSize, bias, dtype, generator)
{
    /// <summary>The state after a step from a state of zeros.</summary>
    /// <param name="input">[N, inputSize] or [inputSize].</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public new Tensor Call(Tensor input) => Call(input, null);

    /// <summary>The state after a step.</summary>
    /// <param name="input">[N, inputSize] or [inputSize].</param>
    /// <param name="hx">The state before it, [N, hiddenSize] or [hiddenSize], or null for zeros.</param>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public new Tensor Call(Tensor input, Tensor? hx) => Call((input, hx));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input1, Tensor? input2) => Step(input1.Given("input"), input2, null).H;
}
