namespace Adjoint.Training;

/// <summary>
/// What remembers something from step to step, and can be asked for it and told it: schedules, loaders, samplers that are in the middle
/// of an epoch, and anything of one's own that a <see cref="Checkpoint"/> is to keep.
/// </summary>
/// <example><code>
/// sealed class BestLoss : IStateful
/// {
///     public double Least { get; private set; } = double.PositiveInfinity;
///
///     public void Note(double loss) => Least = Math.Min(Least, loss);
///
///     public IReadOnlyDictionary&lt;string, object?&gt; StateDict() => new Dictionary&lt;string, object?&gt; { ["least"] = Least };
///
///     public void LoadStateDict(IReadOnlyDictionary&lt;string, object?&gt; state) => Least = (double)state["least"]!;
/// }
/// </code></example>
public interface IStateful
{
    /// <summary>
    /// What is remembered now, by name: null, truth values, numbers, texts, bytes, tensors, and lists and dictionaries of these.
    /// </summary>
    IReadOnlyDictionary<string, object?> StateDict();

    /// <summary>
    /// Continues from what <see cref="StateDict"/> gave, perhaps in another process. From a file whole numbers come as <c>long</c>, lists as
    /// <c>List&lt;object?&gt;</c>, dictionaries as <c>OrderedDictionary&lt;object, object?&gt;</c> below the first.
    /// </summary>
    /// <exception cref="ArgumentException">It does not fit. Nothing is changed then.</exception>
    void LoadStateDict(IReadOnlyDictionary<string, object?> state);
}
