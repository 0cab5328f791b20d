namespace Adjoint.Nn;

/// <summary>The functions behind the layers and losses, for <c>using static Adjoint.Nn.F</c>. Losses are declared beside their modules.</summary>
public static partial class F
{
    /// <summary>x·Wᵀ + b.</summary>
    /// <param name="input">x [*, in].</param>
    /// <param name="weight">W [out, in].</param>
    /// <param name="bias">b [out], or null for none.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The dtypes differ.</exception>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias = null) => AddMmOp.Linear(input.Given(), weight.Given(), bias);

    /// <summary>max(x, 0).</summary>
    public static Tensor Relu(Tensor input) => input.Given().Relu();

    /// <summary>1/(1 + e^−x).</summary>
    public static Tensor Sigmoid(Tensor input) => input.Given().Sigmoid();

    /// <summary>tanh x.</summary>
    public static Tensor Tanh(Tensor input) => input.Given().Tanh();

    /// <summary>e^x / Σ e^x over one dimension.</summary>
    public static Tensor Softmax(Tensor input, int dim, DType? dtype = null) => input.Given().Softmax(dim, dtype);

    /// <summary>x − ln Σ e^x over one dimension.</summary>
    public static Tensor LogSoftmax(Tensor input, int dim, DType? dtype = null) => input.Given().LogSoftmax(dim, dtype);

    /// <summary>Zeros with probability p, and the rest divided by 1 − p; the input itself when not training.</summary>
    public static Tensor Dropout(Tensor input, double p = 0.5, bool training = true, Generator? generator = null) => input.Given().Dropout(p, training, generator);
}
