namespace Adjoint.Tests.Parity;

/// <summary>15.12–15.19: the dtype of a result for every pair of dtypes and every kind of operand.</summary>
public class PromotionParityTests
{
    internal sealed record Case(string Op, string[] Left, string[]? Right, string? Result)
    {
        public override string ToString() => Right is null ? $"{Op}({Left[0]})" : $"{Op}({Left[0]} {Left[1]}, {Right[0]} {Right[1]})";
    }

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> OfTensors = new()
    {
        ["add"] = (x, y) => x + y,
        ["sub"] = (x, y) => x - y,
        ["mul"] = (x, y) => x * y,
        ["div"] = (x, y) => x / y,
        ["pow"] = (x, y) => x.Pow(y),
        ["maximum"] = (x, y) => x.Maximum(y),
        ["remainder"] = (x, y) => x.Remainder(y),
        ["fmod"] = (x, y) => x.Fmod(y),
        ["atan2"] = (x, y) => x.Atan2(y),
        ["cat"] = (x, y) => Tensor.Cat([x, y]),
        ["lt"] = (x, y) => x < y,
        ["eq"] = (x, y) => x.Eq(y),
        ["where"] = (x, y) => Tensor.Where(Tensor.From([true]), x, y),
    };

    // C# has no bool beside numbers in arithmetic: what Python calls int is int here, float is double.
    private static readonly Dictionary<string, Func<Tensor, Tensor>> OfInt = new()
    {
        ["add"] = x => x + 3,
        ["sub"] = x => x - 3,
        ["mul"] = x => x * 3,
        ["div"] = x => x / 3,
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> OfDouble = new()
    {
        ["add"] = x => x + 2.5,
        ["sub"] = x => x - 2.5,
        ["mul"] = x => x * 2.5,
        ["div"] = x => x / 2.5,
        ["pow"] = x => x.Pow(2.5),
        ["remainder"] = x => x.Remainder(2.5),
        ["fmod"] = x => x.Fmod(2.5),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> FromInt = new()
    {
        ["add"] = x => 3 + x,
        ["sub"] = x => 3 - x,
        ["mul"] = x => 3 * x,
        ["div"] = x => 3 / x,
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> FromDouble = new()
    {
        ["add"] = x => 2.5 + x,
        ["sub"] = x => 2.5 - x,
        ["mul"] = x => 2.5 * x,
        ["div"] = x => 2.5 / x,
        ["pow"] = x => x.PowOf(2.5),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> OfOne = new()
    {
        ["sum"] = x => x.Sum(),
        ["mean"] = x => x.Mean(),
        ["prod"] = x => x.Prod(),
        ["cumsum"] = x => x.CumSum(0),
        ["exp"] = x => x.Exp(),
        ["sqrt"] = x => x.Sqrt(),
        ["neg"] = x => x.Neg(),
        ["abs"] = x => x.Abs(),
        ["sigmoid"] = x => x.Sigmoid(),
        ["relu"] = x => x.Relu(),
        ["floor"] = x => x.Floor(),
        ["sign"] = x => x.Sign(),
        ["reciprocal"] = x => x.Reciprocal(),
    };

    private static readonly ILookup<string, Case> Cases = Fixtures.Read<Case>("promotion").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. OfTensors.Keys.Union(OfOne.Keys)];

    /// <summary>Only what PyTorch answers is compared: it refuses arithmetic on truth values in places where we give numbers.</summary>
    [Theory] // 15.12, 15.14, 15.15, 15.16, 15.17, 15.19
    [MemberData(nameof(Operations))]
    public void Results_have_PyTorchs_dtype(string operation)
    {
        var different =
            from @case in Cases[operation]
            let call = Call(@case)
            where call is not null && @case.Result is not null
            let dtype = DTypeOf(call)
            where dtype != @case.Result
            select $"{@case}: {dtype ?? "refused"} instead of {@case.Result ?? "refused"}";

        different.Take(10).ShouldBeEmpty();
    }

    /// <summary>The case as C# writes it; null where C# has no such call.</summary>
    private static Func<Tensor>? Call(Case @case)
    {
        if (@case.Right is null) return Partial(OfOne, @case, () => Operand(@case.Left));
        if (@case.Right[1] == "number")
            return Partial(@case.Right[0] switch { "int" => OfInt, "float" => OfDouble, _ => [] }, @case, () => Operand(@case.Left));
        if (@case.Left[1] == "number")
            return Partial(@case.Left[0] switch { "int" => FromInt, "float" => FromDouble, _ => [] }, @case, () => Operand(@case.Right));
        return OfTensors.TryGetValue(@case.Op, out var call) ? () => call(Operand(@case.Left), Operand(@case.Right)) : null;
    }

    private static Func<Tensor>? Partial(Dictionary<string, Func<Tensor, Tensor>> calls, Case @case, Func<Tensor> operand) =>
        calls.TryGetValue(@case.Op, out var call) ? () => call(operand()) : null;

    private static Tensor Operand(string[] kind) =>
        Tensor.Ones(kind[1] == "0-dim" ? Shape.Scalar : Shape.Of(2), Enum.GetValues<DType>().Single(dtype => dtype.TorchName == kind[0]));

    private static string? DTypeOf(Func<Tensor> call)
    {
        try
        {
            return call().DType.TorchName;
        }
        catch (TensorException)
        {
            return null;
        }
    }
}
