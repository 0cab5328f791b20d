namespace Adjoint.Training;

/// <summary>
/// The area under the receiver operating characteristic: the probability that an example of class 1 has a higher score than one of
/// class 0, where equal scores count half. It keeps all scores until <see cref="Reset"/>.
/// </summary>
public sealed class Auc : Metric, IStateful
{
    private readonly List<(double Score, bool IsOne)> _scores = [];

    /// <inheritdoc/>
    public override string Name => "auc";

    /// <summary>The area, from 0 to 1; NaN where one of the classes did not come.</summary>
    public override double Value
    {
        get
        {
            long ones = _scores.Count(s => s.IsOne), zeros = _scores.Count - ones;
            if (ones == 0 || zeros == 0) return double.NaN;
            (double Score, bool IsOne)[] sorted = [.. _scores.OrderBy(s => s.Score)];
            double below = 0, pairs = 0;
            for (int i = 0; i < sorted.Length;)
            {
                int end = i;
                long onesHere = 0;
                for (; end < sorted.Length && sorted[end].Score == sorted[i].Score; end++) onesHere += sorted[end].IsOne ? 1 : 0;
                long zerosHere = end - i - onesHere;
                pairs += onesHere * (below + zerosHere / 2.0);
                below += zerosHere;
                i = end;
            }
            return pairs / ((double)ones * zeros);
        }
    }

    /// <inheritdoc/>
    public override void Reset() => _scores.Clear();

    /// <summary>The scores that were added, and their classes.</summary>
    public IReadOnlyDictionary<string, object?> StateDict() => new OrderedDictionary<string, object?>
    {
        ["scores"] = Tensor.From([.. _scores.Select(s => s.Score)]),
        ["classes"] = Tensor.From([.. _scores.Select(s => s.IsOne ? 1L : 0)]),
    };

    /// <summary>Goes on from what <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">It does not fit; nothing is changed then.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        if (!state.Given().TryGetValue("scores", out object? saved) || saved is not Tensor { NDim: 1 } scores
            || scores.DType != DTypes.Of<double>()
            || !state.TryGetValue("classes", out object? kinds) || kinds is not Tensor { NDim: 1 } classes
            || classes.DType != DTypes.Of<long>()
            || classes.NumEl != scores.NumEl)
            throw new ArgumentException("Auc: the state has no \"scores\" with \"classes\".", nameof(state));
        _scores.Clear();
        _scores.AddRange(scores.ToArray<double>().Zip(classes.ToArray<long>(), (score, kind) => (score, kind == 1)));
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="output">Scores of class 1, [n] or [n, 1], logits or probabilities; or of both classes, [n, 2].</param>
    /// <param name="target">Classes 0 and 1, [n] or [n, 1], of any dtype.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">There is another class, or a score is NaN.</exception>
    public override void Add(Tensor output, Tensor target)
    {
        output.Given();
        target.Given();
        int n = target.NumEl;
        bool isPair = output.NDim == 2 && output.Shape[1] == 2;
        if (target.NDim is < 1 or > 2 || target.Shape[0] != n || output.NDim is < 1 or > 2 || output.NumEl != (isPair ? 2 * n : n))
            throw new ShapeException(
                $"Auc: the output must have a score or two for each of the targets, but they are {output.Shape} and {target.Shape}.");
        double[] scores = output.To(DType.Float64).ToArray<double>(), classes = target.To(DType.Float64).ToArray<double>();
        var added = new List<(double, bool)>(n);
        for (int i = 0; i < n; i++)
        {
            double score = isPair ? scores[2 * i + 1] - scores[2 * i] : scores[i];
            if (double.IsNaN(score)) throw new ArgumentException($"Auc: score {i} is NaN.", nameof(output));
            if (classes[i] is not (0 or 1))
                throw new ArgumentException($"Auc: the classes are 0 and 1, but target {i} is {classes[i]}.", nameof(target));
            added.Add((score, classes[i] == 1));
        }
        _scores.AddRange(added);
    }
}
