using System.Text.RegularExpressions;
using Adjoint.Benchmarks.Ops;
using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Documents;

using Arguments = Adjoint.Benchmarks.Ops.Arguments;

/// <summary>benchmarks/ops measures every row of the operation table, on both sides.</summary>
public partial class BenchmarkRowsTests
{
    private static readonly HashSet<string> Names = [.. Rows.All.Select(row => row.Name)];

    [Fact]
    public void Every_row_of_the_operation_table_has_a_line_or_says_why_not()
    {
        HashSet<string> known = [.. Names, .. Absent.Measured.Keys, .. Absent.Views, .. Absent.WithoutPeer];
        string[] without = [.. OpTable.All.Select(op => op.Name).Where(name => !known.Contains(name))];
        without.ShouldBeEmpty("a row for each belongs into benchmarks/Adjoint.Benchmarks.Ops and benchmarks/torch, or its name into Absent");
    }

    [Fact]
    public void What_is_said_to_be_absent_is_in_the_table_and_has_no_line()
    {
        HashSet<string> table = [.. OpTable.All.Select(op => op.Name)];
        string[] absent = [.. Absent.Measured.Keys, .. Absent.Views, .. Absent.WithoutPeer];
        absent.ShouldBeUnique();
        absent.Where(name => !table.Contains(name)).ShouldBeEmpty("these are no operations");
        absent.Where(Names.Contains).ShouldBeEmpty("these have a line of their own");
        Absent.Measured.Values.SelectMany(rows => rows).Where(row => !Names.Contains(row)).ShouldBeEmpty("these are no lines");
    }

    [Fact]
    public void A_line_has_one_name_and_runs_at_the_smallest_size()
    {
        Rows.All.Select(row => row.Name).ShouldBeUnique();
        foreach (Row row in Rows.All)
        {
            foreach (string layout in row.Layouts.Split(','))
            {
                Tensor y = row.Call(new Benchmarks.Ops.Arguments(layout, 100_000).AsLeaves());
                y.RequiresGrad.ShouldBe(row.HasGradient, $"{row.Name}, {layout}");
            }
        }
    }

    [Fact]
    public void PyTorchs_side_has_the_lines_too()
    {
        string folder = Path.Combine(SourceTree.Root, "benchmarks", "torch");
        string text = string.Concat(Directory.GetFiles(folder, "ops*.py").Select(File.ReadAllText));
        string[] two = Binary().Match(text).Groups[1].Value.Split(' ');
        HashSet<string> theirs = [.. Key().Matches(text).Select(m => m.Groups[1].Value), .. two];
        // Of these PyTorch's function has the row's name.
        IEnumerable<Op> alone = OpTable.All.Where(op => op.Kind == OpKind.ElementWise && op.Inputs.Count == 1);
        HashSet<string> elements = [.. alone.Select(op => op.Name)];
        Names.Where(name => !theirs.Contains(name) && !elements.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex("\"([\\w.]+)\": lambda")]
    private static partial Regex Key();

    [GeneratedRegex("BINARY = \\(\"([^\"]*)\"\\)")]
    private static partial Regex Binary();
}
