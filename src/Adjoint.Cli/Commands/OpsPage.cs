using System.Text;

namespace Adjoint.Cli.Commands;

/// <summary>docs/operations.md: a table for each kind of operation.</summary>
internal static class OpsPage
{
    public static string Text(IReadOnlyList<OpEntry> entries)
    {
        var page = new StringBuilder($"""
            # Operations

            All {entries.Count} operations of the table, as they describe themselves. This page is printed by `adjoint ops --markdown` and tested against it;
            [adding an operation](adding-an-op.md) tells where the words come from.

            x, y, z are the arguments, except in a derivative of one argument, where y is the value, and of two, where z is; g is the gradient of the value.
            *Keeps*: what the derivative reads. *ulp*: the largest error in units in the last place, in Float32 and Float64. *PyTorch*: what is asked there for
            the value, with the numbers of the row, and the node that is recorded here and there.

            """);
        foreach (IGrouping<OpKind, OpEntry> kind in entries.GroupBy(entry => entry.Op.Kind))
        {
            page.Append($"\n## {Title(kind.Key)}\n\n");
            bool elements = kind.Key == OpKind.ElementWise;
            page.Append(elements
                ? "| operation | formula | derivative | keeps | dtypes | ulp | PyTorch | node |\n|---|---|---|---|---|---|---|---|\n"
                : kind.Key == OpKind.Other ? "| operation | value | gradient | PyTorch | node |\n|---|---|---|---|---|\n"
                : "| operation | value | PyTorch | node |\n|---|---|---|---|\n");
            foreach (OpEntry entry in kind) page.Append($"| {string.Join(" | ", Cells(entry).Select(Escaped))} |\n");
        }
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static IEnumerable<string> Cells(OpEntry entry)
    {
        OpInfo info = entry.Op.Info;
        yield return entry.Op.Name;
        yield return entry.Formula;
        if (entry.Op.Kind is OpKind.ElementWise or OpKind.Other) yield return entry.Derivative;
        if (entry.Op.Kind == OpKind.ElementWise)
        {
            yield return entry.Saves;
            yield return entry.DTypes;
            yield return info.Ulps is { } ulps ? FormattableString.Invariant($"{ulps.Float32}, {ulps.Float64}") : "";
        }
        yield return $"`{info.Torch}`";
        yield return entry.Node ?? "";
    }

    private static string Title(OpKind kind) => kind switch
    {
        OpKind.ElementWise => "Element-wise: a value and its slopes",
        OpKind.Linear => "Linear: the tangent is the operation itself, the gradient its transpose",
        OpKind.Bilinear => "Bilinear: a transpose by each argument",
        OpKind.Composite => "Composite: expressions of others",
        OpKind.Zero => "Without a gradient",
        _ => "A rule of its own",
    };

    /// <summary>A bar would end the cell, also within code.</summary>
    private static string Escaped(string cell) =>
        cell.Replace("|", "\\|").Replace("*", cell.StartsWith('`') ? "*" : "\\*").Replace("_", cell.StartsWith('`') ? "_" : "\\_");
}
