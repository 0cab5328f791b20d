using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Examples;

public class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));
    private static readonly Example Example = new("00-first-network");

    [Fact]
    public void Its_code_is_that_of_the_example() => Example.Text.ShouldEndWith(Block("```csharp\n"));

    [Fact]
    public void Its_output_is_what_the_example_prints() => Block("It prints\n\n```\n").ShouldBe(Example.Expected);

    [Fact]
    public void Its_links_lead_somewhere()
    {
        string[] targets = [.. System.Text.RegularExpressions.Regex.Matches(Readme, @"\]\((?!https?:)([^)#]+)\)").Select(match => match.Groups[1].Value)];
        targets.ShouldNotBeEmpty();
        targets.Where(target => !Path.Exists(Path.Combine(SourceTree.Root, target))).ShouldBeEmpty();
    }

    private static string Block(string opening)
    {
        int start = Readme.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        return Readme[start..Readme.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
