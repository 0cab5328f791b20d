namespace Adjoint.Symbolic;

/// <summary>Hash and equality of operands whose order does not matter.</summary>
internal static class Unordered
{
    public static int Hash(Type kind, Expr[] operands)
    {
        int sum = operands.Length;
        foreach (var operand in operands) sum += operand.GetHashCode() * operand.GetHashCode() + operand.GetHashCode();
        return HashCode.Combine(kind, sum);
    }

    public static bool Same(Expr[] x, Expr[] y)
    {
        if (x.Length != y.Length) return false;
        if (x.AsSpan().SequenceEqual(y)) return true;
        var counts = new Dictionary<Expr, int>();
        foreach (var e in x) counts[e] = counts.GetValueOrDefault(e) + 1;
        foreach (var e in y)
        {
            if (!counts.TryGetValue(e, out int left) || left == 0) return false;
            counts[e] = left - 1;
        }
        return true;
    }
}
