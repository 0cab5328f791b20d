namespace Adjoint.Tests.Ops;

/// <summary>
/// Whole numbers as arguments have one meaning over their whole range (F11: −1 was a sentinel somewhere inside): those that count from the
/// end count as far as those from the start, those that do not are refused below 0, and nothing else is, but what is listed here.
/// </summary>
public class WholeArgumentTests
{
    private const int Reach = 9;

    private static readonly (string Name, Func<Tensor, Tensor> Of)[] Layouts =
    [
        ("contiguous", x => x), ("transposed", x => x.T.Contiguous().T),
            ("every second", x => Tensor.Stack([x, x], 3).Flatten(2)[.., .., TensorIndex.Slice(step: 2)]),
            ("expanded", x => x[..1].Expand(3, 3, 3)),
    ];

    /// <summary>Numbers that may well be negative, and the law they follow then.</summary>
    private static readonly Dictionary<string, string> Signed = new()
    {
        ["offset"] = "a diagonal below the first",
        ["diagonal"] = "a diagonal below the first",
        ["shift"] = "the other way",
        ["shifts"] = "the other way",
        ["exponent"] = "one divided by the power",
        ["end"] = "before the start, or from the end",
        ["start"] = "from the end; before the first is at the first",
        ["step"] = "downwards",
        ["stop"] = "from the end",
        ["length"] = "−1 is what is left",
        ["low"] = "a number",
        ["high"] = "a number",
        ["value"] = "a number",
        ["decimals"] = "tens and hundreds",
        ["numClasses"] = "−1 is one more than the largest number",
        ["ignoreIndex"] = "a number that is no class",
        ["correction"] = "a number",
        ["sizes"] = "−1 is what is left",
    };

    public static TheoryData<string> WithIntegers => [.. PublicCall.All.Where(c => c.Value.Integers.Any()).Select(c => c.Key)];

    [Theory, MemberData(nameof(WithIntegers))]
    public void Negative_numbers_count_from_the_end_or_are_refused(string name)
    {
        PublicCall call = PublicCall.All[name];
        List<string> wrong = [];
        foreach (DType dtype in (DType[])[DType.Float64, DType.Int64, DType.Bool])
            foreach ((string layout, Func<Tensor, Tensor> lay) in Layouts)
                foreach (int parameter in call.Integers)
                {
                    string called = call.ParameterName(parameter), what = $"{called} of {dtype}, {layout}";
                    Tensor x = lay(Tensor.From([.. Enumerable.Range(0, 27).Select(i => (double)(i * 7 % 5))], [3, 3, 3]).To(dtype));
                    Dictionary<int, string?> outcomes =
                        Enumerable.Range(-Reach, 2 * Reach + 1).ToDictionary(v => v, v => Outcome(call, x, parameter, v));
                    int reach = Enumerable.Range(0, Reach + 1).TakeWhile(v => outcomes[v] is not null).Count();
                    if (Signed.ContainsKey(called) || Enumerable.Range(1, Reach).All(v => outcomes[-v] is null)) continue;
                    // A second dimension may refuse some of the first, so the end is that of what is accepted, or of the dimensions (and of
                    // a new one).
                    if (((int[])[reach, 3, 4]).Any(CountsFrom)) continue;
                    wrong.Add($"{what}: {string.Join(", ", outcomes.Select(o => $"{o.Key}: {o.Value?.ReplaceLineEndings("") ?? "an error"}"))}");

                    bool CountsFrom(int end) => Enumerable.Range(1, Reach).All(v => outcomes[-v] == (v <= end ? outcomes[end - v] : null));
                }
        string.Join('\n', wrong.Take(5)).ShouldBeEmpty();
    }

    private static string? Outcome(PublicCall call, Tensor x, int parameter, int value)
    {
        try
        {
            object? result = call.Invoke(() => x.Clone(), 0, () => Tensor.From([1L, 0]), (parameter, value));
            return string.Join(" and ", PublicCall.TensorsIn(result).Select(y => $"{y.Shape} {y}"));
        }
        catch (Exception error) when (Refusals.IsMeant(error))
        {
            return null;
        }
    }

    /// <summary>Diagonals, by their definition, whatever the offset.</summary>
    [Fact]
    public void Offsets_of_diagonals_are_those_of_the_definition()
    {
        foreach (DType dtype in Enum.GetValues<DType>())
            foreach ((string layout, Func<Tensor, Tensor> lay) in Layouts)
                foreach (
                    int offset in (int[])[
                        int.MinValue, int.MinValue + 1, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, int.MaxValue - 1, int.MaxValue])
                {
                    Tensor x = lay(Tensor.From([.. Enumerable.Range(0, 27).Select(i => (double)(i * 7 % 5))], [3, 3, 3]).To(dtype))[0];
                    string what = $"{offset} of {dtype}, {layout}";
                    (int I, int J)[] places = [.. from i in Enumerable.Range(0, 3) from j in Enumerable.Range(0, 3) select (i, j)];
                    double At(int i, int j) => x[i, j].Item();
                    x.Diagonal(offset).ToArray<double>()
                        .ShouldBe([.. places.Where(p => (long)p.J - p.I == offset).Select(p => At(p.I, p.J))], what);
                    x.Tril(offset).ToArray<double>().ShouldBe([.. places.Select(p => (long)p.J - p.I <= offset ? At(p.I, p.J) : 0)], what);
                    x.Triu(offset).ToArray<double>().ShouldBe([.. places.Select(p => (long)p.J - p.I >= offset ? At(p.I, p.J) : 0)], what);
                    x.Roll(offset, 1).ToArray<double>()
                        .ShouldBe([.. places.Select(p => At(p.I, (int)((((long)p.J - offset) % 3 + 3) % 3)))], what);
                }
    }

    /// <summary>A row of padding, counted from the start or the end: it alone gets no gradient; beyond the table it is refused.</summary>
    [Fact]
    public void Every_padding_index_pads_its_row_or_is_refused()
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
            foreach (DType places in (DType[])[DType.Int32, DType.Int64])
                foreach (int padding in (int[])[int.MinValue, -10, -9, -5, -4, -3, -1, 0, 3, 4, 10, int.MaxValue])
                    foreach (
                        (string layout, Func<Tensor, Tensor> lay) in ((string, Func<Tensor, Tensor>)[])[
                            ("contiguous", t => t * 1), ("transposed", t => (t * 1).T.Contiguous().T),
                            ("every second", t => Tensor.Stack([t, t], 2).Flatten(1)[.., TensorIndex.Slice(step: 2)])])
                    {
                        string what = $"{padding} of {dtype} by {places}, {layout}";
                        Tensor table = Tensor.Ones([4, 2], dtype, requiresGrad: true), index = Tensor.From([0L, 1, 2, 3, 3]).To(places);
                        if (padding is < -4 or > 3)
                        {
                            Should.Throw<ArgumentOutOfRangeException>(() => Adjoint.Nn.F.Embedding(index, lay(table), padding),
                                what).ParamName.ShouldBe("paddingIdx", what);
                            Should.Throw<ArgumentOutOfRangeException>(() => new Adjoint.Nn.Embedding(4, 2, padding, dtype),
                                what).ParamName.ShouldBe("paddingIdx", what);
                            continue;
                        }
                        int row = (padding + 4) % 4;
                        Adjoint.Nn.F.Embedding(index, lay(table), padding).Sum().Backward();
                        table.Grad!.Select(1, 0).ToArray<double>()
                            .ShouldBe([.. Enumerable.Range(0, 4).Select(r => r == row ? 0 : r == 3 ? 2.0 : 1)], what);
                        new Adjoint.Nn.Embedding(4, 2, padding, dtype).Weight.Detach().Abs().Sum(1).Eq(0).ToArray<bool>()
                            .ShouldBe([.. Enumerable.Range(0, 4).Select(r => r == row)], what);
                    }
    }
}
