using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Ops;

/// <summary>
/// Derivatives where digits are easily lost (removable poles, squares that overflow or vanish), by every method,
/// against 80 digits: tests/Parity/extreme_fixtures.py.
/// </summary>
public class ExtremeTests
{
    private static readonly ILookup<string, Case> Cases = Fixtures.Read<Case>("extremes").ToLookup(c => c.Name);

    public static TheoryData<string> Names => [.. Cases.Select(c => c.Key)];

    [Theory, MemberData(nameof(Names))]
    public void Every_method_keeps_its_digits(string name)
    {
        var wrong = new List<string>();
        foreach (Case at in Cases[name])
        {
            switch (name)
            {
                case "sinc": Check(new Sinc(), at, 4, wrong); break;
                case "asinh": Check(new Asinh(), at, at.X > 1e100 ? 1 : 2, wrong); break;
                case "atan2_x": Check(new Angle(1e200, true), at, 1, wrong); break;
                case "atan2_y": Check(new Angle(1e200, false), at, 1, wrong); break;
                case "atan2_tiny": Check(new Angle(1e-200, true), at, 1, wrong); break;
                case "hypot": Check(new Hypot(1e200), at, 2, wrong); break;
                case "hypot_tiny": Check(new Hypot(1e-200), at, 2, wrong); break;
                default: Check(new GeluTanh(), at, 2, wrong); break;
            }
        }
        wrong.ShouldBeEmpty();
    }

    private static void Check<F>(F f, Case at, int orders, List<string> wrong) where F : struct, IUnaryFunction
    {
        double x = at.X;
        Agree("series", Scalar.Derivatives(f, x, orders), 0);
        Agree("forward", [Scalar.Forward.Derivative(f, x)], 1);
        Agree("reverse", [Scalar.Reverse.Derivative(f, x)], 1);
        if (orders > 1) Agree("forward twice", [Scalar.Forward.SecondDerivative(f, x)], 2);
        Agree("tensors, reverse", Backward(v => f.Invoke(v), x, orders), 0);
        Agree("tensors, forward", Tangents(v => f.Invoke(v), x, orders), 0);

        void Agree(string method, double[] found, int from)
        {
            for (int n = 0; n < found.Length; n++)
            {
                double expected = at.Derivatives[n + from];
                // Derivatives of these two are of the order of 1, or vanish.
                double slack = 1e-9 * Math.Abs(expected) + (at.Name is "sinc" or "gelu_tanh" ? 1e-12 : 0);
                if (!(Math.Abs(found[n] - expected) <= slack))
                    wrong.Add($"x = {x}, order {n + from}, {method}: {found[n]}, expected {expected}");
            }
        }
    }

    internal static double[] Backward(Func<Tensor, Tensor> f, double x, int orders)
    {
        Tensor at = Tensor.Scalar(x, DType.Float64).RequiresGradInPlace(), y = f(at);
        var found = new List<double> { y.Item<double>() };
        for (int n = 0; n < orders; n++)
        {
            y = y.RequiresGrad ? Autograd.Grad([y], [at], createGraph: true, allowUnused: true)[0] ?? at.ZerosLike() : at.ZerosLike();
            found.Add(y.Item<double>());
        }
        return [.. found];
    }

    internal static double[] Tangents(Func<Tensor, Tensor> f, double x, int orders)
    {
        var found = new List<double>();
        Tensor at = Tensor.Scalar(x, DType.Float64);
        for (int n = 0; n <= orders; n++)
        {
            found.Add(f(at).Item<double>());
            Func<Tensor, Tensor> lower = f;
            f = v => Transforms.Jvp(lower, v, v.OnesLike()).Jvp;
        }
        return [.. found];
    }

    private sealed record Case(string Name, double X, double[] Derivatives);

    private readonly struct Sinc : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x.Sinc(); }

    private readonly struct Asinh : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x.Asinh(); }

    private readonly struct GeluTanh : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x.Gelu(GeluApproximation.Tanh); }

    private readonly struct Hypot(double y) : IUnaryFunction { public V Invoke<V>(V x) where V : IAlgebra<V> => x.Hypot(V.Constant(y)); }

    private readonly struct Angle(double other, bool first) : IUnaryFunction
    {
        public V Invoke<V>(V x) where V : IAlgebra<V> => first ? x.Atan2(V.Constant(other)) : V.Constant(other).Atan2(x);
    }
}
