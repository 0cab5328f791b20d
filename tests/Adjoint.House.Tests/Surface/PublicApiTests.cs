using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Surface;

/// <summary>
/// What each library makes public stands in its PublicApi.txt: nothing is added, changed or taken away without being seen in a review.
/// Read from what was built, in a second or two of the tests; an analyzer would do it in every build of every library.
/// </summary>
public class PublicApiTests
{
    private const int Shown = 20;

    /// <summary>The libraries that are packed.</summary>
    public static TheoryData<string> Libraries =>
    [
        "Adjoint.Algebra", "Adjoint.Kernels", "Adjoint", "Adjoint.Symbolic", "Adjoint.Formats", "Adjoint.Nn", "Adjoint.Data", "Adjoint.Plots",
        "Adjoint.Distributed",
    ];

    [Theory, MemberData(nameof(Libraries))]
    public void What_is_public_is_what_was_agreed(string library)
    {
        string file = Path.Combine(SourceTree.Root, "src", library, "PublicApi.txt"), found = PublicApiText.Of(library);
        if (Environment.GetEnvironmentVariable("ADJOINT_API") == "accept") File.WriteAllText(file, found);
        string agreed = File.ReadAllText(file);
        if (found == agreed) return;
        string[] before = Members(agreed), now = Members(found);
        string[] changes = [.. before.Except(now).Select(line => "- " + line), .. now.Except(before).Select(line => "+ " + line)];
        Assert.Fail($"The public API of {library} is not that of src/{library}/PublicApi.txt:\n{string.Join('\n', changes.Take(Shown))}\n"
            + (changes.Length > Shown ? $"and {changes.Length - Shown} more\n" : "")
            + "If that is meant, './check api' writes it, and the change is committed with it.");
    }

    /// <summary>Each member with the type that it belongs to.</summary>
    private static string[] Members(string text)
    {
        string type = "";
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.StartsWith(' ') ? $"{type}:{line[1..]}" : "type " + (type = line))];
    }
}
