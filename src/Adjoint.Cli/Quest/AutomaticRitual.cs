using System.Numerics;
using Adjoint.Optim;

namespace Adjoint.Cli.Quest;

/// <summary>The neuron trained by autograd and an optimizer.</summary>
internal static class AutomaticRitual
{
    /// <summary>One example at a time, in turn, with the squared error.</summary>
    public static IEnumerable<QuestStep<T>> OneByOne<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Train<T>((w, b, step) =>
        {
            (double x, double y) = QuestData.Examples[step % QuestData.Examples.Length];
            return (w * x + b - y).Square();
        });

    /// <summary>All examples at once, with the mean squared error.</summary>
    public static IEnumerable<QuestStep<T>> Batch<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor xs = Tensor.From([.. QuestData.Examples.Select(e => T.CreateChecked(e.X))]);
        Tensor ys = Tensor.From([.. QuestData.Examples.Select(e => T.CreateChecked(e.Y))]);
        return Train<T>((w, b, _) => (w * xs + b - ys).Square().Mean());
    }

    private static IEnumerable<QuestStep<T>> Train<T>(Func<Tensor, Tensor, int, Tensor> lossOf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        DType dtype = typeof(T) == typeof(float) ? DType.Float32 : DType.Float64;
        Tensor w = Tensor.Scalar(QuestData.W, dtype, requiresGrad: true), b = Tensor.Scalar(QuestData.B, dtype, requiresGrad: true);
        var optimizer = new SGD([w, b], QuestData.Lr);
        for (int step = 0; ; step++)
        {
            Tensor loss = lossOf(w, b, step);
            loss.Backward();
            yield return new QuestStep<T>(loss.Item<T>(), w.Item<T>(), b.Item<T>(), w.Grad!.Item<T>(), b.Grad!.Item<T>());
            optimizer.Step();
            optimizer.ZeroGrad();
        }
    }
}
