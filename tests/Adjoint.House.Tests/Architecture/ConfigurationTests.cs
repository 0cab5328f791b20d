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
}
