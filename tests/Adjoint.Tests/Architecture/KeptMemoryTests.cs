using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Adjoint.Tests.Architecture;

/// <summary>Whoever takes the memory of a tensor keeps the tensor until he is done with it: Note [Kept until done].</summary>
public class KeptMemoryTests
{
    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    [Fact]
    public void Every_place_in_the_library_that_takes_a_tensors_memory_keeps_the_tensor()
    {
        string[] projects = ["Adjoint.Algebra", "Adjoint.Kernels", "Adjoint", "Adjoint.Formats", "Adjoint.Nn", "Adjoint.Symbolic", "Adjoint.Plots"];
        MemoryUses uses = Of([.. projects.SelectMany(SourceTree.In).Select(file => (file.Path, file.Text))]);
        uses.Faults.ShouldBeEmpty();
        uses.Places.ShouldBeGreaterThan(200);
    }

    private const string Owner = """
        internal class Tensor
        {
            internal Span<T> Span<T>() where T : unmanaged => default;
            internal Tensor Plus() => this;
        }
        internal static class Kernel { internal static void Run(Span<float> x) { } }
        internal interface IWork { void Run(); }
        """;

    [Theory]
    [InlineData("void M(Tensor x) { Kernel.Run(x.Span<float>()); GC.KeepAlive(x); }")]
    [InlineData("void M(Tensor x) { if (x != null) { Kernel.Run(x.Span<float>()); } GC.KeepAlive(x); }")]
    [InlineData("Tensor M() { var x = new Tensor(); Kernel.Run(x.Span<float>()); return x; }")]
    [InlineData("void M(Tensor x) { try { Kernel.Run(x.Span<float>()); } finally { GC.KeepAlive(x); } }")]
    [InlineData("void M(Tensor x) { Inner(x); GC.KeepAlive(x); } void Inner(Tensor y) => Kernel.Run(y.Span<float>());")]
    [InlineData("void M(Tensor x) { Span<float> s = x.Span<float>(), t = s[1..]; Kernel.Run(t); GC.KeepAlive(x); }")]
    [InlineData("struct Operand(Tensor x) { public Tensor Tensor { get; } = x; public Span<float> Of() => Tensor.Span<float>(); } void M(Operand o) { Kernel.Run(o.Of()); GC.KeepAlive(o.Tensor); }")]
    public void What_is_kept_until_the_end_is_found_to_be(string code) => Of(code).Faults.ShouldBeEmpty();

    [Theory]
    [InlineData("public void M(Tensor x) { Kernel.Run(x.Span<float>()); }", "not kept")]
    [InlineData("void M() { var x = new Tensor(); Kernel.Run(x.Span<float>()); }", "x is not kept")]
    [InlineData("void M() { var x = new Tensor(); if (x != null) { Kernel.Run(x.Span<float>()); return; } GC.KeepAlive(x); }", "x is not kept")]
    [InlineData("void M() { var x = new Tensor(); Inner(x); } void Inner(Tensor y) => Kernel.Run(y.Span<float>());", "x is not kept")]
    [InlineData("void M() { var x = new Tensor(); GC.KeepAlive(x); Kernel.Run(x.Span<float>()); }", "x is not kept")]
    [InlineData("void M() { var x = new Tensor(); Span<float> s = x.Span<float>(), t = s[1..]; GC.KeepAlive(x); Kernel.Run(t); }", "x is not kept")]
    [InlineData("void M() { var x = new Tensor(); Span<float> s; { s = x.Span<float>(); GC.KeepAlive(x); } Kernel.Run(s); }", "x is not kept")]
    [InlineData("void M(bool b) { var x = new Tensor(); Kernel.Run(x.Span<float>()); if (b) GC.KeepAlive(x); }", "x is not kept")]
    [InlineData("void M() { var x = new Tensor(); Kernel.Run(x.Span<float>()); x = new Tensor(); GC.KeepAlive(x); }", "x is not kept")]
    [InlineData("void M(Tensor x) { Kernel.Run(x.Plus().Span<float>()); GC.KeepAlive(x); }", "temporary")]
    [InlineData("Tensor X = new(); void M() { Kernel.Run(X.Span<float>()); }", "X is not kept")]
    [InlineData("void M(Tensor x) { Action a = () => Kernel.Run(x.Span<float>()); a(); GC.KeepAlive(x); }", "cannot be followed")]
    [InlineData("void M(Tensor x) { Action<Tensor> a = Inner; a(x); GC.KeepAlive(x); } void Inner(Tensor y) => Kernel.Run(y.Span<float>());", "cannot be followed")]
    [InlineData("struct Work(Tensor x) : IWork { public void Run() => Kernel.Run(x.Span<float>()); }", "cannot be followed")]
    public void What_may_die_too_early_is_found(string code, string why) => Of(code).Faults.ShouldHaveSingleItem().ShouldContain(why);

    private static MemoryUses Of(string code) => Of([("Owner.cs", Owner), ("Sample.cs", $"public class Sample\n{{\n{code}\n}}")]);

    private static MemoryUses Of((string Path, string Text)[] files)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        IEnumerable<SyntaxTree> trees = files.Append(("Usings.cs", Usings)).Select(file => CSharpSyntaxTree.ParseText(file.Item2, options, file.Item1));
        return new MemoryUses(CSharpCompilation.Create("Library", trees, References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)));
    }
}
