namespace Adjoint.Nn;

/// <summary>Which sizes of a weight a variance is kept over.</summary>
public enum FanMode
{
    /// <summary>The inputs of each output: keeps variances forward.</summary>
    FanIn,

    /// <summary>The outputs of each input: keeps variances backward.</summary>
    FanOut,
}

/// <summary>What follows a layer, which decides the gain of its initial weights.</summary>
public enum Nonlinearity
{
    /// <summary>Nothing, or a convolution.</summary>
    Linear,

    /// <summary>The logistic function.</summary>
    Sigmoid,

    /// <summary>tanh.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x or a·x.</summary>
    LeakyRelu,

    /// <summary>The scaled exponential unit.</summary>
    Selu,
}

/// <summary>Initial values of parameters, written in place without history. The numbers are PyTorch's for the same seed.</summary>
public static partial class Init
{
    /// <summary>Uniform in [low, high). Returns the tensor.</summary>
    public static Tensor Uniform(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
    {
        try
        {
            tensor.Given();
            using GradScope _ = Autograd.NoGrad();
            return tensor.UniformInPlace(low, high, generator);
        }
        catch (TensorException e) when (e.IsOf("Init.Uniform"))
        {
            throw;
        }
    }

    /// <summary>Normal with a mean and standard deviation. Returns the tensor.</summary>
    public static Tensor Normal(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
    {
        try
        {
            tensor.Given();
            using GradScope _ = Autograd.NoGrad();
            return tensor.NormalInPlace(mean, std, generator);
        }
        catch (TensorException e) when (e.IsOf("Init.Normal"))
        {
            throw;
        }
    }

    /// <summary>One value everywhere. Returns the tensor.</summary>
    public static Tensor Constant(Tensor tensor, double value)
    {
        try
        {
            tensor.Given();
            using GradScope _ = Autograd.NoGrad();
            return tensor.FillInPlace(value);
        }
        catch (TensorException e) when (e.IsOf("Init.Constant"))
        {
            throw;
        }
    }

    /// <summary>Zeros. Returns the tensor.</summary>
    public static Tensor Zeros(Tensor tensor)
    {
        try
        {
            return Constant(tensor.Given(), 0);
        }
        catch (TensorException e) when (e.IsOf("Init.Zeros"))
        {
            throw;
        }
    }

    /// <summary>Ones. Returns the tensor.</summary>
    public static Tensor Ones(Tensor tensor)
    {
        try
        {
            return Constant(tensor.Given(), 1);
        }
        catch (TensorException e) when (e.IsOf("Init.Ones"))
        {
            throw;
        }
    }

    /// <summary>Ones on the diagonal of a matrix, zeros elsewhere. Returns the tensor.</summary>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    public static Tensor Eye(Tensor tensor)
    {
        try
        {
            tensor.Given();
            if (tensor.NDim != 2) throw new ShapeException($"Init.Eye: needs a matrix, but the shape is {tensor.Shape}.");
            using GradScope _ = Autograd.NoGrad();
            return tensor.CopyInPlace(Tensor.Eye(tensor.Shape[0], tensor.Shape[1], tensor.DType));
        }
        catch (TensorException e) when (e.IsOf("Init.Eye"))
        {
            throw;
        }
    }

    /// <summary>Uniform in ±gain·√(6/(fan in + fan out)) (Glorot and Bengio 2010). Returns the tensor.</summary>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor XavierUniform(Tensor tensor, double gain = 1, Generator? generator = null)
    {
        try
        {
            tensor.Given();
            gain.In(Interval.NotNegative);
            (int fanIn, int fanOut) = Fans(tensor);
            double bound = Math.Sqrt(3) * (gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            return Uniform(tensor, -bound, bound, generator);
        }
        catch (TensorException e) when (e.IsOf("Init.XavierUniform"))
        {
            throw;
        }
    }

    /// <summary>Normal with standard deviation gain·√(2/(fan in + fan out)). Returns the tensor.</summary>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor XavierNormal(Tensor tensor, double gain = 1, Generator? generator = null)
    {
        try
        {
            tensor.Given();
            gain.In(Interval.NotNegative);
            (int fanIn, int fanOut) = Fans(tensor);
            return Normal(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)), generator);
        }
        catch (TensorException e) when (e.IsOf("Init.XavierNormal"))
        {
            throw;
        }
    }

    /// <summary>Uniform in ±gain·√(3/fan) (He et al. 2015). Returns the tensor.</summary>
    /// <param name="tensor">The weight, with the outputs first.</param>
    /// <param name="a">The slope below zero of a leaky ReLU that follows.</param>
    /// <param name="mode">Which fan.</param>
    /// <param name="nonlinearity">What follows the layer.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor KaimingUniform(
        Tensor tensor, double a = 0, FanMode mode = FanMode.FanIn, Nonlinearity nonlinearity = Nonlinearity.LeakyRelu,
        Generator? generator = null)
    {
        try
        {
            tensor.Given();
            if (tensor.NumEl == 0 && tensor.NDim > 1) return tensor;
            double bound = Math.Sqrt(3) * (Gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)));
            return Uniform(tensor, -bound, bound, generator);
        }
        catch (TensorException e) when (e.IsOf("Init.KaimingUniform"))
        {
            throw;
        }
    }

    /// <summary>Normal with standard deviation gain/√fan. Returns the tensor.</summary>
    /// <inheritdoc cref="KaimingUniform"/>
    public static Tensor KaimingNormal(
        Tensor tensor, double a = 0, FanMode mode = FanMode.FanIn, Nonlinearity nonlinearity = Nonlinearity.LeakyRelu,
        Generator? generator = null)
    {
        try
        {
            if (tensor.Given().NumEl == 0 && tensor.NDim > 1) return tensor;
            return Normal(tensor, 0, Gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)), generator);
        }
        catch (TensorException e) when (e.IsOf("Init.KaimingNormal"))
        {
            throw;
        }
    }

    /// <summary>The factor that makes up for what a nonlinearity does to the variance.</summary>
    /// <param name="nonlinearity">The nonlinearity.</param>
    /// <param name="slope">The slope of a leaky ReLU below zero.</param>
    public static double Gain(Nonlinearity nonlinearity, double slope = 0.01) => nonlinearity switch
    {
        Nonlinearity.Linear or Nonlinearity.Sigmoid => 1,
        Nonlinearity.Tanh => 5.0 / 3,
        Nonlinearity.Relu => Math.Sqrt(2),
        Nonlinearity.LeakyRelu => Math.Sqrt(2 / (1 + slope * slope)),
        Nonlinearity.Selu => 3.0 / 4,
        _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, "Init.Gain: there is no such nonlinearity."),
    };

    private static int Fan(Tensor tensor, FanMode mode) => mode switch
    {
        FanMode.FanIn => Fans(tensor).In,
        FanMode.FanOut => Fans(tensor).Out,
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Init: the mode is FanIn or FanOut."),
    };

    /// <summary>How many inputs each output has, and how many outputs each input.</summary>
    private static (int In, int Out) Fans(Tensor tensor)
    {
        if (tensor.NDim < 2)
            throw new ShapeException(
                $"Init: fan in and fan out cannot be computed for a tensor with fewer than 2 dimensions (shape {tensor.Shape}).");
        int field = 1;
        for (int d = 2; d < tensor.NDim; d++) field *= tensor.Shape[d];
        return (tensor.Shape[1] * field, tensor.Shape[0] * field);
    }
}
