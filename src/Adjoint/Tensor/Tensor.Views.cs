namespace Adjoint;

/// <summary>How a view came about, which decides whether it may be changed in place.</summary>
internal enum ViewOrigin : byte
{
    /// <summary>By an operation like any other.</summary>
    Recorded,

    /// <summary>Inside NoGrad() or InferenceMode(): whether a later change is meant to be recorded cannot be known.</summary>
    NoGrad,

    /// <summary>By an operation with several outputs, such as Unbind or Split.</summary>
    MultiOutput,

    /// <summary>By a custom function that returned a view of its input.</summary>
    CustomFunction,
}

/// <summary>What makes a tensor a view: whose memory it shows, how it came about, and the version its history is for.</summary>
internal sealed class ViewInfo(TensorExtras? extras, Tensor @base, ViewOrigin origin, int version) : TensorExtras(extras)
{
    internal readonly Tensor Base = @base;
    internal readonly ViewOrigin Origin = origin;
    internal int Version = version;
    internal int TangentVersion = version;

    /// <summary>The innermost dual it is a part of. See Note [Whose tangents a view shows].</summary>
    internal DualPart? Dual;

    /// <summary>Whether a new history cannot be made for it after a change, because it means more or less than the part it shows.</summary>
    internal bool IsFixed => Origin is ViewOrigin.NoGrad or ViewOrigin.CustomFunction;
}

public sealed partial class Tensor
{
    /// <summary>The tensor whose memory this view shows, or null for a tensor that is no view.</summary>
    public Tensor? Base => (_extras as ViewInfo)?.Base;

    /// <summary>Whether it shows the memory of another tensor, its <see cref="Base"/>.</summary>
    public bool IsView => _extras is ViewInfo;

    /// <summary>Makes this alias of <paramref name="source"/> a view of it in the sense of autograd.</summary>
    internal Tensor AsViewOf(Tensor source, ViewOrigin origin = ViewOrigin.Recorded)
    {
        if (IsInference) return this;
        if (origin is ViewOrigin.Recorded or ViewOrigin.MultiOutput && !GradMode.IsEnabled) origin = ViewOrigin.NoGrad;
        var outer = source._extras as ViewInfo;
        if (outer is not null && outer.Origin != ViewOrigin.Recorded && origin == ViewOrigin.Recorded) origin = outer.Origin;
        _extras = new ViewInfo(_extras, outer?.Base ?? source, origin, ChangeCount) { Dual = outer?.Dual };
        return this;
    }

    // Note [Views and in-place changes]
    // A change through any view changes the base: its history becomes CopySlices, which replaces the changed part. Every other
    // view then shows something its own history does not say, which the shared version reveals; its history is made anew, on
    // first use, as the part of the base that it shows (AsStrided).
    private void RefreshView(ViewInfo view)
    {
        if (Volatile.Read(ref view.Version) == ChangeCount || (view.Base._flags & Flags.RequiresGrad) == 0 || view.IsFixed) return;
        // Several threads may use a view at once. The version is written last: who reads it finds the history that belongs to it.
        lock (view)
        {
            int version = ChangeCount;
            if (view.Version == version) return;
            SetRebased(NodeAsPartOf(view.Base), 0);
            Volatile.Write(ref view.Version, version);
        }
    }

    /// <summary>Whether it is a view whose history is not that of what it shows and cannot be made anew.</summary>
    internal bool HasLostHistory =>
        _extras is ViewInfo { IsFixed: true } view && view.Version != ChangeCount && (view.Base._flags & Flags.RequiresGrad) != 0;

    /// <summary>Checks that the history of a view is still that of what it shows, where it cannot be made anew.</summary>
    private void CheckHistory()
    {
        if (!HasLostHistory) return;
        var view = (ViewInfo)_extras!;
        string made = view.Origin == ViewOrigin.NoGrad ? "made inside NoGrad() or InferenceMode()"
            : $"returned by the custom function {_node?.Name}, whose own backward would be lost";
        throw new AutogradException($"This tensor of shape {Shape} is a view that was {made}, and what it shows was changed in place "
            + $"since (version {view.Version} to {ChangeCount}), so it has no history. Take the view after the change, or Detach() it.");
    }

    private void RefreshTangents(ViewInfo view)
    {
        if (view.TangentVersion == ChangeCount || (view.Dual is null && view.Base.Tangents is null)) return;
        view.TangentVersion = ChangeCount;
        ForwardMode.Refresh(this);
    }

    /// <summary>Notes that the tangents of this view, and of the duals it is a part of, may not be those of what they show.</summary>
    internal void ExpireTangents()
    {
        if (_extras is not ViewInfo view) return;
        view.TangentVersion = -1;
        for (DualPart? dual = view.Dual; dual is not null; dual = dual.Outer) ((ViewInfo)dual.Tensor._extras!).TangentVersion = -1;
    }

    /// <summary>Checks that this tensor may be changed in place, before anything is. See Note [A number carries itself].</summary>
    /// <param name="operation">The operation, for the message.</param>
    /// <param name="recorded">Whether the change will be recorded: whether anything involved requires grad.</param>
    internal void CheckInPlace(string operation, bool recorded)
    {
        if (IsInference && !GradMode.IsInference)
            throw new AutogradException(
                $"{operation}: an inference tensor cannot be changed in place outside inference mode. Clone() it first to get a normal "
                + "tensor.");
        if (Layout.Overlaps(this))
            throw new ShapeException(
                $"{operation}: several elements of the tensor of shape {Shape} (strides {Adjoint.Shape.Text(Strides)}) are one place in "
                + "memory, as after Expand; Clone() it first.");
        if (_storage is null) SharedStorage();
        if (!recorded || !GradMode.IsEnabled) return;

        if (_extras is ViewInfo view)
        {
            CheckViewOrigin(operation, view.Origin);
            if (RequiresGrad && view.Base.IsLeaf && view.Base.RequiresGrad)
                throw new AutogradException(
                    $"{operation}: a view of a leaf that requires grad cannot be changed in place. Do it inside Autograd.NoGrad(), or "
                    + "change a Clone().");
        }
        if (RequiresGrad && IsLeaf)
            throw new AutogradException(
                $"{operation}: a leaf that requires grad cannot be changed in place. Do it inside Autograd.NoGrad(), or change a Clone().");
    }

    /// <summary>
    /// A copy of the values in the same place of the graph: what an operation keeps of a tensor that it is about to change. So
    /// second derivatives find the history of the old values, and an operand that shares the changed memory keeps its own.
    /// </summary>
    internal Tensor Snapshot()
    {
        Tensor copy = Elements.Copy(this);
        if (GradMode.IsEnabled && GradientEdge is { Node: { } node } edge) copy.SetHistory(node, edge.InputNr);
        copy.SetTangents(Tangents);
        return copy;
    }

    /// <summary>Whether both show the same elements of the same memory, in the same order.</summary>
    internal bool ShowsTheSameAs(Tensor other) =>
        SharesStorageWith(other) && Offset == other.Offset && Shape.Equals(other.Shape) && Strides.SequenceEqual(other.Strides);

    /// <summary>
    /// Counts a change in place. The history of this very tensor stays valid: the caller rebases it if it records the change.
    /// </summary>
    internal void BumpVersion()
    {
        _flags &= ~Flags.Number;
        if (IsInference) return;
        var view = _extras as ViewInfo;
        if (view is not null) RefreshView(view);
        int version = CountChange();
        if (view is { IsFixed: false }) view.Version = version;
    }

    /// <summary>Makes a change in place the newest history of this tensor and, for a view, of its base.</summary>
    /// <param name="node">The change, with this tensor as its first input.</param>
    /// <param name="outputNr">Which output of the node this tensor is.</param>
    internal void Rebase(Node node, int outputNr = 0)
    {
        if (_extras is not ViewInfo view)
        {
            SetRebased(node, outputNr);
            return;
        }
        view.Base.SetRebased(new CopySlices(view.Base, this, node), 0);
        view.Version = -1;
        RefreshView(view);
    }

    private void SetRebased(Node node, int outputNr)
    {
        if (RetainsGrad && _node?.Extras is { } old)
        {
            old.SetRetaining(OutputNr, null);
            NodeExtras.Of(node).SetRetaining(outputNr, this);
        }
        SetHistory(node, outputNr);
    }

    private void CheckViewOrigin(string operation, ViewOrigin origin)
    {
        string? reason = origin switch
        {
            ViewOrigin.NoGrad => "it is a view that was made inside NoGrad() or InferenceMode(), and it would be recorded now. "
                + "Make both the view and the change inside, or both outside",
            ViewOrigin.MultiOutput => $"it is one of several views that {GradFn?.Name ?? "one operation"} made at once (output {OutputNr}). Use the operation that is not in place",
            ViewOrigin.CustomFunction => $"it is a view that the custom function {_node?.Name} returned, whose own backward would be lost. Return a Clone() from Forward, or use the operation that is not in place",
            _ => null,
        };
        if (reason is not null) throw new AutogradException($"{operation}: this tensor cannot be changed in place: {reason}.");
    }

    /// <summary>Forgets the history in place: this tensor becomes a leaf that does not require grad.</summary>
    /// <exception cref="AutogradException">The tensor is a view; use <see cref="Detach"/>.</exception>
    public Tensor DetachInPlace()
    {
        if (IsView)
            throw new AutogradException(
                "DetachInPlace: a view cannot be detached in place, because its base would still record it. Use Detach().");
        if (GraphCapture.IsAnywhere) GraphCapture.NoteHistory(this);
        ClearHistory();
        return this;
    }
}
