namespace Adjoint.Training;

/// <summary>How often each class was taken for which: a row for each true class, a column for each predicted one.</summary>
internal sealed class ConfusionMatrix
{
    private readonly int[,] _counts;

    /// <summary>A matrix of zeros.</summary>
    public ConfusionMatrix(int classes) => _counts = new int[classes, classes];

    /// <summary>A square matrix of counts.</summary>
    public ConfusionMatrix(int[,] counts)
    {
        if (counts.GetLength(0) != counts.GetLength(1))
            throw new ArgumentException(
                $"A confusion matrix is square, but this one is {counts.GetLength(0)}×{counts.GetLength(1)}.", nameof(counts));
        _counts = counts;
    }

    public int Classes => _counts.GetLength(0);

    public int this[int actual, int predicted] => _counts[actual, predicted];

    public int Total => Sum((_, _) => true);

    public int Correct => Sum((actual, predicted) => actual == predicted);

    /// <summary>The part of all that was right; 0 when there were none.</summary>
    public double Accuracy => Ratio(Correct, Total);

    /// <summary>The rows, for serialization.</summary>
    public int[][] Rows => [.. Enumerable.Range(0, Classes).Select(a => Enumerable.Range(0, Classes).Select(p => _counts[a, p]).ToArray())];

    /// <summary>Counts one more of class <paramref name="actual"/> that was taken for <paramref name="predicted"/>.</summary>
    public void Add(int actual, int predicted) => _counts[actual, predicted]++;

    public int OfClass(int actual) => Sum((a, _) => a == actual);

    /// <summary>The part of a class that was recognised.</summary>
    public double Recall(int actual) => Ratio(_counts[actual, actual], OfClass(actual));

    /// <summary>The part of what was taken for a class that was of it.</summary>
    public double Precision(int predicted) => Ratio(_counts[predicted, predicted], Sum((_, p) => p == predicted));

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
