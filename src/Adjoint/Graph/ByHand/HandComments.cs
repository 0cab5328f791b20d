namespace Adjoint;

/// <summary>What a written program says of its steps: the formula, and in the backward pass whose gradient it is.</summary>
internal static class HandComments
{
    internal static string Word(GraphRole role) => role switch
    {
        GraphRole.Input => "inputs",
        GraphRole.Parameter => "parameters",
        GraphRole.Buffer => "buffers",
        GraphRole.Gradient => "gradients that are added to",
        GraphRole.State => "what the optimizer remembers",
        GraphRole.Asked => "numbers that are asked for",
        GraphRole.Result => "results",
        _ => "constants",
    };

    internal static IEnumerable<string> Of(GraphOperation operation, HandNames names)
    {
        string shape = operation.Results.OfType<GraphTensor>().FirstOrDefault() is { Shape: { NDim: > 0 } s } ? $"   {s}" : "";
        foreach (string line in Wrapped(Said(operation, x => Named(x, names)) + shape)) yield return "// " + line;
    }

    private static string Said(GraphOperation operation, Func<GraphTensor, string> named)
    {
        if (operation.Phase == GraphPhase.Update) return Step(operation, named);
        if (operation is { GradientOf: { } of, Name: var name } && name.EndsWith("_backward", StringComparison.Ordinal)
            && of.Results.Count > 0 && of.Results[0] is { } y && operation.Inputs is [{ } g, ..])
        {
            // The chain rule: what arrives, times the slope.
            IEnumerable<string> parts = operation.Results.Select((dx, i) => dx is null || i >= of.Inputs.Count
                || of.Inputs[i] is not { } x ? ""
                : $"{named(dx)} = {named(g)}·∂{named(y)}/∂{named(x)}").Where(part => part.Length > 0);
            return $"{string.Join(", ", parts)}   with {named(y)} = {Formula(of, named)}";
        }
        return $"{string.Join(", ", operation.Results.OfType<GraphTensor>().Select(named).Distinct())} = {Formula(operation, named)}";
    }

    private static string Step(GraphOperation operation, Func<GraphTensor, string> named)
    {
        IEnumerable<string> options = operation.Attributes.Where(a => a.Value is not (null or false or 0.0)).Select(a =>
            $"{a.Key}={GraphPrint.Attribute(a.Value)}");
        return $"{named(operation.Inputs[0]!)} ← {operation.Name.Replace("_step_", "", StringComparison.Ordinal)}"
            + $"({string.Join(", ", operation.Inputs.OfType<GraphTensor>().Select(named).Concat(options))})";
    }

    // As in the program; a view is what it shows, and a number itself.
    private static string Named(GraphTensor x, HandNames names) =>
        x.Value.Memory.Role == GraphRole.Number ? x.Value.Memory.Name : names.Of(x.Value.Memory);

    // The formula with the operands in it, or the call.
    private static string Formula(GraphOperation operation, Func<GraphTensor, string> named)
    {
        string formula = operation.Call.Operation is IByHand { Formula: { Length: > 0 } own } ? own : GraphPrint.FormulaOf(operation.Name);
        if (formula.Length == 0 || Filled(operation, formula, named) is not { } text)
        {
            IEnumerable<string> told = operation.Attributes.Where(a => a.Value is not null).Select(a =>
                $"{a.Key}={GraphPrint.Attribute(a.Value)}");
            return $"{operation.Name}({string.Join(", ", operation.Inputs.OfType<GraphTensor>().Select(named).Concat(told))})";
        }
        return text;
    }

    private static string? Filled(GraphOperation operation, string formula, Func<GraphTensor, string> named)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < formula.Length;)
        {
            int end = i;
            while (end < formula.Length && (char.IsLetterOrDigit(formula[end]) || formula[end] == '_') && formula[end] != 'ᵀ') end++;
            end = Math.Max(end, i + 1);
            string word = formula[i..end];
            if (word is "x" or "y" or "z")
            {
                int operand = word[0] - 'x';
                if (operand >= operation.Inputs.Count || operation.Inputs[operand] is not { } x) return null;
                word = named(x);
            }
            else if (operation.Attributes.TryGetValue(word, out object? told) && told is not null)
            {
                word = GraphPrint.Attribute(told);
            }
            text.Append(word);
            i = end;
        }
        return text.ToString();
    }

    private static IEnumerable<string> Wrapped(string text)
    {
        const int width = 124;
        while (text.Length > width && text.LastIndexOf(' ', width) is var cut && cut > 0)
        {
            yield return text[..cut];
            text = "    " + text[(cut + 1)..];
        }
        yield return text;
    }
}
