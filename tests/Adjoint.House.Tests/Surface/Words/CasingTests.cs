using System.Reflection;
using System.Text.RegularExpressions;

namespace Adjoint.Tests.Surface.Words;

/// <summary>Names have one casing: docs/decisions/0027.</summary>
public partial class CasingTests
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] s_members =
    [
        .. PublicSurface.Types.Where(t => !typeof(Delegate).IsAssignableFrom(t)).SelectMany(t => t.GetMembers(Own))
            .Where(m => m is MethodInfo { IsSpecialName: false } or PropertyInfo or FieldInfo { IsSpecialName: false })
            .Select(m => m.Name).Where(name => char.IsUpper(name[0]) && !name.Contains('<')).Distinct(),
    ];

    [Fact]
    public void No_two_members_differ_in_nothing_but_capitals()
    {
        s_members.Length.ShouldBeGreaterThan(700);
        s_members.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => string.Join(" ", g))
            .ShouldBeEmpty();
    }

    [Fact]
    public void What_one_name_writes_as_a_word_none_writes_as_two()
    {
        HashSet<string> words = [.. s_members.SelectMany(Words).Select(w => w.ToUpperInvariant())];
        (from name in s_members
         let parts = Words(name)
         from i in Enumerable.Range(0, Math.Max(0, parts.Length - 1))
         where words.Contains((parts[i] + parts[i + 1]).ToUpperInvariant())
         // "as" another one, "in place", and the arc sine.
         where (parts[i], parts[i + 1]) != ("As", "In")
         select $"{name} writes {parts[i]} {parts[i + 1]} as two words, another name as one").ShouldBeEmpty();
    }

    [Fact]
    public void An_abbreviation_is_a_word() => s_members.Where(name => ThreeCapitals().IsMatch(name)).ShouldBeEmpty();

    [Fact]
    public void Parameters_begin_small() =>
        (from type in PublicSurface.Types
         where type.GetMethod("<Clone>$") is null && !type.GetMethods(Own).Any(m => m.Name == "Deconstruct")
         from method in type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors())
         where !method.IsSpecialName
         from parameter in method.GetParameters()
         where parameter.Name is { Length: > 0 } name && char.IsUpper(name[0])
         select $"{type.Name}.{method.Name}({parameter.Name})").Distinct().ShouldBeEmpty();

    private static string[] Words(string name) =>
        [.. Word().Matches(name.Replace("NaN", "Nan", StringComparison.Ordinal)).Select(m => m.Value)];

    [GeneratedRegex("[A-Z]{3,}")]
    private static partial Regex ThreeCapitals();

    [GeneratedRegex("[A-Z](?![a-z])|[A-Z][a-z0-9]+")]
    private static partial Regex Word();
}
