namespace Adjoint;

/// <summary>Says why the influence of an element of a parameter ends at an operation.</summary>
internal sealed class GraphDeadEnds(GraphFlow flow, string name)
{
    /// <summary>An operation that the element reaches, and that passes nothing on.</summary>
    internal string Killed(GraphOperation operation, Dictionary<GraphValue, Tensor> tangents)
    {
        string called = GraphExplainer.Called(operation);
        if (operation.Results.OfType<GraphTensor>().All(y => y.Shape.NumEl == 0))
            return $"{operation.Name} ({called}) has no elements: the data is empty.";
        for (int i = 0; i < operation.Inputs.Count; i++)
        {
            if (operation.Inputs[i] is not { } x || !flow.IsWanted(operation, i)) continue;
            if (!tangents.TryGetValue(x.Value, out Tensor? whole)) continue;
            double[] moved = Elements.ToArray<double>(Elements.ToContiguous(GraphFlow.Shown(whole, x)));
            int[] places = [.. Enumerable.Range(0, moved.Length).Where(k => moved[k] != 0)];
            if (places.Length == 0) continue;
            int first = places[0];
            int[] index = GraphPlaces.IndexOf(x.Shape, first);
            string entry = GraphFormula.Entry(x, index);
            double number = flow.Run.NumberAt(x.Value, GraphPlaces.PlaceOf(x, first));
            string reached = places.Length == 1 ? $"{entry} = {GraphText.Number(number)}"
                : $"all {places.Length} elements of {x.Name} that {name} moves, such as {entry} = {GraphText.Number(number)}";
            if (Together(operation, i, x, first, moved[first], places.Length) is { } together)
                return $"{operation.Name} ({called}): {together}";
            return $"{operation.Name} ({called}): {reached}: {Why(operation, i, x, index, number)}.";
        }
        return $"{operation.Name} ({called}) passes nothing on.";
    }

    /// <summary>An operation that writes something else over all that the element reaches.</summary>
    internal static string Over(GraphOperation operation) => $"{operation.Name} ({GraphExplainer.Called(operation)})";

    /// <inheritdoc cref="Over"/>
    internal string Overwritten(GraphOperation operation) =>
        $"{Over(operation)} writes over all that {name} reaches, before anything reads it.";

    /// <summary>Elements that nothing reads.</summary>
    internal string Unread(GraphValue value, Tensor tangent)
    {
        double[] moved = Elements.ToArray<double>(Elements.ToContiguous(tangent.Detach()));
        int first = Array.FindIndex(moved, t => t != 0), count = moved.Count(t => t != 0);
        string readers = string.Join(", ", flow.Cone
            .SelectMany(operation => operation.Inputs.OfType<GraphTensor>().Where(x => ReferenceEquals(x.Value, value)).Select(x => x.Name))
            .Distinct().Take(3));
        if (value.Version == 0 && ReferenceEquals(value.Memory, flow.Source))
            return $"{name} is read by no operation: of {value} only other elements are ({readers}).";
        string entry = value + GraphPlaces.Describe(value, first, flow.Run).Index;
        return $"{(count == 1 ? entry : $"{count} elements of {value}, such as {entry},")} to which {name} goes, "
            + $"{(count == 1 ? "is" : "are")} read by nothing after that: only other elements are ({readers}).";
    }

    /// <summary>Where the gradient became 0 on its way back, though the element moves the result.</summary>
    internal IReadOnlyList<GraphCause> GoingBack(IReadOnlyList<GraphStep> way, IReadOnlyList<GraphTerm> terms)
    {
        for (int i = way.Count - 1; i > 0; i--)
        {
            GraphStep ahead = way[i], behind = way[i - 1];
            if (behind.Gradient != 0 || ahead.Gradient == 0) continue;
            double product = ahead.Factor * ahead.Gradient;
            return
            [
                new(ahead.Operation, product == 0
                    ? $"Going back through {ahead.Operation.Name} ({GraphExplainer.Called(ahead.Operation)}) the contributions to "
                        + $"{behind.Name} cancel: its gradient is 0."
                    : $"Underflow: going back through {ahead.Operation.Name} ({GraphExplainer.Called(ahead.Operation)}) the gradient of "
                        + $"{behind.Name} is {GraphText.Number(ahead.Factor)} · {GraphText.Number(ahead.Gradient)} = "
                        + $"{GraphText.Number(product)}, or the sum of such products, which rounds to 0 in "
                        + $"{behind.Operation.Results[0]?.DType}."),
            ];
        }
        return terms.Count == 0 ? [] : [new(terms[0].Operation, $"The gradient of {terms[0].Result.Name} is 0 where {name} goes.")];
    }

    // One alone goes through: together they cancel, or what is left of it is too small.
    private string? Together(GraphOperation operation, int input, GraphTensor x, int first, double tangent, int count)
    {
        Tensor unit = flow.Whole(flow.Unit(x.Value.Memory, GraphPlaces.PlaceOf(x, first)));
        bool Passes(Tensor t) => flow.Onward(operation, (i, _) => i == input ? t : null).OfType<Tensor>()
            .Any(y => GraphCauses.Count(y) > GraphCauses.CountNaN(y));
        if (!Passes(unit)) return null;
        string entry = GraphFormula.Entry(x, GraphPlaces.IndexOf(x.Shape, first));
        return count > 1 && Passes(unit * tangent)
            ? $"the {count} contributions of {x.Name} cancel; each alone goes through."
            : $"underflow: {name} moves {entry} by {GraphText.Number(tangent)}, and times the slope there that rounds to 0 in {x.DType}.";
    }

    private string Why(GraphOperation operation, int input, GraphTensor x, int[] index, double number)
    {
        string stem = operation.Name.TrimEnd('_');
        if (GraphFlow.PaddingOf(operation) is { } padding && index[0] == padding)
            return $"row {padding} is the padding row (padding_idx), which is never trained";
        if (GraphReads.Factors(operation) is var (left, right, _, _) && (input == left || input == right))
        {
            GraphTensor other = operation.Inputs[input == left ? right : left]!;
            bool isDead = stem == "linear_relu" && operation.Results[0] is { } y
                && GraphReads.Product(operation, y, input, index) is { } product
                && flow.Run.NumbersOf(other, product.Factors).Any(factor => factor != 0);
            return isDead ? $"what comes out is not above 0, a dead ReLU ({OutputOf(operation)})" : $"multiplied by 0, of {other.Name}";
        }
        if (operation.Call.IsInPlace && input == 0 && stem is "copy" or "fill" or "zero") return "written over";
        string masks = string.Join(", ", operation.Inputs.OfType<GraphTensor>().Where(o => o.DType.IsBool).Select(o => o.Name).Distinct()),
            numbers = string.Join(", ", operation.Inputs.OfType<GraphTensor>()
                .Where(o => !o.DType.IsFloatingPoint && !o.DType.IsBool).SelectMany(Given).Select(o => o.Name).Distinct()),
            others = string.Join(", ",
                operation.Inputs.OfType<GraphTensor>().Where(o => !ReferenceEquals(o, x)).Select(o => o.Name).Distinct().Take(3));
        return stem switch
        {
            "relu" or "relu6" or "hardtanh" or "clamp" or "clamp_min" or "clamp_max" or "threshold" or "hardsigmoid"
                or "hardswish" or "hardshrink" or "softshrink" => $"{stem} is constant there",
            "linear_relu" => $"what comes out is not above 0, a dead ReLU ({OutputOf(operation)})",
            "softmax" or "log_softmax" when IsAlone(operation, x) =>
                $"{stem} over a single element is {(stem == "softmax" ? 1 : 0)}, whatever it is",
            "sigmoid" or "tanh" or "softmax" or "log_softmax" or "erf" or "softsign" or "exp" or "log_sigmoid" or "logsigmoid"
                or "softplus" =>
                $"{stem} is saturated there, its slope rounds to 0",
            "where" or "masked_fill" or "masked_select" or "masked_scatter" => $"not chosen by {masks}",
            "index" or "index_select" or "gather" or "embedding" or "take" or "take_along_dim" =>
                $"not among the elements that {numbers} names",
            "index_put" or "scatter" or "index_fill" or "index_copy" or "select_scatter" or "slice_scatter" => "written over",
            "nll_loss" => Label(operation, x, index),
            "dropout" or "native_dropout" or "feature_dropout" or "alpha_dropout" => "dropped",
            "mul" or "dot" or "mv" => $"multiplied by 0, of {others}",
            "div" when input == 0 => $"divided by {others}, which is not finite",
            "sign" or "floor" or "ceil" or "round" or "trunc" or "frac_floor" => $"{stem} is a step, its slope is 0 everywhere",
            "amax" or "amin" or "max" or "min" or "maximum" or "minimum" or "fmax" or "fmin" or "cummax" or "cummin" or "topk" or "median"
                or "kthvalue" => $"not what {stem} chose",
            _ => $"the derivative of {stem} is 0 at {GraphText.Number(number)}",
        };
    }

    // An index as it was given.
    private static IEnumerable<GraphTensor> Given(GraphTensor index) =>
        index.MadeBy is { Name: "checked_index" or "ravel_multi_index" } made ? made.Inputs.OfType<GraphTensor>().SelectMany(Given)
            : [index];

    private string Label(GraphOperation operation, GraphTensor x, int[] index)
    {
        if (operation.Inputs.Count < 2 || operation.Inputs[1] is not { } labels || !flow.Run.Has(labels))
            return "not the class of its label";
        int[] at = labels.Shape.NDim == 0 ? [] : x.Shape.NDim == 1 ? [] : [index[0], .. index[2..]];
        int number = 0;
        for (int d = 0; d < at.Length && d < labels.Shape.NDim; d++) number = number * labels.Shape[d] + at[d];
        double label = flow.Run.NumberAt(labels.Value, GraphPlaces.PlaceOf(labels, number));
        string entry = GraphFormula.Entry(labels, at);
        return operation.Attributes.GetValueOrDefault("ignore_index") is long ignored && label == ignored
            ? $"the label {entry} is {ignored}, which is ignored (ignore_index)"
            : operation.Inputs.ElementAtOrDefault(2) is { Shape.NDim: 1 } weights && label >= 0 && label < weights.Shape[0]
                && flow.Run.NumberAt(weights.Value, GraphPlaces.PlaceOf(weights, (int)label)) == 0
                ? $"the label {entry} is {GraphText.Number(label)}, a class of the weight 0"
            : $"the label {entry} is {GraphText.Number(label)}, another class";
    }

    private static bool IsAlone(GraphOperation operation, GraphTensor x) =>
        x.Shape.NDim == 0 || GraphReads.DimensionsOf(operation, x.Shape.NDim).All(d => x.Shape[d] == 1);

    private string OutputOf(GraphOperation operation) =>
        operation.Results.OfType<GraphTensor>().FirstOrDefault() is { Shape.NumEl: > 0 } y
            ? $"{y.Name} is {GraphText.Number(Elements.ToArray<double>(flow.Run.Show(y).Detach().Max())[0])} at most, and 0 there" : "";
}
