namespace Adjoint;

/// <summary>Why one element of a gradient is what it is: see <see cref="Graph.Explain(Tensor, ReadOnlySpan{int})"/>.</summary>
public sealed class GraphExplanation
{
    private readonly Lazy<IReadOnlyList<GraphStep>> _way;
    private readonly Lazy<IReadOnlyList<GraphShare>> _paths, _examples;

    internal GraphExplanation(
        GraphMemory parameter, string name, int[] index, Func<IReadOnlyList<GraphStep>> way, Func<IReadOnlyList<GraphShare>> paths,
        Func<IReadOnlyList<GraphShare>> examples)
    {
        (Parameter, Name, Index) = (parameter, name, index);
        (_way, _paths, _examples) = (new(way), new(paths), new(examples));
    }

    /// <summary>The tensor.</summary>
    public GraphMemory Parameter { get; }

    /// <summary>The element: <c>fc1.weight[3, 5]</c>.</summary>
    public string Name { get; }

    /// <summary>Its index.</summary>
    public IReadOnlyList<int> Index { get; }

    /// <summary>The element itself, as it is now.</summary>
    public double Value { get; internal init; }

    /// <summary>Its gradient, as the backward passes compute it; null if there is none.</summary>
    public double? Gradient { get; internal init; }

    /// <summary>What kind of number the gradient is.</summary>
    public GraphReason Reason { get; internal init; }

    /// <summary>
    /// Why it is missing, 0, huge, tiny or not finite: what happened where; and what hook or function of your own made it another one than
    /// the terms sum to. Empty for an ordinary one.
    /// </summary>
    public IReadOnlyList<GraphCause> Causes { get; internal init; } = [];

    /// <summary>Where a way to the result is cut that has no part in the gradient: detached, or computed without recording.</summary>
    public IReadOnlyList<GraphCause> Cuts => OfCuts.Value;

    /// <summary>
    /// The products that the gradient is the sum of, the largest first: one for each element of a result by which the parameter comes to an
    /// example of the batch.
    /// </summary>
    public IReadOnlyList<GraphTerm> Terms => OfTerms.Value;

    /// <summary>What each example of the batch contributes, the largest first; the parts that belong to none are no part of it.</summary>
    public IReadOnlyList<GraphShare> Examples => _examples.Value;

    /// <summary>What comes in by each operation, in order: one for every use of a shared parameter.</summary>
    public IReadOnlyList<GraphShare> Operations => OfOperations.Value;

    /// <summary>
    /// One way from number to number to where the backward pass began, or where nothing goes on: each time by the largest contribution.
    /// The product of the factors, times the last gradient (1 for a loss), is the contribution of that way.
    /// </summary>
    /// <exception cref="GraphException">What was explained was changed before the way was asked for.</exception>
    public IReadOnlyList<GraphStep> Way => _way.Value;

    /// <summary>
    /// What each path of operations contributes, the largest first; their sum is the gradient. Empty where there are more than
    /// <see cref="MostPaths"/> (a loop that takes two ways a step has millions), and where a hook or a function of your own runs.
    /// </summary>
    /// <exception cref="GraphException">What was explained was changed before the paths were asked for.</exception>
    public IReadOnlyList<GraphShare> Paths => _paths.Value;

    /// <summary>So many paths are followed at most.</summary>
    public const int MostPaths = 64;

    /// <summary>Whether formulas alone say the gradient: no code of the user's runs on its way.</summary>
    internal bool IsByFormula { get; init; }

    /// <summary>What the run does to the gradient besides the backward passes: to clip it, say, or to add to what was there.</summary>
    public IReadOnlyList<GraphCause> Afterwards => OfAfterwards.Value;

    /// <summary>What was changed before <see cref="Way"/> and <see cref="Paths"/> were looked up, so that they cannot be.</summary>
    internal GraphMemory? Changed => _way.IsValueCreated && _paths.IsValueCreated ? null : ChangedSince();

    internal Func<GraphMemory?> ChangedSince { private get; init; } = () => null;

    // What is asked for is computed then.
    internal Lazy<IReadOnlyList<GraphTerm>> OfTerms { private get; init; } = new([]);

    internal Lazy<IReadOnlyList<GraphCause>> OfCuts { private get; init; } = new([]);

    internal Lazy<IReadOnlyList<GraphCause>> OfAfterwards { private get; init; } = new([]);

    internal Lazy<IReadOnlyList<GraphShare>> OfOperations { private get; init; } = new([]);

    /// <summary>The explanation to read.</summary>
    /// <param name="most">How many lines of each kind; the rest is counted.</param>
    public string ToText(int most = 6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return GraphExplanationText.Of(this, most);
    }

    /// <summary>The explanation to read.</summary>
    public override string ToString() => ToText();
}
