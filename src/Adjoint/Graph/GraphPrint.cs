using System.Globalization;
using System.Text;

namespace Adjoint;

/// <summary>A <see cref="Graph"/> as text to read.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class GraphPrint
{
    extension(Graph graph)
    {
        /// <summary>
        /// The program as text: what comes from outside, then the operations in order with shapes and formulas, then what a run leaves.
        /// </summary>
        /// <param name="views">Whether views are listed too, which compute nothing.</param>
        /// <param name="most">How many operations to print; the rest is counted.</param>
        public string ToText(bool views = true, int most = 2000)
        {
            graph.Given();
            ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
            var text = new StringBuilder();
            foreach (
                IGrouping<GraphRole, GraphMemory> role in graph.Memories.Where(IsListed).GroupBy(memory => memory.Role)
                .OrderBy(group => group.Key))
                text.Append(Word(role.Key)).Append(string.Join(", ", role.Select(Described))).Append('\n');
            List<GraphOperation> shown = [.. graph.Operations.Where(operation => views || !operation.IsView)];
            int width = Math.Min(32, shown.Take(most).Select(operation => Left(operation).Length).DefaultIfEmpty().Max());
            GraphPhase? phase = null;
            string module = "";
            foreach (GraphOperation operation in shown.Take(most))
            {
                if (operation.Phase != phase) text.Append(Word(operation.Phase)).Append('\n');
                if (operation.ModulePath != module && operation.ModulePath.Length > 0) text.Append($"  [{operation.ModulePath}]\n");
                (phase, module) = (operation.Phase, operation.ModulePath);
                string line = $"  {operation.Index,4}  {Left(operation).PadRight(width)} = {Right(operation)}";
                string notes =
                    string.Join("   ", new[] { Formula(operation), operation.Line?.ToString() }.Where(note => !string.IsNullOrEmpty(note)));
                text.Append(notes.Length == 0 ? line : $"{line.PadRight(72)}  # {notes}").Append('\n');
            }
            if (shown.Count > most) text.Append(CultureInfo.InvariantCulture, $"  … {shown.Count - most} more operations\n");
            foreach (GraphMemory changed in graph.Memories.Where(memory => memory.IsChanged))
                text.Append("changes     ").Append(changed.Name).Append(" ← ").Append(changed.Latest).Append('\n');
            foreach (GraphGradient gradient in graph.Gradients)
                text.Append("gradient    ").Append(gradient.Leaf.Name).Append(".grad ← ").Append(gradient.Value?.Name ?? "none")
                .Append('\n');
            if (graph.Outputs.Count > 0) text.Append("returns     ").Append(string.Join(", ", graph.Outputs)).Append('\n');
            return text.ToString();
        }
    }

    /// <summary>One operation: <c>mul1 = mul(x, w)</c>.</summary>
    internal static string Text(GraphOperation operation) => $"{Names(operation)} = {Right(operation)}";

    /// <summary>A number as an operand, with all its digits.</summary>
    internal static string Number(Tensor number)
    {
        Number value = number.AsNumber;
        return value.IsWhole
            ? value.ToInt64().ToString(CultureInfo.InvariantCulture) : value.ToDouble().ToString("R", CultureInfo.InvariantCulture);
    }

    private static bool IsListed(GraphMemory memory) => memory.Role is not (GraphRole.Result or GraphRole.Number);

    private static string Described(GraphMemory memory) =>
        memory.Tensor is { } tensor && tensor.NumEl == memory.Length
        ? $"{memory.Name} {memory.DType}{tensor.Shape}" : $"{memory.Name} {memory.DType}[{memory.Length}]";

    private static string Word(GraphRole role) => role switch
    {
        GraphRole.Input => "inputs      ",
        GraphRole.Parameter => "parameters  ",
        GraphRole.Buffer => "buffers     ",
        GraphRole.Gradient => "gradients   ",
        GraphRole.State => "state       ",
        GraphRole.Asked => "asks for    ",
        _ => "constants   ",
    };

    private static string Word(GraphPhase phase) => phase switch
    {
        GraphPhase.Forward => "forward",
        GraphPhase.Backward => "backward",
        _ => "update",
    };

    private static string Names(GraphOperation operation) =>
        string.Join(", ", operation.Results.Where(y => y is not null).Select(y => y!.Name));

    private static string Left(GraphOperation operation)
    {
        List<GraphTensor> results = [.. operation.Results.OfType<GraphTensor>()];
        return results.Count == 0 ? "" : $"{string.Join(", ", results.Select(y => y.Name))} {results[0].Shape}";
    }

    private static string Right(GraphOperation operation)
    {
        IEnumerable<string> told = operation.Attributes.Where(a => a.Value is not null).Select(a => $"{a.Key}={Attribute(a.Value)}");
        return $"{operation.Name}({string.Join(", ", operation.Inputs.Select(x => x?.Name ?? "none").Concat(told))})";
    }

    internal static string Attribute(object? value) => value switch
    {
        null => "none",
        string text => text,
        double or float => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Attribute))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>The formula with the names of the operands in it; empty where the operation has none in the table.</summary>
    internal static string Formula(GraphOperation operation)
    {
        if (operation.IsView) return "";
        string formula = FormulaOf(operation.Name);
        if (formula.Length == 0) return "";
        var text = new StringBuilder();
        for (int i = 0; i < formula.Length;)
        {
            int end = i;
            while (end < formula.Length && char.IsLetterOrDigit(formula[end])) end++;
            if (Word(operation, formula[i..Math.Max(end, i + 1)]) is not { } word) return "";
            text.Append(word);
            i = Math.Max(end, i + 1);
        }
        return text.ToString();
    }

    /// <summary>The formula of an operation in x, y and z; empty where the table has none.</summary>
    internal static string FormulaOf(string operation) => operation.TrimEnd('_') switch
    {
        "add" => "x + y",
        "sub" => "x − y",
        "mul" => "x·y",
        "div" => "x/y",
        "neg" => "−x",
        "clone" => "x",
        "sum" => "Σ x",
        "softmax" => "exp(x) / Σ exp(x) over dimension dim",
        "log_softmax" => "x − ln Σ exp(x) over dimension dim",
        "mse_loss" => "reduction of (x − y)²",
        "l1_loss" => "reduction of |x − y|",
        "nll_loss" => "reduction of −x[i, y[i]]",
        "native_batch_norm" or "native_layer_norm" or "layer_norm" => "(x − mean) / √(variance + eps)·y + z",
        var name => Formulas.Value.GetValueOrDefault(name, ""),
    };

    // An operand, what the operation was told, or the word as it is; null for an operand that is not there.
    private static string? Word(GraphOperation operation, string word)
    {
        if (word is not ("x" or "y" or "z"))
            return operation.Attributes.TryGetValue(word, out object? told) && told is not null ? Attribute(told) : word;
        int operand = word[0] - 'x';
        return operand < operation.Inputs.Count ? operation.Inputs[operand]?.Name : null;
    }

    private static readonly Lazy<Dictionary<string, string>> Formulas = new(() =>
    {
        var formulas = new Dictionary<string, string>();
        foreach (Op row in OpTable.All) formulas.TryAdd(row.Name, row.Info.Formula);
        return formulas;
    });
}
