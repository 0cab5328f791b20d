using System.Reflection;

namespace Adjoint.Tests.Scalars;

/// <summary>One element-wise operation without parameters, found by reflection, so that a new one is tested as soon as it exists.</summary>
public abstract class OperationCase(string name)
{
    public override string ToString() => name;

    /// <summary>First and second derivative by every method at points of the operation's domain.</summary>
    public abstract IEnumerable<Sample> Samples();

    public sealed record Sample(
        double X, double Y, double Slope, double Forward, double Reverse, double Second, double ForwardOverReverse,
        double ReverseOverForward, double[] Series, Func<double, double> Value, Func<double, double> Derivative);

    public static TheoryData<OperationCase> All =>
        [.. Find(typeof(IUnaryOp), typeof(UnaryCase<>)).Concat(Find(typeof(IBinaryOp), typeof(BinaryCase<>)))];

    private static IEnumerable<OperationCase> Find(Type contract, Type @case) =>
        typeof(Tensor).Assembly.GetTypes()
            .Where(type => type.IsValueType && !type.IsGenericType && type.IsAssignableTo(contract))
            .Where(type => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Length == 0)
            .OrderBy(type => type.Name)
            .Select(type => (OperationCase)Activator.CreateInstance(@case.MakeGenericType(type))!);

    /// <summary>Points of the domain, away from its ends and its kinks.</summary>
    protected static IEnumerable<double> Points(Domain domain) =>
        new[] { 0.11, 0.37, 0.52, 0.71, 0.93 }
            .Select(part => domain.Low + part * (domain.High - domain.Low))
            .Where(x => domain.Kinks.All(kink => Math.Abs(x - kink) > 0.05));

    private protected static IEnumerable<Sample> Samples<F>(F f, Domain domain, Func<double, double> slope) where F : struct, IUnaryFunction
    {
        foreach (double x in Points(domain))
        {
            Tape<Dual<Real<double>>> duals = new();
            Var<Dual<Real<double>>> variable = duals.Variable(Dual<Real<double>>.Variable(new(x)));
            duals.Backward(f.Invoke(variable));

            Tape<Real<double>> reals = new();
            Var<Real<double>> inner = reals.Variable(x);
            reals.Backward(f.Invoke(Dual<Var<Real<double>>>.Variable(inner)).Tangent);

            yield return new(x, Scalar.Value(f, x), slope(x), Scalar.Forward.Derivative(f, x), Scalar.Reverse.Derivative(f, x),
                Scalar.Forward.SecondDerivative(f, x), duals.Adjoint(variable).Tangent.Value, reals.Adjoint(inner).Value,
                Scalar.Derivatives(f, x, 2),
                at => Scalar.Value(f, at), at => Scalar.Forward.Derivative(f, at));
        }
    }

    private sealed class UnaryCase<TOp>() : OperationCase(TOp.Name) where TOp : struct, IUnaryOp
    {
        public override IEnumerable<Sample> Samples() => Samples(new Function(), TOp.Domain, x =>
        {
            Real<double> argument = new(x);
            return default(TOp).Slope(argument, default(TOp).Value(argument)).Value;
        });

        private readonly struct Function : IUnaryFunction
        {
            public V Invoke<V>(V x) where V : IAlgebra<V> => default(TOp).Value(x);
        }
    }

    private sealed class BinaryCase<TOp>() : OperationCase(TOp.Name) where TOp : struct, IBinaryOp
    {
        public override IEnumerable<Sample> Samples()
        {
            double midX = Points(TOp.DomainX).Last(), midY = Points(TOp.DomainY).First();
            IEnumerable<Sample> right = Samples(new Right(midX), TOp.DomainY, y => Slope(midX, y, left: false));
            // Of these nothing tells the slope in the first argument; on tensors it is refused.
            return TOp.Name is "special_zeta" or "igamma" or "igammac" ? right
                : Samples(new Left(midY), TOp.DomainX, x => Slope(x, midY, left: true)).Concat(right);
        }

        private static double Slope(double x, double y, bool left)
        {
            Real<double> a = new(x), b = new(y), z = default(TOp).Value(a, b);
            return (left ? default(TOp).SlopeX(a, b, z) : default(TOp).SlopeY(a, b, z)).Value;
        }

        private readonly struct Left(double y) : IUnaryFunction
        {
            public V Invoke<V>(V x) where V : IAlgebra<V> => default(TOp).Value(x, V.Constant(y));
        }

        private readonly struct Right(double x) : IUnaryFunction
        {
            public V Invoke<V>(V y) where V : IAlgebra<V> => default(TOp).Value(V.Constant(x), y);
        }
    }
}
