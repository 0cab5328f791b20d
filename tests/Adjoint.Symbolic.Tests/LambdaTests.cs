using System.Linq.Expressions;
using System.Reflection;
using Adjoint.Symbolic;
using E = System.Linq.Expressions.Expression;

namespace Adjoint.Tests.Symbolic;

/// <summary>A formula read from a C# lambda has C#'s value, or is refused by name.</summary>
public class LambdaTests
{
    [Fact]
    public void Captured_numbers_of_every_type_are_computed_by_CSharp()
    {
        int k = 2_000_000_000, three = 3;
        long big = (1L << 53) + 1;
        uint u = 4_000_000_000;
        byte b = 200;
        float f = 0.1f;
        decimal m = 0.1m;
        Half h = (Half)0.1;
        double a = 0.1, c = 0.2;
        int[] items = [7, 8];
        var list = new List<double> { 1.5 };
        Value(x => x * (k * 2)).ShouldBe(-294967296);
        Value(x => x * (k / three)).ShouldBe(666666666);
        Value(x => x * (three / 2)).ShouldBe(1);
        Value(x => x * (three % 2 - 5)).ShouldBe(-4);
        Value(x => x * big).ShouldBe(9007199254740992);
        Value(x => x * (big - (1L << 53))).ShouldBe(1);
        Value(x => x * (u + u)).ShouldBe(3_705_032_704);
        Value(x => x * (byte)(b + b)).ShouldBe(144);
        Value(x => x * f).ShouldBe((double)0.1f);
        Value(x => x * (f * f)).ShouldBe((double)(f * f));
        Value(x => x * (double)m).ShouldBe(0.1);
        Value(x => x * (double)(m + 0.2m)).ShouldBe(0.3);
        Value(x => x * (double)h).ShouldBe((double)h);
        Value(x => x * (a + c)).ShouldBe(0.30000000000000004);
        Value(x => x * (int)2.7).ShouldBe(2);
        Value(x => x * (int)(a * 27)).ShouldBe(2);
        Value(x => x * items[1] + list[0]).ShouldBe(9.5);
        Value(x => x * (k > 0 ? 1 : 2) + Math.Abs(-three) + Math.Max(three, 4)).ShouldBe(8);
        Value(x => x * MathF.Sqrt(2)).ShouldBe((double)MathF.Sqrt(2));
        Value(x => three < 2 ? x : 4 * x).ShouldBe(4);
        Expr.From(x => x * Math.Sqrt(2)).ToString().ShouldBe("x*sqrt(2)");      // what reads better stays
    }

    [Fact]
    public void What_doubles_alone_do_is_read()
    {
        Value(x => x % 0.3, 1).ShouldBe(1 % 0.3);
        Value(x => x % 0.3, -1).ShouldBe(-1 % 0.3);
        Value(x => Math.Round(x), 2.5).ShouldBe(2);
        Value(x => Math.Round(x, MidpointRounding.ToEven), 3.5).ShouldBe(4);
        Value(x => Math.Round(x, MidpointRounding.ToZero), -3.7).ShouldBe(-3);
        Value(x => Math.Round(x, MidpointRounding.ToNegativeInfinity), -3.2).ShouldBe(-4);
        Value(x => Math.Round(x, MidpointRounding.ToPositiveInfinity), 3.2).ShouldBe(4);
        Value(x => Math.Log(x, 10), 100).ShouldBe(2);
        Value(x => Math.Sign(x), -3).ShouldBe(-1);
        Value(x => x > 0 ? 1 : 2, -3).ShouldBe(2);
        Value(x => x > 0 && x < 5 || !(x >= -1) ? 1f : 2, -3).ShouldBe(1);
        Value(x => double.IsNaN(x) ? 1 : 2, double.NaN).ShouldBe(1);
        Value(x => double.IsNaN(x) ? 1 : 2, 3).ShouldBe(2);
        Value(x => x <= 0 ? 1 : 2, double.NaN).ShouldBe(2);
        Value(x => !(x > 0) ? 1 : 2, double.NaN).ShouldBe(1);
        Value(x => x != Math.Abs(x) ? 1 : 2, double.NaN).ShouldBe(1);
        Value(x => double.Hypot(x, 4), 3).ShouldBe(5);
    }

    [Fact]
    public void What_a_formula_cannot_say_is_refused_by_name()
    {
        int k = 3;
        Func<double, double> g = Math.Sin;
        Refused(x => (int)x + 0.0).ShouldContain("write Math.Truncate(x)");
        Refused(x => (long)x / 2).ShouldContain("Math.Truncate(x)");
        Refused(x => (float)x).ShouldContain("(float)x rounds to fewer digits");
        Refused(x => MathF.Sin((float)x)).ShouldContain("Sin");
        Refused(x => (double)(decimal)x).ShouldContain("decimal");
        Refused(x => (x > 0 ? 5 : 7) / 2).ShouldContain("divides whole numbers");
        Refused(x => Math.Sign(x) * k).ShouldContain("calculates in int");
        Refused(x => Math.Round(x, MidpointRounding.AwayFromZero)).ShouldContain("AwayFromZero");
        Refused(x => Math.Round(x, 2)).ShouldContain("decimal places");
        Refused(x => Math.Log(2, x)).ShouldContain("bases 0, 1");
        Refused(x => Math.Log(x, 1)).ShouldContain("bases 0, 1");
        Refused(x => Math.Cbrt(x)).ShouldContain("Cbrt");
        Refused(x => Math.ScaleB(x, 2)).ShouldContain("ScaleB");
        Refused(x => Math.Clamp(x, 0, 1)).ShouldContain("Clamp");
        Refused(x => g(x)).ShouldContain("Invoke(");
        Refused(x => x + g(2)).ShouldContain("compute it before");
        Refused(x => x + Random.Shared.NextDouble()).ShouldContain("compute it before");
        Refused(x => x * checked(k * int.MaxValue)).ShouldContain("overflow");
        Refused(x => x * (k / (k - 3))).ShouldContain("divide by zero");
        Refused(x => double.IsInfinity(x) ? 1 : 2).ShouldContain("IsInfinity");
        Refused(e => e * 2).ShouldContain("Euler's number");
        Refused(pi => pi + 1).ShouldContain("would read as π");
        Refused(NaN => NaN).ShouldContain("give it another name");
        Should.Throw<ArgumentException>(() => new Variable("e")).ParamName.ShouldBe("name");
        Should.Throw<ArgumentException>(() => Expr.Of(x => x + 1, "pi"));
        var p = E.Parameter(typeof(double), "p");
        var q = E.Parameter(typeof(double), "p");
        Should.Throw<NotSupportedException>(() =>
            Expr.From(E.Lambda<Func<double, double, double>>(E.Add(p, q), p, q))).Message.ShouldContain("called p");
    }

    [Fact]
    public void Parameters_without_names_get_some()
    {
        E named = E.Parameter(typeof(double), "x1"), unnamed = E.Parameter(typeof(double)), empty = E.Parameter(typeof(double), "");
        var lambda = E.Lambda<Func<double, double, double, double>>(
            E.Add(E.Multiply(unnamed, named), empty), (ParameterExpression)unnamed, (ParameterExpression)named, (ParameterExpression)empty);
        Expr.From(lambda).ToString().ShouldBe("x1_*x1 + x3");
    }

    /// <summary>Random expression trees over all numeric types: casts, whole numbers, single precision, decimals, choices.</summary>
    [Fact]
    public void Random_lambdas_have_the_value_of_CSharp_or_are_refused()
    {
        var random = new System.Random(11);
        int read = 0, refused = 0;
        for (int i = 0; i < 2_000; i++)
        {
            var lambda = new RandomLambdas(random).Next();
            Func<double, double, double> computed = lambda.Compile(preferInterpretation: true);
            Expr formula;
            try
            {
                formula = Expr.From(lambda);
            }
            catch (NotSupportedException)
            {
                refused++;
                continue;
            }
            read++;
            foreach (var (x, y) in ((double, double)[])[(2.7, -0.5), (-3.25, 4), (0, 1), (1e10, -7.5)])
            {
                double expected;
                try
                {
                    expected = computed(x, y);
                }
                catch (ArithmeticException)
                {
                    continue;
                }
                if (!double.IsFinite(expected)) continue;
                formula.Evaluate(("x", x), ("y", y))
                    .ShouldBe(expected, 1e-12 * (1 + Math.Abs(expected)), $"{lambda} at {x}, {y}: {formula}");
            }
        }
        read.ShouldBeGreaterThan(500);
        refused.ShouldBeGreaterThan(40);
    }

    private sealed class RandomLambdas(System.Random random)
    {
        private static readonly Type[] Types =
            [typeof(double), typeof(int), typeof(long), typeof(float), typeof(uint), typeof(decimal), typeof(short)];

        private readonly ParameterExpression _x = E.Parameter(typeof(double), "x"), _y = E.Parameter(typeof(double), "y");

        public Expression<Func<double, double, double>> Next() => E.Lambda<Func<double, double, double>>(Of(typeof(double), 4), _x, _y);

        private E Of(Type type, int depth)
        {
            int kind = random.Next(depth <= 0 ? 2 : 10);
            if (kind < 2) return type == typeof(double) && random.Next(3) > 0 ? random.Next(2) == 0 ? _x : _y : Constant(type);
            if (kind == 2) return E.Convert(Of(random.Next(2) == 0 ? typeof(double) : Types[random.Next(Types.Length)], depth - 2), type);
            if (kind == 3 && type == typeof(double))
                return E.Call(
                    typeof(Math).GetMethod(((string[])["Sin", "Floor", "Round", "Truncate", "Abs", "Tanh"])[random.Next(6)],
                        [typeof(double)])!, Of(type, depth - 1));
            if (kind == 4 && type == typeof(double))
                return E.Call(
                    typeof(Math).GetMethod(((string[])["Max", "Min", "Atan2"])[random.Next(3)], [typeof(double), typeof(double)])!,
                    Of(type, depth - 1), Of(type, depth - 1));
            if (kind == 5)
            {
                Type compared = random.Next(3) > 0 ? typeof(double) : Types[random.Next(Types.Length)];
                E left = Of(compared, depth - 2), right = Of(compared, depth - 2);
                E test =
                    random.Next(4) switch
                    {
                        0 => E.LessThan(left, right),
                        1 => E.GreaterThanOrEqual(left, right),
                        2 => E.NotEqual(left, right),
                        _ => E.LessThanOrEqual(left, right)
                    };
                return E.Condition(random.Next(3) == 0 ? E.Not(test) : test, Of(type, depth - 1), Of(type, depth - 1));
            }
            if (type == typeof(short)) return Constant(type);
            E a = Of(type, depth - 1), b = Of(type, depth - 1);
            return random.Next(7) switch
            {
                0 or 1 => E.Add(a, b),
                2 => E.Subtract(a, b),
                3 => type == typeof(decimal) ? E.Add(a, b) : E.MultiplyChecked(a, b),
                4 => E.Multiply(a, b),
                5 => E.Divide(a, b),
                _ => type == typeof(double) ? E.Divide(a, b) : E.Modulo(a, b),       // a remainder jumps where rounding decides
            };
        }

        private E Constant(Type type)
        {
            double value =
                random.Next(4) switch
                {
                    0 => random.Next(1, 5),
                    1 => 2_000_000_000,
                    2 => 0.1 * random.Next(1, 40),
                    _ => random.Next(1, 200)
                };
            object constant = type == typeof(double) ? value : type == typeof(float) ? (float)value : type == typeof(decimal)
                ? (decimal)value
                : type == typeof(int) ? (int)value : type == typeof(long) ? (long)value : type == typeof(uint) ? (uint)value
                : (object)(short)(value % 300);
            return E.Constant(constant, type);
        }
    }

    private static double Value(Expression<Func<double, double>> lambda, double x = 1) => Expr.From(lambda).Evaluate(("x", x));

    private static string Refused(Expression<Func<double, double>> lambda) =>
        Should.Throw<NotSupportedException>(() => Expr.From(lambda)).Message;
}
