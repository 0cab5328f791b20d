using System.Numerics;
using Adjoint.Optim;

namespace Adjoint.Cli.Quest;

/// <summary>The neuron trained by autograd and an optimizer.</summary>
internal static class AutomaticRitual
{
    /// <summary>Step after step, without end.</summary>
    public static IEnumerable<QuestStep<T>> Train<T>(QuestSettings settings) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DType dtype = DTypes.Of<T>();
        Tensor w = Tensor.Scalar(settings.W, dtype, requiresGrad: true), b = Tensor.Scalar(settings.B, dtype, requiresGrad: true);
        Optimizer optimizer = settings.MakeOptimizer([w, b]);
        for (int step = 0; ; step++)
        {
            (Tensor x, Tensor y) = Data(settings, step, dtype);
            Tensor loss = LossOf(settings.Loss, w * x + b, y);
            loss.Backward();
            yield return new QuestStep<T>(loss.Item<T>(), w.Item<T>(), b.Item<T>(), w.Grad!.Item<T>(), b.Grad!.Item<T>());
            optimizer.Step();
            optimizer.ZeroGrad();
        }
    }

    /// <summary>The loss of a prediction.</summary>
    public static Tensor LossOf(QuestLoss loss, Tensor yHat, Tensor y) => loss switch
    {
        QuestLoss.Half => (yHat - y).Square() * 0.5,
        QuestLoss.Batch => (yHat - y).Square().Mean(),
        _ => (yHat - y).Square(),
    };

    /// <summary>What a step sees: one example, a number each, or all, a vector each.</summary>
    public static (Tensor X, Tensor Y) Data(QuestSettings settings, int step, DType dtype)
    {
        if (settings.Loss == QuestLoss.Batch)
        {
            double[] xs = [.. settings.Examples.Select(e => e.X)], ys = [.. settings.Examples.Select(e => e.Y)];
            return (Tensor.From(xs).To(dtype), Tensor.From(ys).To(dtype));
        }
        (double x, double y) = settings.Examples[step % settings.Examples.Count];
        return (Tensor.Scalar(x, dtype), Tensor.Scalar(y, dtype));
    }
}
