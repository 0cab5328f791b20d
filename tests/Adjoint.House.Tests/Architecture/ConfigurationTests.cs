using System.Xml.Linq;

namespace Adjoint.Tests.Architecture;

public class ConfigurationTests
{
    /// <summary>
    /// Lessons and first programs are Debug builds, which is what <c>dotnet run</c> makes, and so is the library that they refer to.
    /// Without optimization its kernels take fifteen times as long.
    /// </summary>
    [Fact]
    public void The_library_is_optimized_in_every_configuration()
    {
        XElement optimize =
            XDocument.Load(Path.Combine(SourceTree.Root, "src", "Directory.Build.props")).Descendants("Optimize").ShouldHaveSingleItem();
        optimize.Value.ShouldBe("true");
        optimize.AncestorsAndSelf().SelectMany(element => element.Attributes("Condition")).ShouldBeEmpty();
    }

    [Fact]
    public void The_version_is_said_in_one_place()
    {
        string[] names = ["Version", "VersionPrefix", "VersionSuffix", "PackageVersion", "AssemblyVersion", "FileVersion"];
        (from file in Files("*.props").Concat(Files("*.targets")).Concat(Files("*.csproj"))
         from element in XDocument.Load(file).Descendants()
         where element.Parent?.Name.LocalName == "PropertyGroup" && names.Contains(element.Name.LocalName)
         select $"{Path.GetFileName(file)}: {element.Name}").ShouldBe(["Directory.Build.props: VersionPrefix"]);
    }

    /// <summary>Packing fails without a page, but not without a description.</summary>
    [Fact]
    public void Every_package_says_what_it_is() =>
        (from file in Files("*.csproj")
         where Path.GetRelativePath(SourceTree.Root, file).StartsWith("src", StringComparison.Ordinal)
         let project = XDocument.Load(file)
         where project.Descendants("IsPackable").All(element => element.Value != "false")
         where !project.Descendants("Description").Any() || !File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "README.md"))
         select Path.GetFileName(file)).ShouldBeEmpty();

    private static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(SourceTree.Root, pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/") && !path.Contains("/bin/") && !path.Contains("/.cache/"));
}
