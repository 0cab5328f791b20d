namespace Adjoint.Nn;

public static partial class F
{
    /// <summary>x limited to [0, 6].</summary>
    public static Tensor Relu6(Tensor input) => input.Given().Relu6();

    /// <summary>x·σ(x), also called swish.</summary>
    public static Tensor Silu(Tensor input) => input.Given().Silu();

    /// <summary>x·tanh(ln(1 + eˣ)).</summary>
    public static Tensor Mish(Tensor input) => input.Given().Mish();

    /// <summary>The scaled exponential unit, whose constants keep mean 0 and variance 1.</summary>
    public static Tensor Selu(Tensor input) => input.Given().Selu();

    /// <summary>x/(1 + |x|).</summary>
    public static Tensor Softsign(Tensor input) => input.Given().Softsign();

    /// <summary>x − tanh x.</summary>
    public static Tensor Tanhshrink(Tensor input) => input.Given().Tanhshrink();

    /// <summary>ln σ(x).</summary>
    public static Tensor LogSigmoid(Tensor input) => input.Given().LogSigmoid();

    /// <summary>x/6 + ½ limited to [0, 1].</summary>
    public static Tensor Hardsigmoid(Tensor input) => input.Given().Hardsigmoid();

    /// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
    public static Tensor Hardswish(Tensor input) => input.Given().Hardswish();

    /// <summary>x for x > 0, otherwise a·x.</summary>
    /// <param name="input">x.</param>
    /// <param name="negativeSlope">a.</param>
    public static Tensor LeakyRelu(Tensor input, double negativeSlope = 0.01) => input.Given().LeakyRelu(negativeSlope);

    /// <summary>x for x > 0, otherwise α·(eˣ − 1).</summary>
    /// <param name="input">x.</param>
    /// <param name="alpha">α.</param>
    public static Tensor Elu(Tensor input, double alpha = 1) => input.Given().Elu(alpha);

    /// <summary>x for x > 0, otherwise α·(e^(x/α) − 1).</summary>
    /// <param name="input">x.</param>
    /// <param name="alpha">α.</param>
    public static Tensor Celu(Tensor input, double alpha = 1) => input.Given().Celu(alpha);

    /// <summary>ln(1 + e^(βx))/β; x itself where βx is above the threshold.</summary>
    /// <param name="input">x.</param>
    /// <param name="beta">β.</param>
    /// <param name="threshold">Above it the function is x.</param>
    public static Tensor Softplus(Tensor input, double beta = 1, double threshold = 20) => input.Given().Softplus(beta, threshold);

    /// <summary>x limited to an interval.</summary>
    /// <param name="input">x.</param>
    /// <param name="minVal">Its lower end.</param>
    /// <param name="maxVal">Its upper end.</param>
    public static Tensor Hardtanh(Tensor input, double minVal = -1, double maxVal = 1) => input.Given().Hardtanh(minVal, maxVal);

    /// <summary>x moved towards 0 by λ.</summary>
    /// <param name="input">x.</param>
    /// <param name="lambd">λ.</param>
    public static Tensor Softshrink(Tensor input, double lambd = 0.5) => input.Given().Softshrink(lambd);

    /// <summary>x for |x| > λ, otherwise 0.</summary>
    /// <param name="input">x.</param>
    /// <param name="lambd">λ.</param>
    public static Tensor Hardshrink(Tensor input, double lambd = 0.5) => input.Given().Hardshrink(lambd);

    /// <summary>x above the threshold, otherwise a value.</summary>
    /// <param name="input">x.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="value">What stands for the rest.</param>
    public static Tensor Threshold(Tensor input, double threshold, double value) => input.Given().Threshold(threshold, value);

    /// <summary>x·Φ(x) with the normal distribution function Φ.</summary>
    /// <param name="input">x.</param>
    /// <param name="approximate">Exact, or with Φ approximated by a hyperbolic tangent.</param>
    public static Tensor Gelu(Tensor input, GeluApproximation approximate = GeluApproximation.None) => input.Given().Gelu(approximate);
}
