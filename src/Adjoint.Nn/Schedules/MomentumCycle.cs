using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>The option of a group that a cycle turns against the rate: <c>momentum</c>, or β₁ of the optimizers that have that.</summary>
internal static class MomentumCycle
{
    /// <summary>Its name.</summary>
    /// <exception cref="ArgumentException">The optimizer has neither.</exception>
    internal static string NameIn(Optimizer optimizer, string whose) =>
        optimizer.Defaults.ContainsKey("beta1") ? "beta1" : optimizer.Defaults.ContainsKey("momentum") ? "momentum"
        : throw new ArgumentException(
            $"{whose}: {TypeText.Of(optimizer.GetType())} has neither momentum nor beta1 to cycle. Pass cycleMomentum: false.", nameof(optimizer));
}
