namespace Adjoint.Training;

/// <summary>How the numbers of single classes become one.</summary>
public enum Averaging
{
    /// <summary>Their mean, each class as much as every other.</summary>
    Macro,

    /// <summary>Of all examples together.</summary>
    Micro,

    /// <summary>Their mean, each class as much as it has examples.</summary>
    Weighted,

    /// <summary>That of class 1, of two.</summary>
    Binary,
}

/// <summary>A metric that follows from how often each class was taken for which.</summary>
public abstract class ClassMetric : Metric, IStateful
{
    private readonly int _classes;
    private readonly Averaging _averaging;

    private protected ClassMetric(int classes, Averaging averaging)
    {
        Confusion = new ConfusionMatrix(classes);
        (_classes, _averaging) = (classes, averaging.Known());
        if (averaging == Averaging.Binary && classes != 2)
            throw new ArgumentException($"{GetType().Name}: binary averaging is of 2 classes, not of {classes}.", nameof(averaging));
    }

    /// <summary>How often each class was taken for which.</summary>
    public ConfusionMatrix Confusion { get; private set; }

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            if (Confusion.Total == 0) return double.NaN;
            double[] each = [.. Enumerable.Range(0, _classes).Select(OfClass)];
            return _averaging switch
            {
                Averaging.Binary => each[1],
                Averaging.Micro => Confusion.Accuracy,      // each mistake is one too many of a class and one too few of another
                Averaging.Weighted => each.Select((value, c) => value * Confusion.OfClass(c)).Sum() / Confusion.Total,
                _ => MacroOf(each),
            };
        }
    }

    /// <inheritdoc/>
    public override void Reset() => Confusion = new ConfusionMatrix(_classes);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public override void Add(Tensor output, Tensor target) => Confusion.Add(output, target);

    /// <summary>What was counted.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() =>
        new OrderedDictionary<string, object?> { ["counts"] = Confusion.Rows.SelectMany(row => row).ToArray() };

    /// <summary>Goes on counting from what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">It does not fit; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        int[]? counts = state.Given().TryGetValue("counts", out object? saved) ? States.Wholes(saved) : null;
        if (counts is null || counts.Length != _classes * _classes || counts.Any(count => count < 0))
            throw new ArgumentException(
                $"{GetType().Name}: the state has no \"counts\" of {_classes} x {_classes} numbers of at least 0.", nameof(state));
        var matrix = new int[_classes, _classes];
        Buffer.BlockCopy(counts, 0, matrix, 0, counts.Length * sizeof(int));
        Confusion = new ConfusionMatrix(matrix);
    }

    /// <summary>The number of one class; 0 where it is not defined, as scikit-learn has it.</summary>
    private protected abstract double OfClass(int label);

    // Classes that neither come nor are predicted do not count, as in scikit-learn, which does not see them.
    private double MacroOf(double[] each) =>
        each.Where((_, c) => Confusion.OfClass(c) > 0 || Confusion.TakenFor(c) > 0).Average();
}

/// <summary>Of what was taken for a class, the part that was of it.</summary>
/// <param name="classes">How many classes; from 1 to 32768.</param>
/// <param name="averaging">How the numbers of the classes become one.</param>
public sealed class Precision(int classes, Averaging averaging = Averaging.Macro) : ClassMetric(classes, averaging)
{
    /// <inheritdoc/>
    public override string Name => "precision";

    private protected override double OfClass(int label) => Confusion.Precision(label);
}

/// <summary>Of the examples of a class, the part that was recognised.</summary>
/// <param name="classes">How many classes; from 1 to 32768.</param>
/// <param name="averaging">How the numbers of the classes become one.</param>
public sealed class Recall(int classes, Averaging averaging = Averaging.Macro) : ClassMetric(classes, averaging)
{
    /// <inheritdoc/>
    public override string Name => "recall";

    private protected override double OfClass(int label) => Confusion.Recall(label);
}

/// <summary>2·precision·recall/(precision + recall).</summary>
/// <param name="classes">How many classes; from 1 to 32768.</param>
/// <param name="averaging">How the numbers of the classes become one.</param>
public sealed class F1Score(int classes, Averaging averaging = Averaging.Macro) : ClassMetric(classes, averaging)
{
    /// <inheritdoc/>
    public override string Name => "f1";

    private protected override double OfClass(int label)
    {
        int both = Confusion.OfClass(label) + Confusion.TakenFor(label);
        return both == 0 ? 0 : 2.0 * Confusion[label, label] / both;
    }
}
