using System.Globalization;

namespace Adjoint.Cli.Quest;

/// <summary>One row of the table: the step, what is written in either ritual, and the numbers that come of it.</summary>
internal sealed record NineRow(string Step, string Automatic, string AutomaticValue, string Manual, string ManualValue)
{
    /// <summary>Whether both have the same text, which reads back as the same bits.</summary>
    public bool Same => AutomaticValue == ManualValue;
}

/// <summary>One training step in nine rows, done both ways with live numbers.</summary>
internal static class NineRows
{
    public static IReadOnlyList<NineRow> Of(QuestSettings s)
    {
        // By autograd.
        Tensor w = Tensor.Scalar(s.W, requiresGrad: true), b = Tensor.Scalar(s.B, requiresGrad: true);
        var optimizer = s.MakeOptimizer([w, b]);
        (Tensor x, Tensor y) = AutomaticRitual.Data(s, 0, DType.Float32);
        Tensor yHat = w * x + b, loss = AutomaticRitual.LossOf(s.Loss, yHat, y);
        string start = Text(w, b), forward = Text(yHat), error = Text(loss);
        yHat.RetainGrad();
        loss.RetainGrad();
        loss.Backward();
        string seed = Text(loss.Grad!), gradYHat = Text(yHat.Grad!), gradW = Text(w.Grad!), gradB = Text(b.Grad!);
        optimizer.Step();
        string updated = Text(w, b);
        optimizer.ZeroGrad();
        string cleared = w.Grad is null && b.Grad is null ? "none, none" : "left";

        // By hand.
        float[] xs = x.ToArray<float>(), ys = y.ToArray<float>();
        float wm = (float)s.W, bm = (float)s.B, n = xs.Length;
        QuestStep<float> hand = ManualRitual.Train<float>(s).First();
        float[] predicted = Array.ConvertAll(xs, v => wm * v + bm);
        float[] slopes = [.. predicted.Zip(ys, (p, t) => s.Loss switch
        {
            QuestLoss.Half => p - t,
            QuestLoss.Batch => 1 / n * (2 * (p - t)),
            _ => 2 * (p - t),
        })];
        float wNew = HandOptimizer<float>.Of(s).Step(wm, hand.GradW), bNew = HandOptimizer<float>.Of(s).Step(bm, hand.GradB);

        (string lossCode, string lossFormula, string slope, string sum) = s.Loss switch
        {
            QuestLoss.Half => ("loss = (yHat - y).Square() * 0.5", "loss = ½·(yHat − y)²", "yHat − y", ""),
            QuestLoss.Batch => ("loss = (yHat - y).Square().Mean()", "loss = Σ(yHat − y)²/N", "2·(yHat − y)/N", "Σ "),
            _ => ("loss = (yHat - y).Square()", "loss = (yHat − y)²", "2·(yHat − y)", ""),
        };
        string update = s.Optimizer switch
        {
            "adam" => "w −= lr·m̂/(√v̂ + ε), b likewise",
            "momentum" => "v = μ·v + grad; w −= lr·v",
            _ => "w −= lr·gradW; b −= lr·gradB",
        };
        return
        [
            new("initialise", "Scalar(w, requiresGrad: true)", start, "float w, b", Text(wm, bm)),
            new("forward", "yHat = w * x + b", forward, "yHat = w·x + b", Text(predicted)),
            new("error", lossCode, error, lossFormula, Text(hand.Loss)),
            new("start of backprop", "loss.Backward()", seed, "dloss/dloss = 1", Text(1f)),
            new("gradient of the loss", "yHat.Grad", gradYHat, slope, Text(slopes)),
            new("gradient of the weight", "w.Grad", gradW, sum + slope + "·x", Text(hand.GradW)),
            new("gradient of the bias", "b.Grad", gradB, sum + slope, Text(hand.GradB)),
            new("update", "opt.Step()", updated, update, Text(wNew, bNew)),
            new("clean-up", "opt.ZeroGrad()", cleared, "gradW, gradB are computed anew", "none, none"),
        ];
    }

    /// <summary>The shortest text that reads back as the same number; of a long batch the first three.</summary>
    private static string Text(params float[] numbers) =>
        string.Join(", ", numbers.Take(3).Select(v => v.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e')))
        + (numbers.Length > 3 ? ", …" : "");

    private static string Text(params Tensor[] tensors) => Text([.. tensors.SelectMany(t => t.Detach().ToArray<float>())]);
}
