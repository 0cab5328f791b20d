using System.Reflection;
using Adjoint.Symbolic;

namespace Adjoint.Tests.Ops;

/// <summary>
/// A whole number divided by 0 is an error of the argument that is 0, in every form, dtype and layout (docs/decisions/0023).
/// </summary>
public class IntegerDivisionTests
{
    private static readonly string[] Operations = ["Remainder", "Fmod"];

    private static readonly (string Name, Func<Tensor, Tensor> Of)[] Layouts =
    [
        ("contiguous", x => x), ("transposed", x => x.T.Contiguous().T),
            ("every second", x => Tensor.Stack([x, x], 2).Flatten(1)[.., TensorIndex.Slice(step: 2)]),
        ("a part", x => Tensor.Cat([x, x], 0)[2..]), ("expanded", x => x[..1].Expand(2, 3)), ("broadcast", x => x[0]),
        ("without dimensions", x => x[0, 1]), ("empty", x => x[..0]),
    ];

    private static IEnumerable<DType> Whole => Enum.GetValues<DType>().Where(d => !d.IsFloatingPoint);

    [Fact]
    public void A_zero_among_the_divisors_is_named_with_its_place()
    {
        int seen = 0;
        foreach (MethodInfo method in Overloads(typeof(Tensor)))
            foreach (DType dtype in Whole)
                foreach (DType other in Whole)
                    foreach ((string layout, Func<Tensor, Tensor> lay) in Layouts)
                    {
                        Tensor x = lay(Tensor.From([7.0, 5, 1, 1, 6, 9], [2, 3]).To(dtype)),
                            y = lay(Tensor.From([1.0, 0, 1, 1, 1, 1], [2, 3]).To(other));
                        string what = $"{method} of {dtype} and {other}, {layout}";
                        if (layout == "empty") { Call(method, x, y).NumEl.ShouldBe(0, what); continue; }
                        Tensor before = x.Clone();
                        var error = Should.Throw<ArgumentException>(() => Call(method, x, y), what);
                        error.ParamName.ShouldBe(method.GetParameters()[0].Name, what);
                        string place = layout switch { "without dimensions" => "", "broadcast" => "[1]", _ => "[0, 1]" };
                        if (!IsNumber(method)) error.Message.ShouldContain($"{method.Name}: other{place} is 0", Case.Sensitive, what);
                        else error.Message.ShouldContain($"{method.Name}: divisor is 0", Case.Sensitive, what);
                        x.ShouldSatisfyAllConditions(() => ((bool)(x == before).All()).ShouldBeTrue(what));
                        seen++;
                    }
        seen.ShouldBeGreaterThan(400);
    }

    /// <summary>A number that is none in the dtype of the quotient is named, and is not taken for the 0 that is left of it.</summary>
    [Theory, InlineData(256L), InlineData(-512L)]
    public void A_number_that_is_zero_among_bytes_is_named(long number)
    {
        Tensor x = Tensor.From([5.0, 200], [2]).To(DType.UInt8);
        foreach (MethodInfo method in Overloads(typeof(Tensor)).Where(IsNumber))
        {
            var error = Should.Throw<DTypeException>(() => (Tensor)method.Invoke(x, BindingFlags.DoNotWrapExceptions, null, [(Number)number], null)!);
            error.Message.ShouldContain($"{method.Name}: {number} is out of the range of UInt8");
        }
        Should.Throw<DTypeException>(() => x % number).Message.ShouldContain($"{number} is out of the range of UInt8");
        (number % x).ToArray<byte>().ShouldBe([(byte)((byte)number % 5), (byte)((byte)number % 200)]);
    }

    [Fact]
    public void A_real_number_among_the_operands_has_nan_instead()
    {
        foreach (MethodInfo method in Overloads(typeof(Tensor)))
            foreach (DType dtype in Whole)
                foreach ((string layout, Func<Tensor, Tensor> lay) in Layouts.Where(l => l.Name != "empty"))
                {
                    Tensor x = lay(Tensor.Full([2, 3], 5, dtype)), zero = lay(Tensor.Zeros(2, 3));
                    Tensor result = IsNumber(method) ? (Tensor)method.Invoke(x, [(Number)0.0])! : Call(method, x, zero);
                    result.DType.ShouldBe(DType.Float32, $"{method} of {dtype}, {layout}");
                    ((bool)result.IsNaN().All()).ShouldBeTrue($"{method} of {dtype}, {layout}");
                    Call(method, lay(Tensor.Full([2, 3], 5, DType.Float64)), lay(Tensor.Zeros([2, 3], dtype))).IsNaN().All().Item<bool>()
                        .ShouldBeTrue();
                }
    }

    /// <summary>A division by zero anywhere in a long tensor, by several threads too, and none where a register ends.</summary>
    [Fact]
    public void Functions_of_a_callers_own_name_the_elements_they_divide()
    {
        foreach (DType dtype in Whole.Where(d => d != DType.Bool))
            foreach (int n in (int[])[1, 2, 3, 5, 8, 15, 31, 33, 64, 100, 300_000])
            {
                Tensor x = Tensor.Full([n], 4, dtype), y = Tensor.Full([n], 2, dtype);
                Unary.Apply(new Inverse(), x).Sum().Item<long>().ShouldBe(0, $"{n} of {dtype}");
                Binary.Apply(new Quotient(), x, y).Sum().Item<long>().ShouldBe(2 * n, $"{n} of {dtype}");
                if (n > 100 && dtype != DType.Int64) continue;
                foreach (int at in (int[])[0, n / 2, n - 1])
                {
                    if (n > 100 && at != 0) continue;
                    Tensor zero = y.Clone();
                    zero[at] = 0;
                    Should.Throw<ArgumentException>(() => Unary.Apply(new Inverse(), zero))
                        .ShouldSatisfyAllConditions(
                            e => e.ParamName.ShouldBe("x"), e => e.Message.ShouldContain("inverse: a quotient of integers is none"),
                            e => e.Message.ShouldContain("x is 0"));
                    Should.Throw<ArgumentException>(() => Binary.Apply(new Quotient(), x, zero))
                        .ShouldSatisfyAllConditions(e => e.ParamName.ShouldBe("y"), e => e.Message.ShouldContain("x is 4 and y is 0"));
                    Should.Throw<ArgumentException>(() => Unary.ApplyInPlace(new Inverse(), zero)).ParamName.ShouldBe("x");
                    Should.Throw<ArgumentException>(() => Binary.ApplyInPlace(new Quotient(), x, zero)).ParamName.ShouldBe("y");
                    x.Sum().Item<long>().ShouldBe(4 * n);
                }
            }
        Tensor matrix = Tensor.Arange(0, 6).Reshape(2, 3);
        Should.Throw<ArgumentException>(() => Binary.Apply(new Quotient(), matrix.T + 1, matrix.T)).Message.ShouldContain(
            "x is 1 and y is 0");
        Should.Throw<ArgumentException>(() => Binary.Apply(new Quotient(), matrix + 1, matrix[0])).Message.ShouldContain(
            "x is 1 and y is 0");
        Should.Throw<ArgumentException>(() => Generic(matrix)).Message.ShouldContain("emainder");

        static V Generic<V>(V x) where V : IAlgebra<V> => x.Remainder(x);
    }

    /// <summary>The smallest integer has no opposite, and a processor refuses to divide it by −1.</summary>
    [Fact]
    public void The_smallest_integer_by_minus_one_has_a_remainder_and_no_quotient()
    {
        foreach ((DType dtype, long smallest) in ((DType, long)[])[(DType.Int32, int.MinValue), (DType.Int64, long.MinValue)])
            for (int n = 1; n < 40; n++)
            {
                Tensor x = Tensor.From([.. Enumerable.Repeat(smallest, n)]).To(dtype), y = Tensor.Full([n], -1, dtype);
                foreach (MethodInfo method in Overloads(typeof(Tensor)))
                    ((Tensor)method.Invoke(x, [IsNumber(method) ? (object)(Number)(-1) : y])!).CountNonZero().Item<long>()
                    .ShouldBe(0, $"{method} {n} of {dtype}");
                Should.Throw<ArgumentException>(() => Binary.Apply(new Quotient(), x, y)).Message.ShouldContain(
                    $"x is {smallest} and y is -1");
            }
    }

    [Fact]
    public void A_fraction_with_no_denominator_is_refused_by_the_name_of_what_is_zero()
    {
        Should.Throw<ArgumentException>(() => new Rational(3, 0)).ParamName.ShouldBe("denominator");
        Should.Throw<ArgumentException>(() => Rational.One / Rational.Zero).ParamName.ShouldBe("y");
        foreach (int n in (int[])[-1, -7, int.MinValue]) Should.Throw<ArgumentException>(() => Rational.Pow(0, n)).ParamName.ShouldBe("x");
        Rational.Pow(0, 0).ShouldBe(Rational.One);
    }

    private static IEnumerable<MethodInfo> Overloads(Type type) =>
        type.GetMethods().Where(m => Operations.Contains(m.Name) && m.GetParameters().Length == 1);

    private static bool IsNumber(MethodInfo method) => method.GetParameters()[0].ParameterType == typeof(Number);

    private static Tensor Call(MethodInfo method, Tensor x, Tensor divisors)
    {
        object divisor = !IsNumber(method) ? (object)divisors : divisors.DType.IsFloatingPoint ? (Number)0.0 : divisors.DType == DType.Bool
            ? (Number)false : (Number)0;
        return (Tensor)method.Invoke(x, BindingFlags.DoNotWrapExceptions, null, [divisor], null)!;
    }

    private readonly struct Inverse : IUnaryOp
    {
        public static string Name => "inverse";
        public static Saves Saves => Saves.Output;
        public static bool KeepsIntegers => true;
        public V Value<V>(V x) where V : IAlgebra<V> => 1 / x;
        public V Slope<V>(V x, V y) where V : IAlgebra<V> => -(y * y);
    }

    private readonly struct Quotient : IBinaryOp
    {
        public static string Name => "quotient";
        public static Saves Saves => Saves.Input | Saves.Output;
        public static bool KeepsIntegers => true;
        public V Value<V>(V x, V y) where V : IAlgebra<V> => x / y;
        public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => 1 / y;
        public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -(z / y);
    }
}
