namespace Adjoint.Optim;

/// <remarks>What graphs and runs of them need of what it remembers.</remarks>
public abstract partial class Optimizer
{
    /// <summary>The tensors that are remembered of parameters.</summary>
    internal IReadOnlyList<(Tensor Of, string Name, Tensor Tensor)> TensorsOf(params Tensor[] parameters) =>
    [
        .. from p in parameters
           where _state.ContainsKey(p)
           from remembered in _state[p]
           where remembered.Value is Tensor
           select (p, remembered.Key, (Tensor)remembered.Value!),
    ];

    // Whether somebody has what is remembered: then numbers there are never changed, but others put in their place.
    private bool _isSeen;

    /// <summary>What is remembered of a parameter.</summary>
    private sealed class Memories : Dictionary<string, object?>
    {
        /// <summary>The count of steps that nobody else has.</summary>
        internal object? OwnStep { get; set; }
    }

    /// <summary>As <see cref="NextStep"/>, but a count that nobody else has is counted on where it lies: a step allocates nothing.
    /// </summary>
    internal double CountStep(Dictionary<string, object?> state)
    {
        if (state is not Memories own || _isSeen) return NextStep(state);
        if (own.OwnStep is { } step && state.TryGetValue("step", out object? known) && ReferenceEquals(known, step))
            return ++System.Runtime.CompilerServices.Unsafe.Unbox<double>(step);
        double t = NextStep(state);
        own.OwnStep = state["step"];
        return t;
    }

    /// <summary>How many steps of a parameter were counted.</summary>
    internal long StepsOf(Tensor parameter) =>
        _state.TryGetValue(parameter, out Dictionary<string, object?>? state) && state.TryGetValue("step", out object? step)
            && step is double n ? (long)n : 0;

    /// <summary>Writes the step of a parameter as C#.</summary>
    internal virtual void Write(HandStep step) => throw step.Hand.Refused("");

    /// <summary>Keeps what is remembered of parameters; the result brings that back.</summary>
    internal Action Keep(params Tensor[] parameters)
    {
        var before = new (Dictionary<string, object?> State, KeyValuePair<string, object?>[] Entries)?[parameters.Length];
        for (int i = 0; i < before.Length; i++)
        {
            if (!_state.TryGetValue(parameters[i], out Dictionary<string, object?>? state)) continue;
            before[i] = (state, [.. state]);
            if (state is Memories own) own.OwnStep = null;
        }
        return () =>
        {
            for (int i = 0; i < before.Length; i++)
            {
                if (before[i] is not { } kept)
                {
                    _state.Remove(parameters[i]);
                    continue;
                }
                // The same object as before: who has asked for the StateDict sees the steps that follow.
                kept.State.Clear();
                foreach ((string name, object? value) in kept.Entries) kept.State[name] = value;
                _state[parameters[i]] = kept.State;
            }
        };
    }
}
