using System.Numerics;

namespace Adjoint.Cli.Quest;

/// <summary>The same neuron trained by the formulas of its gradients, in plain numbers.</summary>
internal static class ManualRitual
{
    /// <summary>One example at a time, in turn: L = (ŷ − y)², dL/dw = 2(ŷ − y)·x, dL/db = 2(ŷ − y).</summary>
    public static IEnumerable<QuestStep<T>> OneByOne<T>() where T : IBinaryFloatingPointIeee754<T> =>
        Train<T>((w, b, step) =>
        {
            (double input, double target) = QuestData.Examples[step % QuestData.Examples.Length];
            T x = N<T>(input), error = w * x + b - N<T>(target), gradB = N<T>(2) * error;
            return new QuestStep<T>(error * error, w, b, gradB * x, gradB);
        });

    /// <summary>All examples at once: the means of the above.</summary>
    public static IEnumerable<QuestStep<T>> Batch<T>() where T : IBinaryFloatingPointIeee754<T> =>
        Train<T>((w, b, _) =>
        {
            T n = N<T>(QuestData.Examples.Length), sum = T.Zero, gradW = T.Zero, gradB = T.Zero;
            foreach ((double input, double target) in QuestData.Examples)
            {
                T x = N<T>(input), error = w * x + b - N<T>(target), gradError = T.One / n * (N<T>(2) * error);
                sum += error * error;
                gradW += gradError * x;
                gradB += gradError;
            }
            return new QuestStep<T>(sum / n, w, b, gradW, gradB);
        });

    private static IEnumerable<QuestStep<T>> Train<T>(Func<T, T, int, QuestStep<T>> at) where T : IBinaryFloatingPointIeee754<T>
    {
        T w = N<T>(QuestData.W), b = N<T>(QuestData.B), lr = N<T>(QuestData.Lr);
        for (int step = 0; ; step++)
        {
            QuestStep<T> now = at(w, b, step);
            yield return now;
            w -= lr * now.GradW;
            b -= lr * now.GradB;
        }
    }

    private static T N<T>(double number) where T : INumberBase<T> => T.CreateChecked(number);
}
