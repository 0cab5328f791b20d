namespace Adjoint.Symbolic;

/// <summary>
/// The different subformulas of some formulas, operands before what uses them, each once. Evaluating, differentiating and
/// counting are loops over this list: no recursion, however deep, and a shared subformula is visited once.
/// </summary>
internal static class PostOrder
{
    public static List<Expr> Of(params ReadOnlySpan<Expr> roots)
    {
        var order = new List<Expr>();
        var seen = new HashSet<Expr>();
        var stack = new Stack<(Expr Node, int Next)>();
        foreach (var root in roots)
        {
            if (!seen.Contains(root)) stack.Push((root, 0));
            while (stack.TryPop(out var top))
            {
                var operands = top.Node.Operands;
                int next = top.Next;
                while (next < operands.Count && seen.Contains(operands[next])) next++;
                if (next < operands.Count)
                {
                    stack.Push((top.Node, next + 1));
                    stack.Push((operands[next], 0));
                }
                else if (seen.Add(top.Node)) order.Add(top.Node);
            }
        }
        return order;
    }
}
