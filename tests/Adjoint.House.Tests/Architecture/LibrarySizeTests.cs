using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Adjoint.Tests.Architecture;

/// <summary>The library stays a thing that a program loads and a trimmer reads in no time.</summary>
public class LibrarySizeTests
{
    private const int MostCode = 1_500_000;

    private static readonly string[] Libraries =
    [
        "Adjoint.Algebra", "Adjoint.Kernels", "Adjoint", "Adjoint.Symbolic", "Adjoint.Formats", "Adjoint.Nn", "Adjoint.Plots", "Adjoint.Data",
        "Adjoint.Distributed",
    ];

    [Fact]
    public void Every_library_is_counted() =>
        Libraries.Order(StringComparer.Ordinal).ShouldBe(
            Directory.GetDirectories(Path.Combine(SourceTree.Root, "src")).Select(project => Path.GetFileName(project)!)
                .Where(name => name.StartsWith("Adjoint", StringComparison.Ordinal))
                .Except(["Adjoint.Cli", "Adjoint.Analyzers", "Adjoint.Generators"]).Order(StringComparer.Ordinal));

    /// <summary>Counted is the intermediate language of the methods; names, strings, signatures and headers come on top.</summary>
    [Fact]
    public void The_code_of_the_libraries_is_below_one_and_a_half_megabytes()
    {
        (string Library, long Code)[] sizes = [.. Libraries.Select(library => (library, Code(library)))];
        sizes.ShouldAllBe(size => size.Code > 5_000);
        sizes.Sum(size => size.Code).ShouldBeLessThan(MostCode, string.Join(", ", sizes.Select(size => $"{size.Library} {size.Code}")));
    }

    private static long Code(string library)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, library + ".dll")));
        MetadataReader metadata = image.GetMetadataReader();
        return metadata.MethodDefinitions.Select(handle => metadata.GetMethodDefinition(handle).RelativeVirtualAddress)
            .Where(address => address != 0).Sum(address => (long)image.GetMethodBody(address).GetILReader().Length);
    }
}
