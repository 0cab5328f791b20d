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
            // A view goes back to the places that it shows.
            if (of.IsView && of.Inputs is [{ } whole, ..] && operation.Results is [{ } spread, ..] && named(y) != named(whole))
                return $"{named(spread)} = {named(g)} at the places of {named(y)}, elsewhere 0";
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

    // As in the program; a number is itself, and a view the part that it shows.
    private static string Named(GraphTensor x, HandNames names) => x.Value.Memory.Role == GraphRole.Number ? x.Value.Memory.Name
        : names.Of(x.Value.Memory) + Part(x);

    /// <summary>Which part of its memory a tensor shows: <c>[.., 3..6]</c>, <c>ᵀ</c>; nothing for all, and for what has no name.</summary>
    internal static string Part(GraphTensor x)
    {
        Shape whole = x.Value.Memory.Tensor is { IsContiguous: true, Offset: 0 } outside && outside.NumEl == x.Value.Memory.Length
            ? outside.Shape : x.Value.Memory.Values[0].MadeBy?.Results.FirstOrDefault(y => y is { IsWhole: true }
                && ReferenceEquals(y.Value.Memory, x.Value.Memory))?.Shape ?? [x.Value.Memory.Length];
        if (x.Shape.NumEl == 0 || x.IsWhole) return "";
        if (whole.NDim == 2 && x.Shape.NDim == 2 && x.Offset == 0 && x.Shape[0] == whole[1] && x.Shape[1] == whole[0]
            && x.Strides[0] == 1 && x.Strides[1] == whole[1])
            return "ᵀ";
        if (IsBatchTurned(x, whole)) return "ᵀ";
        int[] steps = new int[whole.NDim];
        for (int d = steps.Length - 1, step = 1; d >= 0; step *= whole[d--]) steps[d] = step;
        List<string> parts = [];
        int shown = 0, left = x.Offset;
        for (int d = 0; d < steps.Length; d++)
        {
            (int first, left) = Math.DivRem(left, steps[d]);
            bool isHere = shown < x.Shape.NDim && x.Strides[shown] == steps[d] && first + x.Shape[shown] <= whole[d];
            parts.Add(!isHere ? $"{first}" : x.Shape[shown] == whole[d] ? ".." : $"{first}..{first + x.Shape[shown]}");
            if (isHere) shown++;
        }
        if (shown < x.Shape.NDim || left != 0) return "";
        while (parts is [.., ".."]) parts.RemoveAt(parts.Count - 1);
        return parts.Count == 0 ? "" : $"[{string.Join(", ", parts)}]";
    }

    // Matrices of a batch, each transposed.
    private static bool IsBatchTurned(GraphTensor x, Shape whole)
    {
        int n = whole.NDim;
        if (n < 3 || x.Shape.NDim != n || x.Offset != 0 || x.Shape[n - 1] != whole[n - 2] || x.Shape[n - 2] != whole[n - 1]) return false;
        for (int d = n - 3, step = whole[n - 1] * whole[n - 2]; d >= 0; step *= whole[d--])
            if (x.Shape[d] != whole[d] || x.Strides[d] != step) return false;
        return x.Strides[n - 2] == 1 && x.Strides[n - 1] == whole[n - 1];
    }

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
        return text.Replace("ᵀᵀ", "").ToString();
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
