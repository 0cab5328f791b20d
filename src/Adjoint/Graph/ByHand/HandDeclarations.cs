namespace Adjoint;

/// <summary>The variables and arrays of what an operation makes, declared where they are first written.</summary>
internal static class HandDeclarations
{
    /// <summary>The lines of an operation with its declarations.</summary>
    /// <param name="hand">Knows the names.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="code">Its lines.</param>
    /// <param name="isField">Whether a memory is declared elsewhere.</param>
    internal static List<string> Of(Hand hand, GraphOperation operation, List<string> code, Func<GraphMemory, bool> isField)
    {
        var lines = new List<string>();
        GraphMemory[] made = [.. operation.Results.Concat(operation.Saved.Select(s => s.Tensor)).OfType<GraphTensor>().Select(y => y.Value)
            .Where(value => value.Version == 0 && ReferenceEquals(value.MadeBy, operation)).Select(value => value.Memory).Distinct()];
        foreach (GraphMemory memory in made)
        {
            string name = hand.Name(memory), word = memory.DType.Row.CSharp, declared = isField(memory) ? "" : word + "[] ";
            bool isWhole = code.Count > 0 && (code[0].StartsWith($"{name} = [", StringComparison.Ordinal)
                || code[0].StartsWith($"{name} = {char.ToUpperInvariant(word[0])}{word[1..]}s(", StringComparison.Ordinal));
            if (!hand.IsVariable(memory) && isWhole) code[0] = declared + code[0];
            else if (!hand.IsVariable(memory)) lines.Add($"{declared}{name} = new {word}[{memory.Length}];");
            else if (isField(memory)) continue;
            else if (code.FindIndex(line => line.StartsWith($"{name} = ", StringComparison.Ordinal)) is var at && at >= 0)
                code[at] = $"{word} {code[at]}";
            else lines.Add($"{word} {name} = default;");
        }
        lines.AddRange(code);
        return lines;
    }
}
