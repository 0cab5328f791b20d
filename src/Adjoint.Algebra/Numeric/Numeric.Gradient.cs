namespace Adjoint;

public static partial class Numeric
{
    /// <summary>∇f(x).</summary>
    public static double[] Gradient(Func<double[], double> f, double[] x, NumericMethod method = NumericMethod.Ridders) =>
        EstimateGradient(f.Given(), x.Given(), method).Values;

    /// <summary>∇f(x).</summary>
    public static double[] Gradient<F>(F f, ReadOnlySpan<double> x, NumericMethod method = NumericMethod.Ridders) where F : IFunction =>
        EstimateGradient(f, x, method).Values;

    /// <summary>∇f(x) with estimates of the errors and the number of evaluations.</summary>
    public static NumericGradient EstimateGradient<F>(F f, ReadOnlySpan<double> x, NumericMethod method = NumericMethod.Ridders)
        where F : IFunction =>
        EstimateGradient(at => Scalar.Value(f, at), x.ToArray(), method);

    /// <summary>∇f(x) with estimates of the errors and the number of evaluations: n + 1 forward, 2n central, more for the others.</summary>
    public static NumericGradient EstimateGradient(Func<double[], double> f, double[] x, NumericMethod method = NumericMethod.Ridders)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        StackSpace.Check();
        double[] at = [.. x], values = new double[x.Length], errors = new double[x.Length];
        int evaluations = 0;

        // Every forward difference needs f(x); it is evaluated once.
        double origin = method == NumericMethod.Forward ? f(at) : 0;
        if (method == NumericMethod.Forward) evaluations++;

        for (int i = 0; i < x.Length; i++)
        {
            NumericDerivative partial = Estimate(Along, x[i], method);
            (values[i], errors[i]) = (partial.Value, partial.Error);
            evaluations += method == NumericMethod.Forward ? 1 : partial.Evaluations;
            at[i] = x[i];

            double Along(double t)
            {
                if (method == NumericMethod.Forward && t == x[i]) return origin;
                at[i] = t;
                return f(at);
            }
        }
        return new(values, errors, evaluations);
    }

    /// <summary>The Jacobian of f: Rⁿ → Rᵐ, column by column, by central differences: 2n evaluations.</summary>
    public static double[,] Jacobian<F>(F f, ReadOnlySpan<double> x) where F : IVectorFunction
    {
        double[] at = x.ToArray();
        double[,] matrix = new double[f.Outputs, x.Length];
        for (int j = 0; j < at.Length; j++)
        {
            double centre = at[j], h = Math.Cbrt(Epsilon) * Scale(centre), right = centre + h, left = centre - h;
            at[j] = right;
            double[] high = Scalar.Values(f, at);
            at[j] = left;
            double[] low = Scalar.Values(f, at);
            at[j] = centre;
            for (int i = 0; i < high.Length; i++) matrix[i, j] = (high[i] - low[i]) / (right - left);
        }
        return matrix;
    }
}
