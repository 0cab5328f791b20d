using Adjoint.Tests.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Examples;

/// <summary>
/// The steps of the examples are captured as they stand: the statements that a backward pass (or, where there is none, a call of a module)
/// depends on are put before themselves once more, unchanged, as the function of a capture. The example then runs on and must
/// print what it prints without: so the capture left no trace either.
/// </summary>
[Collection(ThreadCount.Collection)]
public class CaptureTests
{
    /// <summary>Those with nothing to capture, and why; docs/graphs.md has the list.</summary>
    private static readonly Dictionary<string, string> WithoutTensors = new()
    {
        ["02-quest-manual"] = "numbers alone",
        ["16-numeric"] = "numbers alone",
        ["17-logistic-map"] = "numbers alone",
        ["18-forward-mode"] = "numbers alone",
        ["19-reverse-mode"] = "numbers alone",
        ["20-jacobians"] = "numbers alone",
        ["programs/newton_cg"] = "products with a Hessian, and no backward pass",
    };

    /// <summary>Those in which a step is refused, and what the refusal says; docs/graphs.md has the list.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["14-control-flow"] = "reads elements of a tensor in C#",
        ["25-grad-modes"] = "was recorded before the function was called",
        ["programs/actor_critic"] = "was recorded before the function was called",
        ["programs/burgers"] = "that no operation made",
    };

    public static TheoryData<string> All =>
        [.. Example.Names, .. ProgramTests.All.Select(row => "programs/" + row.Data)];

    [Theory]
    [MemberData(nameof(All))]
    public void The_steps_of_an_example_are_captured_unchanged(string name)
    {
        var example = new Example(name);
        string text = new Slices(example.Text).Text();
        Captures.Outcomes.Clear();
        string printed = example.RunText(text);
        string outcomes = string.Join("\n", Captures.Outcomes.Select(o => $"{o.Key}: {o.Value}"));
        TestContext.Current.TestOutputHelper?.WriteLine(outcomes);
        // What a program prints is near to PyTorch's numbers, and the same without a capture.
        printed.ShouldBe(name.Contains('/') ? example.Run() : example.Expected);
        if (WithoutTensors.ContainsKey(name))
        {
            Captures.Outcomes.ShouldBeEmpty();
            return;
        }
        string[] errors = [.. Captures.Outcomes.Values.Where(o => !o.EndsWith(" operations", StringComparison.Ordinal))];
        if (Refused.TryGetValue(name, out string? says)) errors.ShouldContain(error => error.Contains(says));
        else errors.ShouldBeEmpty(outcomes);
        Captures.Outcomes.ShouldNotBeEmpty();
    }

    [Fact]
    public void Nine_of_ten_examples_with_tensors_capture_unchanged_and_the_page_names_the_others()
    {
        static bool IsLesson(string name) => !name.Contains('/');
        int tensors = Example.Names.Count() - WithoutTensors.Keys.Count(IsLesson), capture = tensors - Refused.Keys.Count(IsLesson);
        capture.ShouldBeGreaterThanOrEqualTo((int)Math.Ceiling(tensors * 0.9));
        int programs = ProgramTests.All.Count - WithoutTensors.Keys.Count(name => !IsLesson(name));
        string page = File.ReadAllText(Path.Combine(Architecture.SourceTree.Root, "docs", "graphs.md"));
        string flowed = page.ReplaceLineEndings(" ");
        flowed.ShouldContain($"Of the {tensors} lessons with tensors {capture} capture");
        int refused = Refused.Keys.Count(name => !IsLesson(name));
        flowed.ShouldContain($"Of the {programs} programs with a backward pass {programs - refused} do");
        (capture + programs - refused).ShouldBeGreaterThanOrEqualTo((int)Math.Ceiling((tensors + programs) * 0.9));
        foreach (string name in WithoutTensors.Keys.Concat(Refused.Keys)) page.ShouldContain(name.Contains('/') ? name : name[..2]);
    }
}

/// <summary>What became of the captures in an example that is running.</summary>
public static class Captures
{
    internal static Dictionary<string, string> Outcomes { get; } = [];

    /// <summary>Captures a step the first time that the program comes there.</summary>
    /// <param name="at">Where.</param>
    /// <param name="step">The statements that a step consists of.</param>
    /// <param name="whole">The same with what makes its tensors, where the step is a pass over what was recorded before.</param>
    public static void Try(string at, Action step, Action whole)
    {
        // A lesson that captures captures its own steps.
        if (Outcomes.ContainsKey(at) || GraphCapture.IsCapturing) return;
        Outcomes[at] = Capture(step);
        if (Outcomes[at].Contains("was recorded before")) Outcomes[at] = Capture(whole);
    }

    private static string Capture(Action step)
    {
        try
        {
            return $"{Graph.Capture(step).Operations.Count} operations";
        }
        catch (GraphException error)
        {
            return error.Message;
        }
        catch (TensorException error)
        {
            // What the lesson is about, and prints itself: the next that it does is to throw it.
            return $"{error.GetType().Name} as without a capture, 0 operations";
        }
    }
}

/// <summary>Finds the statements of a program that a step consists of, and puts a capture of them before it.</summary>
internal sealed class Slices(string text)
{
    private static readonly string[] Never = ["Rng.", "Console."],
        Making = [.. Never, "requiresGrad: true", "new ", "Tensor.From(", "Tensor.Scalar(", "RequiresGradInPlace"];

    private static readonly string[] Reading = ["Console.", ".Item("];

    private readonly SyntaxNode _root = CSharpSyntaxTree.ParseText(
        text, new CSharpParseOptions(LanguageVersion.Preview).WithFeatures([new("FileBasedProgram", "true")])).GetRoot();

    internal string Text()
    {
        SortedDictionary<int, string> inserts = Around("Backward");
        if (inserts.Count == 0) inserts = Around("Call");
        string result = text;
        foreach ((int at, string insert) in inserts.Reverse()) result = result.Insert(at, insert);
        return result;
    }

    private SortedDictionary<int, string> Around(string name)
    {
        var inserts = new SortedDictionary<int, string>();
        foreach (InvocationExpressionSyntax call in Calls(name))
        {
            if (call.FirstAncestorOrSelf<StatementSyntax>(s => Siblings(s) is not null) is not { } statement) continue;
            List<StatementSyntax> siblings = Siblings(statement)!;
            if (statement is LocalFunctionStatementSyntax) continue;
            int line = statement.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            string step, whole;
            if (call.FirstAncestorOrSelf<LambdaExpressionSyntax>() is { } lambda && statement.Span.Contains(lambda.Span))
            {
                if (lambda is not ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 0, ExpressionBody: { } body }) continue;
                step = whole = body is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Backward" } }
                    ? $"{body};" : $"_ = {body};";
            }
            // What prints or reads cannot be the last word of a step; what it computes can.
            else if (Reading.Any(word => statement.ToString().Contains(word, StringComparison.Ordinal)))
            {
                if (name != "Call") continue;
                step = whole = $"_ = {call};";
            }
            else (step, whole) = (Slice(statement, siblings, Making, 1), Slice(statement, siblings, Never, int.MaxValue));
            inserts.TryAdd(
                statement.SpanStart,
                $"Adjoint.Tests.Examples.Captures.Try(\"line {line}\", () => {{ {step} }}, () => {{ {whole} }});\n");
        }
        return inserts;
    }

    private IEnumerable<InvocationExpressionSyntax> Calls(string name) => _root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        .Where(call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: var called } && called == name);

    private List<StatementSyntax>? Siblings(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax block => [.. block.Statements],
        GlobalStatementSyntax => [.. _root.DescendantNodes().OfType<GlobalStatementSyntax>().Select(g => g.Statement)],
        _ => null,
    };

    // The statement, what it depends on in its block (or those around it), zeroing before and stepping after it.
    private string Slice(StatementSyntax statement, List<StatementSyntax> siblings, string[] without, int blocks)
    {
        List<StatementSyntax> slice = [statement];
        HashSet<string> wanted = [.. Names(statement)];
        int at = siblings.IndexOf(statement);
        for (int i = at + 1; i < siblings.Count && IsCallOf(siblings[i], "Step"); i++) slice.Add(siblings[i]);
        StatementSyntax? inner = statement;
        for (int block = 0; block < blocks && inner is not null; block++)
        {
            if (Siblings(inner) is { } around)
            {
                for (int i = around.IndexOf(inner) - 1; i >= 0; i--)
                {
                    StatementSyntax before = around[i];
                    bool zeroes = block == 0 && IsCallOf(before, "ZeroGrad");
                    // A loop that fills an array of the program belongs to the slice with the array alone.
                    bool makes = before switch
                    {
                        LocalDeclarationStatementSyntax declaration => declaration.Declaration.Type.ToString() is "var" or "Tensor" or "Tensor[]",
                        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: TupleExpressionSyntax } } => true,
                        _ => blocks > 1,
                    };
                    bool needed = makes && (Declared(before).Any(wanted.Contains) || Assigned(before).Any(wanted.Contains));
                    if (before is LocalFunctionStatementSyntax) continue;
                    if (!zeroes && (!needed || without.Any(word => before.ToString().Contains(word, StringComparison.Ordinal)))) continue;
                    slice.Insert(0, before);
                    wanted.UnionWith(Names(before));
                }
            }
            inner = inner.Parent?.FirstAncestorOrSelf<StatementSyntax>(s => s is not BlockSyntax);
            if (inner is LocalFunctionStatementSyntax) break;
        }
        HashSet<string> own = [.. slice.SelectMany(Declared)];
        // What is assigned to stays as it is outside.
        string[] others = [.. slice.SelectMany(Assigned).Distinct().Where(name => !own.Contains(name))];
        own.UnionWith(others);
        return string.Concat(others.Select(name => $"var {name}_captured = {name};\n"))
            + string.Join("\n", slice.Select(part => new Renamer(own).Visit(part).ToString()));
    }

    private static bool IsCallOf(StatementSyntax statement, string name) =>
        statement is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } }
        && call.Name.Identifier.Text == name;

    private static IEnumerable<string> Names(SyntaxNode node) =>
        node.DescendantNodes().OfType<IdentifierNameSyntax>().Select(name => name.Identifier.Text);

    private static IEnumerable<string> Declared(SyntaxNode node) => node.DescendantNodes().Select(inner => inner switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.Text,
        SingleVariableDesignationSyntax single => single.Identifier.Text,
        _ => "",
    }).Where(name => name.Length > 0);

    private static IEnumerable<string> Assigned(SyntaxNode node) => node.DescendantNodes().OfType<AssignmentExpressionSyntax>()
        .Select(assignment => assignment.Left).OfType<IdentifierNameSyntax>().Select(name => name.Identifier.Text);

    private sealed class Renamer(HashSet<string> own) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node) =>
            base.VisitReturnStatement(node) is ReturnStatementSyntax { Expression: { } value }
                ? SyntaxFactory.ParseStatement($"{{ _ = {value}; return; }}\n") : SyntaxFactory.ParseStatement("return;\n");

        public override SyntaxToken VisitToken(SyntaxToken token) =>
            token.IsKind(SyntaxKind.IdentifierToken) && own.Contains(token.Text) && token.Parent is not (NameColonSyntax or MemberBindingExpressionSyntax)
            && !(token.Parent is IdentifierNameSyntax { Parent: MemberAccessExpressionSyntax access } name && access.Name == name)
                ? SyntaxFactory.Identifier(token.LeadingTrivia, token.Text + "_captured", token.TrailingTrivia) : base.VisitToken(token);
    }
}
