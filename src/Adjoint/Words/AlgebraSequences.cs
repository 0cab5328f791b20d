namespace Adjoint;

/// <summary>
/// What LINQ says of sequences of numbers, for tensors and everything else that a formula can be read over: <c>losses.Sum()</c>.
/// </summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
public static class AlgebraSequences
{
    /// <summary>The sum of the elements, from the first to the last; of none the number 0, as Python's <c>sum([])</c>.</summary>
    /// <exception cref="ShapeException">The shapes of two tensors do not broadcast.</exception>
    /// <example><code>Tensor total = new[] { x, y, t }.Select(part => (part * part).Mean()).Sum();</code></example>
    public static V Sum<V>(this IEnumerable<V> elements) where V : IAlgebra<V> => Total(elements.Given(), out _);

    /// <summary>The sum of what <paramref name="selector"/> makes of the elements.</summary>
    /// <inheritdoc cref="Sum{V}(IEnumerable{V})"/>
    // The constraint leaves numbers to LINQ: of a lambda that gives an int, an int is the sum.
    public static V Sum<T, V>(this IEnumerable<T> elements, Func<T, V> selector) where V : IAlgebra<V> =>
        Total(elements.Given().Select(selector.Given()), out _);

    /// <summary>The mean of the elements.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    /// <exception cref="ShapeException">The shapes of two tensors do not broadcast.</exception>
    public static V Average<V>(this IEnumerable<V> elements) where V : IAlgebra<V>
    {
        V sum = Total(elements.Given(), out int count);
        return count > 0 ? sum / count : throw new InvalidOperationException("Average: there are no tensors or numbers to average.");
    }

    /// <summary>The mean of what <paramref name="selector"/> makes of the elements.</summary>
    /// <inheritdoc cref="Average{V}(IEnumerable{V})"/>
    public static V Average<T, V>(this IEnumerable<T> elements, Func<T, V> selector) where V : IAlgebra<V> =>
        elements.Given().Select(selector.Given()).Average();

    private static V Total<V>(IEnumerable<V> elements, out int count) where V : IAlgebra<V>
    {
        V sum = V.Constant(0);
        count = 0;
        foreach (V x in elements)
        {
            if (x is null) throw new ArgumentNullException(nameof(elements), $"Element {count} of the sequence is null.");
            sum = count++ == 0 ? x : sum + x;
        }
        return sum;
    }
}
