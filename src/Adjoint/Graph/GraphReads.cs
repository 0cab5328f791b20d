namespace Adjoint;

/// <summary>Which elements of its operands an element of a result is computed from, as far as the kind of operation tells.</summary>
/// <remarks>
/// // Note [Zero times NaN]
/// A slope of 0 says two things: an element is not reached at all, or it is reached by the factor 0. While everything is finite that is
/// the same. With NaN or ∞ it is not: 0 · NaN is a term of the sum only where the rule going back makes that product. A rule of whole
/// tensors makes such products everywhere (0 · ∞ in a product of matrices), and in tangents they spread to elements that read nothing of
/// it. So who finds a NaN asks here first whether the element is read at all, and then the rule itself.
/// </remarks>
internal static class GraphReads
{
    private static readonly Lazy<HashSet<string>> ElementWise = new(() =>
        [.. OpTable.ElementWise.Select(row => row.Name), "add", "sub", "mul", "div", "where", "masked_fill", "lerp", "clone", "to_copy"]);

    private static readonly HashSet<string> s_overDimensions =
        [
            "sum", "mean", "amax", "amin", "max", "min", "prod", "var", "std", "norm", "logsumexp", "softmax", "log_softmax", "cumsum",
            "cumprod",
        ];

    /// <summary>Whether an element of a result may be computed from an element of an operand: false only where that is certain.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="y">One of its results.</param>
    /// <param name="at">The element of the result.</param>
    /// <param name="input">The number of the operand.</param>
    /// <param name="index">The element of the operand.</param>
    internal static bool MayRead(GraphOperation operation, GraphTensor y, int[] at, int input, int[] index)
    {
        if (Factors(operation) is var (left, right, turnedLeft, turnedRight) && (input == left || input == right) && at.Length >= 2)
        {
            if (index.Length != at.Length) return true;
            for (int d = 0; d < at.Length - 2; d++)
                if (index[d] != at[d] && operation.Inputs[input]!.Shape[d] == y.Shape[d]) return false;
            return input == left ? index[turnedLeft ? ^1 : ^2] == at[^2] : index[turnedRight ? ^2 : ^1] == at[^1];
        }
        if (IsElementWise(operation, input)) return index.Length > at.Length || IsSamePlace(operation.Inputs[input]!.Shape, index, at);
        return input != 0 || !s_overDimensions.Contains(operation.Name) || IsSameBeside(DimensionsOf(operation, index.Length), index, at);
    }

    /// <summary>The dimensions that an operation goes over: its attribute <c>dim</c>; without one all.</summary>
    internal static int[] DimensionsOf(GraphOperation operation, int count)
    {
        int[] over = operation.Attributes.GetValueOrDefault("dim") switch
        {
            int one => [one],
            string => [],
            System.Collections.IEnumerable many =>
                [.. many.Cast<object>().Select(d => Convert.ToInt32(d, System.Globalization.CultureInfo.InvariantCulture))],
            _ => [],
        };
        return over.Length == 0 ? [.. Enumerable.Range(0, count)] : [.. over.Select(d => d < 0 ? d + count : d)];
    }

    /// <summary>
    /// Where an element of one factor of a product of matrices goes: the elements of the result that read it, and those of the other
    /// factor that it is multiplied with. Null where the operation is no such product.
    /// </summary>
    internal static GraphProduct? Product(GraphOperation operation, GraphTensor y, int input, int[] index)
    {
        if (Factors(operation) is not var (left, right, turnedLeft, turnedRight) || (input != left && input != right)) return null;
        GraphTensor a = operation.Inputs[left]!, b = operation.Inputs[right]!;
        if (ReferenceEquals(a, b) || a.Shape.NDim != 2 || b.Shape.NDim != 2 || y.Shape.NDim != 2 || index.Length != 2) return null;
        double scale = operation.Attributes.GetValueOrDefault("alpha") is IConvertible alpha
            ? alpha.ToDouble(System.Globalization.CultureInfo.InvariantCulture) : 1;
        if (input == right)
        {
            (int k, int column) = turnedRight ? (index[1], index[0]) : (index[0], index[1]);
            return new(a, new(a, turnedLeft ? 0 : 1, k), new(y, 1, column), scale);
        }
        (int row, int inner) = turnedLeft ? (index[1], index[0]) : (index[0], index[1]);
        return new(b, new(b, turnedRight ? 1 : 0, inner), new(y, 0, row), scale);
    }

    /// <summary>The numbers of the two factors of a product of matrices, and whether each is transposed.</summary>
    internal static (int Left, int Right, bool TurnedLeft, bool TurnedRight)? Factors(GraphOperation operation) => operation.Name switch
    {
        "mm" or "bmm" => (0, 1, operation.Attributes.GetValueOrDefault("transpose_self") is true,
            operation.Attributes.GetValueOrDefault("transpose_mat2") is true),
        "addmm" => (1, 2, false, operation.Attributes.GetValueOrDefault("transpose_mat2") is true),
        "linear_relu" => (1, 2, false, true),
        _ => null,
    };

    /// <summary>Whether elements of an operand go to the same place of the result.</summary>
    internal static bool IsElementWise(GraphOperation operation, int input) =>
        operation.Name is "addmm" or "linear_relu" ? input == 0 : ElementWise.Value.Contains(operation.Name.TrimEnd('_'));

    // Every other dimension has the same index, whether those that are gone over are still there or not.
    private static bool IsSameBeside(int[] over, int[] index, int[] at)
    {
        bool keeps = at.Length == index.Length;
        for (int d = 0, k = 0; d < index.Length; d++)
        {
            if (over.Contains(d)) k += keeps ? 1 : 0;
            else if (k >= at.Length || index[d] != at[k++]) return false;
        }
        return true;
    }

    // Counted from the right, as shapes are broadcast.
    private static bool IsSamePlace(Shape shape, int[] index, int[] at)
    {
        for (int d = 1; d <= index.Length; d++)
            if (shape[-d] != 1 && index[^d] != at[^d]) return false;
        return true;
    }
}

/// <summary>An element of one factor of a product of matrices: what it is multiplied with, and where it goes.</summary>
/// <param name="Other">The other factor.</param>
/// <param name="Factors">The elements of it that the element is multiplied with.</param>
/// <param name="Results">The elements of the result that these products are added to.</param>
/// <param name="Scale">What the product is multiplied with.</param>
internal sealed record GraphProduct(GraphTensor Other, GraphSlice Factors, GraphSlice Results, double Scale);

/// <summary>A row or a column of a matrix.</summary>
/// <param name="Of">The matrix.</param>
/// <param name="Dimension">The dimension in which all of it has one index.</param>
/// <param name="At">That index.</param>
internal readonly record struct GraphSlice(GraphTensor Of, int Dimension, int At)
{
    /// <summary>How many elements it has.</summary>
    internal int Count => Of.Shape[1 - Dimension];

    /// <summary>The number of one of them in row-major order.</summary>
    internal int Number(int i) => Dimension == 0 ? At * Of.Shape[1] + i : i * Of.Shape[1] + At;

    /// <summary>The elements, out of a tensor as long as the memory of the matrix.</summary>
    internal double[] In(Tensor whole) =>
        GraphNumbers.Row(whole, Of.Offset + At * Of.Strides[Dimension], Of.Strides[1 - Dimension], Count);
}
