namespace Adjoint;

/// <summary>
/// What a node of an operation with a rule of its own keeps and does: the operation with what it saved, as one struct.
/// </summary>
/// <remarks>It is made only where the operation is recorded or carries tangents, because making it saves.</remarks>
internal interface IRule
{
    /// <summary>PyTorch's name of the node: <c>MmBackward0</c>.</summary>
    string NodeName { get; }

    /// <summary>How many results the operation has.</summary>
    int Results { get; }

    /// <summary>
    /// Whether the rule runs code of the user's: then also where no gradient arrived at all, and what it gets and gives may be kept.
    /// </summary>
    static virtual bool RunsUserCode => false;

    /// <summary>The gradients of the inputs, from those of the results (null stands for zero).</summary>
    /// <param name="node">The node, for what it saved.</param>
    /// <param name="g">The gradients of the results; at least one is there, unless the rule runs code of the user's.</param>
    /// <param name="wanted">Which gradients are of use; others may be left out.</param>
    /// <param name="dx">Where they go.</param>
    void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx);

    /// <summary>The tangents of the results, from those of the inputs (null stands for zero).</summary>
    void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy);

    /// <summary>Shows what was saved, and the operation's attributes.</summary>
    void Show(SavedValues to)
    {
    }

    /// <summary>Lets go of what was saved.</summary>
    void Free()
    {
    }

    /// <summary>Copies operands that show the same elements as a tensor which the result is about to overwrite.</summary>
    void KeepFrom(Tensor changing)
    {
    }
}

/// <summary>Which inputs of a node want a gradient.</summary>
internal readonly ref struct Wanted(Node node, Engine? run)
{
    /// <summary>Whether that of input <paramref name="index"/> goes anywhere.</summary>
    internal bool this[int index] => node.InputEdge(index) is { Node: not null } edge && (run is null || run.Needs(edge));
}

/// <summary>The node of every operation with a rule of its own, with any number of inputs and results.</summary>
internal sealed class RuleNode<TRule> : Node where TRule : struct, IRule
{
    private readonly Edge[] _inputs;
    private TRule _rule;
    private bool _isFreed;

    internal RuleNode(Here here, TRule rule, params ReadOnlySpan<Tensor?> inputs)
    {
        _rule = rule;
        if (rule.Results != 1) Claim = Engine.Nobody;
        _inputs = new Edge[inputs.Length];
        Node? newest = null;
        for (int i = 0; i < inputs.Length; i++)
        {
            Edge edge = inputs[i] is { } x ? x.GradientEdge : default;
            _inputs[i] = edge;
            if (edge.Node is { } node && (newest is null || node.Sequence > newest.Sequence)) newest = node;
        }
        Stamp(here, newest);
    }

    public override string Name => _rule.NodeName;

    public override IReadOnlyDictionary<string, object?> Saved
    {
        get
        {
            var saved = new SavedValues(this);
            _rule.Show(saved);
            return saved.All;
        }
    }

    internal override int OutputCount => _rule.Results;

    internal override int InputCount => _inputs.Length;

    internal override Edge InputEdge(int index) => _inputs[index];

    internal override Tensor?[] Apply(Tensor?[] gradients) => Gradients(gradients, null);

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        var results = new Tensor?[_rule.Results];
        if (Array.Exists(tangents, t => t is not null)) _rule.Jvp(this, tangents, results);
        return results;
    }

    internal override void Propagate(Engine run)
    {
        Tensor?[] gradients = run.Take(this);
        run.Deliver(this, gradients, Gradients(gradients, run), TRule.RunsUserCode);
    }

    internal override void ReleaseSaved()
    {
        _rule.Free();
        _isFreed = true;
    }

    internal override bool HoldsSaved => !_isFreed;

    internal override void KeepOperands(Tensor changing) => _rule.KeepFrom(changing);

    private Tensor?[] Gradients(Tensor?[] gradients, Engine? run)
    {
        var results = new Tensor?[_inputs.Length];
        if (TRule.RunsUserCode || Array.Exists(gradients, g => g is not null))
            _rule.Vjp(this, gradients, new Wanted(this, run), results);
        return results;
    }
}
