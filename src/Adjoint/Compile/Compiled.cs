using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>A function of tensors that is captured when it is first called, and from then on run without its C# code.</summary>
/// <remarks>
/// The bits are those of the function: results, parameters, gradients, buffers, optimizers and generators. It is captured once for each
/// kind of arguments (shape, dtype, layout, whether they require grad), and anew when something that it depends on changes. What cannot
/// be seen to change is listed in docs/compile.md.
/// </remarks>
internal abstract partial class Compiled
{
    private protected Compiled(Replays replays) => Replays = replays;

    private protected Replays Replays { get; }

    /// <summary>The function.</summary>
    internal Delegate Body => Replays.Function;

    /// <summary>Says what was captured, what became of its operations, and which calls went to the function itself, and why.</summary>
    public string Explain() => Replays.Explain();

    /// <summary>The same as <see cref="Explain"/>.</summary>
    public override string ToString() => Explain();
}

/// <inheritdoc cref="Compiled"/>
/// <typeparam name="TFunction">The function's type.</typeparam>
internal sealed class Compiled<TFunction> : Compiled where TFunction : Delegate
{
    internal Compiled(Replays replays, TFunction call) : base(replays) => Call = call;

    /// <summary>Calls the function: <c>step.Call(x, y)</c>. It may be called by several threads at once.</summary>
    /// <remarks>Results are the caller's own; they have no history.</remarks>
    public TFunction Call { get; }
}
