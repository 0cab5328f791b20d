using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Adjoint.Tests.Architecture;

/// <summary>Operations name tensors and a kernel; a loan gives the memory and keeps it: Note [Lent until the end of the block].</summary>
public class LentMemoryTests
{
    /// <summary>What gives memory: they alone hold spans of it, and keep its owners alive.</summary>
    private static readonly string[] s_drivers =
    [
        "Adjoint/Tensor/Loan.cs",
        "Adjoint/Tensor/Storage.cs",
        "Adjoint/Tensor/Tensor.Memory.cs",
        "Adjoint/Tensor/Tensor.Access.cs", // hands out what has left the pool
        "Adjoint.Kernels/Memory/Block.cs",
        "Adjoint.Kernels/Memory/Lease.cs",
        "Adjoint.Kernels/Memory/Scratch.cs",
    ];

    /// <summary>What keeps something alive that is no memory, and why.</summary>
    private static readonly Dictionary<string, string> s_keepers = new()
    {
        ["Adjoint/Autograd/SavedTensorPacking.cs"] = "the finalizer of what wrote a file deletes it, which must not be while it is read",
        ["Adjoint/Autograd/SavedMemory.cs"] = "the graph of a result is counted, which must not be collected before",
    };

    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly Lazy<CSharpCompilation> s_library = new(() => Compiled(
        [.. new[] { "Adjoint.Algebra", "Adjoint.Kernels", "Adjoint", "Adjoint.Formats", "Adjoint.Nn", "Adjoint.Data", "Adjoint.Symbolic",
            "Adjoint.Plots" }.SelectMany(SourceTree.In).Select(file => (file.Path, file.Text))]));

    [Fact]
    public void Only_loans_give_the_memory_of_tensors_in_the_library_and_keep_it()
    {
        var memory = new LentMemory(s_library.Value, s_drivers.Contains, s_keepers.ContainsKey);
        memory.Faults.ShouldBeEmpty();
        memory.Givers.ShouldBe(["AsSpan", "HandOut", "Inline", "LendBytesTo", "LendTo", "Pointer"]);
        memory.Loans.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Every_file_with_a_right_of_its_own_needs_it()
    {
        var plain = new LentMemory(s_library.Value, _ => false, _ => false);
        string[] files = [.. plain.Faults.Select(fault => fault[..fault.IndexOf(':', StringComparison.Ordinal)]).Distinct()];
        s_drivers.Concat(s_keepers.Keys).Except(files).ShouldBeEmpty();
    }

    private const string Owner = """
        namespace Adjoint;
        internal class Tensor { internal Span<T> LendTo<T>(scoped ref Loan loan) where T : unmanaged => default; internal ref int First => ref _x[0]; private int[] _x = [1]; }
        internal ref struct Loan
        {
            [System.Diagnostics.CodeAnalysis.UnscopedRef]
            internal Span<T> Of<T>(Tensor x) where T : unmanaged => x.LendTo<T>(ref this);
            public void Dispose() { }
        }
        internal static class Kernel { internal static int Run(Span<float> x) => x.Length; }
        """;

    [Theory]
    [InlineData("void M(Tensor x) { using var memory = new Loan(); Kernel.Run(memory.Of<float>(x)); }")]
    [InlineData("int M(Tensor x) { using (var memory = new Loan()) return Kernel.Run(memory.Of<float>(x)[1..]); }")]
    [InlineData("void M(Tensor x) { using Loan memory = new(); memory.Of<float>(x).Fill(1); }")]
    [InlineData("void M(Tensor x) { Action a = () => { using var memory = new Loan(); Kernel.Run(memory.Of<float>(x)); }; a(); }")]
    public void What_is_lent_to_a_kernel_is_right(string code) => Of(code).Faults.ShouldBeEmpty();

    [Theory]
    [InlineData("void M(Tensor x) { GC.KeepAlive(x); }", "only drivers keep alive")]
    [InlineData("void M(Tensor x) { var memory = new Loan(); Kernel.Run(memory.Of<float>(x)); }", "made by using")]
    [InlineData("void M(Tensor x) { Kernel.Run(new Loan().Of<float>(x)); }", "made by using")]
    [InlineData("void M(Tensor x) { Loan memory = default; Kernel.Run(memory.Of<float>(x)); }", "made by using")]
    [InlineData("void M(Tensor x) { Kernel.Run(default(Loan).Of<float>(x)); }", "made by using")]
    [InlineData("void M(Tensor x) { using var memory = new Loan(); var other = memory; Kernel.Run(other.Of<float>(x)); }", "not handed on")]
    [InlineData("void M(Tensor x, Loan memory) { Kernel.Run(memory.Of<float>(x)); }", "a local of the block")]
    [InlineData("void M(Tensor x, ref Loan memory) { Kernel.Run(memory.Of<float>(x)); }", "a local of the block")]
    [InlineData("void M(Tensor x) { using var memory = new Loan(); Span<float> s = memory.Of<float>(x); Kernel.Run(s); }",
        "holds no memory")]
    [InlineData("void M(Tensor x) { using var memory = new Loan(); var s = memory.Of<float>(x)[1..]; Kernel.Run(s); }", "holds no memory")]
    [InlineData("void M(Tensor x) { using var memory = new Loan(); foreach (float v in memory.Of<float>(x)) Console.Write(v); }",
        "holds no memory")]
    [InlineData("void M(Tensor x) { using var memory = new Loan(); ref float v = ref memory.Of<float>(x)[0]; v = 1; }", "holds no memory")]
    [InlineData("void M(Tensor x) { x.First = 1; }", "only a loan gives")]
    public void What_takes_memory_another_way_is_found(string code, string why) =>
        Of(code).Faults.ShouldHaveSingleItem().ShouldContain(why);

    [Theory]
    [InlineData("static Span<float> M(Tensor x) { using var memory = new Loan(); return memory.Of<float>(x); }")]
    [InlineData("static Span<float> M(Tensor x) { using var memory = new Loan(); return memory.From<float>(x)[1..]; }")]
    [InlineData("static Span<float> M(Tensor x) { using var memory = new Loan(); return memory.Around<float>(x); }")]
    [InlineData("static Span<float> M(Tensor? x) { using var memory = new Loan(); return memory.OfNullable<float>(x); }")]
    [InlineData("static Span<byte> M(Tensor x) { using var memory = new Loan(); return memory.Bytes(x); }")]
    [InlineData("static void M(Tensor x, out Span<float> s) { using var memory = new Loan(); s = memory.Of<float>(x); }")]
    [InlineData("static void M(Tensor x, ref Span<float> s) { using var memory = new Loan(); s = memory.Of<float>(x); }")]
    [InlineData("static int M(Tensor x) { Span<float> s = []; { using var memory = new Loan(); s = memory.Of<float>(x); } return "
        + "s.Length; }")]
    public void What_outlives_a_loan_does_not_compile(string code) =>
        // may not be passed or returned by reference
        Errors($"namespace Adjoint; internal static class Sample {{ {code} }}").ShouldBe(["CS8156"]);

    [Fact]
    public void Every_member_of_a_loan_that_gives_memory_is_tried_above()
    {
        INamedTypeSymbol loan = s_library.Value.GetTypeByMetadataName("Adjoint.Loan")!;
        loan.GetMembers().OfType<IMethodSymbol>().Where(method => method.ReturnType.Name == "Span").Select(method => method.Name)
            .Order(StringComparer.Ordinal)
            .ShouldBe(["Around", "Bytes", "From", "Of", "OfNullable"]);
        Errors("namespace Adjoint; internal static class Sample { static int M(Tensor x) { using var memory = new Loan(); return "
            + "memory.Of<float>(x).Length; } }")
            .ShouldBeEmpty();
    }

    private static string[] Errors(string code)
    {
        SyntaxTree tree = Parsed("Sample.cs", code);
        return [.. s_library.Value.AddSyntaxTrees(tree).GetSemanticModel(tree).GetDiagnostics()
            .Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.Id)];
    }

    private static LentMemory Of(string code) =>
        new(Compiled([("Owner.cs", Owner), ("Sample.cs", $"namespace Adjoint;\npublic class Sample\n{{\n{code}\n}}")]),
            path => path == "Owner.cs", _ => false);

    private static SyntaxTree Parsed(string path, string text) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), path);

    private static CSharpCompilation Compiled((string Path, string Text)[] files) => CSharpCompilation.Create(
        "Library", files.Append(("Usings.cs", SourceTree.ImplicitUsings)).Select(file => Parsed(file.Item1, file.Item2)), s_references,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
}
