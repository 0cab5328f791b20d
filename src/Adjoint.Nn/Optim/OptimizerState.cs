namespace Adjoint.Optim;

/// <summary>What an optimizer remembers, for saving: parameters are numbered over all groups in order.</summary>
/// <param name="State">The state of each parameter that has one: tensors and numbers by name. The tensors are the optimizer's own.</param>
/// <param name="ParamGroups">The options of each group, and the numbers of its parameters.</param>
public sealed partial record OptimizerState(
    IReadOnlyDictionary<int, IReadOnlyDictionary<string, object?>> State,
    IReadOnlyList<OptimizerState.Group> ParamGroups)
{
    /// <summary>The state of each parameter that has one, by its number.</summary>
    public IReadOnlyDictionary<int, IReadOnlyDictionary<string, object?>> State { get; init; } = State.Given();

    /// <summary>The groups.</summary>
    public IReadOnlyList<Group> ParamGroups { get; init; } = ParamGroups.AllGiven();

    /// <summary>A group of parameters.</summary>
    /// <param name="Options">Its options by name.</param>
    /// <param name="Parameters">The numbers of its parameters.</param>
    public sealed record Group(IReadOnlyDictionary<string, object?> Options, IReadOnlyList<int> Parameters)
    {
        /// <summary>The options by name.</summary>
        public IReadOnlyDictionary<string, object?> Options { get; init; } = Options.Given();

        /// <summary>The numbers of the parameters.</summary>
        public IReadOnlyList<int> Parameters { get; init; } = Parameters.Given();
    }
}
