namespace Adjoint;

/// <summary>Numeric differentiation of functions of tensors.</summary>
public static class TensorNumeric
{
    extension(Numeric)
    {
        /// <summary>∇f(x) of a function of a tensor with one value, of the shape of x.</summary>
        /// <param name="f">The function. It is given Float64 tensors, so that differences have digits left.</param>
        /// <param name="x">Where; it is not changed.</param>
        /// <param name="method">How each entry is estimated.</param>
        /// <returns>A Float64 tensor.</returns>
        /// <exception cref="ShapeException">f(x) has not one element.</exception>
        public static Tensor Gradient(Func<Tensor, Tensor> f, Tensor x, NumericMethod method = NumericMethod.Central)
        {
            ArgumentNullException.ThrowIfNull(f);
            ArgumentNullException.ThrowIfNull(x);
            return Tensor.From(Numeric.EstimateGradient(Value, Doubles(x), method).Values, x.Shape);

            double Value(double[] at)
            {
                Tensor y = Evaluate(f, at, x.Shape);
                return y.NumEl == 1 ? y.Item() : throw new ShapeException(
                    $"Numeric.Gradient: the function must have one value, but its result has shape {y.Shape}. Numeric.Jacobian "
                    + "differentiates functions with several.");
            }
        }

        /// <summary>∂f/∂x of the shape of f(x) followed by the shape of x, by central differences: 2n evaluations.</summary>
        /// <param name="f">The function. It is given Float64 tensors, so that differences have digits left.</param>
        /// <param name="x">Where; it is not changed.</param>
        /// <returns>A Float64 tensor.</returns>
        public static Tensor Jacobian(Func<Tensor, Tensor> f, Tensor x)
        {
            ArgumentNullException.ThrowIfNull(f);
            ArgumentNullException.ThrowIfNull(x);
            double[] at = Doubles(x);
            Tensor origin = Evaluate(f, at, x.Shape);
            double[] matrix = new double[origin.NumEl * at.Length];
            for (int j = 0; j < at.Length; j++)
            {
                double centre = at[j], h = Math.Cbrt(Numeric.Epsilon) * Numeric.Scale(centre), right = centre + h, left = centre - h;
                at[j] = right;
                double[] high = Same(Evaluate(f, at, x.Shape));
                at[j] = left;
                double[] low = Same(Evaluate(f, at, x.Shape));
                at[j] = centre;
                for (int i = 0; i < high.Length; i++) matrix[i * at.Length + j] = (high[i] - low[i]) / (right - left);
            }
            return Tensor.From(matrix, [.. origin.Shape.Sizes, .. x.Shape.Sizes]);

            double[] Same(Tensor y) => y.Shape.Equals(origin.Shape) ? Doubles(y)
                : throw new ShapeException(
                    $"Numeric.Jacobian: the result of the function has shape {origin.Shape} at one point and {y.Shape} beside it; it "
                    + "cannot be differentiated.");
        }
    }

    private static Tensor Evaluate(Func<Tensor, Tensor> f, double[] at, Shape shape)
    {
        UserCode.CheckStack();
        using (Autograd.NoGrad())
            return f(Tensor.From((double[])at.Clone(), shape))
                ?? throw new AutogradException("Numeric: the function must return a tensor, but returned null.");
    }

    private static double[] Doubles(Tensor x) => x.Detach().To(DType.Float64).ToArray<double>();
}
