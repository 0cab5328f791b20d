namespace Adjoint;

/// <summary>
/// An equation fitted to its operands: each dimension has its label, those under '...' get labels of their own, from 52 on and
/// counted from the right, and everything is checked.
/// </summary>
/// <param name="Operands">The labels of each operand's dimensions.</param>
/// <param name="Output">The labels of the output's.</param>
/// <param name="Sizes">The broadcast size of each label.</param>
internal sealed record EinsumLabels(int[][] Operands, int[] Output, IReadOnlyDictionary<int, int> Sizes)
{
    internal static EinsumLabels Of(EinsumEquation equation, Tensor[] operands)
    {
        int rank = 0;
        for (int i = 0; i < operands.Length; i++) rank = Math.Max(rank, Covered(equation.Operands[i], operands[i], i));

        var labels = new int[operands.Length][];
        var sizes = new Dictionary<int, int>();
        for (int i = 0; i < operands.Length; i++)
        {
            labels[i] = Spread(equation.Operands[i], rank, Covered(equation.Operands[i], operands[i], i));
            CheckSizes(labels[i], operands[i], i, rank, sizes);
        }
        int[] output = equation.Output is { } given ? Spread(given, rank, rank) : [.. Ellipsis(rank, rank), .. Once(equation.Operands)];
        CheckDTypes(labels, output, operands);
        return new EinsumLabels(labels, output, sizes);
    }

    /// <summary>How many dimensions '...' covers.</summary>
    private static int Covered(int[] labels, Tensor x, int operand)
    {
        bool ellipsis = labels.Contains(EinsumEquation.Ellipsis);
        int letters = labels.Length - (ellipsis ? 1 : 0);
        if (letters == x.NDim || (ellipsis && letters < x.NDim)) return x.NDim - letters;
        string text = string.Concat(labels.Select(EinsumEquation.Text));
        throw new ShapeException($"Einsum: operand {operand} has {letters} letters ({text}), but {x.NDim} dimensions (shape {x.Shape}). "
            + $"Name each dimension{(letters < x.NDim ? ", or stand '...' for the others" : "")}.");
    }

    // Aligned on the right, as in broadcasting: the last dimension under '...' has the same label in each operand.
    private static IEnumerable<int> Ellipsis(int rank, int covered) =>
        Enumerable.Range(EinsumEquation.Letters + rank - covered, covered);

    private static int[] Spread(int[] labels, int rank, int covered) =>
        [.. labels.SelectMany(label => label == EinsumEquation.Ellipsis ? Ellipsis(rank, covered) : [label])];

    private static IEnumerable<int> Once(int[][] operands) =>
        operands.SelectMany(labels => labels).Where(label => label != EinsumEquation.Ellipsis)
            .GroupBy(label => label).Where(uses => uses.Count() == 1).Select(uses => uses.Key).Order();

    private static void CheckSizes(int[] labels, Tensor x, int operand, int rank, Dictionary<int, int> sizes)
    {
        for (int d = 0; d < labels.Length; d++)
        {
            int label = labels[d], size = x.Shape[d], first = Array.IndexOf(labels, label);
            if (x.Shape[first] != size)
            {
                throw new ShapeException($"Einsum: '{EinsumEquation.Text(label)}' names two dimensions of operand {operand}, "
                    + $"whose sizes {x.Shape[first]} and {size} differ (shape {x.Shape}).");
            }
            int seen = sizes.GetValueOrDefault(label, 1);
            if (seen != 1 && size != 1 && seen != size)
            {
                string name = label < EinsumEquation.Letters ? $"'{EinsumEquation.Text(label)}'"
                    : $"dimension {label - EinsumEquation.Letters - rank} under '...'";
                throw new ShapeException($"Einsum: {name} has size {size} in operand {operand} (shape {x.Shape}), but {seen} before; "
                    + "sizes must be equal or 1.");
            }
            sizes[label] = size == 1 ? seen : size;
        }
    }

    // Factors that are only multiplied are promoted as * promotes them; sums of products are matrix products, which promote nothing.
    private static void CheckDTypes(int[][] labels, int[] output, Tensor[] operands)
    {
        Tensor? other = Array.Find(operands, x => x.DType != operands[0].DType);
        bool sums = labels.SelectMany(operand => operand).Except(output)
            .Any(label => labels.Count(operand => operand.Contains(label)) > 1);
        if (!sums) return;
        if (other is not null)
            throw new DTypeException("Einsum: products are summed, so the operands must have one dtype, "
                + $"but they are {operands[0].DType} and {other.DType}. "
                + $"Convert with To(DType.{DTypes.Promote(operands[0].DType, other.DType)}).");
        if (operands[0].DType.IsBool)
            throw new DTypeException("Einsum: products of Bool tensors cannot be summed. Convert them with To(DType.Int64).");
    }
}
