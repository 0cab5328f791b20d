using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Adjoint.Tests.Architecture;

/// <summary>Nothing but the table of dtypes and the one dispatch asks which dtype a tensor has: Note [One row a dtype].</summary>
public class OneDispatchTests
{
    private static readonly string[] s_table = ["Adjoint/Tensor/DTypes.cs", "Adjoint/Tensor/Dispatch.cs"];

    // They know types and no dtypes.
    private static readonly string[] s_kernels = ["Adjoint.Algebra/", "Adjoint.Kernels/"];
    private static readonly string[] s_referred = ["System.", "Microsoft.CodeAnalysis"];

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Array.Exists(s_referred, start => Path.GetFileName(path).StartsWith(start, StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path))];

    [Fact]
    public void No_place_but_the_table_and_the_dispatch_compares_or_switches_over_dtypes()
    {
        DTypeUses uses = Of([.. SourceTree.Files.Select(file => (file.Path, file.Text))]);
        uses.Faults.ShouldBeEmpty();
        uses.Places.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void The_table_and_the_dispatch_are_what_is_exempt() =>
        s_table.ShouldAllBe(path => SourceTree.Files.Any(file => file.Path == path));

    private const string Enum = """
        public enum DType : byte { Float32, Float64, Int32 }
        internal static class Facts
        {
            extension(DType d) { internal int Size => 4; internal bool IsBool => false; internal string TorchName => ""; }
        }
        internal class Tensor { internal DType DType => default; internal DType? Maybe => null; }
        internal struct Number { internal DType DType; }
        """;

    [Theory]
    [InlineData("bool M(Tensor x, Tensor y) => x.DType == y.DType;")]
    [InlineData("DType M(DType d = DType.Float32) => d;")]
    [InlineData("DType M(Tensor x) => x.DType.IsBool ? DType.Float32 : DType.Int32;")]
    [InlineData("long M(Tensor x) => 3L * x.DType.Size;")]
    [InlineData("string M(Tensor x) => x.DType switch { { IsBool: true } => \"b\", _ => \"n\" };")]
    [InlineData("DType M(Tensor x) => x.Maybe is { } d ? d : DType.Int32;")]
    [InlineData("bool M<TOp>() where TOp : struct => typeof(TOp) == typeof(Number);")]
    public void What_needs_nothing_for_a_new_dtype_may_stand_anywhere(string code) => Of(code).Faults.ShouldBeEmpty();

    [Theory]
    [InlineData("bool M(Tensor x) => x.DType == DType.Float32;", "compares with")]
    [InlineData("bool M(Tensor x) => DType.Float32 != x.DType;", "compares with")]
    [InlineData("bool M(Tensor x) => x.Maybe == DType.Float32;", "compares with")]
    [InlineData("bool M(Tensor x) => x.DType is DType.Float32 or DType.Float64;", "compares with")]
    [InlineData("bool M(Tensor x) => x.DType <= DType.Float64;", "compares with")]
    [InlineData("bool M(Tensor x, Tensor y) => x.DType < y.DType;", "compares with")]
    [InlineData("bool M(Tensor x) => x.DType is <= DType.Float64;", "compares with")]
    [InlineData("bool M(Tensor x) => x is { DType: DType.Int32 };", "compares with")]
    [InlineData("bool M(Tensor x, Tensor y) => (x.DType, y.DType) == (DType.Int32, DType.Int32);", "compares with")]
    [InlineData("int M(Tensor x) => x.DType switch { DType.Float32 => 1, _ => 2 };", "compares with")]
    [InlineData("int M(Tensor x) => (x.DType, 1) switch { (DType.Float32, _) => 1, _ => 2 };", "compares with")]
    [InlineData("int M(Tensor x) { switch (x.DType) { case DType.Float32: return 1; default: return 2; } }", "compares with")]
    [InlineData("const DType F = DType.Float32; bool M(Tensor x) => x.DType == F;", "compares with")]
    [InlineData("static readonly DType F = DType.Float32; bool M(Tensor x) => x.DType == F;", "compares with")]
    [InlineData("bool M(Tensor x) => x.DType.Equals(DType.Float32);", "by a call")]
    [InlineData("bool M(Tensor x) => Equals(DType.Float32, x.DType) || object.Equals(DType.Float32, x.DType);", "by a call")]
    [InlineData("int M(Tensor x) => (int)x.DType;", "for a number")]
    [InlineData("DType M(int x) => (DType)x;", "for a number")]
    [InlineData("int M(Tensor x) { switch (x.DType.Size) { case 4: return 1; default: return 2; } }", "chooses by a fact")]
    [InlineData("bool M(Tensor x) => x.DType.Size == 4;", "chooses by a fact")]
    [InlineData("bool M(Tensor x) => x.DType.TorchName is \"float32\";", "chooses by a fact")]
    [InlineData("bool M<T>() where T : unmanaged => typeof(T) == typeof(float);", "type of an element")]
    [InlineData("bool M<T>(T x) where T : INumber<T> => x is float;", "type of an element")]
    public void What_a_new_dtype_would_fall_through_is_found(string code, string why)
    {
        IReadOnlyCollection<string> faults = Of(code).Faults;
        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(fault => fault.Contains(why));
    }

    private static DTypeUses Of(string code) =>
        Of([("Enum.cs", Enum), ("Sample.cs", $"using System.Numerics;\npublic class Sample\n{{\n{code}\n}}")]);

    private static DTypeUses Of((string Path, string Text)[] files)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        IEnumerable<SyntaxTree> trees = files.Append(("Usings.cs", SourceTree.ImplicitUsings))
            .Select(file => CSharpSyntaxTree.ParseText(file.Item2, options, file.Item1));
        var compilation = CSharpCompilation.Create("Library", trees, References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        return new DTypeUses(compilation, s_table.Contains, path => Array.Exists(s_kernels, path.StartsWith));
    }
}
