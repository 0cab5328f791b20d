using System.Runtime.CompilerServices;

namespace Adjoint;

public static partial class Autograd
{
    /// <summary>
    /// f(inputs) without keeping what its operations save: the backward pass runs f again when it needs it. Trades time for memory.
    /// </summary>
    /// <remarks>
    /// PyTorch's <c>checkpoint(use_reentrant=False)</c>: works with
    /// <see cref="Grad(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, bool?, bool, bool)"/>, with <c>inputs:</c>,
    /// nested, around functions that differentiate themselves, and gives captured parameters their gradients. While tangents are carried
    /// (inside Jvp, Hvp, Hessian) f is simply called: they need at once what it computes.
    /// </remarks>
    /// <param name="f">The function; it is run twice and must do the same both times.</param>
    /// <param name="inputs">Its arguments.</param>
    /// <param name="preserveRandomState">
    /// Whether the second run draws the same random numbers, from whatever generators, so that dropout has the same mask.
    /// </param>
    [OverloadResolutionPriority(1)]      // ts => [ts[0].Sin()] with [x] would be either
    public static IReadOnlyList<Tensor> Checkpoint(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs, bool preserveRandomState = true)
    {
        f.Given();
        inputs.AllGiven();
        UserCode.CheckStack();
        return ForwardMode.Level != 0 ? f(inputs) : new CheckpointedRun(f, inputs, preserveRandomState).First();
    }

    /// <summary>f(x) for a function of one tensor, without keeping what its operations save.</summary>
    /// <inheritdoc cref="Checkpoint(Func{IReadOnlyList{Tensor}, IReadOnlyList{Tensor}}, IReadOnlyList{Tensor}, bool)"/>
    public static Tensor Checkpoint(Func<Tensor, Tensor> f, Tensor x, bool preserveRandomState = true)
    {
        f.Given();
        x.Given();
        return Checkpoint(inputs => new[] { f(inputs[0]) }, new[] { x }, preserveRandomState)[0];
    }

    /// <summary>Applies functions one after another, all but the last segment of them checkpointed.</summary>
    /// <param name="functions">The functions, such as the modules of a Sequential.</param>
    /// <param name="segments">Into how many parts to divide them.</param>
    /// <param name="x">The argument of the first.</param>
    public static Tensor CheckpointSequential(IReadOnlyList<Func<Tensor, Tensor>> functions, int segments, Tensor x)
    {
        functions.AllGiven();
        x.Given();
        ArgumentOutOfRangeException.ThrowIfLessThan(segments, 1);
        UserCode.CheckStack();
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
/// <remarks>
/// // Note [Runs of a checkpoint]
/// A function may itself run a backward pass, or carry tangents, and so read what it has just saved. So while it runs, for the
/// first time or again, what it saves is at hand; when the first run ends it is forgotten. That costs nothing at the peak, which
/// is in the second run. Both runs must save the same tensors: they have the same modes and the same random numbers.
/// </remarks>
internal sealed class CheckpointedRun
{
    private readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> _f;
    private readonly Tensor[] _inputs;
    private readonly int[] _versions;
    private readonly RandomRecord? _random;
    private readonly ModeState _modes = ModeState.Now;
    private readonly Lock _running = new();
    private readonly Dictionary<int, Place> _recomputed = [];
    private List<Place>? _atHand = [];
    private int _count;

    internal CheckpointedRun(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs, bool preserveRandomState)
    {
        _f = f;
        _inputs = [.. inputs];
        _versions = Array.ConvertAll(_inputs, x => x.ChangeCount);
        _random = preserveRandomState ? new RandomRecord() : null;
    }

    /// <summary>Whether the second run draws the random numbers of the first.</summary>
    internal bool DrawsTheSame => _random is not null;

    internal IReadOnlyList<Tensor> First()
    {
        try
        {
            return Run(_inputs, new SavedTensorHooks(Forget, Recall, this));
        }
        finally
        {
            foreach (Place place in _atHand!) place.Value = default;
            _atHand = null;
        }
    }

    private IReadOnlyList<Tensor> Run(Tensor[] inputs, SavedTensorHooks hooks)
    {
        using UserCode _ = UserCode.In(new ModeState(
            _modes.Switches | GradMode.Switch.SavedHooks, _modes.Rare with { Hooks = hooks, Draws = Here.Now.Rare.Draws }));
        return _random is null ? _f(inputs) : _random.Run(() => _f(inputs));
    }

    private object Forget(Tensor x)
    {
        // What is saved after the end, by a graph that the function left half made, has no number in the second run.
        if (_atHand is null) return x;
        var place = new Place(_count++, x);
        _atHand.Add(place);
        return place;
    }

    private Tensor Recall(object saved)
    {
        if (saved is Tensor whole) return whole;
        var at = (Place)saved;
        if (at.Value.Exists) return at.Value.Get("Checkpoint");
        lock (_running)
        {
            if (!_recomputed.ContainsKey(at.Number)) Recompute();
            if (!_recomputed.Remove(at.Number, out Place? again))
                throw new AutogradException(
                    $"Checkpoint: the function saved {_count} tensors in its first run, but fewer when it was run again; it must do the "
                    + "same both times.");
            Tensor x = again.Value.Get("Checkpoint");
            if (!x.Shape.Equals(at.Shape) || x.DType != at.DType)
                throw new AutogradException(
                    $"Checkpoint: tensor {at.Number} that the function saved had shape {at.Shape} ({at.DType}) in its first run, but "
                    + $"{x.Shape} ({x.DType}) when it was run again.");
            return x;
        }
    }

    private void Recompute()
    {
        CheckVersions();
        int number = 0;
        var hooks =
            new SavedTensorHooks(x => _recomputed[number] = new Place(number++, x), place => ((Place)place).Value.Get("Checkpoint"), this);
        int before = GraphCapture.EnterRepeat();
        try
        {
            Run(Array.ConvertAll(_inputs, x => x.Detach().RequiresGradInPlace(x.RequiresGrad)), hooks);
        }
        finally
        {
            GraphCapture.LeaveRepeat(before);
        }
    }

    // A buffer may change from call to call. A changed input with a gradient gives a gradient of something else.
    private void CheckVersions()
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            int version = _inputs[i].ChangeCount;
            if (!_inputs[i].RequiresGrad || version == _versions[i]) continue;
            throw new VersionException($"Checkpoint: input {i} (shape {_inputs[i].Shape}) was changed in place since the first run: "
                + $"it is at version {version}, but version {_versions[i]} was given. The second run would see other values. Give it a "
                + "Clone().");
        }
    }

    /// <summary>A saved tensor by its number, with its value as long as that is at hand.</summary>
    private sealed class Place(int number, Tensor x) : IPackedPlace
    {
        internal int Number { get; } = number;

        internal Shape Shape { get; } = x.Shape;

        internal DType DType { get; } = x.DType;

        internal Saved Value = Saved.Plain(x.Detach());

        public void KeepFrom(Tensor changing) => Value.KeepFrom(changing);
    }
}
