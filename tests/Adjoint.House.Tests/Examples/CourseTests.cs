using System.Text.Json;
using System.Text.RegularExpressions;
using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Examples;

/// <summary>The course as a whole: its order, the form of its lessons, and numbers that do not come from the library.</summary>
public partial class CourseTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "course.md"));

    public static TheoryData<string> Lessons => [.. Example.Names];

    [Fact]
    public void Lessons_are_numbered_without_holes() =>
        Example.Names.Select(name => name[..2]).ShouldBe(Enumerable.Range(0, Example.Names.Count()).Select(i => $"{i:00}"));

    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_says_what_it_shows_why_it_matters_and_what_to_try(string name)
    {
        string[] head =
            [.. new Example(name).Text.Split('\n').SkipWhile(line => line.StartsWith("#:", StringComparison.Ordinal))
                .TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))];
        head[0].ShouldStartWith("// Shows ");
        head.ShouldContain(line => line.StartsWith("// Why it matters: ", StringComparison.Ordinal));
        head.ShouldContain(line => line.StartsWith("// Try: ", StringComparison.Ordinal));
    }

    /// <summary>The first is the program of the README, which is as short as it can be.</summary>
    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_has_its_output_written_down_and_ends_with_what_was_seen(string name)
    {
        string expected = new Example(name).Expected.ShouldNotBeNull();
        if (name != "00-first-network") expected.TrimEnd('\n').Split('\n')[^1].ShouldStartWith("Seen: ");
    }

    /// <summary>tests/Parity/course_fixtures.py has them from the documents and from PyTorch.</summary>
    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_prints_the_numbers_of_the_documents_and_of_PyTorch(string name)
    {
        string expected = new Example(name).Expected!;
        int from = 0;
        foreach (string text in Facts.GetValueOrDefault(name, []))
        {
            int at = expected.IndexOf(text, from, StringComparison.Ordinal);
            if (at < 0 && text.Contains('\n')) at = IndexOfIndented(expected, text, from);
            at.ShouldBeGreaterThanOrEqualTo(0, $"'{text}' should follow in:\n{expected[from..]}");
            from = at + 1;
        }
    }

    [Fact]
    public void The_guide_leads_through_every_lesson_in_order() =>
        LinkedLesson().Matches(Guide).Select(match => match.Groups[1].Value).Distinct().ShouldBe(Example.Names);

    [Fact]
    public void The_guide_has_no_dead_links() =>
        Link().Matches(Guide).Select(match => Path.Combine(SourceTree.Root, "docs", match.Groups[1].Value))
        .Where(path => !Path.Exists(path)).ShouldBeEmpty();

    private static readonly Dictionary<string, string[]> Facts =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "Parity", "fixtures",
            "course.json"))).RootElement.EnumerateArray()
            .ToDictionary(
                entry => entry.GetProperty("lesson").GetString()!,
                entry => entry.GetProperty("prints").EnumerateArray().Select(text => text.GetString()!).ToArray());

    /// <summary>A tensor of several lines is printed behind a word, so that its later lines stand elsewhere.</summary>
    private static int IndexOfIndented(string expected, string text, int from)
    {
        int at = from;
        foreach (string line in text.Split('\n'))
        {
            at = expected.IndexOf(line.Trim(), at, StringComparison.Ordinal);
            if (at < 0) return -1;
        }
        return at;
    }

    [GeneratedRegex(@"\(\.\./examples/([0-9][^)]*)\.cs\)")]
    private static partial Regex LinkedLesson();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Link();
}
