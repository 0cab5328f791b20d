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
            if (_state.TryGetValue(parameters[i], out Dictionary<string, object?>? state)) before[i] = (state, [.. state]);
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
