using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Training;

/// <summary>Forward, backward and, when gradients of enough batches are gathered, a step of the optimizer.</summary>
/// <param name="net">What is trained.</param>
/// <param name="optimizer">What steps.</param>
/// <param name="forward">What is computed for a batch.</param>
/// <param name="accumulate">Batches for a step.</param>
/// <param name="clipNorm">The largest norm of all gradients together.</param>
/// <param name="clipValue">The largest element of one.</param>
/// <param name="isCompiled">Whether it is captured.</param>
internal sealed class TrainingStep(Module net, Optimizer optimizer, Func<Batch, (Tensor Output, Tensor Loss)> forward, int accumulate,
    double? clipNorm, double? clipValue, bool isCompiled)
{
    private Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>? _all;
    private int _gathered;

    /// <summary>Whether gradients are gathered that no step was made with.</summary>
    public bool IsGathering => _gathered > 0;

    /// <summary>Learns a batch: what the network gave, the mean loss, and whether the optimizer stepped.</summary>
    public (Tensor Output, Tensor Loss, bool Stepped) Learn(Batch batch)
    {
        if (accumulate == 1)
        {
            _all ??= isCompiled ? Compiled.StepOfList(All).Call : All;
            IReadOnlyList<Tensor> results = _all(batch.Tensors);
            return (results[0], results[1], true);
        }
        if (_gathered == 0) optimizer.ZeroGrad();
        (Tensor output, Tensor loss) = Forward(batch);
        (loss / accumulate).Backward();
        if (++_gathered < accumulate) return (output, loss, false);
        Step();
        return (output, loss, true);
    }

    /// <summary>Steps with what is gathered of the last batches; false if nothing is.</summary>
    public bool Flush()
    {
        if (_gathered == 0) return false;
        Step();
        return true;
    }

    /// <summary>A loss that can be summed up: one number.</summary>
    public static Tensor Checked(Tensor? loss) => loss is { NumEl: 1 } ? loss
        : throw new InvalidOperationException(
            $"Trainer: the loss of a batch must be one number, but {(loss is null ? "it is null" : $"it has shape {loss.Shape}")}.");

    private IReadOnlyList<Tensor> All(IReadOnlyList<Tensor> batch)
    {
        optimizer.ZeroGrad();
        (Tensor output, Tensor loss) = Forward(new Batch([.. batch]));
        loss.Backward();
        Step();
        return [output, loss];
    }

    private (Tensor Output, Tensor Loss) Forward(Batch batch)
    {
        (Tensor output, Tensor loss) = forward(batch);
        if (output is null) throw new InvalidOperationException("Trainer: what was computed for a batch is null.");
        return (output, Checked(loss));
    }

    private void Step()
    {
        if (clipValue is { } limit) Gradients.ClipValue(net.Parameters(), limit);
        if (clipNorm is { } norm) Gradients.ClipNorm(net.Parameters(), norm);
        optimizer.Step();
        _gathered = 0;
    }
}
