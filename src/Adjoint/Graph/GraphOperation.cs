namespace Adjoint;

/// <summary>Which part of a step an operation of a <see cref="Graph"/> belongs to.</summary>
public enum GraphPhase
{
    /// <summary>It computes values.</summary>
    Forward,

    /// <summary>It computes gradients, in a backward pass.</summary>
    Backward,

    /// <summary>It is the step of an optimizer.</summary>
    Update,
}

/// <summary>A line of the user's code.</summary>
/// <param name="Method">The method it is in.</param>
/// <param name="File">The file; null where the program has no symbols.</param>
/// <param name="Number">The number of the line; 0 where it is not known.</param>
public sealed record GraphLine(string Method, string? File, int Number)
{
    /// <summary>The method it is in.</summary>
    public string Method { get; init; } = Method.Given();

    /// <summary><c>Train in Program.cs:12</c>.</summary>
    public override string ToString() => File is null ? Method : $"{Method} in {Path.GetFileName(File)}:{Number}";
}

/// <summary>One operation of a <see cref="Graph"/>: what it reads and makes, and what it was told.</summary>
public sealed class GraphOperation
{
    private readonly List<GraphTensor?> _results = [];
    private readonly List<GraphValue> _changes = [];
    private readonly List<(string Name, GraphTensor Tensor)> _saved = [];
    private readonly GraphOperation? _original;

    internal GraphOperation(int index, OpCall call) => (Index, Call) = (index, call);

    private GraphOperation(GraphOperation original, GraphTensor?[] inputs) : this(original.Index, original.Call)
    {
        (_original, _results, _changes, _saved) = (original._original ?? original, original._results, original._changes, original._saved);
        (Phase, Attributes, ModulePath, GradientOf) = (original.Phase, original.Attributes, original.ModulePath, original.GradientOf);
        (Line, IsView, ViewName, Recorded, Origins) =
            (original.Line, original.IsView, original.ViewName, original.Recorded, original.Origins);
        (IsGradEnabled, KeepsByHooks, Inputs) = (original.IsGradEnabled, original.KeepsByHooks, inputs);
    }

    /// <summary>The operation with other operands that have the same elements: not one of the graph.</summary>
    internal GraphOperation Reading(GraphTensor?[] inputs) => new(this, inputs);

    /// <summary>Whether a value comes from it.</summary>
    internal bool Makes(GraphValue value) => value.MadeBy is { } by && ReferenceEquals(by, _original ?? this);

    /// <summary>Its number in <see cref="Graph.Operations"/>.</summary>
    public int Index { get; internal set; }

    /// <summary>
    /// PyTorch's name: <c>mul</c>, <c>add_</c> in place, <c>mul_backward</c> for a kernel of gradients, <c>adam_step_</c>.
    /// </summary>
    public string Name => Call.Name;

    /// <summary>Forward, backward or update.</summary>
    public GraphPhase Phase { get; internal set; }

    /// <summary>What it reads, in the order of its arguments; null for one that was left out.</summary>
    public IReadOnlyList<GraphTensor?> Inputs { get; internal init; } = [];

    /// <summary>What it gives, in order; null for what nobody asked for. In place it is the first input, as it is afterwards.</summary>
    public IReadOnlyList<GraphTensor?> Results => _results;

    /// <summary>What it computes besides its results for the backward pass, by name, such as the means of a normalization.</summary>
    public IReadOnlyList<(string Name, GraphTensor Tensor)> Saved => _saved;

    /// <summary>The values of memory that was there before and that it changes in place.</summary>
    public IReadOnlyList<GraphValue> Changes => _changes;

    /// <summary>
    /// What it was told besides tensors, by PyTorch's names. Those of an optimizer's step are its options when it was captured; a run
    /// reads them again.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Attributes { get; internal init; } = new Dictionary<string, object?>();

    /// <summary>Where in the model it is: <c>encoder.fc1</c>; empty outside of modules.</summary>
    public string ModulePath { get; internal init; } = "";

    /// <summary>
    /// For one of a backward pass: the operation whose gradient it helps to compute; null where that is none of this graph.
    /// </summary>
    public GraphOperation? GradientOf { get; internal init; }

    /// <summary>The user's line that it comes from; known if it was asked for.</summary>
    public GraphLine? Line { get; internal init; }

    /// <summary>Whether it only shows memory in another shape, and computes nothing.</summary>
    public bool IsView { get; internal set; }

    /// <summary>What the view is called.</summary>
    internal string ViewName { get; set; } = "";

    /// <summary>The call, which can be run on other tensors.</summary>
    internal OpCall Call { get; private set; }

    /// <summary>Which inputs required grad, where it was recorded.</summary>
    internal bool[] Recorded { get; init; } = [];

    /// <summary>What recording made of its inputs: what a gradient does on its way back through it.</summary>
    internal GraphOrigin[] Origins { get; init; } = [];

    /// <summary>Whether operations were recorded where it ran.</summary>
    internal bool IsGradEnabled { get; init; } = true;

    /// <summary>Whether what it saved went through hooks of the user's, which may have kept something else.</summary>
    internal bool KeepsByHooks { get; init; }

    /// <summary>The checkpoint in whose first run it ran, and that computes again what it would have saved.</summary>
    internal CheckpointedRun? RepeatedBy { get; init; }

    /// <summary>Lets go of the tensors it ran on.</summary>
    internal void Forget() => Call = Call.Bare();

    internal void AddResult(GraphTensor? result) => _results.Add(result);

    internal void AddSaved(string name, GraphTensor tensor) => _saved.Add((name, tensor));

    internal void AddChange(GraphValue value) => _changes.Add(value);

    /// <summary>The operation with its operands: <c>mul1 = mul(x, w)</c>.</summary>
    public override string ToString() => GraphPrint.Text(this);
}
