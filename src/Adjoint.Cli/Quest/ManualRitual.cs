using System.Numerics;

namespace Adjoint.Cli.Quest;

/// <summary>The same neuron trained by the formulas of its gradients, in plain numbers.</summary>
internal static class ManualRitual
{
    /// <summary>Step after step, without end.</summary>
    public static IEnumerable<QuestStep<T>> Train<T>(QuestSettings settings) where T : IBinaryFloatingPointIeee754<T>
    {
        T w = N<T>(settings.W), b = N<T>(settings.B);
        HandOptimizer<T> stepW = HandOptimizer<T>.Of(settings), stepB = HandOptimizer<T>.Of(settings);
        for (int step = 0; ; step++)
        {
            QuestStep<T> now = settings.Loss switch
            {
                QuestLoss.Batch => Batch(settings, w, b),
                QuestLoss.Half => Half(Example(settings, step), w, b),
                _ => Whole(Example(settings, step), w, b),
            };
            yield return now;
            w = stepW.Step(w, now.GradW);
            b = stepB.Step(b, now.GradB);
        }

        (T, T) Example(QuestSettings of, int step)
        {
            (double x, double y) = of.Examples[step % of.Examples.Count];
            return (N<T>(x), N<T>(y));
        }
    }

    /// <summary>L = (ŷ − y)², dL/dw = 2(ŷ − y)·x, dL/db = 2(ŷ − y).</summary>
    private static QuestStep<T> Whole<T>((T X, T Y) example, T w, T b) where T : IBinaryFloatingPointIeee754<T>
    {
        T error = w * example.X + b - example.Y, gradB = N<T>(2) * error;
        return new QuestStep<T>(error * error, w, b, gradB * example.X, gradB);
    }

    /// <summary>L = ½(ŷ − y)², dL/dw = (ŷ − y)·x, dL/db = ŷ − y: the 2 is gone.</summary>
    private static QuestStep<T> Half<T>((T X, T Y) example, T w, T b) where T : IBinaryFloatingPointIeee754<T>
    {
        T error = w * example.X + b - example.Y;
        return new QuestStep<T>(error * error * N<T>(0.5), w, b, error * example.X, error);
    }

    /// <summary>All examples at once: the means of the above.</summary>
    private static QuestStep<T> Batch<T>(QuestSettings settings, T w, T b) where T : IBinaryFloatingPointIeee754<T>
    {
        T n = N<T>(settings.Examples.Count), sum = T.Zero, gradW = T.Zero, gradB = T.Zero;
        foreach ((double input, double target) in settings.Examples)
        {
            T x = N<T>(input), error = w * x + b - N<T>(target), gradError = T.One / n * (N<T>(2) * error);
            sum += error * error;
            gradW += gradError * x;
            gradB += gradError;
        }
        return new QuestStep<T>(sum / n, w, b, gradW, gradB);
    }

    private static T N<T>(double number) where T : INumberBase<T> => T.CreateChecked(number);
}
