using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// A step of Elman's cells: h′ = tanh(W·x + b + U·h + b′), or max(W·x + b + U·h + b′, 0).
/// </summary>
/// <remarks>As PyTorch's <c>RNNCell</c>, with its initial numbers for the same seed.</remarks>
/// <param name="inputSize">How many numbers the input has; at least 0.</param>
/// <param name="hiddenSize">How many cells there are; at least 1.</param>
/// <param name="bias">Whether there are biases.</param>
/// <param name="nonlinearity">tanh, or max(·, 0): <see cref="Nonlinearity.Tanh"/> or <see cref="Nonlinearity.Relu"/>.</param>
/// <param name="dtype">The dtype of the parameters.</param>
/// <param name="generator">Where the weights are drawn from; by default <see cref="Rng.Default"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range, or there is no such nonlinearity.</exception>
public sealed class RNNCell(int inputSize, int hiddenSize, bool bias = true, Nonlinearity nonlinearity = Nonlinearity.Tanh,
    DType dtype = DType.Float32, Generator? generator = null)
    : RnnCellBase<Tensor?, Tensor>(RNN.KindOf(nonlinearity), inputSize, hiddenSize, bias, dtype, generator)
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
