using System.Text;

namespace Adjoint;

/// <summary>Node names as PyTorch spells them: <c>leaky_relu</c> → <c>LeakyReluBackward0</c>, and back.</summary>
internal static class NodeName
{
    private const string Backward = "Backward";

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
        return name.Append(Backward).Append(overload).ToString();
    }

    /// <summary>The operation's name in a node's: <c>IndexPutBackward0</c> → <c>index_put</c>.</summary>
    internal static string Operation(string nodeName)
    {
        string words = Words(nodeName);
        var name = new StringBuilder(words.Length + 4);
        foreach (char c in words)
        {
            // MaxPool2D → max_pool2d: the letter behind a number belongs to it.
            if (char.IsAsciiLetterUpper(c) && name.Length > 0 && !char.IsAsciiDigit(name[^1])) name.Append('_');
            name.Append(char.ToLowerInvariant(c));
        }
        return name.ToString();
    }

    /// <summary>The name without what says that it is a node's: <c>IndexPutBackward0</c> → <c>IndexPut</c>.</summary>
    internal static string Words(string nodeName)
    {
        int end = nodeName.LastIndexOf(Backward, StringComparison.Ordinal);
        return end <= 0 ? nodeName : nodeName[..end];
    }
}
