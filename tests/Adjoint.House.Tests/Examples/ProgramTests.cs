using System.Globalization;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Examples;

/// <summary>
/// Programs of the kinds that people write, beside the numbers that PyTorch prints for the same program (tests/Parity/programs, run by
/// written_fixtures.py).
/// </summary>
[Collection(ThreadCount.Collection)] // alone, because of the console and the program's random numbers
public class ProgramTests
{
    /// <summary>How far a number may be from PyTorch's, of its size or of 1: single precision, summed up in another order, step by step.</summary>
    private const double Tolerance = 1e-3;

    private static readonly string s_folder = Path.Combine(Example.Folder, "programs");

    public static TheoryData<string> All =>
        [.. Directory.GetFiles(s_folder, "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(All))]
    public void Prints_the_numbers_that_PyTorch_prints(string name)
    {
        var program = new Example("programs/" + name);
        string[] printed = Lines(program.Run()), expected = Lines(program.Expected.ShouldNotBeNull());
        printed.Length.ShouldBe(expected.Length);
        for (int i = 0; i < printed.Length; i++) ShouldBeAlike(printed[i], expected[i]);
    }

    [Fact]
    public void Every_expected_output_belongs_to_a_program_and_has_a_twin()
    {
        string[] names = [.. All.Select(row => row.Data)];
        Directory.GetFiles(Path.Combine(Example.Folder, "expected", "programs")).Select(file => Path.GetFileNameWithoutExtension(file))
            .ShouldBe(names, ignoreOrder: true);
        string twins = Path.Combine(Architecture.SourceTree.Root, "tests", "Parity", "programs");
        names.Where(name => !File.Exists(Path.Combine(twins, name + ".py"))).ShouldBeEmpty();
    }

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    private static void ShouldBeAlike(string printed, string expected)
    {
        string[] ours = printed.Split(' '), theirs = expected.Split(' ');
        ours.Length.ShouldBe(theirs.Length, $"{printed}\nand PyTorch\n{expected}");
        for (int i = 0; i < ours.Length; i++)
        {
            string a = ours[i].TrimEnd(',', ':'), b = theirs[i].TrimEnd(',', ':');
            if (a == b && ours[i].Length - a.Length == theirs[i].Length - b.Length) continue;
            double.TryParse(a, NumberStyles.Float, CultureInfo.InvariantCulture, out double x).ShouldBeTrue($"'{a}' is not '{b}' in\n{printed}\n{expected}");
            double.TryParse(b, NumberStyles.Float, CultureInfo.InvariantCulture, out double y).ShouldBeTrue($"'{a}' is not '{b}' in\n{printed}\n{expected}");
            // A count is one number and no other.
            if (!b.Contains('.')) x.ShouldBe(y, $"{printed}\n{expected}");
            Math.Abs(x - y).ShouldBeLessThanOrEqualTo(Tolerance * Math.Max(b.Contains('e') ? 1e-3 : 1, Math.Abs(y)), $"{printed}\nand PyTorch\n{expected}");
        }
    }
}
