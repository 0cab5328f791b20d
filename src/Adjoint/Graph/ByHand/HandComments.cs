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

    internal static IEnumerable<string> Of(GraphOperation operation, Hand hand)
    {
        string results = string.Join(", ", operation.Results.OfType<GraphTensor>().Select(y => y.Value.Memory.Name).Distinct());
        string formula = Formula(operation);
        string shape = operation.Results.OfType<GraphTensor>().FirstOrDefault() is { Shape: { NDim: > 0 } s } ? $"   {s}" : "";
        string of = operation.GradientOf is { } made && operation.Name.Contains("_backward", StringComparison.Ordinal)
            ? $"   (the gradient of {made})" : "";
        string note = operation.Phase == GraphPhase.Update ? operation.ToString() : $"{results} = {formula}{of}{shape}";
        foreach (string line in Wrapped(note)) yield return "// " + line;
    }

    // The formula of the table where it has one, else the call.
    private static string Formula(GraphOperation operation)
    {
        string formula = GraphPrint.Formula(operation);
        if (formula.Length > 0) return formula;
        string text = operation.ToString();
        int equals = text.IndexOf(" = ", StringComparison.Ordinal);
        return equals < 0 ? text : text[(equals + 3)..];
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
