namespace Adjoint.Nn;

/// <summary>Containers as PyTorch prints them.</summary>
internal static class ContainerText
{
    /// <summary>Modules one below the other; equal ones in a row are one line: <c>(0-2): 3 x Linear(…)</c>, as of PyTorch 2.</summary>
    public static string Of(string name, IEnumerable<Module> modules)
    {
        List<string> texts = [.. modules.Select(module => module.ToString()!.ReplaceLineEndings("\n"))];
        var lines = new List<string>();
        for (int first = 0, next; first < texts.Count; first = next)
        {
            for (next = first + 1; next < texts.Count && texts[next] == texts[first];) next++;
            string places = next - first == 1 ? $"({first}): " : $"({first}-{next - 1}): {next - first} x ";
            lines.Add(places + texts[first].Replace("\n", "\n  ", StringComparison.Ordinal));
        }
        return lines.Count == 0 ? $"{name}()" : $"{name}(\n  {string.Join("\n  ", lines)}\n)";
    }

    /// <summary>Parameters with type and size; PyTorch names the type in two ways.</summary>
    public static string Of(string name, IEnumerable<(string Name, Tensor Parameter)> parameters, Func<DType, string> typeName)
    {
        List<string> lines = [.. parameters.Select(p =>
            $"  ({p.Name}): Parameter containing: [{typeName(p.Parameter.DType)} of size {string.Join("x", p.Parameter.Shape.Sizes.ToArray())}]")];
        return lines.Count > 1 ? $"{name}(\n  {string.Join("\n  ", lines)}\n)" : $"{name}({string.Concat(lines)})";
    }

    /// <summary><c>torch.float32</c>.</summary>
    public static string DTypeName(DType dtype) => $"torch.{dtype.TorchName}";

    /// <summary><c>torch.FloatTensor</c>.</summary>
    public static string TensorTypeName(DType dtype) => "torch." + dtype.Row.TorchTensor;
}
