namespace Adjoint;

public static partial class Scalar
{
    /// <summary>Forward mode: a function is read over dual numbers, so derivatives travel with the values, from the arguments on.</summary>
    public static class Forward
    {
        /// <summary>f′(x).</summary>
        public static double Derivative<F>(F f, double x) where F : IUnaryFunction =>
            Evaluation.Of(f, Dual<Real<double>>.Variable(new(x))).Tangent.Value;

        /// <summary>f″(x), by dual numbers of dual numbers.</summary>
        public static double SecondDerivative<F>(F f, double x) where F : IUnaryFunction =>
            Evaluation.Of(f, Dual<Dual<Real<double>>>.Variable(Dual<Real<double>>.Variable(new(x)))).Tangent.Tangent.Value;

        /// <summary>∇f(x): each evaluation of f gives <see cref="VectorDual.Width"/> entries.</summary>
        public static double[] Gradient<F>(F f, ReadOnlySpan<double> x) where F : IFunction
        {
            double[] gradient = new double[x.Length];
            VectorDual[] arguments = new VectorDual[x.Length];
            for (int first = 0; first < x.Length; first += VectorDual.Width)
            {
                int columns = Seed(arguments, x, first);
                VectorDual y = Evaluation.Of<F, VectorDual>(f, arguments);
                for (int k = 0; k < columns; k++) gradient[first + k] = y.Tangent(k);
            }
            return gradient;
        }

        /// <summary>∇f(x)·v, the derivative along v, for the price of one evaluation.</summary>
        /// <exception cref="ArgumentException">x and v differ in length.</exception>
        public static double DirectionalDerivative<F>(F f, ReadOnlySpan<double> x, ReadOnlySpan<double> v) where F : IFunction =>
            Evaluation.Of<F, Dual<Real<double>>>(f, Along(x, v)).Tangent.Value;

        /// <summary>J(x)·v (a Jacobian-vector product), for the price of one evaluation; the Jacobian is never formed.</summary>
        /// <exception cref="ArgumentException">x and v differ in length.</exception>
        public static double[] Jvp<F>(F f, ReadOnlySpan<double> x, ReadOnlySpan<double> v) where F : IVectorFunction
        {
            Dual<Real<double>>[] y = new Dual<Real<double>>[f.Outputs];
            Evaluation.Of<F, Dual<Real<double>>>(f, Along(x, v), y);
            return Array.ConvertAll(y, result => result.Tangent.Value);
        }

        /// <summary>The Jacobian, column by column: n directions, <see cref="VectorDual.Width"/> in one evaluation.</summary>
        public static Jacobian Jacobian<F>(F f, ReadOnlySpan<double> x) where F : IVectorFunction
        {
            double[,] matrix = new double[f.Outputs, x.Length];
            VectorDual[] arguments = new VectorDual[x.Length], y = new VectorDual[f.Outputs];
            int evaluations = 0;
            for (int first = 0; first < x.Length; first += VectorDual.Width, evaluations++)
            {
                int columns = Seed(arguments, x, first);
                Evaluation.Of<F, VectorDual>(f, arguments, y);
                for (int i = 0; i < y.Length; i++)
                    for (int k = 0; k < columns; k++) matrix[i, first + k] = y[i].Tangent(k);
            }
            return new(matrix, DerivativeMode.Forward, Passes: x.Length, Evaluations: evaluations);
        }

        /// <summary>Makes arguments [first, first + columns) variables and all others constants; gives columns.</summary>
        internal static int Seed(Span<VectorDual> arguments, ReadOnlySpan<double> x, int first)
        {
            int columns = Math.Min(VectorDual.Width, x.Length - first);
            for (int j = 0; j < x.Length; j++) arguments[j] = VectorDual.Constant(x[j]);
            for (int k = 0; k < columns; k++) arguments[first + k] = VectorDual.Variable(x[first + k], k);
            return columns;
        }

        /// <summary>x + v ε.</summary>
        internal static Dual<Real<double>>[] Along(ReadOnlySpan<double> x, ReadOnlySpan<double> v)
        {
            if (x.Length != v.Length)
                throw new ArgumentException(
                    $"A direction needs one entry for each of the {x.Length} arguments, but there are {v.Length}.", nameof(v));
            Dual<Real<double>>[] arguments = new Dual<Real<double>>[x.Length];
            for (int i = 0; i < x.Length; i++) arguments[i] = new(new(x[i]), new(v[i]));
            return arguments;
        }
    }
}
