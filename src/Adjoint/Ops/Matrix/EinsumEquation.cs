namespace Adjoint;

/// <summary>What an equation of <see cref="Tensor.Einsum(string, Tensor[])"/> says, before any tensor is looked at.</summary>
/// <param name="Operands">
/// The labels of each operand: 0 to 25 for A to Z, 26 to 51 for a to z, <see cref="Tensor.EinsumEllipsis"/> for '...'.
/// </param>
/// <param name="Output">Those of the output, or null where it is implied.</param>
internal sealed record EinsumEquation(int[][] Operands, int[]? Output)
{
    internal const int Letters = 52, Ellipsis = -1;

    /// <summary>The label as a user knows it.</summary>
    internal static string Text(int label) =>
        label == Ellipsis ? "..." : ((char)(label < 26 ? 'A' + label : 'a' + label - 26)).ToString();

    /// <summary>Reads an equation for a number of operands.</summary>
    internal static EinsumEquation Parse(string equation, int count)
    {
        int arrow = equation.IndexOf("->", StringComparison.Ordinal);
        string left = arrow < 0 ? equation : equation[..arrow];
        string[] parts = left.Split(',');
        var operands = new int[parts.Length][];
        for (int i = 0, start = 0; i < parts.Length; start += parts[i].Length + 1, i++)
            operands[i] = Read(equation, start, start + parts[i].Length, $"operand {i}");
        int[]? output = arrow < 0 ? null : Read(equation, arrow + 2, equation.Length, "the output");
        if (parts.Length != count)
            throw new ArgumentException(
                $"Einsum: \"{equation}\" names {parts.Length} operands, but {count} tensors were given.", nameof(equation));
        return Checked(operands, output);
    }

    /// <summary>The equation of labels given as numbers.</summary>
    internal static EinsumEquation Of(int[][] operands, int[]? output)
    {
        if (operands.Length == 0) throw new ArgumentException("Einsum: needs at least one operand.", nameof(operands));
        foreach (int label in operands.Append(output ?? []).SelectMany(labels => labels))
            if (label is < Ellipsis or >= Letters)
                throw new ArgumentException(
                    $"Einsum: label {label} is out of range; labels are from 0 to {Letters - 1}, or EinsumEllipsis.", nameof(operands));
        return Checked(operands, output);
    }

    private static int[] Read(string equation, int start, int end, string place)
    {
        var labels = new List<int>();
        for (int i = start; i < end; i++)
        {
            char c = equation[i];
            if (c == ' ') continue;
            if (c == '.' && i + 2 < end && equation[i + 1] == '.' && equation[i + 2] == '.')
            {
                labels.Add(Ellipsis);
                i += 2;
            }
            else if (char.IsAsciiLetter(c))
            {
                labels.Add(c <= 'Z' ? c - 'A' : c - 'a' + 26);
            }
            else
            {
                string hint = c == '.' ? "a '.' stands only in '...'"
                    : c is '-' or '>' ? "'->' stands once, before the output"
                    : "dimensions are named by letters from a to z and A to Z";
                throw new ArgumentException($"Einsum: \"{equation}\" has '{c}' at place {i}, in {place}; {hint}.", nameof(equation));
            }
        }
        return [.. labels];
    }

    private static EinsumEquation Checked(int[][] operands, int[]? output)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            if (operands[i].Count(label => label == Ellipsis) > 1)
                throw new ArgumentException($"Einsum: operand {i} has more than one '...'.");
        }
        if (output is null) return new EinsumEquation(operands, null);
        for (int i = 0; i < output.Length; i++)
        {
            int label = output[i];
            if (output.AsSpan(0, i).Contains(label))
                throw new ArgumentException($"Einsum: '{Text(label)}' appears more than once in the output.");
            if (label != Ellipsis && !operands.Any(operand => operand.Contains(label)))
                throw new ArgumentException($"Einsum: the output names '{Text(label)}', which no operand has.");
        }
        return new EinsumEquation(operands, output);
    }
}
