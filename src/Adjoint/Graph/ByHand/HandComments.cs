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

    internal static IEnumerable<string> Of(GraphOperation operation)
    {
        string shape = operation.Results.OfType<GraphTensor>().FirstOrDefault() is { Shape: { NDim: > 0 } s } ? $"   {s}" : "";
        foreach (string line in Wrapped(Said(operation) + shape)) yield return "// " + line;
    }

    private static string Said(GraphOperation operation)
    {
        if (operation.Phase == GraphPhase.Update) return Step(operation);
        if (operation is { GradientOf: { } of, Name: var name } && name.EndsWith("_backward", StringComparison.Ordinal)
            && of.Results.Count > 0 && of.Results[0] is { } y && operation.Inputs is [{ } g, ..])
        {
            // The chain rule: what arrives, times the slope.
            IEnumerable<string> parts = operation.Results.Select((dx, i) => dx is null || i >= of.Inputs.Count
                || of.Inputs[i] is not { } x ? ""
                : $"{Named(dx)} = {Named(g)}·∂{Named(y)}/∂{Named(x)}").Where(part => part.Length > 0);
            return $"{string.Join(", ", parts)}   with {Named(y)} = {Formula(of)}";
        }
        return $"{string.Join(", ", operation.Results.OfType<GraphTensor>().Select(Named).Distinct())} = {Formula(operation)}";
    }

    private static string Step(GraphOperation operation)
    {
        IEnumerable<string> options = operation.Attributes.Where(a => a.Value is not (null or false or 0.0)).Select(a =>
            $"{a.Key}={GraphPrint.Attribute(a.Value)}");
        return $"{Named(operation.Inputs[0]!)} ← {operation.Name.Replace("_step_", "", StringComparison.Ordinal)}"
            + $"({string.Join(", ", operation.Inputs.OfType<GraphTensor>().Select(Named).Concat(options))})";
    }

    // A view is what it shows.
    private static string Named(GraphTensor x) => x.Value.Memory.Name;

    // The formula with the operands in it, or the call.
    private static string Formula(GraphOperation operation)
    {
        string formula = operation.Call.Operation is IByHand { Formula: { Length: > 0 } own } ? own : GraphPrint.FormulaOf(operation.Name);
        if (formula.Length == 0 || Filled(operation, formula) is not { } text)
        {
            IEnumerable<string> told = operation.Attributes.Where(a => a.Value is not null).Select(a =>
                $"{a.Key}={GraphPrint.Attribute(a.Value)}");
            return $"{operation.Name}({string.Join(", ", operation.Inputs.OfType<GraphTensor>().Select(Named).Concat(told))})";
        }
        return text;
    }

    private static string? Filled(GraphOperation operation, string formula)
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
                word = Named(x);
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
