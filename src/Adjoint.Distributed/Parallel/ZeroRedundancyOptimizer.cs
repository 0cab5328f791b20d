using Adjoint.Formats;
using Adjoint.Optim;

namespace Adjoint.Distributed;

/// <summary>
/// An optimizer each of whose ranks steps a share of the parameters and remembers what belongs to that share alone, then sends the new
/// values to the others: PyTorch's <c>ZeroRedundancyOptimizer</c> (Rajbhandari et al. 2020, stage 1).
/// </summary>
/// <remarks>
/// Adam on four ranks so keeps a quarter of its moments on each, and computes a quarter of the step. The parameters after a step are to
/// the bit those of the optimizer alone, if it steps each parameter by itself, as all of <c>Adjoint.Optim</c> but <see cref="LBFGS"/>
/// do. Schedules are made on <see cref="Optimizer"/>, on every rank.
/// </remarks>
/// <example><code>
/// using ProcessGroup world = ProcessGroup.Init();
/// var net = new DistributedDataParallel(new Linear(3, 1), world);
/// var optimizer = new ZeroRedundancyOptimizer(new Adam(net.Parameters()), world);
/// net.Call(Tensor.Ones(4, 3)).Sum().Backward();
/// optimizer.Step();
/// </code></example>
public sealed class ZeroRedundancyOptimizer
{
    // A meeting of the ranks takes as long as some kilobytes.
    private const int LeastAlone = 1 << 16;

    private readonly ProcessGroup _group;
    private ParameterShards? _shards;
    private int _parameters;
    private OptimizerState? _whole;

    /// <summary>Shares the steps of an optimizer among the ranks. All ranks call it, for the same parameters in the same order.</summary>
    /// <param name="optimizer">The optimizer of all parameters; it has not stepped yet.</param>
    /// <param name="group">The processes.</param>
    /// <exception cref="ArgumentException">It is an <see cref="LBFGS"/>, which steps all parameters as one.</exception>
    public ZeroRedundancyOptimizer(Optimizer optimizer, ProcessGroup group)
    {
        if (optimizer.Given() is LBFGS)
            throw new ArgumentException(
                "ZeroRedundancyOptimizer: LBFGS steps all parameters as one, so they cannot be shared among ranks.", nameof(optimizer));
        (Optimizer, _group) = (optimizer, group.Given().Duplicate());
    }

    /// <summary>The optimizer, whose groups and options may be changed between steps, on all ranks alike.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The parameters that this rank steps.</summary>
    public IReadOnlyList<Tensor> Shard => Shards().Of(_group.Rank);

    /// <inheritdoc cref="Optimizer.ZeroGrad"/>
    public void ZeroGrad(bool setToNone = true) => Optimizer.ZeroGrad(setToNone);

    /// <summary>Changes every parameter that has a gradient. All ranks call it.</summary>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public void Step()
    {
        if (GraphCapture.IsCapturing)
            throw new NotSupportedException("ZeroRedundancyOptimizer: its steps cannot be captured in a graph. Call the step as it is.");
        ParameterShards shards = Shards();
        List<(Tensor Parameter, Tensor Gradient)> hidden = [];
        foreach (Tensor p in All())
        {
            if (shards.OwnerOf(p) == _group.Rank || p.GradOrNull is not { } gradient) continue;
            hidden.Add((p, gradient));
            p.GradOrNull = null;
        }
        try
        {
            Optimizer.Step();
        }
        finally
        {
            foreach ((Tensor p, Tensor gradient) in hidden) p.GradOrNull = gradient;
        }
        for (int rank = 0; rank < _group.Size; rank++) Exchange(shards.Of(rank), rank);
        _whole = null;
    }

    /// <summary>
    /// Collects what all ranks remember on one of them, for <see cref="StateDict"/>. All ranks call it. PyTorch's
    /// <c>consolidate_state_dict</c>.
    /// </summary>
    /// <param name="to">The rank that gets it.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public void ConsolidateStateDict(int to = 0)
    {
        if ((uint)to >= (uint)_group.Size)
            throw new ArgumentOutOfRangeException(nameof(to), to, $"ConsolidateStateDict: to must be in [0, {_group.Size}), but is {to}.");
        OptimizerState own = Optimizer.StateDict();
        _group.Agree($"ConsolidateStateDict to rank {to}");
        var all = new Dictionary<int, IReadOnlyDictionary<string, object?>>();
        foreach ((int parameter, IReadOnlyDictionary<string, object?> memory) in own.State) all[parameter] = memory;
        for (int rank = 0; rank < _group.Size; rank++)
        {
            if (rank == to) continue;
            if (_group.Rank == rank) StateMessage.Send(_group, own.State, to);
            else if (_group.Rank == to) foreach ((int parameter, var memory) in StateMessage.Receive(_group, rank)) all[parameter] = memory;
        }
        _whole = _group.Rank == to ? own with { State = all } : null;
    }

    /// <summary>What all ranks together remember, as the optimizer alone would save it.</summary>
    /// <exception cref="InvalidOperationException"><see cref="ConsolidateStateDict"/> was not called since the last step, or collected it
    /// on another rank.</exception>
    public OptimizerState StateDict() => _whole ?? throw new InvalidOperationException(
        $"StateDict: rank {_group.Rank} has only its own share. Call ConsolidateStateDict(to: {_group.Rank}) on all ranks before, after each "
        + "step that is to be saved.");

    /// <summary>
    /// Continues from a saved state, of an optimizer alone or of any number of ranks; each rank keeps its share. All ranks call it,
    /// with the same state.
    /// </summary>
    /// <param name="state">The whole state.</param>
    /// <exception cref="ArgumentException">The numbers of groups or of parameters in a group differ; nothing is changed then.</exception>
    public void LoadStateDict(OptimizerState state)
    {
        ParameterShards shards = Shards();
        var own = new HashSet<int>();
        for (int i = 0; i < state.Given().ParamGroups.Count && i < Optimizer.ParamGroups.Count; i++)
        {
            IReadOnlyList<Tensor> parameters = Optimizer.ParamGroups[i].Parameters;
            IReadOnlyList<int> numbers = state.ParamGroups[i].Parameters;
            for (int j = 0; j < numbers.Count && j < parameters.Count; j++)
                if (shards.OwnerOf(parameters[j]) == _group.Rank) own.Add(numbers[j]);
        }
        Optimizer.LoadStateDict(state with { State = state.State.Where(entry => own.Contains(entry.Key)).ToDictionary() });
        _whole = null;
    }

    private IEnumerable<Tensor> All() => Optimizer.ParamGroups.SelectMany(group => group.Parameters);

    private ParameterShards Shards()
    {
        int count = Optimizer.ParamGroups.Sum(group => group.Parameters.Count);
        if (_shards is not null && count == _parameters) return _shards;
        if (_shards is not null)
            throw new InvalidOperationException(
                $"ZeroRedundancyOptimizer: the optimizer has {count} parameters, but had {_parameters} when they were shared among the ranks. Add "
                + "groups before the first step.");
        _parameters = count;
        return _shards = new ParameterShards(All(), _group.Size);
    }

    // Large ones are sent from where they lie, and received there; small ones together.
    private void Exchange(IReadOnlyList<Tensor> shard, int owner)
    {
        if (shard.Count == 0 || _group.Size == 1) return;
        List<Tensor> small = [];
        foreach (Tensor p in shard)
            if ((long)p.NumEl * p.DType.Size >= LeastAlone) _group.Broadcast(p, owner);
            else small.Add(p);
        if (small.Count == 0) return;
        byte[] bytes = GC.AllocateUninitializedArray<byte>(small.Sum(p => p.NumEl * p.DType.Size));
        bool isOwn = owner == _group.Rank;
        if (isOwn) TensorBytes.Pack(small, bytes);
        _group.Broadcast(bytes.AsSpan(), owner);
        if (!isOwn) TensorBytes.Unpack(bytes, small);
    }
}
