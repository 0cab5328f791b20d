using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Adjoint.Tests.Architecture;
using Adjoint.Tests.Kernels;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Parity;

/// <summary>
/// Every row of docs/pytorch-map.md: the code on the right is compiled and run, and gives what PyTorch gives for the code on the left
/// (tests/Parity/map_fixtures.py has run that), or what the row says.
/// </summary>
[Collection(ThreadCount.Collection)] // alone, because of the program's random numbers
public partial class PyTorchMapTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "pytorch-map.md"));

    private static readonly Dictionary<string, JsonElement> Asked =
        Fixtures.Read<JsonElement>("map").ToDictionary(c => c.GetProperty("code").GetString()!);

    /// <summary>One claim: what PyTorch is told, what we are told, and what they give where that is stated.</summary>
    private sealed record Claim(string PyTorch, string Ours, string? Theirs = null, string? Stated = null);

    private static readonly IReadOnlyList<Claim> Claims = [.. ReadClaims()];

    private static readonly Lazy<MethodInfo[]> Compiled = new(Compile);

    public static TheoryData<int, string> Rows => [.. Claims.Select((c, i) => (i, c.PyTorch))];

    [Theory, MemberData(nameof(Rows))]
    public void A_row_is_true(int which, string row)
    {
        Claim claim = Claims[which];
        Asked.ShouldContainKey(row, "tests/Parity/generate map asks PyTorch again");
        JsonElement asked = Asked[row];
        (object? value, List<string> after, Exception? error) = Run(Compiled.Value[which]);
        if (claim.Stated is { } stated)
        {
            Line(asked).ShouldBe(claim.Theirs);
            (error?.GetType().Name ?? Line(value)).ShouldBe(stated, $"{claim.Ours}\n{error}");
            return;
        }
        if (asked.TryGetProperty("error", out JsonElement theirs))
        {
            error.ShouldNotBeNull($"PyTorch has a {theirs.GetString()} for this.");
            return;
        }
        error.ShouldBeNull();
        if (asked.TryGetProperty("value", out JsonElement expected)) Text(value).ShouldBe(Text(expected), claim.Ours);
        after.ShouldBe(asked.GetProperty("after").EnumerateArray().Select(e => Text(e)), claim.Ours);
    }

    [Fact]
    public void What_is_not_offered_is_there_in_PyTorch_and_not_here()
    {
        string[] names = [.. Table("| not offered |").SelectMany(cells => Codes(cells[0], all: true))];
        names.Length.ShouldBeGreaterThan(5);
        MemberInfo[] ours = [.. typeof(Tensor).GetMembers(), .. typeof(Adjoint.Nn.F).GetMembers(), .. typeof(DType).GetMembers()];
        foreach (string name in names)
        {
            string[] words = name.Split('.')[^1].Split('_', StringSplitOptions.RemoveEmptyEntries);
            string pascal = string.Concat(words.Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
            ours.ShouldNotContain(m => string.Equals(m.Name, pascal, StringComparison.OrdinalIgnoreCase), name);
        }
    }

    // ---- the page ----

    private static IEnumerable<Claim> ReadClaims()
    {
        foreach (string[] cells in Table("| PyTorch |"))
        {
            string[] left = Codes(cells[0]);
            if (cells.Length >= 4)
            {
                yield return new(left.Single(), Codes(cells[2]).Single(), Codes(cells[1]).Single(), Codes(cells[3]).Single());
                continue;
            }
            string[] right = cells[1].StartsWith("the same", StringComparison.Ordinal) ? left : Codes(cells[1]);
            right.Length.ShouldBe(left.Length, $"as many pieces of code on both sides of: {cells[0]} | {cells[1]}");
            foreach ((string pyTorch, string ours) in left.Zip(right)) yield return new(pyTorch, ours);
        }
    }

    /// <summary>The cells of the tables whose heading begins so.</summary>
    private static IEnumerable<string[]> Table(string heading)
    {
        bool inside = false;
        foreach (string line in Page.Split('\n'))
        {
            if (!line.StartsWith('|')) inside = false;
            else if (line.StartsWith(heading, StringComparison.Ordinal)) inside = true;
            else if (inside && !line.StartsWith("|---", StringComparison.Ordinal))
                yield return [.. line.Trim('|').Split(" | ").Select(cell => cell.Trim())];
        }
    }

    /// <summary>The code of a cell; what stands behind a colon or semicolon is a remark.</summary>
    private static string[] Codes(string cell, bool all = false)
    {
        string[] parts = cell.Split('`');
        int end = all
            ? parts.Length
            : Enumerable.Range(0, parts.Length).FirstOrDefault(i => i % 2 == 0 && parts[i].AsSpan().ContainsAny(':', ';'), parts.Length);
        return [.. Enumerable.Range(0, end).Where(i => i % 2 == 1).Select(i => parts[i])];
    }

    // ---- the code ----

    private static MethodInfo[] Compile()
    {
        string[] blocks = [.. Blocks().Matches(Page).Select(m => m.Groups[1].Value)];
        var members = new StringBuilder(blocks[1]);
        members.Append("static object? None = null;\n");
        for (int i = 0; i < Claims.Count; i++)
        {
            members.Append($"public static object?[] Row{i}() {{\n{blocks[0]}\nobject? value = null; Exception? error = null;\ntry {{ {WithValue(Claims[i].Ours)} }} catch (Exception e) {{ error = e; }}\n");
            members.Append("return [value, error, x, y, z, w, w.Grad]; }\n");
        }
        const string last = "private static object? Last<T>(Func<T> f) => f(); private static object? Last(Action f) { f(); return null; } "
            + "private static object? Last(Func<ReadOnlySpan<int>> f) => f().ToArray(); private static object? Last(Func<Span<float>> "
                + "f) => f().ToArray();";
        return Snippets.CompileMembers(members + last, Claims.Count, "Row", "using Adjoint.Nn; using Adjoint.Optim; using Adjoint.Data;");
    }

    /// <summary>Statements, the last of which may be an expression without a semicolon, whose value is kept.</summary>
    private static string WithValue(string code)
    {
        if (code.EndsWith(';') || code.EndsWith('}')) return code;
        int end = code.LastIndexOf("; ", StringComparison.Ordinal) is >= 0 and var at ? at + 2 : 0;
        ExpressionSyntax last = SyntaxFactory.ParseExpression(code[end..], options: new CSharpParseOptions(LanguageVersion.Preview));
        return code[..end] + (last is AssignmentExpressionSyntax ? $"{last};" : $"value = Last(() => {code[end..]});");
    }

    private static (object? Value, List<string> After, Exception? Error) Run(MethodInfo row)
    {
        using ModeScope modes = Autograd.EnableGrad();
        var found = (object?[])row.Invoke(null, [])!;
        return (found[0], [.. found[2..].Select(Text)], (Exception?)found[1]);
    }

    // ---- values of both languages as text ----

    private static string Line(JsonElement asked) =>
        Line(asked.TryGetProperty("error", out JsonElement error) ? error.GetString() : Text(asked.GetProperty("value")));

    private static string Line(object? value) => Text(value).ReplaceLineEndings(" ");

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "None",
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean().ToString(),
        JsonValueKind.Number => Digits(value.GetDouble()),
        _ => $"[{string.Join(", ", value.EnumerateArray().Select(Text))}]",
    };

    private static string Text(object? value) => value switch
    {
        null => "None",
        string text => text,
        Tensor or Adjoint.Nn.Module => value.ToString()!,
        bool or char => value.ToString()!,
        DType dtype => dtype.TorchName,
        Enum => value.ToString()!,
        Shape shape => Text((object)shape.Sizes.ToArray()),
        ITuple tuple => $"[{string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Text(tuple[i])))}]",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        IConvertible number => Digits(number.ToDouble(CultureInfo.InvariantCulture)),
        _ when IsPair(value, out object? key, out object? item) => $"[{Text(key)}, {Text(item)}]",
        _ when value.GetType().GetMethod("Deconstruct") is { } parts => Deconstructed(value, parts),
        _ => "an object",
    };

    private static string Digits(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static bool IsPair(object value, out object? key, out object? item)
    {
        Type type = value.GetType();
        bool pair = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
        (key, item) = pair ? (type.GetProperty("Key")!.GetValue(value), type.GetProperty("Value")!.GetValue(value)) : (null, null);
        return pair;
    }

    private static string Deconstructed(object value, MethodInfo parts)
    {
        object?[] found = new object?[parts.GetParameters().Length];
        parts.Invoke(value, found);
        return $"[{string.Join(", ", found.Select(Text))}]";
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
