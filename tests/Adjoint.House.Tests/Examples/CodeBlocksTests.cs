using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Adjoint.Tests.Architecture;
using Adjoint.Tests.Kernels;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Examples;

/// <summary>The code that pages and documentation comments show compiles and runs, all of it in one compilation.</summary>
[Collection(ThreadCount.Collection)] // alone, because of the program's random numbers
public partial class CodeBlocksTests
{
    private const string Context = """
        public class Context : Adjoint.Nn.Module
        {
            public class Network : Adjoint.Nn.Module
            {
                public readonly Linear Body = new(2, 2), Head = new(2, 2);
                protected override Tensor Forward(Tensor x) => Head.Call(Body.Call(x));
            }
            protected static class Console { public static void Write(object? o) { } public static void WriteLine(object? o) { } }
            protected static class File { public static void WriteAllText(string path, string text) { } }
            protected static void Keep(params object?[] values) { }
            protected static Tensor x => Tensor.From([1f, 2f], requiresGrad: true).Detach();
            protected static Tensor y => Tensor.From([3f, 4f]);
            protected static Tensor t => Tensor.From([5f, 6f]);
            protected static Tensor step => Tensor.From([0.5f, 0.5f]);
            protected static Tensor a => Tensor.From([1.0, 2, 3, 4], [2, 2]);
            protected static Tensor b => Tensor.From([1.0, 0, 2, 1], [2, 2]);
            protected static Tensor u => a;
            protected static Tensor v => b;
            protected static Tensor queries => Tensor.Ones(1, 2, 3, 4);
            protected static Tensor keys => Tensor.Ones(1, 2, 5, 4);
            protected static Tensor matrix => Tensor.Eye(3);
            protected static Tensor left => Tensor.Ones(2, 3);
            protected static Tensor weight => Tensor.Ones(4, 3, 5);
            protected static Tensor right => Tensor.Ones(2, 5);
            protected static Tensor losses => Tensor.From([3f, 2f, 1f]);
            protected static Func<IReadOnlyList<Tensor>, Tensor> f => xs => (xs[0].Pow(3) * xs[1]).Sum();
            protected static Network net => new();
            protected static Optimizer optimizer => new SGD(net.Parameters(), lr: 0.1);
            protected static Generator generator => new(1);
            protected static Dataset dataset => new TensorDataset(Tensor.Ones(4, 2), Tensor.Ones(4));
            protected static DataLoader loader => new(dataset);
        }

        """;

    private const string Usings =
        "using System; using System.Linq; using System.Collections.Generic; using Adjoint; using Adjoint.Nn; using Adjoint.Optim; using Adjoint.Distributions; using "
        + "Adjoint.Data; using Adjoint.Training; using Adjoint.Vision; using Adjoint.Formats; using Adjoint.Plots; using Adjoint.Distributed; "
        + "using Adjoint.Symbolic;\n";

    /// <summary>The page that shows operations which the tests put into the library.</summary>
    private const string Adding = "adding-an-op.md";

    private static readonly (string Page, string Code)[] Blocks = [.. Pages(), .. Comments()];

    private static readonly Lazy<Type[]> Compiled = new(Compile);

    public static TheoryData<string> Programs => [.. Blocks.Where(b => !IsExcerpt(b)).Select((b, i) => $"{i} {b.Page}")];

    [Theory, MemberData(nameof(Programs))]
    public void A_piece_of_code_compiles_and_runs(string which)
    {
        int block = int.Parse(which.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        PrintOptions options = PrintOptions.Current;
        try
        {
            foreach (Type page in Compiled.Value)
                if (page.GetMethod($"Block{block}") is { } run) run.Invoke(Activator.CreateInstance(page), []);
        }
        finally
        {
            PrintOptions.Current = options;
        }
    }

    [Fact]
    public void An_excerpt_stands_in_the_sources()
    {
        string sources = string.Concat(SourceTree.Files.Select(file => Squeezed(file.Text)));
        foreach ((string page, string code) in Blocks.Where(block => IsExcerpt(block) && block.Page != Adding))
            foreach (string line in code.Split('\n'))
            {
                string shown = Squeezed(Comment().Replace(line, "")).Split('…')[0];
                if (shown.Length > 0) sources.ShouldContain(shown, customMessage: $"{page}: {line}");
            }
        Blocks.Count(block => IsExcerpt(block) && block.Page != Adding).ShouldBe(5);
    }

    [Fact]
    public void The_operations_of_the_page_on_adding_one_are_those_that_the_tests_put_in()
    {
        string page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", Adding));
        string[] blocks = [.. Blocks.Where(block => block.Page == Adding).Select(block => Squeezed(block.Code))];
        foreach ((string file, string table, string line) in OneFileOneEntryTests.PutIn)
        {
            string text = Squeezed(File.ReadAllText(file));
            blocks.Count(text.Contains).ShouldBe(1, file);
            (blocks.Contains(Squeezed(line)) || page.Contains($"`{line}`")).ShouldBeTrue(line);
            page.ShouldContain($"`OpTable.{table}.cs`");
        }
        string[] files = [.. OneFileOneEntryTests.PutIn.Select(op => Squeezed(File.ReadAllText(op.File)))],
            lines = [.. OneFileOneEntryTests.PutIn.Select(op => Squeezed(op.Line))];
        blocks.Where(block => !files.Any(file => file.Contains(block)) && !lines.Contains(block)).ShouldBeEmpty();
    }

    private static bool IsExcerpt((string Page, string Code) block) => block.Page == Adding || block.Code.Contains("run.Visit(node)")
        || (block.Page == "how-an-op-runs.md" && !block.Code.Contains("Profile"));

    private static string Squeezed(string text) => Space().Replace(text, "");

    private static IEnumerable<(string, string)> Pages() =>
        from file in Directory.GetFiles(Path.Combine(SourceTree.Root, "docs"), "*.md")
            // What the packages show of themselves.
            .Concat(Directory.GetDirectories(Path.Combine(SourceTree.Root, "src")).Select(project => Path.Combine(project, "README.md"))
                .Where(File.Exists)).Order(StringComparer.Ordinal)
        let name = Path.GetFileName(file)
        let page = name == "README.md" ? $"{Path.GetFileName(Path.GetDirectoryName(file))}/{name}" : name
        where page != "pytorch-map.md" // which has a test of its own
        from Match block in Fenced().Matches(File.ReadAllText(file))
        select (page, block.Groups[1].Value);

    private static IEnumerable<(string, string)> Comments() =>
        from file in SourceTree.Files
        from Match block in Documented().Matches(file.Text)
        let code = WebUtility.HtmlDecode(CommentMarks().Replace(block.Groups[1].Value, ""))
        where !code.Contains(" = product ") // a grammar
        select (file.Path, code);

    private static Type[] Compile()
    {
        var source = new StringBuilder(Usings + Context);
        int number = 0, pages = 0;
        foreach (var page in Blocks.Where(b => !IsExcerpt(b)).GroupBy(b => b.Page))
        {
            source.Append($"public class Page{pages++} : Context\n{{\n");
            foreach ((_, string code) in page)
            {
                string text = Whole(code);
                bool members = text.StartsWith("public ", StringComparison.Ordinal);
                CompilationUnitSyntax unit =
                    SyntaxFactory.ParseCompilationUnit(members ? "" : text, options: new CSharpParseOptions(LanguageVersion.Preview));
                if (members) source.Append(text);
                foreach (MemberDeclarationSyntax member in unit.Members.Where(m => m is not GlobalStatementSyntax))
                    source.Append(member.ToFullString());
                source.Append($"\npublic void Block{number++}()\n{{\n{string.Concat(unit.Members.OfType<GlobalStatementSyntax>().Select(s => s.ToFullString()))}\n}}\n");
            }
            source.Append("}\n");
        }
        Assembly assembly = Snippets.CompileSource(source.ToString());
        return [.. Enumerable.Range(0, pages).Select(i => assembly.GetType($"Page{i}")!)];
    }

    /// <summary>A line that is a value, or several with commas between, as a statement; and … as nothing.</summary>
    private static string Whole(string code)
    {
        var text = new StringBuilder();
        string[] lines = [.. code.Split('\n').Select(line => Comment().Replace(line, "").TrimEnd())];
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Replace(") …", ") { }").Replace("{ … }", "{ }");
            bool goesOn = i + 1 < lines.Length && lines[i + 1].TrimStart().StartsWith('.');
            bool isValue = line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[^1] is not (';' or '{' or '}' or ',') && !goesOn
                && !line.StartsWith("public ", StringComparison.Ordinal) && !Declares().IsMatch(line);
            text.Append(isValue ? $"Keep({line});" : line).Append('\n');
        }
        return text.ToString().Trim();
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("<code>(.*?)</code>", RegexOptions.Singleline)]
    private static partial Regex Documented();

    [GeneratedRegex(@"^\s*/// ?", RegexOptions.Multiline)]
    private static partial Regex CommentMarks();

    [GeneratedRegex(@"\s*//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"^(sealed |readonly |internal )*(class|struct|record|interface|namespace) |^(for|foreach|while|using) ?\(")]
    private static partial Regex Declares();
}
