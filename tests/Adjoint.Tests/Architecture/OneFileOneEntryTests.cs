using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Adjoint.Tests.Architecture;

/// <summary>
/// An operation is one file and one entry in the table. Taking both out leaves a solution that builds; putting both in gives everything that
/// is made from the table. Each kind that is said to be so has an operation here that is taken out and one that is put in.
/// </summary>
public class OneFileOneEntryTests
{
    private const string Table = "src/Adjoint/Ops/OpTable.ElementWise.cs";

    /// <summary>What goes: its file and its entry, what a formula calls it.</summary>
    private static readonly (string File, string Entry, string Name)[] Removed =
    [
        ("src/Adjoint/Ops/Elementwise/Frac.cs", "Op.Unary<FracOp>(),", "frac"),
        ("src/Adjoint/Ops/Compare/NanToNum.cs", "Op.Unary(new NanToNumOp(0, float.MaxValue, float.MinValue)),", "nan_to_num"),
        ("src/Adjoint/Ops/Elementwise/Fmax.cs", "Op.Binary<FmaxOp>(),", "fmax"),
    ];

    /// <summary>What comes: element-wise, with a parameter, and of two arguments.</summary>
    private static readonly (string Name, string Entry, string Code)[] Added =
    [
        ("bump", "Op.Unary<BumpOp>(),", """
            namespace Adjoint;

            public partial class Tensor
            {
                public Tensor Bump() => Unary.Apply(new BumpOp(), this);
            }

            internal readonly struct BumpOp : IUnaryOp
            {
                public static string Name => "bump";
                public static OpInfo Info => new() { Formula = "x*exp(-x^2)", Torch = "x * torch.exp(-x ** 2)", FormulaNames = ["bump"], NamesElsewhere = ["buckel"] };
                public static Saves Saves => Saves.Input;
                public V Value<V>(V x) where V : IAlgebra<V> => x * (-(x * x)).Exp();
                public V Slope<V>(V x, V y) where V : IAlgebra<V> => (1 - 2 * (x * x)) * (-(x * x)).Exp();
            }
            """),
        ("swell", "Op.Unary(new SwellOp(0.75)),", """
            namespace Adjoint;

            public partial class Tensor
            {
                public Tensor Swell(double rate = 1) => Unary.Apply(new SwellOp(rate), this);
            }

            internal readonly struct SwellOp(double rate) : IUnaryOp
            {
                public void Describe(OpAttributes to) => to.Add("rate", rate);
                public static string Name => "swell";
                public static OpInfo Info => new() { Formula = "x*tanh(rate*x)", Torch = "x * torch.tanh(rate * x)" };
                public static Saves Saves => Saves.Input;
                public V Value<V>(V x) where V : IAlgebra<V> => x * (x * rate).Tanh();
                public V Slope<V>(V x, V y) where V : IAlgebra<V> => (x * rate).Tanh() + rate * x * (1 - (x * rate).Tanh().Square());
            }
            """),
        ("share", "Op.Binary<ShareOp>(),", """
            namespace Adjoint;

            public partial class Tensor
            {
                public Tensor Share(Tensor other) => Binary.Apply(new ShareOp(), this, other.Given());
            }

            internal readonly struct ShareOp : IBinaryOp
            {
                public static string Name => "share";
                public static OpInfo Info => new() { Formula = "x/(x + y)", Torch = "x / (x + y)" };
                public static Saves Saves => Saves.Input;
                public static Domain DomainX => Domain.Positive;
                public static Domain DomainY => Domain.Positive;
                public V Value<V>(V x, V y) where V : IAlgebra<V> => x / (x + y);
                public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => y / ((x + y) * (x + y));
                public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => -x / ((x + y) * (x + y));
            }
            """),
    ];

    private static ChangedSource Changed()
    {
        var source = new ChangedSource();
        foreach (var (file, entry, _) in Removed)
        {
            source.Remove(file);
            source.ReplaceLine(Table, entry);
        }
        foreach (var (name, entry, code) in Added)
        {
            source.Add($"src/Adjoint/Ops/Elementwise/{name}.cs", code);
            source.ReplaceLine(Table, "Op.Unary<AbsOp>(),", "Op.Unary<AbsOp>(),", entry);
        }
        return source;
    }

    /// <summary>Then everything builds without it: the library itself is built below.</summary>
    [Fact]
    public void What_an_operation_declares_is_named_nowhere_else()
    {
        HashSet<string> declared = [.. Removed.SelectMany(removed => Declared(Parsed(removed.File)))];
        declared.ShouldBe(["Frac", "FracOp", "NaNToNum", "NanToNumOp", "Fmax", "FmaxOp"], ignoreOrder: true);
        string[] except = [.. Removed.Select(removed => removed.File), Table];
        (from file in ((string[])["src", "tests", "benchmarks", "examples"]).SelectMany(SourceTree.Paths)
         let path = Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/')
         where !except.Contains(path)
         from token in Parsed(path).DescendantTokens()
         where token.IsKind(SyntaxKind.IdentifierToken) && declared.Contains(token.ValueText)
         select $"{path}({token.GetLocation().GetLineSpan().StartLinePosition.Line + 1}): {token.ValueText}").ShouldBeEmpty();
    }

    private static SyntaxNode Parsed(string path) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(SourceTree.Root, path)), new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();

    /// <summary>Its own types, and the words it gives to tensors and to generic code.</summary>
    private static IEnumerable<string> Declared(SyntaxNode file) =>
        file.DescendantNodes().OfType<TypeDeclarationSyntax>().SelectMany(type => type.Identifier.ValueText switch
        {
            "Tensor" or "AlgebraWords" or "" => type.Members.OfType<MethodDeclarationSyntax>().Select(method => method.Identifier.ValueText),
            var name => [name],
        });

    [Fact]
    public void A_new_operation_is_differentiated_found_and_listed_and_one_that_is_gone_is_not()
    {
        Type probe = Changed().Load("src/Adjoint", """
            using Adjoint;

            public static class Probe
            {
                public static string[] Names() => [.. OpTable.All.Select(op => op.Name)];

                public static void CheckGradients(string name)
                {
                    Op op = OpTable.All.Single(row => row.Name == name);
                    Tensor[] Leaves() => [.. op.Inputs.Select((input, i) => input.Sample(i).RequiresGradInPlace())];
                    GradCheck.Run(xs => [op.Apply(xs)], Leaves(), new GradCheckOptions { CheckForward = true });
                    GradCheck.RunSecondOrder(xs => [op.Apply(xs)], Leaves());
                }
            }
            """);
        var names = (string[])probe.GetMethod("Names")!.Invoke(null, [])!;
        Added.Select(added => added.Name).Except(names).ShouldBeEmpty();
        Removed.Select(removed => removed.Name).Intersect(names).ShouldBeEmpty();
        foreach (var (name, _, _) in Added) probe.GetMethod("CheckGradients")!.Invoke(null, [name]);

        Says(probe, "ops", "bump").ShouldContain("BumpBackward0");
        Says(probe, "ops", "swell").ShouldContain("tanh(rate·x) + x·rate/cosh²(rate·x)");
        Says(probe, "ops", "share").ShouldContain("y/(x + y)²");
        Says(probe, "ops", "buckel").ShouldStartWith("bump");
        Says(probe, "diff", "bump(x)*sin(x)", "--at", "x=0.4").ShouldContain("reverse");
        Says(probe, "diff", "buckel(x)").ShouldContain("did you mean bump?");
        foreach (var (_, _, name) in Removed) Says(probe, "ops", name).ShouldContain($"There is no operation {name}");
        Says(probe, "diff", "frac(x)").ShouldContain("There is no function frac");
    }

    /// <summary>What the command prints, or what it refuses, on top of the changed library.</summary>
    private static string Says(Type probe, params string[] args)
    {
        var output = new StringWriter();
        var loaded = System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(probe.Assembly)!.LoadFromAssemblyName(new("Adjoint.Cli"));
        loaded.GetType("Adjoint.Cli.CommandLine")!.GetMethod("Run")!.Invoke(null, [args, output, output]);
        return output.ToString();
    }
}
