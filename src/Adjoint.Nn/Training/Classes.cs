namespace Adjoint.Training;

/// <summary>What scores say about classes.</summary>
internal static class Classes
{
    /// <summary>The class with the highest score, the first of equals.</summary>
    public static int Best(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        return best;
    }

    /// <summary>The probability that the softmax of the scores gives to one class.</summary>
    public static double Probability(ReadOnlySpan<float> scores, int of)
    {
        double sum = 0;
        foreach (float score in scores) sum += Math.Exp((double)score - scores[of]);
        return 1 / sum;
    }

    /// <summary>
    /// For how many rows of <paramref name="scores"/> [n, classes] the best class is that of <paramref name="labels"/> [n].
    /// </summary>
    public static int CountCorrect(Tensor scores, Tensor labels)
    {
        ReadOnlySpan<float> rows = scores.ToArray<float>();
        ReadOnlySpan<long> expected = labels.ToArray<long>();
        int classes = scores.Shape[1], correct = 0;
        for (int i = 0; i < expected.Length; i++)
            if (Best(rows.Slice(i * classes, classes)) == expected[i]) correct++;
        return correct;
    }
}
