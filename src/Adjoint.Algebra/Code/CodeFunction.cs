namespace Adjoint;

/// <summary>An elementary function as a method of the written program: the steps of the kernel, one after the other.</summary>
internal static class CodeFunction
{
    /// <summary>The method.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="info">What the operation says of itself, for the comment.</param>
    /// <param name="body">Its value, of its parameters.</param>
    /// <param name="parameters">What they are called.</param>
    internal static CodeMethod Of<T>(string name, OpInfo info, Func<CodeNode> body, params string[] parameters) where T : unmanaged
    {
        string word = Code<T>.Word;
        return new CodeMethod($"{name} {word} {parameters.Length}", methods =>
        {
            var writer = new CodeWriter(word, methods);
            string value = writer.Text(body());
            return
            [
                Comment(info, word),
                $"static {word} {name}({string.Join(", ", parameters.Select(p => $"{word} {p}"))})",
                "{",
                .. writer.Lines.Select(line => "    " + line),
                $"    return {value};",
                "}",
            ];
        });
    }

    private static string Comment(OpInfo info, string word)
    {
        string close = info.Ulps is { } ulps
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $", at most {(word == "float" ? ulps.Float32 : ulps.Float64)} units in the last place off") : "";
        string other = info.DotNet is { } method && !method.EndsWith("Sqrt", StringComparison.Ordinal)
            ? $" {method} may round the last bit otherwise." : "";
        return $"// {info.Formula}{close}: the steps of the kernel.{other}";
    }
}
