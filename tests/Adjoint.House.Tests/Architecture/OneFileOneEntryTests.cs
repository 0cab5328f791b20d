using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// An operation is one file and one line in the table. Every operation that nothing is made of is taken out here, all at once, and one of
/// each kind is put in: the files of the folder <c>OneFile</c>. The library, its modules, formulas and command then build and run.
/// </summary>
public class OneFileOneEntryTests
{
    private const string Folder = "tests/Adjoint.House.Tests/Architecture/OneFile", Table = "src/Adjoint/Ops/OpTable.";

    /// <summary>What comes: the file, its part of the table, its line there, its name.</summary>
    private static readonly (string File, string Table, string Line, string Name)[] s_added =
    [
        ("Swell", "ElementWise", "Op.Unary(new SwellOp(0.75), usual: new SwellOp(1)),", "swell"),
        ("Share", "ElementWise", "Op.Binary<ShareOp>(),", "share"),
        ("RingSum", "Shapes", "RingSum,", "ring_sum"),
        ("Anticommutator", "Matrices", "Anticommutator,", "anticommutator"),
        ("Gibbs", "Matrices", "Gibbs,", "gibbs"),
        ("SinCos", "Reductions", "SinCos,", "sin_cos"),
        ("SetDiagonal", "Indices", "SetDiagonal,", "set_diagonal"),
        ("Gumbel", "Draws", "Gumbel,", "gumbel"),
    ];

    private static readonly Lazy<Dictionary<string, SyntaxNode>> s_sources = new(() =>
        ((string[])["src", Folder]).SelectMany(SourceTree.Paths).ToDictionary(Relative, path => Parsed(File.ReadAllText(path))));

    private static readonly Lazy<HashSet<string>> s_kernels = new(() =>
        ["Kernels", .. s_sources.Value.Where(source => IsKernel(source.Key))
            .SelectMany(source => source.Value.DescendantNodes().OfType<ClassDeclarationSyntax>())
                .Select(type => type.Identifier.ValueText)]);

    private static readonly Lazy<ILookup<string, (string File, int Line)>> s_named = new(() =>
        (from source in s_sources.Value
         from token in source.Value.DescendantTokens()
         where token.IsKind(SyntaxKind.IdentifierToken) && !IsOfKernels(source.Key, token) && !IsDeclared(token)
         group token by (source.Key, token.ValueText) into names
         select (names.Key, Line: names.First().GetLocation().GetLineSpan().StartLinePosition.Line + 1))
        .ToLookup(name => name.Key.ValueText, name => (name.Key.Key, name.Line)));

    private static readonly Lazy<string[]> s_removed = new(() => [.. Operations().Where(file => Users(file).Length == 0)]);

    private static readonly Lazy<Type> s_probe = new(Changed);

    /// <summary>The files that are put in, for the page that shows them.</summary>
    internal static IEnumerable<(string File, string Table, string Line)> PutIn =>
        s_added.Select(added => (Path.Combine(SourceTree.Root, Folder, added.File + ".cs"), added.Table, added.Line));

    public static TheoryData<string> Added => [.. s_added.Select(added => added.Name)];

    private static IEnumerable<string> Operations() =>
        s_sources.Value.Keys.Where(path => path.StartsWith("src/Adjoint/Ops/", StringComparison.Ordinal) && path.Count(c => c == '/') == 4
            && (Kinds(path).Any() || Declared(path).Any(declared => declared.IsRow)));

    private static Type Changed()
    {
        var source = new ChangedSource();
        foreach (string file in s_removed.Value)
        {
            source.Remove(file);
            foreach ((string name, bool isRow) in Declared(file))
                foreach (string table in Tables().Where(table => Says(table, name, isRow)))
                    source.RemoveLines(table, line => IsLine(line, name, isRow));
        }
        foreach (var (file, table, line, _) in s_added)
        {
            source.Add($"src/Adjoint/Ops/{file}.cs", File.ReadAllText(Path.Combine(SourceTree.Root, Folder, file + ".cs")));
            source.AddLine($"{Table}{table}.cs", line);
        }
        return source.Load(["src/Adjoint", "src/Adjoint.Nn"], File.ReadAllText(Path.Combine(SourceTree.Root, Folder, "Probe.cs")));
    }

    /// <summary>
    /// An operation that something is made of cannot go; of each kind that is not the ground of others there is one that can.
    /// </summary>
    [Theory]
    [InlineData("IUnaryOp", 12)]
    [InlineData("IBinaryOp", 2)]
    [InlineData("ILinearOp", 1)]
    [InlineData("ITensorsOperation", 1)]
    [InlineData("IDrawOp", 1)]
    public void What_an_operation_declares_is_named_nowhere_else(string kind, int least)
    {
        string[] all = [.. Operations().Where(file => Kinds(file).Contains(kind))];
        all.Count(s_removed.Value.Contains).ShouldBeGreaterThanOrEqualTo(least, string.Join('\n', all.SelectMany(Users)));
    }

    /// <summary>
    /// Here the promise ends: the gradients of one bilinear operation, and of a gather, are others, and layers, MatMul and indexers ask for
    /// them. An operation that is the ground of others leaves only with these, which this finds by name.
    /// </summary>
    [Theory]
    [InlineData("IBilinearOp")]
    [InlineData("IUpdateOp")]
    [InlineData("IRowFunction")]
    public void What_is_the_ground_of_others_is_named_by_them(string kind)
    {
        string[] all = [.. Operations().Where(file => Kinds(file).Contains(kind))];
        all.ShouldNotBeEmpty();
        string.Join(", ", all.Where(file => Users(file).Length == 0)).ShouldBeEmpty(
            $"nothing is made of it: it leaves with the others now, and {kind} belongs to those of which one can go");
    }

    /// <summary>Those that no test was written for by hand leave with their file and line: their tests are those of the table.</summary>
    [Fact]
    public void Nor_in_tests_benchmarks_and_examples()
    {
        HashSet<string> named =
        [
            .. from path in ((string[])["tests", "benchmarks", "examples"]).SelectMany(SourceTree.Paths)
               where !path.Contains(Folder)
               from token in Parsed(File.ReadAllText(path)).DescendantTokens()
               where token.IsKind(SyntaxKind.IdentifierToken)
               select token.ValueText,
        ];
        s_removed.Value.Count(file => !Declared(file).Any(declared => named.Contains(declared.Name))).ShouldBeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public void What_was_taken_out_is_gone_and_the_rest_is_there()
    {
        var names = (string[])Run("Names")!;
        s_added.Select(added => added.Name).Except(names).ShouldBeEmpty();
        Op[] gone = [.. OpTable.All.Where(op => !names.Contains(op.Name))];
        (OpTable.All.Count - gone.Length + s_added.Length).ShouldBe(names.Length);
        gone.Length.ShouldBeGreaterThan(30);
        Type[] modules = Beside(new("Adjoint.Nn")).GetExportedTypes();
        modules.ShouldContain(module => module.Name == "ReLU");
        int functions = 0;
        foreach (Op op in gone)
        {
            Says("ops", op.Name).ShouldContain($"There is no operation {op.Name}");
            if (op is UnaryRow { Info.FormulaNames: [var called, ..] })
            {
                Says("diff", $"{called}(x)").ShouldContain($"There is no function {called}");
                functions++;
            }
            if (op.Info.Module?.Split('(')[0] is not { } type) continue;
            modules.ShouldNotContain(module => module.Name == type);
            modules.Single(module => module.Name == "F").GetMethods()
                .ShouldNotContain(method => method.Name.Equals(type, StringComparison.OrdinalIgnoreCase));
        }
        functions.ShouldBeGreaterThan(5);
    }

    [Theory, MemberData(nameof(Added))]
    public void What_was_put_in_computes_is_differentiated_and_seen(string name) => Run("Check", name);

    [Fact]
    public void What_was_put_in_has_its_forms_in_place() => Run("CheckInPlace");

    [Fact]
    public void What_was_put_in_draws() => Run("CheckDraw");

    [Fact]
    public void What_was_put_in_has_its_module_and_function() => ((string[])Run("CheckModules")!).ShouldBe(
        ["Swell(rate=1.0)", "Gibbs(dim=1)", "rate must be any finite number, but is NaN. (Parameter 'rate')\nActual value was NaN."]);

    [Fact]
    public void What_was_put_in_is_listed_and_found_in_formulas()
    {
        Says("ops", "swell").ShouldContain("tanh(rate·x) + x·rate/cosh²(rate·x)");
        Says("ops", "swell").ShouldContain("SwellBackward0");
        Says("ops", "share").ShouldContain("y/(x + y)²");
        Says("ops", "heave").ShouldStartWith("swell");
        Says("diff", "swell(x)*sin(x)", "--at", "x=0.4").ShouldContain("reverse");
        Says("diff", "heave(x)").ShouldContain("did you mean swell?");
        foreach (var (_, _, _, name) in s_added) Says("ops", name).ShouldStartWith(name);
    }

    private static object? Run(string method, params object[] arguments) =>
        s_probe.Value.GetMethod(method)!.Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, arguments, null);

    /// <summary>What the command prints, or what it refuses, on top of the changed library.</summary>
    private static string Says(params string[] args)
    {
        var output = new StringWriter();
        Beside(new("Adjoint.Cli")).GetType("Adjoint.Cli.CommandLine")!.GetMethod("Run")!.Invoke(null, [args, output, output]);
        return output.ToString();
    }

    private static System.Reflection.Assembly Beside(System.Reflection.AssemblyName name) =>
        System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(s_probe.Value.Assembly)!.LoadFromAssemblyName(name);

    private static IEnumerable<string> Tables() =>
        s_sources.Value.Keys.Where(path => path.StartsWith(Table, StringComparison.Ordinal) && path != Table + "cs");

    private static bool Says(string table, string name, bool isRow) =>
        File.ReadLines(Path.Combine(SourceTree.Root, table)).Any(line => IsLine(line, name, isRow));

    private static bool IsLine(string line, string name, bool isRow) => isRow ? line.Trim() == name + ","
        : line.TrimStart().StartsWith("Op.", StringComparison.Ordinal) && line.Split('(', ')', '<', '>', ' ').Contains(name);

    /// <summary>Where else in the source something is named that a file declares.</summary>
    private static string[] Users(string file) =>
    [
        .. from declared in Declared(file)
           from place in s_named.Value[declared.Name]
           where place.File != file && !Tables().Contains(place.File)
           select $"{file}: {place.File}({place.Line}) names {declared.Name}",
    ];

    /// <summary>The kinds of the operations in a file: the interfaces of its structs.</summary>
    private static IEnumerable<string> Kinds(string file) =>
        from type in s_sources.Value[file].DescendantNodes().OfType<StructDeclarationSyntax>()
        from kind in type.BaseList?.Types ?? default
        let name = kind.Type.ToString() switch { "IPrimitive" => "IUnaryOp", "IBinaryPrimitive" => "IBinaryOp", var other => other }
        where name.StartsWith('I')
            && (name.EndsWith("Op", StringComparison.Ordinal) || name is "ITensorOperation" or "ITensorsOperation" or "IRowFunction")
        select name;

    /// <summary>Its own types, the words it gives to tensors and to generic code, and its rows.</summary>
    private static IEnumerable<(string Name, bool IsRow)> Declared(string file) =>
        s_sources.Value[file].DescendantNodes().OfType<TypeDeclarationSyntax>().Where(type => !IsNested(type))
        .SelectMany(type => type.Identifier.ValueText switch
        {
            "Tensor" or "AlgebraWords" or "Linalg" or "Special" or "" =>
                type.Members.OfType<MethodDeclarationSyntax>().Select(method => (method.Identifier.ValueText, false)),
            "OpTable" => type.Members.OfType<PropertyDeclarationSyntax>().Select(row => (row.Identifier.ValueText, true)),
            var name => [(name, false)],
        });

    // Kernels know nothing of operations, though they have the same names; theirs stand behind that of a class of kernels, or of all.
    private static bool IsOfKernels(string file, SyntaxToken token) => IsKernel(file)
        || token.GetPreviousToken() is var dot && dot.IsKind(SyntaxKind.DotToken)
        && s_kernels.Value.Contains(dot.GetPreviousToken().ValueText);

    // Who gives a name to something of his own names nothing of others: the layer Unfold is not the view.
    private static bool IsDeclared(SyntaxToken token) => token.Parent switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier == token,
        MethodDeclarationSyntax method => method.Identifier == token,
        ConstructorDeclarationSyntax constructor => constructor.Identifier == token,
        _ => false,
    };

    private static bool IsKernel(string file) =>
        file.StartsWith("src/Adjoint.Kernels/", StringComparison.Ordinal)
        || file.StartsWith("src/Adjoint.Algebra/", StringComparison.Ordinal);

    // The words of generic code stand in an extension block.
    private static bool IsNested(TypeDeclarationSyntax type) =>
        type.Identifier.ValueText.Length > 0 && type.Parent is TypeDeclarationSyntax;

    private static SyntaxNode Parsed(string text) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();

    private static string Relative(string path) => Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/');
}
