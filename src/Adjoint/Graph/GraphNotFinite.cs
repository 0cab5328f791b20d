using System.Globalization;

namespace Adjoint;

/// <summary>Follows an infinity or NaN back to the operation and the entry that first made it.</summary>
internal sealed class GraphNotFinite(GraphFlow flow)
{
    /// <summary>A finite gradient times a slope that is not: the backward rule of an operation made it.</summary>
    internal IReadOnlyList<GraphCause> Backward(
        GraphOperation by, GraphValue from, GraphValue value, int at, double factor, double gradient)
    {
        List<GraphCause> causes = [];
        GraphTensor y = by.Results.OfType<GraphTensor>().First(r => ReferenceEquals(r.Value, value));
        int number = GraphPlaces.IndexAt(y, at);
        string entry = GraphFormula.Entry(y, GraphPlaces.IndexOf(y.Shape, number));
        double whole = factor * gradient, largest = from.Memory.DType.Row.Largest;
        string product = $"the slope {Text(factor)} times the gradient {Text(gradient)} of {entry}"
            + (!double.IsFinite(whole) ? "" : Math.Abs(whole) > largest
                ? $" is {Text(whole)}, above the largest {from.Memory.DType}, {Text(largest)}: overflow"
                : ", with others that add to it, is not finite");
        causes.Add(
            new(by, $"{by.Name} ({GraphExplainer.Called(by)}) first made it, going back: {product}. "
                + $"Its operands there: {Operands(by, y, number)}."));
        // A factor's own value has no part in its gradient.
        bool isFactor = by.Name == "mul" || GraphReads.Factors(by) is not null;
        foreach ((GraphTensor x, int place) in Places(by, y, number).Where(p => !isFactor || !ReferenceEquals(p.X.Value, from)
            || by.Inputs.Count(i => ReferenceEquals(i?.Value, from)) > 1))
            if (!double.IsFinite(flow.Run.NumberAt(x.Value, place))) causes.AddRange(Value(x, place));
        if (causes.Count == 1 && !double.IsFinite(flow.Run.NumberAt(y.Value, at))) causes.AddRange(Value(y, at));
        return causes;
    }

    /// <summary>What made an element of a value infinite or NaN.</summary>
    internal IReadOnlyList<GraphCause> Value(GraphTensor x, int place)
    {
        List<GraphCause> causes = [];
        for (int steps = 0; steps < 10_000; steps++)
        {
            double number = flow.Run.NumberAt(x.Value, place);
            if (double.IsFinite(number)) break;
            if (x.MadeBy is not { } made)
            {
                causes.Add(new(null, $"{Named(x.Value, place)} is {Text(number)}: it came in so."));
                break;
            }
            GraphTensor? y = made.Results.OfType<GraphTensor>().FirstOrDefault(r => ReferenceEquals(r.Value, x.Value));
            int index = y is null ? -1 : GraphPlaces.IndexAt(y, place);
            if (y is null || index < 0)
            {
                if (x.Value.Version == 0) break;
                x = GraphExplainer.Whole(x.Value.Memory.Values[x.Value.Version - 1]);
                continue;
            }
            (GraphTensor X, int Place) from =
                Places(made, y, index).FirstOrDefault(p => !double.IsFinite(flow.Run.NumberAt(p.X.Value, p.Place)));
            bool worse = from.X is not null && double.IsNaN(number) && !double.IsNaN(flow.Run.NumberAt(from.X.Value, from.Place));
            if (from.X is null || worse)
            {
                string entry = GraphFormula.Entry(y, GraphPlaces.IndexOf(y.Shape, index));
                causes.Add(
                    new(made, $"{made.Name} ({GraphExplainer.Called(made)}) first made {entry} = {Text(number)}, "
                        + $"of {Operands(made, y, index)}."));
            }
            if (from.X is null) break;
            (x, place) = from;
        }
        return causes;
    }

    // The entries of the operands that an entry of the result is computed from, as far as that is known; otherwise all.
    private IEnumerable<(GraphTensor X, int Place)> Places(GraphOperation operation, GraphTensor y, int number)
    {
        int[] at = GraphPlaces.IndexOf(y.Shape, number);
        for (int input = 0; input < operation.Inputs.Count; input++)
        {
            if (operation.Inputs[input] is not { } x || !flow.Run.Has(x)) continue;
            if (GraphReads.IsElementWise(operation, input) && x.Shape.NDim <= at.Length)
            {
                int place = x.Offset;
                for (int d = 1; d <= x.Shape.NDim; d++) place += (x.Shape[-d] == 1 ? 0 : at[^d]) * x.Strides[^d];
                yield return (x, place);
                continue;
            }
            for (int i = 0; i < x.Shape.NumEl; i++)
                if (GraphReads.MayRead(operation, y, at, input, GraphPlaces.IndexOf(x.Shape, i)))
                    yield return (x, GraphPlaces.PlaceOf(x, i));
        }
    }

    private string Operands(GraphOperation operation, GraphTensor y, int number) =>
        string.Join(", ", Places(operation, y, number).GroupBy(p => p.X).Select(Operand));

    private string Operand(IGrouping<GraphTensor, (GraphTensor X, int Place)> read)
    {
        if (read.Count() == 1) return Named(read.Key, read.First().Place);
        foreach ((GraphTensor x, int place) in read)
            if (!double.IsFinite(flow.Run.NumberAt(x.Value, place))) return $"{x} with {Named(x, place)}";
        return read.Key.ToString();
    }

    private string Named(GraphTensor x, int place)
    {
        int number = GraphPlaces.IndexAt(x, place);
        return $"{GraphFormula.Entry(x, GraphPlaces.IndexOf(x.Shape, Math.Max(0, number)))} = {Text(flow.Run.NumberAt(x.Value, place))}";
    }

    private string Named(GraphValue value, int place) => value + GraphPlaces.Describe(value, place, flow.Run).Index;

    private static string Text(double x) => double.IsPositiveInfinity(x) ? "∞" : double.IsNegativeInfinity(x) ? "−∞"
        : x.ToString("G7", CultureInfo.InvariantCulture);
}
