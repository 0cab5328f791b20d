namespace Adjoint;

public static partial class Autograd
{
    /// <summary>
    /// f(inputs) without keeping what its operations save: the backward pass runs f again when it needs it. Trades time for memory.
    /// </summary>
    /// <remarks>
    /// PyTorch's <c>checkpoint(use_reentrant=False)</c>: works with <see cref="Grad(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, bool?, bool, bool)"/>,
    /// with <c>inputs:</c>, nested, and gives captured parameters their gradients.
    /// </remarks>
    /// <param name="f">The function; it is run twice and must do the same both times.</param>
    /// <param name="inputs">Its arguments.</param>
    /// <param name="preserveRandomState">Whether the second run draws the same random numbers, so that dropout has the same mask.</param>
    public static IReadOnlyList<Tensor> Checkpoint(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs, bool preserveRandomState = true)
    {
        ArgumentNullException.ThrowIfNull(f);
        var run = new CheckpointedRun(f, inputs, preserveRandomState);
        using SavedTensorsScope _ = SavedTensorsHooks(run.Forget, run.Recall);
        return f(inputs);
    }

    /// <summary>f(x) for a function of one tensor, without keeping what its operations save.</summary>
    /// <inheritdoc cref="Checkpoint(Func{IReadOnlyList{Tensor}, IReadOnlyList{Tensor}}, IReadOnlyList{Tensor}, bool)"/>
    public static Tensor Checkpoint(Func<Tensor, Tensor> f, Tensor x, bool preserveRandomState = true) =>
        Checkpoint(inputs => new[] { f(inputs[0]) }, new[] { x }, preserveRandomState)[0];

    /// <summary>Applies functions one after another, all but the last segment of them checkpointed.</summary>
    /// <param name="functions">The functions, such as the modules of a Sequential.</param>
    /// <param name="segments">Into how many parts to divide them.</param>
    /// <param name="x">The argument of the first.</param>
    public static Tensor CheckpointSequential(IReadOnlyList<Func<Tensor, Tensor>> functions, int segments, Tensor x)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segments, 1);
        int size = Math.Max(functions.Count / segments, 1);
        int start = 0;
        for (int segment = 0; segment < segments - 1 && start + size <= functions.Count; segment++, start += size)
        {
            int first = start;
            x = Checkpoint(input => Run(functions, first, first + size, input), x);
        }
        return Run(functions, start, functions.Count, x);

        static Tensor Run(IReadOnlyList<Func<Tensor, Tensor>> functions, int from, int to, Tensor x)
        {
            for (int i = from; i < to; i++) x = functions[i](x);
            return x;
        }
    }
}

/// <summary>
/// A checkpointed call: each tensor its operations would save is only numbered; when the first is needed, the function is run
/// again and all are kept, in the same order, until they are used.
/// </summary>
internal sealed class CheckpointedRun
{
    private readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> _f;
    private readonly Tensor[] _inputs;
    private readonly int[] _versions;
    private readonly byte[]? _randomState;
    private readonly Lock _running = new();
    private readonly Dictionary<int, Tensor> _recomputed = [];
    private int _count;

    internal CheckpointedRun(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs, bool preserveRandomState)
    {
        _f = f;
        _inputs = [.. inputs];
        _versions = Array.ConvertAll(_inputs, x => x.ChangeCount);
        _randomState = preserveRandomState ? Rng.GetState() : null;
    }

    internal object Forget(Tensor x) => new Place(_count++, x.Shape, x.DType);

    internal Tensor Recall(object place)
    {
        var at = (Place)place;
        lock (_running)
        {
            if (!_recomputed.ContainsKey(at.Number)) Recompute();
            if (!_recomputed.Remove(at.Number, out Tensor? x))
                throw new AutogradException($"Checkpoint: the function saved {_count} tensors in its first run, but fewer when it was run again; it must do the same both times.");
            if (!x.Shape.Equals(at.Shape) || x.DType != at.DType)
                throw new AutogradException($"Checkpoint: tensor {at.Number} that the function saved had shape {at.Shape} ({at.DType}) in its first run, but {x.Shape} ({x.DType}) when it was run again.");
            return x;
        }
    }

    private void Recompute()
    {
        CheckVersions();
        int number = 0;
        byte[]? before = _randomState is null ? null : Rng.GetState();
        if (_randomState is not null) Rng.SetState(_randomState);
        try
        {
            using GradScope grad = Autograd.InferenceMode(false);
            using SavedTensorsScope hooks = Autograd.SavedTensorsHooks(
                x =>
                {
                    _recomputed[number] = x.Detach();
                    return number++;
                },
                _ => throw new AutogradException("Checkpoint: the graph of the second run is not meant to be run backward."));
            _f(Array.ConvertAll(_inputs, x => x.Detach().RequiresGradInPlace(x.RequiresGrad)));
        }
        finally
        {
            if (before is not null) Rng.SetState(before);
        }
    }

    // A buffer may change from call to call. A changed input with a gradient gives a gradient of something else.
    private void CheckVersions()
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            int version = _inputs[i].ChangeCount;
            if (!_inputs[i].RequiresGrad || version == _versions[i]) continue;
            throw new VersionException($"Checkpoint: input {i} (shape {_inputs[i].Shape}) was changed in place since the first run: " +
                $"it is at version {version}, but version {_versions[i]} was given. The second run would see other values. Give it a Clone().");
        }
    }

    private sealed record Place(int Number, Shape Shape, DType DType);
}
