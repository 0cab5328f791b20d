namespace Adjoint.Training;

/// <summary>
/// The part of the examples whose class has the highest score, or one of the highest. Of outputs of scores [n, classes], or of predicted
/// classes, Int64 [n].
/// </summary>
/// <param name="top">Among how many of the highest scores the class must be; at least 1.</param>
public sealed class Accuracy(int top = 1) : Metric, IStateful
{
    private readonly int _top = top.AtLeast(1);
    private long _correct, _all;

    /// <summary><c>accuracy</c>, or <c>accuracy@5</c> for the five highest.</summary>
    public override string Name => _top == 1 ? "accuracy" : $"accuracy@{_top}";

    /// <inheritdoc/>
    public override double Value => _all == 0 ? double.NaN : (double)_correct / _all;

    /// <inheritdoc/>
    public override void Reset() => (_correct, _all) = (0, 0);

    /// <summary>What was counted.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() =>
        new OrderedDictionary<string, object?> { ["correct"] = _correct, ["all"] = _all };

    /// <summary>Goes on counting from what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">It does not fit; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state) => (_correct, _all) =
        (States.Whole(state.Given(), "correct", nameof(Accuracy)), States.Whole(state, "all", nameof(Accuracy)));

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public override void Add(Tensor output, Tensor target)
    {
        (long[] predicted, long[] actual) = Predictions.Of(nameof(Accuracy), output.Given(), target.Given());
        _all += actual.Length;
        if (_top == 1 || output.NDim == 1)
        {
            for (int i = 0; i < actual.Length; i++)
                if (predicted[i] == actual[i]) _correct++;
            return;
        }
        float[] rows = output.To(DType.Float32).ToArray<float>();
        int classes = output.Shape[1];
        for (int i = 0; i < actual.Length; i++)
        {
            if (actual[i] < 0 || actual[i] >= classes) continue;
            ReadOnlySpan<float> row = rows.AsSpan(i * classes, classes);
            int above = 0;
            for (int c = 0; c < classes; c++)
                if (row[c] > row[(int)actual[i]] || (row[c] == row[(int)actual[i]] && c < actual[i])) above++;
            if (above < _top) _correct++;
        }
    }
}
