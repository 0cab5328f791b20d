using System.Reflection;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Symbolic;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface;

/// <summary>What has several forms can be called with what people write there: the compiler finds one of them.</summary>
public class OverloadTests
{
    private const string Ambiguous = "CS0121";

    /// <summary>What is written for a type; the first stands there while another argument changes.</summary>
    private static readonly Dictionary<Type, string[]> s_written = new()
    {
        [typeof(Tensor)] = ["x", "1.0", "1", "2f", "3L", "true", "[1.0, 2.0]", "[1, 2]", "new[] { 1.0 }", "new[] { 1 }"],
        [typeof(Number)] = ["1.0", "1", "2f", "3L", "true", "(byte)1", "(Half)1", "1m", "-1"],
        [typeof(Number?)] = ["1.0", "1", "2f", "3L", "null"],
        [typeof(double)] = ["0.5", "1", "1f", "1L"],
        [typeof(double?)] = ["0.5", "1", "null"],
        [typeof(int[])] = ["new[] { 1 }", "[1]"],
        [typeof(float)] = ["0.5f", "1"],
        [typeof(int)] = ["1", "0", "-1", "'a'", "(short)1"],
        [typeof(int?)] = ["1", "null"],
        [typeof(long)] = ["1L", "1"],
        [typeof(bool)] = ["true", "false"],
        [typeof(string)] = ["\"a\""],
        [typeof(DType)] = ["DType.Float32"],
        [typeof(Shape)] = ["x.Shape", "[2, 3]", "[]", "new[] { 2, 3 }", "(2, 3)"],
        [typeof(ReadOnlySpan<Tensor>)] = ["x", "[x]", "[]", "1"],
        [typeof((double, double)?)] = ["(0.9, 0.99)", "(0, 0.99)", "null"],
        [typeof(ReadOnlySpan<int>)] = ["1", "[1, 2]", "[]", "new[] { 1, 2 }", "stackalloc int[1]"],
        [typeof(IReadOnlyList<int>)] = ["[1, 2]", "[]", "new[] { 1, 2 }", "new List<int> { 1 }"],
        [typeof(ReadOnlySpan<double>)] = ["[1.0]", "[]", "[1]", "new[] { 1.0 }"],
        [typeof(IEnumerable<Tensor>)] = ["[x]", "[]", "new[] { x }", "new List<Tensor> { x }"],
        [typeof(IReadOnlyList<Tensor>)] = ["[x]", "[]", "new[] { x }", "new List<Tensor> { x }"],
        [typeof(Tensor[])] = ["[x]", "[]", "x"],
        [typeof(IEnumerable<Module>)] = ["[new ReLU()]", "[]", "new ReLU()", "new Module[] { new ReLU() }"],
        [typeof(IEnumerable<(string, Module)>)] = ["[(\"a\", new ReLU())]", "(\"a\", new ReLU())"],
        [typeof(IEnumerable<ParamGroup>)] = ["[new ParamGroup([x])]", "[]"],
        [typeof(Generator)] = ["new Generator(1)", "null"],
        [typeof(Func<Tensor, Tensor>)] = ["t => t.Sin()", "t => t * 2", "Same"],
        [typeof(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>)] = ["ts => [ts[0].Sin()]", "ts => new[] { ts[0] }"],
        [typeof(Action<Tensor>)] = ["t => Console.Write(t)", "t => { }"],
        [typeof(Func<Tensor, Tensor?>)] = ["t => t * 2", "t => null", "t => { return t; }"],
        [typeof(Expr)] = ["f", "1.0", "2", "1f"],
        [typeof(IReadOnlyList<string>)] = ["\"a\"", "[\"a\"]", "[]"],
        [typeof(string[])] = ["\"a\"", "[\"a\"]", "[]"],
    };

    [Fact]
    public void Every_overload_is_found_with_every_kind_of_literal()
    {
        string[] calls = [.. Calls().Distinct()];
        string[][] errors = Snippets.Objections(calls, "Tensor x, Tensor y, Expr f", "static Tensor Same(Tensor t) => t;",
            "using Adjoint.Nn; using Adjoint.Optim; using Adjoint.Data; using Adjoint.Symbolic; using Shape = Adjoint.Shape;");
        calls.Where((_, i) => errors[i].Contains(Ambiguous)).ShouldBeEmpty();
        errors.Count(e => e.Length == 0).ShouldBeGreaterThan(1000, $"{calls.Length} were tried");
    }

    private static IEnumerable<string> Calls()
    {
        foreach (
            Type type in PublicSurface.Types.Where(
                t => !t.IsGenericTypeDefinition && !t.IsNested && t.Namespace?.StartsWith("Adjoint", StringComparison.Ordinal) == true))
        {
            string name = $"{type.Namespace}.{type.Name}";
            string? on = type == typeof(Tensor) ? "x" : type == typeof(Expr) ? "f" : null;
            ConstructorInfo[] made = type.IsAbstract ? [] : type.GetConstructors();
            if (made.Length > 1 || type.Namespace is "Adjoint.Optim" or "Adjoint.Nn")
                foreach (string arguments in made.SelectMany(c => Arguments(c.GetParameters()))) yield return $"new {name}({arguments})";
            foreach (
                IGrouping<string, MethodInfo> forms in type.GetMethods(
                    BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(m => !m.IsSpecialName && !m.IsGenericMethodDefinition).GroupBy(m => m.Name))
            {
                if (forms.Count() < 2) continue;
                foreach (MethodInfo form in forms)
                    if (form.IsStatic || on is not null)
                        foreach (string arguments in Arguments(form.GetParameters()))
                            yield return $"{(form.IsStatic ? name : on)}.{form.Name}({arguments})";
            }
        }
    }

    /// <summary>Arguments for a form: each kind of each, the others as usual, and with fewer of those that can be left out.</summary>
    private static IEnumerable<string> Arguments(ParameterInfo[] parameters)
    {
        int least =
            parameters.Count(
                p => !p.IsOptional && !p.IsDefined(typeof(ParamArrayAttribute))
                && !p.IsDefined(typeof(System.Runtime.CompilerServices.ParamCollectionAttribute)));
        for (int count = least; count <= parameters.Length; count++)
        {
            string[][] kinds = [.. parameters[..count].Select(p => Kinds(p.ParameterType))];
            if (kinds.Any(k => k.Length == 0)) yield break;
            yield return string.Join(", ", kinds.Select(k => k[0]));
            for (int i = 0; i < count; i++)
                foreach (string kind in kinds[i]) yield return string.Join(", ", kinds.Select((k, j) => i == j ? kind : k[0]));
        }
    }

    private static string[] Kinds(Type type) =>
        s_written.TryGetValue(type, out string[]? kinds) ? kinds : type.IsEnum ? [$"default({type.FullName})"] : [];
}
