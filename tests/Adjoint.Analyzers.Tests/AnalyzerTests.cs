namespace Adjoint.Tests.Analyzers;

using System.Text.RegularExpressions;
using Adjoint.Tests.Architecture;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

public partial class AnalyzerTests
{
    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks { get; }

    public static TheoryData<string> Ids =>
        [.. Compiled.Instances<DiagnosticAnalyzer>().SelectMany(a => a.SupportedDiagnostics).Select(d => d.Id).Order()];

    [Theory, MemberData(nameof(Ids))]
    public void The_page_of_a_rule_shows_what_is_reported_and_what_the_fix_makes_of_it(string id)
    {
        string page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "analyzers", id + ".md"));
        string[] blocks = [.. Blocks.Matches(page).Select(m => m.Groups[1].Value)];
        var before = new Compiled(blocks[0]);
        before.Errors.ShouldBeEmpty();
        before.Reports.Select(d => d.Id).ShouldBe([id]);
        Compiled after = before.Fixed();
        after.Text.ShouldBe(new Compiled(blocks[1]).Text);
        after.Errors.ShouldBeEmpty();
        after.Reports.ShouldBeEmpty();
        Compiled.Instances<CodeFixProvider>().ShouldContain(fix => fix.FixableDiagnosticIds.Contains(id));
        File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "analyzers", "README.md")).ShouldContain($"[{id}]({id}.md)");
    }

    private const string Scale = """
        class Scale : Module
        {
            public Tensor factor = Tensor.Ones(3).AsParameter();
            public Tensor seen = Tensor.Zeros(3).AsBuffer();
            public Tensor Shift { get; set; }
            public Scale() => Shift = Tensor.Zeros(3).AsParameter();
            @
        }
        """;

    /// <summary>Code by habit, and how many reports of which rule it gets ("" for none).</summary>
    public static TheoryData<string, string> Habits => new()
    {
        { "ADJ0001", "static void M() { Autograd.InferenceMode(); }" },
        { "ADJ0001", "static void M() { var scope = Autograd.NoGrad(); }" },
        { "ADJ0001", "static void M() { _ = Autograd.NoGrad(); }" },
        { "ADJ0001", "static void M() { Autograd.SetGradEnabled(false); }" },
        { "ADJ0001", "static void M() { Autograd.DetectAnomaly(); }" },
        { "ADJ0001", "static void M() { Autograd.SavedTensorsHooks(t => t, t => (Tensor)t); }" },
        { "ADJ0001", "static void M() { ForwardAD.EnterDualLevel(); }" },
        { "ADJ0001", "static void M() { Rng.Fork(); }" },
        { "ADJ0001", "static void M() { var fork = new Generator(1).Fork(); }" },
        { "ADJ0001", "static void M(bool b) { using var _ = Autograd.NoGrad(); Autograd.EnableGrad(); }" },
        { "ADJ0001", "static void M(bool b) { if (b) Autograd.NoGrad(); }" },
        { "ADJ0001", "static void M(bool b) { var s = b ? Autograd.NoGrad() : null; }" },
        { "ADJ0001", "static void M() { Action a = () => Autograd.NoGrad(); a(); }" },
        { "ADJ0001", "static GradScope Frozen() => Autograd.NoGrad(); static void M() { Frozen(); }" },
        { "", "static void M() { _ = Autograd.SetDetectAnomaly(true); }" },
        { "", "static void M(Tensor x) { x.RegisterHook(g => g * 2); }" },
        { "", "static void M() { Autograd.NoGrad().Dispose(); }" },
        { "", "class Frozen : IDisposable { readonly GradScope scope = Autograd.NoGrad(); public void Dispose() => scope.Dispose(); }" },
        { "", "static void M(bool b) { using var s = b ? Autograd.NoGrad() : null; }" },
        { "", "static void M() { Func<ModeScope> make = () => Autograd.NoGrad(); using var s = make(); }" },
        { "", "static void M() { using var scope = Autograd.NoGrad(); }" },
        { "", "static void M() { using (Autograd.NoGrad()) { } }" },
        { "", "static void M() { var scope = Autograd.NoGrad(); try { } finally { scope.Dispose(); } }" },
        { "", "static GradScope M() => Autograd.NoGrad();" },
        { "", "static void M() { _ = Autograd.SetGradEnabled(false); }" },
        { "ADJ0002", "static bool M(Tensor x, Tensor y) => Equals(x, y);" },
        { "", "static bool M(Tensor x, Tensor y) => ReferenceEquals(x, y);" },
        { "", "static bool M(Tensor x, Tensor y) => (object)x == (object)y;" },
        { "", "static bool M(Tensor? x) => x == null || null != x || x is null;" },
        { "", "static bool M(Tensor x, object y) => x.Equals(y);" },
        { "ADJ0003", "static void M(Linear l, Tensor g) { using (Autograd.NoGrad()) l.Weight = l.Weight - g; }" },
        { "ADJ0003", "static void M(Linear l) { l.Bias = Tensor.Zeros(3); }" },
        { "ADJ0003", "static void M(Linear l) { l.Weight = l.Weight.Detach().Clone(); }" },
        { "", "static void M(Linear l, Tensor t) { l.Weight = t; l.Bias = null; }" },
        { "", "static void M(Linear l, Linear m) { l.Weight = m.Weight; l.Bias = Tensor.Ones(3).AsParameter(); }" },
        { "", "static void M(Linear l) { using (Autograd.NoGrad()) l.Weight.SubInPlace(l.Weight.Grad!); }" },
        { "", "static void M(BatchNorm1d l) { l.RunningMean = l.RunningMean! * 2; }" },
        { "ADJ0003", Scale.Replace("@", "void M(Tensor g) { factor = factor - g; }") },
        { "ADJ0003", Scale.Replace("@", "void M(Tensor g) { this.Shift = Shift - g; }") },
        { "", Scale.Replace("@", "void M(Tensor g) { seen = seen + g; }") },
        { "", Scale.Replace("@", "void M(Tensor g) { factor = (factor - g).AsParameter(); }") },
        { "", Scale.Replace("@", "void M(Tensor g) { Tensor factor = g * 2; factor = factor + 1; }") },
        { "ADJ0004", "class Net : Module { static readonly Linear fc = new(1, 1); }" },
        { "ADJ0004", "class Net : Module { public static List<Linear> Layers { get; } = []; }" },
        { "ADJ0004", "class Net : Module { readonly Lazy<Linear> fc = new(() => new Linear(1, 1)); }" },
        { "ADJ0004", "class Net : Module { readonly Task<Linear> fc = Task.FromResult(new Linear(1, 1)); }" },
        { "ADJ0004", "class Net : Module { readonly Dictionary<Linear, int> fc = []; }" },
        { "ADJ0004", "class Net : Module { protected override Tensor Forward(Tensor x) => new Linear(3, 3).Call(x); }" },
        { "ADJ0004", "class Net : Module { readonly Func<Tensor, Tensor> f; Net() { var fc = new Linear(1, 1); f = x => fc.Call(x); } }" },
        { "", "class Net : Module { readonly Func<Tensor, Tensor> f; readonly Linear own; Net() { var fc = new Linear(1, 1); own = fc; "
            + "f = x => fc.Call(x); } }" },
        { "ADJ0004", "class Net : Module { readonly Func<Tensor, Tensor> f = new Linear(1, 1).Call; }" },
        { "ADJ0004", "class Net : Module { readonly Func<Tensor, Tensor> f; Net() { var fc = new Linear(1, 1); f = fc.Call; } }" },
        { "ADJ0004", "class Net : Module { Tensor Head(Tensor x) => new Linear(3, 3).Call(x); }" },
        { "", "class Net : Module { readonly Linear own = new(1, 1); readonly Func<Tensor, Tensor> f; Net() { f = own.Call; } }" },
        { "", "class Net : Module { readonly List<Linear> own = []; void Grow() { own.Add(new Linear(3, 3)); } }" },
        { "", "static Tensor M(Tensor x) => new Linear(3, 3).Call(x);" },
        { "", "class Net : Module { [Untracked] static readonly Linear fc = new(1, 1); }" },
        { "", "class Net : Module { readonly List<Linear> a = []; readonly IReadOnlyList<Linear> b = []; readonly (Linear, Linear)[] c "
            + "= []; readonly IEnumerable<Tensor>? d = null; }" },
        { "", "class Net : Module { protected override Tensor Forward(Tensor x) => new ReLU().Call(x); }" },
        { "", "class Trainer { static readonly Linear fc = new(1, 1); readonly Lazy<Linear> lazy = new(() => fc); }" },
        { "ADJ0005", "static void M(Tensor g) { Tensor w = Tensor.From([1f]).RequiresGradInPlace(); w = w - 0.1 * w.Grad!; }" },
        { "ADJ0005", "class Fit { Tensor w = Tensor.Ones([3], requiresGrad: true); void M(Tensor g) { w *= g; } }" },
        { "ADJ0005", "static void M(Tensor w) { using (Autograd.NoGrad()) w -= 0.1 * w.Grad!; }" },
        { "ADJ0005", "static void M(Tensor[] w) { using (Autograd.NoGrad()) w[0] -= 0.1 * w[0].Grad!; }" },
        { "ADJ0005", "static void M(Tensor g) { Tensor w = Tensor.Zeros(3); w.RequiresGradInPlace(); w -= g; }" },
        { "ADJ0005", "static void M(Tensor g) { Tensor w = Tensor.Zeros(3); w.RequiresGrad = true; w += g; }" },
        { "ADJ0005",
            "class Fit { Tensor w; public Fit() { w = Tensor.Ones([3], requiresGrad: true); } void M(Tensor g) { this.w /= g; } }" },
        { "ADJ0005",
            "class Fit { public Tensor W { get; set; } = Tensor.Ones([3], requiresGrad: true); void M() { W -= 0.1 * W.Grad!; } }" },
        { "", "static void M(Tensor g) { Tensor w = Tensor.Zeros(3); w.RequiresGrad = false; w += g; }" },
        { "", "static void M(Tensor x, Tensor w) { x += 0.1 * w.Grad!; }" },
        { "", "static void M(Tensor[] losses) { Tensor total = 0; foreach (Tensor l in losses) total += l; }" },
        { "", "static void M(Tensor b, Tensor w) { b[0] *= w; b[b > 1] += 1; }" },
        { "", "static void M(Tensor g) { Tensor w = Tensor.Ones([3]); w -= g; }" },
        { "", "static void M(Tensor g) { Tensor w = Tensor.Ones([3], requiresGrad: true); Tensor y = w * g; y += g; w = w.Detach(); }" },
    };

    [Theory, MemberData(nameof(Habits))]
    public void Code_by_habit_is_reported_where_it_goes_wrong_and_nowhere_else(string id, string code)
    {
        var program = new Compiled(code);
        program.Errors.ShouldBeEmpty();
        program.Reports.Select(d => d.Id).ShouldBe(id.Length == 0 ? [] : [id]);
        if (id.Length == 0) return;
        for (int fix = 0; fix < program.Fixes.Count; fix++)
        {
            Compiled after = program.Fixed(fix);
            // A bool that becomes a tensor is for the writer to go on with.
            if (program.Fixes[fix] != "Compare the elements") after.Errors.ShouldBeEmpty($"{program.Fixes[fix]}:\n{after.Text}");
            after.Reports.ShouldBeEmpty($"{program.Fixes[fix]}:\n{after.Text}");
        }
    }

    public static TheoryData<string> Lessons => [.. Examples.Example.Names];

    /// <summary>The course is code by habit, too; what it shows on purpose is silenced there.</summary>
    [Theory, MemberData(nameof(Lessons))]
    public async Task A_lesson_is_not_reported(string name)
    {
        CompilationWithAnalyzers program = new Examples.Example(name).Compilation.WithAnalyzers(Compiled.All);
        (await program.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken)).Select(d => d.ToString()).ShouldBeEmpty();
    }

    [Fact]
    public void Every_rule_fixes_something_here() =>
        Habits.Select(h => h.Data.Item1).Where(id => id.Length > 0).Distinct().Order().ShouldBe(Ids.Select(i => i.Data));

    [Fact]
    public void The_fields_of_parts_are_kept_for_native_programs()
    {
        var program = new Compiled("""
            record Heads(Linear Q, Linear K);
            readonly struct Gate { readonly Linear inner; }
            class Outer<T> { class Hidden { T? value; } enum Kind { A } }
            class Captured(Linear fc) { public Tensor Run(Tensor x) => fc.Call(x); }
            class Numbers { int count; string name = ""; double[] values = []; List<int> list = []; }
            class Net : Module { readonly Heads heads = new(new(1, 1), new(1, 1)); }
            static class Tool { static Linear? shared; }
            file class Local { Linear? fc; }
            interface IStage { Tensor Run(Tensor x); }
            """);
        GeneratorDriver driver =
            CSharpGeneratorDriver.Create(
                [new Adjoint.Analyzers.KeptParts().AsSourceGenerator()], parseOptions: new CSharpParseOptions(LanguageVersion.Preview));
        driver.RunGeneratorsAndUpdateCompilation(program.Compilation, out Compilation with, out _, TestContext.Current.CancellationToken);
        with.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        string source = with.SyntaxTrees.Last().ToString();
        foreach (string kept in new[] { "Heads", "Gate", "Outer`1.Hidden", "Captured" }) source.ShouldContain($"\"{kept}\", \"Sample\"");
        foreach (string left in new[] { "Numbers", "Net", "Tool", "Local", "IStage" }) source.ShouldNotContain($"\"{left}\"");
    }
}
