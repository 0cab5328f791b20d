using System.Text;

namespace Adjoint;

/// <summary>Node names as PyTorch spells them: <c>leaky_relu</c> → <c>LeakyReluBackward0</c>.</summary>
internal static class NodeName
{
    internal static string Of(string operation, int overload = 0)
    {
        var name = new StringBuilder(operation.Length + 10);
        bool upper = true;
        foreach (char c in operation)
        {
            if (c == '_') { upper = true; continue; }
            name.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = char.IsAsciiDigit(c); // log1p → Log1PBackward0
        }
        return name.Append("Backward").Append(overload).ToString();
    }
}

/// <summary>A node name as a type argument, for operations that differ in nothing else.</summary>
internal interface INodeName
{
    /// <summary>PyTorch's name.</summary>
    static abstract string Value { get; }
}
