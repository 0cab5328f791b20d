namespace Adjoint.Training;

/// <summary>How often each class was taken for which: a row for each true class, a column for each predicted one.</summary>
public sealed class ConfusionMatrix
{
    private const int MostClasses = 1 << 15;

    private readonly int[,] _counts;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="classes">How many classes; from 1 to 32768.</param>
    public ConfusionMatrix(int classes) =>
        _counts = classes is >= 1 and <= MostClasses ? new int[classes, classes]
            : throw new ArgumentOutOfRangeException(
                nameof(classes), classes, $"ConfusionMatrix: classes must be from 1 to {MostClasses}, but is {classes}.");

    /// <summary>A square matrix of counts.</summary>
    /// <exception cref="ArgumentException">It is not square.</exception>
    public ConfusionMatrix(int[,] counts)
    {
        counts.Given();
        if (counts.GetLength(0) != counts.GetLength(1))
            throw new ArgumentException(
                $"A confusion matrix is square, but this one is {counts.GetLength(0)}×{counts.GetLength(1)}.", nameof(counts));
        _counts = counts;
    }

    /// <summary>How many classes.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>How often a class was taken for another, or for itself.</summary>
    public int this[int actual, int predicted] => _counts[Checked(actual, nameof(actual)), Checked(predicted, nameof(predicted))];

    /// <summary>How many were counted.</summary>
    public int Total => Sum((_, _) => true);

    /// <summary>How many of them were right.</summary>
    public int Correct => Sum((actual, predicted) => actual == predicted);

    /// <summary>The part of all that was right; 0 when there were none.</summary>
    public double Accuracy => Ratio(Correct, Total);

    /// <summary>The rows, for serialization.</summary>
    public int[][] Rows => [.. Enumerable.Range(0, Classes).Select(a => Enumerable.Range(0, Classes).Select(p => _counts[a, p]).ToArray())];

    /// <summary>Counts one more of class <paramref name="actual"/> that was taken for <paramref name="predicted"/>.</summary>
    public void Add(int actual, int predicted) => _counts[Checked(actual, nameof(actual)), Checked(predicted, nameof(predicted))]++;

    /// <summary>Counts some examples.</summary>
    /// <param name="output">The scores of the classes, [n, classes], of which the highest is the prediction; or predictions, Int64
    /// [n].</param>
    /// <param name="target">The true classes, Int64 [n].</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public void Add(Tensor output, Tensor target)
    {
        (long[] predicted, long[] actual) = Predictions.Of(nameof(ConfusionMatrix), output.Given(), target.Given());
        // All are looked at before any is counted.
        foreach (long c in actual) Checked(c, nameof(target));
        foreach (long c in predicted) Checked(c, nameof(output));
        for (int i = 0; i < actual.Length; i++) _counts[actual[i], predicted[i]]++;
    }

    /// <summary>How many were of a class.</summary>
    public int OfClass(int actual)
    {
        Checked(actual, nameof(actual));
        return Sum((a, _) => a == actual);
    }

    /// <summary>How many were taken for a class.</summary>
    public int TakenFor(int predicted)
    {
        Checked(predicted, nameof(predicted));
        return Sum((_, p) => p == predicted);
    }

    /// <summary>The part of a class that was recognised.</summary>
    public double Recall(int actual) => Ratio(this[actual, actual], OfClass(actual));

    /// <summary>The part of what was taken for a class that was of it.</summary>
    public double Precision(int predicted) => Ratio(_counts[Checked(predicted, nameof(predicted)), predicted], TakenFor(predicted));

    /// <summary>The largest count off the diagonal.</summary>
    public int MostConfused
    {
        get
        {
            int most = 0;
            for (int a = 0; a < Classes; a++)
                for (int p = 0; p < Classes; p++)
                    if (a != p) most = Math.Max(most, _counts[a, p]);
            return most;
        }
    }

    private int Checked(long index, string name) => index >= 0 && index < Classes ? (int)index
        : throw new ArgumentOutOfRangeException(
            name, index, $"ConfusionMatrix: there is no class {index}; there are {Classes}, from 0 to {Classes - 1}.");

    private int Sum(Func<int, int, bool> where)
    {
        int sum = 0;
        for (int a = 0; a < Classes; a++)
            for (int p = 0; p < Classes; p++)
                if (where(a, p)) sum += _counts[a, p];
        return sum;
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
