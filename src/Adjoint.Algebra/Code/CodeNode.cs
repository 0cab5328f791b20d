namespace Adjoint;

/// <summary>A part of a formula as C# would write it: the tree that <see cref="CodeWriter"/> prints.</summary>
internal abstract class CodeNode
{
    /// <summary>What it is computed from.</summary>
    internal virtual IReadOnlyList<CodeNode> Parts => [];

    /// <summary>This and all its parts, each once, without those that are left out and what is in them.</summary>
    internal IEnumerable<CodeNode> All(Func<CodeNode, bool> isLeftOut)
    {
        // Without recursion: a formula may be deep.
        var known = new HashSet<CodeNode>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<CodeNode>([this]);
        while (waiting.TryPop(out CodeNode? node))
        {
            if (isLeftOut(node) || !known.Add(node)) continue;
            yield return node;
            foreach (CodeNode part in node.Parts) waiting.Push(part);
        }
    }

    /// <summary>A variable, an element of an array: what is written as it stands.</summary>
    internal sealed class Name(string text) : CodeNode
    {
        internal string Text => text;
    }

    /// <summary>A number; it has been rounded to the type of the formula.</summary>
    internal sealed class Constant(double value) : CodeNode
    {
        internal double Value => value;
    }

    /// <summary>One of + − · / of two parts.</summary>
    internal sealed class Binary(char sign, CodeNode x, CodeNode y) : CodeNode
    {
        internal char Sign => sign;

        internal override IReadOnlyList<CodeNode> Parts => [x, y];
    }

    /// <summary>−x.</summary>
    internal sealed class Minus(CodeNode x) : CodeNode
    {
        internal override IReadOnlyList<CodeNode> Parts => [x];
    }

    /// <summary>A call of a method.</summary>
    /// <param name="form">The call with <c>{0}</c>, <c>{1}</c>… for its arguments.</param>
    /// <param name="method">The method, where it is none of .NET's.</param>
    /// <param name="parts">The arguments.</param>
    internal sealed class Call(string form, CodeMethod? method, params CodeNode[] parts) : CodeNode
    {
        internal string Form => form;

        internal CodeMethod? Method => method;

        internal override IReadOnlyList<CodeNode> Parts => parts;
    }

    /// <summary>One of two parts, by a comparison of two others: <c>x &lt; y ? then : otherwise</c>.</summary>
    internal sealed class Choice(string relation, CodeNode x, CodeNode y, CodeNode then, CodeNode otherwise) : CodeNode
    {
        internal string Relation => relation;

        internal override IReadOnlyList<CodeNode> Parts => [x, y, then, otherwise];
    }
}
