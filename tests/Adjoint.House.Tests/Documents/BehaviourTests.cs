using System.Text.RegularExpressions;
using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Parity;

/// <summary>
/// No behaviour is forgotten: each row of tests/Parity/behaviours.md is named by a test or, with a reason, in docs/pytorch-map.md.
/// </summary>
public partial class BehaviourTests
{
    [GeneratedRegex(@"^- (\d+\.\d+) ", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*\] // ([^\n]*)")]
    private static partial Regex TestComment();

    // Rows of the map's last table begin with their numbers: | 1.14, 6.2 | what | why |
    [GeneratedRegex(@"^\| (\d+\.\d+[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex MapRow();

    [GeneratedRegex(@"(?<![\w.])\d+\.\d+(?![\w.]*\d)")]
    private static partial Regex Number();

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([SourceTree.Root, .. path]));

    private static IEnumerable<string> Numbers(Regex places, string text) =>
        places.Matches(text).SelectMany(place => Number().Matches(place.Groups[1].Value)).Select(number => number.Value);

    private static string[] Rows => [.. Row().Matches(Read("tests", "Parity", "behaviours.md")).Select(m => m.Groups[1].Value)];

    private static HashSet<string> Tested =>
        [.. SourceTree.Paths("tests").SelectMany(path => Numbers(TestComment(), File.ReadAllText(path)))];

    private static HashSet<string> Explained => [.. Numbers(MapRow(), Read("docs", "pytorch-map.md"))];

    [Fact]
    public void Every_row_is_tested_or_explained()
    {
        string[] rows = Rows;
        rows.Length.ShouldBeGreaterThan(250);
        rows.ShouldBeUnique();
        rows.Except(Tested).Except(Explained).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_explained_away_is_a_row() => Explained.Except(Rows).ShouldBeEmpty();
}
