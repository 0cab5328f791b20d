using System.Text.RegularExpressions;

namespace Adjoint.Tests.Architecture;

/// <summary>Loops of kernels cannot step past the largest int, see docs/decisions/0012.</summary>
public partial class LoopStepTests
{
    /// <summary>
    /// An int that is stepped by more than one while it is below an end: beyond the last step it may wrap, and is then below again.
    /// </summary>
    [GeneratedRegex(@"for \(int \w+ = [^;]*; *(?<n>\w+) < [^;]+; [^)]*\b\k<n> \+= ")]
    private static partial Regex Stepped();

    // Loops of matrix products are over blocks of at most 2²² rows or columns.
    private static bool IsBounded(SourceFile file) => file.Path.Contains("/Gemm/", StringComparison.Ordinal);

    [Fact]
    public void A_kernel_steps_by_more_than_one_in_longs_only()
    {
        SourceFile[] kernels = [.. SourceTree.Files.Where(file => file.Path.Contains("Adjoint.Kernels/", StringComparison.Ordinal))];
        kernels.Length.ShouldBeGreaterThan(50);
        kernels.Where(file => !IsBounded(file))
            .SelectMany(file => file.Text.Split('\n').Where(line => Stepped().IsMatch(line)), (file, line) => $"{file.Path}: {line.Trim()}")
            .ShouldBeEmpty();
        Stepped().IsMatch("for (int i = 0; i < inner; i += Block)").ShouldBeTrue();
    }
}
