namespace Adjoint;

/// <summary>Where a mode stands among others, from the outside in; within one layer the mode entered last is outermost.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public enum ModeLayer
{
    /// <summary>Looks at values and may refuse them.</summary>
    Check,

    /// <summary>Measures.</summary>
    Profile,

    /// <summary>Writes down what is called, or replaces it.</summary>
    Capture,

    /// <summary>Runs an operation on many examples at once.</summary>
    Batch,
}

/// <summary>Sees every operation on tensors of the code inside it, may look at what goes in and out, and replace it.</summary>
/// <remarks>
/// Every operation passes: also those of backward rules, sums of gradients, fills and draws. A mode is off while its own
/// <see cref="Run"/> works. It goes with the code as grad modes do (<see cref="ModeScope"/>), so several threads may run one.
/// Tangents and recording are further in than every mode: what a mode returns instead of a result has the history it has.
/// </remarks>
/// <example><code>
/// sealed class Names : OpMode
/// {
///     public List&lt;string&gt; Seen { get; } = [];
///
///     protected override IReadOnlyList&lt;Tensor?&gt; Run(OpCall call)
///     {
///         Seen.Add(call.Name);
///         return call.Run();
///     }
/// }
/// </code></example>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public abstract class OpMode
{
    /// <summary>A mode that stands where the layer says.</summary>
    /// <param name="layer">The layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    protected OpMode(ModeLayer layer = ModeLayer.Capture)
    {
        if (!Enum.IsDefined(layer)) throw new ArgumentOutOfRangeException(nameof(layer), layer, "There is no such layer of modes.");
        Layer = layer;
    }

    /// <summary>Where it stands among others.</summary>
    public ModeLayer Layer { get; }

    /// <summary>Has every operation pass this mode until the result is disposed.</summary>
    public ModeScope Enter() => new OpModeScope(this);

    /// <summary>Handles a call; <see cref="OpCall.Run"/> goes on with it.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The results of the call: those of <see cref="OpCall.Run"/>, or others in their place.</returns>
    protected abstract IReadOnlyList<Tensor?> Run(OpCall call);

    /// <summary>Whether it may hold tensors beyond a call. What it has seen is then never given back early.</summary>
    internal virtual bool MayKeep => true;

    internal IReadOnlyList<Tensor?> Handle(OpCall call) => Run(call);
}

/// <summary>The modes that the code is in, from the outermost in.</summary>
/// <param name="Mode">The outermost.</param>
/// <param name="Inner">The others.</param>
internal sealed record ModeStack(OpMode Mode, ModeStack? Inner)
{
    /// <summary>Whether one of them may hold what it sees.</summary>
    internal bool MayKeep { get; } = Mode.MayKeep || Inner is { MayKeep: true };

    /// <summary>The modes with one more, in the order of <see cref="ModeLayer"/>.</summary>
    internal static ModeStack With(ModeStack? stack, OpMode mode)
    {
        var further = new Stack<OpMode>();      // those that stay outside of it
        while (stack is not null && stack.Mode.Layer < mode.Layer)
        {
            further.Push(stack.Mode);
            stack = stack.Inner;
        }
        var with = new ModeStack(mode, stack);
        while (further.TryPop(out OpMode? outer)) with = new(outer, with);
        return with;
    }

    /// <summary>By reference: modes are compared at every change of thread.</summary>
    public bool Equals(ModeStack? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A mode in force until the end of the <c>using</c> block, see <see cref="ModeScope"/>.</summary>
internal sealed class OpModeScope : ModeScope
{
    internal OpModeScope(OpMode mode)
    {
        Here here = Here.Now;
        here.Rare.Outermost = ModeStack.With(here.Rare.Outermost, mode);
        here.On |= GradMode.Switch.Watched;
        Begin();
    }
}
