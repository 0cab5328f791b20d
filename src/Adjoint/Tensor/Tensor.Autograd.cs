using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    [Flags]
    internal enum Flags : byte { None = 0, RequiresGrad = 1, RetainsGrad = 2, Inference = 4, Number = 8, Owned = 16, Unseen = 32 }

    private Flags _flags;
    private Node? _node;
    private TensorExtras? _extras;

    /// <summary>Whether gradients are wanted: set on a leaf by the user, true of everything computed from such a leaf.</summary>
    /// <exception cref="AutogradException">Set to false on a tensor that was computed; use <see cref="Detach"/>.</exception>
    /// <exception cref="DTypeException">Set to true on a tensor that is not of floating point.</exception>
    public bool RequiresGrad
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _extras is not ViewInfo view ? (_flags & Flags.RequiresGrad) != 0 : RequiresGradAsView(view);
        set
        {
            if (value && !DType.IsFloatingPoint)
                throw new DTypeException(
                    $"Only tensors of floating point can require gradients, but this one is {DType}. Convert it with To(DType.Float32).");
            if (!IsLeaf)
            {
                if (value) return;
                throw new AutogradException(
                    "RequiresGrad can be switched off only on leaves. Use Detach() for a tensor without the history.");
            }
            if (value && IsInference && !GradMode.IsInference)
                throw new AutogradException(
                    "An inference tensor cannot require grad outside inference mode. Clone() it first to get a normal tensor.");
            if (GraphCapture.IsAnywhere) GraphCapture.NoteHistory(this);
            if (value != ((_flags & Flags.RequiresGrad) != 0)) Structure.Change();
            // What gradients are wanted for is a tensor with a dtype of its own, no longer a number.
            _flags = value ? (_flags | Flags.RequiresGrad) & ~Flags.Number : _flags & ~Flags.RequiresGrad;
        }
    }

    private bool RequiresGradAsView(ViewInfo view)
    {
        RefreshView(view);
        // As in PyTorch, a view made inside NoGrad() has no history, and yet requires grad when its base does.
        return ((_flags | view.Base._flags) & Flags.RequiresGrad) != 0;
    }

    /// <summary>The node that computed this tensor, or null for a leaf.</summary>
    public Node? GradFn
    {
        get
        {
            if (_extras is ViewInfo view)
            {
                RefreshView(view);
                CheckHistory();
            }
            return IsLeaf ? null : _node;
        }
    }

    /// <summary>
    /// Whether it was not computed from tensors that require grad: made by the user, or the result of unrecorded operations.
    /// </summary>
    public bool IsLeaf
    {
        get
        {
            if (_extras is ViewInfo view) RefreshView(view);
            return _node is null or AccumulateGrad;
        }
    }

    /// <summary>Which output of <see cref="GradFn"/> this tensor is.</summary>
    public int OutputNr => _extras is { } extras ? extras.OutputNr : 0;

    /// <summary>Whether it was made in inference mode and so can never be part of a graph.</summary>
    public bool IsInference => (_flags & Flags.Inference) != 0;

    /// <summary>Whether a non-leaf keeps its gradient, as asked for by <see cref="RetainGrad"/>.</summary>
    public bool RetainsGrad => (_flags & Flags.RetainsGrad) != 0;

    /// <summary>
    /// The gradients that backward passes have added up for this leaf (or for a tensor that retains its gradient);
    /// null as long as none arrived.
    /// </summary>
    /// <exception cref="ShapeException">Assigned a tensor of another shape.</exception>
    /// <exception cref="DTypeException">Assigned a tensor of another dtype.</exception>
    /// <exception cref="AutogradException">Assigned the tensor itself.</exception>
    public Tensor? Grad
    {
        get
        {
            // Given back meanwhile by a ZeroGrad of the thread that computed it: then there is another, or none.
            if (GraphCapture.IsAnywhere) GraphCapture.NoteRead(this);
            if (_extras is not { } extras) return null;
            extras.Grad?.HandOut();
            for (Tensor? grad = extras.Grad; ; grad = Volatile.Read(ref extras.Grad))
                if (grad?._storage is not { } storage || storage.TryShare() || ReferenceEquals(grad, Volatile.Read(ref extras.Grad)))
                    return grad;
        }
        set
        {
            if (ReferenceEquals(value, this))
                throw new AutogradException("Grad: a tensor cannot be its own gradient. Assign a Clone() or Detach() of it.");
            if (value is not null && !value.Shape.Equals(Shape))
                throw new ShapeException($"Grad: a gradient of shape {value.Shape} was assigned to a tensor of shape {Shape}.");
            if (value is not null && value.DType != DType)
                throw new DTypeException($"Grad: a {value.DType} gradient was assigned to a {DType} tensor.");
            value?._storage?.TryShare();
            if (GraphCapture.IsAnywhere) GraphCapture.NoteGradient(this, isDropped: value is null);
            GradOrNull = value;
        }
    }

    /// <summary>
    /// Computes the gradient of this tensor with respect to the leaves it was computed from, and adds it to their <see cref="Grad"/>.
    /// </summary>
    /// <param name="gradient">The gradient of some scalar with respect to this tensor; may be left out for a tensor of one element
    /// (1).</param>
    /// <param name="retainGraph">Keep what the graph saved, to run it again; by default as <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the backward pass itself, for derivatives of derivatives.</param>
    /// <param name="inputs">The only tensors to give gradients to; by default all leaves.</param>
    /// <exception cref="AutogradException">The tensor has no history, is no scalar and no gradient is given, or the graph was already
    /// freed.</exception>
    public void Backward(Tensor? gradient = null, bool? retainGraph = null, bool createGraph = false, IReadOnlyList<Tensor>? inputs = null)
    {
        if (inputs is not null)
        {
            Autograd.Backward([this], [gradient], retainGraph, createGraph, inputs);
            return;
        }
        (Edge root, Tensor seed) = BackwardSeeds.Of(this, gradient, 0, createGraph);
        Engine.Run(root, seed, own: gradient is null, retainGraph ?? createGraph, createGraph);
    }

    /// <summary>Sets <see cref="RequiresGrad"/> and returns this tensor.</summary>
    public Tensor RequiresGradInPlace(bool requiresGrad = true)
    {
        RequiresGrad = requiresGrad;
        return this;
    }

    /// <summary>Has gradients wanted of a tensor that the library made for itself: nothing that was captured depends on it.</summary>
    internal Tensor RequiresGradQuietly()
    {
        _flags = (_flags | Flags.RequiresGrad) & ~Flags.Number;
        return this;
    }

    /// <summary>The same data as a leaf without history; both share storage and version.</summary>
    public Tensor Detach()
    {
        Tensor without = Alias(Shape, _strides, Offset);
        if (GraphCapture.IsAnywhere) GraphCapture.NoteDetached(this, without);
        return without;
    }

    /// <summary>Where the gradient of this tensor goes: to the node that made it, or to the accumulator of a leaf.</summary>
    internal Edge GradientEdge
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _node is { } node && _extras is not ViewInfo && (_flags & Flags.RequiresGrad) != 0
            ? new Edge(node, OutputNr) : FindGradientEdge();
    }

    private Edge FindGradientEdge()
    {
        if (!RequiresGrad) return default;
        if (_extras is ViewInfo) CheckHistory();
        if (_node is null) Interlocked.CompareExchange(ref _node, new AccumulateGrad(this), null);
        return new Edge(_node, OutputNr);
    }

    /// <summary>The gradient, for a capture, which notes who else looks at it.</summary>
    internal Tensor? GradUnnoted => _extras?.Grad;

    /// <summary>The gradient, for the library's own use. See Note [Gradients that nobody saw].</summary>
    internal Tensor? GradOrNull
    {
        get
        {
            if (GraphCapture.IsAnywhere) GraphCapture.NoteRead(this);
            Tensor? grad = _extras?.Grad;
            return grad?._storage is null ? grad : Met(grad);
        }
        set
        {
            if (GraphCapture.IsAnywhere) GraphCapture.NoteGradient(this, isDropped: value is null);
            value?.KeepBeyondScopes();
            if (value is not null || _extras is not null) Extras.Grad = value;
        }
    }

    /// <summary>Sets the gradient where there is none yet: one of the threads that do so at once.</summary>
    internal bool TrySetFirstGrad(Tensor grad)
    {
        if (GraphCapture.IsAnywhere) GraphCapture.NoteGradient(this, isDropped: false);
        grad.KeepBeyondScopes();
        return Interlocked.CompareExchange(ref Extras.Grad, grad, null) is null;
    }

    private Tensor? Met(Tensor? grad)
    {
        while (grad?._storage is { } storage && !storage.TryMeet())
        {
            Tensor? now = Volatile.Read(ref _extras!.Grad);
            if (ReferenceEquals(now, grad)) return grad;
            grad = now;
        }
        return grad;
    }

    /// <summary>Lets go of the gradient; returns its memory at once when the user never looked at it.</summary>
    /// <remarks>
    /// // Note [Gradients that nobody saw]
    /// Memory of a gradient comes back before the collector finds it when one thread alone has seen it (Note [Seen by one thread]). Who
    /// gets the gradient of a leaf meets its memory first: the user as somebody who may keep it, another thread's optimizer by its first
    /// look. It is taken from the leaf before it is given back. So who meets it too late finds that the leaf has it no more, and who
    /// meets it in time keeps it: threads that share an optimizer have racy sums, as in PyTorch, and never a gradient that is gone.
    /// </remarks>
    internal void DropGrad()
    {
        if (GraphCapture.IsAnywhere) GraphCapture.NoteGradient(this, isDropped: true);
        if (_extras is not { Grad: { } held } extras) return;
        if (held is not { IsPooled: true, _node: null }) extras.Grad = null;
        else if (Interlocked.Exchange(ref extras.Grad, null) is { _node: null } grad) grad.GiveMemoryBack();
    }

    /// <summary>Makes this tensor output <paramref name="outputNr"/> of <paramref name="node"/>.</summary>
    internal void SetHistory(Node node, int outputNr = 0)
    {
        _node = node;
        SetOutputNr(outputNr);
        _flags = (_flags | Flags.RequiresGrad) & ~Flags.Number;
    }

    /// <summary>Makes this tensor a leaf again.</summary>
    private void ClearHistory()
    {
        _node = null;
        SetOutputNr(0);
        _flags &= ~(Flags.RequiresGrad | Flags.RetainsGrad);
    }

    private void SetOutputNr(int outputNr)
    {
        if (outputNr != 0 || _extras is not null) Extras.OutputNr = outputNr;
    }

    // Made when it is first written to; several threads may be the first.
    private TensorExtras Extras => _extras ?? Interlocked.CompareExchange(ref _extras, new TensorExtras(), null) ?? _extras!;
}
