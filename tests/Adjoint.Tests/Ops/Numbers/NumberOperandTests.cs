using System.Reflection;
using Adjoint.Symbolic;

namespace Adjoint.Tests.Ops.Numbers;

/// <summary>
/// A C# number beside a tensor is the number, whatever its type and the operation: every way to write one is compiled, and compared
/// with the same operation on a tensor full of that number in the dtype of the result.
/// </summary>
public class NumberOperandTests
{
    /// <summary>As the user writes it with a number c, and what it means with tensors X and C of the dtype of the result.</summary>
    private static readonly (string Written, string Meant)[] Operations =
    [
        ("x + {0}", "X + C"), ("{0} + x", "C + X"), ("x - {0}", "X - C"), ("{0} - x", "C - X"), ("x * {0}", "X * C"), ("{0} * x", "C * X"),
            ("x / {0}", "X / C"),
        ("x.Add({0})", "X + C"), ("x.Sub({0})", "X - C"), ("x.Mul({0})", "X * C"), ("x.Div({0})", "X / C"), ("x.Add(y, {0})", "X + Y * C"),
        ("x.Sub(y, {0})", "X - Y * C"),
        ("x.Clamp({0}, null)", "X.Maximum(C)"), ("x.Clamp(max: {0})", "X.Minimum(C)"), ("x.Clamp({0}, {0})", "X.Maximum(C).Minimum(C)"),
        ("x.ClampMin({0})", "X.Maximum(C)"), ("x.ClampMax({0})", "X.Minimum(C)"),
        ("x.PowOf({0})", "C.Pow(X)"),
        ("x.Lerp({0}, 0.25)", "X.Lerp(C, 0.25)"), ("x.Lerp(y, {0})", "Real(X).Lerp(Real(Y), Real(C))"),
        ("x.AddCMul(x, y, {0})", "X + X * Y * C"),
        ("Tensor.Where(m, x, {0})", "Tensor.Where(m, X, C)"), ("Tensor.Where(m, {0}, x)", "Tensor.Where(m, C, X)"),
        .. from row in OpTable.ElementWise.OfType<BinaryRow>()
           where row.Info.FormulaNames.Count > 0
           let word = Notation.Word(row.Name, row.Info)
           select ($"x.{word}({{0}})", $"X.{word}(C)"),
    ];

    /// <summary>Comparisons, which are made where nothing is rounded.</summary>
    private static readonly (string Written, string Meant)[] Relations =
    [
        ("x < {0}", "X < C"), ("x > {0}", "X > C"), ("x <= {0}", "X <= C"), ("x >= {0}", "X >= C"), ("x == {0}", "X.Eq(C)"),
            ("x != {0}", "X.Ne(C)"),
        ("{0} < x", "C < X"), ("{0} >= x", "C >= X"), ("{0} == x", "C.Eq(X)"), ("x.Lt({0})", "X < C"), ("x.Eq({0})", "X.Eq(C)"),
        ("x.Ne({0})", "X.Ne(C)"), ("x.Ge({0})", "X >= C"),
    ];

    /// <summary>What writes numbers into a tensor keeps its dtype.</summary>
    private static readonly (string Written, string Meant)[] Writes =
    [
        ("Put(x, {0})", "Put(X, C[0])"), ("x.MaskedFill(m, {0})", "Tensor.Where(m, C, X)"),
            ("x.Clone().MaskedFillInPlace(m, {0})", "Tensor.Where(m, C, X)"),
        ("x.FullLike({0})", "C"), ("x.Clone().FillInPlace({0})", "C"), ("Tensor.Full(x.Shape, {0}, x.DType)", "C"),
        ("Tensor.Scalar({0}, x.DType).Expand(x.Shape)", "C"),
        ("x.IndexFill(0, first, {0})", "x.IndexCopy(0, first, C[..1])"), ("x.IndexPut([first], {0})", "x.IndexCopy(0, first, C[..1])"),
    ];

    private static readonly (string Written, string Meant)[] InPlace =
    [
        ("x.Clone().AddInPlace({0})", "X + C"), ("x.Clone().SubInPlace({0})", "X - C"), ("x.Clone().MulInPlace({0})", "X * C"),
            ("x.Clone().DivInPlace({0})", "X / C"),
        ("x.Clone().AddInPlace(y, {0})", "X + Y * C"), ("x.Clone().PowInPlace({0})", "X.Pow(C)"),
        ("x.Clone().ClampMinInPlace({0})", "X.Maximum(C)"),
        ("x.Clone().ClampInPlace({0}, {0})", "X.Maximum(C).Minimum(C)"),
    ];

    private static readonly (string Text, Number Value)[] Literals =
    [
        ("0.1", 0.1), ("1.1", 1.1), ("0.1f", 0.1f), ("(Half)0.1", (Half)0.1), ("0.1m", 0.1m), ("1e300", 1e300), ("2.0", 2.0),
            ("double.NaN", double.NaN),
        ("3", 3), ("(byte)3", 3), ("(short)3", 3), ("(ushort)3", 3), ("3u", 3), ("5L", 5), ("5UL", 5), ("16777217L", 16777217),
        ("9007199254740993L", 9007199254740993), ("true", true),
        ("(Number)0.1", 0.1),
    ];

    private static readonly DType[] DTypes = Enum.GetValues<DType>();

    private const string Parameters = "Tensor x, Tensor y, Tensor m, Tensor X, Tensor Y, Tensor C";
    private const string Preamble =
        "static Tensor Real(Tensor x) => x.DType is DType.Float32 or DType.Float64 ? x : x.To(DType.Float32); static Tensor first = "
        + "Tensor.From([0L]); static Tensor Put(Tensor x, Tensor c) { x = x.Clone(); x[0] = c; return x; }";

    public static TheoryData<string> Kinds => ["operations", "relations", "writes", "in place"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_number_is_itself_until_the_operation_runs(string kind)
    {
        (string Written, string Meant)[] rows =
            kind switch { "operations" => Operations, "relations" => Relations, "writes" => Writes, _ => InPlace };
        string[] written = [.. rows.SelectMany(row => Literals.Select(c => string.Format(null, row.Written, c.Text)))];
        MethodInfo[] calls = Snippets.Compile([.. written, .. rows.Select(row => row.Meant)], Parameters, Preamble);
        List<string> wrong = [];
        int compared = 0;
        foreach (DType dtype in DTypes)
        {
            foreach ((string layout, Tensor x) in Layouts(dtype))
            {
                for (int i = 0; i < written.Length; i++)
                {
                    (string literal, Number c) = Literals[i % Literals.Length];
                    // All types of numbers with the longest dtypes, and one of each category with each dtype and layout.
                    if ((layout != "a row" || dtype is not (DType.Float64 or DType.Int64)) && literal is not ("0.1" or "5L" or "true"))
                        continue;
                    // Weights of Lerp make real numbers, as a tensor of truth values does not, and truth values have no sums and bounds of
                    // their own.
                    if (written[i].Contains("Lerp(y", StringComparison.Ordinal) && !dtype.IsFloatingPoint) continue;
                    if (dtype == DType.Bool
                        && (c.DType == DType.Bool || written[i].Contains("(y, ", StringComparison.Ordinal)
                            || written[i].Contains("Clamp", StringComparison.Ordinal))) continue;
                    bool factor = written[i].Contains("(y, ", StringComparison.Ordinal)
                        && !written[i].Contains("Lerp", StringComparison.Ordinal);
                    if (double.IsNaN(c.ToDouble()) && written[i].Contains("Clamp", StringComparison.Ordinal)) continue;
                    DType result =
                        kind switch
                        {
                            "writes" => dtype,
                            "relations" => Compared(dtype, c),
                            _ => factor && c.IsWhole ? dtype : Promoted(dtype, c)
                        };
                    Tensor m = Tensor.Arange(x.NumEl).Remainder(2).Eq(0).Reshape(x.Shape), y = x.Clone();
                    if (kind == "writes" && !c.Fits(dtype)) continue;
                    Tensor full = Tensor.Full(x.Shape, c.Fits(result) ? c : 0, result);
                    object? got = Invoke(calls[i], x, y, m, x, y, full);
                    object? meant = Invoke(calls[written.Length + i / Literals.Length], x, y, m, x.To(result), y.To(result), full);
                    if (got is not Tensor a || meant is not Tensor b) continue;
                    compared++;
                    if (kind == "in place" && b.DType != dtype) wrong.Add($"{written[i]} ({dtype}): stored though it is {b.DType}");
                    if (!Same(a, b, c, result)) wrong.Add($"{written[i]} of {dtype}, {layout}: {a} instead of {b}");
                }
            }
        }

        compared.ShouldBeGreaterThan(400);
        string.Join('\n', wrong.Take(20)).ShouldBeEmpty();
    }

    private static bool Same(Tensor a, Tensor b, Number c, DType result)
    {
        if (a.DType != b.DType || !a.Shape.Equals(b.Shape)) return false;
        // A whole number that no small integer holds wraps in arithmetic, as in PyTorch: there is nothing to compare it with.
        if (!c.Fits(result)) return true;
        double tolerance = a.DType == DType.Float32 ? 1e-6 : 1e-14;
        return a.DType.IsFloatingPoint ? a.AllClose(b, tolerance, tolerance, equalNaN: true) : (bool)(a == b).All();
    }

    /// <summary>PyTorch's rule: a number raises the dtype only to a higher category.</summary>
    private static DType Promoted(DType dtype, Number c) => dtype.IsFloatingPoint ? dtype
        : !c.IsWhole ? DType.Float32
        : dtype == DType.Bool ? c.DType : dtype;

    private static DType Compared(DType dtype, Number c) => dtype.IsFloatingPoint ? dtype : c.IsWhole ? DType.Int64 : DType.Float64;

    private static IEnumerable<(string, Tensor)> Layouts(DType dtype)
    {
        Tensor values = Tensor.From([1.0, 0.3, 2, 7, 0, 5]).To(dtype);
        yield return ("a row", values);
        yield return ("transposed", values.Reshape(2, 3).T);
        yield return ("every second", values[TensorIndex.Slice(0, null, 2)]);
        yield return ("expanded", values[..3].Unsqueeze(0).Expand(2, 3));
        yield return ("one element", values[2..3]);
        yield return ("empty", values[..0]);
    }

    private static object? Invoke(MethodInfo call, params object?[] arguments)
    {
        try
        {
            return call.Invoke(null, arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is TensorException or ArgumentException)
        {
            return null;
        }
    }
}
