namespace Adjoint.Symbolic;

/// <summary>
/// Expression swell, measured: how the derivative of an iterated map grows as a formula, and what the same derivative costs by
/// automatic differentiation.
/// </summary>
/// <param name="N">The number of the iterate: l₁ = x.</param>
/// <param name="Nodes">Nodes of lₙ written out.</param>
/// <param name="DerivativeTerms">Terms of its derivative, unsimplified.</param>
/// <param name="DerivativeNodes">Nodes of its derivative, unsimplified.</param>
/// <param name="SimplifiedTerms">Terms of the simplified derivative.</param>
/// <param name="SimplifiedNodes">Nodes of the simplified derivative.</param>
/// <param name="Operations">Operations one evaluation of lₙ does.</param>
/// <param name="ForwardOperations">Operations forward mode does for value and derivative.</param>
/// <param name="ReverseOperations">Operations reverse mode does for value and derivative.</param>
public sealed record Swell(
    int N, long Nodes, long DerivativeTerms, long DerivativeNodes, long SimplifiedTerms, long SimplifiedNodes,
    long Operations, long ForwardOperations, long ReverseOperations)
{
    private const int MostIterations = 1 << 20;

    /// <summary>The logistic map l₁ = x, lₙ₊₁ = 4lₙ(1 − lₙ), for any algebra.</summary>
    /// <param name="x">The start.</param>
    /// <param name="n">Which iterate, from 1.</param>
    public static V Logistic<V>(V x, int n) where V : IAlgebra<V>
    {
        if (n is < 1 or > MostIterations)
            throw new ArgumentOutOfRangeException(nameof(n), n, $"Logistic: n must be between 1 and {MostIterations:N0}, but is {n}.");
        var l = x;
        for (int i = 1; i < n; i++) l = 4 * l * (1 - l);
        return l;
    }

    /// <summary>Measures the first iterates of the logistic map.</summary>
    /// <param name="max">The last n.</param>
    /// <exception cref="ArgumentOutOfRangeException">max is not in 1 … 14; the derivative of l₁₄ has 8,192 terms.</exception>
    public static IEnumerable<Swell> OfLogisticMap(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, 14);
        return Enumerable.Range(1, max).Select(Measure);
    }

    private static Swell Measure(int n)
    {
        var map = Logistic<Expr>(new Variable("x"), n);
        var derivative = map.Differentiate("x");
        var simplified = map.Expand().Differentiate("x").Simplify();   // the same polynomial, for a third of the multiplications
        var at = new Counting(0.3);
        return new(n, map.NodeCount, derivative.TermCount, derivative.NodeCount, simplified.TermCount, simplified.NodeCount,
            Counting.Operations(() => Logistic(at, n)),
            Counting.Operations(() => Logistic(Dual<Counting>.Variable(at), n)),
            Counting.Operations(() => Scalar.Reverse.Gradient<Iterate, Counting>(new(n), [at], new Counting[1])));
    }

    private readonly struct Iterate(int n) : IFunction
    {
        public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V> => Logistic(x[0], n);
    }
}
