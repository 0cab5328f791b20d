using System.Runtime.InteropServices;

namespace Adjoint;

public static partial class Scalar
{
    /// <summary>
    /// Reverse mode: a function is recorded on a <see cref="Tape{V}"/> and derivatives travel back, from the result on. Every
    /// thread reuses one tape, so a call in steady state allocates nothing but the arrays it returns.
    /// </summary>
    public static class Reverse
    {
        /// <summary>f′(x).</summary>
        public static double Derivative<F>(F f, double x) where F : IUnaryFunction
        {
            Tape<Real<double>> tape = TapePool<Real<double>>.Rent();
            Var<Real<double>> variable = tape.Variable(new Real<double>(x));
            tape.Backward(Evaluation.Of(f, variable));
            double derivative = tape.Adjoint(variable).Value;
            TapePool<Real<double>>.Return(tape);
            return derivative;
        }

        /// <summary>∇f(x): one evaluation and one sweep, whatever the number of arguments.</summary>
        public static double[] Gradient<F>(F f, ReadOnlySpan<double> x) where F : IFunction
        {
            double[] gradient = new double[x.Length];
            Gradient(f, x, gradient);
            return gradient;
        }

        /// <summary>
        /// Writes ∇f(x) to <paramref name="gradient"/> and gives f(x); allocates nothing once the thread's tape has grown.
        /// </summary>
        /// <exception cref="ArgumentException">x and the gradient differ in length.</exception>
        public static double Gradient<F>(F f, ReadOnlySpan<double> x, Span<double> gradient) where F : IFunction =>
            Gradient(f, MemoryMarshal.Cast<double, Real<double>>(x), MemoryMarshal.Cast<double, Real<double>>(gradient)).Value;

        /// <summary>
        /// The same over any algebra. Over dual numbers the gradient comes out with its own derivative, which is a
        /// product with the Hessian.
        /// </summary>
        /// <exception cref="ArgumentException">x and the gradient differ in length.</exception>
        public static V Gradient<F, V>(F f, ReadOnlySpan<V> x, Span<V> gradient) where F : IFunction where V : struct, IAlgebra<V>
        {
            if (gradient.Length != x.Length) throw WrongRoom(x.Length, gradient.Length);
            Tape<V> tape = TapePool<V>.Rent();
            ReadOnlySpan<Var<V>> variables = tape.Variables(x);
            Var<V> y = Evaluation.Of(f, variables);
            tape.Backward(y);
            tape.Adjoints(variables, gradient);
            TapePool<V>.Return(tape);
            return y.Value;
        }

        /// <summary>Apart from where it is thrown: the words of an error would make the frame of a fast path larger.</summary>
        private static ArgumentException WrongRoom(int arguments, int room) =>
            new($"The gradient has one entry for each of the {arguments} arguments, but there is room for {room}.", "gradient");

        /// <summary>uᵀ·J(x) (a vector-Jacobian product): one evaluation and one sweep; the Jacobian is never formed.</summary>
        /// <exception cref="ArgumentException">u has not one entry for each result.</exception>
        public static double[] Vjp<F>(F f, ReadOnlySpan<double> x, ReadOnlySpan<double> u) where F : IVectorFunction
        {
            if (u.Length != f.Outputs)
                throw new ArgumentException(
                    $"A vector-Jacobian product needs one weight for each of the {f.Outputs} results, but there are {u.Length}.",
                    nameof(u));
            double[] product = new double[x.Length];
            Tape<Real<double>> tape = TapePool<Real<double>>.Rent();
            ReadOnlySpan<Var<Real<double>>> variables = tape.Variables(MemoryMarshal.Cast<double, Real<double>>(x));
            Var<Real<double>>[] y = new Var<Real<double>>[f.Outputs];
            Evaluation.Of<F, Var<Real<double>>>(f, variables, y);
            tape.Backward(y, MemoryMarshal.Cast<double, Real<double>>(u));
            tape.Adjoints(variables, MemoryMarshal.Cast<double, Real<double>>(product.AsSpan()));
            TapePool<Real<double>>.Return(tape);
            return product;
        }

        /// <summary>
        /// The Jacobian: one evaluation, and a sweep for each <see cref="VectorDual.Width"/> of the m results (one for each where they are
        /// fewer than eight, or the tape is very long).
        /// </summary>
        public static Jacobian Jacobian<F>(F f, ReadOnlySpan<double> x) where F : IVectorFunction
        {
            double[,] matrix = new double[f.Outputs, x.Length];
            Tape<Real<double>> tape = TapePool<Real<double>>.Rent();
            ReadOnlySpan<Var<Real<double>>> variables = tape.Variables(MemoryMarshal.Cast<double, Real<double>>(x));
            Var<Real<double>>[] y = new Var<Real<double>>[f.Outputs];
            Evaluation.Of<F, Var<Real<double>>>(f, variables, y);
            RowSweep.Jacobian(tape, y, variables, matrix);
            TapePool<Real<double>>.Return(tape);
            return new(matrix, DerivativeMode.Reverse, Passes: f.Outputs, Evaluations: 1);
        }
    }
}
