namespace Adjoint.Cli.Quest;

/// <summary>What one writes in either ritual, as code.</summary>
internal static class RitualCode
{
    public static string Automatic(QuestSettings s)
    {
        string optimizer = s.Optimizer switch
        {
            "adam" => "Adam([w, b], lr)",
            "momentum" => "SGD([w, b], lr, momentum: 0.9)",
            _ => "SGD([w, b], lr)",
        };
        string loss = s.Loss switch { QuestLoss.Half => ".Square() * 0.5", QuestLoss.Batch => ".Square().Mean()", _ => ".Square()" };
        return $"""
            var opt = new {optimizer};
            for (…)
            {"{"}
                Tensor yHat = w * x + b;
                Tensor loss = (yHat - y){loss};
                loss.Backward();
                opt.Step();
                opt.ZeroGrad();
            {"}"}
            """;
    }

    public static string Manual(QuestSettings s)
    {
        string[] gradients = s.Loss switch
        {
            QuestLoss.Half => ["float error = w * x + b - y;", "float gradW = error * x;", "float gradB = error;"],
            QuestLoss.Batch =>
            [
                "float gradW = 0, gradB = 0;", "foreach (var (x, y) in batch)", "{", "    float e = 1f / N * (2 * (w * x + b - y));",
                "    gradW += e * x;", "    gradB += e;", "}",
            ],
            _ => ["float error = w * x + b - y;", "float gradW = 2 * error * x;", "float gradB = 2 * error;"],
        };
        string[] update = s.Optimizer switch
        {
            "adam" =>
            [
                "m = 0.9f * m + 0.1f * grad;", "v = 0.999f * v + 0.001f * grad * grad;",
                "w -= lr / (1 - 0.9ᵗ) * m / (√v / √(1 - 0.999ᵗ) + 1e-8f);  // b likewise",
            ],
            "momentum" => ["v = 0.9f * v + gradW;  // at first v = gradW", "w -= lr * v;  // b likewise"],
            _ => ["w -= lr * gradW;", "b -= lr * gradB;"],
        };
        return string.Join("\n", ["for (…)", "{", .. gradients.Concat(update).Select(line => "    " + line), "}"]);
    }
}
