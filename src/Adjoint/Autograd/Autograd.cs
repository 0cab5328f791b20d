using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>Backward passes and the modes of recording.</summary>
public static partial class Autograd
{
    /// <summary>Whether operations on tensors that require grad are recorded in this thread.</summary>
    public static bool IsGradEnabled => GradMode.IsEnabled;

    /// <summary>Whether inference mode is on in this thread.</summary>
    public static bool IsInferenceModeEnabled => GradMode.IsInference;

    /// <summary>Whether anomaly detection is on in this thread.</summary>
    public static bool IsAnomalyEnabled => Anomaly.IsEnabled;

    /// <summary>Records nothing until the end of the <c>using</c> block: for evaluation and for changing parameters by hand.</summary>
    public static GradScope NoGrad() => new(enabled: false);

    /// <summary>
    /// Records again, inside <see cref="NoGrad"/>; not inside <see cref="InferenceMode"/>, which ends with InferenceMode(false).
    /// </summary>
    public static GradScope EnableGrad() => new(enabled: true);

    /// <summary>
    /// Sets at once whether to record; the mode from before comes back at the end of a <c>using</c> block, if there is one.
    /// </summary>
    public static GradScope SetGradEnabled(bool enabled) => new(enabled);

    /// <summary>
    /// Records nothing, and what is made is never part of a graph: it keeps no version, and cannot be saved for backward.
    /// With false, ends the mode inside its block.
    /// </summary>
    public static GradScope InferenceMode(bool enabled = true) => new(!enabled, enabled);

    /// <summary>
    /// Until the end of the <c>using</c> block nodes remember the forward call that recorded them, and a backward pass that makes
    /// a NaN or fails throws an <see cref="AnomalyException"/> that shows it. Slow: for finding errors.
    /// </summary>
    /// <param name="checkNan">Whether to look for NaN, or only to remember the calls.</param>
    public static AnomalyScope DetectAnomaly(bool checkNan = true) => new(true, checkNan);

    /// <summary>Switches anomaly detection on or off, until the end of a <c>using</c> block if there is one.</summary>
    public static AnomalyScope SetDetectAnomaly(bool enabled, bool checkNan = true) => new(enabled, checkNan);

    /// <summary>
    /// Until the end of the <c>using</c> block each tensor saved for backward is passed through <paramref name="pack"/>, and what
    /// that returns is kept instead; <paramref name="unpack"/> must give an equal tensor at each use.
    /// </summary>
    public static SavedTensorsScope SavedTensorsHooks(Func<Tensor, object> pack, Func<object, Tensor> unpack)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(unpack);
        return new SavedTensorsScope(new SavedTensorHooks(pack, unpack));
    }

    /// <summary>
    /// The gradients of <paramref name="outputs"/> with respect to <paramref name="inputs"/>, returned in the order of the inputs
    /// instead of being added to any <see cref="Tensor.Grad"/>. Several outputs count as their sum.
    /// </summary>
    /// <param name="outputs">What to differentiate.</param>
    /// <param name="inputs">With respect to what; they need not be leaves.</param>
    /// <param name="gradOutputs">A gradient for each output; may be left out for outputs of one element.</param>
    /// <param name="retainGraph">Keep the graph to run it again; by default as <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the computation, for derivatives of derivatives.</param>
    /// <param name="allowUnused">Give null for an input the outputs do not depend on, instead of an error.</param>
    /// <exception cref="AutogradException">An output has no history, an input does not require grad or was not used, or the graph was
    /// freed.</exception>
    [OverloadResolutionPriority(2)] // [y] is a list of tensors here, not a tensor literal
    public static Tensor?[] Grad(
        IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor?>? gradOutputs = null,
        bool? retainGraph = null, bool createGraph = false, bool allowUnused = false)
    {
        outputs.AllGiven();
        inputs.AllGiven();
        if (inputs.Count == 0) throw new ArgumentException("Grad: needs at least one input.", nameof(inputs));
        BackwardSeeds seeds = BackwardSeeds.Of(outputs, gradOutputs, createGraph);
        var edges = new Edge[inputs.Count];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = inputs[i].GradientEdge;
            if (edges[i].Node is null)
                throw new NoHistoryException(
                    $"Grad: input {i} (shape {inputs[i].Shape}) does not require grad. Make it with requiresGrad: true before it is used.");
        }
        var targets = new BackwardTargets(edges, seeds.Roots, accumulates: false);
        Engine.Run(seeds.Roots, seeds.Gradients, retainGraph ?? createGraph, createGraph, targets);

        for (int i = 0; i < edges.Length; i++)
        {
            if (targets.Gradients[i] is null && !allowUnused)
                throw new AutogradException(
                    $"Grad: the outputs do not depend on input {i} (shape {inputs[i].Shape}). Pass allowUnused: true to get null for it.");
        }
        return targets.Gradients;
    }

    /// <summary>The gradient of one output with respect to one input.</summary>
    /// <inheritdoc cref="Grad(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, bool?, bool, bool)"/>
    public static Tensor Grad(Tensor output, Tensor input, Tensor? gradOutput = null, bool? retainGraph = null, bool createGraph = false) =>
        Grad(new[] { output.Given() }, new[] { input.Given() }, new[] { gradOutput }, retainGraph, createGraph)[0]!;

    /// <summary>
    /// A backward pass from several tensors at once, whose contributions add up in the leaves' <see cref="Tensor.Grad"/>.
    /// </summary>
    /// <param name="tensors">Where to start.</param>
    /// <param name="gradTensors">The gradient of each; may be left out for tensors of one element.</param>
    /// <param name="retainGraph">Keep the graph to run it again; by default as <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the pass itself, for derivatives of derivatives.</param>
    /// <param name="inputs">The only tensors to give gradients to; by default all leaves.</param>
    /// <exception cref="AutogradException">A tensor has no history, is no scalar and has no gradient given, or the graph was
    /// freed.</exception>
    public static void Backward(
        IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor?>? gradTensors = null,
        bool? retainGraph = null, bool createGraph = false, IReadOnlyList<Tensor>? inputs = null)
    {
        tensors.AllGiven();
        inputs?.AllGiven();
        if (inputs is { Count: 0 })
            throw new ArgumentException("Backward: the inputs must not be an empty list; leave them out for all leaves.", nameof(inputs));
        BackwardSeeds seeds = BackwardSeeds.Of(tensors, gradTensors, createGraph);
        if (inputs is null)
        {
            Engine.Run(seeds.Roots, seeds.Gradients, retainGraph ?? createGraph, createGraph, null);
            return;
        }

        var edges = new Edge[inputs.Count];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = inputs[i].GradientEdge;
            if (edges[i].Node is null)
                throw new NoHistoryException($"Backward: input {i} (shape {inputs[i].Shape}) does not require grad.");
        }
        foreach (Tensor input in inputs) input.RetainGrad();
        Engine.Run(seeds.Roots, seeds.Gradients, retainGraph ?? createGraph, createGraph,
            new BackwardTargets(edges, seeds.Roots, accumulates: true));
    }
}
