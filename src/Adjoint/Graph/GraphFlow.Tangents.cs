namespace Adjoint;

/// <remarks>What the tangents of values do on their way forward.</remarks>
internal sealed partial class GraphFlow
{
    private readonly Dictionary<Tensor, (GraphMemory Memory, int Place)> _units = new(ReferenceEqualityComparer.Instance);

    /// <summary>An element of the memory, 1, and the others 0; written out by <see cref="Whole"/> where all of it is needed.</summary>
    internal Tensor Unit(GraphMemory memory, int place)
    {
        Tensor unit = Tensor.Scalar(1, memory.DType);
        _units[unit] = (memory, place);
        return unit;
    }

    /// <summary>A tangent with all its elements.</summary>
    internal Tensor Whole(Tensor tangent)
    {
        if (!_units.TryGetValue(tangent, out (GraphMemory Memory, int Place) unit) || tangent.NDim > 0) return tangent;
        Tensor all = Tensor.Zeros([unit.Memory.Length], unit.Memory.DType);
        all.Alias(Shape.Scalar, null, unit.Place).FillInPlace(1);
        _units[all] = unit;
        return all;
    }

    /// <summary>
    /// What the tangents of values (all of their memory) do through one operation: those of its results, as they are shown.
    /// </summary>
    /// <param name="operation">An operation of the cone.</param>
    /// <param name="tangents">The tangents of values; null stands for zero.</param>
    internal Tensor?[] Onward(GraphOperation operation, Func<int, GraphValue, Tensor?> tangents)
    {
        Tensor?[] whole = Given(operation, tangents);
        if (whole.All(t => t is null)) return new Tensor?[operation.Results.Count];
        if (FewSlopes(operation, whole) is var (moved, slopes))
        {
            GraphTensor product = operation.Results[0]!;
            var all = new double[product.Shape.NumEl];
            for (int i = 0; i < slopes.Length; i++) all[moved.Number(i)] = slopes[i];
            return [Tensor.FromDoubles(all, product.Shape, product.DType)];
        }
        Tensor?[] given = Shown(operation, whole);
        if (PaddingOf(operation) is { } row && given[0] is { } rows)
        {
            // Forward the row is read as others are; going back it gets nothing.
            given[0] = rows = rows.Clone();
            rows.Select(0, row).ZeroInPlace();
        }
        Tensor?[] results = Local(operation).Jvp(given);
        for (int r = 0; r < results.Length; r++)
            if (results[r] is { } t && operation.Results[r] is { } y) results[r] = Cleaned(operation, y, t, given);
        return results;
    }

    /// <summary>The elements of the operands that tangents move.</summary>
    internal GraphSupport Support(GraphOperation operation, Func<int, GraphValue, Tensor?> tangents) =>
        GraphSupport.Of(operation, Shown(operation, Given(operation, tangents)));

    /// <summary>The row of an embedding that is never trained.</summary>
    internal static int? PaddingOf(GraphOperation operation) =>
        operation.Name == "embedding" && operation.Attributes.GetValueOrDefault("padding_idx") is int row ? row : null;

    private Tensor?[] Given(GraphOperation operation, Func<int, GraphValue, Tensor?> tangents)
    {
        var whole = new Tensor?[operation.Inputs.Count];
        for (int i = 0; i < whole.Length; i++)
            if (IsWanted(operation, i) && operation.Inputs[i] is { } x) whole[i] = tangents(i, x.Value);
        return whole;
    }

    private Tensor?[] Shown(GraphOperation operation, Tensor?[] whole) =>
        [.. whole.Select((t, i) => t is null ? null : Elements.ToContiguous(Shown(Whole(t), operation.Inputs[i]!)))];

    /// <summary>
    /// Where one element alone is moved, of one factor of a product of matrices: what it is multiplied with stands there, and nothing has
    /// to be multiplied. Null for everything else.
    /// </summary>
    internal (GraphSlice Results, double[] Slopes)? FewSlopes(GraphOperation operation, Func<int, GraphValue, Tensor?> tangents) =>
        GraphReads.Factors(operation) is null ? null : FewSlopes(operation, Given(operation, tangents));

    private (GraphSlice Results, double[] Slopes)? FewSlopes(GraphOperation operation, Tensor?[] whole)
    {
        if (GraphReads.Factors(operation) is null || operation.Results[0] is not { Shape.NDim: 2 } y) return null;
        int input = -1;
        for (int i = 0; i < whole.Length; i++)
        {
            if (whole[i] is null) continue;
            if (input >= 0) return null;
            input = i;
        }
        if (input < 0 || !_units.TryGetValue(whole[input]!, out (GraphMemory, int Place) unit)) return null;
        GraphTensor x = operation.Inputs[input]!;
        int number = GraphPlaces.IndexAt(x, unit.Place);
        if (number < 0) return null;
        if (GraphReads.Product(operation, y, input, GraphPlaces.IndexOf(x.Shape, number)) is not { } product) return null;
        double[] slopes = Run.NumbersOf(product.Other, product.Factors);
        // max(y, 0) comes with it: what is not above 0 passes nothing on.
        double[]? results = operation.Name == "linear_relu" ? Run.NumbersOf(y, product.Results) : null;
        for (int i = 0; i < slopes.Length; i++) slopes[i] = results is not null && results[i] <= 0 ? 0 : product.Scale * slopes[i];
        return (product.Results, slopes);
    }

    // See Note [Zero times NaN].
    private static Tensor Cleaned(GraphOperation operation, GraphTensor y, Tensor t, Tensor?[] given)
    {
        if (!Elements.HasNaN(t)) return t;
        double[] slopes = Elements.ToArray<double>(Elements.ToContiguous(t.Detach()));
        GraphSupport moved = GraphSupport.Of(operation, given);
        for (int e = 0; e < slopes.Length; e++)
            if (double.IsNaN(slopes[e]) && !moved.MayReach(y, GraphPlaces.IndexOf(y.Shape, e))) slopes[e] = 0;
        return Tensor.FromDoubles(slopes, t.Shape, t.DType);
    }
}

/// <summary>The elements of an operation's operands that tangents move.</summary>
internal sealed class GraphSupport
{
    private const int Most = 1024;

    private readonly GraphOperation _operation;
    private readonly List<(int Input, int Number, int[] Index, double Tangent)> _moved = [];
    private bool _isMore;

    private GraphSupport(GraphOperation operation) => _operation = operation;

    /// <summary>Those that the tangents are not 0 at.</summary>
    internal static GraphSupport Of(GraphOperation operation, Tensor?[] tangents)
    {
        var support = new GraphSupport(operation);
        for (int i = 0; i < tangents.Length; i++)
        {
            if (tangents[i] is not { } t) continue;
            double[] all = Elements.ToArray<double>(Elements.ToContiguous(t.Detach()));
            for (int k = 0; k < all.Length; k++)
            {
                if (all[k] == 0) continue;
                if (support._isMore = support._moved.Count == Most) return support;
                support._moved.Add((i, k, GraphPlaces.IndexOf(operation.Inputs[i]!.Shape, k), all[k]));
            }
        }
        return support;
    }

    /// <summary>Whether an element of a result may be moved by them.</summary>
    internal bool MayReach(GraphTensor y, int[] at) =>
        _isMore || _moved.Exists(moved => GraphReads.MayRead(_operation, y, at, moved.Input, moved.Index));

    /// <summary>What gradients of the operands make of the tangents: the contribution by the rule going back.</summary>
    internal double? Times(Tensor?[] gradients)
    {
        if (_isMore) return null;
        double sum = 0;
        foreach (IGrouping<int, (int Input, int Number, int[] Index, double Tangent)> input in _moved.GroupBy(moved => moved.Input))
        {
            if (gradients[input.Key] is not { } g) continue;
            double[] all = Elements.ToArray<double>(Elements.ToContiguous(g.Detach()));
            foreach ((_, int number, _, double tangent) in input) sum += tangent * all[number];
        }
        return sum;
    }
}
