using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>
/// Values and derivatives of functions of numbers, by whichever mode of automatic differentiation is the cheapest.
/// To choose the method yourself: <see cref="Forward"/>, <see cref="Reverse"/>, <see cref="Numeric"/>.
/// </summary>
public static partial class Scalar
{
    /// <summary>f(x).</summary>
    public static double Value<F>(F f, double x) where F : IUnaryFunction
    {
        StackSpace.Check();
        return f.Invoke(new Real<double>(x)).Value;
    }

    /// <summary>f(x).</summary>
    public static double Value<F>(F f, ReadOnlySpan<double> x) where F : IFunction
    {
        StackSpace.Check();
        return f.Invoke(MemoryMarshal.Cast<double, Real<double>>(x)).Value;
    }

    /// <summary>f(x).</summary>
    public static double[] Values<F>(F f, ReadOnlySpan<double> x) where F : IVectorFunction
    {
        StackSpace.Check();
        double[] y = new double[f.Outputs];
        f.Invoke(MemoryMarshal.Cast<double, Real<double>>(x), MemoryMarshal.Cast<double, Real<double>>(y.AsSpan()));
        return y;
    }

    /// <summary>f′(x), by a dual number.</summary>
    public static double Derivative<F>(F f, double x) where F : IUnaryFunction => Forward.Derivative(f, x);

    /// <summary>f′(x) of a lambda, by a dual number.</summary>
    /// <example><code>Scalar.Derivative(x => x * x.Sin(), 2)</code></example>
    public static double Derivative(Func<Dual<Real<double>>, Dual<Real<double>>> f, double x)
    {
        ArgumentNullException.ThrowIfNull(f);
        StackSpace.Check();
        return f(Dual<Real<double>>.Variable(new(x))).Tangent.Value;
    }

    /// <summary>f⁽ⁿ⁾(x) for n = <paramref name="order"/>, by a <see cref="Taylor"/> series.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    public static double Derivative<F>(F f, double x, int order) where F : IUnaryFunction => Derivatives(f, x, order)[order];

    /// <summary>
    /// f(x), f′(x), f″(x), …, f⁽ⁿ⁾(x) for n = <paramref name="order"/>, by one evaluation over <see cref="Taylor"/> series.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    public static double[] Derivatives<F>(F f, double x, int order) where F : IUnaryFunction
    {
        StackSpace.Check();
        Taylor y = f.Invoke(Taylor.Variable(x, order));
        double[] derivatives = new double[order + 1];
        double factorial = 1;
        for (int n = 0; n <= order; factorial *= ++n) derivatives[n] = y[n] * factorial;
        return derivatives;
    }

    /// <summary>∇f(x), in reverse; forward where there is only one argument.</summary>
    public static double[] Gradient<F>(F f, ReadOnlySpan<double> x) where F : IFunction =>
        x.Length > 1 ? Reverse.Gradient(f, x) : Forward.Gradient(f, x);

    /// <summary>∇f(x) of a lambda, in reverse.</summary>
    /// <example><code>Scalar.Gradient(x => x[0].Log() + x[0] * x[1] - x[1].Sin(), [2, 5])</code></example>
    public static double[] Gradient(Func<ReadOnlySpan<Var<Real<double>>>, Var<Real<double>>> f, ReadOnlySpan<double> x)
    {
        ArgumentNullException.ThrowIfNull(f);
        StackSpace.Check();
        Tape<Real<double>> tape = TapePool<Real<double>>.Rent();
        ReadOnlySpan<Var<Real<double>>> variables = tape.Variables(MemoryMarshal.Cast<double, Real<double>>(x));
        tape.Backward(f(variables));
        double[] gradient = new double[x.Length];
        tape.Adjoints(variables, MemoryMarshal.Cast<double, Real<double>>(gradient.AsSpan()));
        TapePool<Real<double>>.Return(tape);
        return gradient;
    }

    /// <summary>The Jacobian: forward if there are no more arguments than results, else in reverse.</summary>
    public static Jacobian Jacobian<F>(F f, ReadOnlySpan<double> x) where F : IVectorFunction =>
        x.Length <= f.Outputs ? Forward.Jacobian(f, x) : Reverse.Jacobian(f, x);

    /// <summary>The Hessian ∂²f/∂xᵢ∂xⱼ, forward over reverse: <see cref="VectorDual.Width"/> columns in one evaluation and sweep.</summary>
    public static double[,] Hessian<F>(F f, ReadOnlySpan<double> x) where F : IFunction
    {
        double[,] hessian = new double[x.Length, x.Length];
        VectorDual[] arguments = new VectorDual[x.Length], gradient = new VectorDual[x.Length];
        for (int first = 0; first < x.Length; first += VectorDual.Width)
        {
            int columns = Forward.Seed(arguments, x, first);
            Reverse.Gradient<F, VectorDual>(f, arguments, gradient);
            for (int i = 0; i < x.Length; i++)
                for (int k = 0; k < columns; k++) hessian[i, first + k] = gradient[i].Tangent(k);
        }
        return hessian;
    }

    /// <summary>H(x)·v without forming the Hessian, forward over reverse: one evaluation and one sweep.</summary>
    /// <exception cref="ArgumentException">x and v differ in length.</exception>
    public static double[] Hvp<F>(F f, ReadOnlySpan<double> x, ReadOnlySpan<double> v) where F : IFunction
    {
        Dual<Real<double>>[] gradient = new Dual<Real<double>>[x.Length];
        Reverse.Gradient<F, Dual<Real<double>>>(f, Forward.Along(x, v), gradient);
        return Array.ConvertAll(gradient, entry => entry.Tangent.Value);
    }
}
