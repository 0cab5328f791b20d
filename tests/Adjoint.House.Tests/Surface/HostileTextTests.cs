using System.Globalization;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Plots;
using Adjoint.Symbolic;

namespace Adjoint.Tests.Surface;

/// <summary>Texts mean the same wherever a program runs, and names are kept as they are or refused.</summary>
public class HostileTextTests
{
    /// <summary>
    /// What is printed, saved or drawn (messages speak as the caller does). A decimal comma and other signs and names, made by hand: not
    /// every machine knows the cultures that have them.
    /// </summary>
    [Fact]
    public void Every_text_is_the_same_in_every_culture()
    {
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
            NegativeSign = "\u2212",
            PositiveSign = "\uFF0B",
            NaNSymbol = "no number",
            PositiveInfinitySymbol = "endless",
            NegativeInfinitySymbol = "\u2212endless",
        };
        string[] here = In(CultureInfo.InvariantCulture), there = In(other);
        for (int i = 0; i < here.Length; i++) there[i].ShouldBe(here[i]);
    }

    private static string[] In(CultureInfo culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return [.. Texts()];
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static IEnumerable<string> Texts()
    {
        Tensor x = Tensor.From([-1.5, 2.25e-9, 1234567.5], requiresGrad: true);
        yield return x.ToString();
        yield return $"{Tensor.Scalar(-1234.5)}";
        yield return (x * 0.5).Sum().ToString();
        yield return new Sequential(new Adjoint.Nn.Linear(2, 3), new LeakyReLU(0.25), new BatchNorm1d(3, eps: 1e-5), new Dropout(0.125))
            .ToString();
        Expr formula = Expr.Parse("-1.5*x^2 + sin(i*x)/2.25 - 1e-3");
        yield return formula.ToString();
        yield return formula.Differentiate("x").ToLatex();
        yield return formula.ToCSharp();
        yield return formula.Simplify().ToString();
        yield return formula.Evaluate(("x", -1.5), ("i", 0.5)).ToString(CultureInfo.InvariantCulture);
        var chart = new Chart("rates");
        chart.Line("a", [-1.5, 0.25, 1234.5]);
        yield return chart.ToSvg();
        yield return chart.ToText();
        var graph = RecordedGraph.Of((x * x).Sum());
        yield return graph.ToTree(values: true);
        yield return graph.ToDot(values: true);
        using var file = new MemoryStream();
        SafeTensors.Save(file, new Dictionary<string, Tensor> { ["I"] = x.Detach() });
        yield return System.Text.Encoding.Latin1.GetString(file.ToArray());
    }

    [Fact]
    public void Names_that_no_file_can_hold_are_refused_and_all_others_come_back()
    {
        string[] names =
            ["", " ", "a.b", "é", "𝔸", "\0", "\"", "\\", "</script>", "\u2028", "İ", "ı", new('x', 10_000), "__metadata", "ﬁ", "e\u0301"];
        using var file = new MemoryStream();
        SafeTensors.Save(file, names.Select((name, i) => KeyValuePair.Create(name, Tensor.Scalar(i))));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("names.safetensors"), file.ToArray());
        OrderedDictionary<string, Tensor> back = SafeTensors.Load(folder.File("names.safetensors"));
        foreach ((string name, int i) in names.Select((name, i) => (name, i))) back[name].Item().ShouldBe(i);

        foreach (string half in (string[])["\uD800", "a\uDC00b", "\uDC00\uD800"])
        {
            Should.Throw<ArgumentException>(() =>
                SafeTensors.Save(new MemoryStream(), [KeyValuePair.Create(half, Tensor.Ones(1))])).Message.ShouldContain(
                    "half a character");
            Should.Throw<ArgumentException>(() =>
                SafeTensors.Save(new MemoryStream(), [KeyValuePair.Create("a", Tensor.Ones(1))],
                    new Dictionary<string, string> { ["k"] = half })).ParamName.ShouldBe("metadata");
        }
        Should.Throw<ArgumentException>(() =>
            SafeTensors.Save(new MemoryStream(),
                [KeyValuePair.Create("a", Tensor.Ones(1)), KeyValuePair.Create("a", Tensor.Ones(1))])).Message.ShouldContain(
                    "'a' is taken");
        Should.Throw<ArgumentException>(() =>
            SafeTensors.Save(new MemoryStream(), [KeyValuePair.Create("__metadata__", Tensor.Ones(1))])).Message.ShouldContain("taken");
    }

    [Fact]
    public void Two_names_for_one_thing_are_refused_where_they_are_given()
    {
        Should.Throw<ArgumentException>(() => new Sequential(("a", new Identity()), ("a", new Identity()))).Message.ShouldContain("\"a\"");
        Should.Throw<ArgumentException>(() => new ModuleDict { { "a", new Identity() }, { "a", new Identity() } }).Message.ShouldContain(
            "\"a\"");
        Should.Throw<ArgumentException>(() => new ParameterDict { { "a", Tensor.Ones(1) }, { "a", Tensor.Ones(1) } }).Message.ShouldContain(
            "\"a\"");
        Should.Throw<ArgumentException>(() => Expr.Parse("x").Evaluate(("x", 1), ("x", 2))).Message.ShouldContain("two values for x");
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("-", 100_000)]
    [InlineData("sin(", 50_000)]
    [InlineData("x^", 50_000)]
    [InlineData("1", 1_000_000)]
    public void A_huge_formula_is_read_or_refused(string piece, int times)
    {
        Exception? thrown = Record.Exception(() => Expr.Parse(string.Concat(Enumerable.Repeat(piece, times)) + "1"));
        if (thrown is not null) thrown.Message.Length.ShouldBeInRange(20, 2000);
    }
}
